// SPDX-License-Identifier: GPL-3.0-only
//! What the calls and the hook cost.

use crate::{outcome::MAX_WALK_BACKS, pallet::Config};
use core::marker::PhantomData;
use frame_support::{
    traits::Get,
    weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight},
};

pub trait WeightInfo {
    fn new_auction() -> Weight;
    fn bid() -> Weight;
    fn settle() -> Weight;
    fn refund() -> Weight;
    fn cancel() -> Weight;
    /// Removing `n` items.
    fn prune(n: u32) -> Weight;
    fn set_bidders() -> Weight;
    fn clear_bidders() -> Weight;
    fn on_initialize_idle() -> Weight;
    fn on_initialize_awaiting_seed() -> Weight;
    fn on_initialize_settle() -> Weight;
}

/// Upper bounds, declared: accesses to storage as they are counted in the code, and time for what is computed,
/// rounded up. They hold the place of a measurement.
pub struct DeclaredWeight<T>(PhantomData<T>);

/// The proof of one small value: the nodes on its path in a trie with some millions of entries.
const PROOF_BYTES_PER_READ: u64 = 3_600;

impl<T: Config> DeclaredWeight<T> {
    fn declared(micros: u64, reads: u64, writes: u64) -> Weight {
        let proof_bytes = reads.saturating_mul(PROOF_BYTES_PER_READ);
        Weight::from_parts(micros.saturating_mul(WEIGHT_REF_TIME_PER_MICROS), proof_bytes)
            .saturating_add(T::DbWeight::get().reads_writes(reads, writes))
    }
}

impl<T: Config> WeightInfo for DeclaredWeight<T> {
    fn new_auction() -> Weight {
        Self::declared(60, 8, 8)
    }

    /// Auction, log, lifecycle, manager, policy, lease, two pledges and two accounts with their holds.
    fn bid() -> Weight {
        Self::declared(450, 14, 9)
    }

    fn settle() -> Weight {
        Self::on_initialize_settle()
    }

    fn refund() -> Weight {
        Self::declared(250, 4, 3)
    }

    fn cancel() -> Weight {
        Self::declared(60, 5, 5)
    }

    fn prune(n: u32) -> Weight {
        let each = Self::declared(60, 6, 4).saturating_mul(n.into());
        Self::declared(60, 4, 4).saturating_add(each)
    }

    fn set_bidders() -> Weight {
        Self::declared(40, 4, 2)
    }

    fn clear_bidders() -> Weight {
        Self::declared(40, 4, 2)
    }

    fn on_initialize_idle() -> Weight {
        Self::declared(15, 1, 0)
    }

    fn on_initialize_awaiting_seed() -> Weight {
        Self::declared(15, 6, 0)
    }

    /// The index and a page of each of 36 ranges, two kilobytes long. Eight winners have a pledge, an account with holds, a
    /// lifecycle, a manager, a lease and a core; of those that are walked back a page is read at most, and what the lease needs.
    fn on_initialize_settle() -> Weight {
        let search = Self::declared(8_000, 36 + 4, 4);
        let leases = Self::declared(400, 8 * 7, 8 * 5);
        let walked_back = Self::declared(250, 8 * 4, 0).saturating_mul(MAX_WALK_BACKS.into());
        search.saturating_add(leases).saturating_add(walked_back)
    }
}
