// SPDX-License-Identifier: GPL-3.0-only
//! What the pallet keeps in storage.

use codec::{CompactAs, Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use scale_info::TypeInfo;
use serin_primitives::{
    lease::{LeaseRange, LeaseWindow},
    traits::CoreIndex,
};

/// Which auction, counted from 1.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    CompactAs,
    MaxEncodedLen,
    TypeInfo,
)]
pub struct AuctionId(pub u32);

/// The random value that a candle block is drawn from.
pub type Seed = [u8; 32];

/// An auction, from its creation until it is pruned.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Auction {
    /// The periods on sale.
    pub window: LeaseWindow,
    /// The core that is reserved for them.
    pub core: CoreIndex,
    /// The first block that the candle may go out at.
    pub ending_start: BlockNumber,
    /// How many blocks it may go out at. Kept here, so that a runtime upgrade changes no auction that is live.
    pub ending_blocks: BlockNumber,
    pub state: AuctionState,
}

impl Auction {
    /// The first block that takes no bids.
    pub fn closes_at(&self) -> BlockNumber {
        // Saturation never happens: creation has checked the sum.
        self.ending_start.saturating_add(self.ending_blocks)
    }

    pub fn phase_at(&self, now: BlockNumber) -> Phase {
        match self.state {
            AuctionState::Settled { .. } => Phase::Settled,
            AuctionState::Cancelled { .. } => Phase::Cancelled,
            AuctionState::Open => Phase::of_open(self.ending_start, self.closes_at(), now),
        }
    }

    /// When the auction was settled or cancelled.
    pub fn finished_at(&self) -> Option<BlockNumber> {
        match self.state {
            AuctionState::Open => None,
            AuctionState::Settled { at, .. } | AuctionState::Cancelled { at } => Some(at),
        }
    }
}

/// What has been decided about an auction. Whether an open one takes bids is a question of the block: see [`Phase`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum AuctionState {
    Open,
    Settled { candle_block: BlockNumber, seed: Seed, at: BlockNumber },
    Cancelled { at: BlockNumber },
}

/// Where an auction stands at a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Phase {
    /// Takes bids; the candle cannot go out yet.
    Starting,
    /// Takes bids; this is the block `offset` of those that the candle may go out at.
    Ending {
        offset: BlockNumber,
    },
    /// Takes no bids, for `blocks` blocks now; the seed is not known yet, or other auctions are settled first.
    AwaitingSeed {
        blocks: BlockNumber,
    },
    Settled,
    Cancelled,
}

impl Phase {
    /// The phase of an auction that is neither settled nor cancelled.
    pub fn of_open(ending_start: BlockNumber, closes_at: BlockNumber, now: BlockNumber) -> Self {
        if let Some(blocks) = now.checked_sub(closes_at) {
            return Self::AwaitingSeed { blocks };
        }
        now.checked_sub(ending_start).map_or(Self::Starting, |offset| Self::Ending { offset })
    }

    pub fn takes_bids(self) -> bool {
        matches!(self, Self::Starting | Self::Ending { .. })
    }
}

/// An auction that is neither settled nor cancelled, with what every block asks about it. Ordered as they are
/// settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct LiveAuction {
    pub closes_at: BlockNumber,
    pub id: AuctionId,
    pub ending_start: BlockNumber,
    pub series: Series,
}

impl LiveAuction {
    pub fn phase_at(&self, now: BlockNumber) -> Phase {
        Phase::of_open(self.ending_start, self.closes_at, now)
    }

    /// Whether there is a block that the candles of both may go out at.
    pub fn ends_together_with(&self, other: &Self) -> bool {
        self.ending_start < other.closes_at && other.ending_start < self.closes_at
    }
}

/// Who an auction is announced to.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub enum Series {
    /// Crowdloans bid in it by themselves. They know of one auction at a time, so ending periods of this series may
    /// not overlap.
    Crowdloans,
    /// Takes bids by calls alone.
    Direct,
}

/// A bid that leads its range, or did so at the end of some block that the candle may go out at.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Lead<AccountId> {
    pub bidder: AccountId,
    pub para: ParaId,
    /// For each period of the range.
    pub amount: Balance,
    /// The block of the bid.
    pub since: BlockNumber,
}

/// What secures the leads that an account has for a para in an auction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pledge {
    /// Held from the account under `HoldReason::Bid`: what the largest bid needed.
    pub held: Balance,
    /// The largest deposit for a present lease of the same para that a bid counted on.
    pub credit: Balance,
    /// How many leads in the log it secures.
    pub leads: u32,
}

/// A lead that was drawn and belongs to the best combination.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Winner<AccountId> {
    pub range: LeaseRange,
    pub bidder: AccountId,
    pub para: ParaId,
    /// For each period of the range.
    pub amount: Balance,
    pub lease: LeaseOutcome,
}

/// At most one winner for each of the eight periods.
pub type Winners<AccountId> = BoundedVec<Winner<AccountId>, ConstU32<8>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum LeaseOutcome {
    Leased,
    /// The periods stay unsold, and the pledge can be refunded.
    Failed(LeaseFailure),
}

impl LeaseOutcome {
    pub fn failure(self) -> Option<LeaseFailure> {
        match self {
            Self::Leased => None,
            Self::Failed(failure) => Some(failure),
        }
    }
}

/// Why a lead was given no lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum LeaseFailure {
    /// The para was deregistered after the bid.
    ParaNotRegistered,
    /// The para has got a lease elsewhere for some of the periods.
    AlreadyLeased,
    /// The bidder's funds no longer cover the amount.
    Underfunded,
    /// The first of the periods is over.
    PeriodInPast,
    /// Leasing has not begun on this chain.
    NoLeasePeriod,
}

/// Who may bid for a para, besides its manager and its own sovereign account.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum BidderPolicy<AccountId> {
    Anyone,
    Only(AllowedBidders<AccountId>),
}

pub type AllowedBidders<AccountId> = BoundedVec<AccountId, ConstU32<16>>;
