// SPDX-License-Identifier: GPL-3.0-only
//! The queue of messages from parachains (UMP), and the pallet through which users and governance send XCM.

use crate::{
    configs::{
        system::BlockWeights,
        xcm_config::{LocalOriginToLocation, SovereignAccountOf, UniversalLocation, Weigher, XcmConfig, XcmRouter},
    },
    weights, AccountId, Balances, ParaInclusion, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, Disabled, Everything, ProcessMessage, ProcessMessageError},
    weights::{Weight, WeightMeter},
};
use frame_system::EnsureRoot;
use polkadot_runtime_parachains::inclusion::{AggregateMessageOrigin, UmpQueueId};
use sp_runtime::Perbill;
use xcm::latest::{Junction, XcmHash};
use xcm_builder::{EnsureXcmOrigin, ProcessXcmMessage};
use xcm_executor::XcmExecutor;

/// Runs a message from a parachain's queue as an XCM whose origin is that parachain.
pub struct UmpProcessor;

impl ProcessMessage for UmpProcessor {
    type Origin = AggregateMessageOrigin;

    fn process_message(
        message: &[u8],
        origin: Self::Origin,
        meter: &mut WeightMeter,
        id: &mut XcmHash,
    ) -> Result<bool, ProcessMessageError> {
        let AggregateMessageOrigin::Ump(UmpQueueId::Para(para)) = origin;
        let sender = Junction::Parachain(para.into());
        ProcessXcmMessage::<Junction, XcmExecutor<XcmConfig>, RuntimeCall>::process_message(message, sender, meter, id)
    }
}

parameter_types! {
    /// What a page of the queue holds, in bytes. A message must fit into one, with five bytes to spare: presets keep
    /// `max_upward_message_size` at or below 65,531, since a longer message would be accepted and then lost.
    pub const MessageQueueHeapSize: u32 = 65_536;
    /// How many pages of messages too heavy to run may wait before old ones can be dropped.
    pub const MessageQueueMaxStale: u32 = 16;
    /// Weight for messages at the start of each block, and as much again for what is left of it at the end.
    pub MessageQueueServiceWeight: Weight = Perbill::from_percent(20) * BlockWeights::get().max_block;
}

impl pallet_message_queue::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_message_queue::weights::SubstrateWeight<Runtime>;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type MessageProcessor = UmpProcessor;
    // The queue's own cost is measured, not that of a message.
    #[cfg(feature = "runtime-benchmarks")]
    type MessageProcessor = pallet_message_queue::mock_helpers::NoopMessageProcessor<AggregateMessageOrigin>;
    type Size = u32;
    type QueueChangeHandler = ParaInclusion;
    type QueuePausedQuery = ();
    type HeapSize = MessageQueueHeapSize;
    type MaxStale = MessageQueueMaxStale;
    type ServiceWeight = MessageQueueServiceWeight;
    type IdleMaxServiceWeight = MessageQueueServiceWeight;
}

impl pallet_xcm::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    // Assets are neither locked for other chains nor by them.
    type CurrencyMatcher = ();
    // Aliases are a matter of `XcmConfig::Aliasers`; accounts cannot authorize further ones.
    type AuthorizedAliasConsideration = Disabled;
    // Signed accounts and Root. A message carries its sender's location, and its delivery is paid for.
    type SendXcmOrigin = EnsureXcmOrigin<RuntimeOrigin, LocalOriginToLocation>;
    type XcmRouter = XcmRouter;
    type ExecuteXcmOrigin = EnsureXcmOrigin<RuntimeOrigin, LocalOriginToLocation>;
    type XcmExecuteFilter = Everything;
    type XcmExecutor = XcmExecutor<XcmConfig>;
    // Whom teleports are trusted with is decided in one place, `XcmConfig::IsTeleporter`.
    type XcmTeleportFilter = Everything;
    type XcmReserveTransferFilter = Everything;
    type Weigher = Weigher;
    type UniversalLocation = UniversalLocation;
    type RuntimeOrigin = RuntimeOrigin;
    type RuntimeCall = RuntimeCall;
    /// How many parachains whose XCM version is unknown are remembered, to be asked for it.
    const VERSION_DISCOVERY_QUEUE_SIZE: u32 = 100;
    type AdvertisedXcmVersion = pallet_xcm::CurrentXcmVersion;
    type AdminOrigin = EnsureRoot<AccountId>;
    type TrustedLockers = ();
    type SovereignAccountOf = SovereignAccountOf;
    type MaxLockers = ConstU32<8>;
    type MaxRemoteLockConsumers = ConstU32<0>;
    type RemoteLockConsumerIdentifier = ();
    type WeightInfo = weights::pallet_xcm::WeightInfo<Runtime>;
}
