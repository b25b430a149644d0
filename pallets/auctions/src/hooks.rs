// SPDX-License-Identifier: GPL-3.0-only
//! What every block does by itself.

use crate::{pallet::*, weights::WeightInfo};
use frame_support::weights::Weight;
use polkadot_core_primitives::BlockNumber;

impl<T: Config> Pallet<T> {
    /// Settles at most one auction: the first in line, if its bids are closed and its seed is known.
    ///
    /// Seeds become known in the order in which bids close, so the first in line never keeps another waiting.
    pub(crate) fn settle_next(now: BlockNumber) -> Weight {
        let live = Live::<T>::get();
        let Some(next) = live.first().filter(|next| next.closes_at <= now) else {
            return T::WeightInfo::on_initialize_idle();
        };
        let ready = Self::seed(next.id, next.closes_at).zip(Records::<T>::get(next.id));
        let Some((seed, auction)) = ready else {
            return T::WeightInfo::on_initialize_awaiting_seed();
        };
        Self::settle_with(next.id, auction, seed);
        T::WeightInfo::on_initialize_settle()
    }
}
