// SPDX-License-Identifier: GPL-3.0-only
//! From an included head to the stored root.

use crate::{Config, Event, Latest, NextGeneration, Pallet, WeightInfo};
use frame_support::weights::Weight;
use polkadot_parachain_primitives::primitives::{HeadData, Id as ParaId};
use polkadot_runtime_parachains::paras::OnNewHead;
use serin_primitives::xcmp::{
    digest::{root_of_head, Fault},
    LatestRoot,
};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

impl<T: Config> OnNewHead for Pallet<T> {
    fn on_new_head(para: ParaId, head: &HeadData) -> Weight {
        match root_of_head(&head.0) {
            Ok((number, root)) => Self::note_root(para, number, root),
            Err(fault) => Self::freeze(para, fault),
        }
        // No head is longer than 32 bits can say: `MAX_HEAD_DATA_SIZE` is 1 MiB.
        T::WeightInfo::note_head(head.0.len().saturated_into())
    }
}

impl<T: Config> Pallet<T> {
    fn note_root(para: ParaId, number: u32, root: H256) {
        let previous = Latest::<T>::get(para);
        let generation = match previous {
            Some(previous) if previous.root == root => return,
            // The same height again, or a lower one, with another root: perhaps another chain of blocks.
            // Saturating: at the end every rollback looks like none, after four billion of them.
            Some(previous) if number <= previous.number => previous.generation.saturating_add(1),
            Some(previous) => previous.generation,
            None => NextGeneration::<T>::take(para).unwrap_or_default(),
        };
        // Block numbers of the relay chain have 32 bits.
        let relay_block = frame_system::Pallet::<T>::block_number().saturated_into();
        let root = LatestRoot { root, number, relay_block, generation };
        Latest::<T>::insert(para, root);
        Self::deposit_event(Event::RootUpdated { para, root });
    }

    /// The stored root stays. Of a parachain that never had one, nobody waits to hear about each head without one.
    fn freeze(para: ParaId, fault: Fault) {
        if Latest::<T>::contains_key(para) {
            Self::deposit_event(Event::RootFrozen { para, fault: fault.into() });
        }
    }
}
