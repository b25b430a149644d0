// SPDX-License-Identifier: GPL-3.0-only
//! Measured by `make weights` for `pallet_lease_cores`: 2026-11-27, AMD EPYC, 20 steps of 10 repeats each.

use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_lease_cores::WeightInfo for WeightInfo<T> {
    fn sync() -> Weight {
        // The fastest run took 734_352 ns.
        Weight::from_parts(1_120_876_000, 46277)
            .saturating_add(super::db::<T>().reads(37))
            .saturating_add(super::db::<T>().writes(19))
    }
    fn place() -> Weight {
        // The fastest run took 2_536_852 ns.
        Weight::from_parts(3_088_522_000, 264330)
            .saturating_add(super::db::<T>().reads(110))
            .saturating_add(super::db::<T>().writes(8))
    }
    fn schedule_idle() -> Weight {
        Weight::zero()
    }
    /// `c` was measured from 0 to 10.
    fn schedule_ahead(c: u32) -> Weight {
        // The fastest run took 10_045 ns.
        Weight::from_parts(90_807_089, 6209)
            .saturating_add(Weight::from_parts(135_119_029, 0).saturating_mul(c.into()))
            .saturating_add(Weight::from_parts(0, 5505).saturating_mul(c.into()))
            .saturating_add(super::db::<T>().reads(4))
            .saturating_add(super::db::<T>().reads(4_u64.saturating_mul(c.into())))
            .saturating_add(super::db::<T>().writes(1))
            .saturating_add(super::db::<T>().writes(3_u64.saturating_mul(c.into())))
    }
}
