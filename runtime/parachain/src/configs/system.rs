// SPDX-License-Identifier: GPL-3.0-only
//! `frame_system`: blocks, weights, lengths.

use crate::{
    weights, AccountId, Balance, Block, BlockNumber, Hash, Nonce, PalletInfo, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeOrigin, RuntimeTask, VERSION,
};
use cumulus_pallet_parachain_system::ParachainSetCode;
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::ConstU32,
    weights::{
        constants::{BlockExecutionWeight, ExtrinsicBaseWeight, RocksDbWeight, WEIGHT_REF_TIME_PER_SECOND},
        Weight,
    },
};
use frame_system::limits;
use polkadot_primitives::MAX_POV_SIZE;
use sp_runtime::Perbill;
use sp_version::RuntimeVersion;

/// How much of a block users' transactions may fill; the rest is for operational ones.
const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);

/// What hooks use of a block on average, kept free of users' transactions.
const AVERAGE_ON_INITIALIZE_RATIO: Perbill = Perbill::from_percent(5);

/// The longest block, in bytes. It is a part of the proof, and must hold a whole runtime when the chain is upgraded.
const MAX_BLOCK_BYTES: u32 = 5 * 1024 * 1024;
/// The header is the head that the relay chain stores. This is what its presets allow.
const MAX_HEADER_BYTES: u32 = 32 * 1024;

parameter_types! {
    pub const Version: RuntimeVersion = VERSION;
    pub const SS58Prefix: u16 = 42;
    /// How far back block hashes are known to the runtime, in blocks. It bounds how long a transaction may stay valid.
    pub const BlockHashCount: BlockNumber = 4_096;
    /// Two seconds, the time that a validator takes for a candidate when it backs it, and the longest proof that the relay
    /// chain takes.
    pub MaxBlockWeight: Weight =
        Weight::from_parts(WEIGHT_REF_TIME_PER_SECOND.saturating_mul(2), MAX_POV_SIZE.into());
    pub BlockWeights: limits::BlockWeights = limits::BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |weights| weights.base_extrinsic = ExtrinsicBaseWeight::get())
        .for_class(DispatchClass::Normal, |weights| {
            weights.max_total = Some(NORMAL_DISPATCH_RATIO * MaxBlockWeight::get());
        })
        .for_class(DispatchClass::Operational, |weights| {
            let max = MaxBlockWeight::get();
            weights.max_total = Some(max);
            weights.reserved = Some(max.saturating_sub(NORMAL_DISPATCH_RATIO * max));
        })
        .avg_block_initialization(AVERAGE_ON_INITIALIZE_RATIO)
        .build_or_panic();
    pub BlockLength: limits::BlockLength = limits::BlockLength::builder()
        .max_length(MAX_BLOCK_BYTES)
        .max_header_size(MAX_HEADER_BYTES)
        .modify_max_length_for_class(DispatchClass::Normal, |length| *length = NORMAL_DISPATCH_RATIO * *length)
        .build();
}

#[derive_impl(frame_system::config_preludes::ParaChainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BlockWeights = BlockWeights;
    type BlockLength = BlockLength;
    type Nonce = Nonce;
    type Hash = Hash;
    type AccountId = AccountId;
    type Lookup = sp_runtime::traits::AccountIdLookup<AccountId, ()>;
    type Block = Block;
    type BlockHashCount = BlockHashCount;
    type DbWeight = RocksDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SystemWeightInfo = frame_system::weights::SubstrateWeight<Runtime>;
    type ExtensionsWeightInfo = frame_system::SubstrateExtensionsWeight<Runtime>;
    type SS58Prefix = SS58Prefix;
    // New code is announced to the relay chain, and applied when all its validators have prepared it.
    type OnSetCode = ParachainSetCode<Runtime>;
    type MaxConsumers = ConstU32<16>;
}

impl cumulus_pallet_weight_reclaim::Config for Runtime {
    type WeightInfo = weights::cumulus_pallet_weight_reclaim::WeightInfo<Runtime>;
}
