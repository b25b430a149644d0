// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_common::paras_registrar`.

use super::{code_bytes, data_bytes, declared};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use polkadot_primitives::{MAX_CODE_SIZE, MAX_HEAD_DATA_SIZE};

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_common::paras_registrar::WeightInfo for WeightInfo<T> {
    fn reserve() -> Weight {
        declared::<T>(60, 6, 4)
    }

    fn register() -> Weight {
        registered::<T>()
    }

    fn force_register() -> Weight {
        registered::<T>()
    }

    fn deregister() -> Weight {
        declared::<T>(120, 12, 8)
    }

    /// Lifecycles, pending actions, funds and leases of two paras.
    fn swap() -> Weight {
        declared::<T>(200, 24, 16)
    }

    fn schedule_code_upgrade(b: u32) -> Weight {
        declared::<T>(120, 18, 13).saturating_add(code_bytes(b))
    }

    fn set_current_head(b: u32) -> Weight {
        declared::<T>(40, 3, 2).saturating_add(data_bytes(b))
    }
}

/// The largest code and head: the trait names no sizes. The manager's entry and deposit, the lifecycle, the genesis
/// kept until onboarding, a vote on the code opened.
fn registered<T: frame_system::Config>() -> Weight {
    declared::<T>(150, 14, 14).saturating_add(code_bytes(MAX_CODE_SIZE)).saturating_add(data_bytes(MAX_HEAD_DATA_SIZE))
}
