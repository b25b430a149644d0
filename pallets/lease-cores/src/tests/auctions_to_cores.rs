// SPDX-License-Identifier: GPL-3.0-only
//! From the reservation that an auction makes to the claim queue.

use super::*;
use crate::{Claim, Cores, CoresOf, Error, Event, Records, WeightInfo, Work};
use frame_support::{assert_noop, assert_ok, assert_storage_noop, storage::with_storage_layer, traits::Hooks};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::traits::Leaser;
use serin_primitives::{
    lease::LeaseWindow,
    traits::{CoreIndex, CoreReservations},
};
use sp_runtime::DispatchResult;

fn window(first: u32) -> LeaseWindow {
    LeaseWindow::new(first).unwrap()
}

/// Leases the periods, and occupies the core, as a settlement does.
fn win(core: CoreIndex, window: LeaseWindow, para: u32, first: u32, last: u32) -> DispatchResult {
    with_storage_layer(|| {
        Slots::lease_out(para.into(), &1, 1, first, last - first + 1).unwrap();
        LeaseCores::occupy(core, window, &[(para.into(), first..=last)])
    })
}

#[test]
fn a_won_lease_is_served_in_its_periods_and_in_no_other() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(core, window(1), 2_000, 1, 3));
        LeaseCores::release(core, window(1));
        // The claim queue shows the period's first block two blocks before it: then the para may prepare.
        for block in 2..=PERIOD_BLOCKS - 3 {
            advance_to(block);
            assert!(claim_queue(core).is_empty(), "served in block {block}");
        }
        for block in PERIOD_BLOCKS - 1..=4 * PERIOD_BLOCKS - 4 {
            advance_to(block);
            assert_eq!(claim_queue(core), [2_000.into(); 3], "not served after block {block}");
        }
        advance_to(4 * PERIOD_BLOCKS - 2);
        assert_eq!(claim_queue(core), [2_000.into()], "the last block of the lease is not served");
        for block in 4 * PERIOD_BLOCKS - 1..=6 * PERIOD_BLOCKS {
            advance_to(block);
            assert!(claim_queue(core).is_empty(), "still served after block {block}");
        }
        // The genesis core is not ours.
        assert_eq!(claim_queue(0), [GENESIS_CORE_PARA.into(); 3]);
    });
}

#[test]
fn work_is_assigned_just_in_time_and_told() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(core, window(1), 2_000, 1, 1));
        let scheduled = Event::<Test>::CoreScheduled {
            core,
            period: 1,
            work: Work::Task(2_000.into()),
            begin: PERIOD_BLOCKS,
            end: 2 * PERIOD_BLOCKS,
        };
        let due = PERIOD_BLOCKS - LOOKAHEAD - 1;
        advance_to(due - 1);
        assert_eq!(Records::<Test>::get(core).unwrap().assignments.get(1), None);
        advance_to(due);
        System::assert_has_event(scheduled.into());
        assert_eq!(Records::<Test>::get(core).unwrap().assignments.get(1), Some(Work::Task(2_000.into())));
    });
}

#[test]
fn more_cores_than_a_block_can_tell_are_all_served_in_time() {
    test(|| {
        for para in 2_000..2_007 {
            let core = LeaseCores::reserve(window(1)).unwrap();
            assert_ok!(win(core, window(1), para, 1, 1));
        }
        let told = || Records::<Test>::iter_values().filter(|record| record.assignments.get(1).is_some()).count();
        let last = PERIOD_BLOCKS - LOOKAHEAD - 1;
        for (block, expected) in [(last - 3, 0), (last - 2, 3), (last - 1, 6), (last, 7)] {
            advance_to(block);
            assert_eq!(told(), expected, "in block {block}");
        }
        advance_to(PERIOD_BLOCKS - 1);
        for core in 1..=7 {
            assert_eq!(claim_queue(core), [(1_999 + u32::from(core)).into(); 3]);
        }
    });
}

