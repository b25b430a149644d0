// SPDX-License-Identifier: GPL-3.0-only
//! The log of leads: when an entry is kept, how much the next one must offer, and how to find the one of a block.
//!
//! The log has one entry for each lead that some block of the ending period ends with. A lead that was overtaken before,
//! or in its own block, cannot be drawn, and its entry is overwritten.

use codec::{Decode, Encode, MaxEncodedLen};
use polkadot_core_primitives::{Balance, BlockNumber};
use scale_info::TypeInfo;
use serin_primitives::lease::{LeaseRange, RANGE_COUNT};
use sp_runtime::Permill;

/// How many entries the log has for each range.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct LogLengths([u16; RANGE_COUNT]);

impl Default for LogLengths {
    fn default() -> Self {
        Self([0; RANGE_COUNT])
    }
}

impl LogLengths {
    pub fn of(&self, range: LeaseRange) -> u16 {
        self.0.get(range.index()).copied().unwrap_or_default()
    }

    /// Counts one more entry and returns its index; `None` if the log of the range is full.
    pub fn append(&mut self, range: LeaseRange) -> Option<u16> {
        let length = self.0.get_mut(range.index())?;
        let index = *length;
        *length = length.checked_add(1)?;
        Some(index)
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

/// The last of `length` entries whose block, which grows with the index, is at most `block`.
pub fn last_until(length: u16, block: BlockNumber, since: impl Fn(u16) -> Option<BlockNumber>) -> Option<u16> {
    let (mut low, mut high) = (0, length);
    while low < high {
        let middle = low.midpoint(high);
        if since(middle)? <= block {
            low = middle.saturating_add(1);
        } else {
            high = middle;
        }
    }
    low.checked_sub(1)
}
