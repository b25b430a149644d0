// SPDX-License-Identifier: GPL-3.0-only
//! `network.json`: what a local network is made of. Also the ready record of `serin network up --json`.

use super::{arguments::RelayChainAccess, chains, control::SOCKET_FILE, ports::NodePorts, Error, Registry, Result};
use serde::{Deserialize, Serialize};
use serin_chain_spec::ParachainKind;
use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// The manifest's file name under a network's base path.
pub const FILE_NAME: &str = "network.json";
/// The log's name in a node's directory.
pub const LOG_FILE: &str = "node.log";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub name: String,
    pub base_path: PathBuf,
    /// Whether the base path goes away with the network.
    pub temporary: bool,
    /// The preset's name, or the id in the spec file.
    pub chain: String,
    pub chain_spec: PathBuf,
    /// Hex. Known once the first node has answered.
    pub genesis_hash: Option<String>,
    /// The highest block of the relay chain that a validator has reported as final.
    #[serde(default)]
    pub finalized: u32,
    /// The process that owns the nodes; none when the network is stopped.
    pub launcher_pid: Option<u32>,
    /// Where the launcher takes requests.
    pub control_socket: PathBuf,
    pub nodes: Vec<NodeRecord>,
    /// Those that the relay chain's genesis has.
    pub parachains: Vec<ParachainRecord>,
    #[serde(default)]
    pub relayers: Vec<RelayerRecord>,
    pub accounts: Vec<Account>,
    #[serde(default)]
    pub options: StartOptions,
    pub timings_ms: Timings,
}

/// What nodes are started with beside what is said of each: a snapshot that is restored repeats it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartOptions {
    pub network_backend: Option<NetworkBackend>,
    /// For every validator.
    pub node_arguments: Vec<String>,
    pub relay_chain_access: RelayChainAccess,
    /// For every collator.
    pub collator_arguments: Vec<String>,
    pub collator_binary: Option<PathBuf>,
    /// How many relayers carry messages between the parachains.
    #[serde(default)]
    pub relayers: u32,
}

/// One node: where it answers, and everything needed to start it again as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeRecord {
    pub name: String,
    pub role: Role,
    /// The parachain that a collator is of.
    pub para: Option<u32>,
    pub pid: Option<u32>,
    pub rpc_url: String,
    /// With the peer id, fit for `--bootnodes`.
    pub p2p_address: String,
    pub peer_id: String,
    pub prometheus_url: String,
    pub log: PathBuf,
    pub base_path: PathBuf,
    pub ports: NodePorts,
    /// The derivation all session keys come from; none for a node that joins at run time.
    pub session_keys: Option<String>,
    /// Whether it proves to the chain that blocks are final.
    #[serde(default)]
    pub reports_finality: bool,
    pub state_pruning: StatePruning,
    pub sync: SyncMode,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Of the relay chain.
    Validator,
    /// Of a parachain.
    Collator,
}

impl Role {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Validator => "validator",
            Self::Collator => "collator",
        }
    }
}

/// One parachain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParachainRecord {
    pub id: u32,
    pub name: String,
    pub kind: ParachainKind,
    /// How many collators its genesis has.
    pub collators: u32,
    /// The account that the registrar takes for the one which registered it, as SS58.
    pub manager: String,
    pub chain_spec: PathBuf,
    /// The number of its last block that the relay chain was seen to include.
    #[serde(default)]
    pub included: u32,
    /// None until it happened.
    pub first_backed: Option<Milestone>,
    pub first_included: Option<Milestone>,
}

/// A process that carries messages between the parachains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelayerRecord {
    pub name: String,
    pub pid: Option<u32>,
    pub prometheus_url: String,
    pub log: PathBuf,
}

/// When something happened first on the relay chain, as far as this launcher saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// The relay chain's block.
    pub relay_block: u32,
    /// Milliseconds from the start of the command.
    pub ms: u64,
}

/// Which states a node keeps. It must be told the same at every start, so it is remembered here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatePruning {
    /// All finalized states: `archive_v1` is served, warp sync is refused.
    ArchiveCanonical,
    /// The SDK's default number of recent states.
    Pruned,
}

