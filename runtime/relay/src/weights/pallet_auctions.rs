// SPDX-License-Identifier: GPL-3.0-only
//! Measured by `make weights` for `pallet_auctions`: 2026-11-27, AMD EPYC, 10 steps of 10 repeats each.

use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_auctions::WeightInfo for WeightInfo<T> {
    fn new_auction() -> Weight {
        // The fastest run took 1_101_488 ns.
        Weight::from_parts(1_211_661_000, 264330)
            .saturating_add(super::db::<T>().reads(108))
            .saturating_add(super::db::<T>().writes(7))
    }
    fn bid() -> Weight {
        // The fastest run took 388_989 ns.
        Weight::from_parts(420_285_000, 12585)
            .saturating_add(super::db::<T>().reads(13))
            .saturating_add(super::db::<T>().writes(7))
    }
    fn settle() -> Weight {
        // The fastest run took 8_214_964 ns.
        Weight::from_parts(8_596_892_000, 168378)
            .saturating_add(super::db::<T>().reads(160))
            .saturating_add(super::db::<T>().writes(52))
    }
    fn refund() -> Weight {
        // The fastest run took 172_216 ns.
        Weight::from_parts(179_506_000, 3604)
            .saturating_add(super::db::<T>().reads(4))
            .saturating_add(super::db::<T>().writes(3))
    }
    fn cancel() -> Weight {
        // The fastest run took 111_095 ns.
        Weight::from_parts(135_572_000, 3650)
            .saturating_add(super::db::<T>().reads(3))
            .saturating_add(super::db::<T>().writes(3))
    }
    /// `n` was measured from 1 to 1000.
    fn prune(n: u32) -> Weight {
        // The fastest run took 240_838 ns.
        Weight::from_parts(246_316_000, 3565)
            .saturating_add(Weight::from_parts(183_531_357, 0).saturating_mul(n.into()))
            .saturating_add(Weight::from_parts(0, 2614).saturating_mul(n.into()))
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().reads(3_u64.saturating_mul(n.into())))
            .saturating_add(super::db::<T>().writes(3_u64.saturating_mul(n.into())))
    }
    fn set_bidders() -> Weight {
        // The fastest run took 67_059 ns.
        Weight::from_parts(90_585_000, 3772)
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn clear_bidders() -> Weight {
        // The fastest run took 74_601 ns.
        Weight::from_parts(82_122_000, 4136)
            .saturating_add(super::db::<T>().reads(2))
            .saturating_add(super::db::<T>().writes(1))
    }
    fn on_initialize_idle() -> Weight {
        // The fastest run took 17_336 ns.
        Weight::from_parts(20_861_000, 1902).saturating_add(super::db::<T>().reads(1))
    }
    fn on_initialize_awaiting_seed() -> Weight {
        // The fastest run took 40_180 ns.
        Weight::from_parts(52_638_000, 1902).saturating_add(super::db::<T>().reads(3))
    }
    fn on_initialize_settle() -> Weight {
        // The fastest run took 8_766_375 ns.
        Weight::from_parts(12_425_164_000, 168378)
            .saturating_add(super::db::<T>().reads(160))
            .saturating_add(super::db::<T>().writes(52))
    }
}
