// SPDX-License-Identifier: GPL-3.0-only
//! The few JSON-RPC calls that local networks and their tests need.

use codec::Decode;
use jsonrpsee::{
    core::client::{ClientT, Error, Subscription, SubscriptionClientT},
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use serde::{de::Error as _, Deserialize, Deserializer};
use std::time::Duration;

/// Above the largest answer: a runtime's code or metadata, in hex.
const MAX_MESSAGE_BYTES: u32 = 64 * 1024 * 1024;
/// A loopback connection is made at once or not at all.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(5);
/// A node that compiles its runtime answers late, but not this late.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(60);

/// A block header, as far as it is read here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Header {
    #[serde(deserialize_with = "hex_number")]
    pub number: u32,
    pub digest: Digest,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Digest {
    /// SCALE-encoded digest items, in hex.
    pub logs: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    pub peers: u32,
    pub is_syncing: bool,
    pub should_have_peers: bool,
}

pub async fn connect(url: &str) -> Result<WsClient, Error> {
    WsClientBuilder::default()
        .max_request_size(MAX_MESSAGE_BYTES)
        .max_response_size(MAX_MESSAGE_BYTES)
        .connection_timeout(CONNECTION_TIMEOUT)
        .request_timeout(REQUEST_TIMEOUT)
        .build(url)
        .await
}

/// The header of the block `hash`, or of the best block.
pub async fn header(client: &WsClient, hash: Option<&str>) -> Result<Option<Header>, Error> {
    client.request("chain_getHeader", rpc_params![hash]).await
}

/// The hash of the block with that number on the best chain.
pub async fn block_hash(client: &WsClient, number: u32) -> Result<Option<String>, Error> {
    client.request("chain_getBlockHash", rpc_params![number]).await
}

pub async fn finalized_hash(client: &WsClient) -> Result<String, Error> {
    client.request("chain_getFinalizedHead", rpc_params![]).await
}

/// The number of the best block.
pub async fn best(client: &WsClient) -> Result<u32, Error> {
    Ok(header(client, None).await?.map_or(0, |header| header.number))
}

/// The number of the finalized block.
pub async fn finalized(client: &WsClient) -> Result<u32, Error> {
    let hash = finalized_hash(client).await?;
    Ok(header(client, Some(&hash)).await?.map_or(0, |header| header.number))
}

pub async fn health(client: &WsClient) -> Result<Health, Error> {
    client.request("system_health", rpc_params![]).await
}

pub async fn local_peer_id(client: &WsClient) -> Result<String, Error> {
    client.request("system_localPeerId", rpc_params![]).await
}

/// The session that a child of the best block belongs to.
pub async fn session_index(client: &WsClient) -> Result<u32, Error> {
    state_call(client, "ParachainHost_session_index_for_child", &[], None).await
}

/// The bytes under `key` in the state after the block `hash`.
pub async fn storage(client: &WsClient, key: &[u8], hash: &str) -> Result<Option<Vec<u8>>, Error> {
    let key = format!("0x{}", hex::encode(key));
    let answer: Option<String> = client.request("state_getStorage", rpc_params![key, hash]).await?;
    let decode =
        |text: String| from_hex(&text).ok_or_else(|| Error::Custom(format!("storage answered no hex: {text}")));
    answer.map(decode).transpose()
}

/// Calls a runtime API function with SCALE-encoded arguments, at the block `hash` or at the best one. What follows the
/// decoded value is ignored, so a prefix of a structure can be asked for.
pub async fn state_call<T: Decode>(
    client: &WsClient,
    function: &str,
    arguments: &[u8],
    hash: Option<&str>,
) -> Result<T, Error> {
    let arguments = format!("0x{}", hex::encode(arguments));
    let answer: String = client.request("state_call", rpc_params![function, arguments, hash]).await?;
    let bytes = from_hex(&answer).ok_or_else(|| Error::Custom(format!("{function} answered no hex: {answer}")))?;
    T::decode(&mut bytes.as_slice()).map_err(|error| Error::Custom(format!("{function}: {error}")))
}

/// The headers of new best blocks, beginning with the current one.
pub async fn best_heads(client: &WsClient) -> Result<Subscription<Header>, Error> {
    client.subscribe("chain_subscribeNewHeads", rpc_params![], "chain_unsubscribeNewHeads").await
}

/// The headers of finalized blocks, beginning with the current one.
pub async fn finalized_heads(client: &WsClient) -> Result<Subscription<Header>, Error> {
    client.subscribe("chain_subscribeFinalizedHeads", rpc_params![], "chain_unsubscribeFinalizedHeads").await
}

/// The bytes of `0x...`.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    hex::decode(text.strip_prefix("0x")?).ok()
}

fn hex_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let text = String::deserialize(deserializer)?;
    let digits = text.strip_prefix("0x").ok_or_else(|| D::Error::custom("a block number is written as 0x.."))?;
    u32::from_str_radix(digits, 16).map_err(D::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_nodes_write_them() {
        let text = r#"{"parentHash":"0x00","number":"0x1f","stateRoot":"0x00","extrinsicsRoot":"0x00","digest":{"logs":["0x0642414245"]}}"#;
        let header = serde_json::from_str::<Header>(text).unwrap();
        assert_eq!(header.number, 31);
        assert_eq!(header.digest.logs, ["0x0642414245"]);
        assert!(serde_json::from_str::<Header>(r#"{"number":"31","digest":{"logs":[]}}"#).is_err());
    }

    #[test]
    fn health_is_read_as_nodes_write_it() {
        let health = serde_json::from_str::<Health>(r#"{"peers":3,"isSyncing":false,"shouldHavePeers":true}"#).unwrap();
        assert_eq!(health, Health { peers: 3, is_syncing: false, should_have_peers: true });
    }
}
