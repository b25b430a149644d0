// SPDX-License-Identifier: GPL-3.0-only
//! What can go wrong between a bid and a lease.

use super::*;
use frame_support::{
    assert_noop,
    traits::{
        fungible::{Mutate, MutateHold},
        tokens::{Fortitude, Precision, Preservation},
        LockIdentifier, LockableCurrency, OnRuntimeUpgrade, WithdrawReasons,
    },
};
use polkadot_runtime_common::slots;
use sp_runtime::{traits::BadOrigin, Permill};

/// Account 2 leads the periods 1 to 4 for the para 2 in the block 1, account 3 for the para 3 from block 2 on.
fn two_leads() -> AuctionId {
    let id = new_auction(0, 3, 1);
    assert_ok!(bid(2, id, 2, (1, 4), 5));
    advance_to(2);
    assert_ok!(bid(3, id, 3, (1, 4), 9));
    events();
    id
}

fn passed_over(id: AuctionId, reason: LeaseFailure) -> Event<Test> {
    Event::LeadPassedOver { id, range: range(0, 3), bidder: 3, para: 3.into(), reason }
}

/// What is left of [`two_leads`] if the second lead could get no lease for `reason`.
fn assert_first_lead_won(id: AuctionId, reason: LeaseFailure) {
    assert!(events().contains(&passed_over(id, reason)));
    assert!(leases().starts_with(&lease(2, 1..=4, 2, 5)));
    assert_eq!((held(2), leased(2)), (0, 5));
    assert_ok!(Auctions::refund(signed(9), id, 3, 3.into()));
    assert_eq!(held(3), 0);
}

#[test]
fn a_para_deregistered_while_leading_loses_to_the_lead_before() {
    on_open_chain(|| {
        let id = two_leads();
        Managers::remove(ParaId::from(3));
        settle_at(id, 2);
        assert_first_lead_won(id, LeaseFailure::ParaNotRegistered);
    });
}

#[test]
fn a_para_that_got_a_lease_elsewhere_loses_to_the_lead_before() {
    on_open_chain(|| {
        let id = two_leads();
        assert_ok!(slots::Pallet::<Test>::force_lease(RuntimeOrigin::root(), 3.into(), 8, 1, 4, 1));
        settle_at(id, 2);
        assert_first_lead_won(id, LeaseFailure::AlreadyLeased);
    });
}

#[test]
fn a_bidder_slashed_below_its_hold_loses_to_the_lead_before() {
    on_open_chain(|| {
        let id = two_leads();
        // Of 30, nine are held: nothing else is left, and of the hold a part.
        assert_ok!(Balances::burn_from(&3, 20, Preservation::Preserve, Precision::Exact, Fortitude::Force));
        let reason = HoldReason::Bid.into();
        assert_ok!(Balances::burn_held(&reason, &3, 4, Precision::Exact, Fortitude::Force));
        settle_at(id, 2);
        assert_first_lead_won(id, LeaseFailure::Underfunded);
        assert!(events().contains(&Event::PledgeShort { id, bidder: 3, para: 3.into(), missing: 4 }));
        assert_eq!(Balances::free_balance(3), 6);
    });
}

#[test]
fn a_range_that_began_before_the_seed_was_known_is_not_sold() {
    on_open_chain(|| {
        LeasePeriodBlocks::set(10);
        let id = new_auction(0, 3, 0);
        assert_ok!(bid(2, id, 2, (0, 1), 5));
        assert_ok!(bid(3, id, 3, (1, 1), 4));
        events();
        advance_to(12);
        settle_at(id, 2);
        let reason = LeaseFailure::PeriodInPast;
        assert!(events().contains(&Event::LeadPassedOver {
            id,
            range: range(0, 1),
            bidder: 2,
            para: 2.into(),
            reason
        }));
        assert_eq!(leases(), lease(3, 1..=1, 3, 4));
        assert_ok!(Auctions::refund(signed(9), id, 2, 2.into()));
    });
}

#[test]
fn a_lead_without_a_valid_one_before_it_leaves_its_periods_to_others() {
    on_open_chain(|| {
        let id = new_auction(0, 3, 1);
        assert_ok!(bid(3, id, 3, (1, 4), 9));
        assert_ok!(bid(2, id, 2, (2, 3), 5));
        Managers::remove(ParaId::from(3));
        settle_at(id, 0);
        assert_eq!(leases(), lease(2, 2..=3, 2, 5));
        assert_ok!(Auctions::refund(signed(9), id, 3, 3.into()));
    });
}

