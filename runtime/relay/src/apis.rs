// SPDX-License-Identifier: GPL-3.0-only
//! The runtime APIs: how the node and clients read the chain's state. Each body delegates in one line.

use crate::{
    configs::{
        governance::origins::VALIDATOR_COUNT_BOUNDS,
        xcm_config::{SovereignAccountOf, TokenLocation, XcmConfig, XcmRouter},
    },
    genesis_config_presets, AccountId, Auctions, Babe, Balance, Block, BlockNumber, Executive, Grandpa, Hash, Header,
    Historical, InherentDataExt, Nonce, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig,
    SessionKeys, Staking, System, TransactionPayment, UncheckedExtrinsic, ValidatorCount, XcmPallet, Xcmp, VERSION,
};
use alloc::{
    collections::{btree_map::BTreeMap, vec_deque::VecDeque},
    vec,
    vec::Vec,
};
use codec::Encode;
use frame_support::{
    genesis_builder_helper::{build_state, get_preset},
    traits::{Get, KeyOwnerProofSystem},
    view_functions::{ViewFunctionDispatchError, ViewFunctionId},
    weights::Weight,
};
use pallet_auctions::{
    runtime_api::{AuctionOnSale, WinShare},
    types::{Lead, Winners},
    AuctionId,
};
use pallet_transaction_payment::{FeeDetails, RuntimeDispatchInfo};
use pallet_validator_count::{Policy, ProjectedStep, SessionHealth, Status as ValidatorCountStatus, Violation};
use polkadot_primitives::{
    async_backing::{AsyncBackingParams, BackingState, Constraints},
    slashing,
    vstaging::RelayParentInfo,
    ApprovalVotingParams, CandidateCommitments, CandidateEvent, CandidateHash,
    CommittedCandidateReceiptV2 as CommittedCandidateReceipt, CoreIndex, CoreState, DisputeState, ExecutorParams,
    GroupRotationInfo, Id as ParaId, InboundDownwardMessage, InboundHrmpMessage, NodeFeatures, OccupiedCoreAssumption,
    PersistedValidationData, PvfCheckStatement, ScrapedOnChainVotes, SessionInfo, ValidationCode, ValidationCodeHash,
    ValidatorId, ValidatorIndex, ValidatorSignature, PARACHAIN_KEY_TYPE_ID,
};
use polkadot_runtime_parachains::runtime_api_impl::{v13, vstaging};
use serin_primitives::{
    lease::{LeasePeriod, LeaseRange},
    xcmp::LatestRoot,
};
use sp_authority_discovery::AuthorityId as AuthorityDiscoveryId;
use sp_core::{crypto::KeyTypeId, OpaqueMetadata};
use sp_inherents::{CheckInherentsResult, InherentData};
use sp_runtime::{
    traits::Block as BlockT,
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, ExtrinsicInclusionMode,
};
use sp_staking::{EraIndex, Page, SessionIndex};
use sp_version::RuntimeVersion;
use xcm::{
    latest::AssetId, Version as XcmVersion, VersionedAsset, VersionedAssetId, VersionedAssets, VersionedLocation,
    VersionedXcm,
};
use xcm_runtime_apis::{
    conversions::{Error as LocationError, LocationToAccountHelper},
    dry_run::{CallDryRunEffects, Error as DryRunError, XcmDryRunEffects},
    fees::Error as XcmPaymentError,
    trusted_query::Error as TrustedQueryError,
};

type LazyBlock = <Block as BlockT>::LazyBlock;

/// BABE's configuration before the first epoch change: a quarter of the slots have a primary author, the rest a
/// secondary one, and both prove themselves by VRF.
pub const BABE_GENESIS_EPOCH_CONFIG: sp_consensus_babe::BabeEpochConfiguration =
    sp_consensus_babe::BabeEpochConfiguration {
        c: (1, 4),
        allowed_slots: sp_consensus_babe::AllowedSlots::PrimaryAndSecondaryVRFSlots,
    };

