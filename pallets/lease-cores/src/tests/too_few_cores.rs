// SPDX-License-Identifier: GPL-3.0-only
//! No core, no auction; and cores that are lost.

use super::*;
use crate::{CoreScheduler, CoretimeScheduler, Error, Event, Failure, Records, Work};
use frame_support::{assert_noop, dispatch::Pays};
use polkadot_runtime_parachains::scheduler::{CoreAssignment, PartsOf57600};
use serin_primitives::{lease::LeaseWindow, traits::CoreReservations};
use sp_runtime::DispatchError;

fn reserve() -> Result<u16, DispatchError> {
    LeaseCores::reserve(LeaseWindow::new(1).unwrap())
}

/// Governance lowers the number of cores, to that of the genesis; it is in force.
fn lower_core_count() {
    Configuration::set_coretime_cores(RuntimeOrigin::root(), 1).unwrap();
    advance_to(System::block_number() + 3 * SESSION_BLOCKS);
    assert!(claim_queue(1).is_empty());
}

/// Root says what core 1 does from the beginning of period 3 on, so nobody else can say anything of the time before.
fn give_away_until_period_3() {
    let pool = vec![(CoreAssignment::Pool, PartsOf57600::FULL)];
    Coretime::assign_core(RuntimeOrigin::root(), 1, 3 * PERIOD_BLOCKS, pool, None).unwrap();
}

#[test]
fn no_core_no_auction() {
    test(|| {
        MaxCores::set(2);
        assert_eq!(reserve(), Ok(1));
        assert_eq!(reserve(), Ok(2));
        assert_noop!(reserve(), Error::<Test>::NoCoreFree);
    });
}

#[test]
fn no_core_without_validators_for_it() {
    test(|| {
        // With that of the genesis, ten cores with two of the twenty validators each.
        MaxCores::set(20);
        for core in 1..=9 {
            assert_eq!(reserve(), Ok(core));
        }
        assert_noop!(reserve(), Error::<Test>::TooFewValidators);
        ValidatorCount::set(22);
        advance_to(3 * SESSION_BLOCKS);
        assert_eq!(reserve(), Ok(10));
    });
}

#[test]
fn the_core_count_is_raised_in_time_for_the_first_period() {
    test(|| {
        assert_eq!(reserve(), Ok(1));
        assert_eq!(CoretimeScheduler::<Test>::configured_cores(), 2);
        assert_eq!(CoretimeScheduler::<Test>::served_cores(), 1);
        advance_to(2 * SESSION_BLOCKS + 1);
        assert_eq!(CoretimeScheduler::<Test>::served_cores(), 2);
    });
}

#[test]
fn a_core_count_that_governance_lowered_is_raised_for_the_next_period() {
    test(|| {
        force_lease(2_000, 1, 3);
        place(2_000).unwrap();
        advance_to(PERIOD_BLOCKS + 5);
        lower_core_count();
        advance_to(2 * PERIOD_BLOCKS + 2 * SESSION_BLOCKS);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
    });
}

#[test]
fn sync_raises_a_core_count_that_governance_lowered() {
    test(|| {
        force_lease(2_000, 1, 3);
        place(2_000).unwrap();
        advance_to(PERIOD_BLOCKS + 5);
        lower_core_count();
        assert_eq!(sync(1), Ok(Pays::No));
        System::assert_has_event(Event::<Test>::CoreCountRaised { count: 2 }.into());
        advance_to(System::block_number() + 2 * SESSION_BLOCKS + 1);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
    });
}

#[test]
fn sync_raises_the_core_count_even_if_the_work_of_the_period_cannot_change() {
    test(|| {
        force_lease(2_000, 1, 3);
        place(2_000).unwrap();
        give_away_until_period_3();
        advance_to(PERIOD_BLOCKS - LOOKAHEAD - 1);
        lower_core_count();
        assert_eq!(sync(1), Ok(Pays::No));
        assert_eq!(CoretimeScheduler::<Test>::configured_cores(), 2);
        assert_noop!(sync(1), Error::<Test>::TooLate);
    });
}

#[test]
fn an_assignment_that_failed_is_told_recorded_and_tried_again() {
    test(|| {
        force_lease(2_000, 1, 3);
        place(2_000).unwrap();
        advance_to(5);
        ValidatorCount::set(3);
        lower_core_count();
        advance_to(PERIOD_BLOCKS);
        let reason = Error::<Test>::TooFewValidators.into();
        assert_eq!(Records::<Test>::get(1).unwrap().failure, Some(Failure { period: 1, reason }));
        assert_noop!(sync(1), Error::<Test>::TooFewValidators);
        ValidatorCount::set(4);
        advance_to(PERIOD_BLOCKS + 3 * SESSION_BLOCKS);
        assert_eq!(sync(1), Ok(Pays::No));
        assert_eq!(Records::<Test>::get(1).unwrap().failure, None);
        advance_to(PERIOD_BLOCKS + 5 * SESSION_BLOCKS);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
    });
}

#[test]
fn a_failure_of_the_hook_is_an_event() {
    test(|| {
        force_lease(2_000, 1, 3);
        place(2_000).unwrap();
        give_away_until_period_3();
        advance_to(PERIOD_BLOCKS - LOOKAHEAD - 1);
        let (core, work, reason) = (1, Work::Task(2_000.into()), Error::<Test>::TooLate.into());
        System::assert_has_event(Event::<Test>::CoreMissing { core, period: 1, work, reason }.into());
        assert_noop!(sync(1), Error::<Test>::TooLate);
        advance_to(PERIOD_BLOCKS);
        assert_noop!(sync(1), Error::<Test>::TooLate);
        assert!(claim_queue(1).is_empty());
        // One block after Root's assignment has begun, the lease is served.
        advance_to(3 * PERIOD_BLOCKS);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
        assert_noop!(sync(1), Error::<Test>::NothingToSync);
    });
}
