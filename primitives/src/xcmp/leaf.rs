// SPDX-License-Identifier: GPL-3.0-only
//! What a parachain says to one peer in each block.
// Derived codecs cast the index of a variant.
#![allow(clippy::as_conversions)]

use super::{
    hash::{tree_leaf_hash, TREE_LEAF},
    VERSION,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use scale_info::TypeInfo;
use sp_core::H256;

/// One parachain's side of both directions between it and `peer`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct PeerLeaf {
    /// For whom this is. Part of the preimage: a leaf says nothing to anybody else.
    pub peer: ParaId,
    /// How many messages were sent to the peer, ever. Fixes the shape of the range below `sent_root`.
    pub sent_count: u64,
    /// The root of the Merkle mountain range over all of them; zero when there are none.
    pub sent_root: H256,
    /// How many messages of the peer were taken in, ever: its acknowledgement.
    pub received_count: u64,
    /// Whether the peer may send.
    pub acceptance: Acceptance,
    /// How much of it may be under way.
    pub window: Window,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Acceptance {
    Refusing,
    Accepting,
}

/// How much may be sent and not yet acknowledged.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Window {
    pub messages: u32,
    pub bytes: u32,
}

impl PeerLeaf {
    /// The length of a preimage. The library that joins nodes would take 64 bytes for two of them.
    pub const BYTES: usize = 63;

    /// The preimage: every number with its most significant byte first.
    pub fn preimage(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let parts: [&[u8]; 8] = [
            &[TREE_LEAF, VERSION],
            &u32::from(self.peer).to_be_bytes(),
            &self.sent_count.to_be_bytes(),
            self.sent_root.as_bytes(),
            &self.received_count.to_be_bytes(),
            &[self.acceptance.flags()],
            &self.window.messages.to_be_bytes(),
            &self.window.bytes.to_be_bytes(),
        ];
        bytes.iter_mut().zip(parts.into_iter().flatten()).for_each(|(byte, part)| *byte = *part);
        bytes
    }

    pub fn hash(&self) -> H256 {
        tree_leaf_hash(&self.preimage())
    }
}

impl Acceptance {
    /// Bit 0; the others are for later versions.
    const fn flags(self) -> u8 {
        match self {
            Self::Refusing => 0,
            Self::Accepting => 1,
        }
    }
}
