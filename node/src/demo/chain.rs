// SPDX-License-Identifier: GPL-3.0-only
//! A chain as one of its nodes tells it: signed transactions in; blocks, their events and their state out. Behind the
//! demonstrations and the tests alike.

use super::{
    error::{Error, Result},
    runtimes::{decode, AccountId, Balance, BlockNumber, Hash, Nonce, Note, Runtime, Terms},
};
use crate::network::rpc;
use codec::Decode;
use frame_support::storage::storage_prefix;
use frame_system::{AccountInfo, EventRecord, Phase};
use jsonrpsee::{
    core::{
        client::{ClientT, Error as RpcError, Subscription},
        params::ArrayParams,
    },
    rpc_params,
    ws_client::WsClient,
};
use pallet_balances::AccountData;
use serde::{de::DeserializeOwned, Deserialize};
use sp_core::{sr25519, Bytes, Pair};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use xcm::latest::Location;

/// More blocks than a demonstration takes.
const KNOWN_BLOCKS: usize = 256;

/// A connection to a node of a chain that has the runtime `R`.
pub struct Chain<R: Runtime> {
    name: String,
    client: WsClient,
    genesis: Hash,
    /// The last ones that were asked for: a block does not change, and a search goes over the same ones many times.
    blocks: Mutex<VecDeque<Arc<Block<R>>>>,
}

/// A block by both of its names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BlockId {
    pub number: BlockNumber,
    pub hash: Hash,
}

/// What happened in a block.
#[derive(Debug)]
pub struct Block<R: Runtime> {
    pub id: BlockId,
    /// Its transactions, encoded.
    pub body: Vec<Vec<u8>>,
    pub events: Vec<EventRecord<R::Event, Hash>>,
}

impl<R: Runtime> Block<R> {
    pub fn notes(&self) -> impl Iterator<Item = Note> + '_ {
        self.events.iter().filter_map(|record| R::note(&record.event))
    }

    /// The events that this encoded transaction left; none when the block does not have it.
    pub fn events_of<'a>(&'a self, extrinsic: &[u8]) -> Option<impl Iterator<Item = &'a R::Event>> {
        let position = self.body.iter().position(|found| found == extrinsic)?;
        let phase = Phase::ApplyExtrinsic(u32::try_from(position).ok()?);
        Some(self.events.iter().filter(move |record| record.phase == phase).map(|record| &record.event))
    }
}

impl<R: Runtime> Chain<R> {
    /// `name`: what messages call the chain.
    pub async fn connect(name: &str, url: &str) -> Result<Self> {
        let failed = |source| Error::Rpc { chain: name.to_owned(), source };
        let client = rpc::connect(url).await.map_err(failed)?;
        let genesis = client.request::<Hash, _>("chain_getBlockHash", rpc_params![0]).await.map_err(failed)?;
        Ok(Self { name: name.to_owned(), client, genesis, blocks: Mutex::default() })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub const fn client(&self) -> &WsClient {
        &self.client
    }

    pub const fn genesis_hash(&self) -> Hash {
        self.genesis
    }

    /// `spec_version` and `transaction_version` after the best block; asked for anew, as an upgrade changes them.
    pub async fn runtime_version(&self) -> Result<(u32, u32)> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Version {
            spec_version: u32,
            transaction_version: u32,
        }
        let version = self.request::<Version>("state_getRuntimeVersion", rpc_params![]).await?;
        Ok((version.spec_version, version.transaction_version))
    }

    /// The nonce of the account's next transaction, after those in the node's pool.
    pub async fn nonce(&self, account: &AccountId) -> Result<Nonce> {
        self.request("system_accountNextIndex", rpc_params![account]).await
    }

    /// The best block.
    pub async fn best(&self) -> Result<BlockId> {
        let hash = self.request::<Hash>("chain_getBlockHash", rpc_params![]).await?;
        self.id(hash).await
    }

    /// The last finalized block.
    pub async fn finalized(&self) -> Result<BlockId> {
        let hash = self.request::<Hash>("chain_getFinalizedHead", rpc_params![]).await?;
        self.id(hash).await
    }

