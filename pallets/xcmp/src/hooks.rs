// SPDX-License-Identifier: GPL-3.0-only
//! The clean-up after a session, a bounded share in each block.

use crate::{CleanUp, Config, Event, Latest, NextGeneration, Pallet, PendingCleanUp, WeightInfo};
use alloc::vec::Vec;
use frame_support::{
    traits::{Contains, Get},
    weights::Weight,
};
use frame_system::pallet_prelude::BlockNumberFor;
use polkadot_parachain_primitives::primitives::Id as ParaId;
use polkadot_runtime_parachains::initializer::{OnNewSession, SessionChangeNotification};
use sp_runtime::SaturatedConversion;

/// Nobody says which paras are gone, and nobody counts the weight here: the work waits for the next `on_initialize`.
impl<T: Config> OnNewSession<BlockNumberFor<T>> for Pallet<T> {
    fn on_new_session(_: &SessionChangeNotification<BlockNumberFor<T>>) {
        // One that is still under way begins again. An epoch is long enough for any of them.
        PendingCleanUp::<T>::put(CleanUp::Start);
    }
}

impl<T: Config> Pallet<T> {
    pub(crate) fn continue_clean_up() -> Weight {
        let Some(progress) = PendingCleanUp::<T>::get() else { return T::WeightInfo::no_clean_up() };
        let paras = Self::next_entries(progress);
        match paras.last() {
            Some(last) if paras.len() >= Self::entries_per_block() => PendingCleanUp::<T>::put(CleanUp::After(*last)),
            _ => PendingCleanUp::<T>::kill(),
        }
        paras.iter().filter(|para| !T::KnownParas::contains(para)).for_each(|para| Self::remove(*para));
        T::WeightInfo::clean_up(paras.len().saturated_into())
    }

    fn next_entries(progress: CleanUp) -> Vec<ParaId> {
        let keys = match progress {
            CleanUp::Start => Latest::<T>::iter_keys(),
            CleanUp::After(para) => Latest::<T>::iter_keys_from(Latest::<T>::hashed_key_for(para)),
        };
        keys.take(Self::entries_per_block()).collect()
    }

    /// At least one, or a clean-up would never end.
    fn entries_per_block() -> usize {
        T::CleanUpEntriesPerBlock::get().max(1).saturated_into()
    }

    /// Ids are given out once, so nothing is kept of the generation. Should root give one out again, receivers find
    /// that the new history does not continue the old one.
    fn remove(para: ParaId) {
        Latest::<T>::remove(para);
        NextGeneration::<T>::remove(para);
        Self::deposit_event(Event::RootRemoved { para });
    }
}
