// SPDX-License-Identifier: GPL-3.0-only
use super::support::{genesis_parachains, genesis_storage, Chain};
use serde_json::{json, Value};
use serin_runtime::{
    constants::currency::EXISTENTIAL_DEPOSIT,
    genesis_config_presets::{session_keys, stash, validator_name, Preset},
    AccountId, Babe, Balances, Runtime, Session, XcmPallet,
};
use std::panic::{catch_unwind, AssertUnwindSafe};

#[test]
fn every_preset_starts_with_the_validators_asked_for() {
    for preset in Preset::ALL {
        for validators in [1, preset.default_validators(), 7] {
            let names = (0..validators).map(validator_name).collect::<Vec<_>>();
            let mut stashes = names.iter().map(|name| stash(name)).collect::<Vec<_>>();
            stashes.sort();

            Chain::new(preset, validators).inspect(|| {
                let mut active = Session::validators();
                active.sort();
                assert_eq!(active, stashes, "{preset:?}");

                let queued = Session::queued_keys();
                assert_eq!(queued.len(), stashes.len(), "{preset:?}");
                for name in &names {
                    assert!(queued.contains(&(stash(name), session_keys(name))), "{preset:?}: keys of {name}");
                }
                assert_eq!(Babe::authorities().len(), stashes.len(), "{preset:?}");
                assert_eq!(pallet_grandpa::Authorities::<Runtime>::get().len(), stashes.len(), "{preset:?}");
                assert_eq!(pallet_staking::ValidatorCount::<Runtime>::get(), validators, "{preset:?}");
                assert_eq!(pallet_timing::Parameters::<Runtime>::get(), Some(preset.timing()), "{preset:?}");
                assert_eq!(Balances::free_balance(XcmPallet::check_account()), EXISTENTIAL_DEPOSIT, "{preset:?}");
            });
        }
    }
}

#[test]
fn a_bad_genesis_is_refused_with_a_reason() {
    let stranger = json!(AccountId::new([7; 32]));
    let no_code = json!([2_087, { "genesis_head": "0x01", "validation_code": "0x", "parachain": true }]);
    let cases = [
        (json!({ "timing": { "parameters": { "slotLength": 6_000 } } }), "slotLength"),
        (json!({ "timing": { "parameters": { "epochSlots": 9 } } }), "epochSlots must be at least 10"),
        (json!({ "timing": { "parameters": { "slotMillis": 2_001 } } }), "slotMillis must be even"),
        (json!({ "noSuchPallet": {} }), "noSuchPallet"),
        (json!({ "paras": { "paras": [no_code] } }), "empty validation code"),
        (
            json!({ "staking": { "stakers": [[stranger, stranger, 1_000_000_000_000_u64, "Validator"]] } }),
            "enough balance",
        ),
        (
            json!({ "configuration": { "config": { "scheduler_params": { "group_rotation_frequency": 0 } } } }),
            "ZeroGroupRotationFrequency",
        ),
    ];
    for (patch, reason) in cases {
        let refusal = refusal(patch.clone());
        assert!(refusal.contains(reason), "{patch}: `{refusal}` does not say `{reason}`");
    }
}

#[test]
fn the_patches_of_these_tests_are_sound_by_themselves() {
    genesis_storage(Preset::Local, 4, json!({})).unwrap();
    genesis_storage(Preset::Local, 4, genesis_parachains(&[2_087])).unwrap();
}

/// What is said against the genesis of `local` with this patch, as an error or by a panic, which is all that a pallet
/// can do while genesis is built.
fn refusal(patch: Value) -> String {
    match catch_unwind(AssertUnwindSafe(|| genesis_storage(Preset::Local, 4, patch))) {
        Ok(Ok(_)) => "it was taken".to_owned(),
        Ok(Err(error)) => error,
        Err(panic) => match panic.downcast::<String>() {
            Ok(message) => *message,
            Err(other) => other.downcast_ref::<&str>().map_or_else(String::new, |message| (*message).to_owned()),
        },
    }
}
