// SPDX-License-Identifier: GPL-3.0-only
//! What nodes may ask of the relay chain.

use crate::{Config, Latest, Pallet};
use alloc::vec::Vec;
use polkadot_parachain_primitives::primitives::Id as ParaId;
use serin_primitives::xcmp::LatestRoot;

sp_api::decl_runtime_apis! {
    /// The commitments of parachains, as the relay chain knows them.
    pub trait XcmpApi {
        /// The newest commitment of `para`; `None` if it does not take part.
        fn latest_root(para: ParaId) -> Option<LatestRoot>;

        /// The newest commitments of all parachains that take part, sorted by their ids.
        fn latest_roots() -> Vec<(ParaId, LatestRoot)>;
    }
}

impl<T: Config> Pallet<T> {
    pub fn latest_root(para: ParaId) -> Option<LatestRoot> {
        Latest::<T>::get(para)
    }

    pub fn latest_roots() -> Vec<(ParaId, LatestRoot)> {
        let mut roots: Vec<_> = Latest::<T>::iter().collect();
        roots.sort_unstable_by_key(|(para, _)| *para);
        roots
    }
}