    /// The block of that hash, by both names.
    pub async fn id(&self, hash: Hash) -> Result<BlockId> {
        let header = rpc::header(&self.client, Some(&format!("{hash:?}"))).await.map_err(|error| self.rpc(error))?;
        let header = header.ok_or_else(|| self.answer("a header", format!("it has no block {hash:?}")))?;
        Ok(BlockId { number: header.number, hash })
    }

    /// The hash of the block of that number on the best chain; none when there is no such block yet.
    pub async fn hash_at(&self, number: BlockNumber) -> Result<Option<Hash>> {
        self.request("chain_getBlockHash", rpc_params![number]).await
    }

    /// The block of that number on the best chain; none when there is no such block yet.
    pub async fn block_at(&self, number: BlockNumber) -> Result<Option<Arc<Block<R>>>> {
        match self.hash_at(number).await? {
            Some(hash) => self.block(BlockId { number, hash }).await.map(Some),
            None => Ok(None),
        }
    }

    /// The block of that name.
    pub async fn block(&self, id: BlockId) -> Result<Arc<Block<R>>> {
        let known = self.known_blocks().iter().find(|block| block.id.hash == id.hash).cloned();
        if let Some(block) = known {
            return Ok(block);
        }
        let block = Arc::new(Block { id, body: self.body(id.hash).await?, events: self.events(id.hash).await? });
        let mut known = self.known_blocks();
        if known.len() == KNOWN_BLOCKS {
            known.pop_front();
        }
        known.push_back(block.clone());
        Ok(block)
    }

    /// Goes through the blocks of the best chain, from `from` on, until `pick` has found what it is for.
    pub async fn find<T>(
        &self,
        from: BlockNumber,
        mut pick: impl FnMut(&Block<R>) -> Option<T>,
    ) -> Result<Option<(BlockId, T)>> {
        let mut number = from;
        while let Some(block) = self.block_at(number).await? {
            if let Some(found) = pick(&block) {
                return Ok(Some((block.id, found)));
            }
            number = number.saturating_add(1);
        }
        Ok(None)
    }

    /// The block of the number `next`, which is then moved on; none as long as that block is not final.
    pub async fn next_finalized(&self, next: &mut BlockNumber) -> Result<Option<Arc<Block<R>>>> {
        if *next > self.finalized().await?.number {
            return Ok(None);
        }
        let block = self.block_at(*next).await?;
        if block.is_some() {
            *next = next.saturating_add(1);
        }
        Ok(block)
    }

    /// The events of the block `hash`.
    pub async fn events(&self, hash: Hash) -> Result<Vec<EventRecord<R::Event, Hash>>> {
        Ok(self.read(&storage_prefix(b"System", b"Events"), hash).await?.unwrap_or_default())
    }

    /// The bytes under `key` in the state after the block `at`.
    pub async fn storage(&self, key: &[u8], at: Hash) -> Result<Option<Vec<u8>>> {
        let key = Bytes(key.to_vec());
        let value = self.request::<Option<Bytes>>("state_getStorage", rpc_params![key, at]).await?;
        Ok(value.map(|bytes| bytes.0))
    }

    /// What is stored under `key` after the block `at`. Bytes behind the value are ignored.
    pub async fn read<T: Decode>(&self, key: &[u8], at: Hash) -> Result<Option<T>> {
        let value = self.storage(key, at).await?;
        let read = |bytes: Vec<u8>| decode(&bytes).map_err(|error| self.answer("a state", error.to_string()));
        value.map(read).transpose()
    }

    /// What the account has of an asset after the block `at`; the own token is `Here`.
    pub async fn balance(&self, asset: &Location, account: &AccountId, at: Hash) -> Result<Balance> {
        if asset.is_here() {
            let key = frame_system::Account::<R::Config>::hashed_key_for(account);
            let info = self.read::<AccountInfo<Nonce, AccountData<Balance>>>(&key, at).await?;
            return Ok(info.map_or(0, |info| info.data.free));
        }
        match R::foreign_key(asset, account) {
            Some(key) => Ok(self.read::<Balance>(&key, at).await?.unwrap_or(0)),
            None => Ok(0),
        }
    }

