// SPDX-License-Identifier: GPL-3.0-only
//! `ValidatorCountApi`, asked over RPC.

use super::Result;
use crate::{
    demo::{
        self,
        chain::{BlockId, Chain},
        runtimes::{Hash, Relay},
    },
    relay_node,
};
use codec::Encode;
use pallet_timing::TimingParameters;
use pallet_validator_count::{Policy, ProjectedStep, SessionHealth, Status, Violation, HISTORY_SESSIONS};
use serin_runtime::Runtime;

/// The trait's name.
const API: &str = "ValidatorCountApi";

/// A relay-chain node that answers for the validator count.
pub struct ValidatorCount<'a> {
    chain: &'a Chain<Relay>,
}

impl<'a> ValidatorCount<'a> {
    /// Fails when the node follows another chain, or one without the API. `url` names it in the error.
    pub async fn of(chain: &'a Chain<Relay>, url: &str) -> Result<Self> {
        relay_node::require_api(chain, url, API).await?;
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
