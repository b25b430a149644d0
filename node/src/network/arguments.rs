// SPDX-License-Identifier: GPL-3.0-only
//! The command lines of a network's nodes. All listeners are on loopback, which is why the unsafe RPC methods are open.

use super::{
    keys::development_flag,
    manifest::{NetworkBackend, NodeRecord, Role, StartOptions, StatePruning},
    reporter,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    ffi::OsString,
    path::{self, Path, PathBuf},
};

/// Named files in a node's directory, beside the SDK's `chains/`.
pub const NODE_KEY_FILE: &str = "node-key";
pub const KEYSTORE: &str = "keystore";

/// What all nodes of a network are started with.
#[derive(Clone, Debug)]
pub struct LaunchOptions {
    pub binary: PathBuf,
    /// Of the relay chain.
    pub chain_spec: PathBuf,
    pub network_backend: Option<NetworkBackend>,
    /// Passed on to validators as they are, after all others.
    pub extra_arguments: Vec<String>,
    /// The spec of each parachain.
    pub parachains: BTreeMap<u32, PathBuf>,
    pub collators: CollatorOptions,
    /// How many relayers there are.
    pub relayers: u32,
}

impl LaunchOptions {
    /// Those that were chosen, as they are remembered.
    pub fn chosen(&self) -> StartOptions {
        // Who starts the network again may be in another directory.
        let absolute = |path: &PathBuf| path::absolute(path).unwrap_or_else(|_| path.clone());
        StartOptions {
            network_backend: self.network_backend,
            node_arguments: self.extra_arguments.clone(),
            relay_chain_access: self.collators.relay_chain,
            collator_arguments: self.collators.extra_arguments.clone(),
            collator_binary: self.collators.binary.as_ref().map(absolute),
            relayers: self.relayers,
        }
    }
}

/// What all collators of a network are started with.
#[derive(Clone, Debug, Default)]
pub struct CollatorOptions {
    /// Another executable, with the arguments of `polkadot-omni-node`.
    pub binary: Option<PathBuf>,
    pub relay_chain: RelayChainAccess,
    /// Passed on as they are, before those of the relay chain's node.
    pub extra_arguments: Vec<String>,
}

/// How a collator follows the relay chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum RelayChainAccess {
    /// It asks validators over RPC.
    #[default]
    Rpc,
    /// It runs a full node of the relay chain inside.
    Embedded,
}

/// The executable of a node, and its arguments. `others`: the nodes that it is to find.
pub fn command_line(record: &NodeRecord, options: &LaunchOptions, others: &[NodeRecord]) -> (PathBuf, Vec<OsString>) {
    match record.role {
        Role::Validator => (options.binary.clone(), validator(record, options, others)),
        Role::Collator => {
            let arguments = collator(record, options, others);
            match &options.collators.binary {
                Some(binary) => (binary.clone(), arguments),
                None => (options.binary.clone(), [vec!["collator".into()], arguments].concat()),
            }
        }
    }
}

fn validator(record: &NodeRecord, options: &LaunchOptions, others: &[NodeRecord]) -> Vec<OsString> {
    let mut line = Line::of_node(record, &options.chain_spec, options.network_backend);
    // The SDK's defaults count on more cores than a machine with a whole network has for each node.
    line.option("--execute-workers-max-num", "1");
    line.option("--prepare-workers-hard-max-num", "1");
    line.bootnodes(others.iter().filter(|other| other.role == Role::Validator && other.name != record.name));
    match record.session_keys.as_deref().map(|keys| (keys, development_flag(keys))) {
        Some((_, Some(flag))) => line.flag(&flag),
        Some((_, None)) => line.option("--keystore-path", record.base_path.join(KEYSTORE)),
        None => {}
    }
    line.flag("--validator");
    if record.reports_finality {
        line.option("--report-finality", reporter::address());
    }
    line.rest(&options.extra_arguments);
    line.arguments
}

