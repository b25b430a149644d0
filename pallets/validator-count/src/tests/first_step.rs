// SPDX-License-Identifier: GPL-3.0-only
//! When a plan takes its first step.

use crate::{
    mock::{healthy_era, healthy_eras, set_plan, Chain, RuntimeOrigin, TestExt, ValidatorCount, POLICY, REFERENDUM},
    ChainSignals, CountStore, Policy, MAX_POLICY_ERAS,
};
use frame_support::assert_ok;

fn waiting(min_eras_between: u32) -> Policy {
    Policy { min_eras_between, ..POLICY }
}

#[test]
fn it_comes_when_the_next_era_begins_even_on_a_chain_that_is_younger_than_the_wait_between_steps() {
    for min_eras_between in [2, 3, 10, MAX_POLICY_ERAS] {
        TestExt::default().execute(|| {
            healthy_era();
            assert_ok!(set_plan(20, 5, waiting(min_eras_between)));
            assert_eq!((Chain::active_era(), ValidatorCount::status().next_step_era), (1, Some(2)));
            healthy_era();
            assert_eq!((Chain::active_era(), Chain::count()), (2, 15));
            // The second one waits.
            assert_eq!(ValidatorCount::status().next_step_era, Some(2 + min_eras_between));
        });
    }
}

#[test]
fn from_a_count_that_is_not_active_yet_it_waits() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(ValidatorCount::force_set(RuntimeOrigin::root(), 12));
        assert_ok!(set_plan(20, 5, waiting(3)));
        assert_eq!(ValidatorCount::status().next_step_era, Some(4));
        healthy_eras(2);
        assert_eq!((Chain::active_era(), Chain::count(), Chain::active_validators()), (3, 12, 12));
        healthy_era();
        assert_eq!(Chain::count(), 17);
    });
}

#[test]
fn neither_replacing_a_plan_nor_stopping_it_shortens_a_wait_or_makes_it_longer() {
    for stop in [false, true] {
        TestExt::default().execute(|| {
            healthy_era();
            assert_ok!(set_plan(30, 5, waiting(4)));
            healthy_eras(2);
            assert_eq!((Chain::active_era(), Chain::count(), Chain::active_validators()), (3, 15, 15));
            if stop {
                assert_ok!(ValidatorCount::stop(RuntimeOrigin::signed(REFERENDUM)));
            }
            assert_ok!(set_plan(25, 5, waiting(4)));
            assert_eq!(ValidatorCount::status().next_step_era, Some(6));
            healthy_eras(2);
            assert_eq!((Chain::active_era(), Chain::count()), (5, 15));
            healthy_era();
            assert_eq!(Chain::count(), 20);
        });
    }
}
