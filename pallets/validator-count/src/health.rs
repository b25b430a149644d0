// SPDX-License-Identifier: GPL-3.0-only
//! Sums over sessions: an era's health, and what was normal before a plan.

use crate::{
    judge::{is_within_limits, Share},
    Baseline, Health, History, Policy, SessionHealth,
};
use sp_staking::EraIndex;

/// From how many sessions a baseline is taken, at most: four eras of six sessions.
pub const BASELINE_SESSIONS: usize = 24;

impl Health {
    /// The slots that have passed, with a block or without.
    pub fn slots(&self) -> u64 {
        u64::from(self.blocks).saturating_add(self.missed.into())
    }

    /// Both, one after the other. Counters saturate: an era has far fewer slots than a `u32` counts.
    #[must_use]
    pub fn plus(self, later: Self) -> Self {
        Self {
            blocks: self.blocks.saturating_add(later.blocks),
            missed: self.missed.saturating_add(later.missed),
            candidates_backed: self.candidates_backed.saturating_add(later.candidates_backed),
            candidates_included: self.candidates_included.saturating_add(later.candidates_included),
            availability_seen: self.availability_seen.saturating_add(later.availability_seen),
            availability_possible: self.availability_possible.saturating_add(later.availability_possible),
            disputes: self.disputes.saturating_add(later.disputes),
            disabled: self.disabled.max(later.disabled),
            finality_proofs: self.finality_proofs.saturating_add(later.finality_proofs),
            finality_lag: self.finality_lag.max(later.finality_lag),
        }
    }

    /// A proof of finality came, `lag` blocks behind. The least lag of a session counts: who submits old proofs on
    /// purpose does not make it larger, as long as somebody submits new ones.
    pub fn note_finality_proof(&mut self, lag: u32, counts: bool) {
        self.finality_lag = Some(self.finality_lag.map_or(lag, |least| least.min(lag)));
        if counts {
            self.finality_proofs = self.finality_proofs.saturating_add(1);
        }
    }
}

impl Baseline {
    /// The newest sessions of eras that have ended, except those that a plan found sick, or that are beyond what
    /// `policy` allows. `None` without any.
    pub fn of(record: &History, active_era: EraIndex, policy: &Policy) -> Option<Self> {
        record
            .iter()
            .rev()
            .filter(|session| session.era < active_era && !session.flags.is_sick())
            .filter(|session| is_within_limits(&session.health, policy))
            .take(BASELINE_SESSIONS)
            .fold(None, |baseline, session| Some(baseline.unwrap_or_default().with(&session.health)))
    }

    /// The share of slots that were missed.
    pub fn missed_share(&self) -> Share {
        Share { part: self.missed, of: self.slots }
    }

    fn with(self, health: &Health) -> Self {
        Self {
            sessions: self.sessions.saturating_add(1),
            slots: self.slots.saturating_add(health.slots()),
            missed: self.missed.saturating_add(health.missed.into()),
        }
    }
}

/// The health of `era`, as far as its sessions are in the record.
pub fn era_health(record: &History, era: EraIndex) -> Health {
    record.iter().filter(|session| session.era == era).fold(Health::default(), |sum, session| sum.plus(session.health))
}

/// Appends `session`; the oldest makes room if the record is full.
pub fn put_on_record(record: &mut History, session: SessionHealth) {
    if record.try_push(session).is_ok() {
        return;
    }
    let sessions: &mut [SessionHealth] = record.as_mut();
    sessions.rotate_left(1);
    if let Some(last) = sessions.last_mut() {
        *last = session;
    }
}
