// SPDX-License-Identifier: GPL-3.0-only
//! What is noted in every block, when a session has ended, and when an era has.

use crate::{
    feasibility::step_flags,
    health::put_on_record,
    judge::judge_era,
    ramp::{Action, Turn},
    AvailabilityVotes, ChainSignals, Config, CountStore, CurrentPlan, Event, Flag, Flags, Health, LastChange, Pallet,
    Plan, PlanState, Record, Running, SessionHealth, WeightInfo,
};
use frame_support::weights::Weight;
use sp_staking::{EraIndex, SessionIndex};

/// Of this many included candidates one has its availability votes counted: counting costs time for each validator.
pub const AVAILABILITY_SAMPLE: u32 = 16;

impl<T: Config> Pallet<T> {
    /// Notes that a candidate was included. `votes` is asked for a sample of candidates only.
    pub fn note_included(votes: impl FnOnce() -> AvailabilityVotes) {
        Running::<T>::mutate(|health| {
            if health.candidates_included.checked_rem(AVAILABILITY_SAMPLE) == Some(0) {
                let AvailabilityVotes { seen, possible } = votes();
                health.availability_seen = health.availability_seen.saturating_add(seen.min(possible));
                health.availability_possible = health.availability_possible.saturating_add(possible);
            }
            health.candidates_included = health.candidates_included.saturating_add(1);
        });
    }

    /// Notes that a dispute was concluded, whoever was right.
    pub fn note_dispute() {
        Running::<T>::mutate(|health| health.disputes = health.disputes.saturating_add(1));
    }

    /// Counts a block, and the slots without one before it. The first block of a session counts those slots for that
    /// session, though most of them may lie in the one before.
    pub(crate) fn note_block() -> Weight {
        // After a standstill the first block may be late by days; a session's worth of it tells enough.
        let missed = T::Signals::missed_slots().min(T::Signals::session_slots());
        Running::<T>::mutate(|health| {
            health.blocks = health.blocks.saturating_add(1);
            health.missed = health.missed.saturating_add(missed);
        });
        // Of `note_backed`, and of what the parachain host notes, too.
        T::WeightInfo::block()
    }

    pub(crate) fn note_backed() {
        let backed = T::Signals::candidates_backed();
        if backed > 0 {
            Running::<T>::mutate(|health| health.candidates_backed = health.candidates_backed.saturating_add(backed));
        }
    }

    /// Puts the session that ends on record.
    pub(crate) fn session_ended(session: SessionIndex) -> Weight {
        let health = Health { disabled: T::Signals::disabled_validators(), ..Running::<T>::take() };
        let session = SessionHealth {
            session,
            era: T::Signals::active_era(),
            validators: T::Signals::active_validators(),
            health,
            flags: Flags::NONE,
        };
        Record::<T>::mutate(|record| put_on_record(record, session));
        T::WeightInfo::session_ended()
    }

    /// Judges the era that has `ended`, and moves the plan. Without a plan there is nothing to judge by.
    pub(crate) fn era_ended(ended: EraIndex, begun: EraIndex) -> Weight {
        if let Some(plan) = CurrentPlan::<T>::get() {
            let found = T::Count::count();
            if found == plan.count {
                Self::turn_plan(plan, ended, begun);
            } else {
                CurrentPlan::<T>::kill();
                Self::deposit_event(Event::Overridden { planned: plan.count, found });
            }
        }
        T::WeightInfo::era_ended()
    }

    fn turn_plan(mut plan: Plan, ended: EraIndex, begun: EraIndex) {
        let (health, flags) = Record::<T>::mutate(|record| judge_era(record, ended, &plan));
        if !plan.is_moving() {
            return;
        }
        let ahead =
            step_flags(plan.count, plan.next_count(), &plan.policy, &T::Signals::supply(), &T::Signals::limits());
        let judged = flags.with_if(Self::is_short_of_validators(&plan), Flag::Supply);

        let Turn { is_released, action } = plan.turn(begun, judged, ahead);
        if is_released {
            Self::deposit_event(Event::Released { era: begun });
        }
        match action {
            Action::Wait => {}
            Action::Hold(reasons) => Self::deposit_event(Event::Held { era: begun, reasons, health }),
            Action::Pause => Self::deposit_event(Event::Paused { era: begun }),
            Action::Step(to) => {
                let active = T::Signals::active_validators();
                let event = Event::StepApplied { era: begun, from: plan.count, to, active };
                Self::write_count(&mut plan, to, begun, event);
            }
            Action::RollBack { to, reasons } => {
                let event = Event::RolledBack { era: begun, from: plan.count, to, reasons };
                Self::write_count(&mut plan, to, begun, event);
            }
            Action::Complete => Self::deposit_event(Event::Completed { era: begun, count: plan.count }),
        }
        CurrentPlan::<T>::put(plan);
    }

    /// Whether the set that has just become active is smaller than the count. A decrease is the cure, and goes on.
    fn is_short_of_validators(plan: &Plan) -> bool {
        plan.target >= plan.count && T::Signals::active_validators() < plan.count
    }

    /// Writes the count and tells of it by `event`. A refusal pauses the plan: nothing is known about its reason.
    fn write_count(plan: &mut Plan, count: u32, era: EraIndex, event: Event<T>) {
        match T::Count::set_count(count) {
            Ok(()) => {
                plan.count_written(count, era);
                LastChange::<T>::put(era);
                Self::deposit_event(event);
            }
            Err(error) => {
                plan.state = PlanState::Paused { since: era };
                Self::deposit_event(Event::CountRefused { count, error });
            }
        }
    }
}
