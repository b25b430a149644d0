// SPDX-License-Identifier: GPL-3.0-only
//! Elections: the published weight, times the winners.
//!
//! The published benchmark elects at most sixteen winners, so its weight does not grow with the size of the validator
//! set, while each winner costs Phragmen one more round over all votes.

use core::marker::PhantomData;
use frame_election_provider_support::weights::{SubstrateWeight, WeightInfo as ElectionWeight};
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: pallet_staking::Config> ElectionWeight for WeightInfo<T> {
    fn phragmen(v: u32, t: u32, d: u32) -> Weight {
        SubstrateWeight::<T>::phragmen(v, t, d).saturating_mul(benchmark_rounds::<T>())
    }

    fn phragmms(v: u32, t: u32, d: u32) -> Weight {
        SubstrateWeight::<T>::phragmms(v, t, d).saturating_mul(benchmark_rounds::<T>())
    }
}

/// How many times the benchmark's winners fit into the validator set, at least once, rounded up.
fn benchmark_rounds<T: pallet_staking::Config>() -> u64 {
    const BENCHMARK_WINNERS: u32 = 16;

    pallet_staking::ValidatorCount::<T>::get().div_ceil(BENCHMARK_WINNERS).max(1).into()
}
