// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use crate::{lead_log::PAGE_LEADS, weights::WeightInfo};
use frame_support::{assert_noop, dispatch::Pays};
use sp_runtime::DispatchError;

#[test]
fn the_leads_of_the_candle_block_win() {
    // Who leads at the end of each of the blocks 6, 7 and 8.
    for (offset, winner) in [(0, 2), (1, 2), (2, 3)] {
        on_open_chain(|| {
            let id = new_auction(5, 3, 1);
            assert_ok!(bid(2, id, 0, (1, 4), 5));
            advance_to(8);
            assert_ok!(bid(3, id, 0, (1, 4), 9));
            settle_at(id, offset);
            assert_eq!(leases(), lease(0, 1..=4, winner, if winner == 2 { 5 } else { 9 }));
            assert_eq!(leased(winner), if winner == 2 { 5 } else { 9 });
        });
    }
}

#[test]
fn a_bid_counts_from_its_own_block_on() {
    on_open_chain(|| {
        let id = new_auction(0, 3, 1);
        advance_to(2);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        let at = |offset: BlockNumber| Auctions::outcome_if_closed_at(id, 1 + offset).len();
        assert_eq!([at(0), at(1), at(2)], [0, 1, 1]);
    });
}

#[test]
fn a_log_of_several_pages_has_the_lead_of_each_block_and_is_walked_back_through() {
    const BLOCKS: u32 = 2 * PAGE_LEADS + 3;
    on_open_chain(|| {
        let id = new_auction(0, BLOCKS, 1);
        for block in 1..=BLOCKS {
            // The first two leads of the second page are of another account and para.
            let is_others = (1..=2).contains(&block.saturating_sub(PAGE_LEADS));
            let (bidder, para) = if is_others { (9, 1) } else { (10, 0) };
            advance_to(block);
            assert_ok!(bid(bidder, id, para, (1, 4), block.into()));
            assert_eq!(leader(id, (1, 4)), Some((bidder, para.into(), block.into())));
        }
        assert_eq!(Leads::<Test>::iter_key_prefix(id).count(), 3);
        for block in 1..=BLOCKS {
            let amounts: Vec<_> = Auctions::outcome_if_closed_at(id, block).iter().map(|w| w.amount).collect();
            assert_eq!(amounts, [block.into()]);
        }
        let amounts: Vec<_> = Auctions::history(id, None, 30, 4).iter().map(|(_, lead)| lead.amount).collect();
        assert_eq!(amounts, [31, 32, 33, 34]);
        assert_ok!(Auctions::do_try_state());

        Managers::remove(ParaId::from(1));
        settle_at(id, PAGE_LEADS + 1);
        assert_eq!(leases(), lease(0, 1..=4, 10, PAGE_LEADS.into()));
    });
}

#[test]
fn settlement_tells_what_the_draw_was_made_from() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        events();
        settle_at(id, 1);
        let seed = seed_for(1, 3);
        let settled = Event::Settled { id, candle_block: 7, seed };
        let released = Event::PledgeReleased { id, bidder: 2, para: 0.into(), amount: 5 };
        let leased = Event::Leased { id, bidder: 2, para: 0.into(), first_period: 1, last_period: 4, amount: 5 };
        assert_eq!(events(), [settled, released, leased]);
        assert_eq!(crate::candle::draw(&seed, 6, 3), 7);
        assert_eq!(
            Records::<Test>::get(id).unwrap().state,
            AuctionState::Settled { candle_block: 7, seed, at: System::block_number() }
        );
    });
}

#[test]
fn an_auction_without_bids_sells_nothing() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        settle_at(id, 1);
        assert!(Results::<Test>::get(id).unwrap().is_empty());
        assert!(!Reservations::contains_key(0));
    });
}

#[test]
fn winners_occupy_the_core_and_the_rest_is_given_back() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 2), 5));
        assert_ok!(bid(3, id, 7, (8, 8), 5));
        settle_at(id, 0);
        let mut occupied: Vec<_> = Occupied::iter().collect();
        occupied.sort();
        assert_eq!(occupied, [((0, 1), 0.into()), ((0, 2), 0.into()), ((0, 8), 7.into())]);
        assert!(!Reservations::contains_key(0));
    });
}

#[test]
fn a_core_that_is_not_reserved_any_more_takes_no_lease_away() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 2), 5));
        Reservations::remove(0);
        events();
        settle_at(id, 0);
        let reason = DispatchError::Unavailable;
        assert!(events().contains(&Event::CoreNotOccupied { id, core: 0, reason }));
        assert_eq!((leases(), leased(2)), (lease(0, 1..=2, 2, 5), 5));
        assert_eq!(Occupied::iter().count(), 0);
    });
}

