// SPDX-License-Identifier: GPL-3.0-only
//! The relay-chain runtime of Serin.
//!
//! One wasm blob serves every network: durations are genesis state (pallet `Timing`), and genesis state comes from the
//! presets in [`genesis_config_presets`] alone.

#![cfg_attr(not(feature = "std"), no_std)]
// The runtime macro recurses once per pallet and derive.
#![recursion_limit = "512"]

extern crate alloc;

pub mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarks;
pub mod configs;
pub mod constants;
pub mod genesis_config_presets;
pub mod migrations;
pub mod session_zero;
#[cfg(feature = "std")]
pub mod signing;
pub mod weights;

use alloc::borrow::Cow;
// Two macros below name it without a path.
#[cfg(not(feature = "std"))]
use alloc::vec::Vec;
use configs::governance::origins::pallet_custom_origins;
use polkadot_runtime_common::{crowdloan, paras_registrar, slots};
use polkadot_runtime_parachains::{
    configuration, coretime, disputes, disputes::slashing, dmp, hrmp, inclusion, initializer, on_demand, origin, paras,
    paras_inherent, scheduler, session_info, shared,
};
use sp_runtime::{generic, impl_opaque_keys, traits::BlakeTwo256, MultiAddress};
use sp_version::RuntimeVersion;

pub use apis::{RuntimeApi, RUNTIME_API_VERSIONS};
pub use polkadot_core_primitives::{AccountId, AccountIndex, Balance, BlockNumber, Hash, Moment, Nonce, Signature};
#[cfg(feature = "std")]
pub use sp_runtime::BuildStorage;

// `WASM_BINARY`, the runtime compiled to wasm.
#[cfg(feature = "std")]
include!(concat!(env!("OUT_DIR"), "/wasm_binary.rs"));

/// Defines `VERSION`. The attribute reads its fields as literals, so they cannot be computed.
macro_rules! runtime_version {
    ($spec_version:tt) => {
        /// The version of this runtime. `CHANGELOG.md` has a heading for each `spec_version`.
        #[sp_version::runtime_version]
        pub const VERSION: RuntimeVersion = RuntimeVersion {
            spec_name: Cow::Borrowed("serin"),
            impl_name: Cow::Borrowed("serin"),
            authoring_version: 1,
            spec_version: $spec_version,
            impl_version: 0,
            apis: RUNTIME_API_VERSIONS,
            transaction_version: 1,
            system_version: 1,
        };
    };
}

#[cfg(not(feature = "next-version"))]
runtime_version!(2);
// The same runtime, one version on: what a test of upgrades enacts.
#[cfg(feature = "next-version")]
runtime_version!(3);

impl_opaque_keys! {
    /// What a validator signs with, in Kusama's order.
    pub struct SessionKeys {
        pub grandpa: Grandpa,
        pub babe: Babe,
        pub para_validator: Initializer,
        pub para_assignment: ParaSessionInfo,
        pub authority_discovery: AuthorityDiscovery,
    }
}

pub type Address = MultiAddress<AccountId, ()>;
pub type Header = generic::Header<BlockNumber, BlakeTwo256>;
pub type Block = generic::Block<Header, UncheckedExtrinsic>;
pub type SignedBlock = generic::SignedBlock<Block>;
pub type UncheckedExtrinsic = generic::UncheckedExtrinsic<Address, RuntimeCall, Signature, TxExtension>;
pub type SignedPayload = generic::SignedPayload<RuntimeCall, TxExtension>;

/// The transaction extensions, in the order in which they run. `AuthorizeCall` comes first: it turns the origin of an
/// authorized call into one that the others let pass.
pub type TxExtension = (
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
    frame_system::WeightReclaim<Runtime>,
);

pub type Executive =
    frame_executive::Executive<Runtime, Block, frame_system::ChainContext<Runtime>, Runtime, AllPalletsWithSystem>;

