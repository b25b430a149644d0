// SPDX-License-Identifier: GPL-3.0-only
//! Which proofs of finality are taken, and what they cost.

use crate::{
    mock::{
        authority_set, block, justification, prove, signed, take_events, Finalizers, Justification, MockWeight,
        RuntimeOrigin, System, Test, TestExt, ValidatorCount,
    },
    Error, Event, Health, ProvenBlock, Running, WeightInfo,
};
use codec::{Decode, Encode};
use finality_grandpa::{Message, Prevote};
use frame_support::{
    assert_noop, assert_ok,
    dispatch::{DispatchResultWithPostInfo, GetDispatchInfo, Pays},
    traits::Get,
    BoundedVec,
};
use sp_consensus_grandpa::localized_payload;
use sp_core::{Pair, H256};
use sp_runtime::{testing::Header, traits::Header as HeaderT};

const SET: u64 = 3;

/// Four finalizers, of which three are a justification, and twenty blocks.
fn chain(test: impl FnOnce()) {
    TestExt::default().execute(|| {
        Finalizers::set(authority_set(0, 4, SET));
        (0..20).for_each(|_| block(0, || ()));
        take_events();
        test();
    });
}

fn sound() -> Justification {
    justification(10, 0..3, SET)
}

fn submit(encoded: Vec<u8>) -> DispatchResultWithPostInfo {
    ValidatorCount::note_finality(RuntimeOrigin::signed(1), encoded.try_into().unwrap())
}

/// A header on top of the proven block, which is nobody's block but may be voted for.
fn child(number: u64, parent: H256) -> Header {
    Header::new(number, H256::zero(), H256::zero(), parent, Default::default())
}

