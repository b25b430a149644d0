// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_auctions`: those of the pallet itself, and what the cores of this chain add to them.

use super::pallet_lease_cores;
use core::marker::PhantomData;
use frame_support::weights::Weight;
use pallet_auctions::{weights::DeclaredWeight, WeightInfo as Auctions};
use serin_primitives::lease::PERIODS_PER_AUCTION;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: pallet_auctions::Config> Auctions for WeightInfo<T> {
    fn new_auction() -> Weight {
        DeclaredWeight::<T>::new_auction().saturating_add(pallet_lease_cores::reserved::<T>())
    }

    fn bid() -> Weight {
        DeclaredWeight::<T>::bid()
    }

    fn settle() -> Weight {
        Self::on_initialize_settle()
    }

    fn refund() -> Weight {
        DeclaredWeight::<T>::refund()
    }

    fn cancel() -> Weight {
        DeclaredWeight::<T>::cancel().saturating_add(pallet_lease_cores::released::<T>())
    }

    fn prune(n: u32) -> Weight {
        DeclaredWeight::<T>::prune(n)
    }

    fn set_bidders() -> Weight {
        DeclaredWeight::<T>::set_bidders()
    }

    fn clear_bidders() -> Weight {
        DeclaredWeight::<T>::clear_bidders()
    }

    fn on_initialize_idle() -> Weight {
        DeclaredWeight::<T>::on_initialize_idle()
    }

    fn on_initialize_awaiting_seed() -> Weight {
        DeclaredWeight::<T>::on_initialize_awaiting_seed()
    }

    fn on_initialize_settle() -> Weight {
        DeclaredWeight::<T>::on_initialize_settle()
            .saturating_add(pallet_lease_cores::occupied::<T>(PERIODS_PER_AUCTION))
            .saturating_add(pallet_lease_cores::released::<T>())
    }
}