#[test]
fn where_nobody_wins_no_core_is_asked_for() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        Reservations::remove(0);
        events();
        settle_at(id, 0);
        assert!(Results::<Test>::get(id).unwrap().is_empty());
        assert!(!events().iter().any(|event| matches!(event, Event::CoreNotOccupied { .. })));
    });
}

#[test]
fn without_a_seed_nothing_is_settled() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        advance_to(8);
        assert_noop!(Auctions::settle(signed(9), id), Error::<Test>::BidsOpen);
        advance_to(9);
        assert_noop!(Auctions::settle(signed(9), id), Error::<Test>::SeedNotKnown);
        // Known, but made from what was revealed before bids closed.
        NextSeed::set(Some((seed_for(1, 3), 8)));
        advance_to(20);
        assert_noop!(Auctions::settle(signed(9), id), Error::<Test>::SeedNotKnown);
        NextSeed::set(Some((seed_for(1, 3), 9)));
        advance_to(21);
        assert_noop!(Auctions::settle(signed(9), id), Error::<Test>::AlreadyFinished);
        assert_noop!(Auctions::settle(signed(9), AuctionId(2)), Error::<Test>::NoSuchAuction);
    });
}

#[test]
fn auctions_that_end_together_are_settled_one_in_a_block() {
    on_open_chain(|| {
        let ids: Vec<_> = (0..32).map(|_| new_auction(5, 3, 1)).collect();
        for (id, para) in ids.iter().zip((0..10).cycle()) {
            assert_ok!(bid(10, *id, para, (1, 1), 2));
        }
        NextSeed::set(Some((seed_for(0, 3), 9)));
        for settled in 0..=32u32 {
            advance_to(8 + settled);
            let live: Vec<_> = Live::<Test>::get().iter().map(|entry| entry.id).collect();
            assert_eq!(live, ids[settled.try_into().unwrap()..]);
            assert_ok!(Auctions::do_try_state());
        }
        // Each para has one lease for the period, from the first of the auctions that it led.
        assert_eq!(leases().len(), 10);
        for (id, para) in ids.iter().zip((0..10).cycle()).skip(10) {
            assert!(Results::<Test>::get(id).unwrap().is_empty());
            assert_ok!(Auctions::refund(signed(9), *id, 10, para.into()));
        }
        assert_eq!(held(10), 0);
    });
}

#[test]
fn who_does_not_want_to_wait_settles_the_next_in_line_for_free() {
    on_open_chain(|| {
        let ids: Vec<_> = (0..4).map(|_| new_auction(5, 3, 1)).collect();
        NextSeed::set(Some((seed_for(0, 3), 9)));
        advance_to(9);
        assert_noop!(Auctions::settle(signed(9), ids[2]), Error::<Test>::NotNextToSettle);
        let settled = Auctions::settle(signed(9), ids[1]).unwrap();
        assert_eq!(settled.pays_fee, Pays::No);
        assert_ok!(Auctions::settle(signed(9), ids[2]));
        advance_to(10);
        assert!(Live::<Test>::get().is_empty());
    });
}

#[test]
fn a_block_knows_what_its_settlement_costs() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        let idle = <Test as Config>::WeightInfo::on_initialize_idle();
        assert_eq!(Auctions::settle_next(8), idle);
        System::set_block_number(9);
        let awaiting = Auctions::settle_next(9);
        assert_eq!(awaiting, <Test as Config>::WeightInfo::on_initialize_awaiting_seed());
        NextSeed::set(Some((seed_for(0, 3), 9)));
        let settling = Auctions::settle_next(9);
        assert_eq!(settling, <Test as Config>::WeightInfo::on_initialize_settle());
        assert!(idle.all_lt(awaiting) && awaiting.all_lt(settling));
        assert_eq!(Auctions::settle_next(9), idle);
        assert!(Records::<Test>::get(id).unwrap().finished_at().is_some());
    });
}

#[test]
fn a_renewal_counts_on_the_deposit_of_the_present_lease() {
    on_open_chain(|| {
        let first = new_auction(5, 3, 1);
        assert_ok!(bid(2, first, 0, (1, 1), 5));
        settle_at(first, 0);
        assert_eq!(leased(2), 5);

        let second = new_auction(5, 3, 1);
        assert_ok!(bid(2, second, 0, (2, 2), 6));
        assert_eq!(held(2), 1);
        // Another para has no deposit.
        assert_ok!(bid(2, second, 1, (3, 3), 6));
        assert_eq!(held(2), 7);
        settle_at(second, 0);
        assert_eq!((held(2), leased(2)), (0, 12));
    });
}
