// SPDX-License-Identifier: GPL-3.0-only
//! Plans a local network and starts it.

use super::{
    cluster::{Cluster, Holdings},
    control,
    keys::{self, ensure_name},
    manifest::{write_private, Manifest, NetworkBackend, NodeRecord, StatePruning, SyncMode},
    node::{LaunchOptions, Node, NodePlan},
    ports::PortAllocator,
    progress::{Event, Observer, Timeline},
    registry::{lock_base_path, Registry, TEMPORARY_PREFIX},
    Condition, Error, LocalNetwork, Result,
};
use std::{
    collections::BTreeSet,
    env,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, RwLock},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{sync::watch, task::spawn_blocking};

/// Names the executable that nodes are started from.
const BINARY_VARIABLE: &str = "SERIN_BINARY";
const BINARY_NAME: &str = "serin";
const CHAIN_SPEC_FILE: &str = "chain-spec.json";
const DEFAULT_VALIDATORS: u32 = 4;
const DEFAULT_PRESET: &str = "local";
/// Several times what a network needs to start on two cores.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(180);

/// Describes a network; [`LocalNetworkBuilder::start`] brings it up.
pub struct LocalNetworkBuilder {
    started: Instant,
    name: Option<String>,
    validators: u32,
    chain: Chain,
    base_path: Option<PathBuf>,
    fixed_ports: Option<u16>,
    binary: Option<PathBuf>,
    network_backend: Option<NetworkBackend>,
    extra_arguments: Vec<String>,
    pruned: BTreeSet<String>,
    conditions: Vec<Condition>,
    timeout: Duration,
    observer: Option<Observer>,
    registry: Option<Registry>,
}

#[derive(Clone, Debug)]
enum Chain {
    Preset(String),
    File(PathBuf),
}

/// Where a network lives, and what was there before.
struct Home {
    base_path: PathBuf,
    temporary: Option<TempDir>,
    lock: fs::File,
    /// The network that this one continues.
    previous: Option<Manifest>,
}

impl LocalNetworkBuilder {
    /// `started`: from when the time to ready counts.
    pub fn new(started: Instant) -> Self {
        Self {
            started,
            name: None,
            validators: DEFAULT_VALIDATORS,
            chain: Chain::Preset(DEFAULT_PRESET.to_owned()),
            base_path: None,
            fixed_ports: None,
            binary: None,
            network_backend: None,
            extra_arguments: Vec::new(),
            pruned: BTreeSet::new(),
            conditions: Vec::new(),
            timeout: DEFAULT_TIMEOUT,
            observer: None,
            registry: None,
        }
    }

    /// The network's name. Without one: the first of `serin-1`, `serin-2`, ... that is free.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How many validators are in genesis, each a process: `alice`, `bob`, ..., `validator7`, ...
    pub fn validators(mut self, validators: u32) -> Self {
        self.validators = validators;
        self
    }

    /// The genesis preset: `local` (the default), `fast`, `development` or `serin`.
    pub fn chain(mut self, preset: impl Into<String>) -> Self {
        self.chain = Chain::Preset(preset.into());
        self
    }

