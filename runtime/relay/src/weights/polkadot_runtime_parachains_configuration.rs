// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::configuration`.
//!
//! Every call changes a field in a copy of the configuration, checks that copy and queues it. All cost the same but for
//! the length of the value.

use super::declared;
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_parachains::configuration::WeightInfo for WeightInfo<T> {
    fn set_config_with_block_number() -> Weight {
        field_set::<T>()
    }

    fn set_config_with_u32() -> Weight {
        field_set::<T>()
    }

    fn set_config_with_option_u32() -> Weight {
        field_set::<T>()
    }

    fn set_config_with_balance() -> Weight {
        field_set::<T>()
    }

    fn set_hrmp_open_request_ttl() -> Weight {
        field_set::<T>()
    }

    fn set_config_with_executor_params() -> Weight {
        long_field_set::<T>()
    }

    fn set_config_with_perbill() -> Weight {
        field_set::<T>()
    }

    fn set_node_feature() -> Weight {
        long_field_set::<T>()
    }

    fn set_config_with_scheduler_params() -> Weight {
        long_field_set::<T>()
    }
}

/// Two configurations may be queued already; they and the active one are decoded, and two encoded again.
pub(super) fn field_set<T: frame_system::Config>() -> Weight {
    declared::<T>(60, 10, 2)
}

fn long_field_set<T: frame_system::Config>() -> Weight {
    declared::<T>(100, 10, 2)
}
