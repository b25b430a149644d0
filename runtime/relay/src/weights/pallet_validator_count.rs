// SPDX-License-Identifier: GPL-3.0-only
//! Measured by `make weights` for `pallet_validator_count`: 2026-11-27, AMD EPYC, 20 steps of 10 repeats each.

use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_validator_count::WeightInfo for WeightInfo<T> {
    fn set_plan() -> Weight {
        // The fastest run took 67_911 ns.
        Weight::from_parts(68_662_000, 5072)
            .saturating_add(super::db::<T>().reads(8))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn stop() -> Weight {
        // The fastest run took 32_589 ns.
        Weight::from_parts(33_660_000, 1580)
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn resume() -> Weight {
        // The fastest run took 25_848 ns.
        Weight::from_parts(27_000_000, 1580)
            .saturating_add(super::db::<T>().reads(1))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn force_set() -> Weight {
        // The fastest run took 44_486 ns.
        Weight::from_parts(45_468_000, 1580)
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().writes(2))
    }
    /// `p` was measured from 1 to 801.
    fn note_finality(p: u32) -> Weight {
        // The fastest run took 470_019 ns.
        Weight::from_parts(448_301_761, 4001489)
            .saturating_add(Weight::from_parts(43_016_154, 0).saturating_mul(p.into()))
            .saturating_add(super::db::<T>().reads(5))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn block() -> Weight {
        // The fastest run took 23_575 ns.
        Weight::from_parts(24_497_000, 1807)
            .saturating_add(super::db::<T>().reads(4))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn session_ended() -> Weight {
        // The fastest run took 35_713 ns.
        Weight::from_parts(38_307_000, 4874)
            .saturating_add(super::db::<T>().reads(5))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn era_ended() -> Weight {
        // The fastest run took 72_368 ns.
        Weight::from_parts(77_295_000, 5023)
            .saturating_add(super::db::<T>().reads(6))
            .saturating_add(super::db::<T>().writes(4))
    }
}
