// SPDX-License-Identifier: GPL-3.0-only
//! Every hash of the protocol. Each kind of preimage begins with a tag of its own, so none can stand for another.

use super::{PeerLeaf, VERSION};
use alloc::vec;
use sp_core::H256;
use sp_io::hashing::blake2_256;
use sp_runtime::traits::BlakeTwo256;

/// A message.
const MESSAGE: u8 = 0x01;
/// Two nodes of a mountain.
const INNER: u8 = 0x02;
/// The tops of two mountains.
const PEAK: u8 = 0x03;
/// A leaf of the commitment tree.
pub const TREE_LEAF: u8 = 0x05;
/// Two nodes of the commitment tree.
const TREE_INNER: u8 = 0x06;
/// The top of the commitment tree, and how many leaves it has.
const TREE_ROOT: u8 = 0x07;

/// The hash under which a message enters its stream.
pub fn message_hash(payload: &[u8]) -> H256 {
    tagged(MESSAGE, &[&[VERSION], payload])
}

pub fn tree_leaf_hash(preimage: &[u8; PeerLeaf::BYTES]) -> H256 {
    // The tag is the preimage's first byte.
    blake2_256(preimage).into()
}

pub fn tree_root_hash(width: u32, top: H256) -> H256 {
    tagged(TREE_ROOT, &[&[VERSION], &width.to_be_bytes(), top.as_bytes()])
}

fn tagged(tag: u8, parts: &[&[u8]]) -> H256 {
    let mut preimage = vec![tag];
    parts.iter().for_each(|part| preimage.extend_from_slice(part));
    blake2_256(&preimage).into()
}

/// Joins nodes of a Merkle mountain range. The library's default would join peaks as it joins nodes, which makes a
/// range of some shape look like one of another.
pub struct MountainRange;

impl mmr::Merge for MountainRange {
    type Item = H256;

    fn merge(left: &H256, right: &H256) -> mmr::Result<H256> {
        Ok(tagged(INNER, &[left.as_bytes(), right.as_bytes()]))
    }

    /// The library bags from the right, and hands over the right peak first.
    fn merge_peaks(right: &H256, left: &H256) -> mmr::Result<H256> {
        Ok(tagged(PEAK, &[right.as_bytes(), left.as_bytes()]))
    }
}

/// Joins nodes of the commitment tree. The library hashes through this only two nodes put together, as its raw
/// functions take leaves that are hashed already.
#[derive(Debug)]
pub struct TreeInner;

impl hash_db::Hasher for TreeInner {
    type Out = H256;
    type StdHasher = <BlakeTwo256 as hash_db::Hasher>::StdHasher;
    const LENGTH: usize = 32;

    fn hash(two_nodes: &[u8]) -> H256 {
        tagged(TREE_INNER, &[two_nodes])
    }
}
