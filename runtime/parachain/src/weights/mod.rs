// SPDX-License-Identifier: GPL-3.0-only
//! Weights of what is published with a test weight only. All other pallets use their published `SubstrateWeight`.
//!
//! Each figure here is a declared upper bound, not a measurement: storage accesses counted in the code, plus time for what
//! it computes, rounded up. `docs/weights.md` has the prices.

pub mod cumulus_pallet_weight_reclaim;
pub mod pallet_xcm;
pub mod pallet_xcmp_channels;
pub mod xcm;

use frame_support::{
    traits::Get,
    weights::{
        constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_NANOS},
        RuntimeDbWeight, Weight,
    },
};

/// Proof size of one small value, in bytes: the nodes on its path in a trie with some millions of entries.
const PROOF_BYTES_PER_READ: u64 = 3_600;
/// Each byte of a message or a large stored value, in nanoseconds: decoded, hashed, stored again.
const DATA_BYTE_NANOS: u64 = 10;
/// Each byte of an encoded call inside a message, in nanoseconds: decoded and weighed; in a batch of calls that carry
/// nothing two bytes are a call.
const CALL_BYTE_NANOS: u64 = 80;
/// A page of messages to a sibling, in bytes.
const PAGE_BYTES: u64 = 103 * 1024;

/// The price of storage accesses, as the files that are generated ask for it.
fn db<T: frame_system::Config>() -> RuntimeDbWeight {
    T::DbWeight::get()
}

/// `micros` of computation, with so many storage reads and writes.
fn declared<T: frame_system::Config>(micros: u64, reads: u64, writes: u64) -> Weight {
    let proof_bytes = reads.saturating_mul(PROOF_BYTES_PER_READ);
    Weight::from_parts(micros.saturating_mul(WEIGHT_REF_TIME_PER_MICROS), proof_bytes)
        .saturating_add(db::<T>().reads_writes(reads, writes))
}

/// [`declared`], `count` times.
fn each<T: frame_system::Config>(count: u32, micros: u64, reads: u64, writes: u64) -> Weight {
    declared::<T>(micros, reads, writes).saturating_mul(count.into())
}

/// Computation alone: `nanos` for each of `count` bytes.
fn nanos_each(nanos: u64, count: u64) -> Weight {
    Weight::from_parts(nanos.saturating_mul(WEIGHT_REF_TIME_PER_NANOS).saturating_mul(count), 0)
}

/// An XCM of a few instructions sent to a sibling, which costs more than one to the relay chain: its XCM version, the state of
/// all channels and of this one, the fee factor, the sender's account and the collators' pot. It is appended to a page of
/// messages, which is read and written again as a whole.
fn xcm_sent<T: frame_system::Config>() -> Weight {
    declared::<T>(100, 12, 7)
        .saturating_add(nanos_each(DATA_BYTE_NANOS, PAGE_BYTES))
        .saturating_add(Weight::from_parts(0, PAGE_BYTES))
}
