// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::on_demand`.

use super::{declared, large_value};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use polkadot_primitives::ON_DEMAND_MAX_QUEUE_MAX_SIZE;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_parachains::on_demand::WeightInfo for WeightInfo<T> {
    fn place_order_allow_death() -> Weight {
        order_placed::<T>()
    }

    fn place_order_keep_alive() -> Weight {
        order_placed::<T>()
    }

    fn place_order_with_credits() -> Weight {
        order_placed::<T>()
    }
}

/// The queue of orders is one value: a para and a block number each, as many as a configuration may allow.
pub(super) fn order_queue_used() -> Weight {
    const ORDER_BYTES: u32 = 8;

    large_value(ON_DEMAND_MAX_QUEUE_MAX_SIZE.saturating_mul(ORDER_BYTES))
}

/// The price of the block, the payer's account or credit and the pot, the revenue of the block, the queue.
fn order_placed<T: frame_system::Config>() -> Weight {
    declared::<T>(100, 6, 5).saturating_add(order_queue_used())
}
