// SPDX-License-Identifier: GPL-3.0-only
//! Referenda as holders of the token hold them: submitted, paid for, voted on; and what their call returned.

use super::support::{apply, Chain};
use codec::Encode;
use frame_support::traits::{schedule::DispatchTime, StorePreimage};
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::ReferendumIndex;
use serin_runtime::{Balance, OriginCaller, Preimage, Runtime, RuntimeCall, RuntimeEvent};
use sp_keyring::Sr25519Keyring;
use sp_runtime::DispatchError;

/// Alice proposes that `call` be dispatched with `origin`, as soon as it can be enacted.
pub fn try_submit(origin: OriginCaller, call: RuntimeCall) -> Result<(), DispatchError> {
    // Every call of the tests is short enough to go along without a preimage.
    let proposal = <Preimage as StorePreimage>::bound(call).expect("a short call is bounded");
    let call = pallet_referenda::Call::<Runtime>::submit {
        proposal_origin: Box::new(origin),
        proposal,
        enactment_moment: DispatchTime::After(0),
    };
    apply(Sr25519Keyring::Alice, RuntimeCall::Referenda(call))
}

pub fn submit(origin: OriginCaller, call: RuntimeCall) {
    try_submit(origin, call).unwrap();
}

pub fn place_decision_deposit(index: ReferendumIndex) {
    let call = pallet_referenda::Call::<Runtime>::place_decision_deposit { index };
    apply(Sr25519Keyring::Alice, RuntimeCall::Referenda(call)).unwrap();
}

/// A vote of `balance` without conviction.
pub fn vote(voter: Sr25519Keyring, index: ReferendumIndex, aye: bool, balance: Balance) {
    let vote = AccountVote::Standard { vote: Vote { aye, conviction: Conviction::None }, balance };
    let call = pallet_conviction_voting::Call::<Runtime>::vote { poll_index: index, vote };
    apply(voter, RuntimeCall::ConvictionVoting(call)).unwrap();
}

/// What the call of that referendum returned, once the scheduler has dispatched it.
pub fn enacted(chain: &Chain, index: ReferendumIndex) -> Option<Result<(), DispatchError>> {
    // The name under which the referenda pallet plans the enactment.
    let name = (*b"assembly", "enactment", index).using_encoded(sp_crypto_hashing::blake2_256);
    chain.events().iter().find_map(|(_, event)| match event {
        RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { id: Some(id), result, .. }) if *id == name => {
            Some(*result)
        }
        _ => None,
    })
}
