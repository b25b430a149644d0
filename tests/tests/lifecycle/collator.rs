// SPDX-License-Identifier: GPL-3.0-only
//! The collator of a parachain that the network knew nothing of when it began, started as its owner would from a shell.

use anyhow::{Context, Result};
use serin_node::network::{LocalNetwork, Role};
use serin_tests::process::{rpc_address, serin, text, Running};
use std::{fs, path::Path, time::Duration};
use tempfile::TempDir;

/// What any node of a network on one machine is told.
const ON_LOOPBACK: [&str; 7] = [
    "--listen-addr",
    "/ip4/127.0.0.1/tcp/0/ws",
    "--no-telemetry",
    "--no-mdns",
    "--no-hardware-benchmarks",
    "--allow-private-ip",
    "--discover-local",
];
/// Covers compiling the runtime on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(300);
/// How much of its log explains a failure.
const TAIL_LINES: usize = 40;

/// Dropping it kills it.
pub struct Collator {
    process: Running,
    pub url: String,
    _files: TempDir,
}

impl Collator {
    /// Starts it with Alice's key, whom the parachain's genesis names, and waits until it answers. It asks the validators of
    /// the network about the relay chain.
    pub fn start(network: &LocalNetwork, spec: &Path) -> Result<Self> {
        let files = tempfile::tempdir()?;
        let node_key = files.path().join("node-key");
        // Any 32 bytes are a key.
        fs::write(&node_key, hex::encode([7; 32])).context("writing a node key")?;
        let mut validators = network.nodes();
        validators.retain(|node| node.role == Role::Validator);

        let mut command = serin(["collator", "--collator", "--alice", "--chain", text(spec)]);
        command.args(["--base-path", text(files.path()), "--node-key-file", text(&node_key)]);
        command.arg("--relay-chain-rpc-urls").args(validators.iter().map(|node| &node.rpc_url));
        command.args(["--no-dht-bootnode", "--no-dht-bootnode-discovery"]).args(ON_LOOPBACK);
        command.args(["--rpc-port", "0", "--no-prometheus"]);

        command.args(["--", "--chain", text(network.chain_spec())]).args(ON_LOOPBACK);
        command.args(["--rpc-port", "0", "--no-prometheus"]);
        command.args(validators.iter().flat_map(|node| ["--bootnodes", &node.p2p_address]));

        let mut process = Running::start(command);
        let address = process.wait_for("JSON-RPC server", START_LIMIT, |process| rpc_address(&process.stderr()));
        Ok(Self { process, url: format!("ws://{address}"), _files: files })
    }

    pub fn log_tail(&self) -> String {
        let log = self.process.stderr();
        let lines = log.lines().collect::<Vec<_>>();
        lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n")
    }
}
