// SPDX-License-Identifier: GPL-3.0-only
//! What `serin validators status` prints: a record for programs, and what people read of it.

use super::words;
use crate::demo::chain::BlockId;
use pallet_timing::TimingParameters;
use pallet_validator_count::{Flags, Health, Plan, PlanState, Policy, ProjectedStep, SessionHealth, Status};
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};

/// Where the number of validators stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusRecord {
    /// The block after which all of this was so.
    pub block: u32,
    pub block_hash: String,
    /// How many the next election chooses.
    pub count: u32,
    /// How many are in the active set.
    pub active: u32,
    pub era: u32,
    pub plan: Option<PlanRecord>,
    /// The steps that are left, the next one first, if nothing holds the plan.
    pub steps: Vec<StepRecord>,
    /// How many blocks the proven finality is behind. None is unknown.
    pub finality_lag: Option<u32>,
    pub era_so_far: HealthRecord,
    /// The last era that ended. None when the record does not have all of it.
    pub last_era: Option<HealthRecord>,
    pub not_judged: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanRecord {
    pub base: u32,
    pub target: u32,
    pub step: u32,
    /// One of [`words::STATES`].
    pub state: String,
    /// The era in which that state began; none while it is ramping.
    pub since: Option<u32>,
    /// What holds the plan, or was the reason to roll it back.
    pub reasons: Vec<String>,
    /// The last count that was active for a whole era without a flag.
    pub last_good: u32,
    /// Slots before the plan, and those of them that have no block.
    pub baseline_slots: u64,
    pub baseline_missed: u64,
    pub policy: Policy,
    /// When the plan is done, if nothing holds it.
    pub done: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepRecord {
    pub count: u32,
    /// When the count is written. The set of that size is active in the era after.
    pub at: Moment,
    pub active_from: u32,
}

/// The begin of an era, by its number and by how far away it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    pub era: u32,
    pub in_seconds: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthRecord {
    pub blocks: u32,
    pub missed: u32,
    pub candidates_backed: u32,
    pub candidates_included: u32,
    pub availability_seen: u32,
    pub availability_possible: u32,
    pub disputes: u32,
    pub disabled: u32,
    pub finality_proofs: u32,
    pub finality_lag: Option<u32>,
}

/// What the chain answered.
pub struct Answers {
    pub block: BlockId,
    pub status: Status,
    pub steps: Vec<ProjectedStep>,
    pub sessions: Vec<SessionHealth>,
    pub timing: TimingParameters,
}

impl From<Answers> for StatusRecord {
    fn from(answers: Answers) -> Self {
        let last_era = last_era(&answers);
        let Answers { block, status, steps, timing, .. } = answers;
        let clock = Clock::of(&status, &timing);
        let step = |step: ProjectedStep| StepRecord {
            count: step.count,
            at: clock.begin_of(step.era),
            active_from: step.active_from,
        };
        Self {
            block: block.number,
            block_hash: format!("{:?}", block.hash),
            count: status.count,
            active: status.active,
            era: status.active_era,
            plan: status.plan.as_ref().map(|plan| plan_record(plan, status.done_era.map(|era| clock.begin_of(era)))),
            steps: steps.into_iter().map(step).collect(),
            finality_lag: status.finality_lag,
            era_so_far: status.era_so_far.into(),
            last_era: last_era.map(HealthRecord::from),
            not_judged: status.not_judged.into_iter().map(|what| words::not_judged(what).to_owned()).collect(),
        }
    }
}

impl From<Health> for HealthRecord {
    fn from(health: Health) -> Self {
        Self {
            blocks: health.blocks,
            missed: health.missed,
            candidates_backed: health.candidates_backed,
            candidates_included: health.candidates_included,
            availability_seen: health.availability_seen,
            availability_possible: health.availability_possible,
            disputes: health.disputes,
            disabled: health.disabled,
            finality_proofs: health.finality_proofs,
            finality_lag: health.finality_lag,
        }
    }
}

fn plan_record(plan: &Plan, done: Option<Moment>) -> PlanRecord {
    let since = match plan.state {
        PlanState::Ramping => None,
        PlanState::Held { since, .. } | PlanState::Paused { since } => Some(since),
        PlanState::RolledBack { in_era, .. } | PlanState::Done { in_era } => Some(in_era),
    };
    let reasons: Flags = words::reasons(Some(plan));
    PlanRecord {
        base: plan.base,
        target: plan.target,
        step: plan.step,
        state: words::state(Some(plan)).to_owned(),
        since,
        reasons: words::flags(reasons).into_iter().map(str::to_owned).collect(),
        last_good: plan.last_good,
        baseline_slots: plan.baseline.slots,
        baseline_missed: plan.baseline.missed,
        policy: plan.policy,
        done,
    }
}

/// The health of the era before the active one, if all of its sessions are on record.
fn last_era(answers: &Answers) -> Option<Health> {
    let era = answers.status.active_era.checked_sub(1)?;
    let sessions = answers.sessions.iter().filter(|session| session.era == era);
    let is_whole = u32::try_from(sessions.clone().count()) == Ok(answers.timing.sessions_per_era);
    is_whole.then(|| sessions.fold(Health::default(), |sum, session| sum.plus(session.health)))
}

/// Tells how far away eras are.
struct Clock {
    active_era: u32,
    elapsed_slots: u64,
    era_slots: u64,
    slot_millis: u64,
}

impl Clock {
    fn of(status: &Status, timing: &TimingParameters) -> Self {
        Self {
            active_era: status.active_era,
            elapsed_slots: status.era_so_far.slots(),
            era_slots: u64::from(timing.epoch_slots).saturating_mul(timing.sessions_per_era.into()),
            slot_millis: timing.slot_millis,
        }
    }

    fn begin_of(&self, era: u32) -> Moment {
        let eras = u64::from(era.saturating_sub(self.active_era));
        let slots = eras.saturating_mul(self.era_slots).saturating_sub(self.elapsed_slots);
        Moment { era, in_seconds: slots.saturating_mul(self.slot_millis) / 1_000 }
    }
}

impl Display for StatusRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "block       {} in era {}", self.block, self.era)?;
        writeln!(f, "validators  {} wanted, {} active", self.count, self.active)?;
        match &self.plan {
            None => writeln!(
                f,
                "plan        none; a referendum on the track validator_count_admin sets one, as `serin demo governance` does"
            )?,
            Some(plan) => {
                writeln!(f, "plan        {plan}")?;
                self.fmt_course(f, plan)?;
                let policy = &plan.policy;
                writeln!(
                    f,
                    "policy      {} eras between steps, {} per mille of slots missed, {} per mille of availability, {} disputes, \
                     {} disabled, {} blocks of finality lag, {} proofs per era, {} eras held before a pause",
                    policy.min_eras_between,
                    policy.max_missed_permille,
                    policy.min_availability_permille,
                    policy.max_disputes,
                    policy.max_disabled,
                    policy.max_finality_lag,
                    policy.proofs_per_era,
                    policy.max_hold_eras
                )?;
                let (missed, slots) = (plan.baseline_missed, plan.baseline_slots);
                writeln!(f, "baseline    {} missed", Share { part: missed, of: slots })?;
            }
        }
        if let Some(health) = &self.last_era {
            writeln!(f, "last era    {health}")?;
        }
        writeln!(f, "this era    {}", self.era_so_far)?;
        match self.finality_lag {
            Some(lag) => writeln!(f, "finality    proven {lag} blocks back")?,
            None => writeln!(f, "finality    not proven; a node with --report-finality does that")?,
        }
        writeln!(f, "not judged  {}", self.not_judged.join(", "))
    }
}

