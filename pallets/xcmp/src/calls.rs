// SPDX-License-Identifier: GPL-3.0-only
use crate::{Config, Error, Event, Latest, NextGeneration, Pallet};
use frame_support::dispatch::DispatchResult;
use polkadot_parachain_primitives::primitives::Id as ParaId;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_clear(para: ParaId) -> DispatchResult {
        let cleared = Latest::<T>::take(para).ok_or(Error::<T>::NoRoot)?;
        // A receiver that slept through the time without a root still sees that something happened.
        NextGeneration::<T>::insert(para, cleared.generation.saturating_add(1));
        Self::deposit_event(Event::RootCleared { para });
        Ok(())
    }
}
