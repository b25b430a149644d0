// SPDX-License-Identifier: GPL-3.0-only
//! Measured by `make weights` for `pallet_auctions`: 2026-11-27, AMD EPYC, 10 steps of 20 repeats each.

use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_auctions::WeightInfo for WeightInfo<T> {
    fn new_auction() -> Weight {
        // The fastest run took 1_166_705 ns.
        Weight::from_parts(1_295_627_000, 264330)
            .saturating_add(super::db::<T>().reads(108))
            .saturating_add(super::db::<T>().writes(7))
    }
    fn bid() -> Weight {
        // The fastest run took 420_635 ns.
        Weight::from_parts(453_564_000, 12585)
            .saturating_add(super::db::<T>().reads(13))
            .saturating_add(super::db::<T>().writes(7))
    }
    fn settle() -> Weight {
        // The fastest run took 6_805_699 ns.
        Weight::from_parts(7_236_008_000, 172670)
            .saturating_add(super::db::<T>().reads(161))
            .saturating_add(super::db::<T>().writes(52))
    }
    fn refund() -> Weight {
        // The fastest run took 180_829 ns.
        Weight::from_parts(200_648_000, 3604)
            .saturating_add(super::db::<T>().reads(4))
            .saturating_add(super::db::<T>().writes(3))
    }
    fn cancel() -> Weight {
        // The fastest run took 113_689 ns.
        Weight::from_parts(123_394_000, 3650)
            .saturating_add(super::db::<T>().reads(3))
            .saturating_add(super::db::<T>().writes(3))
    }
    /// `n` was measured from 1 to 1000.
    fn prune(n: u32) -> Weight {
        // The fastest run took 245_806 ns.
        Weight::from_parts(1_331_697_637, 3565)
            .saturating_add(Weight::from_parts(132_077_538, 0).saturating_mul(n.into()))
            .saturating_add(Weight::from_parts(0, 2614).saturating_mul(n.into()))
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().reads(3_u64.saturating_mul(n.into())))
            .saturating_add(super::db::<T>().writes(3_u64.saturating_mul(n.into())))
    }
    fn set_bidders() -> Weight {
        // The fastest run took 44_626 ns.
        Weight::from_parts(46_038_000, 3772)
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn clear_bidders() -> Weight {
        // The fastest run took 39_489 ns.
        Weight::from_parts(41_422_000, 4136)
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn on_initialize_idle() -> Weight {
        // The fastest run took 10_746 ns.
        Weight::from_parts(12_228_000, 1902).saturating_add(super::db::<T>().reads(1))
    }
    fn on_initialize_awaiting_seed() -> Weight {
        // The fastest run took 24_777 ns.
        Weight::from_parts(26_740_000, 1902).saturating_add(super::db::<T>().reads(3))
    }
    fn on_initialize_settle() -> Weight {
        // The fastest run took 6_268_841 ns.
        Weight::from_parts(6_459_574_000, 172670)
            .saturating_add(super::db::<T>().reads(161))
            .saturating_add(super::db::<T>().writes(52))
    }
}
