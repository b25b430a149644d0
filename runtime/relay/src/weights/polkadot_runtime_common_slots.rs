// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_common::slots`.

use super::{declared, each};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_common::slots::WeightInfo for WeightInfo<T> {
    fn force_lease() -> Weight {
        declared::<T>(120, 12, 8)
    }

    /// All leases are walked. Of the `c` parachains of the period that ends each may be sent off, of the `t` of the
    /// one that begins each may come in: leases, a deposit, a lifecycle, the queue of actions. The pallet does not name
    /// the paras that hold future leases only; the base covers twenty of them.
    fn manage_lease_period_start(c: u32, t: u32) -> Weight {
        declared::<T>(2_000, 48, 24).saturating_add(each::<T>(c, 50, 6, 5)).saturating_add(each::<T>(t, 50, 6, 5))
    }

    /// At most eight leasers have their deposits back.
    fn clear_all_leases() -> Weight {
        declared::<T>(250, 20, 18)
    }

    fn trigger_onboard() -> Weight {
        declared::<T>(70, 8, 4)
    }
}