#[test]
fn what_fails_after_all_walks_back_stays_unsold_and_is_refunded() {
    on_open_chain(|| {
        let id = new_auction(0, 6, 1);
        for (who, amount) in (2..=6).zip(5..) {
            assert_ok!(bid(who, id, u32::try_from(who).unwrap(), (1, 4), amount));
            advance_to(System::block_number() + 1);
        }
        assert_ok!(bid(2, id, 2, (8, 8), 1));
        (3..=6).for_each(|para| Managers::remove(ParaId::from(para)));
        events();
        settle_at(id, 5);
        let events = events();
        let reason = LeaseFailure::ParaNotRegistered;
        for who in 5..=6 {
            let para = u32::try_from(who).unwrap().into();
            assert!(events.contains(&Event::LeadPassedOver { id, range: range(0, 3), bidder: who, para, reason }));
        }
        assert!(events.contains(&Event::LeaseFailed { id, range: range(0, 3), bidder: 4, para: 4.into(), reason }));
        // The other winner is not touched by it.
        assert_eq!(leases(), lease(2, 8..=8, 2, 1));
        for who in 3..=6 {
            assert_ok!(Auctions::refund(signed(9), id, who, u32::try_from(who).unwrap().into()));
            assert_eq!(held(who), 0);
        }
        assert_noop!(Auctions::refund(signed(9), id, 2, 2.into()), Error::<Test>::NoSuchPledge);
    });
}

#[test]
fn no_more_leads_are_passed_over_than_there_can_be_winners() {
    // Of the three leads of each range the last two fail: of four ranges, eight.
    for (ranges, sold) in [(4, true), (5, false)] {
        on_open_chain(|| {
            let id = new_auction(0, 3, 1);
            for para in 2..=4u32 {
                for period in 1..=ranges {
                    assert_ok!(bid(para.into(), id, para, (period, period), (para - 1).into()));
                }
                advance_to(System::block_number() + 1);
            }
            [3, 4].into_iter().for_each(|para| Managers::remove(ParaId::from(para)));
            settle_at(id, 2);
            assert_eq!(leases(), if sold { lease(2, 1..=ranges, 2, 1) } else { Vec::new() });
            let results = Results::<Test>::get(id).unwrap();
            let standing = if sold { 2 } else { 3 };
            assert!(results.iter().all(|winner| winner.para == standing.into()), "{results:?}");
            for para in (2..=4u32).filter(|para| !sold || *para != 2) {
                assert_ok!(Auctions::refund(signed(9), id, para.into(), para.into()));
                assert_eq!(held(para.into()), 0);
            }
        });
    }
}

#[test]
fn a_cancelled_auction_gives_everything_back() {
    on_open_chain(|| {
        let id = two_leads();
        assert_noop!(Auctions::cancel(signed(2), id), BadOrigin);
        assert_ok!(Auctions::cancel(RuntimeOrigin::root(), id));
        assert_eq!(events(), [Event::Cancelled { id }]);
        assert!(!Reservations::contains_key(0) && Live::<Test>::get().is_empty());
        assert_noop!(bid(4, id, 4, (1, 4), 20), Error::<Test>::BidsClosed);
        assert_noop!(Auctions::cancel(signed(ADMIN), id), Error::<Test>::AlreadyFinished);
        NextSeed::set(Some((seed_for(0, 3), 100)));
        advance_to(10);
        assert_noop!(Auctions::settle(signed(9), id), Error::<Test>::AlreadyFinished);
        for who in [2, 3] {
            assert_ok!(Auctions::refund(signed(9), id, who, u32::try_from(who).unwrap().into()));
            assert_eq!((held(who), Balances::free_balance(who)), (0, 10 * Balance::from(who)));
        }
        assert_eq!(leases(), []);
    });
}

#[test]
fn an_upgrade_in_the_ending_period_changes_no_auction_that_is_live() {
    on_open_chain(|| {
        let id = two_leads();
        let before = (Records::<Test>::get(id), Live::<Test>::get());
        // What a new runtime may change.
        MinimumRaise::set(Permill::from_percent(50));
        MinimumBid::set(7);
        HistoryBlocks::set(1);
        AllPalletsWithSystem::on_runtime_upgrade();
        assert_eq!((Records::<Test>::get(id), Live::<Test>::get()), before);
        // Bids to come are under its rules.
        assert_noop!(bid(4, id, 4, (1, 4), 13), Error::<Test>::BidTooLow);
        settle_at(id, 2);
        assert!(events().contains(&Event::Settled { id, candle_block: 3, seed: seed_for(2, 3) }));
        assert_eq!(leases(), lease(3, 1..=4, 3, 9));
    });
}

#[test]
fn an_account_of_which_others_lock_everything_still_pays() {
    on_open_chain(|| {
        const VOTES: LockIdentifier = *b"votelock";
        let id = two_leads();
        Balances::set_lock(VOTES, &3, 30, WithdrawReasons::all());
        settle_at(id, 2);
        assert_eq!(leases(), lease(3, 1..=4, 3, 9));
    });
}
