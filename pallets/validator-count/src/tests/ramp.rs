// SPDX-License-Identifier: GPL-3.0-only
//! The course of a plan, without a chain: every sequence of good and bad eras.

use crate::{
    mock::{BOUNDS, POLICY},
    ramp::{Action, Turn},
    Baseline, Flag, Flags, Plan, PlanState, Policy,
};
use proptest::{
    option,
    prelude::{any, prop_assert, prop_assert_eq, prop_oneof, proptest, Just, Strategy},
};

const BROKEN: Flags = Flags::NONE.with(Flag::FinalityLag).with(Flag::Missed);

fn plan(count: u32, target: u32, step: u32, policy: Policy) -> Plan {
    Plan::new(count, target, step, policy, Baseline::default(), count, Some(0))
}

/// Lets `plan` go through an era, and writes what it asks for.
fn turn(plan: &mut Plan, era: u32, judged: Flags, ahead: Flags) -> Turn {
    let turn = plan.turn(era, judged, ahead);
    if let Action::Step(to) | Action::RollBack { to, .. } = turn.action {
        plan.count_written(to, era);
    }
    turn
}

/// Mostly healthy, sometimes with any flags, sometimes broken.
fn flags() -> impl Strategy<Value = Flags> {
    prop_oneof![5 => Just(Flags::NONE), 1 => any::<u8>().prop_map(Flags), 1 => Just(BROKEN)]
}

fn any_plan() -> impl Strategy<Value = Plan> {
    (4_u32..1_200, 4_u32..1_200, 1..=BOUNDS.max_step, 2_u32..6, 1_u32..6, option::of(Just(0))).prop_map(
        |(count, target, step, min_eras_between, max_hold_eras, changed_in)| {
            let policy = Policy { min_eras_between, max_hold_eras, ..POLICY };
            Plan { changed_in, ..plan(count, target, step, policy) }
        },
    )
}

proptest! {
    #[test]
    fn i1_i2_i3_steps_are_small_spaced_unflagged_and_never_overshoot(
        mut plan in any_plan(), eras in proptest::collection::vec((flags(), flags()), 1..120),
    ) {
        for (era, (judged, ahead)) in (1_u32..).zip(eras) {
            let before = plan.clone();
            match turn(&mut plan, era, judged, ahead).action {
                Action::Step(to) => {
                    prop_assert!(judged.is_empty() && ahead.is_empty());
                    prop_assert!(to.abs_diff(before.count) <= plan.step);
                    prop_assert!(to.abs_diff(plan.target) < before.count.abs_diff(plan.target));
                    prop_assert!((plan.base.min(plan.target)..=plan.base.max(plan.target)).contains(&to));
                    prop_assert!(before.changed_in.is_none_or(|changed_in| era - changed_in >= plan.policy.min_eras_between));
                },
                Action::RollBack { to, reasons } => {
                    prop_assert_eq!(to, before.last_good);
                    prop_assert!(reasons.is_broken());
                    prop_assert_eq!(before.broken_eras, 1);
                },
                _ => prop_assert_eq!(plan.count, before.count),
            }
        }
    }

    #[test]
    fn i6_i7_what_is_good_was_active_for_an_era_without_a_flag(
        mut plan in any_plan(), eras in proptest::collection::vec(flags(), 1..120),
    ) {
        // Of each era: the count that was active in it, and its flags.
        let mut history = Vec::new();
        let mut active = plan.count;
        for (era, judged) in (1_u32..).zip(eras) {
            history.push((active, judged));
            active = plan.count;
            turn(&mut plan, era, judged, Flags::NONE);
            let was_good = history.iter().any(|(count, flags)| *count == plan.last_good && flags.is_empty());
            prop_assert!(was_good || plan.last_good == plan.base);
            match plan.state {
                PlanState::Done { .. } => prop_assert_eq!((plan.count, plan.last_good), (plan.target, plan.target)),
                PlanState::RolledBack { .. } => prop_assert_eq!(plan.count, plan.last_good),
                _ => {},
            }
        }
    }

    #[test]
    fn a_healthy_plan_goes_exactly_as_projected(mut plan in any_plan().prop_filter("a step", |p| p.count != p.target)) {
        let mut projected = plan.projection(0).into_iter();
        let done = plan.done_era(0);
        for era in 1.. {
            match turn(&mut plan, era, Flags::NONE, Flags::NONE).action {
                Action::Step(to) => {
                    let step = projected.next().expect("every step was projected");
                    prop_assert_eq!((step.era, step.active_from, step.count), (era, era + 1, to));
                },
                Action::Complete => {
                    prop_assert_eq!(done, Some(era));
                    break;
                },
                action => prop_assert_eq!(action, Action::Wait),
            }
        }
        prop_assert_eq!(projected.next(), None);
        let is_done = matches!(plan.state, PlanState::Done { .. });
        prop_assert!(is_done);
    }
}

#[test]
fn nine_hundred_to_a_thousand_takes_twenty_one_eras_by_ten_and_nine_by_twenty_five() {
    let plan = |step| Plan { changed_in: None, ..plan(900, 1_000, step, POLICY) };
    let steps = plan(10).projection(0);
    assert_eq!(steps.len(), 10);
    assert_eq!((steps[0].era, steps[9].era, steps[9].count), (1, 19, 1_000));
    assert_eq!((plan(10).done_era(0), plan(25).done_era(0)), (Some(21), Some(9)));
}

#[test]
fn what_no_longer_moves_waits_for_ever() {
    let states = [
        PlanState::Paused { since: 1 },
        PlanState::RolledBack { in_era: 1, reasons: BROKEN },
        PlanState::Done { in_era: 1 },
    ];
    for state in states {
        let mut plan = Plan { state, ..plan(10, 20, 5, POLICY) };
        for (era, flags) in (2..20).zip([Flags::NONE, BROKEN, BROKEN].into_iter().cycle()) {
            assert_eq!(turn(&mut plan, era, flags, flags), Turn { is_released: false, action: Action::Wait });
        }
        assert_eq!((plan.state, plan.count), (state, 10));
        assert_eq!((plan.projection(20), plan.done_era(20)), (vec![], None));
    }
}
