// SPDX-License-Identifier: GPL-3.0-only
//! Candidates for the validator set: who waits, and what an operator does to make a node one of them.

use super::{
    chain::Chain,
    error::Result,
    runtimes::{AccountId, Balance, Hash, Relay},
};
use crate::network::rpc;
use codec::{Decode, Encode};
use frame_support::storage::storage_prefix;
use jsonrpsee::{
    core::client::{ClientT, Error as RpcError},
    rpc_params,
};
use pallet_staking::{RewardDestination, ValidatorPrefs};
use serde::Deserialize;
use serin_runtime::{constants::currency::UNITS, Runtime, RuntimeCall, SessionKeys};
use sp_core::{sr25519, Bytes, Pair};
use sp_runtime::MultiAddress;

/// What an operator is given beside the stake, for fees.
const FEES: Balance = 1_000 * UNITS;
/// More than a local network has.
const MAX_CANDIDATES: u32 = 1_000;

/// Somebody who may be elected, and has told the chain the keys to validate with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub account: AccountId,
    pub keys: SessionKeys,
}

/// All candidates with session keys after the block `at`.
pub async fn candidates(chain: &Chain<Relay>, at: Hash) -> Result<Vec<Candidate>> {
    let prefix = Bytes(storage_prefix(b"Staking", b"Validators").to_vec());
    let parameters = rpc_params![prefix, MAX_CANDIDATES, Option::<Bytes>::None, at];
    let found = chain.client().request::<Vec<Bytes>, _>("state_getKeysPaged", parameters).await;
    let mut candidates = Vec::new();
    for key in found.map_err(|error| chain.rpc(error))? {
        // The map's hasher puts the account itself at the end of the key.
        let Some(account) = key.0.last_chunk::<32>().copied().map(AccountId::from) else { continue };
        let keys = chain.read(&pallet_session::NextKeys::<Runtime>::hashed_key_for(&account), at).await?;
        candidates.extend(keys.map(|keys| Candidate { account, keys }));
    }
    Ok(candidates)
}

/// The stashes of the session after the block `at`.
pub async fn active(chain: &Chain<Relay>, at: Hash) -> Result<Vec<AccountId>> {
    let active = chain.read(&pallet_session::Validators::<Runtime>::hashed_key(), at).await?;
    active.ok_or_else(|| chain.answer("the active set", "there is none"))
}

/// The account that operates the node of that name, where nobody has chosen another.
pub fn operator(node: &str) -> sr25519::Pair {
    // Names of nodes hold no '/', so this is one derivation.
    sr25519::Pair::from_string(&format!("//{node}"), None).expect("a name is a derivation of the public phrase; qed")
}

/// Gives each of these accounts what it needs to run for election with that stake.
pub async fn fund(chain: &Chain<Relay>, funder: &sr25519::Pair, accounts: &[AccountId], stake: Balance) -> Result<()> {
    let gift = |account: &AccountId| {
        let dest = MultiAddress::Id(account.clone());
        RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: stake + FEES })
    };
    let calls = accounts.iter().map(gift).collect();
    chain.submit(funder, RuntimeCall::Utility(pallet_utility::Call::batch_all { calls })).await.map(drop)
}

/// Does what an operator does who wants the node to validate: makes session keys on it, with the proof that it holds them,
/// bonds, registers the keys, and declares to validate. Returns the keys.
pub async fn run_for_election(
    chain: &Chain<Relay>,
    node_url: &str,
    operator: &sr25519::Pair,
    stake: Balance,
) -> Result<SessionKeys> {
    let (keys, proof) = session_keys(chain, node_url, &operator.public().into()).await?;
    let calls = [
        RuntimeCall::Staking(pallet_staking::Call::bond { value: stake, payee: RewardDestination::Staked }),
        RuntimeCall::Session(pallet_session::Call::set_keys { keys: keys.clone(), proof }),
        RuntimeCall::Staking(pallet_staking::Call::validate { prefs: ValidatorPrefs::default() }),
    ];
    for call in calls {
        chain.submit(operator, call).await?;
    }
    Ok(keys)
}

/// Has the node make session keys that prove to belong to the account.
async fn session_keys(chain: &Chain<Relay>, node_url: &str, account: &AccountId) -> Result<(SessionKeys, Vec<u8>)> {
    #[derive(Deserialize)]
    struct Made {
        keys: Bytes,
        proof: Bytes,
    }
    let made = async {
        let node = rpc::connect(node_url).await?;
        node.request::<Made, _>("author_rotateKeysWithOwner", rpc_params![Bytes(account.encode())]).await
    };
    let made = made.await.map_err(|error: RpcError| chain.answer("session keys", error.to_string()))?;
    let keys = SessionKeys::decode(&mut made.keys.0.as_slice());
    Ok((keys.map_err(|error| chain.answer("session keys", error.to_string()))?, made.proof.0))
}
