// SPDX-License-Identifier: GPL-3.0-only
//! What a plan takes for normal.

use crate::{
    health::{put_on_record, BASELINE_SESSIONS},
    mock::{
        healthy_era, healthy_eras, set_plan, sick_era, RuntimeOrigin, Test, TestExt, ValidatorCount, POLICY, REFERENDUM,
    },
    Baseline, CurrentPlan, Error, Flag, Flags, Health, History, PlanState, Policy, SessionHealth,
};
use frame_support::{assert_noop, assert_ok};

fn session(era: u32, blocks: u32, missed: u32, flags: Flags) -> SessionHealth {
    let health = Health { blocks, missed, ..Health::default() };
    SessionHealth { session: era, era, validators: 10, health, flags }
}

fn record(sessions: impl IntoIterator<Item = SessionHealth>) -> History {
    let mut record = History::default();
    sessions.into_iter().for_each(|session| put_on_record(&mut record, session));
    record
}

#[test]
fn it_is_the_sum_of_the_newest_healthy_sessions_of_ended_eras() {
    let sessions = (0..40).map(|era| session(era, 90 + era % 2, 5, Flags::NONE));
    let baseline = Baseline::of(&record(sessions), 39, &POLICY).unwrap();
    assert_eq!(baseline.sessions as usize, BASELINE_SESSIONS);
    assert_eq!((baseline.slots, baseline.missed), (12 * 95 + 12 * 96, 24 * 5));
}

#[test]
fn sick_sessions_are_left_out_and_unknown_finality_is_no_sickness() {
    for flag in Flag::ALL {
        let flagged = record([session(0, 100, 1, Flags::NONE), session(1, 80, 2, Flags::NONE.with(flag))]);
        let baseline = Baseline::of(&flagged, 2, &POLICY).unwrap();
        let is_left_out = baseline == Baseline { sessions: 1, slots: 101, missed: 1 };
        let is_harmless = matches!(flag, Flag::FinalityUnknown | Flag::Supply | Flag::Weight);
        assert_eq!(is_left_out, !is_harmless, "{flag:?}");
    }
}

#[test]
fn sessions_beyond_the_policy_are_left_out_though_no_plan_judged_them() {
    let healthy = Health { blocks: 100, ..Health::default() };
    let sick = [
        Health { missed: 60, ..healthy },
        Health { availability_seen: 79, availability_possible: 100, ..healthy },
        Health { disputes: 1, ..healthy },
        Health { disabled: 1, ..healthy },
    ];
    for health in sick {
        let sessions = [session(0, 100, 0, Flags::NONE), SessionHealth { health, ..session(1, 0, 0, Flags::NONE) }];
        assert_eq!(Baseline::of(&record(sessions), 2, &POLICY).unwrap().sessions, 1);
        assert_eq!(Baseline::of(&record([sessions[1]]), 2, &POLICY), None);
    }
}

#[test]
fn the_policy_caps_what_is_normal() {
    TestExt { slots_per_session: 50, sessions_per_era: 6, ..TestExt::default() }.execute(|| {
        // A fifth of the slots is missed: within what the policy allows, and so it is the baseline.
        let fifth = || {
            let mut slot = 0;
            crate::mock::era(|| {
                slot += 1;
                u32::from(slot % 4 == 0)
            });
        };
        fifth();
        assert_ok!(set_plan(20, 5, Policy { max_missed_permille: 250, ..POLICY }));
        fifth();
        assert_eq!(CurrentPlan::<Test>::get().unwrap().state, PlanState::Ramping);

        // Another policy takes the same sessions for an accident at most, and judges by its own figure.
        assert_ok!(set_plan(20, 5, Policy { max_missed_permille: 100, ..POLICY }));
        fifth();
        assert!(matches!(CurrentPlan::<Test>::get().unwrap().state, PlanState::Held { .. }));
    });
}

#[test]
fn after_a_sick_plan_the_next_one_compares_with_the_time_before() {
    TestExt::default().execute(|| {
        healthy_eras(2);
        assert_ok!(set_plan(15, 5, POLICY));
        let before = CurrentPlan::<Test>::get().unwrap().baseline;
        assert_eq!((before.sessions, before.missed), (4, 0));
        (0..8).for_each(|_| sick_era());
        assert_ok!(set_plan(15, 5, POLICY));
        assert_eq!(CurrentPlan::<Test>::get().unwrap().baseline, before);
    });
}

#[test]
fn an_era_that_is_sick_as_a_whole_taints_each_of_its_sessions() {
    TestExt::default().execute(|| {
        healthy_eras(2);
        assert_ok!(set_plan(15, 5, POLICY));
        // Two missed slots in either session: no session is sick by itself, and the era is.
        let mut blocks = 0;
        crate::mock::era(|| {
            blocks += 1;
            u32::from(blocks % 4 == 1)
        });
        let sessions = ValidatorCount::health(2);
        assert!(sessions.iter().all(|session| (1..=3).contains(&session.health.missed)), "{sessions:?}");
        assert!(sessions.iter().all(|session| session.flags == Flags::NONE.with(Flag::Missed)));
        assert_ok!(set_plan(15, 5, POLICY));
        assert_eq!(CurrentPlan::<Test>::get().unwrap().baseline.missed, 0);
    });
}

#[test]
fn a_chain_that_stays_sick_needs_a_vote_to_stop_before_that_is_taken_for_normal() {
    let tolerant = Policy { max_missed_permille: 600, ..POLICY };
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(15, 5, POLICY));
        // Until nothing else is on record.
        (0..25).for_each(|_| sick_era());
        assert_noop!(set_plan(15, 5, tolerant), Error::<Test>::NoBaseline);
        assert_ok!(ValidatorCount::stop(RuntimeOrigin::signed(REFERENDUM)));
        assert_noop!(set_plan(15, 5, tolerant), Error::<Test>::NoBaseline);
        sick_era();
        assert_ok!(set_plan(15, 5, tolerant));
        assert_eq!(CurrentPlan::<Test>::get().unwrap().baseline.missed, 10);
    });
}
