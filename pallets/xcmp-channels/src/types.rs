// SPDX-License-Identifier: GPL-3.0-only
use codec::{Decode, Encode, MaxEncodedLen};
use cumulus_primitives_core::ParaId;
use scale_info::TypeInfo;
use serin_primitives::xcmp::{Acceptance, Frontier, PeerLeaf, Window};
use sp_core::H256;

/// Both directions between this parachain and one peer.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Channel {
    /// All messages ever sent to the peer.
    pub sent: Frontier,
    /// Those of them that it has, and that are no longer here.
    pub acknowledged: Frontier,
    /// The length of those between the two.
    pub bytes_under_way: u32,
    /// How much the peer takes.
    pub allowance: Allowance,
    /// The observation of the peer's newest root by which acknowledgement and allowance were set. Older ones say
    /// nothing new.
    pub heard_at: u64,
    /// All messages ever received from the peer.
    pub received: Frontier,
    /// Whether the peer may send.
    pub acceptance: Acceptance,
    /// How much the peer may have under way.
    pub window: Window,
}

/// What a peer lets this parachain send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Allowance {
    pub acceptance: Acceptance,
    pub window: Window,
}

impl Channel {
    pub fn messages_under_way(&self) -> u64 {
        // No more is acknowledged than was sent.
        self.sent.count().saturating_sub(self.acknowledged.count())
    }

    /// What the headers say to the peer.
    pub fn leaf(&self, peer: ParaId) -> PeerLeaf {
        PeerLeaf {
            peer,
            sent_count: self.sent.count(),
            sent_root: self.sent.root(),
            received_count: self.received.count(),
            acceptance: self.acceptance,
            window: self.window,
        }
    }
}

/// Nothing sent, nothing received, nothing allowed.
impl Default for Channel {
    fn default() -> Self {
        let nothing = Allowance { acceptance: Acceptance::Refusing, window: Window::default() };
        Self {
            sent: Frontier::default(),
            acknowledged: Frontier::default(),
            bytes_under_way: 0,
            allowance: nothing,
            heard_at: 0,
            received: Frontier::default(),
            acceptance: nothing.acceptance,
            window: nothing.window,
        }
    }
}

/// Of a message that was sent: what is needed to prove the ones around it, and to remove it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct MessageRecord {
    pub hash: H256,
    pub bytes: u32,
}

/// What was last seen of a sender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Watch {
    /// When the relay chain wrote it.
    pub relay_block: u32,
    pub generation: u32,
    /// How many roots were observed, ever.
    pub observations: u64,
}

/// How much a block took in, or may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct BlockUse {
    pub messages: u32,
    pub bytes: u32,
}

impl BlockUse {
    /// Saturating: what is too much for 32 bits is too much for any budget.
    pub fn and(self, messages: u32, bytes: u32) -> Self {
        Self { messages: self.messages.saturating_add(messages), bytes: self.bytes.saturating_add(bytes) }
    }

    pub fn fits(self, budget: Self) -> bool {
        self.messages <= budget.messages && self.bytes <= budget.bytes
    }
}
