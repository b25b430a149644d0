// SPDX-License-Identifier: GPL-3.0-only
//! What is stored, and what the runtime API answers.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};
use sp_staking::{EraIndex, SessionIndex};

/// How many sessions the health record goes back: eight eras of six sessions.
pub const HISTORY_SESSIONS: u32 = 48;

/// The health record, oldest session first.
pub type History = BoundedVec<SessionHealth, ConstU32<HISTORY_SESSIONS>>;

/// How far an origin's power over the validator count reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Bounds {
    /// The smallest target that a plan may have.
    pub floor: u32,
    /// The largest target that a plan may have.
    pub ceiling: u32,
    /// The largest step that a plan may take.
    pub max_step: u32,
}

/// What a plan asks of the chain before it goes on.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The least distance of two steps, in eras. Two at least: a step acts an era later, and is judged at that era's end.
    pub min_eras_between: EraIndex,
    /// The largest share of slots without a block, in thousandths of an era's slots, whatever the baseline is.
    pub max_missed_permille: u32,
    /// The smallest share of availability votes that are there when a candidate is included, in thousandths.
    pub min_availability_permille: u32,
    /// How many disputes may be concluded in an era.
    pub max_disputes: u32,
    /// How many validators may be disabled at the end of a session.
    pub max_disabled: u32,
    /// How many blocks the proven finality may be behind.
    pub max_finality_lag: u32,
    /// How many proofs of finality an era needs. Zero asks for none: a chain whose finality is unknown then goes on.
    pub proofs_per_era: u32,
    /// How much of a block the validators' bitfields may weigh, in hundredths.
    pub max_inherent_weight_percent: u32,
    /// How many candidates must be left over.
    pub supply_margin: u32,
    /// After how many eras of being held the plan pauses, so that governance decides.
    pub max_hold_eras: EraIndex,
}

/// The course that a vote has set.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Plan {
    /// The count when the plan was set.
    pub base: u32,
    /// The count it leads to.
    pub target: u32,
    /// How much the count changes at once, at most.
    pub step: u32,
    pub policy: Policy,
    /// What was normal before the plan.
    pub baseline: Baseline,
    /// The count last written by the plan; `base` before the first step.
    pub count: u32,
    /// The last count that was active for a whole era without a flag; at first what was active when the plan was set.
    pub last_good: u32,
    /// The era in which `count` was written. `None` if it was active already when the plan was set, and no plan has written
    /// one before: then there is nothing to wait for.
    pub changed_in: Option<EraIndex>,
    /// For how many eras on end finality lagged, proven, while slots were missed or disputes concluded.
    pub broken_eras: u32,
    pub state: PlanState,
}

/// Where a plan stands. That there is none is the missing [`Plan`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum PlanState {
    /// The next step follows when it is due.
    Ramping,
    /// No step while one of the reasons holds.
    Held { since: EraIndex, reasons: Flags },
    /// Held for too long, or the count could not be written: governance resumes or stops the plan.
    Paused { since: EraIndex },
    /// The chain broke under the new count, so the last good one is back. A new vote is needed.
    RolledBack { in_era: EraIndex, reasons: Flags },
    /// The target was active for an era without a flag.
    Done { in_era: EraIndex },
}

/// How many slots a healthy chain missed before the plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Baseline {
    /// How many sessions it was taken from.
    pub sessions: u32,
    /// Their slots.
    pub slots: u64,
    /// Those of the slots that have no block.
    pub missed: u64,
}

/// What can be measured on chain, summed over some time.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo,
)]
pub struct Health {
    pub blocks: u32,
    /// Slots without a block.
    pub missed: u32,
    pub candidates_backed: u32,
    pub candidates_included: u32,
    /// Availability votes seen at the inclusion of sampled candidates, one in [`crate::AVAILABILITY_SAMPLE`].
    pub availability_seen: u32,
    /// How many there would be if every validator had voted.
    pub availability_possible: u32,
    /// Disputes concluded.
    pub disputes: u32,
    /// Validators disabled when a session ended; the most of any session.
    pub disabled: u32,
    /// Proofs of finality that advanced what is proven.
    pub finality_proofs: u32,
    /// The distance to the proven block when a proof came, in blocks: the least of a session, the most of any session.
    /// `None` is unknown.
    pub finality_lag: Option<u32>,
}

/// The health of one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SessionHealth {
    pub session: SessionIndex,
    pub era: EraIndex,
    /// Validators in the set.
    pub validators: u32,
    pub health: Health,
    /// The flags of its era, set when that is judged by a plan. A baseline leaves flagged sessions out.
    pub flags: Flags,
}

/// One thing that is wrong; each has a bit in [`Flags`], in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, DecodeWithMemTracking, TypeInfo)]

