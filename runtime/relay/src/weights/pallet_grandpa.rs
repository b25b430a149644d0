// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_grandpa`.

use super::{declared, key_ownership_checked, offence_reported, SIGNATURE_MICROS};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_grandpa::WeightInfo for WeightInfo<T> {
    /// Two votes checked, the sessions of two authority sets looked up, the key's owner proven, the offence reported.
    fn report_equivocation(validator_count: u32, max_nominators_per_validator: u32) -> Weight {
        const TWO_VOTES_MICROS: u64 = 2 * SIGNATURE_MICROS;

        declared::<T>(TWO_VOTES_MICROS, 6, 0)
            .saturating_add(key_ownership_checked::<T>(validator_count))
            .saturating_add(offence_reported::<T>(max_nominators_per_validator))
    }

    fn note_stalled() -> Weight {
        declared::<T>(10, 1, 1)
    }
}
