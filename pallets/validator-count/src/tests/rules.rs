// SPDX-License-Identifier: GPL-3.0-only
//! What a plan must keep to be set.

use crate::{
    feasibility::{step_flags, violations, Proposal, Situation, MAX_POLICY_ERAS},
    mock::{healthy_era, set_plan, LimitsNow, Test, TestExt, ValidatorCount, BOUNDS, LIMITS, POLICY},
    Baseline, Error, Flag, Flags, Limits, PolicyField, Supply, Violation,
};
use frame_support::{assert_noop, assert_ok};
use proptest::prelude::{any, prop_assert_eq, proptest};

/// A plan from 100 to 200 that keeps every rule.
fn sound() -> (Proposal, Situation) {
    let proposal = Proposal { bounds: BOUNDS, target: 200, step: 10, policy: POLICY };
    let situation = Situation {
        count: 100,
        supply: Supply { candidates: 200, voters: 200, edges: 200 },
        limits: LIMITS,
        baseline: Some(Baseline { sessions: 1, slots: 10, missed: 0 }),
    };
    (proposal, situation)
}

type Break = fn(&mut Proposal, &mut Situation);

fn broken_rules() -> Vec<(Break, Violation, Error<Test>)> {
    use Violation::*;
    let policy = |field| (Policy(field), Error::PolicyOutOfBounds);
    let row = |change: Break, (violation, error)| (change, violation, error);
    let above = || Error::TargetAboveLimits;
    vec![
        row(|p, _| p.target = 100, (TargetIsCount { count: 100 }, Error::TargetIsCount)),
        row(|p, _| p.bounds.floor = 201, (TargetBelowFloor { target: 200, floor: 201 }, Error::TargetOutOfBounds)),
        row(
            |p, _| p.bounds.ceiling = 199,
            (TargetAboveCeiling { target: 200, ceiling: 199 }, Error::TargetOutOfBounds),
        ),
        row(|p, _| p.step = 0, (StepOutOfBounds { step: 0, max_step: 25 }, Error::StepOutOfBounds)),
        row(|p, _| p.step = 26, (StepOutOfBounds { step: 26, max_step: 25 }, Error::StepOutOfBounds)),
        row(|p, _| p.policy.min_eras_between = 1, policy(PolicyField::MinErasBetween)),
        row(|p, _| p.policy.min_eras_between = MAX_POLICY_ERAS + 1, policy(PolicyField::MinErasBetween)),
        row(|p, _| p.policy.max_missed_permille = 1_001, policy(PolicyField::MaxMissedPermille)),
        row(|p, _| p.policy.min_availability_permille = 1_001, policy(PolicyField::MinAvailabilityPermille)),
        row(|p, _| p.policy.max_inherent_weight_percent = 101, policy(PolicyField::MaxInherentWeightPercent)),
        row(|p, _| p.policy.max_hold_eras = 0, policy(PolicyField::MaxHoldEras)),
        row(|p, _| p.policy.max_hold_eras = MAX_POLICY_ERAS + 1, policy(PolicyField::MaxHoldEras)),
        row(|_, s| s.baseline = None, (NoBaseline, Error::NoBaseline)),
        row(|_, s| s.limits.max_validator_set = 199, (AboveMaxValidatorSet { target: 200, max: 199 }, above())),
        row(|_, s| s.limits.max_winners = 199, (AboveMaxWinners { target: 200, max: 199 }, above())),
        row(|_, s| s.limits.max_authorities = 199, (AboveMaxAuthorities { target: 200, max: 199 }, above())),
        row(
            |_, s| s.supply.candidates = 199,
            (TooFewCandidates { candidates: 199, needed: 200 }, Error::TooFewCandidates),
        ),
        row(
            |p, _| p.policy.supply_margin = 1,
            (TooFewCandidates { candidates: 200, needed: 201 }, Error::TooFewCandidates),
        ),
        row(
            |_, s| s.limits.bitfield_ref_time = 3_000_000_001,
            (InherentTooHeavy { ref_time: 600_000_000_200, max: 600_000_000_000 }, Error::InherentTooHeavy),
        ),
        row(|_, s| s.limits.cores = 101, (TooFewForCores { target: 200, needed: 202 }, Error::TooFewForCores)),
        row(|_, s| s.supply.voters = 2_501, (TooManyVoters { voters: 2_501, max: 2_500 }, Error::TooManyVoters)),
        row(
            |_, s| s.supply.edges = 100_001,
            (ElectionTooHeavy { steps: 20_000_200, max: 20_000_000 }, Error::ElectionTooHeavy),
        ),
    ]
}

#[test]
fn every_rule_alone_is_named_with_its_figures_and_its_error() {
    let (proposal, situation) = sound();
    assert_eq!(violations(&proposal, &situation), []);
    for (change, expected, error) in broken_rules() {
        let (mut proposal, mut situation) = sound();
        change(&mut proposal, &mut situation);
        assert_eq!(violations(&proposal, &situation), [expected]);
        assert_eq!(format!("{:?}", Error::<Test>::from(&expected)), format!("{error:?}"));
    }
}