// Hooks and genesis builds run in the order of declaration, which is that of the indices but for three pallets:
// - `Timing` stands right after `System`, before anything that reads a duration;
// - Babe, Timestamp, Authorship, Staking, Session, Grandpa keep this order: Babe's `Lateness` is set before authorship is
//   noted, and authorship is noted in the session and era in which the block was written;
// - `SessionZero` is last: it needs the genesis state of all others.
#[frame_support::runtime(legacy_ordering)]
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
    #[runtime::pallet_index(9)]
    pub type Timing = pallet_timing;
    #[runtime::pallet_index(1)]
    pub type Babe = pallet_babe;
    #[runtime::pallet_index(2)]
    pub type Timestamp = pallet_timestamp;
    #[runtime::pallet_index(3)]
    pub type Indices = pallet_indices;
    #[runtime::pallet_index(4)]
    pub type Balances = pallet_balances;
    #[runtime::pallet_index(5)]
    pub type Authorship = pallet_authorship;
    #[runtime::pallet_index(6)]
    pub type Staking = pallet_staking;
    #[runtime::pallet_index(7)]
    pub type Offences = pallet_offences;
    #[runtime::pallet_index(8)]
    pub type Session = pallet_session;
    #[runtime::pallet_index(10)]
    pub type Grandpa = pallet_grandpa;
    #[runtime::pallet_index(12)]
    pub type AuthorityDiscovery = pallet_authority_discovery;

    #[runtime::pallet_index(18)]
    pub type Treasury = pallet_treasury;
    #[runtime::pallet_index(20)]
    pub type ConvictionVoting = pallet_conviction_voting;
    #[runtime::pallet_index(21)]
    pub type Referenda = pallet_referenda;
    #[runtime::pallet_index(24)]
    pub type Utility = pallet_utility;
    #[runtime::pallet_index(25)]
    pub type Identity = pallet_identity;
    #[runtime::pallet_index(29)]
    pub type Scheduler = pallet_scheduler;
    #[runtime::pallet_index(30)]
    pub type Proxy = pallet_proxy;
    #[runtime::pallet_index(31)]
    pub type Multisig = pallet_multisig;
    #[runtime::pallet_index(32)]
    pub type Preimage = pallet_preimage;
    #[runtime::pallet_index(33)]
    pub type TransactionPayment = pallet_transaction_payment;
    #[runtime::pallet_index(34)]
    pub type Historical = pallet_session::historical;
    #[runtime::pallet_index(35)]
    pub type Bounties = pallet_bounties;
    #[runtime::pallet_index(39)]
    pub type VoterList = pallet_bags_list<Instance1>;
    #[runtime::pallet_index(43)]
    pub type Origins = pallet_custom_origins;

    #[runtime::pallet_index(50)]
    pub type ParachainsOrigin = origin;
    #[runtime::pallet_index(51)]
    pub type Configuration = configuration;
    #[runtime::pallet_index(52)]
    pub type ParasShared = shared;
    #[runtime::pallet_index(53)]
    pub type ParaInclusion = inclusion;
    #[runtime::pallet_index(54)]
    pub type ParaInherent = paras_inherent;
    #[runtime::pallet_index(55)]
    pub type ParaScheduler = scheduler;
    #[runtime::pallet_index(56)]
    pub type Paras = paras;
    #[runtime::pallet_index(57)]
    pub type Initializer = initializer;
    #[runtime::pallet_index(58)]
    pub type Dmp = dmp;
    #[runtime::pallet_index(60)]
    pub type Hrmp = hrmp;
    #[runtime::pallet_index(61)]
    pub type ParaSessionInfo = session_info;
    #[runtime::pallet_index(62)]
    pub type ParasDisputes = disputes;
    #[runtime::pallet_index(63)]
    pub type ParasSlashing = slashing;
    #[runtime::pallet_index(64)]
    pub type OnDemandAssignmentProvider = on_demand;
    #[runtime::pallet_index(70)]
    pub type Registrar = paras_registrar;
    #[runtime::pallet_index(71)]
    pub type Slots = slots;
    #[runtime::pallet_index(72)]
    pub type Auctions = pallet_auctions;
    #[runtime::pallet_index(73)]
    pub type Crowdloan = crowdloan;
    #[runtime::pallet_index(74)]
    pub type Coretime = coretime;
    #[runtime::pallet_index(75)]
    pub type LeaseCores = pallet_lease_cores;

    #[runtime::pallet_index(80)]
    pub type ValidatorCount = pallet_validator_count;

    // The name is a part of the protocol: parachains prove keys below it.
    #[runtime::pallet_index(90)]
    pub type Xcmp = pallet_xcmp;

    #[runtime::pallet_index(99)]
    pub type XcmPallet = pallet_xcm;
    #[runtime::pallet_index(100)]
    pub type MessageQueue = pallet_message_queue;
    #[runtime::pallet_index(255)]
    pub type SessionZero = crate::session_zero;
}
