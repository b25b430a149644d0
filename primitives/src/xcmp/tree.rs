// SPDX-License-Identifier: GPL-3.0-only
//! The commitment tree over the leaves of all peers.
//!
//! Trees and proofs are those of `binary-merkle-tree`: a node without a neighbour goes up a level unchanged. That crate
//! leaves three things to its caller, which are added here: tags, the number of leaves in the root, and the length of a
//! proof.

use super::{
    hash::{tree_root_hash, TreeInner},
    MAX_TREE_DEPTH,
};
use binary_merkle_tree::{merkle_proof_raw, merkle_root_raw, verify_proof, Leaf};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{traits::ConstU32, BoundedVec};

/// What leads from a leaf to the root.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TreePath {
    /// The leaf's place, from 0.
    pub index: u32,
    /// How many leaves the tree has.
    pub width: u32,
    /// The neighbours on the way up, the lowest first.
    pub siblings: BoundedVec<H256, ConstU32<MAX_TREE_DEPTH>>,
    /// The node at the end of the way. The root is the hash of it and the width.
    pub top: H256,
}

/// The root over the hashes of leaves. `None` when there are more leaves than a path can have been given for.
pub fn root(leaves: &[H256]) -> Option<H256> {
    let width = width(leaves)?;
    Some(tree_root_hash(width, merkle_root_raw::<TreeInner, _>(leaves.iter().copied())))
}

impl TreePath {
    /// The path of the leaf at `index`. `None` when there is no such leaf, or the tree is too wide.
    pub fn new(leaves: &[H256], index: u32) -> Option<Self> {
        let width = width(leaves).filter(|width| index < *width)?;
        let proof = merkle_proof_raw::<TreeInner, _>(leaves.iter().copied(), index);
        Some(Self { index, width, siblings: proof.proof.try_into().ok()?, top: proof.root })
    }

    /// Whether this leads to `root` from the leaf with the hash `leaf`.
    pub fn leads_to(&self, root: H256, leaf: H256) -> bool {
        self.siblings.len() == path_length(self.index, self.width)
            && tree_root_hash(self.width, self.top) == root
            && verify_proof::<TreeInner, _, _>(
                &self.top,
                self.siblings.iter().copied(),
                self.width,
                self.index,
                Leaf::Hash(leaf),
            )
    }
}

fn width(leaves: &[H256]) -> Option<u32> {
    u32::try_from(leaves.len()).ok().filter(|width| *width <= 1 << MAX_TREE_DEPTH)
}

/// How many neighbours a node meets on its way up, which is one for each level on which it is not the odd one out.
fn path_length(mut index: u32, mut width: u32) -> usize {
    let mut length = 0usize;
    while width > 1 {
        let is_odd_one_out = index.is_multiple_of(2) && index.checked_add(1) == Some(width);
        // At most once for each bit of the width.
        length = length.saturating_add(usize::from(!is_odd_one_out));
        index /= 2;
        width = width.div_ceil(2);
    }
    length
}
