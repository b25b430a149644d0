// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for instructions that move KSM, for one asset each.

use crate::weights::{declared, xcm_sent};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub(super) struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo<T> {
    pub(super) fn withdraw_asset() -> Weight {
        declared::<T>(60, 1, 1)
    }

    pub(super) fn transfer_asset() -> Weight {
        declared::<T>(80, 2, 2)
    }

    pub(super) fn transfer_reserve_asset() -> Weight {
        declared::<T>(120, 3, 3).saturating_add(xcm_sent::<T>())
    }

    /// Refused: no other chain is a reserve. It costs what looking at the asset does.
    pub(super) fn reserve_asset_deposited() -> Weight {
        declared::<T>(30, 1, 0)
    }

    /// The checking account gives up what it noted when the asset left.
    pub(super) fn receive_teleported_asset() -> Weight {
        declared::<T>(60, 2, 2)
    }

    pub(super) fn deposit_asset() -> Weight {
        declared::<T>(60, 2, 2)
    }

    pub(super) fn deposit_reserve_asset() -> Weight {
        declared::<T>(100, 3, 3).saturating_add(xcm_sent::<T>())
    }

    pub(super) fn initiate_reserve_withdraw() -> Weight {
        declared::<T>(100, 3, 2).saturating_add(xcm_sent::<T>())
    }

    pub(super) fn initiate_teleport() -> Weight {
        declared::<T>(100, 3, 3).saturating_add(xcm_sent::<T>())
    }

    pub(super) fn initiate_transfer() -> Weight {
        declared::<T>(150, 4, 4).saturating_add(xcm_sent::<T>())
    }
}
