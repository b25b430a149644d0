// SPDX-License-Identifier: GPL-3.0-only
//! The chain as this node has it, asked inside of its process.

use super::{Error, Result};
use codec::{Decode, Encode};
use pallet_timing::TimingParameters;
use pallet_validator_count::{AuthoritySet, Status};
use polkadot_service::{Block, CallExecutor, FullClient, HeaderBackend};
use sc_client_api::{BlockchainEvents, ExecutorProvider, FinalityNotifications, StorageProvider};
use serin_runtime::{AccountId, BlockNumber, Hash, Nonce, Runtime};
use sp_core::{storage::StorageKey, traits::CallContext};
use std::sync::Arc;

/// The chain as this node has it.
#[derive(Clone)]
pub struct ChainView {
    client: Arc<FullClient>,
}

impl ChainView {
    pub const fn new(client: Arc<FullClient>) -> Self {
        Self { client }
    }

    /// The best block.
    pub fn best(&self) -> (BlockNumber, Hash) {
        let info = self.client.info();
        (info.best_number, info.best_hash)
    }

    pub fn genesis_hash(&self) -> Hash {
        self.client.info().genesis_hash
    }

    pub fn finality_notifications(&self) -> FinalityNotifications<Block> {
        self.client.finality_notification_stream()
    }

    /// Where the plan stands after the block.
    pub fn status(&self, at: Hash) -> Result<Status> {
        self.call(at, "ValidatorCountApi_status", &[])
    }

    /// Who finalizes the next block.
    pub fn authority_set(&self, at: Hash) -> Result<AuthoritySet> {
        let authorities = self.call(at, "GrandpaApi_grandpa_authorities", &[])?;
        Ok(AuthoritySet::new(authorities, self.call(at, "GrandpaApi_current_set_id", &[])?))
    }

    /// The nonce of the account's next transaction, leaving aside those that wait for a block.
    pub fn nonce(&self, at: Hash, account: &AccountId) -> Result<Nonce> {
        self.call(at, "AccountNonceApi_account_nonce", &account.encode())
    }

    /// `spec_version` and `transaction_version` after the block.
    pub fn versions(&self, at: Hash) -> Result<(u32, u32)> {
        let version = self.client.runtime_version_at(at, CallContext::Offchain);
        let version = version.map_err(|error| failed("Core_version", error.to_string()))?;
        Ok((version.spec_version, version.transaction_version))
    }

    /// The chain's durations, which it has kept since genesis.
    pub fn timing(&self, at: Hash) -> Result<TimingParameters> {
        let key = StorageKey(pallet_timing::Parameters::<Runtime>::hashed_key().to_vec());
        let stored = self.client.storage(at, &key).map_err(|error| failed("the state", error.to_string()))?;
        let decode = |bytes: Vec<u8>| TimingParameters::decode(&mut bytes.as_slice());
        let decoded = stored.map(|data| decode(data.0)).transpose();
        let timing = decoded.map_err(|error| failed("the state", error.to_string()))?;
        Ok(timing.unwrap_or(TimingParameters::SERIN))
    }

    fn call<T: Decode>(&self, at: Hash, function: &'static str, arguments: &[u8]) -> Result<T> {
        let answer = self.client.executor().call(at, function, arguments, CallContext::Offchain);
        let answer = answer.map_err(|error| failed(function, error.to_string()))?;
        T::decode(&mut answer.as_slice()).map_err(|error| failed(function, error.to_string()))
    }
}

const fn failed(function: &'static str, reason: String) -> Error {
    Error::Runtime { function, reason }
}
