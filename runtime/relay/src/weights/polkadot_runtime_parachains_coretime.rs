// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::coretime`.

use super::{
    declared, nanos_each, polkadot_runtime_parachains_configuration::field_set,
    polkadot_runtime_parachains_on_demand::order_queue_used, xcm_sent,
};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_parachains::coretime::WeightInfo for WeightInfo<T> {
    fn request_core_count() -> Weight {
        field_set::<T>()
    }

    /// The revenue of past blocks summed up, withdrawn from the pot, and sent.
    fn request_revenue_at() -> Weight {
        declared::<T>(150, 6, 4).saturating_add(xcm_sent::<T>())
    }

    fn credit_account() -> Weight {
        declared::<T>(30, 2, 2)
    }

    /// The table of all cores, and two schedules of one of them.
    fn assign_core(s: u32) -> Weight {
        declared::<T>(150, 5, 4).saturating_add(nanos_each(200, s.into()))
    }

    fn queue_on_demand_batch(s: u32) -> Weight {
        declared::<T>(50, 2, 2).saturating_add(order_queue_used()).saturating_add(nanos_each(200, s.into()))
    }
}
