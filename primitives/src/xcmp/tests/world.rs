// SPDX-License-Identifier: GPL-3.0-only
//! Honest senders, for tests to bend.

use crate::xcmp::{
    delivery::Payload, message_hash, tree, tree::TreePath, Acceptance, Delivery, Frontier, PeerLeaf, Window,
};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use sp_core::H256;

pub const RECEIVER: u32 = 2_001;
pub const SENDER: u32 = 2_000;

/// A parachain that sent `sent` messages to the receiver, and has `width` peers.
pub struct Sender {
    pub id: u32,
    pub payloads: Vec<Payload>,
    pub leaves: Vec<PeerLeaf>,
    /// Which leaf is the receiver's.
    pub place: u32,
}

impl Sender {
    /// `salt` sets apart what different senders, or different histories of one sender, say.
    pub fn new(salt: u8, sent: u64, width: u32, place: u32) -> Self {
        let payloads: Vec<_> = (0..sent).map(|index| payload(salt, index)).collect();
        let frontier = Frontier::default().append(&hashes(&payloads)).unwrap();
        let mut leaves: Vec<_> = (0..width).map(|peer| other_leaf(salt, 3_000 + peer)).collect();
        leaves[place as usize] = PeerLeaf {
            peer: RECEIVER.into(),
            sent_count: frontier.count(),
            sent_root: frontier.root(),
            received_count: 4,
            acceptance: Acceptance::Accepting,
            window: Window { messages: 1_000, bytes: 1 << 20 },
        };
        Self { id: SENDER, payloads, leaves, place }
    }

    pub fn leaf(&self) -> &PeerLeaf {
        &self.leaves[self.place as usize]
    }

    pub fn leaf_hashes(&self) -> Vec<H256> {
        self.leaves.iter().map(PeerLeaf::hash).collect()
    }

    pub fn root(&self) -> H256 {
        tree::root(&self.leaf_hashes()).unwrap()
    }

    /// The frontier of one who received the first `count` messages.
    pub fn frontier_at(&self, count: u64) -> Frontier {
        Frontier::default().append(&hashes(&self.payloads[..count as usize])).unwrap()
    }

    /// The honest delivery of the messages `from..to`.
    pub fn delivery(&self, from: u64, to: u64) -> Delivery {
        let extension = Frontier::default().prove_extension(&hashes(&self.payloads), to).unwrap();
        Delivery {
            sender: ParaId::from(self.id),
            root: self.root(),
            leaf: self.leaf().clone(),
            path: TreePath::new(&self.leaf_hashes(), self.place).unwrap(),
            payloads: self.payloads[from as usize..to as usize].to_vec().try_into().unwrap(),
            extension,
        }
    }
}

/// A message that no other salt or index has.
pub fn payload(salt: u8, index: u64) -> Payload {
    let mut bytes = vec![salt; 3 + index as usize % 5];
    bytes.extend(index.to_be_bytes());
    bytes.try_into().unwrap()
}

pub fn hashes(payloads: &[Payload]) -> Vec<H256> {
    payloads.iter().map(|payload| message_hash(payload)).collect()
}

fn other_leaf(salt: u8, peer: u32) -> PeerLeaf {
    PeerLeaf {
        peer: peer.into(),
        sent_count: 1,
        sent_root: H256::repeat_byte(salt),
        received_count: 0,
        acceptance: Acceptance::Refusing,
        window: Window::default(),
    }
}