    /// A spec file in place of a preset. Its genesis must hold the validators' development keys.
    pub fn spec_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.chain = Chain::File(path.into());
        self
    }

    /// Where the network's files are kept. Without it they are temporary. A network found there is continued.
    pub fn base_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.base_path = Some(path.into());
        self
    }

    /// Fixed ports: node `i` has `base + 10 * i` for RPC, and the two after it for p2p and metrics.
    pub fn ports(mut self, base: u16) -> Self {
        self.fixed_ports = Some(base);
        self
    }

    /// The executable of all nodes. Without it: `$SERIN_BINARY`, then this executable or the `serin` beside it.
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// The SDK's implementation of the p2p network; its default without this.
    pub fn network_backend(mut self, backend: NetworkBackend) -> Self {
        self.network_backend = Some(backend);
        self
    }

    /// Arguments that every node gets after all others.
    pub fn arguments<I: IntoIterator<Item: Into<String>>>(mut self, arguments: I) -> Self {
        self.extra_arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Has this node keep recent states only. The others keep all, so that they serve `archive_v1`.
    pub fn pruned(mut self, node: impl Into<String>) -> Self {
        self.pruned.insert(node.into());
        self
    }

    /// What must hold for every node before [`Self::start`] returns. That all answer over RPC is always among it.
    pub fn wait_for(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// How long [`Self::start`] waits for its conditions.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Called at each event, with the time since the start. It must not block.
    pub fn on_event(mut self, observer: impl Fn(Duration, &Event) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Another list of running networks than the user's.
    pub fn registry(mut self, registry: Registry) -> Self {
        self.registry = Some(registry);
        self
    }

    /// Brings the network up. When it fails or is dropped half-way, everything that was started is ended.
    pub async fn start(self) -> Result<LocalNetwork> {
        let binary = self.find_binary()?;
        if self.validators == 0 {
            return Err(Error::NoValidators);
        }
        if let Some(name) = &self.name {
            ensure_name("network", name)?;
        }
        let registry = self.registry.clone().map_or_else(Registry::open, Ok)?;
        let home = self.open_home()?;
        let known_name = home.previous.as_ref().map(|manifest| manifest.name.as_str());
        let name = self.name.as_deref().or(known_name);
        let registration = registry.register(name, &home.base_path, home.temporary.is_some())?;

        let timeline = Arc::new(Timeline::new(self.started, self.observer.clone()));
        let (chain, chain_spec) = self.write_spec(&home).await?;
        timeline.emit(&Event::SpecReady { chain: chain.clone() });

        let mut ports = match self.fixed_ports {
            Some(base) => PortAllocator::fixed(base),
            None => PortAllocator::free(registry.ports()?),
        };
        let records = self.prepare_nodes(registration.name(), &home, &mut ports)?;
        let options = LaunchOptions {
            binary,
            chain_spec,
            network_backend: self.network_backend,
            extra_arguments: self.extra_arguments.clone(),
        };
        let bootnodes = records.iter().map(|record| record.p2p_address.clone()).collect::<Vec<_>>();
        let nodes = records.into_iter().map(|record| Arc::new(Node::new(record, &options, &bootnodes))).collect();
        let cluster = Arc::new(Cluster {
            name: registration.name().to_owned(),
            chain,
            temporary: home.temporary.is_some(),
            control_socket: control_socket(&home.base_path, &registry, registration.name()),
            accounts: keys::accounts(self.validators),
            options,
            timeline,
            nodes: RwLock::new(nodes),
            ports: Mutex::new(ports),
            base_path: home.base_path,
            holdings: Mutex::new(Some(Holdings {
                _registration: registration,
                _base_path_lock: home.lock,
                temporary: home.temporary,
            })),
            changes: tokio::sync::Mutex::new(()),
            stopped_by_request: watch::Sender::new(false),
        });

        // From here on, dropping the handle ends what runs.
        let network = LocalNetwork::new(cluster.clone(), control::serve(cluster.clone())?);
        cluster.start_all()?;
        self.wait_until_ready(&network).await?;
        if cluster.is_stopped() {
            // By `serin network stop`, while the nodes were still starting.
            return Err(Error::Stopped { name: cluster.name.clone() });
        }
        cluster.save_manifest()?;
        Ok(network)
    }

    async fn wait_until_ready(&self, network: &LocalNetwork) -> Result<()> {
        let deadline = self.timeout.saturating_sub(network.cluster().timeline.elapsed());
        let begun = Instant::now();
        for condition in std::iter::once(&Condition::Rpc).chain(&self.conditions) {
            let left = deadline.saturating_sub(begun.elapsed());
            let what = format!("'{condition}' on every node");
            network.wait_for(&what, left, |status| condition.is_met(status)).await.map_err(|error| match error {
                Error::Timeout { what, lagging, log, tail, .. } => {
                    Error::Timeout { what, seconds: self.timeout.as_secs(), lagging, log, tail }
                }
                other => other,
            })?;
        }
        Ok(())
    }

    fn find_binary(&self) -> Result<PathBuf> {
        let named = self.binary.clone().or_else(|| env::var_os(BINARY_VARIABLE).map(PathBuf::from));
        if let Some(path) = named {
            return if path.is_file() { Ok(path) } else { Err(Error::NoBinary { beside: path }) };
        }
        let current = env::current_exe().map_err(Error::io("finding", "/proc/self/exe"))?;
        let file_name = current.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if file_name == BINARY_NAME {
            return Ok(current);
        }
        // Linux marks the path of an executable that was replaced while it runs; the link still leads to the old one.
        let replaced = PathBuf::from("/proc/self/exe");
        if file_name == format!("{BINARY_NAME} (deleted)") && replaced.exists() {
            return Ok(replaced);
        }
        // A test executable lies in `deps/`, beside or below the node's.
        let mut candidates = current.ancestors().skip(1).take(2).map(|directory| directory.join(BINARY_NAME));
        let found = candidates.find(|path| path.is_file());
        found.ok_or(Error::NoBinary { beside: current })
    }

    /// Takes the base path, and sees to it that a network found there is the one described.
    fn open_home(&self) -> Result<Home> {
        let Some(wanted) = &self.base_path else {
            let directory = tempfile::Builder::new()
                .prefix(TEMPORARY_PREFIX)
                .tempdir()
                .map_err(Error::io("creating a directory under", env::temp_dir()))?;
            let base_path = directory.path().canonicalize().map_err(Error::io("resolving", directory.path()))?;
            let lock = lock_base_path(&base_path)?;
            return Ok(Home { base_path, temporary: Some(directory), lock, previous: None });
        };
        DirBuilder::new().recursive(true).mode(0o700).create(wanted).map_err(Error::io("creating", wanted))?;
        let base_path = wanted.canonicalize().map_err(Error::io("resolving", wanted))?;
        let previous = Manifest::load(&base_path)?;
        match &previous {
            Some(manifest) => self.ensure_same(manifest, &base_path)?,
            None => ensure_empty(&base_path)?,
        }
        let lock = lock_base_path(&base_path)?;
        Ok(Home { base_path, temporary: None, lock, previous })
    }

    fn ensure_same(&self, previous: &Manifest, base_path: &Path) -> Result<()> {
        let describe = |validators: usize, chain: &str| format!("{validators} validator(s) on '{chain}'");
        let genesis_validators = previous.nodes.iter().filter(|node| node.session_keys.is_some()).count();
        let found = describe(genesis_validators, &previous.chain);
        let wanted = match &self.chain {
            Chain::Preset(preset) => describe(usize::try_from(self.validators).unwrap_or(usize::MAX), preset),
            // The file replaces the chain's only if the base path is new; comparing two specs is not for this place.
            Chain::File(_) => return Ok(()),
        };
        if found == wanted {
            Ok(())
        } else {
            Err(Error::BasePathMismatch { path: base_path.to_owned(), found, wanted })
        }
    }

    /// The chain's name and its spec file under the base path, which a continued network has already.
    async fn write_spec(&self, home: &Home) -> Result<(String, PathBuf)> {
        let path = home.base_path.join(CHAIN_SPEC_FILE);
        if let Some(previous) = home.previous.as_ref().filter(|_| path.is_file()) {
            return Ok((previous.chain.clone(), path));
        }
        let (chain, text) = match &self.chain {
            Chain::Preset(preset) => (preset.clone(), preset_spec(preset.clone(), self.validators).await?),
            Chain::File(file) => {
                let text = fs::read_to_string(file).map_err(Error::io("reading", file))?;
                (spec_id(file, &text)?, text)
            }
        };
        write_private(&path, text.as_bytes())?;
        Ok((chain, path))
    }

    /// The genesis validators, then the nodes that had joined a continued network.
    fn prepare_nodes(&self, network: &str, home: &Home, ports: &mut PortAllocator) -> Result<Vec<NodeRecord>> {
        let genesis = (0..self.validators).map(|index| {
            let name = keys::node_name(index);
            let state_pruning =
                if self.pruned.contains(&name) { StatePruning::Pruned } else { StatePruning::ArchiveCanonical };
            let session_keys = Some(keys::session_derivation(index));
            NodePlan { name, session_keys, state_pruning, sync: SyncMode::Full }
        });
        let previous = home.previous.as_ref().map_or(&[][..], |manifest| manifest.nodes.as_slice());
        let joined = previous.iter().filter(|node| node.session_keys.is_none()).map(|node| NodePlan {
            name: node.name.clone(),
            session_keys: None,
            state_pruning: node.state_pruning,
            sync: node.sync,
        });
        let plans = genesis.chain(joined).map(|mut plan| {
            // The flag must be the one the database was made with.
            if let Some(node) = previous.iter().find(|node| node.name == plan.name) {
                plan.state_pruning = node.state_pruning;
            }
            plan
        });
        plans
            .map(|plan| {
                let node_ports = ports.next(&plan.name)?;
                plan.prepare(network, &home.base_path, node_ports)
            })
            .collect()
    }
}

/// Builds the spec on a thread that may block.
async fn preset_spec(preset: String, validators: u32) -> Result<String> {
    let failed = |chain: String, reason: String| Error::ChainSpec { chain, reason };
    let name = preset.clone();
    spawn_blocking(move || {
        serin_chain_spec::local_network_specs(&preset, validators, &[])
            .map(|specs| specs.relay_chain)
            .map_err(|error| failed(preset, error.to_string()))
    })
    .await
    .unwrap_or_else(|panic| Err(failed(name, panic.to_string())))
}

fn spec_id(file: &Path, text: &str) -> Result<String> {
    let spec = serde_json::from_str::<serde_json::Value>(text).map_err(|source| Error::Malformed {
        what: "a chain spec",
        path: file.to_owned(),
        source,
    })?;
    let missing = || Error::ChainSpec { chain: file.display().to_string(), reason: "it has no \"id\"".to_owned() };
    spec.get("id").and_then(|id| id.as_str()).map(str::to_owned).ok_or_else(missing)
}

/// Under the base path, unless that is too deep for a socket's path.
fn control_socket(base_path: &Path, registry: &Registry, name: &str) -> PathBuf {
    let path = base_path.join(control::SOCKET_FILE);
    if path.as_os_str().len() <= control::MAX_SOCKET_PATH_BYTES {
        path
    } else {
        registry.directory().join(format!("{name}.sock"))
    }
}

fn ensure_empty(directory: &Path) -> Result<()> {
    let mut entries = fs::read_dir(directory).map_err(Error::io("listing", directory))?;
    // A start that failed early leaves its lock file.
    let is_lock = |entry: &fs::DirEntry| entry.file_name() == "network.lock";
    if entries.all(|entry| entry.as_ref().is_ok_and(is_lock)) {
        Ok(())
    } else {
        Err(Error::BasePathNotEmpty { path: directory.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::manifest::tests::manifest;

    fn builder() -> LocalNetworkBuilder {
        LocalNetworkBuilder::new(Instant::now())
    }

    #[test]
    fn a_directory_with_other_files_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("thesis.txt"), "").unwrap();
        assert!(matches!(builder().base_path(directory.path()).open_home(), Err(Error::BasePathNotEmpty { .. })));
    }

    #[test]
    fn a_network_is_continued_only_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        manifest(directory.path()).save().unwrap();
        let same = builder().base_path(directory.path()).validators(1).open_home().unwrap();
        assert!(same.previous.is_some());
        drop(same);
        let other = builder().base_path(directory.path()).validators(2).open_home();
        let Err(error) = other else { panic!("two validators in place of one") };
        assert!(error.to_string().contains("1 validator(s) on 'local'"), "{error}");
    }

    #[test]
    fn each_genesis_validator_gets_a_node_and_pruning_is_remembered() {
        let directory = tempfile::tempdir().unwrap();
        let builder = builder().base_path(directory.path()).validators(7).pruned("bob");
        let home = builder.open_home().unwrap();
        let mut ports = PortAllocator::free(BTreeSet::new());
        let nodes = builder.prepare_nodes("serin-1", &home, &mut ports).unwrap();
        assert_eq!(nodes.len(), 7);
        assert_eq!(nodes[6].session_keys.as_deref(), Some("//Validator7"));
        let pruned = nodes.iter().filter(|node| node.state_pruning == StatePruning::Pruned).map(|node| &node.name);
        assert_eq!(pruned.collect::<Vec<_>>(), ["bob"]);
    }

    #[test]
    fn a_deep_base_path_moves_the_socket() {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::at(directory.path().join("list")).unwrap();
        let deep = PathBuf::from("/").join("d".repeat(120));
        assert!(control_socket(&deep, &registry, "serin-1").starts_with(registry.directory()));
        assert!(control_socket(Path::new("/base"), &registry, "serin-1").starts_with("/base"));
    }

    #[tokio::test]
    async fn bad_descriptions_are_refused_before_anything_starts() {
        let with_binary = || builder().binary(env::current_exe().unwrap());
        assert!(matches!(with_binary().validators(0).start().await, Err(Error::NoValidators)));
        assert!(matches!(with_binary().name("../x").start().await, Err(Error::InvalidName { .. })));
        assert!(matches!(builder().binary("/nonexistent").start().await, Err(Error::NoBinary { .. })));
    }

    #[test]
    fn a_spec_file_names_its_chain() {
        assert_eq!(spec_id(Path::new("x.json"), r#"{"id":"mine"}"#).unwrap(), "mine");
        assert!(spec_id(Path::new("x.json"), "{}").is_err());
        assert!(spec_id(Path::new("x.json"), "no json").is_err());
    }
}
