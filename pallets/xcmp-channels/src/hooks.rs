// SPDX-License-Identifier: GPL-3.0-only
use crate::{Config, Leaves, Pallet, Used, WeightInfo};
use alloc::vec::Vec;
use frame_support::{traits::Defensive, weights::Weight};
use serin_primitives::xcmp::{digest, tree};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
    /// Pays for the root at the block's end, where nothing can be paid.
    pub(crate) fn begin_block() -> Weight {
        T::WeightInfo::deposit_root(Leaves::<T>::decode_len().unwrap_or_default().saturated_into())
    }

    /// The next block has its budget from here on, and not from its own beginning: in between, a pool checks deliveries on
    /// the state that this block leaves, and would refuse what comes after a full one.
    pub(crate) fn end_block() {
        Used::<T>::kill();
        Self::deposit_root();
    }

    /// In every header, also when nothing changed: of several blocks in one candidate the relay chain sees the last one
    /// alone.
    fn deposit_root() {
        if let Some(root) = Self::root().defensive_proof("integrity_test: a tree has a place for each peer") {
            frame_system::Pallet::<T>::deposit_log(digest::item(root));
        }
    }

    pub(crate) fn root() -> Option<H256> {
        let leaves: Vec<_> = Leaves::<T>::get().values().copied().collect();
        tree::root(&leaves)
    }
}
