// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_babe`.

use super::{declared, key_ownership_checked, offence_reported, SIGNATURE_MICROS};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_babe::WeightInfo for WeightInfo<T> {
    fn plan_config_change() -> Weight {
        declared::<T>(10, 1, 1)
    }

    /// Two headers hashed and their seals checked, the key's owner proven, the offence reported.
    fn report_equivocation(validator_count: u32, max_nominators_per_validator: u32) -> Weight {
        const TWO_HEADERS_MICROS: u64 = 2 * SIGNATURE_MICROS + 40;

        declared::<T>(TWO_HEADERS_MICROS, 4, 0)
            .saturating_add(key_ownership_checked::<T>(validator_count))
            .saturating_add(offence_reported::<T>(max_nominators_per_validator))
    }
}
