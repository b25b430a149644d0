// SPDX-License-Identifier: GPL-3.0-only
//! The chain specs that a light client starts from.

use anyhow::{ensure, Context, Result};
use jsonrpsee::{core::client::ClientT, rpc_params};
use serde_json::{json, Value};
use serin_node::network::{LocalNetwork, NodeRecord};
use serin_runtime::genesis_config_presets::Preset;
use serin_tests::chain::Chain;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// The relay chain's spec with its genesis state, and the addresses of the validators.
pub fn from_genesis(network: &LocalNetwork, directory: &Path) -> Result<PathBuf> {
    let spec = with_boot_nodes(read(network.chain_spec())?, network, None);
    write(directory, "from-genesis.json", &spec)
}

/// The parachain's spec, and the addresses of its collators.
pub fn of_parachain(network: &LocalNetwork, para: u32, directory: &Path) -> Result<PathBuf> {
    let record = network.parachains().into_iter().find(|record| record.id == para);
    let file = record.with_context(|| format!("the network has no parachain {para}"))?.chain_spec;
    let spec = with_boot_nodes(read(&file)?, network, Some(para));
    write(directory, &format!("para-{para}.json"), &spec)
}

/// The relay chain's spec as a validator makes it for light clients: with the state of consensus after a finalized block.
/// Of the genesis state it keeps no more than the root, so that there is nothing else to start from.
pub async fn from_checkpoint(
    network: &LocalNetwork,
    relay_chain: &Chain,
    directory: &Path,
    limit: Duration,
) -> Result<PathBuf> {
    // A checkpoint needs two epochs that headers have announced: the second one is by the first block of epoch 2.
    let block = 2 * Preset::Local.timing().epoch_slots + 1;
    network.wait_finalized(block, limit).await.context("two epochs, before which there is no checkpoint")?;

    let mut spec: Value = relay_chain.client().request("sync_state_genSyncSpec", rpc_params![true]).await?;
    let checkpoint = &spec["lightSyncState"];
    ensure!(checkpoint["finalizedBlockHeader"].is_string(), "the node's spec has no checkpoint: {checkpoint}");
    let genesis = relay_chain.genesis_hash();
    let header: Value = relay_chain.client().request("chain_getHeader", rpc_params![genesis]).await?;
    spec["genesis"] = json!({ "stateRootHash": header["stateRoot"] });
    write(directory, "from-checkpoint.json", &with_boot_nodes(spec, network, None))
}

/// `para`: of which the nodes are; none for those of the relay chain.
fn with_boot_nodes(mut spec: Value, network: &LocalNetwork, para: Option<u32>) -> Value {
    let is_of_chain = |node: &NodeRecord| node.para == para;
    let nodes = network.nodes().into_iter().filter(is_of_chain);
    spec["bootNodes"] = nodes.map(|node| Value::String(node.p2p_address)).collect();
    spec
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| file.display().to_string())
}

fn write(directory: &Path, name: &str, spec: &Value) -> Result<PathBuf> {
    let file = directory.join(name);
    fs::write(&file, spec.to_string()).with_context(|| format!("writing {}", file.display()))?;
    Ok(file)
}