fn collator(record: &NodeRecord, options: &LaunchOptions, others: &[NodeRecord]) -> Vec<OsString> {
    let spec = record.para.and_then(|para| options.parachains.get(&para));
    let mut line = Line::of_node(record, spec.map_or(Path::new(""), PathBuf::as_path), options.network_backend);
    line.bootnodes(others.iter().filter(|other| other.para == record.para && other.name != record.name));
    line.flag("--collator");
    if let Some(flag) = record.session_keys.as_deref().and_then(development_flag) {
        line.flag(&flag);
    }
    let validators = others.iter().filter(|other| other.role == Role::Validator).collect::<Vec<_>>();
    if options.collators.relay_chain == RelayChainAccess::Rpc {
        line.flag("--relay-chain-rpc-urls");
        // Each begins with another validator, so that one that is killed does not take all collators' view with it.
        let place = others.iter().position(|other| other.name == record.name).unwrap_or(others.len());
        let first = place.checked_rem(validators.len()).unwrap_or(0);
        let urls = validators.iter().cycle().skip(first).take(validators.len());
        urls.for_each(|validator| line.flag(&validator.rpc_url));
    }
    // Bootnodes are named; nobody need look for them.
    line.flag("--no-dht-bootnode");
    line.flag("--no-dht-bootnode-discovery");
    line.rest(&options.collators.extra_arguments);

    line.flag("--");
    line.option("--chain", &options.chain_spec);
    line.p2p("/ip4/127.0.0.1/tcp/0/ws", options.network_backend);
    line.bootnodes(validators);
    // Nobody asks this part of the node anything, and two of them must not meet at the default ports.
    line.option("--rpc-port", "0");
    line.flag("--no-prometheus");
    line.arguments
}

/// A command line in the making.
#[derive(Default)]
struct Line {
    arguments: Vec<OsString>,
}

impl Line {
    /// What nodes of both kinds have.
    fn of_node(record: &NodeRecord, chain_spec: &Path, backend: Option<NetworkBackend>) -> Self {
        let mut line = Self::default();
        line.option("--chain", chain_spec);
        line.option("--base-path", &record.base_path);
        line.option("--name", &record.name);
        line.option("--node-key-file", record.base_path.join(NODE_KEY_FILE));
        // WebSocket, so that light clients in browsers connect too.
        line.p2p(&format!("/ip4/127.0.0.1/tcp/{}/ws", record.ports.p2p), backend);
        line.option("--rpc-port", record.ports.rpc.to_string());
        line.option("--prometheus-port", record.ports.prometheus.to_string());
        line.option("--rpc-cors", "all");
        line.option("--rpc-methods", "unsafe");
        line.option("--sync", record.sync.name());
        if record.state_pruning == StatePruning::ArchiveCanonical {
            line.option("--state-pruning", "archive-canonical");
        }
        line
    }

    /// What every p2p node of a network has, also one inside of another.
    fn p2p(&mut self, address: &str, backend: Option<NetworkBackend>) {
        // In place of --port, with which it cannot be combined.
        self.option("--listen-addr", address);
        if let Some(backend) = backend {
            self.option("--network-backend", backend.name());
        }
        // The last two are what a spec of chain type Live needs to work on loopback.
        let flags =
            ["--no-telemetry", "--no-mdns", "--no-hardware-benchmarks", "--allow-private-ip", "--discover-local"];
        flags.into_iter().for_each(|flag| self.flag(flag));
    }

