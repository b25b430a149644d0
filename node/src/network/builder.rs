// SPDX-License-Identifier: GPL-3.0-only
//! Plans a local network and starts it.

use super::{
    addresses,
    arguments::{CollatorOptions, LaunchOptions, RelayChainAccess},
    chains::{describe, parachain_records, Chains, RelayChain},
    cluster::{Cluster, Holdings},
    control,
    keys::{self, ensure_name},
    manifest::{Manifest, NetworkBackend, NodeRecord, ParachainRecord, StatePruning, SyncMode},
    node::{Node, NodePlan},
    parachains::{self, Parachains},
    ports::PortAllocator,
    progress::{Event, Observer, Timeline},
    registry::{lock_base_path, Registration, Registry, BASE_PATH_LOCK, TEMPORARY_PREFIX},
    relayers::Relayers,
    reporter,
    snapshot::{Progress, Snapshot},
    Condition, Error, LocalNetwork, Result,
};
use serin_chain_spec::{Parachain, ParachainKind, Transport};
use std::{
    collections::BTreeSet,
    env,
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, RwLock,
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::sync::watch;

/// Names the executable that nodes are started from.
const BINARY_VARIABLE: &str = "SERIN_BINARY";
const BINARY_NAME: &str = "serin";
const DEFAULT_VALIDATORS: u32 = 4;
const DEFAULT_PRESET: &str = "local";
/// One serves any number of parachains.
pub const DEFAULT_RELAYERS: u32 = 1;
/// Several times what a network with parachains needs to start on two cores.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(300);

/// Describes a network; [`LocalNetworkBuilder::start`] brings it up.
pub struct LocalNetworkBuilder {
    started: Instant,
    name: Option<String>,
    validators: u32,
    chain: RelayChain,
    parachains: Vec<Parachain>,
    transport: Transport,
    collators_each: u32,
    collators: CollatorOptions,
    base_path: Option<PathBuf>,
    snapshot: Option<PathBuf>,
    fixed_ports: Option<u16>,
    binary: Option<PathBuf>,
    network_backend: Option<NetworkBackend>,
    extra_arguments: Vec<String>,
    pruned: BTreeSet<String>,
    relayers: u32,
    conditions: Vec<Condition>,
    timeout: Duration,
    observer: Option<Observer>,
    registry: Option<Registry>,
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
            chain: RelayChain::Preset(DEFAULT_PRESET.to_owned()),
            parachains: Vec::new(),
            transport: Transport::default(),
            collators_each: 1,
            collators: CollatorOptions::default(),
            base_path: None,
            snapshot: None,
            fixed_ports: None,
            binary: None,
            network_backend: None,
            extra_arguments: Vec::new(),
            pruned: BTreeSet::new(),
            relayers: DEFAULT_RELAYERS,
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
        self.chain = RelayChain::Preset(preset.into());
        self
    }

    /// A spec file in place of a preset. Its genesis must hold the validators' development keys.
    pub fn spec_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.chain = RelayChain::File(path.into());
        self
    }

    /// A parachain that is registered at genesis, has a core from session 0 on, and a channel each way with the others. Its
    /// collators are `NAME-1`, ...
    pub fn para(self, id: u32, name: impl Into<String>) -> Self {
        self.parachain(Parachain { id, name: name.into(), kind: ParachainKind::WithCore, collators: 1 })
    }

    /// A parachain that is registered at genesis and has no core: it would have to buy one, and its collators wait.
    pub fn on_demand(self, id: u32, name: impl Into<String>) -> Self {
        self.parachain(Parachain { id, name: name.into(), kind: ParachainKind::OnDemand, collators: 1 })
    }

    /// One of either kind. How many collators it has is up to [`Self::collators`].
    pub fn parachain(mut self, parachain: Parachain) -> Self {
        self.parachains.push(parachain);
        self
    }

    /// How the parachains of a new network send to each other: by XCMP, or by HRMP channels of the relay chain.
    pub fn transport(mut self, transport: Transport) -> Self {
        self.transport = transport;
        self
    }

    /// How many collators each parachain has at genesis. They take turns, so each of them is started.
    pub fn collators(mut self, collators: u32) -> Self {
        self.collators_each = collators;
        self
    }

    /// Another executable for collators, with the arguments of `polkadot-omni-node`.
    pub fn collator_binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.collators.binary = Some(path.into());
        self
    }

    /// How collators follow the relay chain. Without it they ask validators over RPC.
    pub fn relay_chain_access(mut self, access: RelayChainAccess) -> Self {
        self.collators.relay_chain = access;
        self
    }

    /// Arguments that every collator gets after all others, before those of its relay chain's node.
    pub fn collator_arguments<I: IntoIterator<Item: Into<String>>>(mut self, arguments: I) -> Self {
        self.collators.extra_arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Where the network's files are kept. Without it they are temporary. A network found there is continued.
    pub fn base_path(mut self, path: impl Into<PathBuf>) -> Self {
        self.base_path = Some(path.into());
        self
    }

    /// The network of a snapshot, in place of one that is described here: its validators, its parachains and its nodes'
    /// arguments are those of the snapshot. The base path must be new or empty. Its name is kept if that is free.
    pub fn snapshot(mut self, file: impl Into<PathBuf>) -> Self {
        self.snapshot = Some(file.into());
        self
    }

    /// Fixed ports: node `i` has `base + 10 * i` for RPC, and the two after it for p2p and metrics.
    pub fn ports(mut self, base: u16) -> Self {
        self.fixed_ports = Some(base);
        self
    }

    /// The executable of all nodes but those of [`Self::collator_binary`]. Without it: `$SERIN_BINARY`, then this executable or the `serin` beside it.
    pub fn binary(mut self, path: impl Into<PathBuf>) -> Self {
        self.binary = Some(path.into());
        self
    }

    /// The SDK's implementation of the p2p network; its default without this.
    pub fn network_backend(mut self, backend: NetworkBackend) -> Self {
        self.network_backend = Some(backend);
        self
    }

    /// Arguments that every validator gets after all others.
    pub fn arguments<I: IntoIterator<Item: Into<String>>>(mut self, arguments: I) -> Self {
        self.extra_arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Has this node keep recent states only. The others keep all, so that they serve `archive_v1`.
    pub fn pruned(mut self, node: impl Into<String>) -> Self {
        self.pruned.insert(node.into());
        self
    }

    /// How many relayers carry messages between the parachains, named `relayer-1`, ... Without it there is one.
    pub fn relayers(mut self, relayers: u32) -> Self {
        self.relayers = relayers;
        self
    }

    /// What must hold before [`Self::start`] returns. That all answer over RPC is always among it.
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
    pub async fn start(mut self) -> Result<LocalNetwork> {
        let binary = self.find_binary()?;
        self.parachains.iter_mut().for_each(|parachain| parachain.collators = self.collators_each);
        let snapshot = self.snapshot.as_deref().map(Snapshot::open).transpose()?;
        if let Some(snapshot) = &snapshot {
            self.describe_as(snapshot.network());
        }
        if self.validators == 0 {
            return Err(Error::NoValidators);
        }
        if let Some(name) = &self.name {
            ensure_name("network", name)?;
        }
        let registry = self.registry.clone().map_or_else(Registry::open, Ok)?;
        let home = self.open_home(snapshot.as_ref())?;
        let registration = self.register(&registry, &home)?;

        let timeline = Arc::new(Timeline::new(self.started, self.observer.clone()));
        if let Some(snapshot) = &snapshot {
            unpack(snapshot, &home.base_path, &timeline).await?;
        }
        let chains = match &home.previous {
            Some(previous) if previous.chain_spec.is_file() => Chains::continued(previous)?,
            _ => Chains::write(&home.base_path, &self.chain, self.validators, &self.parachains, self.transport).await?,
        };
        timeline.emit(&Event::SpecReady { chain: chains.relay_chain.clone() });
        let parachains = Parachains::new(chains.parachains);
        for condition in &self.conditions {
            if let Condition::Para { id, .. } = condition {
                parachains.record(*id)?;
            }
        }

        let mut ports = match self.fixed_ports {
            Some(base) => PortAllocator::fixed(base),
            None => PortAllocator::free(),
        };
        let records = self.prepare_nodes(registration.name(), &home, &mut ports)?;
        let relayers = Relayers::prepare(self.relayers, &home.base_path, &binary, &records, &mut ports)?;
        // Also for a network that is continued: its nodes would look for one another at their former ports, where by now
        // others may listen, even some of the same chain.
        addresses::write(&records, &chains.relay_chain_id)?;
        reporter::insert_key(&records, &chains.relay_chain_id)?;
        let options = LaunchOptions {
            binary,
            chain_spec: chains.relay_chain_spec,
            network_backend: self.network_backend,
            extra_arguments: self.extra_arguments.clone(),
            parachains: parachains.records().iter().map(|record| (record.id, record.chain_spec.clone())).collect(),
            collators: self.collators.clone(),
            relayers: self.relayers,
        };
        let nodes = records.iter().map(|record| Arc::new(Node::new(record.clone(), &options, &records))).collect();
        let is_new = home.previous.is_none();
        let cluster = Arc::new(Cluster {
            name: registration.name().to_owned(),
            chain: chains.relay_chain,
            temporary: home.temporary.is_some(),
            control_socket: control_socket(&home.base_path, &registry, registration.name()),
            accounts: keys::accounts(self.validators),
            options,
            timeline,
            nodes: RwLock::new(nodes),
            parachains,
            relayers,
            ports: Mutex::new(ports),
            base_path: home.base_path,
            holdings: Mutex::new(Some(Holdings {
                _registration: registration,
                _base_path_lock: home.lock,
                temporary: home.temporary,
            })),
            changes: tokio::sync::Mutex::new(()),
            is_ready: AtomicBool::new(false),
            is_ending: Arc::default(),
            stopped_by_request: watch::Sender::new(false),
        });

        // From here on, dropping the handle ends what runs.
        let tasks = vec![control::serve(cluster.clone())?, parachains::follow(cluster.clone(), is_new)];
        let network = LocalNetwork::new(cluster.clone(), tasks);
        cluster.start_all()?;
        self.wait_until_ready(&network).await?;
        if cluster.is_stopped() {
            // By `serin network stop`, while the nodes were still starting.
            return Err(Error::Stopped { name: cluster.name.clone() });
        }
        cluster.save_manifest()?;
        cluster.is_ready.store(true, Ordering::SeqCst);
        Ok(network)
    }

    /// What a snapshot decides in place of the caller, who may name what differs between machines.
    fn describe_as(&mut self, network: &Manifest) {
        self.validators = u32::try_from(genesis_validators(network)).unwrap_or(u32::MAX);
        self.chain = RelayChain::Preset(network.chain.clone());
        let parachain = |record: &ParachainRecord| Parachain {
            id: record.id,
            name: record.name.clone(),
            kind: record.kind,
            collators: record.collators,
        };
        self.parachains = network.parachains.iter().map(parachain).collect();
        let options = &network.options;
        self.network_backend = self.network_backend.or(options.network_backend);
        self.relayers = options.relayers;
        self.extra_arguments = [options.node_arguments.as_slice(), &self.extra_arguments].concat();
        self.collators = CollatorOptions {
            binary: self.collators.binary.take().or_else(|| options.collator_binary.clone()),
            relay_chain: options.relay_chain_access,
            extra_arguments: [options.collator_arguments.as_slice(), &self.collators.extra_arguments].concat(),
        };
    }

    fn register(&self, registry: &Registry, home: &Home) -> Result<Registration> {
        let is_temporary = home.temporary.is_some();
        let known_name = home.previous.as_ref().map(|manifest| manifest.name.as_str());
        let name = self.name.as_deref().or(known_name);
        match registry.register(name, &home.base_path, is_temporary) {
            // A snapshot may be restored beside its network.
            Err(Error::NameTaken { .. }) if self.snapshot.is_some() && self.name.is_none() => {
                registry.register(None, &home.base_path, is_temporary)
            }
            outcome => outcome,
        }
    }

    async fn wait_until_ready(&self, network: &LocalNetwork) -> Result<()> {
        let deadline = self.timeout.saturating_sub(network.cluster().timeline.elapsed());
        let begun = Instant::now();
        for condition in std::iter::once(&Condition::Rpc).chain(&self.conditions) {
            let left = deadline.saturating_sub(begun.elapsed());
            wait_condition(network, *condition, left).await.map_err(|error| match error {
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

    /// Takes the base path, and sees to it that a network found there is the one described. A snapshot's is not there yet.
    fn open_home(&self, snapshot: Option<&Snapshot>) -> Result<Home> {
        let restored = |base_path: &Path| snapshot.map(|snapshot| snapshot.network().clone().moved_to(base_path));
        let Some(wanted) = &self.base_path else {
            let directory = tempfile::Builder::new()
                .prefix(TEMPORARY_PREFIX)
                .tempdir()
                .map_err(Error::io("creating a directory under", env::temp_dir()))?;
            let base_path = directory.path().canonicalize().map_err(Error::io("resolving", directory.path()))?;
            let lock = lock_base_path(&base_path)?;
            let previous = restored(&base_path);
            return Ok(Home { base_path, temporary: Some(directory), lock, previous });
        };
        DirBuilder::new().recursive(true).mode(0o700).create(wanted).map_err(Error::io("creating", wanted))?;
        let base_path = wanted.canonicalize().map_err(Error::io("resolving", wanted))?;
        // By its owner it may have been moved.
        let found = Manifest::load(&base_path)?.map(|manifest| manifest.moved_to(&base_path));
        match &found {
            _ if is_empty(&base_path)? => {}
            _ if snapshot.is_some() => return Err(Error::RestoreNotEmpty { path: base_path }),
            Some(manifest) => self.ensure_same(manifest, &base_path)?,
            None => return Err(Error::BasePathNotEmpty { path: base_path }),
        }
        let lock = lock_base_path(&base_path)?;
        let previous = found.or_else(|| restored(&base_path));
        Ok(Home { base_path, temporary: None, lock, previous })
    }

    fn ensure_same(&self, previous: &Manifest, base_path: &Path) -> Result<()> {
        let found = describe(genesis_validators(previous), &previous.chain, &previous.parachains);
        let wanted = match &self.chain {
            RelayChain::Preset(preset) => {
                let validators = usize::try_from(self.validators).unwrap_or(usize::MAX);
                describe(validators, preset, &parachain_records(base_path, &self.parachains))
            }
            // The file replaces the chain's only if the base path is new; comparing two specs is not for this place.
            RelayChain::File(_) => return Ok(()),
        };
        if found == wanted {
            Ok(())
        } else {
            Err(Error::BasePathMismatch { path: base_path.to_owned(), found, wanted })
        }
    }

    /// The validators and the collators of the genesis, then the nodes that had joined a continued network.
    fn prepare_nodes(&self, network: &str, home: &Home, ports: &mut PortAllocator) -> Result<Vec<NodeRecord>> {
        let genesis = (0..self.validators).map(|index| {
            let name = keys::node_name(index);
            let state_pruning =
                if self.pruned.contains(&name) { StatePruning::Pruned } else { StatePruning::ArchiveCanonical };
            let session_keys = Some(keys::session_derivation(index));
            // One is enough, and the first is always there.
            let reports_finality = index == 0;
            NodePlan { name, para: None, session_keys, reports_finality, state_pruning, sync: SyncMode::Full }
        });
        let collators = self.parachains.iter().flat_map(|parachain| {
            (0..parachain.collators).map(|index| NodePlan {
                name: format!("{}-{}", parachain.name, index.saturating_add(1)),
                para: Some(parachain.id),
                session_keys: Some(keys::session_derivation(index)),
                reports_finality: false,
                state_pruning: StatePruning::ArchiveCanonical,
                sync: SyncMode::Full,
            })
        });
        let previous = home.previous.as_ref().map_or(&[][..], |manifest| manifest.nodes.as_slice());
        let joined = previous.iter().filter(|node| node.session_keys.is_none()).map(|node| NodePlan {
            name: node.name.clone(),
            para: node.para,
            session_keys: None,
            reports_finality: false,
            state_pruning: node.state_pruning,
            sync: node.sync,
        });
        let plans = genesis.chain(collators).chain(joined).map(|mut plan| {
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

async fn wait_condition(network: &LocalNetwork, condition: Condition, timeout: Duration) -> Result<()> {
    let nodes = match condition {
        Condition::Para { id, number } => return network.wait_included(id, number, timeout).await,
        Condition::Rpc => network.cluster().nodes(),
        Condition::Best(_) | Condition::Finalized(_) => network.cluster().validators(),
    };
    let what = format!("'{condition}' on every node");
    Cluster::wait_for_all(nodes, &what, timeout, &|status| condition.is_met(status)).await
}

/// Puts a snapshot's files into the base path.
async fn unpack(snapshot: &Snapshot, base_path: &Path, timeline: &Arc<Timeline>) -> Result<()> {
    let timeline = timeline.clone();
    let watcher = move |progress: Progress| {
        if progress.percent().is_multiple_of(10) {
            timeline.emit(&Event::Unpacked { progress });
        }
        true
    };
    snapshot.unpack(base_path, Arc::new(watcher)).await
}

fn genesis_validators(manifest: &Manifest) -> usize {
    manifest.nodes.iter().filter(|node| node.para.is_none() && node.session_keys.is_some()).count()
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

fn is_empty(directory: &Path) -> Result<bool> {
    let mut entries = fs::read_dir(directory).map_err(Error::io("listing", directory))?;
    // A start that failed early leaves its lock file.
    let is_lock = |entry: &fs::DirEntry| entry.file_name() == BASE_PATH_LOCK;
    Ok(entries.all(|entry| entry.as_ref().is_ok_and(is_lock)))
}

#[cfg(test)]
mod tests;
