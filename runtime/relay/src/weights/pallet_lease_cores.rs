// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_lease_cores`: its calls, its hook, and what auctions have it do.

use super::{declared, each, large_value};
use crate::configs::auctions::{MAX_CLAIMS, MAX_LEASE_CORES};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_lease_cores::WeightInfo for WeightInfo<T> {
    /// Each claim may be of another para, whose lease is asked for and whose index changes.
    fn sync() -> Weight {
        declared::<T>(60, 2, 1)
            .saturating_add(each::<T>(MAX_CLAIMS, 10, 2, 1))
            .saturating_add(configured::<T>())
            .saturating_add(told::<T>(PERIODS_TOLD))
    }

    /// A core is sought, and the para taken from those where it was expected before.
    fn place() -> Weight {
        declared::<T>(60, 4, 2).saturating_add(found::<T>()).saturating_add(occupied::<T>(1))
    }

    fn schedule_ahead(cores: u32) -> Weight {
        let idle = declared::<T>(5, 1, 0);
        if cores == 0 {
            return idle;
        }
        let scheduled = declared::<T>(20, 4, 1).saturating_add(configured::<T>()).saturating_add(told::<T>(cores));
        idle.saturating_add(scheduled)
    }
}

/// A core reserved for an auction.
pub fn reserved<T: frame_system::Config>() -> Weight {
    declared::<T>(20, 1, 1).saturating_add(found::<T>())
}

/// What an auction has not sold given back.
pub fn released<T: frame_system::Config>() -> Weight {
    declared::<T>(10, 1, 1)
}

/// So many paras of one auction put on its core, which has eight periods to share among them: each of the paras may be
/// named by other cores, one for each period that can be leased, and is taken from those that name it for a period of its
/// new lease.
pub fn occupied<T: frame_system::Config>(paras: u8) -> Weight {
    const PERIODS: u32 = serin_primitives::lease::PERIODS_PER_AUCTION as u32;

    let indices = each::<T>(paras.into(), 10, 1, 1);
    let looked_at = each::<T>(MAX_CLAIMS.saturating_mul(paras.into()), 5, 1, 0);
    let taken_away = each::<T>(PERIODS, 10, 0, 1);
    declared::<T>(10, 1, 1)
        .saturating_add(indices)
        .saturating_add(looked_at)
        .saturating_add(taken_away)
        .saturating_add(configured::<T>())
        // The core itself, and one that each of the two periods was taken from.
        .saturating_add(told::<T>(PERIODS_TOLD.saturating_mul(2)))
}

/// The current and the next period.
const PERIODS_TOLD: u32 = 2;

/// Every core looked at for one that is free, or one added.
fn found<T: frame_system::Config>() -> Weight {
    declared::<T>(20, 3, 3).saturating_add(each::<T>(MAX_LEASE_CORES, 10, 1, 0)).saturating_add(configured::<T>())
}

/// The configured number of cores compared, and raised: configurations of this session and of the next two, validators.
fn configured<T: frame_system::Config>() -> Weight {
    const CONFIGURATION_BYTES: u32 = 512;
    const VALIDATOR_BYTES: u32 = 4 * 1_200;

    declared::<T>(50, 6, 2).saturating_add(large_value(4 * CONFIGURATION_BYTES + VALIDATOR_BYTES))
}

/// So many times a core is told its work: its record, the lease, the table of all cores, two schedules of the core.
fn told<T: frame_system::Config>(times: u32) -> Weight {
    // Its queue and its present work, of each core that a chain of a thousand validators has with five for each.
    const TABLE_BYTES: u32 = 64 * 200;

    // The table is decoded twice each time, and encoded once.
    let table = large_value(3 * TABLE_BYTES).saturating_mul(times.into());
    declared::<T>(0, 1, 1).saturating_add(each::<T>(times, 30, 4, 3)).saturating_add(table)
}
