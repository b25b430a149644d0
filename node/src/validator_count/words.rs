// SPDX-License-Identifier: GPL-3.0-only
//! What the pallet answers, in the words of people and of programs that watch.

use pallet_validator_count::{Flag, Flags, NotJudged, Plan, PlanState, PolicyField, Violation};

/// The flag's name in texts, records and labels.
pub const fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Missed => "MISSED",
        Flag::Availability => "AVAILABILITY",
        Flag::Dispute => "DISPUTE",
        Flag::Disabled => "DISABLED",
        Flag::FinalityLag => "FINALITY_LAG",
        Flag::FinalityUnknown => "FINALITY_UNKNOWN",
        Flag::Supply => "SUPPLY",
        Flag::Weight => "WEIGHT",
    }
}

/// The names of all flags in the set.
pub fn flags(flags: Flags) -> Vec<&'static str> {
    flags.iter().map(flag).collect()
}

/// The names of the states a plan may be in; the first is that of no plan.
pub const STATES: [&str; 6] = ["none", "ramping", "held", "paused", "rolled_back", "done"];

/// The name of the plan's state, one of [`STATES`].
pub const fn state(plan: Option<&Plan>) -> &'static str {
    match plan {
        None => "none",
        Some(plan) => match plan.state {
            PlanState::Ramping => "ramping",
            PlanState::Held { .. } => "held",
            PlanState::Paused { .. } => "paused",
            PlanState::RolledBack { .. } => "rolled_back",
            PlanState::Done { .. } => "done",
        },
    }
}

/// What holds the plan, or was the reason to roll it back.
pub const fn reasons(plan: Option<&Plan>) -> Flags {
    match plan {
        Some(Plan { state: PlanState::Held { reasons, .. } | PlanState::RolledBack { reasons, .. }, .. }) => *reasons,
        _ => Flags::NONE,
    }
}

/// What no flag can speak of.
pub const fn not_judged(what: NotJudged) -> &'static str {
    match what {
        NotJudged::ApprovalNoShows => "approval checkers that do not show up",
        NotJudged::GossipLoad => "load of gossip",
        NotJudged::ValidatorLoad => "load of validators",
        NotJudged::FinalityUnknown => "unknown finality (the policy asks for no proofs)",
    }
}

/// The rule that a plan breaks, with its figures.
pub fn violation(violation: &Violation) -> String {
    match violation {
        Violation::TargetIsCount { count } => format!("the count is {count} already"),
        Violation::TargetBelowFloor { target, floor } => format!("target {target} is below the floor of {floor}"),
        Violation::TargetAboveCeiling { target, ceiling } => {
            format!("target {target} is above the ceiling of {ceiling}")
        }
        Violation::StepOutOfBounds { step, max_step } => format!("a step of {step} is not from 1 to {max_step}"),
        Violation::Policy(field) => format!("the policy's {} is out of its range", policy_field(*field)),
        Violation::AboveMaxValidatorSet { target, max } => {
            format!("target {target} is above {max}, the largest set of staking")
        }
        Violation::AboveMaxWinners { target, max } => {
            format!("target {target} is above {max}, the most winners of an election")
        }
        Violation::AboveMaxAuthorities { target, max } => {
            format!("target {target} is above {max}, the most authorities of a consensus pallet")
        }
        Violation::TooFewCandidates { candidates, needed } => {
            format!("there are {candidates} candidates, and {needed} are needed")
        }
        Violation::InherentTooHeavy { ref_time, max } => {
            format!("the bitfields would weigh {} ms of a block, above {} ms", millis(*ref_time), millis(*max))
        }
        Violation::TooFewForCores { target, needed } => {
            format!("target {target} leaves cores without validators, which need {needed}")
        }
        Violation::TooManyVoters { voters, max } => {
            format!("there are {voters} voters, and an election looks at {max}")
        }
        Violation::ElectionTooHeavy { steps, max } => {
            format!("an election would take {steps} steps, above {max}")
        }
        Violation::NoBaseline => "there is no healthy session to compare with; wait for the end of an era".to_owned(),
    }
}

const fn policy_field(field: PolicyField) -> &'static str {
    match field {
        PolicyField::MinErasBetween => "min_eras_between",
        PolicyField::MaxMissedPermille => "max_missed_permille",
        PolicyField::MinAvailabilityPermille => "min_availability_permille",
        PolicyField::MaxInherentWeightPercent => "max_inherent_weight_percent",
        PolicyField::MaxHoldEras => "max_hold_eras",
    }
}

/// Weights count picoseconds.
const fn millis(ref_time: u64) -> u64 {
    ref_time / 1_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_named_in_the_order_of_their_bits() {
        let set = Flags::from_iter([Flag::Weight, Flag::Missed, Flag::FinalityUnknown]);
        assert_eq!(flags(set), ["MISSED", "FINALITY_UNKNOWN", "WEIGHT"]);
        assert_eq!(flags(Flags::NONE), Vec::<&str>::new());
    }

    #[test]
    fn a_broken_rule_has_its_figures() {
        let told = violation(&Violation::InherentTooHeavy { ref_time: 420_000_000_000, max: 400_000_000_000 });
        assert!(told.contains("420 ms") && told.contains("400 ms"), "{told}");
        let told = violation(&Violation::Policy(PolicyField::MaxHoldEras));
        assert!(told.contains("max_hold_eras"), "{told}");
    }

    #[test]
    fn without_a_plan_there_is_a_name_too() {
        assert_eq!(state(None), STATES[0]);
        assert!(reasons(None).is_empty());
    }
}
