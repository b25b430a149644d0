// SPDX-License-Identifier: GPL-3.0-only
use super::world::Sender;
use crate::xcmp::{tree, tree::TreePath, PeerLeaf, MAX_TREE_DEPTH};
use sp_core::H256;

/// A pair of hashes is 64 bytes. No leaf may be as long.
const _: () = assert!(PeerLeaf::BYTES != 64);

#[test]
fn every_leaf_of_every_tree_has_a_path() {
    for width in 1..=70 {
        let leaves = Sender::new(1, 1, width, 0).leaf_hashes();
        let root = tree::root(&leaves).unwrap();
        for index in 0..width {
            let path = TreePath::new(&leaves, index).unwrap();
            for (other, leaf) in leaves.iter().enumerate() {
                assert_eq!(path.leads_to(root, *leaf), other == index as usize, "{other} at {index} of {width}");
            }
        }
        assert!(TreePath::new(&leaves, width).is_none());
    }
}

#[test]
fn a_tree_without_leaves_has_a_root_and_no_path() {
    let root = tree::root(&[]).unwrap();
    let path = TreePath { index: 0, width: 0, siblings: Default::default(), top: H256::zero() };
    assert!(!path.leads_to(root, H256::zero()));
    assert!(TreePath::new(&[], 0).is_none());
}

#[test]
fn a_tree_is_as_wide_as_a_path_is_deep() {
    let leaves = vec![H256::zero(); (1 << MAX_TREE_DEPTH) + 1];
    assert!(tree::root(&leaves).is_none());
    assert!(TreePath::new(&leaves, 0).is_none());
    let path = TreePath::new(&leaves[1..], 0).unwrap();
    assert_eq!(path.siblings.len(), MAX_TREE_DEPTH as usize);
}

#[test]
fn two_leaves_of_one_width_more_are_another_tree() {
    // A neighbour of the odd one out that repeats it (CVE-2012-2459) makes another root.
    let leaves = Sender::new(1, 1, 3, 0).leaf_hashes();
    let doubled = [leaves.as_slice(), &leaves[2..]].concat();
    assert_ne!(tree::root(&leaves), tree::root(&doubled));
}