#[test]
fn a_limit_itself_may_be_used_up() {
    let (mut proposal, mut situation) = sound();
    proposal.bounds.floor = 200;
    proposal.bounds.ceiling = 200;
    proposal.step = 25;
    situation.limits = Limits {
        max_validator_set: 200,
        max_winners: 200,
        max_authorities: 200,
        bitfield_ref_time: 3_000_000_000,
        cores: 100,
        ..LIMITS
    };
    situation.supply = Supply { voters: 2_500, edges: 100_000, ..situation.supply };
    assert_eq!(violations(&proposal, &situation), []);
}

#[test]
fn validators_that_check_no_parachain_send_no_bitfield() {
    let (proposal, mut situation) = sound();
    situation.limits.bitfield_ref_time = 6_000_000_000;
    situation.limits.max_para_validators = 100;
    assert_eq!(violations(&proposal, &situation), []);
}

#[test]
fn a_refused_plan_says_every_broken_rule_before_anyone_votes() {
    TestExt::default().execute(|| {
        healthy_era();
        LimitsNow::mutate(|limits| limits.max_winners = 30);
        let policy = crate::Policy { min_eras_between: 0, ..POLICY };
        assert_eq!(
            ValidatorCount::dry_run(BOUNDS, 50, 0, policy),
            [
                Violation::StepOutOfBounds { step: 0, max_step: 25 },
                Violation::Policy(PolicyField::MinErasBetween),
                Violation::AboveMaxWinners { target: 50, max: 30 },
                Violation::TooFewCandidates { candidates: 40, needed: 50 },
            ]
        );
        assert_noop!(set_plan(50, 0, policy), Error::<Test>::StepOutOfBounds);
        assert_eq!(ValidatorCount::dry_run(BOUNDS, 30, 5, POLICY), []);
        assert_ok!(set_plan(30, 5, POLICY));
    });
}

#[test]
fn what_holds_at_the_vote_is_checked_again_when_it_is_enacted() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_eq!(ValidatorCount::dry_run(BOUNDS, 40, 5, POLICY), []);
        assert_ok!(crate::mock::Staking::chill(crate::mock::RuntimeOrigin::signed(40)));
        assert_noop!(set_plan(40, 5, POLICY), Error::<Test>::TooFewCandidates);
    });
}

#[test]
fn without_an_ended_era_there_is_no_baseline() {
    TestExt::default().execute(|| {
        assert_noop!(set_plan(20, 5, POLICY), Error::<Test>::NoBaseline);
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
    });
}

#[test]
fn a_decrease_is_not_held_by_what_it_cures() {
    let nobody = Supply { candidates: 0, voters: 1_000_000, edges: 1_000_000 };
    let tiny = Limits { max_winners: 1, ..LIMITS };
    assert_eq!(step_flags(100, 90, &POLICY, &nobody, &tiny), Flags::NONE);
    let raised = step_flags(90, 100, &POLICY, &nobody, &tiny);
    assert_eq!(raised, Flags::NONE.with(Flag::Supply).with(Flag::Weight));
    let many_cores = Limits { cores: 50, ..LIMITS };
    assert_eq!(step_flags(100, 90, &POLICY, &nobody, &many_cores), Flags::NONE.with(Flag::Supply));
}

#[test]
fn nobody_can_hold_a_plan_by_nominating() {
    let crowd = Supply { candidates: 200, voters: u32::MAX, edges: 200 };
    assert_eq!(step_flags(100, 110, &POLICY, &crowd, &LIMITS), Flags::NONE);
}

proptest! {
    /// No figure overflows: each comparison agrees with the same one in numbers that are large enough.
    #[test]
    fn products_agree_with_exact_ones(
        target in any::<u32>(), edges in any::<u32>(), cores in any::<u32>(), group in any::<u32>(),
        bitfield in 0_u64..10_000_000_000, margin in any::<u32>(), candidates in any::<u32>(),
    ) {
        let (mut proposal, mut situation) = sound();
        proposal.target = target;
        proposal.policy.supply_margin = margin;
        situation.supply = Supply { candidates, voters: candidates, edges };
        situation.limits = Limits {
            cores, min_validators_per_core: group, bitfield_ref_time: bitfield, max_para_validators: u32::MAX, ..LIMITS
        };
        let found = violations(&proposal, &situation);
        let has = |wanted: fn(&Violation) -> bool| found.iter().any(wanted);
        let (target, block) = (u128::from(target), u128::from(LIMITS.block_ref_time));
        prop_assert_eq!(
            has(|v| matches!(v, Violation::ElectionTooHeavy { .. })),
            target * u128::from(edges) > u128::from(LIMITS.max_election_steps)
        );
        prop_assert_eq!(
            has(|v| matches!(v, Violation::InherentTooHeavy { .. })),
            target * u128::from(bitfield) * 100 > block * u128::from(POLICY.max_inherent_weight_percent)
        );
        // A sum or product above the largest `u32` saturates there, and no figure that it is compared with is above it.
        let needed_candidates = (target + u128::from(margin)).min(u32::MAX.into());
        prop_assert_eq!(
            has(|v| matches!(v, Violation::TooFewCandidates { .. })), needed_candidates > candidates.into()
        );
        let needed_for_cores = (u128::from(cores) * u128::from(group)).min(u32::MAX.into());
        prop_assert_eq!(has(|v| matches!(v, Violation::TooFewForCores { .. })), needed_for_cores > target);
    }
}
