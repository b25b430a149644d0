// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::disputes`. Disputes themselves are part of the inherent's weight.

use super::declared;
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_parachains::disputes::WeightInfo for WeightInfo<T> {
    fn force_unfreeze() -> Weight {
        declared::<T>(10, 1, 1)
    }
}
