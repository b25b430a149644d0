// SPDX-License-Identifier: GPL-3.0-only
//! The queues: messages that came in and wait to be run, and messages for siblings that wait to be sent (HRMP).

use crate::{
    configs::{
        system::BlockWeights,
        xcm_config::{LocalOriginConverter, PriceForSiblingDelivery},
        xcmp::HrmpQueues,
    },
    AccountId, MessageQueue, ParachainSystem, PolkadotXcm, Runtime, RuntimeEvent, XcmpQueue,
};
use cumulus_primitives_core::ParaId;
use frame_support::{parameter_types, traits::TransformOrigin, weights::Weight};
use frame_system::EnsureRoot;
use pallet_xcmp_channels::{HrmpWaitsForXcmp, MessageOrigin, ParaIdToHrmp};
use sp_runtime::Perbill;

/// A page of either queue must hold the longest message that a channel takes, 102,400 bytes, and what is around it.
const PAGE_BYTES: u32 = 103 * 1024;

parameter_types! {
    pub const MessageQueueHeapSize: u32 = PAGE_BYTES;
    /// How many pages of messages too heavy to run may wait before old ones can be dropped.
    pub const MessageQueueMaxStale: u32 = 8;
    /// Weight for messages at the start of each block, and as much again for what is left of it at the end. A message that
    /// needs more than this is too heavy for any block.
    pub MessageQueueServiceWeight: Weight = Perbill::from_percent(35) * BlockWeights::get().max_block;
}

impl pallet_message_queue::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_message_queue::weights::SubstrateWeight<Runtime>;
    // A message runs as an XCM whose origin is the chain that sent it.
    #[cfg(not(feature = "runtime-benchmarks"))]
    type MessageProcessor = xcm_builder::ProcessXcmMessage<
        MessageOrigin,
        xcm_executor::XcmExecutor<crate::configs::xcm_config::XcmConfig>,
        crate::RuntimeCall,
    >;
    // The queue's own cost is measured, not that of a message.
    #[cfg(feature = "runtime-benchmarks")]
    type MessageProcessor = pallet_message_queue::mock_helpers::NoopMessageProcessor<MessageOrigin>;
    type Size = u32;
    // `XcmpQueue` tells a sibling to pause when its queue here gets long, and to go on.
    type QueueChangeHandler = HrmpQueues<XcmpQueue>;
    type QueuePausedQuery = (HrmpQueues<XcmpQueue>, HrmpWaitsForXcmp<Runtime>);
    type HeapSize = MessageQueueHeapSize;
    type MaxStale = MessageQueueMaxStale;
    type ServiceWeight = MessageQueueServiceWeight;
    type IdleMaxServiceWeight = MessageQueueServiceWeight;
}

parameter_types! {
    pub const XcmpQueuePageSize: u32 = PAGE_BYTES;
    /// As many as the relay chain lets a parachain have.
    pub const MaxOutboundChannels: u32 = 128;
    /// The relay chain allows fewer channels than this, so that a sibling can always be told to pause.
    pub const MaxInboundSuspended: u32 = 1_000;
}

impl cumulus_pallet_xcmp_queue::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ChannelInfo = ParachainSystem;
    type VersionWrapper = PolkadotXcm;
    type XcmpQueue = TransformOrigin<MessageQueue, MessageOrigin, ParaId, ParaIdToHrmp>;
    type MaxInboundSuspended = MaxInboundSuspended;
    type MaxActiveOutboundChannels = MaxOutboundChannels;
    type MaxPageSize = XcmpQueuePageSize;
    type ControllerOrigin = EnsureRoot<AccountId>;
    type ControllerOriginConverter = LocalOriginConverter;
    type PriceForSiblingDelivery = PriceForSiblingDelivery;
    type WeightInfo = cumulus_pallet_xcmp_queue::weights::SubstrateWeight<Runtime>;
}