pub enum Flag {
    /// More slots were missed than before the plan, or than its policy allows.
    Missed,
    /// Too few availability votes at inclusion.
    Availability,
    /// Disputes were concluded.
    Dispute,
    /// Validators are disabled.
    Disabled,
    /// The proven finality is too far behind.
    FinalityLag,
    /// Too few proofs of finality were submitted to know.
    FinalityUnknown,
    /// Fewer validators were elected than wanted, or there are too few candidates for the next step.
    Supply,
    /// A block, or an election, has no room for the next step.
    Weight,
}

/// A set of [`Flag`]s, one bit each, the first in the lowest.
#[derive(Clone, Copy, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Flags(pub u8);

/// The votes of validators that they hold their piece of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AvailabilityVotes {
    pub seen: u32,
    /// How many there would be if every validator had voted.
    pub possible: u32,
}

/// How many may be elected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supply {
    /// Accounts that declared to validate.
    pub candidates: u32,
    /// Accounts that vote: the candidates, each for itself, and the nominators.
    pub voters: u32,
    /// Votes that an election weighs: one for each pair of a voter and a candidate it backs.
    pub edges: u32,
}

/// What else on the chain limits the count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The largest set of staking.
    pub max_validator_set: u32,
    /// The most winners of an election.
    pub max_winners: u32,
    /// The smallest bound on authorities of the consensus pallets.
    pub max_authorities: u32,
    /// How many validators check parachains; the rest only write blocks and finalize.
    pub max_para_validators: u32,
    /// Weight of one bitfield, in picoseconds.
    pub bitfield_ref_time: u64,
    /// Weight of a whole block, in picoseconds.
    pub block_ref_time: u64,
    /// Cores, and how many validators each needs.
    pub cores: u32,
    pub min_validators_per_core: u32,
    /// How many voters an election looks at.
    pub max_voters: u32,
    /// The most steps of an election: edges times winners.
    pub max_election_steps: u64,
}

/// A rule that a plan breaks, with the figure that breaks it and the one that would not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Violation {
    /// The target is the count already.
    TargetIsCount { count: u32 },
    /// The target is below what the origin may ask for.
    TargetBelowFloor { target: u32, floor: u32 },
    /// The target is above what the origin may ask for.
    TargetAboveCeiling { target: u32, ceiling: u32 },
    /// The step is zero, or larger than the origin may ask for.
    StepOutOfBounds { step: u32, max_step: u32 },
    /// The policy has a value that makes no sense.
    Policy(PolicyField),
    /// The target is above what staking can hold.
    AboveMaxValidatorSet { target: u32, max: u32 },
    /// The target is above what an election can choose.
    AboveMaxWinners { target: u32, max: u32 },
    /// The target is above what a consensus pallet can hold.
    AboveMaxAuthorities { target: u32, max: u32 },
    /// Too few candidates.
    TooFewCandidates { candidates: u32, needed: u32 },
    /// The bitfields of the target's validators weigh too much, in picoseconds.
    InherentTooHeavy { ref_time: u64, max: u64 },
    /// The target leaves cores without enough validators.
    TooFewForCores { target: u32, needed: u32 },
    /// An election looks at fewer voters than there are: who is left out has no say in a larger set.
    TooManyVoters { voters: u32, max: u32 },
    /// An election of the target takes too many steps.
    ElectionTooHeavy { steps: u64, max: u64 },
    /// No session in the record is both judged healthy and within the policy.
    NoBaseline,
}

/// A field of [`Policy`] that is out of its range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum PolicyField {
    /// Below two, or above [`crate::MAX_POLICY_ERAS`].
    MinErasBetween,
    /// Above a thousand.
    MaxMissedPermille,
    /// Above a thousand.
    MinAvailabilityPermille,
    /// Zero, or above a hundred.
    MaxInherentWeightPercent,
    /// Zero, or above [`crate::MAX_POLICY_ERAS`].
    MaxHoldEras,
}

/// The state of the pallet, for people.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Status {
    /// The count that the next election chooses.
    pub count: u32,
    /// Validators in the active set.
    pub active: u32,
    pub active_era: EraIndex,
    pub plan: Option<Plan>,
    /// The first era in which the plan may step; `None` if it does not step by itself.
    pub next_step_era: Option<EraIndex>,
    /// The era in which the plan is done if nothing holds it.
    pub done_era: Option<EraIndex>,
    /// How many blocks the proven finality is behind now; an upper bound on the real distance. `None` is unknown.
    pub finality_lag: Option<u32>,
    /// The health of the era so far, the running session included.
    pub era_so_far: Health,
    /// What no flag can speak of.
    pub not_judged: Vec<NotJudged>,
}

/// What the pallet cannot see, or was told not to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum NotJudged {
    /// Approval checkers that do not show up: not on chain.
    ApprovalNoShows,
    /// The load of gossip on the network: not on chain.
    GossipLoad,
    /// The load of validators' processors: not on chain.
    ValidatorLoad,
    /// Unknown finality: the policy asks for no proofs.
    FinalityUnknown,
}

/// One era of a plan's future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct ProjectedStep {
    /// When the count is written.
    pub era: EraIndex,
    /// The era in which a set of that size is active.
    pub active_from: EraIndex,
    pub count: u32,
}
