// SPDX-License-Identifier: GPL-3.0-only
//! The rules that a plan must keep, and those that each of its steps must keep.

use crate::{Baseline, Bounds, Flag, Flags, Limits, Policy, PolicyField, Supply, Violation};
use alloc::vec::Vec;
use sp_staking::EraIndex;

/// The longest wait that a policy may ask for, in eras: eight months of six-hour eras.
pub const MAX_POLICY_ERAS: EraIndex = 1_000;
/// A step acts one era after it was taken, and is judged when that era has ended.
const MIN_ERAS_BETWEEN: EraIndex = 2;

/// What a vote asks for.
#[derive(Clone, Copy, Debug)]
pub struct Proposal {
    pub bounds: Bounds,
    pub target: u32,
    pub step: u32,
    pub policy: Policy,
}

/// The chain that it meets.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    pub count: u32,
    pub supply: Supply,
    pub limits: Limits,
    pub baseline: Option<Baseline>,
}

/// Every rule that `proposal` breaks.
pub fn violations(proposal: &Proposal, situation: &Situation) -> Vec<Violation> {
    let Proposal { bounds, target, step, ref policy } = *proposal;
    let mut broken = Vec::new();
    let mut check = |holds: bool, violation: Violation| {
        if !holds {
            broken.push(violation);
        }
    };
    check(target != situation.count, Violation::TargetIsCount { count: situation.count });
    check(target >= bounds.floor, Violation::TargetBelowFloor { target, floor: bounds.floor });
    check(target <= bounds.ceiling, Violation::TargetAboveCeiling { target, ceiling: bounds.ceiling });
    check((1..=bounds.max_step).contains(&step), Violation::StepOutOfBounds { step, max_step: bounds.max_step });
    for (holds, field) in [
        ((MIN_ERAS_BETWEEN..=MAX_POLICY_ERAS).contains(&policy.min_eras_between), PolicyField::MinErasBetween),
        (policy.max_missed_permille <= 1_000, PolicyField::MaxMissedPermille),
        (policy.min_availability_permille <= 1_000, PolicyField::MinAvailabilityPermille),
        ((1..=100).contains(&policy.max_inherent_weight_percent), PolicyField::MaxInherentWeightPercent),
        ((1..=MAX_POLICY_ERAS).contains(&policy.max_hold_eras), PolicyField::MaxHoldEras),
    ] {
        check(holds, Violation::Policy(field));
    }
    check(situation.baseline.is_some(), Violation::NoBaseline);
    // Not asked again before each step: anybody can nominate, and none of them shall be able to hold a plan by that.
    let Supply { voters, .. } = situation.supply;
    let max_voters = situation.limits.max_voters;
    check(voters <= max_voters, Violation::TooManyVoters { voters, max: max_voters });
    broken.extend(obstacles(target, policy, &situation.supply, &situation.limits));
    broken
}

/// The flags that keep a plan from going from `count` to `next`. A decrease cures a want of candidates or of room, so
/// neither holds it.
pub fn step_flags(count: u32, next: u32, policy: &Policy, supply: &Supply, limits: &Limits) -> Flags {
    obstacles(next, policy, supply, limits)
        .into_iter()
        .filter(|obstacle| next > count || matches!(obstacle, Violation::TooFewForCores { .. }))
        .map(|obstacle| match obstacle {
            Violation::TooFewCandidates { .. } | Violation::TooFewForCores { .. } => Flag::Supply,
            _ => Flag::Weight,
        })
        .collect()
}

/// What of the chain is in the way of `count` validators.
fn obstacles(count: u32, policy: &Policy, supply: &Supply, limits: &Limits) -> Vec<Violation> {
    let needed_candidates = count.saturating_add(policy.supply_margin);
    let needed_for_cores = limits.cores.saturating_mul(limits.min_validators_per_core);
    let bitfields = u64::from(count.min(limits.max_para_validators));
    let inherent = bitfields.saturating_mul(limits.bitfield_ref_time);
    // The percentage is at most a hundred, or the plan is refused for it.
    let max_inherent =
        limits.block_ref_time.saturating_div(100).saturating_mul(policy.max_inherent_weight_percent.into());
    let election_steps = u64::from(supply.edges).saturating_mul(count.into());

    [
        (
            count <= limits.max_validator_set,
            Violation::AboveMaxValidatorSet { target: count, max: limits.max_validator_set },
        ),
        (count <= limits.max_winners, Violation::AboveMaxWinners { target: count, max: limits.max_winners }),
        (
            count <= limits.max_authorities,
            Violation::AboveMaxAuthorities { target: count, max: limits.max_authorities },
        ),
        (
            needed_candidates <= supply.candidates,
            Violation::TooFewCandidates { candidates: supply.candidates, needed: needed_candidates },
        ),
        (inherent <= max_inherent, Violation::InherentTooHeavy { ref_time: inherent, max: max_inherent }),
        (count >= needed_for_cores, Violation::TooFewForCores { target: count, needed: needed_for_cores }),
        (
            election_steps <= limits.max_election_steps,
            Violation::ElectionTooHeavy { steps: election_steps, max: limits.max_election_steps },
        ),
    ]
    .into_iter()
    .filter_map(|(holds, violation)| (!holds).then_some(violation))
    .collect()
}