impl StatusRecord {
    /// When the plan goes on, and when it is done.
    fn fmt_course(&self, f: &mut Formatter<'_>, plan: &PlanRecord) -> fmt::Result {
        match self.steps.first() {
            Some(StepRecord { count, at, active_from }) => {
                writeln!(f, "next step   to {count} in {at}, active from era {active_from}")?;
            }
            None => writeln!(f, "next step   none by itself")?,
        }
        match &plan.done {
            Some(done) => writeln!(f, "done        in {done}, if nothing holds it"),
            None => Ok(()),
        }
    }
}

impl Display for PlanRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { base, target, step, state, .. } = self;
        write!(f, "from {base} to {target} by {step}: {}", state.replace('_', " "))?;
        if let Some(since) = self.since {
            write!(f, " since era {since}")?;
        }
        if !self.reasons.is_empty() {
            write!(f, " for {}", self.reasons.join(", "))?;
        }
        Ok(())
    }
}

impl Display for HealthRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let slots = u64::from(self.blocks).saturating_add(self.missed.into());
        write!(f, "{} missed", Share { part: self.missed.into(), of: slots })?;
        if self.availability_possible > 0 {
            let votes = Share { part: self.availability_seen.into(), of: self.availability_possible.into() };
            write!(f, ", {votes} of availability votes")?;
        }
        write!(
            f,
            ", {} disputes, {} disabled, {} proofs of finality",
            self.disputes, self.disabled, self.finality_proofs
        )?;
        match self.finality_lag {
            Some(lag) => write!(f, " at {lag} blocks"),
            None => Ok(()),
        }
    }
}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { era, in_seconds } = self;
        match in_seconds {
            0..600 => write!(f, "era {era} (about {in_seconds} s)"),
            600..36_000 => write!(f, "era {era} (about {} min)", in_seconds / 60),
            _ => write!(f, "era {era} (about {} h)", in_seconds / 3_600),
        }
    }
}