#[test]
fn a_block_in_which_nothing_is_due_changes_nothing() {
    test(|| {
        LeaseCores::reserve(window(1)).unwrap();
        let due = PERIOD_BLOCKS - LOOKAHEAD - 1;
        for block in (2..due).chain(due + 1..PERIOD_BLOCKS + due) {
            advance_to(block);
            assert_storage_noop!(assert_eq!(LeaseCores::on_initialize(block), TestWeights::schedule_idle()));
        }
        advance_to(PERIOD_BLOCKS + due - 1);
        System::set_block_number(PERIOD_BLOCKS + due);
        assert_eq!(LeaseCores::on_initialize(PERIOD_BLOCKS + due), TestWeights::schedule_ahead(1));
    });
}

#[test]
fn unsold_periods_serve_orders_on_demand() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(core, window(1), 2_000, 2, 2));
        OnDemand::credit_account(1, 1_000_000_000);
        let order = || OnDemand::place_order_with_credits(RuntimeOrigin::signed(1), 100_000_000, 2_005.into()).unwrap();
        // Reserved, but not sold.
        advance_to(PERIOD_BLOCKS + 10);
        assert!(claim_queue(core).is_empty());
        order();
        advance_to(PERIOD_BLOCKS + 11);
        let first_order = claim_queue(core);
        // Sold.
        advance_to(2 * PERIOD_BLOCKS + 10);
        order();
        advance_to(2 * PERIOD_BLOCKS + 11);
        let leased = claim_queue(core);
        // Free.
        LeaseCores::release(core, window(1));
        advance_to(3 * PERIOD_BLOCKS + 10);
        order();
        advance_to(3 * PERIOD_BLOCKS + 11);
        assert_eq!(first_order.first(), Some(&2_005.into()));
        assert_eq!(leased, [2_000.into(); 3]);
        assert_eq!(claim_queue(core).first(), Some(&2_005.into()));
    });
}

#[test]
fn cores_lie_behind_those_in_use_and_windows_share_one_if_they_can() {
    test(|| {
        assert_eq!(LeaseCores::reserve(window(1)), Ok(1));
        System::assert_has_event(Event::<Test>::CoreCountRaised { count: 2 }.into());
        System::assert_has_event(Event::<Test>::CoreReserved { core: 1, first: 1, last: 8 }.into());
        assert_eq!(LeaseCores::reserve(window(1)), Ok(2));
        assert_eq!(LeaseCores::reserve(window(8)), Ok(3));
        assert_eq!(LeaseCores::reserve(window(9)), Ok(1));
        // Sixteen periods of the first core are spoken for, which is all there can be.
        assert_eq!(LeaseCores::reserve(window(17)), Ok(2));
        assert_eq!(LeaseCores::reserve(window(17)), Ok(3));
        assert_eq!(LeaseCores::reserve(window(25)), Ok(4));
        assert_eq!(Cores::<Test>::get().into_inner(), [1, 2, 3, 4]);
    });
}

#[test]
fn what_was_not_sold_can_be_reserved_again() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(core, window(1), 2_000, 1, 2));
        LeaseCores::release(core, window(1));
        System::assert_last_event(Event::<Test>::CoreReleased { core, first: 1, last: 8 }.into());
        assert_eq!(LeaseCores::reserve(window(2)), Ok(core + 1));
        assert_eq!(LeaseCores::reserve(window(3)), Ok(core));
        // Periods that are over count no more.
        advance_to(3 * PERIOD_BLOCKS);
        assert_eq!(LeaseCores::reserve(window(11)), Ok(core));
    });
}

#[test]
fn releasing_what_is_not_held_does_nothing() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(core, window(1), 2_000, 1, 8));
        assert_storage_noop!({
            LeaseCores::release(core, window(1));
            LeaseCores::release(core, window(20));
            LeaseCores::release(99, window(1));
        });
    });
}

