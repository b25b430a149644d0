// SPDX-License-Identifier: GPL-3.0-only
//! When a step is taken, when it acts, and when it is judged: on the real session and staking pallets.

use crate::{
    mock::{
        block, healthy_era, healthy_eras, set_plan, sick_era, take_events, AllPalletsWithSystem, Chain,
        MaxValidatorSet, RuntimeOrigin, Staking, Test, TestExt, ValidatorCount, POLICY,
    },
    ChainSignals, CountStore, CurrentPlan, Event, Pallet, PlanState,
};
use codec::Encode;
use frame_support::{
    assert_ok,
    traits::{GetStorageVersion, OnRuntimeUpgrade, StorageVersion},
};

fn count_and_active() -> (u32, u32) {
    (Chain::count(), Chain::active_validators())
}

fn state() -> PlanState {
    CurrentPlan::<Test>::get().unwrap().state
}

#[test]
fn a_step_of_one_era_acts_in_the_next_and_is_judged_at_its_end() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        // (the era that has begun, the count, the active set, the last count known to be good)
        let course = [(2, 15, 10, 10), (3, 15, 15, 10), (4, 20, 15, 15), (5, 20, 20, 15), (6, 20, 20, 20)];
        for (era, count, active, last_good) in course {
            healthy_era();
            assert_eq!(Chain::active_era(), era);
            assert_eq!(count_and_active(), (count, active), "era {era}");
            assert_eq!(CurrentPlan::<Test>::get().unwrap().last_good, last_good, "era {era}");
        }
        assert_eq!(state(), PlanState::Done { in_era: 6 });
        assert_eq!(
            take_events(),
            [
                Event::PlanSet { base: 10, target: 20, step: 5, replaced: false },
                Event::StepApplied { era: 2, from: 10, to: 15, active: 10 },
                Event::StepApplied { era: 4, from: 15, to: 20, active: 15 },
                Event::Completed { era: 6, count: 20 },
            ]
        );
    });
}

#[test]
fn the_election_of_the_same_era_sees_a_step_even_if_an_era_is_one_session() {
    TestExt { sessions_per_era: 1, ..TestExt::default() }.execute(|| {
        healthy_eras(2);
        let set_in = Chain::active_era();
        assert_ok!(set_plan(15, 5, POLICY));
        healthy_era();
        assert_eq!((Chain::active_era() - set_in, Chain::count()), (1, 15));
        assert_eq!(Chain::active_validators(), 10);
        healthy_era();
        assert_eq!(Chain::active_validators(), 15);
    });
}

#[test]
fn a_decrease_ramps_by_the_same_rules() {
    TestExt { count: 20, ..TestExt::default() }.execute(|| {
        healthy_era();
        assert_ok!(set_plan(8, 5, POLICY));
        let mut counts = Vec::new();
        while !matches!(state(), PlanState::Done { .. }) {
            healthy_era();
            counts.push(Chain::count());
        }
        assert_eq!(counts, [15, 15, 10, 10, 8, 8, 8]);
        assert_eq!(Chain::active_validators(), 8);
    });
}

#[test]
fn a_vote_to_stop_leaves_the_count_where_it_is() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(30, 5, POLICY));
        healthy_eras(3);
        assert_eq!(count_and_active(), (20, 15));
        assert_ok!(ValidatorCount::stop(RuntimeOrigin::signed(crate::mock::REFERENDUM)));
        healthy_eras(6);
        assert_eq!(count_and_active(), (20, 20));
        assert_eq!(take_events().last(), Some(&Event::Stopped { count: 20 }));
    });
}

#[test]
fn a_standstill_of_eras_is_held_and_takes_no_step_twice() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        healthy_eras(2);
        assert_eq!(count_and_active(), (15, 15));
        // Four eras of twenty slots without a block; then the chain goes on where it was.
        block(80, || ());
        healthy_era();
        // A step would be due.
        assert_eq!(Chain::active_era(), 4);
        assert!(matches!(state(), PlanState::Held { since: 4, .. }));
        assert_eq!(count_and_active(), (15, 15));
        let mut counts = Vec::new();
        while !matches!(state(), PlanState::Done { .. }) {
            healthy_era();
            counts.push(Chain::count());
        }
        assert_eq!(counts, [20, 20, 20]);
    });
}

