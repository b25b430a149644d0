// SPDX-License-Identifier: GPL-3.0-only
//! Weights of this chain's own pallets, and of those that are published with a test weight only. All others use their
//! published `SubstrateWeight`.
//!
//! Those of auctions, lease cores and XCMP are measured: `make weights` writes the files. In each other file a figure is a
//! declared upper bound: storage accesses counted in the pallet's code, plus time for what it computes, rounded up. `docs/weights.md` has
//! the prices and the list of pallets.

pub mod frame_election_provider_support;
pub mod pallet_auctions;
pub mod pallet_babe;
pub mod pallet_grandpa;
pub mod pallet_lease_cores;
pub mod pallet_validator_count;
pub mod pallet_xcm;
pub mod pallet_xcmp;
pub mod polkadot_runtime_common_crowdloan;
pub mod polkadot_runtime_common_paras_registrar;
pub mod polkadot_runtime_common_slots;
pub mod polkadot_runtime_parachains_configuration;
pub mod polkadot_runtime_parachains_coretime;
pub mod polkadot_runtime_parachains_disputes;
pub mod polkadot_runtime_parachains_disputes_slashing;
pub mod polkadot_runtime_parachains_hrmp;
pub mod polkadot_runtime_parachains_inclusion;
pub mod polkadot_runtime_parachains_initializer;
pub mod polkadot_runtime_parachains_on_demand;
pub mod polkadot_runtime_parachains_paras;
pub mod polkadot_runtime_parachains_paras_inherent;
pub mod xcm;

#[cfg(test)]
mod tests;

use frame_support::{
    traits::Get,
    weights::{
        constants::{WEIGHT_REF_TIME_PER_MICROS, WEIGHT_REF_TIME_PER_NANOS},
        RuntimeDbWeight, Weight,
    },
};

/// Proof size of one small value, in bytes: the nodes on its path in a trie with some millions of entries.
const PROOF_BYTES_PER_READ: u64 = 3_600;
/// Checking a signature, of any of the three kinds, and hashing what it signs; in microseconds.
const SIGNATURE_MICROS: u64 = 60;
/// Each byte of validation code, in nanoseconds: decoded, hashed twice, copied, stored and hashed into the trie.
const CODE_BYTE_NANOS: u64 = 20;
/// Each byte of a head, a message or a large stored value, in nanoseconds: decoded, hashed, stored again.
const DATA_BYTE_NANOS: u64 = 10;
/// Each byte of an encoded call inside a message, in nanoseconds: decoded and weighed; in a batch of calls that carry
/// nothing two bytes are a call.
const CALL_BYTE_NANOS: u64 = 80;

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

/// Computation alone: `nanos` for each of `count` bytes or entries.
fn nanos_each(nanos: u64, count: u64) -> Weight {
    Weight::from_parts(nanos.saturating_mul(WEIGHT_REF_TIME_PER_NANOS).saturating_mul(count), 0)
}

fn code_bytes(count: u32) -> Weight {
    nanos_each(CODE_BYTE_NANOS, count.into())
}

fn data_bytes(count: u32) -> Weight {
    nanos_each(DATA_BYTE_NANOS, count.into())
}

/// A stored value too large for the flat price of a read: its bytes are work, and are in the proof.
fn large_value(bytes: u32) -> Weight {
    data_bytes(bytes).saturating_add(Weight::from_parts(0, bytes.into()))
}

/// An XCM of a few instructions sent to a child parachain: its XCM version, the queue for it and the head of that
/// queue's hash chain, the fee factor, the sender's account and the one that collects delivery fees.
fn xcm_sent<T: frame_system::Config>() -> Weight {
    declared::<T>(100, 12, 7)
}

/// The proof that a key belonged to a validator in a session: two look-ups in a trie of the session's `validators`,
/// or, in the current session, a look-up in their list.
fn key_ownership_checked<T: frame_system::Config>(validators: u32) -> Weight {
    const PROOF_MICROS: u64 = 200;
    const NODE_MICROS: u64 = 30;

    // A node of the trie has sixteen children; a root and a value node come on top.
    let nodes =
        u64::from(validators.checked_ilog2().unwrap_or(0)).saturating_div(4).saturating_add(2).saturating_mul(2);
    declared::<T>(PROOF_MICROS.saturating_add(nodes.saturating_mul(NODE_MICROS)), 6, 0)
        .saturating_add(nanos_each(400, validators.into()))
}

/// An offence recorded, its validator disabled and chilled, and a slash computed for it and each of its nominators.
/// Without a delay for slashes they are applied at once, so that is counted too.
fn offence_reported<T: frame_system::Config>(nominators: u32) -> Weight {
    declared::<T>(300, 25, 20).saturating_add(each::<T>(nominators, 60, 8, 8))
}
