// SPDX-License-Identifier: GPL-3.0-only
use super::support::{apply_extrinsic, Chain};
use codec::{Decode, Encode};
use frame_support::traits::KeyOwnerProofSystem;
use serin_runtime::{
    genesis_config_presets::{stash, Preset},
    AccountId, Babe, Balance, Balances, BlockNumber, Grandpa, Hash, Header, Historical, Runtime, RuntimeCall,
    RuntimeEvent, Session, Treasury, UncheckedExtrinsic,
};
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_runtime::{
    traits::Header as HeaderT,
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    Digest, DigestItem, DispatchError,
};

/// Who cheats in every test here.
const OFFENDER: &str = "Charlie";

#[test]
fn writing_two_blocks_in_one_slot_is_slashed_once() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.advance_to(4);
    let slot = chain.slot();
    let report = chain.inspect(|| babe_report(slot, slot));
    assert_slashed_once(&mut chain, report);
}

#[test]
fn voting_for_two_blocks_in_one_round_is_slashed_once() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.advance_to(4);
    let report = chain.inspect(|| grandpa_report(1, 2));
    assert_slashed_once(&mut chain, report);
}

#[test]
fn blocks_in_two_slots_are_no_equivocation() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.advance_to(4);
    let slot = chain.slot();
    let report = chain.inspect(|| babe_report(slot, slot - 1));
    let refused = pallet_babe::Error::<Runtime>::InvalidEquivocationProof.into();
    assert_not_slashed(&mut chain, report, refused);
}

#[test]
fn the_same_vote_twice_is_no_equivocation() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.advance_to(4);
    let report = chain.inspect(|| grandpa_report(1, 1));
    let refused = pallet_grandpa::Error::<Runtime>::InvalidEquivocationProof.into();
    assert_not_slashed(&mut chain, report, refused);
}

/// `local` applies slashes at once. One of four costs the square of three quarters.
fn assert_slashed_once(chain: &mut Chain, report: UncheckedExtrinsic) {
    let offender = stash(OFFENDER);
    let others = ["Alice", "Bob", "Dave"].map(stash);
    let treasury = || Balances::free_balance(Treasury::account_id());
    let (stake_before, treasury_before) = chain.inspect(|| (stake(&offender), treasury()));
    let others_before = chain.inspect(|| others.each_ref().map(stake));

    let_another_validator_write(chain);
    assert_eq!(chain.block(|| apply_extrinsic(report.clone())), Ok(Ok(())));

    let slash = stake_before * 9 / 16;
    let slashed = RuntimeEvent::Staking(pallet_staking::Event::Slashed { staker: offender.clone(), amount: slash });
    assert!(chain.events().contains(&(chain.number(), slashed)), "{:?}", chain.events());
    chain.inspect(|| {
        assert_eq!(stake(&offender), stake_before - slash);
        assert!(treasury() > treasury_before, "the slash goes to the treasury");
        assert_eq!(Some(Session::disabled_validators()), index_of(&offender).map(|index| vec![index]));
        assert_eq!(others.each_ref().map(stake), others_before);
    });

    let stale = Err(TransactionValidityError::Invalid(InvalidTransaction::Stale));
    assert_eq!(chain.block(|| apply_extrinsic(report)), stale, "the same offence is punished once");
    // The others go on, through the session change and the next era.
    chain.advance_to(41);
    chain.inspect(|| assert_eq!(stake(&offender), stake_before - slash));
}

fn assert_not_slashed(chain: &mut Chain, report: UncheckedExtrinsic, error: DispatchError) {
    let offender = stash(OFFENDER);
    let before = chain.inspect(|| stake(&offender));
    assert_eq!(chain.block(|| apply_extrinsic(report)), Ok(Err(error)));
    chain.inspect(|| {
        assert_eq!(stake(&offender), before);
        assert!(Session::disabled_validators().is_empty());
    });
}

/// A block whose own author it disables is invalid, so an offender never reports itself.
fn let_another_validator_write(chain: &mut Chain) {
    while chain.next_author() == stash(OFFENDER) {
        chain.block(|| ());
    }
}

fn stake(account: &AccountId) -> Balance {
    pallet_staking::Ledger::<Runtime>::get(account).expect("the account has bonded").active
}

fn index_of(account: &AccountId) -> Option<u32> {
    let place = Session::validators().iter().position(|validator| validator == account)?;
    u32::try_from(place).ok()
}

/// A report of two headers that the offender sealed, one in each slot.
fn babe_report(first_slot: u64, second_slot: u64) -> UncheckedExtrinsic {
    let offender = sp_consensus_babe::AuthorityId::from(Sr25519Keyring::Charlie.public());
    let place = Babe::authorities().iter().position(|(key, _)| *key == offender).expect("the offender is an authority");
    let authority_index = u32::try_from(place).expect("an index fits");
    let header = |slot: u64, parent: u8| {
        let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index, slot: slot.into() });
        let digest = Digest { logs: vec![DigestItem::babe_pre_digest(claim)] };
        let mut header = Header::new(4, Default::default(), Default::default(), Hash::repeat_byte(parent), digest);
        let seal = Sr25519Keyring::Charlie.sign(header.hash().as_ref());
        header.digest.push(DigestItem::babe_seal(seal.into()));
        header
    };
    let proof = sp_consensus_babe::EquivocationProof {
        offender: offender.clone(),
        slot: first_slot.into(),
        first_header: header(first_slot, 1),
        second_header: header(second_slot, 2),
    };
    let key_owner_proof = Historical::prove((sp_consensus_babe::KEY_TYPE, offender)).expect("the offender has keys");
    let call = pallet_babe::Call::<Runtime>::report_equivocation_unsigned {
        equivocation_proof: Box::new(proof),
        key_owner_proof,
    };
    UncheckedExtrinsic::new_bare(RuntimeCall::Babe(call))
}

/// A report of two prevotes by the offender in one round, for blocks that `first` and `second` stand for. The type of a
/// vote belongs to a library that is not used here otherwise, so the proof is put together as bytes.
fn grandpa_report(first: u8, second: u8) -> UncheckedExtrinsic {
    // The variant of a prevote, among messages and among equivocations.
    const PREVOTE: u8 = 0;
    let round = 7_u64;
    let set_id = Grandpa::current_set_id();
    let offender = sp_consensus_grandpa::AuthorityId::from(Ed25519Keyring::Charlie.public());
    let vote = |block: u8| {
        let vote: (Hash, BlockNumber) = (Hash::repeat_byte(block), 4);
        let payload = sp_consensus_grandpa::localized_payload(round, set_id, &(PREVOTE, vote));
        (vote, Ed25519Keyring::Charlie.sign(&payload))
    };
    let bytes = (set_id, PREVOTE, round, &offender, vote(first), vote(second)).encode();
    let proof = sp_consensus_grandpa::EquivocationProof::<Hash, BlockNumber>::decode(&mut bytes.as_slice())
        .expect("the layout is right");
    let key_owner_proof = Historical::prove((sp_consensus_grandpa::KEY_TYPE, offender)).expect("the offender has keys");
    let call = pallet_grandpa::Call::<Runtime>::report_equivocation_unsigned {
        equivocation_proof: Box::new(proof),
        key_owner_proof,
    };
    UncheckedExtrinsic::new_bare(RuntimeCall::Grandpa(call))
}
