// SPDX-License-Identifier: GPL-3.0-only
//! `ValidatorCountApi`, asked over RPC.

use super::{Error, Result};
use crate::demo::{
    self,
    chain::{BlockId, Chain},
    runtimes::{Hash, Relay},
};
use codec::Encode;
use jsonrpsee::{
    core::client::{ClientT, Error as RpcError},
    rpc_params,
};
use pallet_timing::TimingParameters;
use pallet_validator_count::{Policy, ProjectedStep, SessionHealth, Status, Violation, HISTORY_SESSIONS};
use serde::Deserialize;
use serin_runtime::{Runtime, VERSION};
use sp_crypto_hashing::blake2_64;

/// The trait's name, by whose hash a runtime says that it has it.
const API: &[u8] = b"ValidatorCountApi";

/// A relay-chain node that answers for the validator count.
pub struct ValidatorCount<'a> {
    chain: &'a Chain<Relay>,
}

impl<'a> ValidatorCount<'a> {
    /// Fails when the node follows another chain, or one without the API. `url` names it in the error.
    pub async fn of(chain: &'a Chain<Relay>, url: &str) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Version {
            spec_name: String,
            spec_version: u32,
            apis: Vec<(String, u32)>,
        }
        let answer = chain.client().request("state_getRuntimeVersion", rpc_params![]).await;
        let Version { spec_name, spec_version, apis } = answer.map_err(unanswered(url))?;
        let url = url.to_owned();
        if spec_name != VERSION.spec_name {
            return Err(Error::WrongChain { url, found: spec_name });
        }
        let wanted = format!("0x{}", hex::encode(blake2_64(API)));
        if apis.iter().all(|(id, _)| *id != wanted) {
            return Err(Error::NoApi { url, spec_version });
        }
        Ok(Self { chain })
    }

    /// Where the plan stands after the block.
    pub async fn status(&self, at: BlockId) -> demo::Result<Status> {
        self.chain.call_at("ValidatorCountApi_status", &[], at.hash).await
    }

    /// Every rule that a plan would break after the block.
    pub async fn dry_run(&self, at: BlockId, target: u32, step: u32, policy: Policy) -> demo::Result<Vec<Violation>> {
        let arguments = (target, step, policy).encode();
        self.chain.call_at("ValidatorCountApi_dry_run", &arguments, at.hash).await
    }

    /// All sessions of the record, oldest first.
    pub async fn health(&self, at: BlockId) -> demo::Result<Vec<SessionHealth>> {
        self.chain.call_at("ValidatorCountApi_health", &HISTORY_SESSIONS.encode(), at.hash).await
    }

    /// The steps that are left.
    pub async fn projection(&self, at: BlockId) -> demo::Result<Vec<ProjectedStep>> {
        self.chain.call_at("ValidatorCountApi_projection", &[], at.hash).await
    }

    /// The chain's durations, which it has kept since genesis.
    pub async fn timing(&self, at: Hash) -> demo::Result<TimingParameters> {
        let stored = self.chain.read(&pallet_timing::Parameters::<Runtime>::hashed_key(), at).await?;
        Ok(stored.unwrap_or(TimingParameters::SERIN))
    }
}

/// For `map_err`: which node did not answer.
pub fn unanswered(url: &str) -> impl FnOnce(RpcError) -> Error {
    let url = url.to_owned();
    move |error| Error::NoNode { url, reason: error.to_string() }
}