    fn bootnodes<'a>(&mut self, nodes: impl IntoIterator<Item = &'a NodeRecord>) {
        nodes.into_iter().for_each(|node| self.option("--bootnodes", &node.p2p_address));
    }

    fn option(&mut self, name: &str, value: impl Into<OsString>) {
        self.arguments.extend([name.into(), value.into()]);
    }

    fn flag(&mut self, flag: &str) {
        self.arguments.push(flag.into());
    }

    fn rest(&mut self, arguments: &[String]) {
        self.arguments.extend(arguments.iter().map(OsString::from));
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::network::manifest::{
        tests::{collator_record, node_record},
        SyncMode,
    };

    pub fn options() -> LaunchOptions {
        LaunchOptions {
            binary: "serin".into(),
            chain_spec: "/base/chain-spec.json".into(),
            network_backend: None,
            extra_arguments: Vec::new(),
            parachains: [(2_087, "/base/chain-spec-2087.json".into())].into(),
            collators: CollatorOptions::default(),
            relayers: 0,
        }
    }

    fn line(record: &NodeRecord, options: &LaunchOptions, others: &[NodeRecord]) -> String {
        let (binary, arguments) = command_line(record, options, others);
        let words = arguments.iter().map(|argument| argument.to_str().unwrap());
        std::iter::once(binary.to_str().unwrap()).chain(words).collect::<Vec<_>>().join(" ")
    }

    /// At another address than the node that all tests have.
    fn other(mut record: NodeRecord, port: u16) -> NodeRecord {
        record.rpc_url = format!("ws://127.0.0.1:{port}");
        record.p2p_address = format!("/ip4/127.0.0.1/tcp/{port}/ws/p2p/{}", record.name);
        record
    }

    #[test]
    fn every_listener_is_on_loopback_and_the_sandbox_stays_on() {
        let line = line(&node_record("alice"), &options(), &[]);
        for part in ["--validator", "--alice", "--rpc-port 9944", "--listen-addr /ip4/127.0.0.1/tcp/9945/ws"] {
            assert!(line.contains(part), "{part} in {line}");
        }
        for part in ["--rpc-external", "--prometheus-external", "--insecure-validator", "--port "] {
            assert!(!line.contains(part), "{part} in {line}");
        }
    }

    #[test]
    fn a_node_is_not_its_own_bootnode_and_not_that_of_another_chain() {
        let record = node_record("alice");
        let others = [record.clone(), other(node_record("bob"), 1), other(collator_record("picasso-1", 2_087), 2)];
        let line = line(&record, &options(), &others);
        assert_eq!(line.matches("--bootnodes").count(), 1);
        assert!(line.contains("--bootnodes /ip4/127.0.0.1/tcp/1/ws/p2p/bob"), "{line}");
    }

    #[test]
    fn keys_and_pruning_follow_the_record() {
        let mut record = node_record("validator7");
        record.session_keys = Some("//Validator7".to_owned());
        assert!(line(&record, &options(), &[]).contains("--keystore-path /base/validator7/keystore"));

        record.session_keys = None;
        record.sync = SyncMode::Warp;
        record.state_pruning = StatePruning::Pruned;
        let joining = line(&record, &options(), &[]);
        assert!(joining.contains("--sync warp") && joining.contains("--validator"), "{joining}");
        assert!(!joining.contains("--keystore-path") && !joining.contains("archive"), "{joining}");
    }

    #[test]
    fn only_a_node_that_is_to_reports_finality() {
        let mut record = node_record("alice");
        assert!(!line(&record, &options(), &[]).contains("--report-finality"));
        record.reports_finality = true;
        let line = line(&record, &options(), &[]);
        assert!(line.contains(&format!("--validator --report-finality {}", reporter::address())), "{line}");
    }

    #[test]
    fn extra_arguments_come_last() {
        let options = LaunchOptions {
            network_backend: Some(NetworkBackend::Libp2p),
            extra_arguments: vec!["--log".into(), "babe=debug".into()],
            ..options()
        };
        let line = line(&node_record("alice"), &options, &[]);
        assert!(line.contains("--network-backend libp2p") && line.ends_with("--log babe=debug"), "{line}");
    }

    #[test]
    fn a_collator_asks_validators_and_has_the_relay_chains_arguments_behind_two_dashes() {
        let record = collator_record("picasso-1", 2_087);
        let others = [
            other(node_record("alice"), 1),
            other(node_record("bob"), 2),
            other(collator_record("picasso-2", 2_087), 3),
            record.clone(),
            other(collator_record("subsocial-1", 2_100), 4),
        ];
        let line = line(&record, &options(), &others);
        let (parachain, relay_chain) = line.split_once(" -- ").expect("two dashes");
        assert!(parachain.starts_with("serin collator --chain /base/chain-spec-2087.json "), "{parachain}");
        assert!(parachain.contains("--collator --alice"), "{parachain}");
        assert!(parachain.contains("--relay-chain-rpc-urls ws://127.0.0.1:2 ws://127.0.0.1:1 --no"), "{parachain}");
        assert!(!parachain.contains("--validator"), "{parachain}");
        assert_eq!(parachain.matches("--bootnodes").count(), 1);
        assert!(parachain.contains("/p2p/picasso-2"), "{parachain}");

        assert!(relay_chain.starts_with("--chain /base/chain-spec.json"), "{relay_chain}");
        assert_eq!(relay_chain.matches("--bootnodes").count(), 2);
        assert!(relay_chain.contains("/p2p/alice") && relay_chain.contains("/p2p/bob"), "{relay_chain}");
        assert!(relay_chain.contains("--no-prometheus") && relay_chain.contains("--rpc-port 0"), "{relay_chain}");
    }

    #[test]
    fn another_collator_gets_the_same_arguments_without_the_subcommand() {
        let collators = CollatorOptions {
            binary: Some("/bin/stock".into()),
            relay_chain: RelayChainAccess::Embedded,
            extra_arguments: vec!["--authoring".into(), "slot-based".into()],
        };
        let options = LaunchOptions { collators, ..options() };
        let line = line(&collator_record("picasso-1", 2_087), &options, &[]);
        assert!(line.starts_with("/bin/stock --chain /base/chain-spec-2087.json"), "{line}");
        assert!(line.contains("--authoring slot-based -- --chain /base/chain-spec.json"), "{line}");
        assert!(!line.contains("--relay-chain-rpc-urls"), "{line}");
    }
}
