// SPDX-License-Identifier: GPL-3.0-only
//! The parachain host: from a candidate that validators back to its block being included, checked and disputed, and
//! the cores, messages and channels that parachains get.
//!
//! Figures that a network may tune are not here. They are fields of `HostConfiguration`: every preset sets them all.

use crate::{
    configs::{
        consensus::ReportLongevity,
        governance::origins::GeneralAdmin,
        validator_count::{SeenDisputes, SeenInclusion},
        xcm_config::{LocalAssetTransactor, ThisNetwork, XcmRouter},
        xcmp::WithNotedHead,
    },
    constants::{currency::UNITS, time::DAYS},
    weights, AccountId, Babe, Balance, Balances, BlockNumber, Historical, MessageQueue, Offences, ParaInclusion,
    ParaScheduler, ParasDisputes, ParasSlashing, Registrar, Runtime, RuntimeEvent, RuntimeOrigin, Session, Staking,
    XcmPallet, Xcmp,
};
use frame_support::{parameter_types, traits::EitherOf, weights::Weight, PalletId};
use frame_system::EnsureRoot;
use polkadot_runtime_parachains::{
    configuration::{self, ActiveConfigHrmpChannelSizeAndCapacityRatio},
    coretime,
    disputes::{self, slashing},
    dmp, hrmp, inclusion,
    initializer::{self, OnNewSession, SessionChangeNotification},
    on_demand, origin, paras, paras_inherent,
    reward_points::RewardValidatorsWithEraPoints,
    scheduler, session_info, shared,
};
use sp_runtime::{traits::AccountIdConversion, transaction_validity::TransactionPriority, FixedU128, Percent};
use sp_session::MembershipProof;
use xcm::latest::{InteriorLocation, Junction};
use xcm_builder::AliasesIntoAccountId32;

/// What the host calls when a session has changed and the new configuration is in force.
///
/// The library's own implementation tells a broker chain how many cores there are; here leases decide who uses a core, no
/// broker chain runs, and the notice would fail at every change of the number of cores. The initializer also calls it
/// while genesis is built, twice for session 0: whatever is done here must bear that. Nobody counts its weight: it may
/// leave a mark, and the work is done by a hook.
pub struct SessionChangeHook;

impl OnNewSession<BlockNumber> for SessionChangeHook {
    fn on_new_session(notification: &SessionChangeNotification<BlockNumber>) {
        Xcmp::on_new_session(notification);
    }
}

/// Backers of an included candidate, and voters in a dispute, earn era points.
type EraPoints = RewardValidatorsWithEraPoints<Runtime, Staking>;

impl origin::Config for Runtime {}

impl configuration::Config for Runtime {
    type WeightInfo = weights::polkadot_runtime_parachains_configuration::WeightInfo<Runtime>;
}

impl shared::Config for Runtime {
    type DisabledValidators = Session;
}

impl inclusion::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type DisputesHandler = ParasDisputes;
    type RewardValidators = SeenInclusion<EraPoints>;
    type MessageQueue = MessageQueue;
    type WeightInfo = WithNotedHead<weights::polkadot_runtime_parachains_inclusion::WeightInfo<Runtime>>;
}

impl paras_inherent::Config for Runtime {
    type WeightInfo = weights::polkadot_runtime_parachains_paras_inherent::WeightInfo<Runtime>;
}

impl scheduler::Config for Runtime {}

parameter_types! {
    /// Votes on a new PVF go before all else in the pool: while they are missing the code cannot come into use.
    pub const ParasUnsignedPriority: TransactionPriority = TransactionPriority::MAX;
    /// What skipping one block of the cooldown after a code upgrade costs: 1,000 KSM for a day of six-second blocks.
    pub CooldownRemovalMultiplier: Balance = (1_000 * UNITS) / Balance::from(DAYS);
}

impl paras::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type UnsignedPriority = ParasUnsignedPriority;
    type NextSessionRotation = Babe;
    type QueueFootprinter = ParaInclusion;
    // With its first block a parachain is locked against its manager; and each head may say what its chain sent.
    type OnNewHead = (Registrar, Xcmp);
    type WeightInfo = weights::polkadot_runtime_parachains_paras::WeightInfo<Runtime>;
    // Without it, parachains of the genesis would have no core.
    type AssignCoretime = ParaScheduler;
    type Fungible = Balances;
    type CooldownRemovalMultiplier = CooldownRemovalMultiplier;
    type AuthorizeCurrentCodeOrigin = EnsureRoot<AccountId>;
}

