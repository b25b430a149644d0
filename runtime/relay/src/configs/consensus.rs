// SPDX-License-Identifier: GPL-3.0-only
//! BABE, GRANDPA, sessions, offences: who writes blocks, who finalizes them, and what cheating leads to.

use crate::{
    configs::{staking::MAX_BACKERS_PER_WINNER, validator_count::SessionManager},
    weights, AccountId, Babe, Balances, Historical, Moment, Offences, Runtime, RuntimeEvent, Session, SessionKeys,
    Staking,
};
use frame_support::traits::ConstU32;
use pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
use pallet_timing::{BondingSessions, BondingSlots, EpochSlots, HalfSlotMillis, SlotMillis};
use sp_runtime::traits::{ConvertInto, OpaqueKeys};
use sp_session::MembershipProof;

/// The bound on authority lists, far above what elections can choose.
pub const MAX_AUTHORITIES: u32 = 100_000;
type MaxAuthorities = ConstU32<MAX_AUTHORITIES>;

/// For how many slots an equivocation can be reported: as long as the stake behind it is bonded.
pub type ReportLongevity = BondingSlots<Runtime>;

impl pallet_babe::Config for Runtime {
    type EpochDuration = EpochSlots<Runtime>;
    type ExpectedBlockTime = SlotMillis<Runtime>;
    // Epochs are sessions, and the session pallet ends them.
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = Session;
    type WeightInfo = weights::pallet_babe::WeightInfo<Runtime>;
    type MaxAuthorities = MaxAuthorities;
    // A slash reaches every backer of the offender, on all pages of its exposure.
    type MaxNominators = ConstU32<MAX_BACKERS_PER_WINNER>;
    type KeyOwnerProof = MembershipProof;
    type EquivocationReportSystem = pallet_babe::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_timestamp::Config for Runtime {
    type Moment = Moment;
    type OnTimestampSet = Babe;
    type MinimumPeriod = HalfSlotMillis<Runtime>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Babe>;
    type EventHandler = Staking;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Babe;
    type NextSessionRotation = Babe;
    type SessionManager = SessionManager;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    // Session keys cost no deposit, as on Kusama.
    type KeyDeposit = ();
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    // Staking looks exposures up by era, so the history needs no copy of them.
    type FullIdentification = ();
    type FullIdentificationOf = pallet_staking::UnitIdentificationOf<Self>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_grandpa::WeightInfo<Runtime>;
    type MaxAuthorities = MaxAuthorities;
    type MaxNominators = ConstU32<MAX_BACKERS_PER_WINNER>;
    type MaxSetIdSessionEntries = BondingSessions<Runtime>;
    type KeyOwnerProof = MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, Offences, Historical, ReportLongevity>;
}

impl pallet_authority_discovery::Config for Runtime {
    type MaxAuthorities = MaxAuthorities;
}

impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
    type OnOffenceHandler = Staking;
}
