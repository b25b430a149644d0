// SPDX-License-Identifier: GPL-3.0-only
//! A parachain as one of its nodes tells it, whatever else its runtime is: its channels, its messages, and a place to hand
//! deliveries in.

use super::{extrinsic::DeliveryFormat, Error, Result};
use crate::network::rpc;
use codec::{Decode, DecodeAll, Encode};
use jsonrpsee::{
    core::client::{ClientT, Error as RpcError, Subscription},
    rpc_params,
    ws_client::WsClient,
};
use pallet_xcmp_channels::Channel;
use polkadot_primitives::{Hash, Id as ParaId};
use serde::Deserialize;
use serin_primitives::xcmp::{digest::root_of_digest, Delivery};
use sp_core::Bytes;
use sp_crypto_hashing::blake2_64;
use sp_runtime::{Digest, DigestItem};

/// By the hashes of these names a runtime says that it is of a parachain, and that this takes part. The relay chain has an API
/// of the second name too.
const APIS: [&str; 2] = ["GetParachainInfo", "XcmpApi"];
/// The pool has the very same transaction, or another delivery of the same messages that is at least as long.
const ALREADY_IMPORTED: i32 = 1013;
const TOO_LOW_PRIORITY: i32 = 1014;
/// What a pool says of an error of the pallet, before its number.
const CUSTOM_ERROR: &str = "Custom error: ";

/// A connection to a node of a parachain.
pub struct Parachain {
    pub id: ParaId,
    pub url: String,
    client: WsClient,
    format: DeliveryFormat,
}

/// What became of a delivery that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submission {
    Taken,
    /// Somebody was faster.
    Known,
    Refused(String),
}

impl Parachain {
    /// Fails when the node is of a chain that has no part in this.
    pub async fn connect(url: &str) -> Result<Self> {
        let client = rpc::connect(url).await.map_err(|source| Error::NoNode { url: url.to_owned(), source })?;
        let failed = |source| Error::Rpc { url: url.to_owned(), source };
        ensure_takes_part(&client, url).await?;
        let id = rpc::state_call(&client, "GetParachainInfo_parachain_id", &[], None).await.map_err(failed)?;
        let metadata = client.request::<Bytes, _>("state_getMetadata", rpc_params![]).await.map_err(failed)?;
        let format =
            DeliveryFormat::read(&metadata).map_err(|reason| Error::Metadata { url: url.to_owned(), reason })?;
        Ok(Self { id, url: url.to_owned(), client, format })
    }

    pub fn is_connected(&self) -> bool {
        self.client.is_connected()
    }

    pub const fn format(&self) -> &DeliveryFormat {
        &self.format
    }

    /// The headers of new best blocks, beginning with the current one.
    pub async fn best_heads(&self) -> Result<Subscription<rpc::Header>> {
        rpc::best_heads(&self.client).await.map_err(|source| self.failed(source))
    }

    /// Number of the best block.
    pub async fn best(&self) -> Result<u32> {
        rpc::best(&self.client).await.map_err(|source| self.failed(source))
    }

    /// The hash of the block of that number on the best chain; none when there is no such block.
    pub async fn hash_at(&self, number: u32) -> Result<Option<String>> {
        rpc::block_hash(&self.client, number).await.map_err(|source| self.failed(source))
    }

    /// The root of all streams in the header of a block; none when it has none.
    pub async fn root_at(&self, hash: &str) -> Result<Option<Hash>> {
        let header = rpc::header(&self.client, Some(hash)).await.map_err(|source| self.failed(source))?;
        Ok(header.and_then(|header| root_of(&header)))
    }

    /// Both directions of the channel with `peer`, at the best block or another.
    pub async fn channel(&self, peer: ParaId, at: Option<&str>) -> Result<Option<Channel>> {
        self.call("XcmpApi_channel", peer, at).await
    }

    pub async fn peers(&self) -> Result<Vec<ParaId>> {
        self.call("XcmpApi_peers", (), None).await
    }

