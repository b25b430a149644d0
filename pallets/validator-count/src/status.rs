// SPDX-License-Identifier: GPL-3.0-only
//! What `ValidatorCountApi` delegates to, but for `dry_run`, which is beside the call that it foretells.

use crate::{
    health::era_health, ChainSignals, Config, CountStore, CurrentPlan, NotJudged, Pallet, Plan, ProjectedStep,
    ProvenBlock, Record, Running, SessionHealth, Status,
};
use alloc::{vec, vec::Vec};
use sp_runtime::{traits::Saturating, SaturatedConversion};

impl<T: Config> Pallet<T> {
    /// Where the plan stands.
    pub fn status() -> Status {
        let active_era = T::Signals::active_era();
        let plan = CurrentPlan::<T>::get();
        let now = frame_system::Pallet::<T>::block_number();
        Status {
            count: T::Count::count(),
            active: T::Signals::active_validators(),
            active_era,
            next_step_era: plan.as_ref().and_then(|plan| plan.projection(active_era).first().map(|step| step.era)),
            done_era: plan.as_ref().and_then(|plan| plan.done_era(active_era)),
            finality_lag: ProvenBlock::<T>::get().map(|block| now.saturating_sub(block).saturated_into()),
            era_so_far: era_health(&Record::<T>::get(), active_era).plus(Running::<T>::get()),
            not_judged: not_judged(plan.as_ref()),
            plan,
        }
    }

    /// The newest sessions of the record, at most `sessions`, oldest first.
    pub fn health(sessions: u32) -> Vec<SessionHealth> {
        let record = Record::<T>::get();
        let left_out = record.len().saturating_sub(sessions.saturated_into());
        record.into_iter().skip(left_out).collect()
    }

    /// The steps that are left, if nothing holds the plan.
    pub fn projection() -> Vec<ProjectedStep> {
        CurrentPlan::<T>::get().map_or_else(Vec::new, |plan| plan.projection(T::Signals::active_era()))
    }
}

fn not_judged(plan: Option<&Plan>) -> Vec<NotJudged> {
    let mut not_judged = vec![NotJudged::ApprovalNoShows, NotJudged::GossipLoad, NotJudged::ValidatorLoad];
    if plan.is_some_and(|plan| plan.policy.proofs_per_era == 0) {
        not_judged.push(NotJudged::FinalityUnknown);
    }
    not_judged
}
