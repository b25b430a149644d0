// SPDX-License-Identifier: GPL-3.0-only
//! A referendum makes the set of validators larger or smaller, by steps, on sessions and elections as they are configured.

use super::{
    candidates::register,
    cost,
    plans::{
        active, active_era, enact_count, enact_plan, ensure_invariants, events, finish_era, plan, steps, Step, POLICY,
    },
    support::Chain,
};
use pallet_validator_count::{Event, PlanState, Policy};
use serin_runtime::{genesis_config_presets::Preset, ValidatorCount};
use std::{collections::BTreeSet, time::Instant};

/// How many validators the genesis has. They have more at stake than any candidate, and stay.
pub const GENESIS_VALIDATORS: u32 = 4;

/// A course, and how many stand by for it.
#[derive(Clone, Copy, Debug)]
struct Course {
    from: u32,
    to: u32,
    step: u32,
    candidates: u32,
}

#[test]
fn twenty_validators_become_thirty() {
    let mut chain = ramp(Course { from: 20, to: 30, step: 4, candidates: 35 });
    cost::print(&mut chain);
}

#[test]
fn thirty_validators_become_twenty() {
    ramp(Course { from: 30, to: 20, step: 3, candidates: 35 });
}

/// What Kusama did in 2021 and 2022. Slow for its elections: a thousand winners each.
#[test]
fn prove_nine_hundred_validators_become_a_thousand() {
    let mut chain = ramp(Course { from: 900, to: 1_000, step: 25, candidates: 1_050 });
    assert_eq!(active(&mut chain), 1_000);
    cost::print(&mut chain);
}

/// Candidates register, one referendum sets the count that the course begins at, another one the plan; and each step comes
/// in the era that was foretold, and is active an era later.
fn ramp(course: Course) -> Chain {
    let began = Instant::now();
    let mut chain = Chain::new(Preset::Local, GENESIS_VALIDATORS);
    register(&mut chain, 0..course.candidates - GENESIS_VALIDATORS);
    println!("{course:?}: {} candidates after {} blocks, {:.1?}", course.candidates, chain.number(), began.elapsed());

    enact_count(&mut chain, course.from);
    enact_plan(&mut chain, course.to, course.step, Policy { supply_margin: 5, ..POLICY });
    let set_in = active_era(&mut chain);
    let (status, projection) = chain.inspect(|| (ValidatorCount::status(), ValidatorCount::projection()));
    let done_era = status.done_era.expect("nothing holds the plan");
    println!("set in era {set_in}, block {}, {:.1?}; to be done in era {done_era}", chain.number(), began.elapsed());

    let ramp_began = Instant::now();
    let first_block = chain.number();
    while active_era(&mut chain) < done_era {
        let row = finish_era(&mut chain, &BTreeSet::new());
        println!("{row}");
        assert_eq!(row.missed, 0);
        // A count written in one era is that of the set in the next.
        let expected =
            projection.iter().rev().find(|step| step.active_from <= row.era).map_or(course.from, |step| step.count);
        assert_eq!(row.active, expected, "{row}");
        ensure_invariants(&mut chain);
    }
    let foretold = projection
        .iter()
        .scan(course.from, |from, step| {
            let from = core::mem::replace(from, step.count);
            Some(Step { era: step.era, from, to: step.count })
        })
        .collect::<Vec<_>>();
    assert_eq!(steps(&chain), foretold);
    assert_eq!(foretold.len(), usize::try_from(course.from.abs_diff(course.to).div_ceil(course.step)).expect("few"));
    assert_eq!(plan(&mut chain).state, PlanState::Done { in_era: done_era });
    assert_eq!(active(&mut chain), course.to);
    ensure_never_held(&chain);

    let eras = done_era - set_in;
    let blocks = chain.number() - first_block;
    println!("{} -> {} in {eras} eras, {blocks} blocks, {:.1?}", course.from, course.to, ramp_began.elapsed());
    chain
}

fn ensure_never_held(chain: &Chain) {
    let held = events(chain).into_iter().filter(|(_, event)| matches!(event, Event::Held { .. })).collect::<Vec<_>>();
    assert!(held.is_empty(), "{held:?}");
}