impl initializer::Config for Runtime {
    // Settled an epoch ago: a validator that now withholds a block can no longer sway its group.
    type Randomness = pallet_babe::RandomnessFromOneEpochAgo<Runtime>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type CoretimeOnNewSession = SessionChangeHook;
    type WeightInfo = weights::polkadot_runtime_parachains_initializer::WeightInfo<Runtime>;
}

impl dmp::Config for Runtime {
    type WeightInfo = dmp::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// A channel with a system chain gets this much of the greatest message size and capacity configured.
    pub const SystemChannelRatio: Percent = Percent::from_percent(100);
}

impl hrmp::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type ChannelManager = EitherOf<EnsureRoot<AccountId>, GeneralAdmin>;
    type Currency = Balances;
    type DefaultChannelSizeAndCapacityWithSystem =
        ActiveConfigHrmpChannelSizeAndCapacityRatio<Runtime, SystemChannelRatio>;
    type VersionWrapper = XcmPallet;
    type WeightInfo = weights::polkadot_runtime_parachains_hrmp::WeightInfo<Runtime>;
}

impl session_info::Config for Runtime {
    type ValidatorSet = Historical;
}

impl disputes::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RewardValidators = EraPoints;
    type SlashingHandler = SeenDisputes<slashing::SlashValidatorsForDisputes<ParasSlashing>>;
    type WeightInfo = weights::polkadot_runtime_parachains_disputes::WeightInfo<Runtime>;
}

/// The largest validator set that elections can make: up to there the cost of a slashing report is measured.
const MAX_SLASHED_SET: u32 = 1_200;

impl slashing::Config for Runtime {
    type KeyOwnerProof = MembershipProof;
    type KeyOwnerIdentification = pallet_session::historical::IdentificationTuple<Runtime>;
    type KeyOwnerProofSystem = Historical;
    type HandleReports = slashing::SlashingReportHandler<Self::KeyOwnerIdentification, Offences, ReportLongevity>;
    type WeightInfo = weights::polkadot_runtime_parachains_disputes_slashing::WeightInfo<Runtime>;
    type BenchmarkingConfig = slashing::BenchConfig<MAX_SLASHED_SET>;
}

parameter_types! {
    /// The multiplier of the spot price starts at one.
    pub const OnDemandTrafficDefaultValue: FixedU128 = FixedU128::from_u32(1);
    /// For how many blocks revenue is remembered: two timeslices of 80. It bounds a stored list, so it cannot change
    /// with a network's timing.
    pub const MaxHistoricalRevenue: BlockNumber = 2 * 80;
    pub const OnDemandPalletId: PalletId = PalletId(*b"py/ondmd");
}

impl on_demand::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type WeightInfo = weights::polkadot_runtime_parachains_on_demand::WeightInfo<Runtime>;
    type TrafficDefaultValue = OnDemandTrafficDefaultValue;
    type MaxHistoricalRevenue = MaxHistoricalRevenue;
    type PalletId = OnDemandPalletId;
}

parameter_types! {
    /// The only para whose word counts as much as Root's for the assignment of cores. No chain has this id; it is
    /// below 2000, so that only Root could register one.
    pub const BrokerId: u32 = 1_005;
    pub const BrokerPalletId: PalletId = PalletId(*b"py/broke");
    /// Where a broker chain would collect its revenue.
    pub BrokerPotLocation: InteriorLocation =
        Junction::AccountId32 { network: None, id: BrokerPalletId::get().into_account_truncating() }.into();
    /// What a call on a broker chain may cost there: 250 microseconds and 20 KiB of proof, as on Kusama.
    pub const MaxXcmTransactWeight: Weight = Weight::from_parts(250_000_000, 20 * 1_024);
}

impl coretime::Config for Runtime {
    type RuntimeOrigin = RuntimeOrigin;
    type RuntimeEvent = RuntimeEvent;
    type BrokerId = BrokerId;
    type BrokerPotLocation = BrokerPotLocation;
    type WeightInfo = weights::polkadot_runtime_parachains_coretime::WeightInfo<Runtime>;
    type SendXcm = XcmRouter;
    type AssetTransactor = LocalAssetTransactor;
    type AccountToLocation = AliasesIntoAccountId32<ThisNetwork, AccountId>;
    type MaxXcmTransactWeight = MaxXcmTransactWeight;
}
