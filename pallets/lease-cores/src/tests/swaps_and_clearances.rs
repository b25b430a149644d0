// SPDX-License-Identifier: GPL-3.0-only
//! Leases that change hands, or go, when the core has its work.

use super::*;
use crate::{Error, Event, Records, Work};
use frame_support::{assert_noop, dispatch::Pays};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::traits::OnSwap;

/// Para 2000 leases periods 1 to 3, and is on core 1.
fn with_lease(rest: impl FnOnce()) {
    test(|| {
        force_lease(2_000, 1, 3);
        place(2_000).unwrap();
        rest();
    });
}

/// As Root may: both have agreed.
fn swap(one: u32, other: u32) {
    Registrar::swap(RuntimeOrigin::root(), one.into(), other.into()).unwrap();
    Registrar::swap(RuntimeOrigin::root(), other.into(), one.into()).unwrap();
}

fn clear(para: u32) {
    Slots::clear_all_leases(RuntimeOrigin::root(), para.into()).unwrap();
}

#[test]
fn a_swap_takes_effect_behind_the_claim_queue() {
    with_lease(|| {
        let swapped = PERIOD_BLOCKS + 20;
        advance_to(swapped);
        swap(2_000, 2_001);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
        advance_to(swapped + 1);
        assert_eq!(claim_queue(1), [2_000.into(), 2_000.into(), 2_001.into()]);
        for block in swapped + LOOKAHEAD..=3 * PERIOD_BLOCKS {
            advance_to(block);
            assert_eq!(claim_queue(1), [2_001.into(); 3], "after block {block}");
        }
    });
}

#[test]
fn a_swap_of_leases_not_yet_begun_is_followed() {
    with_lease(|| {
        <(Slots, LeaseCores) as OnSwap>::on_swap(2_000.into(), 2_001.into());
        advance_to(PERIOD_BLOCKS);
        assert_eq!(claim_queue(1), [2_001.into(); 3]);
    });
}

#[test]
fn two_leases_swap_their_cores() {
    with_lease(|| {
        force_lease(2_001, 1, 1);
        place(2_001).unwrap();
        let queues = || (claim_queue(1).first().copied(), claim_queue(2).first().copied());
        advance_to(PERIOD_BLOCKS + 20);
        assert_eq!(queues(), (Some(2_000.into()), Some(2_001.into())));
        swap(2_000, 2_001);
        advance_to(PERIOD_BLOCKS + 20 + LOOKAHEAD);
        assert_eq!(queues(), (Some(2_001.into()), Some(2_000.into())));
        advance_to(2 * PERIOD_BLOCKS);
        assert_eq!(queues(), (Some(2_001.into()), None));
    });
}

#[test]
fn a_swap_undone_in_its_block_leaves_the_core_to_one_para() {
    with_lease(|| {
        let swapped = PERIOD_BLOCKS + 20;
        advance_to(swapped);
        <(Slots, LeaseCores) as OnSwap>::on_swap(2_000.into(), 2_001.into());
        <(Slots, LeaseCores) as OnSwap>::on_swap(2_001.into(), 2_000.into());
        // The first swap has told the scheduler, and cannot be taken back: one block is the other para's.
        advance_to(swapped + LOOKAHEAD);
        assert_eq!(claim_queue(1), [2_001.into(), 2_000.into(), 2_000.into()]);
        for block in swapped + LOOKAHEAD + 1..=3 * PERIOD_BLOCKS {
            advance_to(block);
            assert_eq!(claim_queue(1), [2_000.into(); 3], "after block {block}");
        }
    });
}

#[test]
fn a_swap_just_before_a_period_takes_effect_in_that_period() {
    with_lease(|| {
        // The work of period 2 is assigned.
        advance_to(2 * PERIOD_BLOCKS - 2);
        swap(2_000, 2_001);
        let missing = Event::<Test>::CoreMissing {
            core: 1,
            period: 1,
            work: Work::Task(2_001.into()),
            reason: Error::<Test>::TooLate.into(),
        };
        System::assert_has_event(missing.into());
        assert_eq!(Records::<Test>::get(1).unwrap().failure.map(|failure| failure.period), Some(1));
        assert_noop!(sync(1), Error::<Test>::TooLate);
        advance_to(2 * PERIOD_BLOCKS - 1);
        assert_eq!(claim_queue(1), [2_000.into(), 2_000.into(), 2_001.into()]);
        advance_to(2 * PERIOD_BLOCKS + 1);
        assert_eq!(claim_queue(1), [2_001.into(); 3]);
        // Nothing is left that could be done for the period that is over.
        assert_noop!(sync(1), Error::<Test>::NothingToSync);
    });
}

#[test]
fn a_cleared_lease_is_noticed_in_the_next_period() {
    with_lease(|| {
        advance_to(PERIOD_BLOCKS + 20);
        clear(2_000);
        advance_to(2 * PERIOD_BLOCKS - 4);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
        for block in 2 * PERIOD_BLOCKS..4 * PERIOD_BLOCKS {
            advance_to(block);
            assert!(claim_queue(1).is_empty());
        }
    });
}

#[test]
fn sync_takes_the_core_from_a_cleared_lease() {
    with_lease(|| {
        let cleared = PERIOD_BLOCKS + 20;
        advance_to(cleared);
        assert_noop!(sync(1), Error::<Test>::NothingToSync);
        clear(2_000);
        assert_eq!(sync(1), Ok(Pays::No));
        System::assert_has_event(Event::<Test>::ClaimsLapsed { core: 1, periods: 3 }.into());
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
        advance_to(cleared + LOOKAHEAD);
        assert!(claim_queue(1).is_empty());
        assert_noop!(sync(1), Error::<Test>::NothingToSync);
        assert_noop!(sync(0), Error::<Test>::UnknownCore);
    });
}

#[test]
fn a_core_of_a_cleared_lease_is_free_after_sync() {
    with_lease(|| {
        MaxCores::set(1);
        clear(2_000);
        force_lease(2_001, 1, 1);
        assert_noop!(place(2_001), Error::<Test>::NoCoreFree);
        assert_eq!(sync(1), Ok(Pays::No));
        assert_eq!(place(2_001), Ok(Pays::No));
        advance_to(PERIOD_BLOCKS);
        assert_eq!(claim_queue(1), [2_001.into(); 3]);
    });
}

#[test]
fn a_lease_forced_again_before_anybody_synced_is_served_on() {
    with_lease(|| {
        advance_to(PERIOD_BLOCKS + 20);
        clear(2_000);
        force_lease(2_000, 1, 3);
        for block in PERIOD_BLOCKS + 21..=3 * PERIOD_BLOCKS {
            advance_to(block);
            assert_eq!(claim_queue(1).first(), Some(&ParaId::from(2_000)));
        }
    });
}
