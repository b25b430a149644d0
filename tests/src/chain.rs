// SPDX-License-Identifier: GPL-3.0-only
//! A chain as one node tells it: signed transactions in; finalized blocks, their events and their state out.

use anyhow::{anyhow, bail, Context, Result};
use codec::Decode;
use frame_support::storage::storage_prefix;
use jsonrpsee::{core::client::ClientT, rpc_params, ws_client::WsClient};
use serin_node::{
    demo::{
        chain::{Block, Chain as Client},
        runtimes::{Parachain, Relay, Runtime},
    },
    network::rpc,
};
use serin_runtime::{BlockNumber, Hash};
use sp_core::{sr25519, Bytes};
use sp_crypto_hashing::twox_128;
use std::{collections::BTreeMap, future::Future, ops::RangeInclusive, sync::Arc, time::Duration};

pub use serin_node::demo::{chain::BlockId, submission::Finalized};

/// More keys than any map has that a test counts.
const MAX_KEYS: u32 = 1_000;

/// A connection to a node of a chain that has the runtime `R`. Beyond the client, it waits for what is final.
pub struct Chain<R: Runtime = Relay>(Client<R>);

impl Chain {
    /// Connects to a node of the relay chain.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::connect_to("the relay chain", url).await
    }
}

impl Chain<Parachain> {
    /// Connects to a node of a parachain that has the demonstration's runtime.
    pub async fn connect_to_parachain(url: &str) -> Result<Self> {
        Self::connect_to("the parachain", url).await
    }
}

impl<R: Runtime> Chain<R> {
    async fn connect_to(name: &str, url: &str) -> Result<Self> {
        Ok(Self(Client::connect(name, url).await.with_context(|| format!("connecting to {url}"))?))
    }

    /// The client of the node's library, which this one waits with.
    pub const fn library(&self) -> &Client<R> {
        &self.0
    }

    pub const fn client(&self) -> &WsClient {
        self.0.client()
    }

    pub const fn genesis_hash(&self) -> Hash {
        self.0.genesis_hash()
    }

    /// `spec_version` and `transaction_version` after the best block; asked for anew, as an upgrade changes them.
    pub async fn runtime_version(&self) -> Result<(u32, u32)> {
        Ok(self.0.runtime_version().await?)
    }

    /// The last finalized block.
    pub async fn finalized(&self) -> Result<BlockId> {
        Ok(self.0.finalized().await?)
    }

    /// The block of that hash.
    pub async fn block(&self, hash: Hash) -> Result<BlockId> {
        Ok(self.0.id(hash).await?)
    }

    /// The block of that number on the best chain.
    pub async fn block_at(&self, number: BlockNumber) -> Result<BlockId> {
        let hash = self.0.hash_at(number).await?.with_context(|| format!("the node has no block {number}"))?;
        Ok(BlockId { number, hash })
    }

    /// What happened in the block of that number on the best chain.
    pub async fn content(&self, number: BlockNumber) -> Result<Arc<Block<R>>> {
        self.0.block_at(number).await?.with_context(|| format!("the node has no block {number}"))
    }

    /// Signs `call`, sends it, and waits until it is in a finalized block. Fails with the name of the error, as in
    /// `System(Unauthorized)`, when its dispatch failed.
    pub async fn submit(&self, signer: &sr25519::Pair, call: R::Call) -> Result<Finalized<R::Event>> {
        Ok(self.0.submit(signer, call).await?)
    }

    /// Hands an encoded transaction to the node.
    pub async fn send(&self, extrinsic: &[u8]) -> Result<()> {
        Ok(self.0.send(extrinsic).await?)
    }

    /// The bytes under `key` in the state after the block `at`.
    pub async fn storage(&self, key: &[u8], at: Hash) -> Result<Option<Vec<u8>>> {
        Ok(self.0.storage(key, at).await?)
    }

    /// What is stored under `key` after the block `at`.
    pub async fn read<T: Decode>(&self, key: &[u8], at: Hash) -> Result<Option<T>> {
        Ok(self.0.read(key, at).await?)
    }

    /// How many keys of that storage item exist after the block `at`.
    pub async fn count_keys(&self, pallet: &str, item: &str, at: Hash) -> Result<usize> {
        Ok(self.keys(&storage_prefix(pallet.as_bytes(), item.as_bytes()), at).await?.len())
    }

    /// All that the pallet stores after the block `at`, by key.
    pub async fn state_of(&self, pallet: &str, at: Hash) -> Result<BTreeMap<Vec<u8>, Vec<u8>>> {
        let mut state = BTreeMap::new();
        for Bytes(key) in self.keys(&twox_128(pallet.as_bytes()), at).await? {
            let value = self.storage(&key, at).await?.context("a key has no value")?;
            state.insert(key, value);
        }
        Ok(state)
    }

    async fn keys(&self, prefix: &[u8], at: Hash) -> Result<Vec<Bytes>> {
        let parameters = rpc_params![Bytes(prefix.to_vec()), MAX_KEYS, Option::<Bytes>::None, at];
        Ok(self.0.client().request("state_getKeysPaged", parameters).await?)
    }

    /// The events of those blocks of the best chain, in their order.
    pub async fn events_of(&self, blocks: RangeInclusive<BlockNumber>) -> Result<Vec<(BlockNumber, R::Event)>> {
        let mut events = Vec::new();
        for number in blocks {
            let block = self.content(number).await?;
            events.extend(block.events.iter().map(|record| (number, record.event.clone())));
        }
        Ok(events)
    }

    /// Goes through the events of finalized blocks, from block `from` on, until `find` has found what it is for.
    pub async fn wait_event<T>(
        &self,
        what: &str,
        from: BlockNumber,
        limit: Duration,
        mut find: impl FnMut(&R::Event) -> Option<T>,
    ) -> Result<(BlockId, T)> {
        let (mut next, mut seen) = (from, 0);
        let search = async {
            let mut heads = rpc::finalized_heads(self.client()).await?;
            while let Some(head) = heads.next().await {
                let finalized = head?.number;
                while next <= finalized {
                    let block = self.content(next).await?;
                    if let Some(found) = block.events.iter().find_map(|record| find(&record.event)) {
                        return Ok((block.id, found));
                    }
                    next += 1;
                    seen += block.events.len();
                }
            }
            bail!("the node ended the subscription to finalized blocks")
        };
        let found = within(limit, what, search).await;
        found.with_context(|| {
            format!("not among the {seen} events of the finalized blocks from {from} to before {next}")
        })
    }

    /// Looks at what is stored under `key` after each finalized block that is reported, until `is_met` holds for it.
    /// Returns the block it was seen after.
    pub async fn wait_value<T: Decode>(
        &self,
        what: &str,
        key: &[u8],
        limit: Duration,
        is_met: impl Fn(&T) -> bool,
    ) -> Result<(BlockId, T)> {
        let search = async {
            let mut heads = rpc::finalized_heads(self.client()).await?;
            while let Some(head) = heads.next().await {
                head?;
                let block = self.finalized().await?;
                if let Some(value) = self.read::<T>(key, block.hash).await?.filter(|value| is_met(value)) {
                    return Ok((block, value));
                }
            }
            bail!("the node ended the subscription to finalized blocks")
        };
        within(limit, what, search).await
    }
}

async fn within<T>(limit: Duration, what: &str, work: impl Future<Output = Result<T>>) -> Result<T> {
    let in_time = tokio::time::timeout(limit, work).await;
    in_time.map_err(|_| anyhow!("no {what} within {} s", limit.as_secs()))?.with_context(|| what.to_owned())
}