/// A part of a whole, as "2 of 40 (5.0 %)".
struct Share {
    part: u64,
    of: u64,
}

impl Display for Share {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { part, of } = self;
        match part.saturating_mul(1_000).checked_div(*of) {
            Some(permille) => write!(f, "{part} of {of} ({}.{} %)", permille / 10, permille % 10),
            None => write!(f, "{part} of {of}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_validator_count::{Baseline, Flag, NotJudged};

    const POLICY: Policy = Policy {
        min_eras_between: 2,
        max_missed_permille: 100,
        min_availability_permille: 600,
        max_disputes: 0,
        max_disabled: 0,
        max_finality_lag: 20,
        proofs_per_era: 1,
        max_inherent_weight_percent: 50,
        supply_margin: 0,
        max_hold_eras: 10,
    };
    /// Eras of 20 slots of six seconds.
    const TIMING: TimingParameters =
        TimingParameters { epoch_slots: 10, sessions_per_era: 2, ..TimingParameters::SERIN };

    fn plan(state: PlanState) -> Plan {
        Plan {
            base: 4,
            target: 7,
            step: 1,
            policy: POLICY,
            baseline: Baseline { sessions: 4, slots: 40, missed: 2 },
            count: 5,
            last_good: 4,
            changed_in: Some(3),
            broken_eras: 0,
            state,
        }
    }

    fn session(session: u32, era: u32, missed: u32) -> SessionHealth {
        let health = Health { blocks: 10 - missed, missed, ..Health::default() };
        SessionHealth { session, era, validators: 4, health, flags: Flags::NONE }
    }

    fn record(plan: Option<Plan>) -> StatusRecord {
        let status = Status {
            count: 5,
            active: 4,
            active_era: 4,
            plan,
            next_step_era: Some(6),
            done_era: Some(9),
            finality_lag: None,
            era_so_far: Health { blocks: 4, missed: 1, ..Health::default() },
            not_judged: vec![NotJudged::GossipLoad],
        };
        StatusRecord::from(Answers {
            block: BlockId { number: 85, hash: Default::default() },
            status,
            steps: vec![ProjectedStep { era: 6, active_from: 7, count: 6 }],
            sessions: vec![session(5, 2, 9), session(6, 3, 1), session(7, 3, 2)],
            timing: TIMING,
        })
    }

    #[test]
    fn a_held_plan_tells_since_when_and_why() {
        let reasons = Flags::from_iter([Flag::Missed, Flag::FinalityUnknown]);
        let text = record(Some(plan(PlanState::Held { since: 4, reasons }))).to_string();
        assert!(text.contains("from 4 to 7 by 1: held since era 4 for MISSED, FINALITY_UNKNOWN"), "{text}");
        assert!(text.contains("baseline    2 of 40 (5.0 %) missed"), "{text}");
    }

    #[test]
    fn eras_are_counted_from_the_slot_that_the_chain_is_at() {
        let record = record(Some(plan(PlanState::Ramping)));
        // Two eras of 20 slots, five of which are gone.
        assert_eq!(record.steps[0].at, Moment { era: 6, in_seconds: 35 * 6 });
        let text = record.to_string();
        assert!(text.contains("next step   to 6 in era 6 (about 210 s), active from era 7"), "{text}");
        assert!(text.contains("done        in era 9 (about 570 s)"), "{text}");
    }

    #[test]
    fn the_last_era_counts_when_all_of_it_is_on_record() {
        let health = record(None).last_era.expect("era 3 has both sessions");
        assert_eq!((health.blocks, health.missed), (17, 3));
    }

    #[test]
    fn without_a_plan_it_says_how_there_would_be_one() {
        let text = record(None).to_string();
        assert!(text.contains("plan        none; a referendum on the track validator_count_admin"), "{text}");
        assert!(!text.contains("policy"), "{text}");
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let record = record(Some(plan(PlanState::Done { in_era: 4 })));
        let text = serde_json::to_string(&record).expect("serializes");
        assert_eq!(serde_json::from_str::<StatusRecord>(&text).expect("reads back"), record);
    }
}
