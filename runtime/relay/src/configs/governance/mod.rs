// SPDX-License-Identifier: GPL-3.0-only
//! OpenGov: referenda on tracks, votes weighed by conviction, and the preimages and schedule that enact what passed.
//!
//! Every duration is Kusama's divided by the chain's governance divisor (`pallet_timing`).

pub mod origins;
pub mod tracks;
pub mod treasury;

use crate::{
    configs::system::BlockWeights,
    constants::{
        currency::{deposit, QUID},
        time::DAYS,
    },
    AccountId, Balance, Balances, OriginCaller, Preimage, Referenda, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeHoldReason, RuntimeOrigin, Scheduler, System, Treasury,
};
use core::cmp::Ordering;
use frame_support::{
    parameter_types,
    traits::{
        fungible::HoldConsideration, tokens::currency::ActiveIssuanceOf, CallerTrait, ConstU32, EitherOf,
        LinearStoragePrice, PrivilegeCmp,
    },
    weights::Weight,
};
use frame_system::{EnsureRoot, EnsureSigned};
use origins::{pallet_custom_origins, AuctionAdmin, ReferendumCanceller, ReferendumKiller, Treasurer};
use pallet_timing::Scaled;
use sp_runtime::Perbill;
use tracks::Tracks;

/// How long a vote on the winning side stays locked at conviction 1, in blocks. Longer than the longest time a track
/// leaves before enactment, so whoever decides lives with the outcome.
const VOTE_LOCKING_PERIOD: u32 = 7 * DAYS;

impl pallet_conviction_voting::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_conviction_voting::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type Polls = Referenda;
    type MaxTurnout = ActiveIssuanceOf<Balances, AccountId>;
    // Votes of one account at the same time: bounds the weight of unlocking.
    type MaxVotes = ConstU32<512>;
    type VoteLockingPeriod = Scaled<Runtime, ConstU32<VOTE_LOCKING_PERIOD>>;
    type BlockNumberProvider = System;
    type VotingHooks = ();
}

/// How long a referendum may wait for its decision deposit, in blocks: as long as it would have taken to decide.
const UNDECIDING_TIMEOUT: u32 = 14 * DAYS;

parameter_types! {
    /// Keeps referenda that nobody means seriously off the chain.
    pub const SubmissionDeposit: Balance = 100 * QUID;
}

impl pallet_referenda::Config for Runtime {
    type RuntimeCall = RuntimeCall;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_referenda::weights::SubstrateWeight<Runtime>;
    type Scheduler = Scheduler;
    type Currency = Balances;
    type SubmitOrigin = EnsureSigned<AccountId>;
    type CancelOrigin = EitherOf<EnsureRoot<AccountId>, ReferendumCanceller>;
    type KillOrigin = EitherOf<EnsureRoot<AccountId>, ReferendumKiller>;
    type Slash = Treasury;
    type Votes = pallet_conviction_voting::VotesOf<Runtime>;
    type Tally = pallet_conviction_voting::TallyOf<Runtime>;
    type SubmissionDeposit = SubmissionDeposit;
    // Referenda that wait for a place on one track.
    type MaxQueued = ConstU32<100>;
    type UndecidingTimeout = Scaled<Runtime, ConstU32<UNDECIDING_TIMEOUT>>;
    // Alarms may go off in any block; a coarser grid would delay decisions on networks with short periods.
    type AlarmInterval = ConstU32<1>;
    type Tracks = Tracks;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

parameter_types! {
    /// Two items for a preimage: its status, and the bytes.
    pub const PreimageBaseDeposit: Balance = deposit(2, 64);
    pub const PreimageByteDeposit: Balance = deposit(0, 1);
    pub const PreimageHoldReason: RuntimeHoldReason =
        RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
}

impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_preimage::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    type ManagerOrigin = EnsureRoot<AccountId>;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHoldReason,
        LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
    >;
}

parameter_types! {
    /// What scheduled calls may take of a block: the rest is for inherents and hooks.
    pub MaximumSchedulerWeight: Weight = Perbill::from_percent(80) * BlockWeights::get().max_block;
}

impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = MaximumSchedulerWeight;
    // Beside Root: `AuctionAdmin` plans auctions ahead, `Treasurer` recurring payments.
    type ScheduleOrigin = EitherOf<EitherOf<EnsureRoot<AccountId>, AuctionAdmin>, Treasurer>;
    type OriginPrivilegeCmp = RootAboveAll;
    type MaxScheduledPerBlock = ConstU32<50>;
    type WeightInfo = pallet_scheduler::weights::SubstrateWeight<Runtime>;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}

/// Root may cancel what any origin scheduled; every other origin only what it scheduled itself.
pub struct RootAboveAll;

impl PrivilegeCmp<OriginCaller> for RootAboveAll {
    fn cmp_privilege(left: &OriginCaller, right: &OriginCaller) -> Option<Ordering> {
        match (left.is_root(), right.is_root()) {
            (true, false) => Some(Ordering::Greater),
            (false, true) => Some(Ordering::Less),
            _ => (left == right).then_some(Ordering::Equal),
        }
    }
}

impl pallet_custom_origins::Config for Runtime {}
