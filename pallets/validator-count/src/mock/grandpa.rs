// SPDX-License-Identifier: GPL-3.0-only
//! Justifications, signed with real keys.

use super::{Block, Finalizers, RuntimeOrigin, System, ValidatorCount};
use crate::AuthoritySet;
use codec::Encode;
use finality_grandpa::{Commit, Message, Precommit, SignedPrecommit};
use frame_support::dispatch::DispatchResultWithPostInfo;
use sp_consensus_grandpa::{localized_payload, AuthorityId, AuthorityPair, AuthoritySignature};
use sp_core::{Pair, H256};
use sp_runtime::traits::Block as BlockT;

pub type Justification = bp_header_chain::justification::GrandpaJustification<<Block as BlockT>::Header>;

const ROUND: u64 = 7;

/// The set of the authorities `first`, `first + 1`, ...
pub fn authority_set(first: u8, authorities: u8, set_id: u64) -> AuthoritySet {
    let authorities = (first..first + authorities).map(|index| (key(index).public(), 1)).collect();
    AuthoritySet { authorities, set_id }
}

/// A justification of `block` by the authorities `signers` of the set `set_id`.
pub fn justification(block: u64, signers: impl IntoIterator<Item = u8>, set_id: u64) -> Justification {
    let target_hash = System::block_hash(block);
    let precommits = signers.into_iter().map(|signer| signed(signer, (target_hash, block), ROUND, set_id)).collect();
    Justification {
        round: ROUND,
        commit: Commit { target_hash, target_number: block, precommits },
        votes_ancestries: Vec::new(),
    }
}

/// The vote of one authority.
pub fn signed(
    signer: u8,
    (target_hash, target_number): (H256, u64),
    round: u64,
    set_id: u64,
) -> SignedPrecommit<H256, u64, AuthoritySignature, AuthorityId> {
    let precommit = Precommit { target_hash, target_number };
    let payload = localized_payload(round, set_id, &Message::Precommit(precommit.clone()));
    SignedPrecommit { precommit, signature: key(signer).sign(&payload), id: key(signer).public() }
}

/// Submits a proof of `block` by as many of the present authorities as its threshold needs.
pub fn prove(block: u64) -> DispatchResultWithPostInfo {
    let set = Finalizers::get();
    let needed = set.authorities.len() - set.authorities.len().saturating_sub(1) / 3;
    let proof = justification(block, 0..needed as u8, set.set_id);
    ValidatorCount::note_finality(RuntimeOrigin::signed(1), proof.encode().try_into().unwrap())
}

pub fn key(index: u8) -> AuthorityPair {
    AuthorityPair::from_seed(&[index + 1; 32])
}
