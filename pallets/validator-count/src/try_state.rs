// SPDX-License-Identifier: GPL-3.0-only
//! Checks the invariants that can be seen in a single state. I2 speaks of two states, and I4 of what the storage cannot
//! hold otherwise.

use crate::{Config, CurrentPlan, Pallet, Plan, PlanState, ProvenBlock, Record, Running, HISTORY_SESSIONS};
use frame_support::ensure;
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks I1, I3 and I5 to I7.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        if let Some(plan) = CurrentPlan::<T>::get() {
            ensure_sound(&plan)?;
        }
        Self::ensure_record_in_order()?;
        let now = frame_system::Pallet::<T>::block_number();
        ensure!(ProvenBlock::<T>::get().is_none_or(|block| block < now), "a block of the future is proven");
        Ok(())
    }

    fn ensure_record_in_order() -> Result<(), TryRuntimeError> {
        let record = Record::<T>::get();
        ensure!(u32::try_from(record.len()).is_ok_and(|sessions| sessions <= HISTORY_SESSIONS), "I5: the record grows");
        let in_order = record
            .iter()
            .zip(record.iter().skip(1))
            .all(|(older, newer)| older.session.checked_add(1) == Some(newer.session) && older.era <= newer.era);
        ensure!(in_order, "I5: the record has a gap, or a session twice");
        let running = Running::<T>::get();
        ensure!(running.availability_seen <= running.availability_possible, "more votes seen than are possible");
        Ok(())
    }
}

fn ensure_sound(plan: &Plan) -> Result<(), TryRuntimeError> {
    let course = plan.base.min(plan.target)..=plan.base.max(plan.target);
    ensure!(course.contains(&plan.count) || plan.count == plan.last_good, "I1: the count is off the plan's course");
    match plan.state {
        PlanState::Ramping => {}
        PlanState::Held { since, reasons } => {
            ensure!(!reasons.is_empty(), "I3: the plan is held for no reason");
            ensure!(plan.changed_in.is_none_or(|era| era < since), "I3: the count changed while the plan was held");
        }
        PlanState::Paused { since } => {
            ensure!(plan.changed_in.is_none_or(|era| era < since), "I3: the count changed while the plan was paused");
        }
        PlanState::RolledBack { reasons, .. } => {
            ensure!(reasons.is_broken(), "I7: rolled back without the evidence");
            ensure!(plan.count == plan.last_good, "I7: rolled back to another count than the last good one");
        }
        PlanState::Done { .. } => {
            ensure!(plan.count == plan.target, "I6: done, but not at the target");
            ensure!(plan.last_good == plan.target, "I6: done, but the target was not judged good");
        }
    }
    Ok(())
}
