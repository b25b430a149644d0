// SPDX-License-Identifier: GPL-3.0-only
//! The course of a plan, era by era: what follows from the flags of the era that has ended.

use crate::{Baseline, Flags, Plan, PlanState, Policy, ProjectedStep};
use alloc::vec::Vec;
use sp_staking::EraIndex;

/// From its writing to the first judgement of an era in which it was active, a count takes so many eras: one until the
/// election has chosen so many, one to watch them.
const ERAS_TO_JUDGEMENT: EraIndex = 2;
/// How many eras on end a chain must be broken before a plan is rolled back.
const BROKEN_ERAS_TO_ROLL_BACK: u32 = 2;

/// What happens to a plan when an era has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Nothing holds it any more.
    pub is_released: bool,
    pub action: Action,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing changes.
    Wait,
    /// It is held, for these reasons, and was not, or for others.
    Hold(Flags),
    /// It was held for too long.
    Pause,
    /// The count is to be written.
    Step(u32),
    /// The last good count is to be written.
    RollBack { to: u32, reasons: Flags },
    /// The target is reached, and was judged good.
    Complete,
}

impl Plan {
    /// A plan from `count` on, which was written in the era `changed_in`; with `None` its first step waits for nothing.
    /// `last_good` is the count to go back to as long as no other was judged.
    pub fn new(
        count: u32,
        target: u32,
        step: u32,
        policy: Policy,
        baseline: Baseline,
        last_good: u32,
        changed_in: Option<EraIndex>,
    ) -> Self {
        Self {
            base: count,
            target,
            step,
            policy,
            baseline,
            count,
            last_good,
            changed_in,
            broken_eras: 0,
            state: PlanState::Ramping,
        }
    }

    /// The count after the next step; the count itself at the target.
    pub fn next_count(&self) -> u32 {
        if self.target >= self.count {
            self.count.saturating_add(self.step).min(self.target)
        } else {
            self.count.saturating_sub(self.step).max(self.target)
        }
    }

    /// The first era in which a step may follow the last change; any era without one.
    pub fn next_step_era(&self) -> EraIndex {
        self.after_change(self.policy.min_eras_between)
    }

    /// The first era in whose beginning an era with the present count has been watched from end to end.
    pub fn judged_era(&self) -> EraIndex {
        self.after_change(ERAS_TO_JUDGEMENT)
    }

    /// Whether the plan moves by itself.
    pub fn is_moving(&self) -> bool {
        matches!(self.state, PlanState::Ramping | PlanState::Held { .. })
    }

    /// Moves the state at the beginning of `era`. `judged` are the flags of the era before it, `ahead` those that keep
    /// the plan from its next step. The caller writes the count that the action asks for, and then calls
    /// [`Plan::count_written`].
    pub fn turn(&mut self, era: EraIndex, judged: Flags, ahead: Flags) -> Turn {
        if !self.is_moving() {
            return Turn { is_released: false, action: Action::Wait };
        }
        if judged.is_empty() && era >= self.judged_era() {
            self.last_good = self.count;
        }
        self.broken_eras = if judged.is_broken() { self.broken_eras.saturating_add(1) } else { 0 };
        if self.broken_eras >= BROKEN_ERAS_TO_ROLL_BACK && self.count != self.last_good {
            self.state = PlanState::RolledBack { in_era: era, reasons: judged };
            let action = Action::RollBack { to: self.last_good, reasons: judged };
            return Turn { is_released: false, action };
        }
        let reasons = judged.union(ahead);
        if reasons.is_empty() {
            self.proceed(era)
        } else {
            Turn { is_released: false, action: self.hold(era, reasons) }
        }
    }

    /// `count` was written at the beginning of `era`.
    pub fn count_written(&mut self, count: u32, era: EraIndex) {
        self.count = count;
        self.changed_in = Some(era);
    }

    /// The steps that are left after `era`, if nothing holds the plan.
    pub fn projection(&self, era: EraIndex) -> Vec<ProjectedStep> {
        let mut ahead = self.clone();
        let mut steps = Vec::new();
        while ahead.is_moving() && ahead.count != ahead.target {
            let step_era = ahead.next_step_era().max(era.saturating_add(1));
            ahead.count_written(ahead.next_count(), step_era);
            steps.push(ProjectedStep { era: step_era, active_from: step_era.saturating_add(1), count: ahead.count });
        }
        steps
    }

    /// The era in which the plan is done if nothing holds it.
    pub fn done_era(&self, era: EraIndex) -> Option<EraIndex> {
        let last_step = self.projection(era).last().map(|step| step.era.saturating_add(ERAS_TO_JUDGEMENT));
        self.is_moving().then(|| last_step.unwrap_or_else(|| self.judged_era()).max(era.saturating_add(1)))
    }

    fn after_change(&self, eras: EraIndex) -> EraIndex {
        self.changed_in.map_or(0, |changed_in| changed_in.saturating_add(eras))
    }

    fn proceed(&mut self, era: EraIndex) -> Turn {
        let is_released = matches!(self.state, PlanState::Held { .. });
        self.state = PlanState::Ramping;
        let action = if self.count != self.target {
            if era >= self.next_step_era() {
                Action::Step(self.next_count())
            } else {
                Action::Wait
            }
        } else if self.last_good == self.target {
            self.state = PlanState::Done { in_era: era };
            Action::Complete
        } else {
            Action::Wait
        };
        Turn { is_released, action }
    }

    fn hold(&mut self, era: EraIndex, reasons: Flags) -> Action {
        let PlanState::Held { since, reasons: before } = self.state else {
            self.state = PlanState::Held { since: era, reasons };
            return Action::Hold(reasons);
        };
        if era.saturating_sub(since) > self.policy.max_hold_eras {
            self.state = PlanState::Paused { since: era };
            return Action::Pause;
        }
        self.state = PlanState::Held { since, reasons };
        if reasons == before {
            Action::Wait
        } else {
            Action::Hold(reasons)
        }
    }
}
