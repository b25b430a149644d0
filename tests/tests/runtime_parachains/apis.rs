// SPDX-License-Identifier: GPL-3.0-only
use super::support::{relay, sibling, sovereign, Chain, PARA, SIBLING};
use cumulus_primitives_aura::{runtime_decl_for_aura_unincluded_segment_api::AuraUnincludedSegmentApiV2, Slot};
use cumulus_primitives_core::{
    runtime_decl_for_get_parachain_info::GetParachainInfoV1,
    runtime_decl_for_key_to_include_in_relay_proof::KeyToIncludeInRelayProofV1,
    runtime_decl_for_relay_parent_offset_api::RelayParentOffsetApiV2,
    runtime_decl_for_scheduling_v3_enabled_api::SchedulingV3EnabledApiV1,
    runtime_decl_for_target_block_rate::TargetBlockRateV1, RelayStorageKey,
};
use frame_support::weights::Weight;
use serin_parachain_runtime::{
    constants::currency::UNIT, AccountId, AuraId, Balance, Block, Hash, Nonce, OriginCaller, Runtime, RuntimeCall,
    RuntimeEvent, RUNTIME_API_VERSIONS,
};
use serin_primitives::xcmp::latest_root_key;
use sp_api::RuntimeApiInfo;
use sp_consensus_aura::runtime_decl_for_aura_api::AuraApiV1;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use xcm::{
    latest::{Asset, AssetId, Location, Outcome, Xcm},
    VersionedAsset, VersionedAssetId, VersionedLocation, VersionedXcm,
};
use xcm_runtime_apis::{
    conversions::runtime_decl_for_location_to_account_api::LocationToAccountApiV1,
    dry_run::runtime_decl_for_dry_run_api::DryRunApiV2, fees::runtime_decl_for_xcm_payment_api::XcmPaymentApiV2,
    trusted_query::runtime_decl_for_trusted_query_api::TrustedQueryApiV1,
};

const VERSION: xcm::Version = xcm::latest::VERSION;

/// What `polkadot-omni-node-lib` demands of a runtime, or asks for and does badly without.
#[test]
fn a_stock_collator_finds_all_that_it_asks_for() {
    let asked_for = [
        api::<dyn sp_api::Core<Block>>("Core"),
        api::<dyn sp_api::Metadata<Block>>("Metadata"),
        api::<dyn sp_block_builder::BlockBuilder<Block>>("BlockBuilder"),
        api::<dyn sp_consensus_aura::AuraApi<Block, AuraId>>("AuraApi"),
        api::<dyn cumulus_primitives_aura::AuraUnincludedSegmentApi<Block>>("AuraUnincludedSegmentApi"),
        api::<dyn cumulus_primitives_core::CollectCollationInfo<Block>>("CollectCollationInfo"),
        api::<dyn cumulus_primitives_core::GetParachainInfo<Block>>("GetParachainInfo"),
        api::<dyn cumulus_primitives_core::KeyToIncludeInRelayProof<Block>>("KeyToIncludeInRelayProof"),
        api::<dyn cumulus_primitives_core::RelayParentOffsetApi<Block>>("RelayParentOffsetApi"),
        api::<dyn cumulus_primitives_core::SchedulingV3EnabledApi<Block>>("SchedulingV3EnabledApi"),
        api::<dyn cumulus_primitives_core::TargetBlockRate<Block>>("TargetBlockRate"),
        api::<dyn frame_system_rpc_runtime_api::AccountNonceApi<Block, AccountId, Nonce>>("AccountNonceApi"),
        api::<dyn pallet_transaction_payment_rpc_runtime_api::TransactionPaymentApi<Block, Balance>>(
            "TransactionPaymentApi",
        ),
        api::<dyn sp_genesis_builder::GenesisBuilder<Block>>("GenesisBuilder"),
        api::<dyn sp_offchain::OffchainWorkerApi<Block>>("OffchainWorkerApi"),
        api::<dyn sp_session::SessionKeys<Block>>("SessionKeys"),
        api::<dyn sp_transaction_pool::runtime_api::TaggedTransactionQueue<Block>>("TaggedTransactionQueue"),
    ];
    for (name, id, version) in asked_for {
        let offered = RUNTIME_API_VERSIONS.iter().find(|(other, _)| *other == id).map(|(_, version)| *version);
        assert_eq!(offered, Some(version), "{name}");
    }
}

#[test]
fn a_collator_hears_when_and_on_what_to_build() {
    Chain::new().inspect(|| {
        assert_eq!(u32::from(Runtime::parachain_id()), PARA);
        assert_eq!(Runtime::slot_duration().as_millis(), 6_000);
        assert_eq!(<Runtime as AuraApiV1<Block, AuraId>>::authorities().len(), 2);
        assert_eq!(Runtime::target_block_rate(), 1);
        assert_eq!(Runtime::relay_parent_offset(), 0);
        assert_eq!(Runtime::max_claim_queue_offset(), 1);
        assert!(!Runtime::scheduling_v3_enabled());
        let sibling = RelayStorageKey::Top(latest_root_key(SIBLING.into()));
        assert_eq!(Runtime::keys_to_prove().keys, [sibling]);
        assert!(Runtime::can_build_upon(Hash::default(), Slot::from(1)), "nothing was built yet");
    });
}

