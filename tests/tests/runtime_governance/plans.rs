// SPDX-License-Identifier: GPL-3.0-only
//! Plans for the validator count: voted for by many, followed era by era.

use super::{enactment::enact, support::Chain};
use frame_system::RawOrigin;
use pallet_staking::ActiveEra;
use pallet_validator_count::{Event, Plan, Policy};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, AccountId, BlockNumber, OriginCaller, Runtime,
    RuntimeCall, RuntimeEvent, Session, ValidatorCount,
};
use std::{collections::BTreeSet, fmt};

/// Asks for no proofs of finality: nobody finalizes blocks of externalities.
pub const POLICY: Policy = Policy {
    min_eras_between: 2,
    max_missed_permille: 50,
    min_availability_permille: 800,
    max_disputes: 0,
    max_disabled: 0,
    max_finality_lag: 30,
    proofs_per_era: 0,
    max_inherent_weight_percent: 35,
    supply_margin: 0,
    max_hold_eras: 20,
};

/// Has a referendum set a plan.
pub fn enact_plan(chain: &mut Chain, target: u32, step: u32, policy: Policy) {
    let call = RuntimeCall::ValidatorCount(pallet_validator_count::Call::set_plan { target, step, policy });
    assert_eq!(enact(chain, OriginCaller::Origins(Origin::ValidatorCountAdmin), call), Ok(()));
}

/// Has a referendum on the root track set the count at once, and waits until so many validators are active.
pub fn enact_count(chain: &mut Chain, count: u32) {
    // The largest set that an election chose takes two more eras at most.
    const ERAS: u32 = 3;

    let call = RuntimeCall::ValidatorCount(pallet_validator_count::Call::force_set { count });
    assert_eq!(enact(chain, OriginCaller::system(RawOrigin::Root), call), Ok(()));
    for _ in 0..ERAS {
        if active(chain) == count {
            return;
        }
        finish_era(chain, &BTreeSet::new());
    }
    assert_eq!(active(chain), count, "the forced count is not active");
}

/// An era as it was when it ended.
#[derive(Clone, Copy, Debug)]
pub struct EraRow {
    pub era: u32,
    /// Validators of its set.
    pub active: u32,
    /// What the next election chooses.
    pub count: u32,
    pub blocks: u32,
    pub missed: u32,
}

impl fmt::Display for EraRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { era, active, count, blocks, missed } = self;
        let share = 100.0 * f64::from(*missed) / f64::from(blocks + missed).max(1.0);
        write!(f, "era {era:>3}: active {active:>5}, count {count:>5}, {blocks} blocks, {missed} missed ({share:.2} %)")
    }
}

/// Builds blocks until the era has changed. Those who are offline leave their slots empty.
pub fn finish_era(chain: &mut Chain, offline: &BTreeSet<AccountId>) -> EraRow {
    let (era, number, slot) = (active_era(chain), chain.number(), chain.slot());
    let active = active(chain);
    let count = loop {
        let count = chain.inspect(pallet_staking::ValidatorCount::<Runtime>::get);
        block(chain, offline);
        if active_era(chain) != era {
            break count;
        }
    };
    let blocks = chain.number() - number;
    let slots = u32::try_from(chain.slot() - slot).expect("an era has few slots");
    EraRow { era, active, count, blocks, missed: slots - blocks }
}

/// Builds the next block, in the first slot whose author is online.
fn block(chain: &mut Chain, offline: &BTreeSet<AccountId>) {
    let mut slot = chain.slot() + 1;
    while !offline.is_empty() && offline.contains(&chain.author_at(slot)) {
        slot += 1;
    }
    chain.block_at(slot, || ());
}

pub fn active(chain: &mut Chain) -> u32 {
    chain.inspect(|| u32::try_from(Session::validators().len()).expect("a count of validators fits"))
}

pub fn active_era(chain: &mut Chain) -> u32 {
    chain.inspect(|| ActiveEra::<Runtime>::get().expect("an era is active").index)
}

pub fn plan(chain: &mut Chain) -> Plan {
    chain.inspect(pallet_validator_count::CurrentPlan::<Runtime>::get).expect("there is a plan")
}

/// The pallet's events so far, with their blocks.
pub fn events(chain: &Chain) -> Vec<(BlockNumber, Event<Runtime>)> {
    let of_pallet = |(block, event): &(BlockNumber, RuntimeEvent)| match event {
        RuntimeEvent::ValidatorCount(event) => Some((*block, event.clone())),
        _ => None,
    };
    chain.events().iter().filter_map(of_pallet).collect()
}

/// A step that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub era: u32,
    pub from: u32,
    pub to: u32,
}

pub fn steps(chain: &Chain) -> Vec<Step> {
    let step = |(_, event)| match event {
        Event::StepApplied { era, from, to, .. } => Some(Step { era, from, to }),
        _ => None,
    };
    events(chain).into_iter().filter_map(step).collect()
}

/// Checks what must hold in every state and over its whole history, as the pallet's README numbers it.
pub fn ensure_invariants(chain: &mut Chain) {
    let steps = steps(chain);
    chain.inspect(|| {
        let record = ValidatorCount::health(u32::MAX);
        assert!(record.len() <= 48, "I5: {} sessions on record", record.len());
        assert!(record.windows(2).all(|pair| pair[0].session + 1 == pair[1].session), "I5: {record:?}");
        let Some(plan) = pallet_validator_count::CurrentPlan::<Runtime>::get() else { return };
        let count = pallet_staking::ValidatorCount::<Runtime>::get();
        assert_eq!(count, plan.count, "somebody else has changed the count");
        let course = plan.base.min(plan.target)..=plan.base.max(plan.target);
        assert!(course.contains(&count) || count == plan.last_good, "I1: {count} is off the course of {plan:?}");
        for pair in steps.windows(2) {
            assert!(pair[1].era >= pair[0].era + plan.policy.min_eras_between, "I2: two steps too close: {pair:?}");
        }
        for step in &steps {
            assert!(step.from.abs_diff(step.to) <= plan.step, "I2: {step:?} is too large");
        }
        if matches!(plan.state, pallet_validator_count::PlanState::Done { .. }) {
            assert_eq!(count, plan.target, "I6");
        }
    });
}