/// What is wrong, how the encoded justification gets it, and what the answer is.
type Defect = (&'static str, fn() -> Vec<u8>, Error<Test>);

fn with(change: fn(&mut Justification)) -> Vec<u8> {
    let mut broken = sound();
    change(&mut broken);
    broken.encode()
}

fn defects() -> [Defect; 26] {
    use Error::*;
    [
        ("nothing", Vec::new, JustificationMalformed),
        ("no justification", || vec![0xff; 500], JustificationMalformed),
        ("cut off", || sound().encode().split_last().unwrap().1.to_vec(), JustificationMalformed),
        ("a byte too many", || [sound().encode(), vec![0]].concat(), JustificationMalformed),
        ("twice", || [sound().encode(), sound().encode()].concat(), JustificationMalformed),
        ("a block of another chain", || with(|j| j.commit.target_hash = H256::repeat_byte(7)), BlockUnknown),
        ("the number of another block", || with(|j| j.commit.target_number = 11), BlockUnknown),
        ("the block in execution", || justification(20, 0..3, SET).encode(), BlockUnknown),
        ("a block to come", || with(|j| j.commit.target_number = 1_000), BlockUnknown),
        ("no block", || with(|j| j.commit.target_hash = H256::zero()), BlockUnknown),
        ("genesis", || justification(0, 0..3, SET).encode(), BlockUnknown),
        ("no signature", || with(|j| j.commit.precommits.clear()), JustificationInvalid),
        ("too few signatures", || justification(10, 0..2, SET).encode(), JustificationInvalid),
        ("one signature too many", || justification(10, 0..4, SET).encode(), JustificationInvalid),
        ("one signer twice", || justification(10, [0, 1, 1], SET).encode(), JustificationInvalid),
        ("another set's signers", || justification(10, 10..13, SET).encode(), JustificationInvalid),
        ("one signer of another set", || justification(10, [0, 1, 10], SET).encode(), JustificationInvalid),
        ("the set before", || justification(10, 0..3, SET - 1).encode(), JustificationInvalid),
        ("the set after", || justification(10, 0..3, SET + 1).encode(), JustificationInvalid),
        ("another round", || with(|j| j.round += 1), JustificationInvalid),
        ("a forged signature", || with(|j| j.commit.precommits[2] = forged()), JustificationInvalid),
        ("another's signature", || with(|j| j.commit.precommits[2].id = sound_id(3)), JustificationInvalid),
        ("a prevote's signature", || with(|j| j.commit.precommits[2].signature = prevote()), JustificationInvalid),
        (
            "a vote for a block before",
            || with(|j| j.commit.precommits[2] = signed(2, (System::block_hash(9), 9), j.round, SET)),
            JustificationInvalid,
        ),
        (
            "a vote for a block that is not shown to come after",
            || with(|j| j.commit.precommits[2] = signed(2, (System::block_hash(11), 11), j.round, SET)),
            JustificationInvalid,
        ),
        (
            "a header that no vote needs",
            || with(|j| j.votes_ancestries.push(child(11, j.commit.target_hash))),
            JustificationInvalid,
        ),
    ]
}

fn forged() -> finality_grandpa::SignedPrecommit<
    H256,
    u64,
    sp_consensus_grandpa::AuthoritySignature,
    sp_consensus_grandpa::AuthorityId,
> {
    let mut precommit = sound().commit.precommits[2].clone();
    let mut bytes = precommit.signature.encode();
    bytes[0] ^= 1;
    precommit.signature = Decode::decode(&mut &bytes[..]).unwrap();
    precommit
}

fn sound_id(signer: u8) -> sp_consensus_grandpa::AuthorityId {
    signed(signer, (H256::zero(), 0), 0, 0).id
}

/// The third signer's signature of a vote of the other kind.
fn prevote() -> sp_consensus_grandpa::AuthoritySignature {
    let vote = Prevote { target_hash: System::block_hash(10), target_number: 10 };
    let payload = localized_payload(sound().round, SET, &Message::<H256, u64>::Prevote(vote));
    crate::mock::key(2).sign(&payload)
}

#[test]
fn every_defect_is_refused_and_without_it_the_same_is_taken() {
    for (what, broken, error) in defects() {
        chain(|| {
            let answer = submit(broken()).map_err(|refused| refused.error);
            assert_eq!(answer.unwrap_err(), error.into(), "{what}");
            assert_eq!((ProvenBlock::<Test>::get(), take_events()), (None, vec![]), "{what}");
            assert_ok!(submit(sound().encode()));
            assert_eq!(ProvenBlock::<Test>::get(), Some(10), "{what}");
        });
    }
}

#[test]
fn what_is_stale_is_refused() {
    chain(|| {
        assert_ok!(submit(sound().encode()));
        for block in [9, 10] {
            assert_noop!(submit(justification(block, 0..3, SET).encode()), Error::<Test>::BlockNotNewer);
        }
        // The set has changed; its signers are the same.
        Finalizers::set(authority_set(0, 4, SET + 1));
        assert_noop!(submit(justification(15, 0..3, SET).encode()), Error::<Test>::JustificationInvalid);
        assert_ok!(submit(justification(15, 0..3, SET + 1).encode()));
    });
}

#[test]
fn a_block_whose_hash_the_chain_has_forgotten_is_unknown() {
    chain(|| {
        let sound = sound();
        frame_system::BlockHash::<Test>::remove(10);
        assert_noop!(submit(sound.encode()), Error::<Test>::BlockUnknown);
        frame_system::BlockHash::<Test>::insert(10, sound.commit.target_hash);
        assert_ok!(submit(sound.encode()));
    });
}

#[test]
fn without_finalizers_nothing_is_final() {
    chain(|| {
        Finalizers::set(Default::default());
        assert_noop!(submit(sound().encode()), Error::<Test>::JustificationInvalid);
    });
}

#[test]
fn votes_for_blocks_after_it_count_if_the_headers_between_are_there() {
    chain(|| {
        let with_headers = |headers: &[Header]| {
            let mut proof = sound();
            let last = &headers[headers.len() - 1];
            proof.commit.precommits[2] = signed(2, (last.hash(), last.number), proof.round, SET);
            proof.votes_ancestries = headers.to_vec();
            proof.encode()
        };
        let first = child(11, System::block_hash(10));
        let second = child(12, first.hash());
        let gap = with_headers(std::slice::from_ref(&second));
        assert_noop!(submit(gap), Error::<Test>::JustificationInvalid);
        let twice = with_headers(&[first.clone(), first.clone(), second.clone()]);
        assert_noop!(submit(twice), Error::<Test>::JustificationInvalid);
        assert_ok!(submit(with_headers(&[first, second])));
    });
}

#[test]
fn a_proof_that_advances_by_the_spacing_is_free_and_counts() {
    chain(|| {
        let answer = prove(5).unwrap();
        assert_eq!(answer.pays_fee, Pays::No);
        assert_eq!(answer.actual_weight, Some(MockWeight::note_finality(3)));
        assert_eq!(take_events(), [Event::FinalityProved { block: 5, lag: 15, set_id: SET }]);
        let Health { finality_proofs, finality_lag, .. } = Running::<Test>::get();
        assert_eq!((finality_proofs, finality_lag), (1, Some(15)));
    });
}

#[test]
fn a_proof_that_advances_by_less_is_paid_for_and_moves_only_the_lag() {
    chain(|| {
        assert_ok!(prove(10));
        assert_eq!(prove(14).unwrap().pays_fee, Pays::Yes);
        assert_eq!(ProvenBlock::<Test>::get(), Some(10));
        let Health { finality_proofs, finality_lag, .. } = Running::<Test>::get();
        assert_eq!((finality_proofs, finality_lag), (1, Some(6)));
        // So it does not stand in the way of one that counts.
        assert_eq!(prove(15).unwrap().pays_fee, Pays::No);
    });
}

#[test]
fn old_proofs_do_not_worsen_the_lag_of_a_session_in_which_there_is_a_new_one() {
    chain(|| {
        assert_ok!(prove(5));
        assert_ok!(prove(19));
        assert_eq!(Running::<Test>::get().finality_lag, Some(1));
        (0..9).for_each(|_| block(0, || ()));
        assert_ok!(prove(24));
        assert_eq!(Running::<Test>::get().finality_lag, Some(1));
    });
}

#[test]
fn a_justification_that_is_too_long_is_no_call() {
    let limit = <Test as crate::Config>::MaxJustificationBytes::get();
    type Argument = BoundedVec<u8, <Test as crate::Config>::MaxJustificationBytes>;
    let decodes = |bytes: u32| Argument::decode(&mut &vec![0_u8; bytes as usize].encode()[..]).is_ok();
    assert!(decodes(limit));
    assert!(!decodes(limit + 1));
}

#[test]
fn the_weight_is_that_of_as_many_votes_as_the_length_has_room_for() {
    chain(|| {
        for signers in [1_u8, 3, 100] {
            let proof = justification(10, (0..signers).map(|_| 0), SET);
            let call = crate::Call::<Test>::note_finality { justification: proof.encode().try_into().unwrap() };
            let weight = call.get_dispatch_info().call_weight;
            assert!(weight.all_gte(MockWeight::note_finality(signers.into())));
            assert!(weight.all_lte(MockWeight::note_finality(u32::from(signers) + 2 + u32::from(signers) / 30)));
        }
    });
}