#[test]
fn an_election_that_fails_costs_no_step() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        healthy_era();
        assert_eq!(count_and_active(), (15, 10));
        // Staking keeps the old set and the old era as long as an election finds too few.
        pallet_staking::MinimumValidatorCount::<Test>::put(1_000);
        (0..100).for_each(|_| block(0, || ()));
        assert_eq!((Chain::active_era(), Chain::count()), (2, 15));
        pallet_staking::MinimumValidatorCount::<Test>::put(1);
        healthy_era();
        assert_eq!((Chain::active_era(), count_and_active()), (3, (15, 15)));
        healthy_eras(3);
        assert_eq!(state(), PlanState::Done { in_era: 6 });
    });
}

#[test]
fn an_upgrade_in_the_middle_changes_nothing() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        healthy_eras(2);
        let before = CurrentPlan::<Test>::get();
        AllPalletsWithSystem::on_runtime_upgrade();
        assert_eq!(CurrentPlan::<Test>::get(), before);
        healthy_eras(3);
        assert_eq!(state(), PlanState::Done { in_era: 6 });
    });
}

#[test]
fn the_stored_layout_belongs_to_its_version() {
    TestExt::default().execute(|| {
        assert_eq!(Pallet::<Test>::on_chain_storage_version(), StorageVersion::new(1));
        assert_eq!(Pallet::<Test>::in_code_storage_version(), StorageVersion::new(1));
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        // A plan and a session as version 1 has them. Another layout needs another version, and a migration.
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
        let policy = words(&[2, 200, 800, 0, 0, 10, 0, 30, 0, 4]);
        let baseline = [words(&[2]), words(&[19, 0, 0, 0])].concat();
        let plan = |changed_in| {
            [words(&[10, 20, 5]), policy.clone(), baseline.clone(), words(&[10, 10]), changed_in, words(&[0]), vec![0]]
                .concat()
        };
        assert_eq!(CurrentPlan::<Test>::get().unwrap().encode(), plan(vec![0]));
        let changed = crate::Plan { changed_in: Some(1), ..CurrentPlan::<Test>::get().unwrap() };
        assert_eq!(changed.encode(), plan([vec![1], words(&[1])].concat()));
        let session = [words(&[0, 0, 10]), words(&[9, 0, 0, 0, 0, 0, 0, 0, 0]), vec![0, 0]].concat();
        assert_eq!(crate::Record::<Test>::get()[0].encode(), session);
    });
}

#[test]
fn a_count_changed_by_somebody_else_ends_the_plan() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        assert_ok!(Staking::set_validator_count(RuntimeOrigin::root(), 12));
        healthy_era();
        assert_eq!(CurrentPlan::<Test>::get(), None);
        assert_eq!(take_events().last(), Some(&Event::Overridden { planned: 10, found: 12 }));
        healthy_eras(3);
        assert_eq!(count_and_active(), (12, 12));
    });
}

#[test]
fn a_count_that_staking_refuses_pauses_the_plan() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        MaxValidatorSet::set(14);
        healthy_era();
        assert_eq!(state(), PlanState::Paused { since: 2 });
        assert_eq!(count_and_active(), (10, 10));
        let error = pallet_staking::Error::<Test>::TooManyValidators.into();
        assert_eq!(take_events().last(), Some(&Event::CountRefused { count: 15, error }));
    });
}

#[test]
fn a_plan_that_is_over_still_flags_the_sick_eras_after_it() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(15, 5, POLICY));
        healthy_eras(3);
        assert_eq!(state(), PlanState::Done { in_era: 4 });
        sick_era();
        assert!(ValidatorCount::health(2).iter().all(|session| session.flags.is_sick()));
        assert_eq!(count_and_active(), (15, 15));
    });
}