#[test]
fn winners_of_one_auction_are_put_on_its_core_together_or_not_at_all() {
    test(|| {
        // The first winner still had a period on another core, from a lease that is gone.
        let old = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(old, window(1), 2_000, 3, 3));
        Slots::clear_all_leases(RuntimeOrigin::root(), 2_000.into()).unwrap();
        let core = LeaseCores::reserve(window(1)).unwrap();
        Slots::lease_out(2_000.into(), &1, 1, 3, 2).unwrap();
        Slots::lease_out(2_001.into(), &1, 1, 5, 1).unwrap();

        let leases = [(2_000.into(), 3..=4), (2_001.into(), 5..=5)];
        let with_one_twice = [leases[0].clone(), (2_001.into(), 4..=5)];
        let occupy = |leases: &[_]| with_storage_layer(|| LeaseCores::occupy(core, window(1), leases));
        assert_noop!(occupy(&with_one_twice), Error::<Test>::NotReserved);
        assert_ok!(occupy(&leases));
        let claims =
            |core| (3..=5).map(|period| Records::<Test>::get(core).unwrap().calendar.at(period)).collect::<Vec<_>>();
        let leased = |para: u32| Some(Claim::Leased(para.into()));
        assert_eq!(claims(core), [leased(2_000), leased(2_000), leased(2_001)]);
        assert_eq!(claims(old), [None, Some(Claim::Reserved), Some(Claim::Reserved)]);
    });
}

#[test]
fn only_what_is_reserved_can_be_occupied() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(core, window(1), 2_000, 1, 2));
        let occupy = |core, window, periods| LeaseCores::occupy(core, window, &[(2_001.into(), periods)]);
        assert_noop!(occupy(core, window(1), 2..=3), Error::<Test>::NotReserved);
        assert_noop!(occupy(core, window(1), 0..=1), Error::<Test>::NotReserved);
        assert_noop!(occupy(core, window(1), 8..=9), Error::<Test>::NotReserved);
        assert_noop!(occupy(99, window(1), 3..=3), Error::<Test>::UnknownCore);
        LeaseCores::release(core, window(1));
        assert_noop!(occupy(core, window(1), 3..=3), Error::<Test>::NotReserved);
    });
}

#[test]
fn a_late_settlement_is_served_in_the_running_period() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        let settled = PERIOD_BLOCKS + 20;
        advance_to(settled);
        assert!(claim_queue(core).is_empty());
        assert_ok!(win(core, window(1), 2_000, 1, 2));
        advance_to(settled + LOOKAHEAD);
        assert_eq!(claim_queue(core), [2_000.into(); 3]);
    });
}

#[test]
fn a_settlement_after_the_work_of_its_period_was_assigned_is_not_lost() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        advance_to(PERIOD_BLOCKS - 1);
        assert_eq!(Records::<Test>::get(core).unwrap().assignments.get(1), Some(Work::Pool));
        assert_ok!(win(core, window(1), 2_000, 1, 2));
        advance_to(PERIOD_BLOCKS - 1 + LOOKAHEAD);
        assert_eq!(claim_queue(core), [2_000.into(); 3]);
    });
}

#[test]
fn a_lease_that_ends_and_comes_back_is_served_twice() {
    test(|| {
        let core = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(core, window(1), 2_000, 1, 1));
        assert_ok!(win(core, window(1), 2_001, 3, 3));
        let other = LeaseCores::reserve(window(1)).unwrap();
        assert_ok!(win(other, window(1), 2_000, 3, 3));
        let served = |period| {
            advance_to(period * PERIOD_BLOCKS + 5);
            (claim_queue(core).first().copied(), claim_queue(other).first().copied())
        };
        assert_eq!(served(1), (Some(2_000.into()), None));
        assert_eq!(CoresOf::<Test>::get(ParaId::from(2_000)).into_inner(), [core, other].into());
        assert_eq!(served(2), (None, None));
        assert_eq!(served(3), (Some(2_001.into()), Some(2_000.into())));
        assert_eq!(served(4), (None, None));
        assert_eq!(CoresOf::<Test>::iter().count(), 2);
    });
}

#[test]
fn leases_begin_with_the_first_period_of_a_chain() {
    test(|| {
        LeaseOffset::set(30);
        let core = LeaseCores::reserve(window(0)).unwrap();
        advance_to(28);
        assert!(claim_queue(core).is_empty());
        advance_to(30);
        assert_ok!(win(core, window(0), 2_000, 0, 1));
        advance_to(30 + LOOKAHEAD);
        assert_eq!(claim_queue(core), [2_000.into(); 3]);
        advance_to(30 + 2 * PERIOD_BLOCKS);
        assert!(claim_queue(core).is_empty());
    });
}
