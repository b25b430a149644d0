// SPDX-License-Identifier: GPL-3.0-only
//! A dispute counts against a plan for the validator count when it is concluded, and once.

use super::support::Chain;
use polkadot_primitives::{
    CandidateHash, CompactStatement, DisputeStatement, DisputeStatementSet, ExplicitDisputeStatement,
    InvalidDisputeStatementKind, SigningContext, ValidDisputeStatementKind, ValidatorId, ValidatorIndex,
    ValidatorSignature,
};
use polkadot_runtime_parachains::session_info;
use serin_runtime::{
    genesis_config_presets::{stash, Preset},
    Hash, Runtime, ValidatorCount,
};
use sp_keyring::Sr25519Keyring;

/// All that have names; five of them are a supermajority.
const VALIDATORS: u32 = 6;
const SESSION: u32 = 0;
/// The candidate, and the block that it was backed on.
const CANDIDATE: CandidateHash = CandidateHash(Hash::repeat_byte(1));
const RELAY_PARENT: Hash = Hash::repeat_byte(2);

#[test]
fn a_dispute_counts_once_when_it_is_concluded() {
    let mut chain = Chain::new(Preset::Local, VALIDATORS);
    let validators = chain.inspect(validators);
    let [backer, first, second, third, fourth, last] = validators.as_slice() else { panic!("{validators:?}") };

    let rounds: [(Vec<Vote>, u32); 4] = [
        // Four of six are too few.
        (vec![backed(backer), disputed(first), disputed(second)], 0),
        (vec![disputed(third), disputed(fourth)], 0),
        (vec![disputed(last)], 1),
        // One who has voted on both sides is another loser of the same dispute.
        (vec![found_valid(last)], 1),
    ];
    for (number, (votes, concluded)) in rounds.into_iter().enumerate() {
        // A block whose own author it disables is invalid.
        while [backer, last].iter().any(|(_, key)| chain.next_author() == stash(&format!("{key:?}"))) {
            chain.block(|| ());
        }
        chain.dispute(DisputeStatementSet { candidate_hash: CANDIDATE, session: SESSION, statements: votes });
        chain.block(|| ());
        let counted = chain.inspect(|| ValidatorCount::status().era_so_far.disputes);
        assert_eq!(counted, concluded, "after round {number}");
    }
}

type Vote = (DisputeStatement, ValidatorIndex, ValidatorSignature);

/// A validator of the parachain host, and what it signs with.
type Validator = (ValidatorIndex, Sr25519Keyring);

/// In the order that the host has drawn.
fn validators() -> Vec<Validator> {
    let session = session_info::Sessions::<Runtime>::get(SESSION).expect("the session is known");
    let signer = |index: usize, public: &ValidatorId| {
        let key = Sr25519Keyring::well_known().find(|key| ValidatorId::from(key.public()) == *public);
        (ValidatorIndex(u32::try_from(index).expect("few")), key.expect("a development key"))
    };
    session.validators.iter().enumerate().map(|(index, public)| signer(index, public)).collect()
}

fn backed((index, key): &Validator) -> Vote {
    let context = SigningContext { session_index: SESSION, parent_hash: RELAY_PARENT };
    let signature = key.sign(&CompactStatement::Seconded(CANDIDATE).signing_payload(&context));
    (DisputeStatement::Valid(ValidDisputeStatementKind::BackingSeconded(RELAY_PARENT)), *index, signature.into())
}

fn disputed(validator: &Validator) -> Vote {
    explicit(DisputeStatement::Invalid(InvalidDisputeStatementKind::Explicit), validator, false)
}

fn found_valid(validator: &Validator) -> Vote {
    explicit(DisputeStatement::Valid(ValidDisputeStatementKind::Explicit), validator, true)
}

fn explicit(statement: DisputeStatement, (index, key): &Validator, valid: bool) -> Vote {
    let payload = ExplicitDisputeStatement { valid, candidate_hash: CANDIDATE, session: SESSION }.signing_payload();
    (statement, *index, key.sign(&payload).into())
}
