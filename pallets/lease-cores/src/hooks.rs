// SPDX-License-Identifier: GPL-3.0-only
//! Telling all cores their work of the next period, a few in each block before it begins.

use crate::{Config, Cores, Cursor, Pallet, ScheduleCursor, WeightInfo};
use frame_support::{traits::Get, weights::Weight};
use polkadot_primitives::BlockNumber;

impl<T: Config> Pallet<T> {
    /// Tells the next cores their work, if it is time.
    pub(crate) fn schedule_ahead(now: BlockNumber) -> Weight {
        let Some(cursor) = ScheduleCursor::<T>::get().filter(|cursor| cursor.due <= now) else {
            return T::WeightInfo::schedule_idle();
        };
        let next = Self::periods().1;
        // Where periods are shorter than telling takes, that after the next would be due now.
        if cursor.period > next {
            return T::WeightInfo::schedule_idle();
        }
        let cores = Cores::<T>::get();
        let cursor = cursor.caught_up_to(next);
        // Bounded by `MaxCores`.
        let begin = usize::try_from(cursor.position).unwrap_or(usize::MAX);
        let per_block = usize::try_from(T::CoresPerBlock::get()).unwrap_or(usize::MAX);
        let batch = cores.iter().skip(begin).take(per_block);
        let mut told = 0u32;
        for core in batch {
            Self::edit_core(*core, |record| {
                // What fails is on record, and in an event.
                let _ = Self::assign_work(*core, record, cursor.period);
            });
            told = told.saturating_add(1);
        }
        let position = cursor.position.saturating_add(told);
        let is_done = usize::try_from(position).is_ok_and(|position| position >= cores.len());
        ScheduleCursor::<T>::put(if is_done {
            // There is no block in the last period there can be.
            let period = cursor.period.saturating_add(1);
            Cursor { period, position: 0, due: Self::due(period, &cores) }
        } else {
            Cursor { position, ..cursor }
        });
        T::WeightInfo::schedule_ahead(told)
    }
}

impl Cursor {
    /// Leaves out periods that were over before cores were told, which takes a chain whose periods are shorter than that
    /// takes. `next` is the next period.
    fn caught_up_to(self, next: u32) -> Self {
        let current = next.saturating_sub(1);
        if self.period < current {
            Self { period: current, position: 0, ..self }
        } else {
            self
        }
    }
}
