// SPDX-License-Identifier: GPL-3.0-only
//! The parachain itself, as its collator tells it.

use anyhow::{bail, ensure, Context, Result};
use codec::Encode;
use polkadot_primitives::HeadData;
use serin_parachain_runtime::{
    signing::{self, ChainState},
    AccountId, RuntimeCall, RuntimeError, RuntimeEvent,
};
use serin_tests::chain::{BlockId, Chain};
use sp_core::{sr25519, Pair};
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    DispatchError,
};
use std::time::Duration;

pub struct Parachain {
    chain: Chain,
}

impl Parachain {
    /// Connects to the collator. Its chain must begin with the head that the relay chain has been given.
    pub async fn connect(url: &str, genesis: &HeadData) -> Result<Self> {
        let chain = Chain::connect(url).await?;
        let registered = BlakeTwo256::hash(&genesis.0);
        ensure!(chain.genesis_hash() == registered, "{url} begins with {:?}, not {registered:?}", chain.genesis_hash());
        Ok(Self { chain })
    }

    pub async fn spec_version(&self) -> Result<u32> {
        Ok(self.chain.runtime_version().await?.0)
    }

    pub async fn finalized(&self) -> Result<BlockId> {
        self.chain.finalized().await
    }

    /// Signs `call`, sends it, and waits until it is in a finalized block. Fails when its dispatch failed.
    pub async fn submit(&self, signer: &sr25519::Pair, call: RuntimeCall) -> Result<(BlockId, Vec<RuntimeEvent>)> {
        let nonce = self.chain.nonce(&AccountId::from(signer.public())).await?;
        let (spec_version, transaction_version) = self.chain.runtime_version().await?;
        let state = ChainState { genesis_hash: self.chain.genesis_hash(), spec_version, transaction_version };
        let extrinsic = signing::sign(signer, call, signing::extension(nonce, 0), &state).encode();
        let (block, events) = self.chain.include(&extrinsic).await?;
        ensure_success(&events)?;
        Ok((block, events))
    }

    /// Goes through the events of its finalized blocks, from block `from` on, until there is `event` or what is like it.
    pub async fn wait_event(
        &self,
        what: &str,
        from: u32,
        limit: Duration,
        is_it: impl Fn(&RuntimeEvent) -> bool,
    ) -> Result<BlockId> {
        let found = self.chain.wait_event_as(what, from, limit, |event: &RuntimeEvent| is_it(event).then_some(()));
        Ok(found.await.context("on the parachain")?.0)
    }
}

fn ensure_success(events: &[RuntimeEvent]) -> Result<()> {
    for event in events {
        match event {
            RuntimeEvent::System(frame_system::Event::ExtrinsicSuccess { .. }) => return Ok(()),
            RuntimeEvent::System(frame_system::Event::ExtrinsicFailed { dispatch_error, .. }) => {
                bail!("the transaction failed: {}", error_name(*dispatch_error))
            }
            _ => {}
        }
    }
    bail!("the block tells no outcome of the transaction")
}

fn error_name(error: DispatchError) -> String {
    RuntimeError::from_dispatch_error(error).map_or_else(|| format!("{error:?}"), |error| format!("{error:?}"))
}
