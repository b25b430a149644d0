// SPDX-License-Identifier: GPL-3.0-only
//! Operators who want to validate, and register as one does: with funds, a bond, session keys with the proof that they are
//! theirs, and the declaration to validate. All of it is signed transactions.

use super::support::{apply, apply_extrinsic, signed_by, Chain};
use codec::Encode;
use pallet_staking::{RewardDestination, ValidatorPrefs};
use serin_runtime::{constants::currency::UNITS, AccountId, Balance, Runtime, RuntimeCall, SessionKeys};
use sp_core::{ed25519, sr25519, Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::MultiAddress;
use std::ops::Range;

/// What the first has at stake: less than a genesis validator, so that those stay elected.
const STAKE: Balance = 50 * UNITS;
/// Each has so much less than the one before: elections take them in their order.
const STAKE_DIFFERENCE: Balance = UNITS / 100;
/// For fees, and to keep the account alive.
const SPARE: Balance = 10 * UNITS;
/// As many as surely fit into a block.
const PER_BLOCK: usize = 150;

/// One operator.
pub struct Candidate {
    stake: Balance,
    stash: sr25519::Pair,
    grandpa: ed25519::Pair,
    /// All other session keys: one key may serve for several purposes.
    session: sr25519::Pair,
}

impl Candidate {
    fn new(index: u32) -> Self {
        let seed = |purpose: &str| (purpose, index).using_encoded(sp_crypto_hashing::blake2_256);
        Self {
            stake: STAKE - Balance::from(index) * STAKE_DIFFERENCE,
            stash: sr25519::Pair::from_seed(&seed("stash")),
            grandpa: ed25519::Pair::from_seed(&seed("grandpa")),
            session: sr25519::Pair::from_seed(&seed("session")),
        }
    }

    pub fn account(&self) -> AccountId {
        self.stash.public().into()
    }

    fn session_keys(&self) -> SessionKeys {
        let key = self.session.public();
        SessionKeys {
            grandpa: self.grandpa.public().into(),
            babe: key.into(),
            para_validator: key.into(),
            para_assignment: key.into(),
            authority_discovery: key.into(),
        }
    }

    /// One signature for each key, in their order, over the account that is to own them.
    fn ownership_proof(&self) -> Vec<u8> {
        let statement = [b"POP_".as_slice(), self.account().encode().as_slice()].concat();
        let session = self.session.sign(&statement);
        (self.grandpa.sign(&statement), session, session, session, session).encode()
    }

    /// Bonds, sets the session keys and declares to validate, in one transaction.
    fn registration(&self) -> RuntimeCall {
        batch(vec![
            RuntimeCall::Staking(pallet_staking::Call::bond { value: self.stake, payee: RewardDestination::Stash }),
            RuntimeCall::Session(pallet_session::Call::set_keys {
                keys: self.session_keys(),
                proof: self.ownership_proof(),
            }),
            RuntimeCall::Staking(pallet_staking::Call::validate { prefs: ValidatorPrefs::default() }),
        ])
    }
}

/// Lets the operators of these numbers register, which takes some blocks.
pub fn register(chain: &mut Chain, numbers: Range<u32>) -> Vec<Candidate> {
    let candidates = numbers.map(Candidate::new).collect::<Vec<_>>();
    for some in candidates.chunks(PER_BLOCK) {
        let funds = some.iter().map(|candidate| transfer(candidate.account(), candidate.stake + SPARE)).collect();
        chain.transact(|| apply(Sr25519Keyring::Alice, batch(funds))).unwrap();
        chain.transact(|| {
            for candidate in some {
                let registration = signed_by(&candidate.stash, candidate.registration(), 0);
                assert_eq!(apply_extrinsic(registration), Ok(Ok(())), "a candidate cannot register");
            }
        });
    }
    chain.inspect(|| {
        for candidate in &candidates {
            assert!(pallet_staking::Validators::<Runtime>::contains_key(candidate.account()));
        }
    });
    candidates
}

fn transfer(to: AccountId, value: Balance) -> RuntimeCall {
    RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death { dest: MultiAddress::Id(to), value })
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
    RuntimeCall::Utility(pallet_utility::Call::batch_all { calls })
}