/// How a node without a database catches up with the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum SyncMode {
    /// Execute every block.
    Full,
    /// Prove finality, then download the latest state. The node keeps recent states only.
    Warp,
}

impl SyncMode {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Warp => "warp",
        }
    }
}

/// The SDK's two implementations of the p2p network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum NetworkBackend {
    Libp2p,
    Litep2p,
}

impl NetworkBackend {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Libp2p => "libp2p",
            Self::Litep2p => "litep2p",
        }
    }
}

/// An account that genesis endows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub name: String,
    /// The secret, as a derivation from the public development phrase.
    pub derivation: String,
    /// SS58.
    pub address: String,
}

/// Milliseconds from the start of the command. None until it happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timings {
    /// Every node's process exists.
    pub spawned: Option<u64>,
    /// The first node answered over RPC.
    pub first_rpc: Option<u64>,
    /// The first node reported a block above genesis.
    pub first_block: Option<u64>,
    /// The first node reported a finalized block above genesis.
    pub first_finalized: Option<u64>,
}

impl Manifest {
    /// That of a running network: of that name or base path, or else the only one.
    pub fn of_running(network: Option<&str>) -> Result<Self> {
        let entry = Registry::open()?.select(network)?;
        // Without a manifest the network is at the very beginning of its start.
        Self::load(&entry.base_path)?.ok_or(Error::NotRunning { path: entry.base_path })
    }

    /// A node that runs and is one that is wanted.
    pub fn running(&self, is_wanted: impl Fn(&NodeRecord) -> bool) -> Result<&NodeRecord> {
        let mut wanted = self.nodes.iter().filter(|node| is_wanted(node));
        let any = wanted.clone().next().map_or_else(|| "a node".to_owned(), |node| node.name.clone());
        wanted.find(|node| node.pid.is_some()).ok_or(Error::NodeNotRunning { node: any })
    }

    /// The manifest under `base_path`; none when there is none.
    pub fn load(base_path: &Path) -> Result<Option<Self>> {
        let path = base_path.join(FILE_NAME);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(Error::Io { action: "reading", path, source }),
        };
        serde_json::from_slice(&text).map(Some).map_err(|source| Error::Malformed {
            what: "a network's manifest",
            path,
            source,
        })
    }

    /// Replaces the manifest under the base path at once: no reader ever sees half of one.
    pub fn save(&self) -> Result<()> {
        let path = self.base_path.join(FILE_NAME);
        let fresh = self.base_path.join(".network.json.new");
        let text = serde_json::to_vec_pretty(self).map_err(|source| Error::Malformed {
            what: "a network's manifest",
            path: path.clone(),
            source,
        })?;
        write_private(&fresh, &text)?;
        fs::rename(&fresh, &path).map_err(Error::io("writing", path))
    }

    /// The same network with no process alive.
    pub fn stopped(mut self) -> Self {
        self.launcher_pid = None;
        for node in &mut self.nodes {
            node.pid = None;
        }
        for relayer in &mut self.relayers {
            relayer.pid = None;
        }
        self
    }

    /// The same network in another directory. Every path is made anew from names, so that none leads elsewhere.
    pub fn moved_to(mut self, base_path: &Path) -> Self {
        self.temporary = false;
        self.chain_spec = chains::relay_chain_spec(base_path);
        self.control_socket = base_path.join(SOCKET_FILE);
        for parachain in &mut self.parachains {
            parachain.chain_spec = chains::parachain_spec(base_path, parachain.id);
        }
        for node in &mut self.nodes {
            node.base_path = base_path.join(&node.name);
            node.log = node.base_path.join(LOG_FILE);
        }
        for relayer in &mut self.relayers {
            relayer.log = base_path.join(&relayer.name).join(LOG_FILE);
        }
        self.base_path = base_path.to_owned();
        self
    }
}

