// SPDX-License-Identifier: GPL-3.0-only
//! Messages together with what proves that their sender committed to them, and the check of it.

use super::{
    frontier::Extension, message_hash, tree::TreePath, Frontier, PeerLeaf, MAX_DELIVERED_MESSAGES, MAX_MESSAGE_BYTES,
};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{traits::ConstU32, BoundedVec};

/// One message.
pub type Payload = BoundedVec<u8, ConstU32<MAX_MESSAGE_BYTES>>;

/// Messages of one sender that follow on those the receiver has, and the way from them to a root of that sender.
///
/// Without messages it still carries what the sender says of the other direction.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Delivery {
    pub sender: ParaId,
    /// The root of the sender's commitment tree on which the proof stands.
    pub root: H256,
    /// The sender's leaf for the receiver.
    pub leaf: PeerLeaf,
    /// From the leaf to `root`.
    pub path: TreePath,
    /// In the order in which they were sent, without a gap from the last one received.
    pub payloads: BoundedVec<Payload, ConstU32<MAX_DELIVERED_MESSAGES>>,
    /// From the last payload on to the leaf's count and root.
    pub extension: Extension,
}

/// What is wrong with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The leaf is for another parachain.
    WrongPeer,
    /// The leaf is not under the root.
    NotCommitted,
    /// More messages than the sender says it sent.
    BeyondCount,
    /// The messages are not those that the sender sent next.
    WrongMessages,
}

impl Delivery {
    /// Checks everything but whether the root is one of the sender's, which only the relay chain's state can tell.
    /// Returns the frontier behind the last payload.
    ///
    /// Cheap checks go first: hashing the payloads is by far the dearest.
    pub fn verify(&self, receiver: ParaId, received: &Frontier) -> Result<Frontier, Rejection> {
        self.verify_leaf(receiver)?;
        self.verify_count(received)?;
        let next = received.append(&self.hash_payloads()).map_err(|_| Rejection::BeyondCount)?;
        next.ensure_extends_to(self.leaf.sent_count, self.leaf.sent_root, &self.extension)
            .map_err(|_| Rejection::WrongMessages)?;
        Ok(next)
    }

    fn verify_leaf(&self, receiver: ParaId) -> Result<(), Rejection> {
        if self.leaf.peer != receiver {
            return Err(Rejection::WrongPeer);
        }
        if !self.path.leads_to(self.root, self.leaf.hash()) {
            return Err(Rejection::NotCommitted);
        }
        Ok(())
    }

    fn verify_count(&self, received: &Frontier) -> Result<(), Rejection> {
        let messages = u64::try_from(self.payloads.len()).map_err(|_| Rejection::BeyondCount)?;
        let count = received.count().checked_add(messages).ok_or(Rejection::BeyondCount)?;
        if count > self.leaf.sent_count {
            return Err(Rejection::BeyondCount);
        }
        Ok(())
    }

    fn hash_payloads(&self) -> Vec<H256> {
        self.payloads.iter().map(|payload| message_hash(payload)).collect()
    }

    /// The length of all payloads together.
    pub fn payload_bytes(&self) -> u32 {
        // At most MAX_DELIVERED_MESSAGES times MAX_MESSAGE_BYTES, which fits.
        self.payloads.iter().fold(0, |sum, payload| {
            u32::try_from(payload.len()).map_or(u32::MAX, |length| u32::saturating_add(sum, length))
        })
    }
}
