// SPDX-License-Identifier: GPL-3.0-only
//! Whether a running validator holds the session keys that the chain has for it. Without them it is elected and signs
//! nothing.

use super::Finding;
use codec::{Decode, Encode};
use jsonrpsee::{
    core::{
        client::{ClientT, Error as ClientError},
        traits::ToRpcParams,
    },
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use serde::de::DeserializeOwned;
use serin_runtime::{AccountId, SessionKeys};
use sp_crypto_hashing::{twox_128, twox_64};
use std::time::Duration;

const SESSION_KEYS: &str = "session keys";
const DEFAULT_URL: &str = "ws://127.0.0.1:9944";
/// For a node on this machine or near it.
const TIMEOUT: Duration = Duration::from_secs(5);

const ROTATE: &str = "make keys on this node with the RPC author_rotateKeysWithOwner (owner: the stash), and register \
    them with the call session.setKeys signed by the stash";

/// Asks the node at `url`, by default on this machine, for the keys of `stash`, or else of any validator of the next
/// session.
pub fn check(url: Option<&str>, stash: Option<&AccountId>) -> Vec<Finding> {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return vec![Finding::failed(
                SESSION_KEYS,
                format!("cannot be checked: {error}"),
                "raise the limits of this user's processes and open files",
            )]
        }
    };
    vec![runtime.block_on(check_node(url, stash))]
}

async fn check_node(url: Option<&str>, stash: Option<&AccountId>) -> Finding {
    let address = url.unwrap_or(DEFAULT_URL);
    let node = match Node::connect(address).await {
        Ok(node) => node,
        Err(error) if url.is_some() => {
            let message = format!("no node answers at {address}: {error}");
            return Finding::failed(SESSION_KEYS, message, "start the node, or correct --rpc-url (ws://HOST:PORT)");
        }
        Err(_) => return Finding::ok(SESSION_KEYS, format!("not checked: no node answers at {address}")),
    };
    node.check_keys(stash).await.unwrap_or_else(|problem| {
        Finding::warning(
            SESSION_KEYS,
            format!("cannot be checked: {problem}"),
            "run this check on the validator's own machine, against a node that allows unsafe RPC methods there",
        )
    })
}

/// A node's JSON-RPC.
struct Node(WsClient);

impl Node {
    async fn connect(url: &str) -> Result<Self, ClientError> {
        WsClientBuilder::default().connection_timeout(TIMEOUT).request_timeout(TIMEOUT).build(url).await.map(Self)
    }

    async fn check_keys(&self, stash: Option<&AccountId>) -> Result<Finding, String> {
        let roles: Vec<String> = self.request("system_nodeRoles", rpc_params![]).await?;
        if !roles.iter().any(|role| role == "Authority") {
            return Ok(Finding::ok(SESSION_KEYS, "none needed: the node is not a validator"));
        }
        match stash {
            Some(stash) => self.check_registered(stash).await,
            None => self.check_queued().await,
        }
    }

    /// What the stash registered, elected or not.
    async fn check_registered(&self, stash: &AccountId) -> Result<Finding, String> {
        let Some(keys) = self.storage::<SessionKeys>(&next_keys_key(stash)).await? else {
            return Ok(Finding::failed(SESSION_KEYS, format!("{stash} has registered none"), ROTATE));
        };
        Ok(if self.holds(&keys).await? {
            Finding::ok(SESSION_KEYS, format!("the node holds those of {stash}"))
        } else {
            Finding::failed(SESSION_KEYS, format!("the node does not hold those that {stash} has registered"), ROTATE)
        })
    }

    /// Whose keys the node holds, of the validators of the next session.
    async fn check_queued(&self) -> Result<Finding, String> {
        let queued = self.storage::<Vec<(AccountId, SessionKeys)>>(&queued_keys_key()).await?.unwrap_or_default();
        for (validator, keys) in &queued {
            if self.holds(keys).await? {
                return Ok(Finding::ok(SESSION_KEYS, format!("the node holds those of {validator}")));
            }
        }
        Ok(Finding::warning(
            SESSION_KEYS,
            format!("the node holds those of none of the next session's {} validators", queued.len()),
            format!("nothing if it is not elected, which --stash ACCOUNT can tell; else {ROTATE}"),
        ))
    }

    async fn holds(&self, keys: &SessionKeys) -> Result<bool, String> {
        self.request("author_hasSessionKeys", rpc_params![to_hex(&keys.encode())]).await
    }

    async fn storage<T: Decode>(&self, key: &[u8]) -> Result<Option<T>, String> {
        let value: Option<String> = self.request("state_getStorage", rpc_params![to_hex(key)]).await?;
        let Some(value) = value else { return Ok(None) };
        let bytes = hex::decode(value.trim_start_matches("0x")).map_err(|error| error.to_string())?;
        T::decode(&mut bytes.as_slice())
            .map(Some)
            .map_err(|_| "the node runs a chain whose session keys are of another kind".to_owned())
    }

    async fn request<T: DeserializeOwned>(&self, method: &str, params: impl ToRpcParams + Send) -> Result<T, String> {
        self.0.request(method, params).await.map_err(|error| format!("{method}: {error}"))
    }
}

/// Storage key of `Session::QueuedKeys`.
fn queued_keys_key() -> Vec<u8> {
    [twox_128(b"Session"), twox_128(b"QueuedKeys")].concat()
}

/// Storage key of `Session::NextKeys`, a map hashed with `Twox64Concat`.
fn next_keys_key(stash: &AccountId) -> Vec<u8> {
    let stash = stash.encode();
    let mut key = [twox_128(b"Session"), twox_128(b"NextKeys")].concat();
    key.extend(twox_64(&stash));
    key.extend(stash);
    key
}

fn to_hex(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::{super::Level, *};

    #[test]
    fn storage_keys_are_those_of_every_substrate_chain() {
        assert_eq!(to_hex(&queued_keys_key()), "0xcec5070d609dd3497f72bde07fc96ba0e0cdd062e6eaf24295ad4ccfc41d4609");
        let next_keys = to_hex(&next_keys_key(&AccountId::new([7; 32])));
        assert!(next_keys.starts_with("0xcec5070d609dd3497f72bde07fc96ba04c014e6bf8b8c2c011e7290b85696bb3"));
        assert!(next_keys.ends_with(&"07".repeat(32)));
    }

    #[test]
    fn absent_node_fails_only_if_it_was_named() {
        // Port 1 is privileged and unused.
        let named = check(Some("ws://127.0.0.1:1"), None);
        assert_eq!(named.first().map(|finding| finding.level), Some(Level::Failed));
    }
}
