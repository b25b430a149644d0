// SPDX-License-Identifier: GPL-3.0-only
#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
// The runtime macro recurses once per pallet and derive.
#![recursion_limit = "256"]

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod constants;
pub mod genesis_config_presets;
#[cfg(feature = "std")]
pub mod signing;
pub mod weights;

use alloc::borrow::Cow;
// Two macros below name it without a path.
#[cfg(not(feature = "std"))]
use alloc::vec::Vec;
use sp_runtime::{generic, impl_opaque_keys, traits::BlakeTwo256, MultiAddress};
use sp_version::RuntimeVersion;

pub use apis::{RuntimeApi, RUNTIME_API_VERSIONS};
pub use polkadot_core_primitives::{AccountId, Balance, BlockNumber, Hash, Moment, Nonce, Signature};
pub use sp_consensus_aura::sr25519::AuthorityId as AuraId;
#[cfg(feature = "std")]
pub use sp_runtime::BuildStorage;

// `WASM_BINARY`, the runtime compiled to wasm.
#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

/// Defines `VERSION`. The attribute reads its fields as literals, so they cannot be computed.
macro_rules! runtime_version {
    ($spec_version:tt) => {
        /// The version of this runtime. Nodes tell from `spec_version` which runtime is newer.
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: Cow::Borrowed("serin-parachain"),
            impl_name: Cow::Borrowed("serin-parachain"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 0,
            apis: RUNTIME_API_VERSIONS,
            transaction_version: 1,
            // State version 1: the trie holds the hash of a long value instead of the value, which keeps values that a block
            // does not read out of its proof.
            system_version: 1,
        };
    };
}

#[cfg(not(feature = "next-version"))]
runtime_version!(1);
// The same runtime, one version on: what a test of upgrades enacts.
#[cfg(feature = "next-version")]
runtime_version!(2);

impl_opaque_keys! {
    /// What a collator signs with.
    pub struct SessionKeys {
        pub aura: Aura,
    }
}

pub type Address = MultiAddress<AccountId, ()>;
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
pub type SignedBlock = generic::SignedBlock<Block>;
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// The transaction extensions. `StorageWeightReclaim` is around all others, so that it sees the proof before the first and
/// after the last of them. Inside they run in this order; `AuthorizeCall` comes first, since it turns the origin of an
/// authorized call into one that the others let pass.
pub type TxExtension = cumulus_pallet_weight_reclaim::StorageWeightReclaim<
    Runtime,
    (
        frame_system::AuthorizeCall<Runtime>,
        frame_system::CheckNonZeroSender<Runtime>,
        frame_system::CheckSpecVersion<Runtime>,
        frame_system::CheckTxVersion<Runtime>,
        frame_system::CheckGenesis<Runtime>,
        frame_system::CheckMortality<Runtime>,
        frame_system::CheckNonce<Runtime>,
        frame_system::CheckWeight<Runtime>,
        pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
        frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    ),
>;

pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

// Hooks and genesis builds run in the order of the indices. `Authorship` to `AuraExt` keep theirs: the author is noted in the
// session that chose it, before `Session` may turn to the next; and at genesis a pallet finds what the one before it wrote.
#[frame_support::runtime]
mod runtime {
    #[runtime::runtime]
    #[runtime::derive(
        RuntimeCall,
        RuntimeEvent,
        RuntimeError,
        RuntimeOrigin,
        RuntimeFreezeReason,
        RuntimeHoldReason,
        RuntimeSlashReason,
        RuntimeLockId,
        RuntimeTask,
        RuntimeViewFunction
    )]
    pub struct Runtime;

    #[runtime::pallet_index(0)]
    pub type System = frame_system;
    #[runtime::pallet_index(1)]
    pub type ParachainSystem = cumulus_pallet_parachain_system;
    #[runtime::pallet_index(2)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(3)]
    pub type ParachainInfo = parachain_info;
    #[runtime::pallet_index(4)]
    pub type WeightReclaim = cumulus_pallet_weight_reclaim;

    #[runtime::pallet_index(10)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(11)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(12)]
    pub type ForeignAssets = pallet_assets;

    #[runtime::pallet_index(20)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(21)]
    pub type CollatorSelection = pallet_collator_selection;
    #[runtime::pallet_index(22)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(23)]
    pub type Aura = pallet_aura;
    #[runtime::pallet_index(24)]
    pub type AuraExt = cumulus_pallet_aura_ext;

    #[runtime::pallet_index(30)]
    pub type XcmpQueue = cumulus_pallet_xcmp_queue;
    #[runtime::pallet_index(31)]
    pub type PolkadotXcm = pallet_xcm;
    #[runtime::pallet_index(33)]
    pub type MessageQueue = pallet_message_queue;
    // Last: its root at a block's end takes in whatever the others send there.
    #[runtime::pallet_index(40)]
    pub type XcmpChannels = pallet_xcmp_channels;
}

// What a validator runs on a candidate: every block of it is executed anew, its seal checked against Aura's authorities.
cumulus_pallet_parachain_system::register_validate_block! {
    Runtime = Runtime,
    BlockExecutor = cumulus_pallet_aura_ext::BlockExecutor::<Runtime, Executive>,
}
