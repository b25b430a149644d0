// SPDX-License-Identifier: GPL-3.0-only
//! What can go wrong between a bid and a lease, in the chain that has it all: governance, registrar, slashes, upgrades.

use super::{
    market::{
        account, auction, auction_events, bid, chain, deregister, dispatch, ensure_invariants, force_lease, has_core,
        held, lease, leases, open, pass_settlement, refund, submit, AuctionError, AuctionEvent, MANAGERS, PERIOD,
    },
    support::Chain,
};
use frame_support::traits::{
    fungible::{Inspect, MutateHold},
    tokens::{Fortitude, Precision, Preservation},
    OnRuntimeUpgrade,
};
use pallet_auctions::{
    types::{LeaseFailure, LeaseOutcome},
    AuctionId, HoldReason,
};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, constants::currency::UNITS, AllPalletsWithSystem,
    Balances, Runtime, RuntimeCall, RuntimeHoldReason, RuntimeOrigin,
};

const FIRST: u32 = 3;
const PERIODS: (u32, u32) = (FIRST, FIRST + 3);

/// Place 0 leads the range when the ending period begins, place 1 from its second block on. If the second lead fails, the
/// first wins whatever block is drawn.
fn two_leads(chain: &mut Chain) -> AuctionId {
    let id = open(chain, 3, 6, FIRST);
    assert_eq!(bid(chain, 0, id, PERIODS, 50), Ok(()));
    let ending_start = auction(chain, id).ending_start;
    chain.advance_to(ending_start.max(chain.number()));
    assert_eq!(bid(chain, 1, id, PERIODS, 90), Ok(()));
    id
}

/// The second lead, if it was drawn, is passed over for `reason`; the first has the lease and the core.
fn ensure_first_lead_wins(chain: &mut Chain, id: AuctionId, reason: LeaseFailure) {
    pass_settlement(chain, id);
    let drawn = super::market::candle_block(chain, id);
    let since = chain.inspect(|| {
        let leads = pallet_auctions::Leads::<Runtime>::iter_prefix(id).flat_map(|(_, page)| page);
        leads.map(|lead| lead.since).max().expect("there are two")
    });
    let passed_over = auction_events(chain).iter().any(|event| {
        matches!(event, AuctionEvent::LeadPassedOver { id: of, bidder, reason: told, .. }
            if *of == id && *bidder == account(1) && *told == reason)
    });
    assert_eq!(passed_over, drawn >= since, "drawn {drawn}, led since {since}");
    assert_eq!(leases(chain, 0), lease(PERIODS, &account(0), 50));
    assert_eq!(refund(chain, 1, id), Ok(()));
    assert_eq!(held(chain, &account(1)), 0);
    ensure_invariants(chain);
    chain.advance_to(FIRST * PERIOD);
    assert!(has_core(chain, 0) && !has_core(chain, 1));
}

#[test]
fn a_para_deregistered_while_leading_loses_to_the_lead_before() {
    let mut chain = chain(4);
    let id = two_leads(&mut chain);
    assert_eq!(submit(&mut chain, MANAGERS[1], deregister(1)), Ok(()));
    ensure_first_lead_wins(&mut chain, id, LeaseFailure::ParaNotRegistered);
}

#[test]
fn a_para_that_governance_gave_a_lease_loses_to_the_lead_before() {
    let mut chain = chain(4);
    let id = two_leads(&mut chain);
    assert_eq!(dispatch(&mut chain, Origin::LeaseAdmin, force_lease(1, FIRST + 2, 1)), Ok(()));
    ensure_first_lead_wins(&mut chain, id, LeaseFailure::AlreadyLeased);
}

#[test]
fn a_bidder_slashed_below_its_hold_loses_to_the_lead_before() {
    let mut chain = chain(4);
    let id = two_leads(&mut chain);
    // What no lock keeps is gone, and of the hold a part: not enough is left.
    chain.transact(|| {
        let who = account(1);
        let free = Balances::reducible_balance(&who, Preservation::Preserve, Fortitude::Force);
        frame_support::assert_ok!(<Balances as frame_support::traits::fungible::Mutate<_>>::burn_from(
            &who,
            free,
            Preservation::Preserve,
            Precision::Exact,
            Fortitude::Force
        ));
        let reason = RuntimeHoldReason::Auctions(HoldReason::Bid);
        frame_support::assert_ok!(Balances::burn_held(&reason, &who, 40 * UNITS, Precision::Exact, Fortitude::Force));
    });
    ensure_first_lead_wins(&mut chain, id, LeaseFailure::Underfunded);
    let short = auction_events(&chain).iter().any(|event| {
        matches!(event, AuctionEvent::PledgeShort { id: of, bidder, missing, .. }
            if *of == id && *bidder == account(1) && *missing == 40 * UNITS)
    });
    assert!(short, "what is missing is told");
}

#[test]
fn an_auction_that_governance_cancels_gives_everything_and_its_core_back() {
    let mut chain = chain(4);
    let id = two_leads(&mut chain);
    let cancel = || RuntimeCall::Auctions(pallet_auctions::Call::cancel { id });
    assert_eq!(dispatch(&mut chain, Origin::AuctionAdmin, cancel()), Ok(()));
    assert!(auction_events(&chain).contains(&AuctionEvent::Cancelled { id }));
    assert_eq!(bid(&mut chain, 2, id, PERIODS, 200), Err(AuctionError::BidsClosed.into()));
    let again = dispatch(&mut chain, RuntimeOrigin::root(), cancel());
    assert_eq!(again, Err(AuctionError::AlreadyFinished.into()));
    for place in [0, 1] {
        assert_eq!(refund(&mut chain, place, id), Ok(()));
        assert_eq!(held(&mut chain, &account(place)), 0);
    }
    ensure_invariants(&mut chain);
    chain.advance_to(FIRST * PERIOD);
    assert!(leases(&mut chain, 0).is_empty() && leases(&mut chain, 1).is_empty());
    assert!(!has_core(&mut chain, 0) && !has_core(&mut chain, 1));
}

#[test]
fn a_lease_that_nobody_can_have_stays_unsold_and_is_refunded() {
    let mut chain = chain(4);
    let id = two_leads(&mut chain);
    for place in [0, 1] {
        assert_eq!(submit(&mut chain, MANAGERS[place], deregister(place)), Ok(()));
    }
    pass_settlement(&mut chain, id);
    let winners = chain.inspect(|| pallet_auctions::Results::<Runtime>::get(id)).expect("it is settled");
    assert!(winners.iter().all(|winner| winner.lease != LeaseOutcome::Leased), "{winners:?}");
    for place in [0, 1] {
        assert_eq!(refund(&mut chain, place, id), Ok(()));
        assert!(leases(&mut chain, place).is_empty());
    }
    ensure_invariants(&mut chain);
}

#[test]
fn an_upgrade_in_the_ending_period_changes_no_auction() {
    let mut chain = chain(4);
    let id = two_leads(&mut chain);
    chain.transact(|| {
        let seen = || {
            let leads: Vec<_> = pallet_auctions::Leads::<Runtime>::iter_prefix(id).collect();
            (pallet_auctions::Records::<Runtime>::get(id), pallet_auctions::Live::<Runtime>::get(), leads)
        };
        let before = seen();
        // What a block does first under a runtime that is new.
        AllPalletsWithSystem::on_runtime_upgrade();
        assert_eq!(seen(), before);
    });
    assert_eq!(bid(&mut chain, 2, id, PERIODS, 200), Ok(()));
    pass_settlement(&mut chain, id);
    assert_eq!(super::market::winners(&mut chain, id).len(), 1);
    ensure_invariants(&mut chain);
}
