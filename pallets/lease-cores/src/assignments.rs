// SPDX-License-Identifier: GPL-3.0-only
//! Telling the scheduler what a core is to do, and what of it is known to have failed.

use crate::{
    schedule::servable_blocks, Claim, Config, CoreRecord, CoreScheduler, Error, Event, Failure, Pallet, ScheduleCursor,
    Work,
};
use core::ops::Range;
use frame_support::traits::Get;
use frame_system::pallet_prelude::BlockNumberFor;
use polkadot_primitives::{BlockNumber, Id as ParaId};
use polkadot_runtime_common::traits::Leaser;
use serin_primitives::{lease::LeasePeriod, traits::CoreIndex};
use sp_runtime::{traits::UniqueSaturatedInto, DispatchError};

/// The record of a core, as this pallet bounds it.
pub(crate) type RecordOf<T> = CoreRecord<<T as Config>::MaxClaims>;

impl<T: Config> Pallet<T> {
    /// Has the scheduler told what leases ask for of the current and of the next period, where it was told otherwise. The
    /// next one is left alone while the hook has not reached the core.
    ///
    /// Counts what was told. Fails if something had to be told and nothing could be.
    pub(crate) fn refresh(core: CoreIndex, record: &mut RecordOf<T>) -> Result<u32, DispatchError> {
        let (current, next) = Self::periods();
        let next_is_scheduled = ScheduleCursor::<T>::get().is_some_and(|cursor| cursor.period > next);
        let mut changed = 0u32;
        let mut failure = None;
        for period in current.into_iter().chain([next]) {
            let (told, due) = (record.assignments.get(period), Self::work_due(record, period));
            let is_wanted = match told {
                Some(told) => told != due,
                None if period == next => next_is_scheduled,
                // A new core has nothing to do until the next period.
                None => due != Work::Pool || record.failure.is_some_and(|failure| failure.period == period),
            };
            if !is_wanted {
                record.resolve(period);
                continue;
            }
            match Self::assign_work(core, record, period) {
                // At most two.
                Ok(()) => changed = changed.saturating_add(1),
                Err(reason) => failure = Some(reason),
            }
        }
        match failure {
            Some(reason) if changed == 0 => Err(reason),
            _ => Ok(changed),
        }
    }

    /// Tells the scheduler what `core` is to do in `period`, and writes down whether it could.
    pub(crate) fn assign_work(
        core: CoreIndex,
        record: &mut RecordOf<T>,
        period: LeasePeriod,
    ) -> Result<(), DispatchError> {
        let work = Self::work_due(record, period);
        match Self::tell_scheduler(core, record, period, work) {
            Ok(Range { start: begin, end }) => {
                record.assignments.put(period, work);
                record.resolve(period);
                Self::deposit_event(Event::CoreScheduled { core, period, work, begin, end });
                Ok(())
            }
            Err(reason) => {
                record.failure = Some(Failure { period, reason });
                Self::deposit_event(Event::CoreMissing { core, period, work, reason });
                Err(reason)
            }
        }
    }

    /// What `core` is to do in `period`, which is the current or the next: leases are the truth, the calendar says where.
    pub(crate) fn work_due(record: &RecordOf<T>, period: LeasePeriod) -> Work {
        match record.calendar.at(period) {
            Some(Claim::Leased(para)) if Self::is_leased(para, period) => Work::Task(para),
            _ => Work::Pool,
        }
    }

    /// Whether `para` has leased `period`, which must not be over.
    pub(crate) fn is_leased(para: ParaId, period: LeasePeriod) -> bool {
        let period = BlockNumberFor::<T>::from(period);
        // Before the first period the library takes any lease for given.
        Self::periods().0.is_some() && T::Leaser::already_leased(para, period, period)
    }

    /// The current period, if the first has begun, and the next.
    pub(crate) fn periods() -> (Option<LeasePeriod>, LeasePeriod) {
        let current = T::Clock::get().period_at(Self::now());
        // There is no block in the last period there can be.
        (current, current.map_or(0, |period| period.saturating_add(1)))
    }

    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number().unique_saturated_into()
    }

    fn tell_scheduler(
        core: CoreIndex,
        record: &RecordOf<T>,
        period: LeasePeriod,
        work: Work,
    ) -> Result<Range<BlockNumber>, DispatchError> {
        Self::ensure_configured(core, record)?;
        let earliest = T::Scheduler::earliest_begin(core);
        let blocks = servable_blocks(T::Clock::get(), period, earliest).ok_or(Error::<T>::TooLate)?;
        T::Scheduler::assign(core, work, blocks.clone())?;
        let served = T::Scheduler::served_cores();
        if work != Work::Pool && served <= core.into() {
            Self::deposit_event(Event::CoreAwaited { core, served });
        }
        Ok(blocks)
    }
}
