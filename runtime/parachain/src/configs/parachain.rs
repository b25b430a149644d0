// SPDX-License-Identifier: GPL-3.0-only
//! What makes this chain a parachain: its id, its pace, and what it takes from the relay chain with each block.

use crate::{
    configs::system::MaxBlockWeight, constants::time::SLOT_MILLIS, MessageQueue, ParachainInfo, Runtime, RuntimeEvent,
    XcmpChannels, XcmpQueue,
};
use cumulus_pallet_aura_ext::FixedVelocityConsensusHook;
use cumulus_pallet_parachain_system::RelayNumberMonotonicallyIncreases;
use frame_support::{
    parameter_types,
    traits::{ConstU32, EnqueueWithOrigin},
    weights::Weight,
};
use pallet_xcmp_channels::MessageOrigin;

/// The relay chain's slot. The hook multiplies it with the relay chain's slot number, and the result must lie in the slot
/// that Aura's collator claimed: so it has to be Aura's slot too.
const RELAY_SLOT_MILLIS: u32 = 6_000;
const _: () = assert!(SLOT_MILLIS == 6_000, "one block for each slot of the relay chain");

/// How many blocks are built on one relay-chain block.
pub const BLOCKS_PER_RELAY_BLOCK: u32 = 1;
/// How far behind the relay chain's newest block a block is built. Waiting would spare a collator some forks of the relay
/// chain, and cost every message the same time.
pub const RELAY_PARENT_OFFSET: u32 = 0;
/// How many blocks may wait for inclusion. A block is backed in the first relay block after it was built and included in the
/// second at best. With room for a third, a late one does not stop the next.
const UNINCLUDED_BLOCKS: u32 = 3;

/// Asynchronous backing: a collator builds on blocks that are not yet included, up to these limits.
pub type ConsensusHook =
    FixedVelocityConsensusHook<Runtime, RELAY_SLOT_MILLIS, BLOCKS_PER_RELAY_BLOCK, UNINCLUDED_BLOCKS>;

parameter_types! {
    /// What putting messages into the queue may cost of a block: those from the relay chain, and those from siblings. Running
    /// them has a share of its own, `MessageQueueServiceWeight`.
    pub ReservedDmpWeight: Weight = MaxBlockWeight::get().saturating_div(4);
    pub ReservedXcmpWeight: Weight = MaxBlockWeight::get().saturating_div(4);
    pub const RelayOrigin: MessageOrigin = MessageOrigin::Parent;
}

impl cumulus_pallet_parachain_system::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = cumulus_pallet_parachain_system::weights::SubstrateWeight<Runtime>;
    // Reads the siblings' commitments in the proof of the relay chain's state.
    type OnSystemEvent = XcmpChannels;
    type SelfParaId = ParachainInfo;
    type DmpQueue = EnqueueWithOrigin<MessageQueue, RelayOrigin>;
    type ReservedDmpWeight = ReservedDmpWeight;
    type OutboundXcmpMessageSource = XcmpQueue;
    type XcmpMessageHandler = XcmpQueue;
    type ReservedXcmpWeight = ReservedXcmpWeight;
    // Two blocks may share a relay parent, but none goes back to an older one.
    type CheckAssociatedRelayNumber = RelayNumberMonotonicallyIncreases;
    type ConsensusHook = ConsensusHook;
    type RelayParentOffset = ConstU32<RELAY_PARENT_OFFSET>;
    // Candidates of the third version need a feature that the relay chain's presets leave off.
    type SchedulingSignatureVerifier = ();
}

impl parachain_info::Config for Runtime {}
