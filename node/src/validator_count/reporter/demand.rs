// SPDX-License-Identifier: GPL-3.0-only
//! When a proof of finality is of use.

use pallet_timing::TimingParameters;
use pallet_validator_count::{PlanState, Status};
use serin_runtime::BlockNumber;

/// How many proofs an era gets while no plan asks for any: so a plan that is set late in an era does not begin with an unknown
/// finality, and everybody sees beforehand how far it is behind.
const PROOFS_WITHOUT_PLAN: u32 = 1;

/// What the chain asks for after its best block.
pub struct Demand<'a> {
    pub status: &'a Status,
    pub timing: &'a TimingParameters,
    /// The number of that block.
    pub best: BlockNumber,
}

impl Demand<'_> {
    /// Whether a proof that `block` is final is due, and would count.
    pub fn wants(&self, block: BlockNumber) -> bool {
        self.is_due(self.proofs_per_era()) && self.would_count(block)
    }

    fn proofs_per_era(&self) -> u32 {
        let plan = self.status.plan.as_ref();
        plan.map_or(PROOFS_WITHOUT_PLAN, |plan| match plan.state {
            // A paused one may be resumed in the next block.
            PlanState::Ramping | PlanState::Held { .. } | PlanState::Paused { .. } => plan.policy.proofs_per_era,
            PlanState::RolledBack { .. } | PlanState::Done { .. } => PROOFS_WITHOUT_PLAN,
        })
    }

    /// The proofs of an era are spread over it, each in the middle of its part: so they tell of all of it, each has half a part
    /// to come into a block, and the last of one era is far from the first of the next.
    fn is_due(&self, asked: u32) -> bool {
        let given = u64::from(self.status.era_so_far.finality_proofs);
        let asked = u64::from(asked);
        let era_slots = u64::from(self.timing.epoch_slots).saturating_mul(self.timing.sessions_per_era.into());
        // (given + 1/2) / asked of the era, doubled to stay whole.
        let middle = given.saturating_mul(2).saturating_add(1).saturating_mul(era_slots);
        let elapsed = self.status.era_so_far.slots().saturating_mul(2).saturating_mul(asked);
        given < asked && elapsed >= middle
    }

    /// The runtime's `ProofSpacing`: what is proven must advance by half a session. An earlier proof would not count, and cost
    /// its fee.
    fn would_count(&self, block: BlockNumber) -> bool {
        let spacing = (self.timing.epoch_slots / 2).max(1);
        let proven = self.status.finality_lag.map(|lag| self.best.saturating_sub(lag));
        proven.is_none_or(|proven| block >= proven.saturating_add(spacing))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_validator_count::{Flags, Health, Plan, Policy};

    /// Eras of 40 slots.
    const TIMING: TimingParameters =
        TimingParameters { epoch_slots: 20, sessions_per_era: 2, ..TimingParameters::SERIN };

    fn status(state: PlanState, proofs_per_era: u32, elapsed: u32, given: u32) -> Status {
        let policy = Policy {
            min_eras_between: 2,
            max_missed_permille: 0,
            min_availability_permille: 0,
            max_disputes: 0,
            max_disabled: 0,
            max_finality_lag: 0,
            proofs_per_era,
            max_inherent_weight_percent: 1,
            supply_margin: 0,
            max_hold_eras: 1,
        };
        let plan = Plan {
            base: 4,
            target: 7,
            step: 1,
            policy,
            baseline: Default::default(),
            count: 4,
            last_good: 4,
            changed_in: None,
            broken_eras: 0,
            state,
        };
        let era_so_far = Health { blocks: elapsed - 1, missed: 1, finality_proofs: given, ..Health::default() };
        Status {
            count: 4,
            active: 4,
            active_era: 1,
            plan: Some(plan),
            next_step_era: None,
            done_era: None,
            finality_lag: None,
            era_so_far,
            not_judged: Vec::new(),
        }
    }

    fn wants(status: &Status, block: BlockNumber) -> bool {
        Demand { status, timing: &TIMING, best: 100 }.wants(block)
    }

    #[test]
    fn proofs_are_spread_over_the_era() {
        let due = |given, elapsed| wants(&status(PlanState::Ramping, 2, elapsed, given), 98);
        assert!(!due(0, 9) && due(0, 10) && due(0, 40));
        assert!(!due(1, 29) && due(1, 30));
        assert!(!due(2, 40), "two were asked for");
        assert!(!wants(&status(PlanState::Ramping, 0, 40, 0), 98), "none was asked for");
    }

    #[test]
    fn a_proof_must_advance_what_is_proven_by_half_a_session() {
        let mut status = status(PlanState::Ramping, 1, 30, 0);
        status.finality_lag = Some(15);
        assert!(!wants(&status, 94));
        assert!(wants(&status, 95));
    }

    #[test]
    fn a_plan_that_is_under_way_says_how_many_and_else_it_is_one() {
        let later = |state| wants(&status(state, 3, 39, 1), 98);
        assert!(later(PlanState::Ramping));
        assert!(later(PlanState::Held { since: 1, reasons: Flags::NONE }));
        assert!(later(PlanState::Paused { since: 1 }));
        assert!(!later(PlanState::Done { in_era: 1 }), "one was given");
        let mut without = status(PlanState::Ramping, 0, 39, 0);
        assert!(!wants(&without, 98));
        without.plan = None;
        assert!(wants(&without, 98));
    }
}
