// SPDX-License-Identifier: GPL-3.0-only
//! What every block does by itself.

use crate::{pallet::*, weights::WeightInfo};
use frame_support::{defensive, weights::Weight};
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
        let Some(seed) = Self::seed(next.id, next.closes_at) else {
            return T::WeightInfo::on_initialize_awaiting_seed();
        };
        match Records::<T>::get(next.id) {
            Some(auction) => Self::settle_with(next.id, auction, seed),
            None => {
                // I8 excludes it; if it happened anyway, it must not stop the auctions behind it.
                defensive!("a live auction has no record");
                Self::leave_live(next.id);
            }
        }
        T::WeightInfo::on_initialize_settle()
    }
}
