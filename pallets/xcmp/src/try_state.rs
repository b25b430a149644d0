// SPDX-License-Identifier: GPL-3.0-only
//! The invariants of the README that one state shows.

use crate::{Config, Latest, NextGeneration, Pallet, PendingCleanUp};
use frame_support::{ensure, traits::Contains};
use serin_primitives::xcmp::latest_root_key;
use sp_runtime::{SaturatedConversion, TryRuntimeError};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let now = frame_system::Pallet::<T>::block_number().saturated_into::<u32>();
        let is_clean = PendingCleanUp::<T>::get().is_none();
        for (para, latest) in Latest::<T>::iter() {
            ensure!(NextGeneration::<T>::get(para).is_none(), "I3: a stored root and a generation that waits for one");
            ensure!(latest.relay_block <= now, "I4: a root from a later block");
            ensure!(!is_clean || T::KnownParas::contains(&para), "I5: a root of a para that is gone");
            ensure!(Latest::<T>::hashed_key_for(para) == latest_root_key(para), "I6: a root under another key");
        }
        Ok(())
    }
}
