// SPDX-License-Identifier: GPL-3.0-only
//! The calls on plans. What they mean is said at the calls themselves.

use crate::{
    feasibility::{violations, Proposal, Situation},
    Baseline, Bounds, ChainSignals, Config, CountStore, CurrentPlan, Error, Event, LastChange, Pallet, Plan, PlanState,
    Policy, Record, Violation,
};
use alloc::vec::Vec;
use frame_support::{dispatch::DispatchResult, ensure};
use sp_staking::EraIndex;

impl<T: Config> Pallet<T> {
    /// Every rule that a plan would break now if an origin with `bounds` set it.
    pub fn dry_run(bounds: Bounds, target: u32, step: u32, policy: Policy) -> Vec<Violation> {
        violations(&Proposal { bounds, target, step, policy }, &Self::situation(&policy))
    }

    pub(crate) fn do_set_plan(bounds: Bounds, target: u32, step: u32, policy: Policy) -> DispatchResult {
        let situation = Self::situation(&policy);
        if let Some(first) = violations(&Proposal { bounds, target, step, policy }, &situation).first() {
            return Err(Error::<T>::from(first).into());
        }
        let baseline = situation.baseline.ok_or(Error::<T>::NoBaseline)?;
        let before = CurrentPlan::<T>::get();
        // A plan knows which count was good. Without one, what is active is all there is to go back to.
        let last_good = before.as_ref().map_or_else(T::Signals::active_validators, |plan| plan.last_good);
        let base = situation.count;
        let changed_in = Self::changed_in(base);

        CurrentPlan::<T>::put(Plan::new(base, target, step, policy, baseline, last_good, changed_in));
        Self::deposit_event(Event::PlanSet { base, target, step, replaced: before.is_some() });
        Ok(())
    }

    pub(crate) fn do_stop() -> DispatchResult {
        ensure!(CurrentPlan::<T>::exists(), Error::<T>::NoPlan);
        CurrentPlan::<T>::kill();
        Self::deposit_event(Event::Stopped { count: T::Count::count() });
        Ok(())
    }

    pub(crate) fn do_resume() -> DispatchResult {
        let mut plan = CurrentPlan::<T>::get().ok_or(Error::<T>::NoPlan)?;
        ensure!(matches!(plan.state, PlanState::Paused { .. }), Error::<T>::NotPaused);
        plan.state = PlanState::Ramping;
        // What the vote has seen is no evidence against what it decided.
        plan.broken_eras = 0;
        CurrentPlan::<T>::put(plan);
        Self::deposit_event(Event::Resumed);
        Ok(())
    }

    pub(crate) fn do_force_set(count: u32) -> DispatchResult {
        let from = T::Count::count();
        T::Count::set_count(count)?;
        if CurrentPlan::<T>::take().is_some() {
            Self::deposit_event(Event::Stopped { count });
        }
        Self::deposit_event(Event::CountForced { from, to: count });
        Ok(())
    }

    /// When the `count` that a new plan starts from was written, if its first step has to wait for that. One that is not
    /// active yet was written in this era, as far as anybody can tell; after what a plan wrote the wait is the same whether
    /// that plan goes on, is replaced, or was stopped. Any other is old enough: the vote was notice enough.
    fn changed_in(count: u32) -> Option<EraIndex> {
        if T::Signals::active_validators() == count {
            LastChange::<T>::get()
        } else {
            Some(T::Signals::active_era())
        }
    }

    fn situation(policy: &Policy) -> Situation {
        Situation {
            count: T::Count::count(),
            supply: T::Signals::supply(),
            limits: T::Signals::limits(),
            baseline: Baseline::of(&Record::<T>::get(), T::Signals::active_era(), policy),
        }
    }
}

impl<T> From<&Violation> for Error<T> {
    fn from(violation: &Violation) -> Self {
        match violation {
            Violation::TargetIsCount { .. } => Self::TargetIsCount,
            Violation::TargetBelowFloor { .. } | Violation::TargetAboveCeiling { .. } => Self::TargetOutOfBounds,
            Violation::StepOutOfBounds { .. } => Self::StepOutOfBounds,
            Violation::Policy(_) => Self::PolicyOutOfBounds,
            Violation::AboveMaxValidatorSet { .. }
            | Violation::AboveMaxWinners { .. }
            | Violation::AboveMaxAuthorities { .. } => Self::TargetAboveLimits,
            Violation::TooFewCandidates { .. } => Self::TooFewCandidates,
            Violation::InherentTooHeavy { .. } => Self::InherentTooHeavy,
            Violation::TooFewForCores { .. } => Self::TooFewForCores,
            Violation::TooManyVoters { .. } => Self::TooManyVoters,
            Violation::ElectionTooHeavy { .. } => Self::ElectionTooHeavy,
            Violation::NoBaseline => Self::NoBaseline,
        }
    }
}
