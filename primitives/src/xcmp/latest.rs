// SPDX-License-Identifier: GPL-3.0-only
//! What the relay chain keeps of each parachain, and where.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use scale_info::TypeInfo;
use sp_core::H256;
use sp_io::hashing::{twox_128, twox_64};

/// The newest commitment of a parachain, from its last included head. 44 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct LatestRoot {
    /// The root of the commitment tree.
    pub root: H256,
    /// The number of the parachain's block.
    pub number: u32,
    /// The relay-chain block in which this was written.
    pub relay_block: u32,
    /// Rises whenever the parachain may have left a chain of blocks for another one.
    pub generation: u32,
}

/// Where the relay chain's state holds the [`LatestRoot`] of `para`. Receivers prove this key.
pub fn latest_root_key(para: ParaId) -> Vec<u8> {
    let encoded = para.encode();
    [&twox_128(b"Xcmp")[..], &twox_128(b"Latest"), &twox_64(&encoded), &encoded].concat()
}
