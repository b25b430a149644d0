// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::paras_inherent`.
//!
//! The pallet takes `enter_empty` off every other figure, adds up the differences, and drops what does not fit into a
//! block. It sets the proof size of each itself, to the length of the data: the proof sizes here have no effect.

use super::{code_bytes, declared, nanos_each, SIGNATURE_MICROS};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use polkadot_primitives::MAX_CODE_SIZE;
use polkadot_runtime_parachains::paras_inherent::WeightInfo as ParasInherentWeight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> ParasInherentWeight for WeightInfo<T> {
    fn enter_empty() -> Weight {
        declared::<T>(300, 20, 6)
    }

    /// The keys of a session's validators are decoded; the dispute is imported, and a lost one leads to slashes and to
    /// the candidate's being evicted. Each statement is a signature.
    fn enter_variable_disputes(v: u32) -> Weight {
        Self::enter_empty().saturating_add(declared::<T>(1_500, 20, 15)).saturating_add(votes_checked(v))
    }

    /// A signature, and a vote for each core. What the votes of a block cost together, reading and writing the pending
    /// candidates, has no figure in the trait: each bitfield carries a share of it, the first one's share.
    fn enter_bitfields() -> Weight {
        const VOTES_MICROS: u64 = 240;

        Self::enter_empty().saturating_add(declared::<T>(SIGNATURE_MICROS + VOTES_MICROS, 2, 2))
    }

    /// A receipt with its head and messages is decoded, hashed, checked against the state of its para and its channels,
    /// and kept until it is available. Each vote is a signature.
    fn enter_backed_candidates_variable(v: u32) -> Weight {
        Self::enter_empty().saturating_add(declared::<T>(1_500, 20, 12)).saturating_add(votes_checked(v))
    }

    fn enter_backed_candidate_code_upgrade() -> Weight {
        // The trait does not name the votes. A group has five validators by default; there is room for more.
        const GROUP_SIZE: u32 = 16;

        Self::enter_backed_candidates_variable(GROUP_SIZE)
            .saturating_add(declared::<T>(100, 4, 2))
            .saturating_add(code_bytes(MAX_CODE_SIZE))
    }
}

fn votes_checked(count: u32) -> Weight {
    const NANOS: u64 = SIGNATURE_MICROS * 1_000;

    nanos_each(NANOS, count.into())
}
