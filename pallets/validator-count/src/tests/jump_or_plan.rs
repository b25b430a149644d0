// SPDX-License-Identifier: GPL-3.0-only
//! The same fault under a bare change of the count, and under a plan: of the validators beyond the first nine hundred one
//! in ten is offline, and misses its slots.

use crate::{
    mock::{era, set_plan, take_events, Chain, RuntimeOrigin, Session, Staking, Test, TestExt, ValidatorCount, POLICY},
    ChainSignals, CountStore, CurrentPlan, Event, Flag, Flags, PlanState, Policy,
};
use frame_support::assert_ok;
use rand::{rngs::StdRng, Rng, SeedableRng};
use std::collections::BTreeSet;

const SEED: u64 = 20_211;
const BASE: u32 = 900;
const TARGET: u32 = 1_000;
const STEP: u32 = 25;
const ERAS: u32 = 10;

/// Kusama's eras: six sessions of 600 slots.
fn chain() -> TestExt {
    TestExt { count: BASE, candidates: TARGET, slots_per_session: 600, sessions_per_era: 6 }
}

/// Which of the newcomers are offline: the same ones for both.
fn offline() -> BTreeSet<u64> {
    let mut rng = StdRng::seed_from_u64(SEED);
    (u64::from(BASE) + 1..=u64::from(TARGET)).filter(|_| rng.gen_ratio(1, 10)).collect()
}

/// What an era was like.
#[derive(Clone, Copy, Debug)]
struct Point {
    era: u32,
    active: u32,
    missed_permille: f64,
}

/// Runs an era in which each slot belongs to a validator drawn from the active set.
fn run_era(offline: &BTreeSet<u64>, rng: &mut StdRng) -> Point {
    let era_before = Chain::active_era();
    let validators = Session::validators();
    era(|| {
        let mut missed = 0;
        while offline.contains(&validators[rng.gen_range(0..validators.len())]) {
            missed += 1;
        }
        missed
    });
    let record = ValidatorCount::health(6);
    assert!(record.iter().all(|session| session.era == era_before));
    let missed: u32 = record.iter().map(|session| session.health.missed).sum();
    let slots: u64 = record.iter().map(|session| session.health.slots()).sum();
    Point {
        era: era_before,
        active: validators.len() as u32,
        missed_permille: f64::from(missed) * 1_000.0 / slots as f64,
    }
}

/// The eras after `change`, each on a line that can be plotted.
fn series(name: &str, change: impl FnOnce()) -> Vec<Point> {
    let offline = offline();
    let mut rng = StdRng::seed_from_u64(SEED);
    run_era(&offline, &mut rng);
    change();
    let points: Vec<_> = (0..ERAS).map(|_| run_era(&offline, &mut rng)).collect();
    println!("series,era,active,missed_permille");
    for Point { era, active, missed_permille } in &points {
        println!("{name},{era},{active},{missed_permille:.2}");
    }
    points
}

#[test]
fn a_bare_jump_stays_broken_and_a_plan_stops_at_the_first_bad_step() {
    println!("seed={SEED} offline={} of {} newcomers", offline().len(), TARGET - BASE);
    let jump = chain().execute(|| {
        let points = series("jump", || {
            assert_ok!(Staking::set_validator_count(RuntimeOrigin::root(), TARGET));
        });
        assert_eq!(Chain::count(), TARGET);
        points
    });
    let (held_at, plan) = chain().execute(|| {
        let policy = Policy { max_hold_eras: 2 * ERAS, ..POLICY };
        let points = series("plan", || {
            assert_ok!(set_plan(TARGET, STEP, policy));
        });
        assert_eq!(CurrentPlan::<Test>::get().map(|plan| plan.count), Some(Chain::count()));
        assert!(matches!(CurrentPlan::<Test>::get().unwrap().state, PlanState::Held { .. }));
        (first_hold(), points)
    });

    // The jump: everybody at once, and the fault for good.
    let broken = &jump[1..];
    assert!(broken.iter().all(|point| point.active == TARGET && point.missed_permille > 4.0), "{broken:?}");

    // The plan: it is held by the judgement of the first era in which an offline newcomer was active, and goes no
    // further. What it holds is a fraction of the fault.
    let offline = offline();
    let first_offline = *offline.first().unwrap() as u32;
    let first_bad = plan.iter().find(|point| point.active >= first_offline).unwrap();
    assert_eq!(held_at, (first_bad.era + 1, Flags::NONE.with(Flag::Missed)));
    let last = plan.last().unwrap();
    assert_eq!(last.active, first_bad.active);
    assert!(last.active < TARGET);
    let missed = |points: &[Point]| points.iter().map(|point| point.missed_permille).collect::<Vec<_>>();
    let worst_of_plan = missed(&plan).into_iter().fold(0.0, f64::max);
    let best_of_jump = missed(broken).into_iter().fold(f64::INFINITY, f64::min);
    assert!(worst_of_plan < best_of_jump, "{worst_of_plan} and {best_of_jump} in a thousand");
}

/// The era in which the plan was first held, and why.
fn first_hold() -> (u32, Flags) {
    let held = |event| match event {
        Event::Held { era, reasons, .. } => Some((era, reasons)),
        _ => None,
    };
    take_events().into_iter().find_map(held).expect("the plan was held")
}
