// SPDX-License-Identifier: GPL-3.0-only
//! Proofs that blocks are final, as anybody who watches GRANDPA may submit them.

use super::support::{apply_extrinsic, signed, Chain};
use codec::Encode;
use frame_support::BoundedVec;
use pallet_validator_count::{Error, Event};
use serin_runtime::{
    genesis_config_presets::Preset, Balance, Balances, BlockNumber, Grandpa, Hash, Runtime, RuntimeCall, RuntimeEvent,
    System, ValidatorCount,
};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::DispatchError;

/// Who submits. It has no part in finality.
const REPORTER: Sr25519Keyring = Sr25519Keyring::Ferdie;
/// Three of the four that a genesis of `local` has: as many as it takes.
const ENOUGH: [Ed25519Keyring; 3] = [Ed25519Keyring::Alice, Ed25519Keyring::Bob, Ed25519Keyring::Charlie];

/// Half a session of `local`: by how much a proof has to advance what is proven.
const SPACING: BlockNumber = 5;
const BLOCK: BlockNumber = 6;

#[test]
fn a_justification_of_the_sessions_authorities_counts_and_is_free() {
    let mut chain = chain();
    let (result, paid) = submit(&mut chain, |target| justification(target, 0, &ENOUGH));
    assert_eq!(result, Ok(()));
    assert_eq!(paid, 0);

    let number = chain.number();
    let proved = Event::FinalityProved { block: BLOCK, lag: number - BLOCK, set_id: 0 };
    assert!(chain.events().contains(&(number, RuntimeEvent::ValidatorCount(proved))), "{:?}", chain.events());
    chain.inspect(|| {
        let status = ValidatorCount::status();
        assert_eq!(status.finality_lag, Some(number - BLOCK));
        assert_eq!(status.era_so_far.finality_proofs, 1);
    });
}

#[test]
fn a_justification_that_proves_nothing_new_pays_its_fee() {
    let mut chain = chain();
    let first = |target| justification(target, 0, &ENOUGH);
    assert_eq!(submit(&mut chain, first), (Ok(()), 0));
    let (again, paid) = submit(&mut chain, first);
    assert_eq!(again, Err(Error::<Runtime>::BlockNotNewer.into()));
    assert!(paid > 0);
}

#[test]
fn forged_justifications_are_refused_and_pay() {
    let strangers = [Ed25519Keyring::Dave, Ed25519Keyring::Eve, Ed25519Keyring::Ferdie];
    let cases: [(&str, Forge, Error<Runtime>); 6] = [
        ("two of four", &|target| justification(target, 0, &ENOUGH[..2]), Error::JustificationInvalid),
        ("one who is no authority", &|target| justification(target, 0, &strangers), Error::JustificationInvalid),
        ("of another set", &|target| justification(target, 1, &ENOUGH), Error::JustificationInvalid),
        (
            "of another block",
            &|(_, number)| justification((Hash::repeat_byte(7), number), 0, &ENOUGH),
            Error::BlockUnknown,
        ),
        ("with a signature changed", &|target| broken(justification(target, 0, &ENOUGH)), Error::JustificationInvalid),
        ("not one at all", &|_| vec![1, 2, 3], Error::JustificationMalformed),
    ];
    let mut chain = chain();
    for (name, forge, error) in cases {
        let (result, paid) = submit(&mut chain, forge);
        assert_eq!(result, Err(error.into()), "{name}");
        assert!(paid > 0, "{name}");
        assert_eq!(chain.inspect(|| ValidatorCount::status().finality_lag), None, "{name}");
    }
}

/// The authorities of the present set are asked for, not those of genesis: after a change of the set its number counts.
#[test]
fn a_justification_counts_for_the_set_that_finalizes_now() {
    let mut chain = chain();
    // The first block of the second era: the election has made a new set, with the same members.
    chain.advance_to(21 + SPACING);
    let set_id = chain.inspect(Grandpa::current_set_id);
    assert!(set_id > 0);
    let stale = |target| justification(target, 0, &ENOUGH);
    assert_eq!(submit(&mut chain, stale).0, Err(Error::<Runtime>::JustificationInvalid.into()));
    let fresh = |target| justification(target, set_id, &ENOUGH);
    assert_eq!(submit(&mut chain, fresh), (Ok(()), 0));
}

/// Hash and number.
type Block = (Hash, BlockNumber);

/// Makes bytes that look like a justification of the block.
type Forge<'a> = &'a dyn Fn(Block) -> Vec<u8>;

/// A chain on which [`BLOCK`] has some blocks above it.
fn chain() -> Chain {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.advance_to(BLOCK + 2);
    chain
}

/// Submits what `make` makes of [`BLOCK`], and says what its dispatch returned and what the reporter paid.
fn submit(chain: &mut Chain, make: impl Fn(Block) -> Vec<u8>) -> (Result<(), DispatchError>, Balance) {
    let funds = || Balances::free_balance(REPORTER.to_account_id());
    chain.transact(|| {
        let justification = BoundedVec::try_from(make((System::block_hash(BLOCK), BLOCK))).expect("it is short");
        let call = RuntimeCall::ValidatorCount(pallet_validator_count::Call::note_finality { justification });
        let before = funds();
        let result = apply_extrinsic(signed(REPORTER, call)).expect("the transaction is valid");
        (result, before - funds())
    })
}

/// A justification of `target` by `voters`, all of whom voted for that very block. Its type belongs to a library that
/// is not used here otherwise, so it is put together as bytes: the round; the block; the votes, each with its signature
/// and its voter; the headers between the block and those voted for.
fn justification(target: Block, set_id: u64, voters: &[Ed25519Keyring]) -> Vec<u8> {
    // The variant of a precommit among messages.
    const PRECOMMIT: u8 = 1;
    let round = 3_u64;
    let payload = sp_consensus_grandpa::localized_payload(round, set_id, &(PRECOMMIT, target));
    let votes = voters.iter().map(|voter| (target, voter.sign(&payload), voter.public())).collect::<Vec<_>>();
    let headers_between: Vec<serin_runtime::Header> = Vec::new();
    (round, target, votes, headers_between).encode()
}

/// The justification with one bit of its last signature changed.
fn broken(mut justification: Vec<u8>) -> Vec<u8> {
    // Behind the signature come the voter's key and the empty list of headers.
    const KEY_AND_HEADERS: usize = 32 + 1;
    let last_of_signature = justification.len() - KEY_AND_HEADERS - 1;
    justification[last_of_signature] ^= 1;
    justification
}
