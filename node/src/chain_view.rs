// SPDX-License-Identifier: GPL-3.0-only
//! The chain as this node has it, asked inside of its process.

use codec::{Decode, Encode};
use frame_support::storage::storage_prefix;
use frame_system::EventRecord;
use pallet_auctions::runtime_api::AuctionOnSale;
use pallet_lease_cores::Work;
use pallet_timing::TimingParameters;
use pallet_validator_count::{AuthoritySet, Status};
use polkadot_service::{Block, CallExecutor, FullClient, HeaderBackend};
use sc_client_api::{BlockchainEvents, ExecutorProvider, FinalityNotifications, StorageProvider};
use serin_primitives::{lease::LeaseClock, traits::CoreIndex};
use serin_runtime::{AccountId, BlockNumber, Hash, Nonce, Runtime, RuntimeEvent};
use sp_core::{storage::StorageKey, traits::CallContext};
use std::sync::Arc;

pub type Result<T, E = Error> = std::result::Result<T, E>;

type CoreRecord = pallet_lease_cores::CoreRecord<<Runtime as pallet_lease_cores::Config>::MaxClaims>;

/// The chain does not tell something about a block: its runtime, or its state after the block, is another one.
#[derive(Debug, thiserror::Error)]
#[error("{function} of the runtime: {reason}")]
pub struct Error {
    function: &'static str,
    reason: String,
}

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
        let timing = self.read(at, &pallet_timing::Parameters::<Runtime>::hashed_key())?;
        Ok(timing.unwrap_or(TimingParameters::SERIN))
    }

    /// The auctions that are neither settled nor cancelled after the block.
    pub fn live_auctions(&self, at: Hash) -> Result<Vec<AuctionOnSale>> {
        self.call(at, "CandleApi_live", &[])
    }

    /// How many cores work for a para that has leased them, in the lease period of the block `number`.
    pub fn leased_cores(&self, at: Hash, number: BlockNumber) -> Result<u64> {
        let timing = self.timing(at)?;
        let clock = LeaseClock { length_blocks: timing.lease_period_blocks, offset_blocks: timing.lease_offset_blocks };
        let Some(period) = clock.period_at(number) else { return Ok(0) };
        let cores = self.read::<Vec<CoreIndex>>(at, &pallet_lease_cores::Cores::<Runtime>::hashed_key())?;
        let mut leased = 0;
        for core in cores.unwrap_or_default() {
            let key = pallet_lease_cores::Records::<Runtime>::hashed_key_for(core);
            let record = self.read::<CoreRecord>(at, &key)?;
            let work = record.and_then(|record| record.assignments.get(period));
            leased += u64::from(matches!(work, Some(Work::Task(_))));
        }
        Ok(leased)
    }

    /// What happened in the block.
    pub fn events(&self, at: Hash) -> Result<Vec<EventRecord<RuntimeEvent, Hash>>> {
        Ok(self.read(at, &storage_prefix(b"System", b"Events"))?.unwrap_or_default())
    }

    fn read<T: Decode>(&self, at: Hash, key: &[u8]) -> Result<Option<T>> {
        let stored = self.client.storage(at, &StorageKey(key.to_vec()));
        let stored = stored.map_err(|error| failed("the state", error.to_string()))?;
        let decode = |bytes: Vec<u8>| T::decode(&mut bytes.as_slice());
        let decoded = stored.map(|data| decode(data.0)).transpose();
        decoded.map_err(|error| failed("the state", error.to_string()))
    }

    fn call<T: Decode>(&self, at: Hash, function: &'static str, arguments: &[u8]) -> Result<T> {
        let answer = self.client.executor().call(at, function, arguments, CallContext::Offchain);
        let answer = answer.map_err(|error| failed(function, error.to_string()))?;
        T::decode(&mut answer.as_slice()).map_err(|error| failed(function, error.to_string()))
    }
}

const fn failed(function: &'static str, reason: String) -> Error {
    Error { function, reason }
}
