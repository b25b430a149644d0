// SPDX-License-Identifier: GPL-3.0-only
//! What is wrong with an era.

use crate::{health::era_health, Baseline, Flag, Flags, Health, History, Plan, Policy};
use sp_staking::EraIndex;

/// How many standard deviations above what is expected are no accident any more.
const MISSED_SIGMAS: u128 = 4;
/// How many slots above what is expected are no accident any more, however little is expected.
const MISSED_SLACK: u128 = 3;

/// A part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub part: u64,
    pub of: u64,
}

impl Share {
    pub fn permille(permille: u32) -> Self {
        Self { part: permille.into(), of: 1_000 }
    }

    /// The smaller of the two. A share of nothing is no share, and the other one is taken.
    fn min(self, other: Self) -> Self {
        let crosswise = |a: Self, b: Self| u128::from(a.part).saturating_mul(b.of.into());
        if self.of == 0 || crosswise(other, self) < crosswise(self, other) {
            other
        } else {
            self
        }
    }
}

/// Judges `era` by what `plan` asks for, and puts the flags on the record of its sessions.
pub fn judge_era(record: &mut History, era: EraIndex, plan: &Plan) -> (Health, Flags) {
    let health = era_health(record, era);
    let flags = judge(&health, &plan.baseline, &plan.policy);
    for session in record.iter_mut().filter(|session| session.era == era) {
        session.flags = flags;
    }
    (health, flags)
}

/// The flags of an era with this `health`.
fn judge(health: &Health, baseline: &Baseline, policy: &Policy) -> Flags {
    let normal = baseline.missed_share().min(Share::permille(policy.max_missed_permille));
    Flags::NONE
        .with_if(misses_more_than(health, normal), Flag::Missed)
        .with_if(lacks_availability(health, policy), Flag::Availability)
        .with_if(health.disputes > policy.max_disputes, Flag::Dispute)
        .with_if(health.disabled > policy.max_disabled, Flag::Disabled)
        .with_if(health.finality_lag.is_some_and(|lag| lag > policy.max_finality_lag), Flag::FinalityLag)
        .with_if(health.finality_proofs < policy.proofs_per_era, Flag::FinalityUnknown)
}

/// Whether a session with this `health` may stand for what is normal: only the policy's own limits count.
pub fn is_within_limits(health: &Health, policy: &Policy) -> bool {
    !misses_more_than(health, Share::permille(policy.max_missed_permille))
        && !lacks_availability(health, policy)
        && health.disputes <= policy.max_disputes
        && health.disabled <= policy.max_disabled
}

/// Whether so many slots were missed that a chain which misses the share `p` of its `n` slots would hardly ever do it:
/// more than `n p + 4 sqrt(n p (1 - p))`, and more than `n p + 3`. With `n p` small the second bound is the higher one,
/// so the rule is the same for an era of twenty slots and for one of thousands.
///
/// There are no fractions here: both sides are multiplied by the whole of `p`, and squared.
pub fn misses_more_than(health: &Health, p: Share) -> bool {
    let slots = u128::from(health.slots());
    let (part, of) = (u128::from(p.part), u128::from(p.of));
    let missed = u128::from(health.missed).saturating_mul(of);
    let expected = slots.saturating_mul(part);
    let Some(excess) = missed.checked_sub(expected) else { return false };

    // `slots` is below 2^33, since an era's counters are `u32`, and the whole of a baseline below 24 times that. So the
    // right-hand side is below 2^116; the square on the left may be larger than any number, and saturates rightly.
    let variance = expected.saturating_mul(of.saturating_sub(part));
    let is_unlikely =
        excess.saturating_mul(excess) > variance.saturating_mul(MISSED_SIGMAS.saturating_mul(MISSED_SIGMAS));
    is_unlikely && excess > of.saturating_mul(MISSED_SLACK)
}

/// Whether availability votes are missing. Without a candidate there is nothing to vote on.
fn lacks_availability(health: &Health, policy: &Policy) -> bool {
    let thousandths = |part: u32, of: u32| u64::from(part).saturating_mul(of.into());
    thousandths(health.availability_seen, 1_000)
        < thousandths(health.availability_possible, policy.min_availability_permille)
}
