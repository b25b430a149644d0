// SPDX-License-Identifier: GPL-3.0-only
//! Lease periods, when they begin, and the ranges of them that an auction sells.

use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::ops::RangeInclusive;
use scale_info::TypeInfo;

/// The number of a lease period, counted from the chain's first.
pub type LeasePeriod = u32;

/// How many lease periods one auction sells.
pub const PERIODS_PER_AUCTION: u8 = 8;

/// How many contiguous ranges eight lease periods have.
pub const RANGE_COUNT: usize = 36;

/// Lease periods as blocks: period `n` begins at `offset_blocks + n * length_blocks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseClock {
    pub length_blocks: u32,
    pub offset_blocks: u32,
}

impl LeaseClock {
    /// The period that `block` is in; `None` before the first one, or if periods have no length.
    pub fn period_at(&self, block: u32) -> Option<LeasePeriod> {
        block.checked_sub(self.offset_blocks)?.checked_div(self.length_blocks)
    }

    /// The first block of `period`; `None` if it is beyond the last block number.
    pub fn first_block(&self, period: LeasePeriod) -> Option<u32> {
        period.checked_mul(self.length_blocks)?.checked_add(self.offset_blocks)
    }
}

/// The eight lease periods that one auction sells, named by the first of them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct LeaseWindow {
    first: LeasePeriod,
}

impl LeaseWindow {
    /// The window that begins with `first`; `None` if it does not end before the last number there is.
    pub fn new(first: LeasePeriod) -> Option<Self> {
        first.checked_add(PERIODS_PER_AUCTION.into()).map(|_| Self { first })
    }

    pub fn first(self) -> LeasePeriod {
        self.first
    }

    pub fn last(self) -> LeasePeriod {
        // Saturation never happens: `new` has checked one more.
        self.first.saturating_add(u32::from(PERIODS_PER_AUCTION).saturating_sub(1))
    }

    /// The range of this window from the period `first` to `last`, both included; `None` if it is empty or not inside.
    pub fn range(self, first: LeasePeriod, last: LeasePeriod) -> Option<LeaseRange> {
        let offset = |period: LeasePeriod| period.checked_sub(self.first)?.try_into().ok();
        LeaseRange::new(offset(first)?, offset(last)?)
    }

    /// The periods of `range` in this window.
    pub fn periods(self, range: LeaseRange) -> RangeInclusive<LeasePeriod> {
        // Saturation never happens: offsets are below eight, and `new` has checked eight.
        let period = |offset: u8| self.first.saturating_add(offset.into());
        period(range.first)..=period(range.last)
    }
}

/// One of the 36 contiguous ranges of a window, as offsets of its first and last period.
///
/// Ordered by first period, then by last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, MaxEncodedLen, TypeInfo)]
pub struct LeaseRange {
    first: u8,
    last: u8,
}

impl LeaseRange {
    /// `None` if the range is empty or leaves the window.
    pub const fn new(first: u8, last: u8) -> Option<Self> {
        if first <= last && last < PERIODS_PER_AUCTION {
            Some(Self { first, last })
        } else {
            None
        }
    }

    /// All ranges, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..PERIODS_PER_AUCTION).flat_map(|first| (first..PERIODS_PER_AUCTION).map(move |last| Self { first, last }))
    }

    pub fn first(self) -> u8 {
        self.first
    }

    pub fn last(self) -> u8 {
        self.last
    }

    /// The number of periods, 1 to 8.
    pub fn period_count(self) -> u8 {
        // Saturation never happens: `first <= last < 8`.
        self.last.saturating_sub(self.first).saturating_add(1)
    }

    /// The position among [`Self::all`], 0 to 35.
    pub fn index(self) -> usize {
        let first = usize::from(self.first);
        let per_auction = usize::from(PERIODS_PER_AUCTION);
        // Before a range lie those that begin earlier, eight of the first, seven of the second, and so on. Saturation
        // never happens: `first <= last < 8`.
        let begin_earlier = per_auction.saturating_mul(2).saturating_add(1).saturating_sub(first).saturating_mul(first);
        (begin_earlier >> 1).saturating_add(usize::from(self.last.saturating_sub(self.first)))
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

// Derived, it would accept ranges that `new` refuses.
impl Decode for LeaseRange {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let (first, last) = Decode::decode(input)?;
        Self::new(first, last).ok_or_else(|| "a lease range has first <= last < 8".into())
    }
}

impl DecodeWithMemTracking for LeaseRange {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    #[test]
    fn there_are_36_ranges_in_order() {
        let all: Vec<_> = LeaseRange::all().collect();
        assert_eq!(all.len(), RANGE_COUNT);
        assert!(all.is_sorted());
        assert!(all.iter().enumerate().all(|(index, range)| range.index() == index));
    }

    #[test]
    fn only_ranges_of_the_window_decode() {
        for first in 0..=u8::MAX {
            for last in 0..=u8::MAX {
                let decoded = LeaseRange::decode(&mut &[first, last][..]).ok();
                assert_eq!(decoded, LeaseRange::new(first, last));
                assert_eq!(decoded.is_some(), first <= last && last < 8);
                assert!(decoded.is_none_or(|range| range.encode() == [first, last]));
            }
        }
    }

    #[test]
    fn ranges_overlap_if_they_share_a_period() {
        for one in LeaseRange::all() {
            for other in LeaseRange::all() {
                let shared = (one.first()..=one.last()).any(|period| (other.first()..=other.last()).contains(&period));
                assert_eq!(one.overlaps(other), shared);
            }
        }
    }

    #[test]
    fn a_window_needs_eight_period_numbers() {
        assert!(LeaseWindow::new(u32::MAX - 8).is_some_and(|window| window.last() == u32::MAX - 1));
        assert!(LeaseWindow::new(u32::MAX - 7).is_none());
    }

    proptest! {
        #[test]
        fn a_window_gives_the_periods_it_was_asked_for(window in 0..1_000u32, first in 0..1_010u32, last in 0..1_010u32) {
            let inside = window <= first && first <= last && last < window + 8;
            let window = LeaseWindow::new(window).unwrap();
            let range = window.range(first, last);
            prop_assert_eq!(range.is_some(), inside);
            if let Some(range) = range {
                prop_assert_eq!(window.periods(range), first..=last);
                prop_assert_eq!(u32::from(range.period_count()), last - first + 1);
            }
        }

        #[test]
        fn every_block_is_in_the_period_that_began_last(length in 1..10_000u32, offset in 0..10_000u32, block in 0..u32::MAX) {
            let clock = LeaseClock { length_blocks: length, offset_blocks: offset };
            let Some(period) = clock.period_at(block) else {
                prop_assert!(block < offset);
                return Ok(());
            };
            prop_assert!(clock.first_block(period).unwrap() <= block);
            prop_assert!(clock.first_block(period + 1).is_none_or(|next| block < next));
        }
    }

    #[test]
    fn without_a_length_there_are_no_periods() {
        assert_eq!(LeaseClock { length_blocks: 0, offset_blocks: 0 }.period_at(7), None);
    }
}
