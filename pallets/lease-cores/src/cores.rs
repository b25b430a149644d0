// SPDX-License-Identifier: GPL-3.0-only
//! Which cores there are, and finding one that is free.

use crate::{
    assignments::RecordOf, schedule::due_block, Calendar, Config, CoreScheduler, Cores, CoresOf, Cursor, Error, Event,
    Pallet, Records, ScheduleCursor,
};
use core::ops::RangeInclusive;
use frame_support::{defensive, ensure, traits::Get};
use polkadot_primitives::{BlockNumber, Id as ParaId};
use serin_primitives::{lease::LeasePeriod, traits::CoreIndex};
use sp_runtime::DispatchError;

impl<T: Config> Pallet<T> {
    /// Changes the record of `core`, without what is past, and keeps [`CoresOf`] true to it. `None` if there is no such core.
    pub(crate) fn edit_core<R>(core: CoreIndex, edit: impl FnOnce(&mut RecordOf<T>) -> R) -> Option<R> {
        let mut record = Records::<T>::get(core)?;
        let before = record.calendar.paras();
        record.forget_before(Self::periods().0.unwrap_or_default());
        let result = edit(&mut record);
        let after = record.calendar.paras();
        Records::<T>::insert(core, record);
        before.difference(&after).for_each(|para| Self::unlist_core(*para, core));
        after.difference(&before).for_each(|para| Self::list_core(*para, core));
        Some(result)
    }

    /// A core that is free for all of `periods`, and configured: the first there is, or else a new one.
    pub(crate) fn core_for_all(periods: RangeInclusive<LeasePeriod>) -> Result<CoreIndex, DispatchError> {
        match Self::freest_core(periods.clone()) {
            Some((core, count)) if is_length(&periods, count) => Self::configure_up_to(core).map(|_| core),
            _ => Self::add_core(),
        }
    }

    /// As [`Self::core_for_all`], or else the core that is free for the most of `periods`, from the first on: and for which.
    pub(crate) fn core_for_most(
        periods: RangeInclusive<LeasePeriod>,
    ) -> Result<(CoreIndex, RangeInclusive<LeasePeriod>), DispatchError> {
        let reason = match Self::core_for_all(periods.clone()) {
            Ok(core) => return Ok((core, periods)),
            Err(reason) => reason,
        };
        let first = *periods.start();
        match Self::freest_core(periods) {
            // Saturation never happens: the end is one of `periods`.
            Some((core, count)) if count > 0 => Ok((core, first..=first.saturating_add(count).saturating_sub(1))),
            _ => Err(reason),
        }
    }

    /// Raises the configured number of cores so that `core` is served, if it is set aside for anything. Tells whether that
    /// was necessary.
    pub(crate) fn ensure_configured(core: CoreIndex, record: &RecordOf<T>) -> Result<bool, DispatchError> {
        if record.calendar.is_empty() {
            return Ok(false);
        }
        Self::configure_up_to(core)
    }

    /// Adds a core behind all that there are. It is served in two sessions.
    pub(crate) fn add_core() -> Result<CoreIndex, DispatchError> {
        let mut cores = Cores::<T>::get();
        let behind = cores.last().map_or(0, |last| u32::from(*last).saturating_add(1));
        let core = T::Scheduler::unused_core(behind).ok_or(Error::<T>::NoCoreFree)?;
        cores.try_push(core).map_err(|_| Error::<T>::NoCoreFree)?;
        Self::configure_up_to(core)?;
        Records::<T>::insert(core, RecordOf::<T>::default());
        ScheduleCursor::<T>::mutate(|cursor| {
            // More cores need more blocks.
            let (period, position) = cursor.map_or((Self::periods().1, 0), |cursor| (cursor.period, cursor.position));
            *cursor = Some(Cursor { period, position, due: Self::due(period, &cores) });
        });
        Cores::<T>::put(cores);
        Self::deposit_event(Event::CoreAdded { core });
        Ok(core)
    }

    /// The block from which on `cores` are told their work of `period`.
    pub(crate) fn due(period: LeasePeriod, cores: &[CoreIndex]) -> BlockNumber {
        // There are not more than `MaxCores`.
        let count = cores.len().try_into().unwrap_or(u32::MAX);
        due_block(T::Clock::get(), period, T::Scheduler::notice_blocks(), count, T::CoresPerBlock::get())
    }

    /// The first core among those that are free for the most of `periods`, from the first on, and for how many.
    fn freest_core(periods: RangeInclusive<LeasePeriod>) -> Option<(CoreIndex, u32)> {
        let current = Self::periods().0.unwrap_or_default();
        let free = |core: &CoreIndex| {
            let mut calendar: Calendar<T::MaxClaims> = Records::<T>::get(core)?.calendar;
            calendar.forget_before(current);
            Some((*core, calendar.free_count(periods.clone())))
        };
        // Of several, `max_by_key` takes the last.
        Cores::<T>::get().iter().rev().filter_map(free).max_by_key(|(_, count)| *count)
    }

    fn configure_up_to(core: CoreIndex) -> Result<bool, DispatchError> {
        let count = u32::from(core).saturating_add(1);
        if T::Scheduler::configured_cores() >= count {
            return Ok(false);
        }
        let needed = count.saturating_mul(T::ValidatorsPerCore::get());
        ensure!(T::Scheduler::validators() >= needed, Error::<T>::TooFewValidators);
        T::Scheduler::configure_cores(count)?;
        Self::deposit_event(Event::CoreCountRaised { count });
        Ok(true)
    }

    fn list_core(para: ParaId, core: CoreIndex) {
        CoresOf::<T>::mutate(para, |cores| {
            if cores.try_insert(core).is_err() {
                defensive!("a para cannot be on more cores than there are");
            }
        });
    }

    fn unlist_core(para: ParaId, core: CoreIndex) {
        CoresOf::<T>::mutate_exists(para, |entry| {
            if let Some(cores) = entry {
                cores.remove(&core);
                if cores.is_empty() {
                    *entry = None;
                }
            }
        });
    }
}

fn is_length(periods: &RangeInclusive<LeasePeriod>, count: u32) -> bool {
    periods.end().checked_sub(*periods.start()).and_then(|rest| rest.checked_add(1)) == Some(count)
}
