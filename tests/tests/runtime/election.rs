// SPDX-License-Identifier: GPL-3.0-only
use super::support::{apply, Chain};
use codec::Encode;
use pallet_staking::{RewardDestination, ValidatorPrefs};
use serin_runtime::{
    constants::currency::UNITS,
    genesis_config_presets::{session_keys, stash, Preset},
    AccountId, Babe, Grandpa, Runtime, RuntimeCall, Session,
};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::DispatchError;

/// More than any genesis validator has at stake.
const STAKE: u128 = 100_000 * UNITS;

/// The first blocks of the first and second era of `local`; the validators of an era are elected one session before.
const FIRST_ERA: u32 = 21;
const SECOND_ERA: u32 = 41;

#[test]
fn a_new_validator_is_elected_writes_blocks_and_leaves_again() {
    let eve = stash("Eve");
    let mut chain = Chain::new(Preset::Local, 4);
    chain.transact(|| {
        bond();
        assert_eq!(set_keys(ownership_proof(&eve)), Ok(()));
        validate();
    });
    chain.advance_to(FIRST_ERA - 1);
    assert!(!is_validator(&mut chain, &eve), "she is a validator before her era");

    chain.advance_to(FIRST_ERA);
    assert!(is_validator(&mut chain, &eve));
    chain.inspect(|| {
        assert_eq!(Session::validators().len(), 4, "she has taken somebody's place");
        let keys = session_keys("Eve");
        assert!(Babe::authorities().iter().any(|(key, _)| *key == keys.babe));
        assert!(pallet_grandpa::Authorities::<Runtime>::get().iter().any(|(key, _)| *key == keys.grandpa));
        assert!(Grandpa::current_set_id() > 0);
    });

    chain
        .transact(|| apply(Sr25519Keyring::EveStash, RuntimeCall::Staking(pallet_staking::Call::<Runtime>::chill {})))
        .unwrap();
    chain.advance_to(SECOND_ERA - 1);
    let points = chain.inspect(|| pallet_staking::ErasRewardPoints::<Runtime>::get(1));
    assert!(points.individual.get(&eve).is_some_and(|points| *points > 0), "{points:?}");

    chain.advance_to(SECOND_ERA);
    assert!(!is_validator(&mut chain, &eve), "she has chilled");
    chain.inspect(|| assert_eq!(Session::validators().len(), 4));
    chain.advance_to(SECOND_ERA + 10);
}

#[test]
fn a_winner_without_session_keys_leaves_its_seat_empty() {
    let eve = stash("Eve");
    let mut chain = Chain::new(Preset::Local, 4);
    chain.transact(|| {
        bond();
        validate();
    });
    chain.advance_to(FIRST_ERA);
    assert!(!is_validator(&mut chain, &eve));
    chain.inspect(|| assert_eq!(Session::validators().len(), 3));
}

#[test]
fn session_keys_need_a_proof_made_for_their_owner() {
    let invalid: DispatchError = pallet_session::Error::<Runtime>::InvalidProof.into();
    Chain::new(Preset::Local, 4).transact(|| {
        assert_eq!(set_keys(Vec::new()), Err(invalid));
        assert_eq!(set_keys(ownership_proof(&stash("Ferdie"))), Err(invalid));
        assert_eq!(set_keys(ownership_proof(&stash("Eve"))), Ok(()));
    });
}

fn is_validator(chain: &mut Chain, account: &AccountId) -> bool {
    chain.inspect(|| Session::validators().contains(account))
}

fn bond() {
    let call = pallet_staking::Call::<Runtime>::bond { value: STAKE, payee: RewardDestination::Staked };
    apply(Sr25519Keyring::EveStash, RuntimeCall::Staking(call)).unwrap();
}

fn validate() {
    let call = pallet_staking::Call::<Runtime>::validate { prefs: ValidatorPrefs::default() };
    apply(Sr25519Keyring::EveStash, RuntimeCall::Staking(call)).unwrap();
}

fn set_keys(proof: Vec<u8>) -> Result<(), DispatchError> {
    let call = pallet_session::Call::<Runtime>::set_keys { keys: session_keys("Eve"), proof };
    apply(Sr25519Keyring::EveStash, RuntimeCall::Session(call))
}

/// One signature for each of Eve's keys, in their order, over the account that is to own them.
fn ownership_proof(owner: &AccountId) -> Vec<u8> {
    let statement = [b"POP_".as_slice(), owner.encode().as_slice()].concat();
    let grandpa = Ed25519Keyring::Eve.sign(&statement);
    let sr25519 = || Sr25519Keyring::Eve.sign(&statement);
    (grandpa, sr25519(), sr25519(), sr25519(), sr25519()).encode()
}
