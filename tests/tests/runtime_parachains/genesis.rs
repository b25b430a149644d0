// SPDX-License-Identifier: GPL-3.0-only
use super::support::{foreign, genesis_storage, issued, own, relay, sibling, sovereign, Chain};
use frame_support::traits::fungibles::{metadata::Inspect as InspectMetadata, Inspect};
use sc_chain_spec::json_patch;
use serde_json::{json, Value};
use serin_parachain_runtime::{
    constants::currency::{TOKEN_DECIMALS, TOKEN_SYMBOL, UNIT},
    genesis_config_presets::{genesis, get_preset, preset_names, Preset, DEFAULT_PARA_ID},
    AccountId, AuraId, ForeignAssets, ParachainInfo, Runtime, Session, VERSION,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::StateVersion;

const IDS: [u32; 3] = [2_086, 2_087, 2_100];

#[test]
fn a_preset_serves_any_id_by_a_patch() {
    for preset in Preset::ALL {
        for id in IDS {
            let mut by_patch = json_of(preset.name());
            json_patch::merge(&mut by_patch, json!({ "parachainInfo": { "parachainId": id } }));
            let by_code = genesis(id.into(), preset.collators(), &[]);
            assert_eq!(by_patch, by_code, "{preset:?} {id}");
            assert_eq!(genesis_storage(by_patch).unwrap().top, genesis_storage(by_code).unwrap().top);
        }
    }
}

#[test]
fn each_chain_starts_with_its_id_its_collators_and_no_money_of_others() {
    for id in IDS {
        let siblings = IDS.into_iter().filter(|other| *other != id).collect::<Vec<_>>();
        let mut chain = Chain::with_id(id, &siblings.iter().map(|id| (*id).into()).collect::<Vec<_>>());
        chain.inspect(|| {
            assert_eq!(u32::from(ParachainInfo::parachain_id()), id);
            assert_eq!(Session::validators(), [Bob, Alice].map(|key| key.to_account_id()), "sorted by account");
            let authorities = pallet_aura::Authorities::<Runtime>::get().into_inner();
            assert_eq!(authorities, [Bob, Alice].map(|key| AuraId::from(key.public())));
            assert_eq!(own(&Alice.to_account_id()), 1_000_000 * UNIT);

            for token in [relay()].into_iter().chain(siblings.iter().map(|id| sibling(*id))) {
                assert!(<ForeignAssets as Inspect<AccountId>>::asset_exists(token.clone()), "{id}: {token:?}");
                assert_eq!(issued(&token), 0, "{id}: {token:?}");
                assert_eq!(foreign(&token, &Alice.to_account_id()), 0, "{id}: {token:?}");
                let details = pallet_assets::Asset::<Runtime>::get(&token).expect("it exists");
                assert_eq!(details.owner, sovereign(&token), "{id}: {token:?}");
            }
            assert_eq!(<ForeignAssets as InspectMetadata<AccountId>>::symbol(relay()), b"KSM");
            assert!(!<ForeignAssets as Inspect<AccountId>>::asset_exists(sibling(id)), "{id} knows itself as foreign");
        });
    }
}

#[test]
fn presets_have_the_names_that_tools_look_for() {
    let names = preset_names().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names, ["local", "development"]);
    assert!(get_preset(&"serin".into()).is_none());
    assert_eq!(json_of("local")["parachainInfo"]["parachainId"], DEFAULT_PARA_ID);
}

#[test]
fn the_token_has_the_name_that_the_metadata_hash_takes() {
    let build_script = include_str!("../../../runtime/parachain/build.rs");
    let expected = format!("enable_metadata_hash(\"{TOKEN_SYMBOL}\", {TOKEN_DECIMALS})");
    assert!(build_script.contains(&expected), "build.rs does not say {expected}");
}

#[test]
fn the_state_has_version_1() {
    assert_eq!(VERSION.state_version(), StateVersion::V1);
    assert_eq!(VERSION.spec_name, "serin-parachain");
}

fn json_of(preset: &str) -> Value {
    let bytes = get_preset(&preset.into()).unwrap_or_else(|| panic!("there is no preset {preset}"));
    serde_json::from_slice(&bytes).expect("a preset is JSON")
}
