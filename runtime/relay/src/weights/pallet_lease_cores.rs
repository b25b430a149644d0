// SPDX-License-Identifier: GPL-3.0-only
//! Measured by `make weights` for `pallet_lease_cores`: 2026-11-27, AMD EPYC, 20 steps of 10 repeats each.

use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_lease_cores::WeightInfo for WeightInfo<T> {
    fn sync() -> Weight {
        // The fastest run took 862_031 ns.
        Weight::from_parts(996_481_000, 46277)
            .saturating_add(super::db::<T>().reads(37))
            .saturating_add(super::db::<T>().writes(19))
    }
    fn place() -> Weight {
        // The fastest run took 2_120_243 ns.
        Weight::from_parts(2_232_931_000, 264330)
            .saturating_add(super::db::<T>().reads(110))
            .saturating_add(super::db::<T>().writes(8))
    }
    fn schedule_idle() -> Weight {
        // The fastest run took 10_575 ns.
        Weight::from_parts(11_898_000, 1497).saturating_add(super::db::<T>().reads(1))
    }
    /// `c` was measured from 1 to 10.
    fn schedule_ahead(c: u32) -> Weight {
        // The fastest run took 240_688 ns.
        Weight::from_parts(133_246_691, 6202)
            .saturating_add(Weight::from_parts(162_979_314, 0).saturating_mul(c.into()))
            .saturating_add(Weight::from_parts(0, 5505).saturating_mul(c.into()))
            .saturating_add(super::db::<T>().reads(5))
            .saturating_add(super::db::<T>().reads(4_u64.saturating_mul(c.into())))
            .saturating_add(super::db::<T>().writes(2))
            .saturating_add(super::db::<T>().writes(3_u64.saturating_mul(c.into())))
    }
}