/// Writes a file that only its owner may read.
pub fn write_private(path: &Path, content: &[u8]) -> Result<()> {
    // An older file would keep its mode.
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::io("replacing", path)(error)),
        _ => {}
    }
    fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| file.write_all(content))
        .map_err(Error::io("writing", path))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    pub fn node_record(name: &str) -> NodeRecord {
        NodeRecord {
            name: name.into(),
            role: Role::Validator,
            para: None,
            pid: Some(42),
            rpc_url: "ws://127.0.0.1:9944".into(),
            p2p_address: "/ip4/127.0.0.1/tcp/9945/ws/p2p/12D3KooW".into(),
            peer_id: "12D3KooW".into(),
            prometheus_url: "http://127.0.0.1:9946/metrics".into(),
            log: format!("/base/{name}/node.log").into(),
            base_path: format!("/base/{name}").into(),
            ports: NodePorts { rpc: 9944, p2p: 9945, prometheus: 9946 },
            session_keys: Some("//Alice".into()),
            reports_finality: false,
            state_pruning: StatePruning::ArchiveCanonical,
            sync: SyncMode::Full,
        }
    }

    pub fn collator_record(name: &str, para: u32) -> NodeRecord {
        NodeRecord { role: Role::Collator, para: Some(para), ..node_record(name) }
    }

    pub fn parachain_record(id: u32, name: &str) -> ParachainRecord {
        ParachainRecord {
            id,
            name: name.into(),
            kind: ParachainKind::WithCore,
            collators: 1,
            manager: "5G".into(),
            chain_spec: format!("/base/chain-spec-{id}.json").into(),
            included: 0,
            first_backed: None,
            first_included: Some(Milestone { relay_block: 3, ms: 30_000 }),
        }
    }

    pub fn manifest(base_path: &Path) -> Manifest {
        Manifest {
            name: "serin-1".into(),
            base_path: base_path.into(),
            temporary: false,
            chain: "local".into(),
            chain_spec: base_path.join("chain-spec.json"),
            genesis_hash: Some("0x01".into()),
            finalized: 0,
            launcher_pid: Some(7),
            control_socket: base_path.join("control.sock"),
            nodes: vec![node_record("alice")],
            parachains: Vec::new(),
            relayers: Vec::new(),
            accounts: vec![Account { name: "Alice".into(), derivation: "//Alice".into(), address: "5G".into() }],
            options: StartOptions { node_arguments: vec!["--log=x".into()], ..StartOptions::default() },
            timings_ms: Timings { spawned: Some(3), ..Timings::default() },
        }
    }

    #[test]
    fn a_saved_manifest_loads_again_and_is_private() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::load(directory.path()).unwrap(), None);

        let mut manifest = manifest(directory.path());
        manifest.nodes.push(collator_record("picasso-1", 2_087));
        manifest.parachains.push(parachain_record(2_087, "picasso"));
        manifest.save().unwrap();
        manifest.save().unwrap();

        assert_eq!(Manifest::load(directory.path()).unwrap(), Some(manifest));
        let mode = fs::metadata(directory.path().join(FILE_NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_stopped_network_names_no_process() {
        let stopped = manifest(Path::new("/base")).stopped();
        assert_eq!(stopped.launcher_pid, None);
        assert_eq!(stopped.nodes[0].pid, None);
    }

    #[test]
    fn a_network_at_another_place_has_no_path_of_the_old_one() {
        let mut network = manifest(Path::new("/base"));
        network.parachains.push(parachain_record(2_087, "picasso"));
        let moved = network.clone().moved_to(Path::new("/elsewhere"));
        let text = serde_json::to_string(&moved).unwrap();
        assert!(!text.contains("/base"), "{text}");
        assert_eq!(moved.nodes[0].log, Path::new("/elsewhere/alice/node.log"));
        assert_eq!(moved.moved_to(Path::new("/base")), network);
    }

    #[test]
    fn a_manifest_of_an_older_executable_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let mut value = serde_json::to_value(manifest(directory.path())).unwrap();
        let fields = value.as_object_mut().unwrap();
        fields.remove("options").unwrap();
        fields.remove("finalized").unwrap();
        fs::write(directory.path().join(FILE_NAME), value.to_string()).unwrap();
        let older = Manifest::load(directory.path()).unwrap().unwrap();
        assert_eq!((older.finalized, older.options), (0, StartOptions::default()));
    }

    #[test]
    fn a_broken_manifest_names_its_path_and_a_remedy() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FILE_NAME), "{").unwrap();
        let message = Manifest::load(directory.path()).unwrap_err().to_string();
        assert!(message.contains(FILE_NAME) && message.contains("--base-path"), "{message}");
    }
}
