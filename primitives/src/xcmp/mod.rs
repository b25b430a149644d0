// SPDX-License-Identifier: GPL-3.0-only
//! Off-chain XCMP: what two parachains agree on byte by byte, and how one convinces itself of what the other sent.
//!
//! A sender appends the hash of each message to one Merkle mountain range per peer ([`Frontier`]). One [`PeerLeaf`] per
//! peer, with that range's count and root, goes into a [commitment tree](tree), whose root is a digest item of every
//! header ([`digest`]). The relay chain keeps the newest root of each parachain ([`LatestRoot`]), the receiver reads it
//! there, and takes messages only with a [`Delivery`] that leads from them to that root.
//!
//! `docs/xcmp.md` describes the same for those who write another implementation; the vectors in `test-vectors/` bind
//! both.

pub mod delivery;
pub mod digest;
mod frontier;
mod hash;
mod latest;
mod leaf;
pub mod tree;

#[cfg(test)]
mod tests;

pub use delivery::{Delivery, Rejection};
pub use frontier::{BrokenExtension, Extension, Frontier, FrontierFull, MAX_COUNT};
pub use hash::message_hash;
pub use latest::{latest_root_key, LatestRoot};
pub use leaf::{Acceptance, PeerLeaf, Window};

use sp_runtime::ConsensusEngineId;

/// Names our item among the digest items of a header.
pub const ENGINE_ID: ConsensusEngineId = *b"SXMP";
/// The version of every format here. It is in each preimage, so an unknown version verifies nowhere.
pub const VERSION: u8 = 1;
/// The longest message, as for HRMP channels.
pub const MAX_MESSAGE_BYTES: u32 = 102_400;
/// How many messages one delivery may bring.
pub const MAX_DELIVERED_MESSAGES: u32 = 1_024;
/// How deep a commitment tree may be: 65,536 peers.
pub const MAX_TREE_DEPTH: u32 = 16;
/// More nodes than any extension has: one for each bit of a count.
pub const MAX_EXTENSION_NODES: u32 = 64;