    /// Calls a runtime API function with SCALE-encoded arguments, at the best block.
    pub async fn call<T: Decode>(&self, function: &str, arguments: &[u8]) -> Result<T> {
        rpc::state_call(&self.client, function, arguments, None).await.map_err(|error| self.rpc(error))
    }

    /// The same after the block `at`.
    pub async fn call_at<T: Decode>(&self, function: &str, arguments: &[u8], at: Hash) -> Result<T> {
        let at = format!("{at:?}");
        rpc::state_call(&self.client, function, arguments, Some(&at)).await.map_err(|error| self.rpc(error))
    }

    /// The encoded transaction that has the signer's account dispatch `call` with its next nonce.
    pub async fn sign(&self, signer: &sr25519::Pair, call: R::Call) -> Result<Vec<u8>> {
        let nonce = self.nonce(&AccountId::from(signer.public())).await?;
        let (spec_version, transaction_version) = self.runtime_version().await?;
        Ok(R::sign(signer, call, &Terms { nonce, genesis_hash: self.genesis, spec_version, transaction_version }))
    }

    /// Hands an encoded transaction to the node.
    pub async fn send(&self, extrinsic: &[u8]) -> Result<()> {
        let sent = self.client.request::<Hash, _>("author_submitExtrinsic", rpc_params![Bytes(extrinsic.to_vec())]);
        sent.await.map(drop).map_err(|error| self.refusal(error))
    }

    /// The headers of new best blocks, beginning with the current one.
    pub async fn best_heads(&self) -> Result<Subscription<rpc::Header>> {
        rpc::best_heads(&self.client).await.map_err(|error| self.rpc(error))
    }

    /// The headers of finalized blocks, beginning with the current one.
    pub async fn finalized_heads(&self) -> Result<Subscription<rpc::Header>> {
        rpc::finalized_heads(&self.client).await.map_err(|error| self.rpc(error))
    }

    /// The error of something that this chain does not do.
    pub fn refused(&self, what: &str, reason: impl Into<String>) -> Error {
        Error::Refused { chain: self.name.clone(), what: what.to_owned(), reason: reason.into() }
    }

    /// The error of a transaction that the node did not take.
    pub(super) fn refusal(&self, error: RpcError) -> Error {
        match error {
            RpcError::Call(error) => {
                let reason = error.data().map_or_else(|| error.message().to_owned(), |data| data.get().to_owned());
                self.refused("the transaction", reason)
            }
            error => self.rpc(error),
        }
    }

    /// The error of an answer that is not what was asked for.
    pub fn answer(&self, what: &str, reason: impl Into<String>) -> Error {
        Error::Answer { chain: self.name.clone(), what: what.to_owned(), reason: reason.into() }
    }

    async fn body(&self, hash: Hash) -> Result<Vec<Vec<u8>>> {
        #[derive(Deserialize)]
        struct Signed {
            block: Body,
        }
        #[derive(Deserialize)]
        struct Body {
            extrinsics: Vec<Bytes>,
        }
        let signed = self.request::<Option<Signed>>("chain_getBlock", rpc_params![hash]).await?;
        let signed = signed.ok_or_else(|| self.answer("a block", format!("it has no block {hash:?}")))?;
        Ok(signed.block.extrinsics.into_iter().map(|bytes| bytes.0).collect())
    }

    fn known_blocks(&self) -> MutexGuard<'_, VecDeque<Arc<Block<R>>>> {
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn request<T: DeserializeOwned>(&self, method: &str, parameters: ArrayParams) -> Result<T> {
        self.client.request(method, parameters).await.map_err(|error| self.rpc(error))
    }

    /// The error of a request that was not answered.
    pub(super) fn rpc(&self, source: RpcError) -> Error {
        Error::Rpc { chain: self.name.clone(), source }
    }
}