#[test]
fn execution_is_paid_in_the_own_token_or_at_the_same_price_in_a_sufficient_foreign_one() {
    Chain::new().inspect(|| {
        let ids = [Location::here(), relay(), sibling(SIBLING)];
        let mut accepted = Runtime::query_acceptable_payment_assets(VERSION).expect("the version is known");
        let mut expected = ids.clone().map(|id| VersionedAssetId::from(AssetId(id))).to_vec();
        accepted.sort_by_key(|id| format!("{id:?}"));
        expected.sort_by_key(|id| format!("{id:?}"));
        assert_eq!(accepted, expected);

        // Two milliseconds are dearer than the least amount of a foreign token.
        let weight = Weight::from_parts(2_000_000_000, 0);
        for id in ids {
            let fee = Runtime::query_weight_to_asset_fee(weight, AssetId(id.clone()).into());
            assert_eq!(fee, Ok(2_000_000_000), "{id:?}");
        }
        assert!(Runtime::query_weight_to_asset_fee(weight, AssetId(sibling(2_086)).into()).is_err());
    });
}

#[test]
fn delivery_has_a_price() {
    let mut chain = Chain::new();
    chain.open_channels(SIBLING);
    chain.block(|| ());
    chain.inspect(|| {
        for destination in [relay(), sibling(SIBLING)] {
            let fees = Runtime::query_delivery_fees(
                VersionedLocation::from(destination.clone()),
                VersionedXcm::from(Xcm::<()>::new()),
                AssetId(Location::here()).into(),
            );
            let fees = fees.unwrap_or_else(|error| panic!("{destination:?}: {error:?}"));
            assert!(format!("{fees:?}").contains("Fungible"), "{fees:?}");
        }
    });
}

#[test]
fn a_chain_is_trusted_with_its_own_token_and_nobody_with_teleports() {
    let asset = |id: Location| Asset::from((id, UNIT));
    let cases = [
        (relay(), relay(), true),
        (sibling(SIBLING), sibling(SIBLING), true),
        (relay(), sibling(SIBLING), false),
        (relay(), sibling(1_000), false),
        (sibling(SIBLING), relay(), false),
        (sibling(SIBLING), sibling(2_086), false),
        (Location::here(), relay(), false),
        (Location::here(), sibling(SIBLING), false),
    ];
    Chain::new().inspect(|| {
        for (token, chain, trusted) in cases {
            let what = || VersionedAsset::from(asset(token.clone()));
            let location = || VersionedLocation::from(chain.clone());
            assert_eq!(Runtime::is_trusted_reserve(what(), location()), Ok(trusted), "{token:?} from {chain:?}");
            assert_eq!(Runtime::is_trusted_teleporter(what(), location()), Ok(false), "{token:?} from {chain:?}");
        }
    });
}

#[test]
fn locations_have_accounts() {
    Chain::new().inspect(|| {
        for location in [relay(), sibling(SIBLING)] {
            let account = Runtime::convert_location(VersionedLocation::from(location.clone()));
            assert_eq!(account, Ok(sovereign(&location)));
        }
    });
}

#[test]
fn calls_and_messages_can_be_tried() {
    let mut chain = Chain::new();
    chain.block(|| {
        let transfer = super::transfers::transfer(relay(), Location::here(), UNIT, Bob.to_account_id());
        let origin = OriginCaller::system(frame_system::RawOrigin::Signed(Alice.to_account_id()));
        let tried = <Runtime as DryRunApiV2<Block, RuntimeCall, RuntimeEvent, OriginCaller>>::dry_run_call(
            origin, transfer, VERSION,
        )
        .expect("it can be tried");
        assert!(tried.execution_result.is_ok(), "{:?}", tried.execution_result);
        assert_eq!(tried.forwarded_xcms.len(), 1, "{:?}", tried.forwarded_xcms);

        let deposit = super::transfers::reserve_deposit(relay(), UNIT, &Bob.to_account_id());
        let deposit: Xcm<RuntimeCall> = deposit.into();
        let tried = <Runtime as DryRunApiV2<Block, RuntimeCall, RuntimeEvent, OriginCaller>>::dry_run_xcm(
            VersionedLocation::from(relay()),
            VersionedXcm::from(deposit),
        )
        .expect("it can be tried");
        assert!(matches!(tried.execution_result, Outcome::Complete { .. }), "{:?}", tried.execution_result);
    });
}

fn api<T: RuntimeApiInfo + ?Sized>(name: &'static str) -> (&'static str, [u8; 8], u32) {
    (name, T::ID, T::VERSION)
}
