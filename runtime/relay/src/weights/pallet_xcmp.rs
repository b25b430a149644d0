// SPDX-License-Identifier: GPL-3.0-only
//! Measured by `make weights` for `pallet_xcmp`: 2026-11-27, AMD EPYC, 10 steps of 10 repeats each.

use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_xcmp::WeightInfo for WeightInfo<T> {
    /// `b` was measured from 0 to 32768.
    fn note_head(b: u32) -> Weight {
        // The fastest run took 61_521 ns.
        Weight::from_parts(79_439_346, 3521)
            .saturating_add(Weight::from_parts(17_420, 0).saturating_mul(b.into()))
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().writes(2))
    }
    fn no_clean_up() -> Weight {
        // The fastest run took 5_267 ns.
        Weight::from_parts(6_049_000, 1490).saturating_add(super::db::<T>().reads(1))
    }
    /// `e` was measured from 0 to 32.
    fn clean_up(e: u32) -> Weight {
        // The fastest run took 16_044 ns.
        Weight::from_parts(75_514_623, 3521)
            .saturating_add(Weight::from_parts(26_679_030, 0).saturating_mul(e.into()))
            .saturating_add(Weight::from_parts(0, 2531).saturating_mul(e.into()))
            .saturating_add(super::db::<T>().reads(1))
            .saturating_add(super::db::<T>().reads(2_u64.saturating_mul(e.into())))
            .saturating_add(super::db::<T>().writes(1))
            .saturating_add(super::db::<T>().writes(2_u64.saturating_mul(e.into())))
    }
    fn clear() -> Weight {
        // The fastest run took 38_818 ns.
        Weight::from_parts(47_501_000, 3521)
            .saturating_add(super::db::<T>().reads(1))
            .saturating_add(super::db::<T>().writes(2))
    }
}
