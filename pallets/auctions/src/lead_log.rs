// SPDX-License-Identifier: GPL-3.0-only
//! The log of leads: when an entry is kept, how much the next one must offer, and how to find the one of a block.
//!
//! The log has one entry for each lead that some block of the ending period ends with. A lead that was overtaken
//! before, or in its own block, cannot be drawn, and its entry is overwritten.
//!
//! It is stored in pages, and an index names their first blocks: so two reads find the lead of a block, one of which
//! all ranges share. Larger pages would be dearer to bid and to settle with, smaller ones would make the index so.

use crate::types::Lead;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use polkadot_core_primitives::{Balance, BlockNumber};
use scale_info::TypeInfo;
use serin_primitives::lease::{LeaseRange, RANGE_COUNT};
use sp_runtime::Permill;

/// How many leads a page has at most; all pages of a range but the last have as many.
pub const PAGE_LEADS: u32 = 32;

/// How many pages a range may have after the first: enough for two thousand leads.
const LATER_PAGES: u32 = 63;

/// Which page of a range's log, counted from 0.
pub type PageNumber = u16;

/// Leads of one range that follow each other.
pub type LogPage<AccountId> = BoundedVec<Lead<AccountId>, ConstU32<PAGE_LEADS>>;

/// For each range the first blocks of the pages of its log, but for the first page, which is there in any case.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct LogIndex([BoundedVec<BlockNumber, ConstU32<LATER_PAGES>>; RANGE_COUNT]);

impl Default for LogIndex {
    fn default() -> Self {
        Self(core::array::from_fn(|_| BoundedVec::new()))
    }
}

impl LogIndex {
    pub fn last_page(&self, range: LeaseRange) -> PageNumber {
        self.page_of(range, BlockNumber::MAX)
    }

    /// The page that has the lead of `range` at the end of `block`, if there is one.
    pub fn page_of(&self, range: LeaseRange, block: BlockNumber) -> PageNumber {
        let begun = self.0.get(range.index()).map_or(0, |starts| starts.partition_point(|start| *start <= block));
        // Bounded by `LATER_PAGES`.
        begun.try_into().unwrap_or(PageNumber::MAX)
    }

    /// Adds a page whose first lead is of the block `start`; `None` if the log of the range is full.
    pub fn open_page(&mut self, range: LeaseRange, start: BlockNumber) -> Option<PageNumber> {
        self.0.get_mut(range.index())?.try_push(start).ok()?;
        Some(self.last_page(range))
    }
}

/// The smallest amount that takes the lead.
///
/// The raise is a share of the present lead, so that the log is short: amounts grow by powers.
pub fn next_amount(leading: Option<Balance>, minimum_bid: Balance, minimum_raise: Permill) -> Balance {
    let Some(leading) = leading else { return minimum_bid };
    // Saturation refuses bids that no account could pay.
    leading.saturating_add(minimum_raise.mul_ceil(leading).max(1)).max(minimum_bid)
}

/// Whether a lead since the block `since` can be drawn, although it is overtaken in the block `now`.
pub fn stays_drawable(since: BlockNumber, ending_start: BlockNumber, now: BlockNumber) -> bool {
    since.max(ending_start) < now
}