    /// Whether a delivery of `sender` on that root can be taken in now.
    pub async fn knows_root(&self, sender: ParaId, root: Hash) -> Result<bool> {
        self.call("XcmpApi_knows_root", (sender, root), None).await
    }

    /// Messages to `peer` from number `next` on, with their proof against the root of the block `at`.
    pub async fn delivery(
        &self,
        peer: ParaId,
        next: u64,
        max_messages: u32,
        max_bytes: u32,
        at: &str,
    ) -> Result<Option<Delivery>> {
        self.call("XcmpApi_delivery", (peer, next, max_messages, max_bytes), Some(at)).await
    }

    /// Hands a delivery in.
    pub async fn submit(&self, delivery: &Delivery, attempt: u32) -> Result<Submission> {
        let transaction = Bytes(self.format.transaction(delivery, attempt));
        match self.client.request::<Hash, _>("author_submitExtrinsic", rpc_params![transaction]).await {
            Ok(_) => Ok(Submission::Taken),
            Err(RpcError::Call(error)) if matches!(error.code(), ALREADY_IMPORTED | TOO_LOW_PRIORITY) => {
                Ok(Submission::Known)
            }
            Err(RpcError::Call(error)) => {
                let reason = error.data().map_or_else(|| error.message().to_owned(), |data| data.get().to_owned());
                Ok(Submission::Refused(self.name_error(reason)))
            }
            Err(source) => Err(self.failed(source)),
        }
    }

    /// The name of the pallet's error in place of its number.
    fn name_error(&self, reason: String) -> String {
        let number = reason.split(CUSTOM_ERROR).nth(1).map(|text| text.trim_end_matches('"'));
        let name = number.and_then(|number| self.format.error(number.parse().ok()?));
        name.map_or(reason.clone(), str::to_owned)
    }

    async fn call<T: Decode>(&self, function: &str, arguments: impl Encode, at: Option<&str>) -> Result<T> {
        rpc::state_call(&self.client, function, &arguments.encode(), at).await.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: RpcError) -> Error {
        Error::Rpc { url: self.url.clone(), source }
    }
}

async fn ensure_takes_part(client: &WsClient, url: &str) -> Result<()> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        spec_name: String,
        apis: Vec<(String, u32)>,
    }
    let version = client.request::<Version, _>("state_getRuntimeVersion", rpc_params![]).await;
    let version = version.map_err(|source| Error::Rpc { url: url.to_owned(), source })?;
    let has = |name: &str| {
        let wanted = format!("0x{}", hex::encode(blake2_64(name.as_bytes())));
        version.apis.iter().any(|(id, _)| *id == wanted)
    };
    if APIS.into_iter().all(has) {
        Ok(())
    } else {
        Err(Error::NoXcmp { url: url.to_owned(), chain: version.spec_name })
    }
}

/// The root of all streams in a header, if it has one.
pub fn root_of(header: &rpc::Header) -> Option<Hash> {
    let items = header.digest.logs.iter().map(|log| DigestItem::decode_all(&mut rpc::from_hex(log)?.as_slice()).ok());
    root_of_digest(&Digest { logs: items.collect::<Option<Vec<_>>>()? }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serin_primitives::xcmp::digest;

    #[test]
    fn a_root_is_read_from_a_header_as_nodes_write_it() {
        let root = Hash::repeat_byte(7);
        let seal = DigestItem::Seal(*b"aura", vec![1]);
        let logs =
            |items: &[DigestItem]| items.iter().map(|item| format!("0x{}", hex::encode(item.encode()))).collect();
        let header = |items: &[DigestItem]| rpc::Header { number: 1, digest: rpc::Digest { logs: logs(items) } };
        assert_eq!(root_of(&header(&[digest::item(root), seal.clone()])), Some(root));
        assert_eq!(root_of(&header(&[seal])), None);
    }
}
