// SPDX-License-Identifier: GPL-3.0-only
//! Off-chain XCMP: messages for siblings of which the relay chain sees a root. `docs/xcmp.md` has the protocol.

use crate::{
    configs::xcm_config::PriceForSiblingDelivery, weights, AccountId, MessageQueue, ParachainInfo, ParachainSystem,
    PolkadotXcm, Runtime,
};
use core::marker::PhantomData;
use cumulus_primitives_core::ParaId;
use frame_support::{
    parameter_types,
    traits::{ConstU32, QueueFootprint, QueuePausedQuery, TransformOrigin},
};
use frame_system::EnsureRoot;
use pallet_message_queue::OnQueueChanged;
use pallet_xcmp_channels::{BlockUse, MessageOrigin, ParaIdToHrmp, ParaIdToXcmp};
use serin_primitives::xcmp::{Window, MAX_DELIVERED_MESSAGES};

/// A few more than HRMP allows. Each costs every block half a millisecond, and a kilobyte of proof.
pub const MAX_PEERS: u32 = 32;
/// What a sibling may have under way, and what is kept here for one: two full deliveries, so that one can be on its way
/// while the other is acknowledged.
pub const WINDOW: Window = Window { messages: 2 * MAX_DELIVERED_MESSAGES, bytes: 2 * DELIVERED_BYTES };
/// What one block takes in: as much as one delivery may bring, and a fifth of the block's proof.
const DELIVERED_BYTES: u32 = 2 * 1024 * 1024;

parameter_types! {
    pub const MaxUnderWay: Window = WINDOW;
    pub const BlockBudget: BlockUse = BlockUse { messages: MAX_DELIVERED_MESSAGES, bytes: DELIVERED_BYTES };
}

impl pallet_xcmp_channels::Config for Runtime {
    type SelfParaId = ParachainInfo;
    // The relay chain's Root, by an XCM: as for HRMP channels.
    type ControllerOrigin = EnsureRoot<AccountId>;
    type Queue = TransformOrigin<MessageQueue, MessageOrigin, ParaId, ParaIdToXcmp>;
    type HrmpQueue = TransformOrigin<MessageQueue, MessageOrigin, ParaId, ParaIdToHrmp>;
    type HrmpChannels = ParachainSystem;
    type VersionWrapper = PolkadotXcm;
    // The same as by HRMP. A full window refuses messages instead of making them dearer.
    type PriceForSiblingDelivery = PriceForSiblingDelivery;
    type MaxPeers = ConstU32<MAX_PEERS>;
    type MaxUnderWay = MaxUnderWay;
    type BlockBudget = BlockBudget;
    // What 64 pages hold is run within a few blocks.
    type MaxQueuePages = ConstU32<64>;
    // As many as a delivery of the other direction brings, or the window would close.
    type MaxAcknowledgedPerDelivery = ConstU32<MAX_DELIVERED_MESSAGES>;
    type WeightInfo = weights::pallet_xcmp_channels::WeightInfo<Runtime>;
}

/// Shows `Inner`, which knows HRMP alone, the queues of HRMP messages alone.
pub struct HrmpQueues<Inner>(PhantomData<Inner>);

impl<Inner: QueuePausedQuery<ParaId>> QueuePausedQuery<MessageOrigin> for HrmpQueues<Inner> {
    fn is_paused(origin: &MessageOrigin) -> bool {
        match origin {
            MessageOrigin::Sibling(sender) => Inner::is_paused(sender),
            MessageOrigin::Here | MessageOrigin::Parent | MessageOrigin::Xcmp(_) => false,
        }
    }
}

impl<Inner: OnQueueChanged<ParaId>> OnQueueChanged<MessageOrigin> for HrmpQueues<Inner> {
    fn on_queue_changed(origin: MessageOrigin, footprint: QueueFootprint) {
        if let MessageOrigin::Sibling(sender) = origin {
            Inner::on_queue_changed(sender, footprint);
        }
    }
}
