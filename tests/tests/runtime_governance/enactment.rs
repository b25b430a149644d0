// SPDX-License-Identifier: GPL-3.0-only
//! Referenda that pass: many vote, and none of them could decide alone.

use super::{
    referenda::{enacted, place_decision_deposit, submit, vote},
    support::Chain,
};
use frame_support::traits::fungible::Inspect;
use serin_runtime::{constants::currency::UNITS, Balance, Balances, BlockNumber, OriginCaller, Runtime, RuntimeCall};
use sp_keyring::Sr25519Keyring::{
    self, Alice, AliceStash, Bob, BobStash, Charlie, CharlieStash, Dave, DaveStash, Eve, Ferdie,
};
use sp_runtime::DispatchError;

/// Who votes, with four fifths of the million that each has.
const AYES: [Sr25519Keyring; 8] = [Alice, AliceStash, Bob, BobStash, Charlie, CharlieStash, Dave, DaveStash];
const NAYS: [Sr25519Keyring; 2] = [Eve, Ferdie];
const VOTE: Balance = 800_000 * UNITS;

/// On `local` a referendum is decided within 28 blocks, and takes a few before and after.
const DECISION_LIMIT: BlockNumber = 40;

/// Has a referendum decide that `call` be dispatched with `origin`: what it returned.
pub fn enact(chain: &mut Chain, origin: OriginCaller, call: RuntimeCall) -> Result<(), DispatchError> {
    chain.inspect(ensure_nobody_decides_alone);
    let index = chain.inspect(pallet_referenda::ReferendumCount::<Runtime>::get);
    chain.transact(|| {
        submit(origin, call);
        place_decision_deposit(index);
        for (voters, aye) in [(AYES.as_slice(), true), (NAYS.as_slice(), false)] {
            for voter in voters {
                vote(*voter, index, aye, VOTE);
            }
        }
    });
    let limit = chain.number() + DECISION_LIMIT;
    loop {
        if let Some(result) = enacted(chain, index) {
            return result;
        }
        assert!(chain.number() < limit, "referendum {index} is not enacted by block {limit}");
        chain.block(|| ());
    }
}

fn ensure_nobody_decides_alone() {
    let issuance = Balances::total_issuance();
    for voter in AYES.into_iter().chain(NAYS) {
        let owned = Balances::total_balance(&voter.to_account_id());
        assert!(owned < issuance / 2, "{voter:?} owns {owned} of {issuance}");
    }
}
