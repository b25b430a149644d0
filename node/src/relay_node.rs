// SPDX-License-Identifier: GPL-3.0-only
//! The node of a relay chain that a command asks: how it is named, and what it must be able to answer.

use crate::{
    demo::{self, chain::Chain, runtimes::Relay},
    network::{self, cli::TargetArgs, Manifest, Role},
};
use clap::Args;
use jsonrpsee::{
    core::client::{ClientT, Error as RpcError},
    rpc_params,
};
use serde::Deserialize;
use serin_runtime::VERSION;
use sp_crypto_hashing::blake2_64;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why no node can be asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Network(#[from] network::Error),

    #[error(transparent)]
    Chain(#[from] demo::Error),

    #[error(
        "no local network is running; start one with `serin network up`, or name a node with --url ws://HOST:PORT"
    )]
    NoNetwork,

    #[error("no node answers at {url}: {reason}; start it, or correct --url (ws://HOST:PORT)")]
    NoNode { url: String, reason: String },

    #[error("{url} is a node of the chain '{found}', and this asks a relay chain 'serin'; ask one of its nodes")]
    WrongChain { url: String, found: String },

    #[error(
        "the runtime of {url} (spec_version {spec_version}) has no {api}; upgrade it by a referendum on the track root, or ask \
         a node of a chain that has it"
    )]
    NoApi { url: String, spec_version: u32, api: &'static str },
}

/// Which node a command asks.
#[derive(Clone, Debug, Args)]
pub struct NodeArgs {
    #[command(flatten)]
    pub target: TargetArgs,

    /// JSON-RPC of a relay-chain node, in place of a local network
    #[arg(long, value_name = "URL", conflicts_with = "network")]
    pub url: Option<String>,
}

impl NodeArgs {
    /// Where it answers: as named, or else a validator of the local network.
    pub fn url(&self) -> Result<String> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        let network = Manifest::of_running(self.target.network.as_deref()).map_err(|error| match error {
            network::Error::NoNetwork => Error::NoNetwork,
            other => other.into(),
        })?;
        Ok(network.running(|node| node.role == Role::Validator)?.rpc_url.clone())
    }
}

pub async fn connect(url: &str) -> Result<Chain<Relay>> {
    Chain::connect("the relay chain", url).await.map_err(|error| match error {
        demo::Error::Rpc { source, .. } => unanswered(url)(source),
        other => other.into(),
    })
}

/// Fails when the node follows another chain, or one whose runtime lacks the API of that name. `url` names it in the error.
pub async fn require_api(chain: &Chain<Relay>, url: &str, api: &'static str) -> Result<()> {
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
    // By the hash of its name a runtime says that it has an API.
    let wanted = format!("0x{}", hex::encode(blake2_64(api.as_bytes())));
    if apis.iter().all(|(id, _)| *id != wanted) {
        return Err(Error::NoApi { url, spec_version, api });
    }
    Ok(())
}

/// For `map_err`: which node did not answer.
fn unanswered(url: &str) -> impl FnOnce(RpcError) -> Error {
    let url = url.to_owned();
    move |error| Error::NoNode { url, reason: error.to_string() }
}