sp_api::impl_runtime_apis! {
    impl sp_api::Core<Block> for Runtime {
        fn version() -> RuntimeVersion {
            VERSION
        }

        fn execute_block(block: LazyBlock) {
            Executive::execute_block(block)
        }

        fn initialize_block(header: &Header) -> ExtrinsicInclusionMode {
            Executive::initialize_block(header)
        }
    }

    impl sp_api::Metadata<Block> for Runtime {
        fn metadata() -> OpaqueMetadata {
            OpaqueMetadata::new(Runtime::metadata().into())
        }

        fn metadata_at_version(version: u32) -> Option<OpaqueMetadata> {
            Runtime::metadata_at_version(version)
        }

        fn metadata_versions() -> Vec<u32> {
            Runtime::metadata_versions()
        }
    }

    impl frame_support::view_functions::runtime_api::RuntimeViewFunction<Block> for Runtime {
        fn execute_view_function(id: ViewFunctionId, input: Vec<u8>) -> Result<Vec<u8>, ViewFunctionDispatchError> {
            Runtime::execute_view_function(id, input)
        }
    }

    impl sp_block_builder::BlockBuilder<Block> for Runtime {
        fn apply_extrinsic(extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
            Executive::apply_extrinsic(extrinsic)
        }

        fn finalize_block() -> Header {
            Executive::finalize_block()
        }

        fn inherent_extrinsics(data: InherentData) -> Vec<UncheckedExtrinsic> {
            data.create_extrinsics()
        }

        fn check_inherents(block: LazyBlock, data: InherentData) -> CheckInherentsResult {
            data.check_extrinsics(&block)
        }
    }

    impl sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block> for Runtime {
        fn validate_transaction(
            source: TransactionSource,
            transaction: UncheckedExtrinsic,
            block_hash: Hash,
        ) -> TransactionValidity {
            Executive::validate_transaction(source, transaction, block_hash)
        }
    }

    impl sp_offchain::OffchainWorkerApi<Block> for Runtime {
        fn offchain_worker(header: &Header) {
            Executive::offchain_worker(header)
        }
    }

    // Without the attribute the node takes the trait's base version for the whole API, and turns async backing off.
    #[api_version(16)]
    impl polkadot_primitives::runtime_api::ParachainHost<Block> for Runtime {
        fn validators() -> Vec<ValidatorId> {
            v13::validators::<Runtime>()
        }

        fn validator_groups() -> (Vec<Vec<ValidatorIndex>>, GroupRotationInfo<BlockNumber>) {
            v13::validator_groups::<Runtime>()
        }

        fn availability_cores() -> Vec<CoreState<Hash, BlockNumber>> {
            v13::availability_cores::<Runtime>()
        }

        fn persisted_validation_data(
            para: ParaId,
            assumption: OccupiedCoreAssumption,
        ) -> Option<PersistedValidationData<Hash, BlockNumber>> {
            v13::persisted_validation_data::<Runtime>(para, assumption)
        }

        fn assumed_validation_data(
            para: ParaId,
            expected_hash: Hash,
        ) -> Option<(PersistedValidationData<Hash, BlockNumber>, ValidationCodeHash)> {
            v13::assumed_validation_data::<Runtime>(para, expected_hash)
        }

        fn check_validation_outputs(para: ParaId, outputs: CandidateCommitments) -> bool {
            v13::check_validation_outputs::<Runtime>(para, outputs)
        }

        fn session_index_for_child() -> SessionIndex {
            v13::session_index_for_child::<Runtime>()
        }

        fn validation_code(para: ParaId, assumption: OccupiedCoreAssumption) -> Option<ValidationCode> {
            v13::validation_code::<Runtime>(para, assumption)
        }

        fn candidate_pending_availability(para: ParaId) -> Option<CommittedCandidateReceipt<Hash>> {
            #[allow(deprecated)]
            v13::candidate_pending_availability::<Runtime>(para)
        }

        fn candidate_events() -> Vec<CandidateEvent<Hash>> {
            v13::candidate_events::<Runtime, _>(|event| match event {
                RuntimeEvent::ParaInclusion(event) => Some(event),
                _ => None,
            })
        }

        fn session_info(index: SessionIndex) -> Option<SessionInfo> {
            v13::session_info::<Runtime>(index)
        }

        fn session_executor_params(session: SessionIndex) -> Option<ExecutorParams> {
            v13::session_executor_params::<Runtime>(session)
        }

        fn dmq_contents(recipient: ParaId) -> Vec<InboundDownwardMessage<BlockNumber>> {
            v13::dmq_contents::<Runtime>(recipient)
        }

        fn inbound_hrmp_channels_contents(recipient: ParaId) -> BTreeMap<ParaId, Vec<InboundHrmpMessage<BlockNumber>>> {
            v13::inbound_hrmp_channels_contents::<Runtime>(recipient)
        }

        fn validation_code_by_hash(hash: ValidationCodeHash) -> Option<ValidationCode> {
            v13::validation_code_by_hash::<Runtime>(hash)
        }

        fn on_chain_votes() -> Option<ScrapedOnChainVotes<Hash>> {
            v13::on_chain_votes::<Runtime>()
        }

        fn submit_pvf_check_statement(statement: PvfCheckStatement, signature: ValidatorSignature) {
            v13::submit_pvf_check_statement::<Runtime>(statement, signature)
        }

        fn pvfs_require_precheck() -> Vec<ValidationCodeHash> {
            v13::pvfs_require_precheck::<Runtime>()
        }

        fn validation_code_hash(para: ParaId, assumption: OccupiedCoreAssumption) -> Option<ValidationCodeHash> {
            v13::validation_code_hash::<Runtime>(para, assumption)
        }

        fn disputes() -> Vec<(SessionIndex, CandidateHash, DisputeState<BlockNumber>)> {
            v13::get_session_disputes::<Runtime>()
        }

        fn unapplied_slashes() -> Vec<(SessionIndex, CandidateHash, slashing::LegacyPendingSlashes)> {
            v13::unapplied_slashes::<Runtime>()
        }

        fn unapplied_slashes_v2() -> Vec<(SessionIndex, CandidateHash, slashing::PendingSlashes)> {
            v13::unapplied_slashes_v2::<Runtime>()
        }

        fn key_ownership_proof(validator: ValidatorId) -> Option<slashing::OpaqueKeyOwnershipProof> {
            Historical::prove((PARACHAIN_KEY_TYPE_ID, validator))
                .map(|proof| slashing::OpaqueKeyOwnershipProof::new(proof.encode()))
        }

        fn submit_report_dispute_lost(
            dispute_proof: slashing::DisputeProof,
            key_ownership_proof: slashing::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            v13::submit_unsigned_slashing_report::<Runtime>(dispute_proof, key_ownership_proof)
        }

        fn minimum_backing_votes() -> u32 {
            v13::minimum_backing_votes::<Runtime>()
        }

        fn para_backing_state(para: ParaId) -> Option<BackingState> {
            #[allow(deprecated)]
            v13::backing_state::<Runtime>(para)
        }

        fn async_backing_params() -> AsyncBackingParams {
            #[allow(deprecated)]
            v13::async_backing_params::<Runtime>()
        }

        fn approval_voting_params() -> ApprovalVotingParams {
            v13::approval_voting_params::<Runtime>()
        }

        fn disabled_validators() -> Vec<ValidatorIndex> {
            v13::disabled_validators::<Runtime>()
        }

        fn node_features() -> NodeFeatures {
            v13::node_features::<Runtime>()
        }

        fn claim_queue() -> BTreeMap<CoreIndex, VecDeque<ParaId>> {
            v13::claim_queue::<Runtime>()
        }

        fn candidates_pending_availability(para: ParaId) -> Vec<CommittedCandidateReceipt<Hash>> {
            v13::candidates_pending_availability::<Runtime>(para)
        }

        fn backing_constraints(para: ParaId) -> Option<Constraints> {
            v13::backing_constraints::<Runtime>(para)
        }

        fn scheduling_lookahead() -> u32 {
            v13::scheduling_lookahead::<Runtime>()
        }

        fn validation_code_bomb_limit() -> u32 {
            v13::validation_code_bomb_limit::<Runtime>()
        }

        fn para_ids() -> Vec<ParaId> {
            vstaging::para_ids::<Runtime>()
        }

        fn max_relay_parent_session_age() -> u32 {
            vstaging::max_relay_parent_session_age::<Runtime>()
        }

        fn ancestor_relay_parent_info(
            session: SessionIndex,
            relay_parent: Hash,
        ) -> Option<RelayParentInfo<Hash, BlockNumber>> {
            vstaging::ancestor_relay_parent_info::<Runtime>(session, relay_parent)
        }
    }

    impl sp_consensus_grandpa::GrandpaApi<Block> for Runtime {
        fn grandpa_authorities() -> sp_consensus_grandpa::AuthorityList {
            Grandpa::grandpa_authorities()
        }

        fn current_set_id() -> sp_consensus_grandpa::SetId {
            pallet_grandpa::CurrentSetId::<Runtime>::get()
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_grandpa::EquivocationProof<Hash, BlockNumber>,
            key_owner_proof: sp_consensus_grandpa::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Grandpa::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
        }

        fn generate_key_ownership_proof(
            _set_id: sp_consensus_grandpa::SetId,
            authority: sp_consensus_grandpa::AuthorityId,
        ) -> Option<sp_consensus_grandpa::OpaqueKeyOwnershipProof> {
            Historical::prove((sp_consensus_grandpa::KEY_TYPE, authority))
                .map(|proof| sp_consensus_grandpa::OpaqueKeyOwnershipProof::new(proof.encode()))
        }
    }

    impl sp_consensus_babe::BabeApi<Block> for Runtime {
        fn configuration() -> sp_consensus_babe::BabeConfiguration {
            let epoch = Babe::epoch_config().unwrap_or(BABE_GENESIS_EPOCH_CONFIG);
            sp_consensus_babe::BabeConfiguration {
                slot_duration: Babe::slot_duration(),
                epoch_length: pallet_timing::EpochSlots::<Runtime>::get(),
                c: epoch.c,
                authorities: Babe::authorities().to_vec(),
                randomness: Babe::randomness(),
                allowed_slots: epoch.allowed_slots,
            }
        }

        fn current_epoch_start() -> sp_consensus_babe::Slot {
            Babe::current_epoch_start()
        }

        fn current_epoch() -> sp_consensus_babe::Epoch {
            Babe::current_epoch()
        }

        fn next_epoch() -> sp_consensus_babe::Epoch {
            Babe::next_epoch()
        }

        fn generate_key_ownership_proof(
            _slot: sp_consensus_babe::Slot,
            authority: sp_consensus_babe::AuthorityId,
        ) -> Option<sp_consensus_babe::OpaqueKeyOwnershipProof> {
            Historical::prove((sp_consensus_babe::KEY_TYPE, authority))
                .map(|proof| sp_consensus_babe::OpaqueKeyOwnershipProof::new(proof.encode()))
        }

        fn submit_report_equivocation_unsigned_extrinsic(
            equivocation_proof: sp_consensus_babe::EquivocationProof<Header>,
            key_owner_proof: sp_consensus_babe::OpaqueKeyOwnershipProof,
        ) -> Option<()> {
            Babe::submit_unsigned_equivocation_report(equivocation_proof, key_owner_proof.decode()?)
        }
    }

    impl sp_authority_discovery::AuthorityDiscoveryApi<Block> for Runtime {
        fn authorities() -> Vec<AuthorityDiscoveryId> {
            v13::relevant_authority_ids::<Runtime>()
        }
    }

    impl sp_session::SessionKeys<Block> for Runtime {
        fn generate_session_keys(owner: Vec<u8>, seed: Option<Vec<u8>>) -> sp_session::OpaqueGeneratedSessionKeys {
            SessionKeys::generate(&owner, seed).into()
        }

        fn decode_session_keys(encoded: Vec<u8>) -> Option<Vec<(Vec<u8>, KeyTypeId)>> {
            SessionKeys::decode_into_raw_public_keys(&encoded)
        }
    }

    impl frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce> for Runtime {
        fn account_nonce(account: AccountId) -> Nonce {
            System::account_nonce(account)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance> for Runtime {
        fn query_info(transaction: UncheckedExtrinsic, length: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_info(transaction, length)
        }

        fn query_fee_details(transaction: UncheckedExtrinsic, length: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_fee_details(transaction, length)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl pallet_transaction_payment_rpc_runtime_api::TransactionPaymentCallApi<Block, Balance, RuntimeCall> for Runtime {
        fn query_call_info(call: RuntimeCall, length: u32) -> RuntimeDispatchInfo<Balance> {
            TransactionPayment::query_call_info(call, length)
        }

        fn query_call_fee_details(call: RuntimeCall, length: u32) -> FeeDetails<Balance> {
            TransactionPayment::query_call_fee_details(call, length)
        }

        fn query_weight_to_fee(weight: Weight) -> Balance {
            TransactionPayment::weight_to_fee(weight)
        }

        fn query_length_to_fee(length: u32) -> Balance {
            TransactionPayment::length_to_fee(length)
        }
    }

    impl xcm_runtime_apis::fees::XcmPaymentApi<Block> for Runtime {
        fn query_acceptable_payment_assets(version: XcmVersion) -> Result<Vec<VersionedAssetId>, XcmPaymentError> {
            XcmPallet::query_acceptable_payment_assets(version, vec![AssetId(TokenLocation::get())])
        }

        fn query_weight_to_asset_fee(weight: Weight, asset: VersionedAssetId) -> Result<u128, XcmPaymentError> {
            XcmPallet::query_weight_to_asset_fee::<<XcmConfig as xcm_executor::Config>::Trader>(weight, asset)
        }

        fn query_xcm_weight(message: VersionedXcm<()>) -> Result<Weight, XcmPaymentError> {
            XcmPallet::query_xcm_weight(message)
        }

        fn query_delivery_fees(
            destination: VersionedLocation,
            message: VersionedXcm<()>,
            asset: VersionedAssetId,
        ) -> Result<VersionedAssets, XcmPaymentError> {
            XcmPallet::query_delivery_fees::<<XcmConfig as xcm_executor::Config>::AssetExchanger>(
                destination, message, asset,
            )
        }
    }

    impl xcm_runtime_apis::dry_run::DryRunApi<Block, RuntimeCall, RuntimeEvent, OriginCaller> for Runtime {
        fn dry_run_call(
            origin: OriginCaller,
            call: RuntimeCall,
            result_version: XcmVersion,
        ) -> Result<CallDryRunEffects<RuntimeEvent>, DryRunError> {
            XcmPallet::dry_run_call::<Runtime, XcmRouter, OriginCaller, RuntimeCall>(origin, call, result_version)
        }

        fn dry_run_xcm(
            origin: VersionedLocation,
            message: VersionedXcm<RuntimeCall>,
        ) -> Result<XcmDryRunEffects<RuntimeEvent>, DryRunError> {
            XcmPallet::dry_run_xcm::<XcmRouter>(origin, message)
        }
    }

    impl xcm_runtime_apis::conversions::LocationToAccountApi<Block, AccountId> for Runtime {
        fn convert_location(location: VersionedLocation) -> Result<AccountId, LocationError> {
            LocationToAccountHelper::<AccountId, SovereignAccountOf>::convert_location(location)
        }
    }

    impl xcm_runtime_apis::trusted_query::TrustedQueryApi<Block> for Runtime {
        fn is_trusted_reserve(asset: VersionedAsset, location: VersionedLocation) -> Result<bool, TrustedQueryError> {
            XcmPallet::is_trusted_reserve(asset, location)
        }

        fn is_trusted_teleporter(
            asset: VersionedAsset,
            location: VersionedLocation,
        ) -> Result<bool, TrustedQueryError> {
            XcmPallet::is_trusted_teleporter(asset, location)
        }
    }

    impl pallet_auctions::runtime_api::CandleApi<Block, AccountId> for Runtime {
        fn live() -> Vec<AuctionOnSale> {
            Auctions::live()
        }

        fn leaders(id: AuctionId) -> Vec<(LeaseRange, Lead<AccountId>)> {
            Auctions::leaders(id)
        }

        fn outcome_if_closed_at(id: AuctionId, block: BlockNumber) -> Winners<AccountId> {
            Auctions::outcome_if_closed_at(id, block)
        }

        fn minimum_bid(id: AuctionId, first_period: LeasePeriod, last_period: LeasePeriod) -> Option<Balance> {
            Auctions::minimum_bid(id, first_period, last_period)
        }

        fn min_bid_to_win(id: AuctionId, first_period: LeasePeriod, last_period: LeasePeriod) -> Option<Balance> {
            Auctions::min_bid_to_win(id, first_period, last_period)
        }

        fn history(
            id: AuctionId,
            range: Option<LeaseRange>,
            from: u16,
            count: u16,
        ) -> Vec<(LeaseRange, Lead<AccountId>)> {
            Auctions::history(id, range, from, count)
        }

        fn win_share(id: AuctionId) -> Vec<WinShare<AccountId>> {
            Auctions::win_share(id)
        }

        fn refundable(who: AccountId) -> Vec<(AuctionId, ParaId, Balance)> {
            Auctions::refundable(who)
        }
    }

    impl pallet_validator_count::runtime_api::ValidatorCountApi<Block> for Runtime {
        fn status() -> ValidatorCountStatus {
            ValidatorCount::status()
        }

        fn dry_run(target: u32, step: u32, policy: Policy) -> Vec<Violation> {
            ValidatorCount::dry_run(VALIDATOR_COUNT_BOUNDS, target, step, policy)
        }

        fn health(sessions: u32) -> Vec<SessionHealth> {
            ValidatorCount::health(sessions)
        }

        fn projection() -> Vec<ProjectedStep> {
            ValidatorCount::projection()
        }
    }

    impl pallet_xcmp::runtime_api::XcmpApi<Block> for Runtime {
        fn latest_root(para: ParaId) -> Option<LatestRoot> {
            Xcmp::latest_root(para)
        }

        fn latest_roots() -> Vec<(ParaId, LatestRoot)> {
            Xcmp::latest_roots()
        }
    }

    impl pallet_staking_runtime_api::StakingApi<Block, Balance, AccountId> for Runtime {
        fn nominations_quota(balance: Balance) -> u32 {
            Staking::api_nominations_quota(balance)
        }

        fn eras_stakers_page_count(era: EraIndex, account: AccountId) -> Page {
            Staking::api_eras_stakers_page_count(era, account)
        }

        fn pending_rewards(era: EraIndex, account: AccountId) -> bool {
            Staking::api_pending_rewards(era, account)
        }
    }

    impl sp_genesis_builder::GenesisBuilder<Block> for Runtime {
        fn build_state(config: Vec<u8>) -> sp_genesis_builder::Result {
            build_state::<RuntimeGenesisConfig>(config)
        }

        fn get_preset(id: &Option<sp_genesis_builder::PresetId>) -> Option<Vec<u8>> {
            get_preset::<RuntimeGenesisConfig>(id, genesis_config_presets::get_preset)
        }

        fn preset_names() -> Vec<sp_genesis_builder::PresetId> {
            genesis_config_presets::preset_names()
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    impl frame_benchmarking::Benchmark<Block> for Runtime {
        fn benchmark_metadata(
            extra: bool,
        ) -> (Vec<frame_benchmarking::BenchmarkList>, Vec<frame_support::traits::StorageInfo>) {
            crate::benchmarks::metadata(extra)
        }

        fn dispatch_benchmark(
            config: frame_benchmarking::BenchmarkConfig,
        ) -> Result<Vec<frame_benchmarking::BenchmarkBatch>, alloc::string::String> {
            crate::benchmarks::dispatch(config)
        }
    }

    #[cfg(feature = "try-runtime")]
    impl frame_try_runtime::TryRuntime<Block> for Runtime {
        fn on_runtime_upgrade(checks: frame_try_runtime::UpgradeCheckSelect) -> (Weight, Weight) {
            // This API is for tooling that expects a panic where a check fails.
            let weight = Executive::try_runtime_upgrade(checks).expect("the runtime upgrade failed its checks");
            (weight, crate::configs::system::BlockWeights::get().max_block)
        }

        fn execute_block(
            block: LazyBlock,
            state_root_check: bool,
            signature_check: bool,
            select: frame_try_runtime::TryStateSelect,
        ) -> Weight {
            Executive::try_execute_block(block, state_root_check, signature_check, select)
                .expect("the block failed its checks")
        }
    }
}
