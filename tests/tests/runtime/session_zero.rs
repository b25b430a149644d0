// SPDX-License-Identifier: GPL-3.0-only
use super::support::{genesis_parachains, Chain};
use polkadot_primitives::{CoreIndex, Id as ParaId, SessionIndex, ValidatorIndex};
use polkadot_runtime_parachains::{
    runtime_api_impl::v13,
    scheduler::ValidatorGroups,
    session_info::{AccountKeys, Sessions},
};
use serin_runtime::{
    genesis_config_presets::{session_keys, stash, validator_name, Preset},
    Runtime,
};
use std::collections::BTreeSet;

#[test]
fn session_zero_knows_every_key_of_every_validator() {
    for preset in Preset::ALL {
        for validators in [1, 4, 7] {
            Chain::new(preset, validators).inspect(|| assert_session_is_complete(0, validators));
        }
    }
}

#[test]
fn a_later_session_is_as_complete_as_session_zero() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.advance_to(11);
    chain.inspect(|| {
        assert_session_is_complete(0, 4);
        assert_session_is_complete(1, 4);
    });
}

#[test]
fn genesis_parachains_have_cores_and_groups_at_block_zero() {
    let mut chain = Chain::with_genesis(Preset::Local, 4, genesis_parachains(&[2_087, 2_100]));
    assert_claims(&mut chain, &[2_087, 2_100]);
    chain.inspect(|| assert_eq!(groups(), vec![1, 1, 1, 1]));
}

#[test]
fn genesis_parachains_keep_their_cores_over_sessions() {
    let mut chain = Chain::with_genesis(Preset::Local, 4, genesis_parachains(&[2_087, 2_100]));
    for block in [1, 10, 11, 12, 21, 22] {
        chain.advance_to(block);
        assert_claims(&mut chain, &[2_087, 2_100]);
    }
}

#[test]
fn validators_are_grouped_even_without_a_parachain_as_far_as_they_fill_a_core() {
    // `local` and `development` allow one validator per core, `serin` five: four of them fill none there.
    for (preset, validators, expected) in [
        (Preset::Local, 4, vec![1; 4]),
        (Preset::Local, 7, vec![1; 7]),
        (Preset::Serin, 4, vec![]),
        (Preset::Serin, 10, vec![5, 5]),
        (Preset::Development, 1, vec![1]),
    ] {
        Chain::new(preset, validators).inspect(|| assert_eq!(groups(), expected, "{preset:?} with {validators}"));
    }
}

#[test]
fn with_one_validator_a_parachain_still_has_a_group() {
    let mut chain = Chain::with_genesis(Preset::Local, 1, genesis_parachains(&[2_087]));
    assert_claims(&mut chain, &[2_087]);
    chain.inspect(|| assert_eq!(groups(), vec![1]));
}

/// Each validator's keys stand at the same place in every list. They are told apart by their bytes: a preset derives
/// all of a validator's sr25519 keys from one secret.
fn assert_session_is_complete(session: SessionIndex, validators: u32) {
    let info = Sessions::<Runtime>::get(session).expect("the session is stored");
    let bytes = |key: &dyn AsRef<[u8]>| key.as_ref().to_vec();
    let validation = info.validators.iter().map(|key| bytes(key)).collect::<Vec<_>>();
    let assignment = info.assignment_keys.iter().map(|key| bytes(key)).collect::<Vec<_>>();
    let discovery = info.discovery_keys.iter().map(|key| bytes(key)).collect::<Vec<_>>();
    assert_eq!(u32::try_from(validation.len()), Ok(validators), "session {session}");
    assert_eq!(assignment, validation, "session {session}");
    assert_eq!(discovery, validation, "session {session}");

    let owner = |key: &Vec<u8>| {
        let mut names = (0..validators).map(validator_name);
        let name = names.find(|name| bytes(&session_keys(name).para_validator) == *key);
        stash(&name.expect("the key is a preset's"))
    };
    let owners = validation.iter().map(owner).collect::<Vec<_>>();
    assert_eq!(AccountKeys::<Runtime>::get(session), Some(owners), "session {session}");

    let grouped = info.validator_groups.iter().flatten().copied().collect::<BTreeSet<_>>();
    if info.n_cores > 0 {
        assert_eq!(grouped, (0..validators).map(ValidatorIndex).collect(), "session {session}");
    }
}

/// Sizes of the groups; each validator is in exactly one.
fn groups() -> Vec<usize> {
    let groups = ValidatorGroups::<Runtime>::get();
    let members = groups.iter().flatten().count();
    assert_eq!(groups.iter().flatten().collect::<BTreeSet<_>>().len(), members);
    groups.iter().map(Vec::len).collect()
}

/// Each core is claimed by the parachain of its place, and by no other.
fn assert_claims(chain: &mut Chain, ids: &[u32]) {
    let number = chain.number();
    let claims = chain.inspect(v13::claim_queue::<Runtime>);
    for (core, id) in (0..).zip(ids) {
        let claimants = claims.get(&CoreIndex(core)).unwrap_or_else(|| panic!("core {core} is idle at block {number}"));
        assert!(!claimants.is_empty(), "core {core} at block {number}");
        assert!(claimants.iter().all(|claimant| *claimant == ParaId::from(*id)), "core {core} at block {number}");
    }
}
