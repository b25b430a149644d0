// SPDX-License-Identifier: GPL-3.0-only
//! Who may call what, and what that does to a plan.

use crate::{
    mock::{
        healthy_era, healthy_eras, set_plan, take_events, Chain, RuntimeOrigin, Test, TestExt, ValidatorCount, POLICY,
        REFERENDUM,
    },
    ChainSignals, CountStore, CurrentPlan, Error, Event, Plan, PlanState,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError::BadOrigin;

fn referendum() -> RuntimeOrigin {
    RuntimeOrigin::signed(REFERENDUM)
}

#[test]
fn only_a_referendum_sets_stops_and_resumes() {
    TestExt::default().execute(|| {
        healthy_era();
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none(), RuntimeOrigin::signed(1)] {
            assert_noop!(ValidatorCount::set_plan(origin.clone(), 20, 5, POLICY), BadOrigin);
            assert_noop!(ValidatorCount::stop(origin.clone()), BadOrigin);
            assert_noop!(ValidatorCount::resume(origin), BadOrigin);
        }
    });
}

#[test]
fn only_root_forces_and_only_accounts_prove() {
    TestExt::default().execute(|| {
        for origin in [referendum(), RuntimeOrigin::none(), RuntimeOrigin::signed(1)] {
            assert_noop!(ValidatorCount::force_set(origin, 20), BadOrigin);
        }
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::none()] {
            assert_noop!(ValidatorCount::note_finality(origin, Default::default()), BadOrigin);
        }
    });
}

#[test]
fn without_a_plan_there_is_nothing_to_stop_or_to_resume() {
    TestExt::default().execute(|| {
        assert_noop!(ValidatorCount::stop(referendum()), Error::<Test>::NoPlan);
        assert_noop!(ValidatorCount::resume(referendum()), Error::<Test>::NoPlan);
    });
}

#[test]
fn i4_a_new_vote_replaces_the_plan_and_says_so() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(30, 5, POLICY));
        healthy_era();
        assert_eq!((Chain::count(), Chain::active_validators()), (15, 10));
        take_events();
        assert_ok!(set_plan(12, 2, POLICY));
        assert_eq!(take_events(), [Event::PlanSet { base: 15, target: 12, step: 2, replaced: true }]);
        let Plan { base, target, count, last_good, changed_in, state, .. } = CurrentPlan::<Test>::get().unwrap();
        assert_eq!((base, target, count, state), (15, 12, 15, PlanState::Ramping));
        // Fifteen was never judged, and its wait begins anew.
        assert_eq!((last_good, changed_in), (10, Some(2)));
        healthy_eras(4);
        assert_eq!(Chain::count(), 12);
    });
}

#[test]
fn root_forces_the_count_past_every_rule_but_staking_s_own() {
    TestExt::default().execute(|| {
        assert_noop!(
            ValidatorCount::force_set(RuntimeOrigin::root(), 1_201),
            pallet_staking::Error::<Test>::TooManyValidators
        );
        assert_ok!(ValidatorCount::force_set(RuntimeOrigin::root(), 3));
        assert_eq!(Chain::count(), 3);
        healthy_eras(2);
        assert_eq!(Chain::active_validators(), 3);
    });
}

#[test]
fn a_forced_count_ends_the_plan() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(30, 5, POLICY));
        take_events();
        assert_ok!(ValidatorCount::force_set(RuntimeOrigin::root(), 25));
        assert_eq!(take_events(), [Event::Stopped { count: 25 }, Event::CountForced { from: 10, to: 25 }]);
        healthy_eras(4);
        assert_eq!((CurrentPlan::<Test>::get(), Chain::count()), (None, 25));
    });
}
