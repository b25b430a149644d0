// SPDX-License-Identifier: GPL-3.0-only
//! The combination of ranges that is worth most.

use alloc::{vec, vec::Vec};
use polkadot_core_primitives::Balance;
use serin_primitives::lease::{LeaseRange, PERIODS_PER_AUCTION};

/// Ranges that share no period, in order, and what they are worth together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Combination {
    pub ranges: Vec<LeaseRange>,
    pub value: Balance,
}

impl Combination {
    fn with(&self, range: LeaseRange, amount: Balance) -> Self {
        // Saturation never happens: a hundred times the sum of all tokens is far below the largest balance.
        let value = self.value.saturating_add(amount.saturating_mul(range.period_count().into()));
        Self { ranges: [self.ranges.as_slice(), &[range]].concat(), value }
    }
}

/// The most valuable combination of ranges, each worth its amount for each period.
///
/// Extends the best combination of the first periods by a range that begins after them. Among equals the one whose last
/// range is longer stays; this is the order of the SDK's auctions.
pub fn best_combination(amount: impl Fn(LeaseRange) -> Option<Balance>) -> Combination {
    let mut best_of_first = vec![Combination::default()];
    for last in 0..PERIODS_PER_AUCTION {
        let mut best: Option<Combination> = None;
        for (first, before) in (0..=last).zip(&best_of_first) {
            let offered = LeaseRange::new(first, last).and_then(|range| Some((range, amount(range)?)));
            let candidate = offered.map_or_else(|| before.clone(), |(range, amount)| before.with(range, amount));
            if best.as_ref().is_none_or(|best| candidate.value > best.value) {
                best = Some(candidate);
            }
        }
        best_of_first.extend(best);
    }
    best_of_first.pop().unwrap_or_default()
}

/// The smallest amount, at least `minimum`, with which `range` belongs to the best combination whatever the order of
/// equals.
pub fn winning_amount(range: LeaseRange, minimum: Balance, amount: impl Fn(LeaseRange) -> Option<Balance>) -> Balance {
    let best_where = |allowed: fn(LeaseRange, LeaseRange) -> bool| {
        best_combination(|other| amount(other).filter(|_| allowed(other, range))).value
    };
    let best = best_where(|_, _| true);
    let before = best_where(|other, range| other.last() < range.first());
    let after = best_where(|other, range| other.first() > range.last());
    // Saturation never happens: what lies beside the range is part of a combination.
    let to_beat = best.saturating_sub(before.saturating_add(after));
    let per_period = to_beat.checked_div(range.period_count().into()).unwrap_or_default();
    per_period.saturating_add(1).max(minimum)
}
