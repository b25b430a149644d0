// SPDX-License-Identifier: GPL-3.0-only
//! The nodes of one running network and every change to them. Shared by the network's handle and its control socket.

use super::{
    arguments::LaunchOptions,
    keys::{self, ensure_name},
    lock,
    manifest::{Account, Manifest, NodeRecord, ParachainRecord, Role, StatePruning, SyncMode},
    node::{NetworkStatus, Node, NodePlan, NodeState, NodeStatus},
    parachains::Parachains,
    ports::PortAllocator,
    progress::{Event, Timeline},
    registry::Registration,
    relayers::{Relayer, Relayers},
    rpc,
    snapshot::{self, Draft, SnapshotReport, Watcher},
    Condition, Error, Result,
};
use futures::future::{join_all, try_join_all};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex, PoisonError, RwLock,
    },
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{sync::watch, time::timeout_at};

/// How long nodes may take to shut down before they are killed.
const STOP_GRACE: Duration = Duration::from_secs(5);
/// A killed process ends at once, unless it hangs in the kernel.
const KILL_GRACE: Duration = Duration::from_secs(3);
/// How long a node that joins, or comes back, may take to answer.
const JOIN_TIMEOUT: Duration = Duration::from_secs(120);

pub struct Cluster {
    pub name: String,
    pub base_path: PathBuf,
    pub chain: String,
    pub temporary: bool,
    pub control_socket: PathBuf,
    pub accounts: Vec<Account>,
    pub options: LaunchOptions,
    pub timeline: Arc<Timeline>,
    pub nodes: RwLock<Vec<Arc<Node>>>,
    pub parachains: Parachains,
    pub relayers: Relayers,
    pub ports: Mutex<PortAllocator>,
    /// None once the network is stopped.
    pub holdings: Mutex<Option<Holdings>>,
    /// Held during a change, so that changes come one after the other.
    pub changes: tokio::sync::Mutex<()>,
    /// Whether what the start had to wait for has come.
    pub is_ready: AtomicBool,
    /// Whether the network is being stopped: work that would be in the way is given up.
    pub is_ending: Arc<AtomicBool>,
    /// Becomes true when another process has asked for a stop, and it is done.
    pub stopped_by_request: watch::Sender<bool>,
}

/// What a running network keeps from others. Dropping it gives all of it back, and removes a temporary base path.
pub struct Holdings {
    pub _registration: Registration,
    pub _base_path_lock: File,
    pub temporary: Option<TempDir>,
}

/// What is to be changed.
#[derive(Default)]
struct Named {
    nodes: Vec<Arc<Node>>,
    relayers: Vec<Arc<Relayer>>,
}

impl Cluster {
    /// Starts every node and every relayer that does not run.
    pub fn start_all(&self) -> Result<()> {
        self.nodes().iter().try_for_each(|node| node.start(&self.timeline))?;
        self.timeline.all_spawned();
        self.relayers.start_all(&self.timeline)?;
        self.save_manifest()
    }

    pub fn nodes(&self) -> Vec<Arc<Node>> {
        self.nodes.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn validators(&self) -> Vec<Arc<Node>> {
        self.nodes().into_iter().filter(|node| node.role() == Role::Validator).collect()
    }

    pub fn node(&self, name: &str) -> Result<Arc<Node>> {
        let nodes = self.nodes();
        let known = || nodes.iter().map(|node| node.name()).chain(self.relayers.names()).collect::<Vec<_>>().join(", ");
        let found = nodes.iter().find(|node| node.name() == name).cloned();
        found.ok_or_else(|| Error::UnknownNode { node: name.to_owned(), known: known() })
    }

    pub fn manifest(&self) -> Manifest {
        Manifest {
            name: self.name.clone(),
            base_path: self.base_path.clone(),
            temporary: self.temporary,
            chain: self.chain.clone(),
            chain_spec: self.options.chain_spec.clone(),
            genesis_hash: self.timeline.genesis_hash(),
            finalized: self.timeline.highest_finalized(),
            launcher_pid: Some(std::process::id()),
            control_socket: self.control_socket.clone(),
            nodes: self.nodes().iter().map(|node| node.record()).collect(),
            parachains: self.parachain_records(),
            relayers: self.relayers.records(),
            accounts: self.accounts.clone(),
            options: self.options.chosen(),
            timings_ms: self.timeline.timings(),
        }
    }

    /// The parachains with what has happened to them.
    pub fn parachain_records(&self) -> Vec<ParachainRecord> {
        let records = self.parachains.records().iter();
        let with_milestones = records.map(|record| {
            let milestones = self.timeline.parachain(record.id);
            let (first_backed, first_included) = (milestones.first_backed, milestones.first_included);
            // Of a network that is continued, the record knows more until the relay chain was seen.
            let included = self.parachains.included(record.id).unwrap_or(0).max(record.included);
            ParachainRecord { included, first_backed, first_included, ..record.clone() }
        });
        with_milestones.collect()
    }

    pub fn save_manifest(&self) -> Result<()> {
        self.manifest().save()
    }

    pub async fn status(&self) -> NetworkStatus {
        let nodes = self.nodes();
        let reports = join_all(nodes.iter().map(|node| node.report())).await;
        NetworkStatus {
            name: self.name.clone(),
            base_path: self.base_path.clone(),
            chain: self.chain.clone(),
            session: self.session().await,
            nodes: reports,
            parachains: self.parachains.reports(),
            relayers: self.relayers.records(),
        }
    }

    /// The current session, as the first validator that answers knows it.
    pub async fn session(&self) -> Option<u32> {
        let clients = self.validators().iter().filter_map(|node| node.client()).collect::<Vec<_>>();
        for client in clients {
            if let Ok(session) = rpc::session_index(&client).await {
                return Some(session);
            }
        }
        None
    }

    /// Kills these nodes and relayers at once, as a crash would.
    pub async fn kill(&self, names: &[&str]) -> Result<()> {
        let _change = self.changes.lock().await;
        self.ensure_running()?;
        let Named { nodes, relayers } = self.find(names)?;
        let idle_node = nodes.iter().find(|node| node.process().is_none()).map(|node| node.name().to_owned());
        let idle_relayer = relayers.iter().map(|relayer| relayer.record()).find(|relayer| relayer.pid.is_none());
        if let Some(node) = idle_node.or_else(|| idle_relayer.map(|relayer| relayer.name)) {
            return Err(Error::NodeNotRunning { node });
        }
        nodes.iter().for_each(|node| node.kill());
        relayers.iter().for_each(|relayer| relayer.kill());
        join_all(nodes.iter().map(|node| node.wait_ended(&self.timeline))).await;
        join_all(relayers.iter().map(|relayer| relayer.wait_ended())).await;
        self.save_manifest()
    }

    /// Starts these nodes and relayers again, after a clean end of the nodes that run. Returns once their processes exist.
    pub async fn restart(&self, names: &[&str]) -> Result<()> {
        let _change = self.changes.lock().await;
        self.ensure_running()?;
        let Named { nodes, relayers } = self.find(names)?;
        relayers.iter().for_each(|relayer| relayer.kill());
        self.end(&nodes).await;
        join_all(relayers.iter().map(|relayer| relayer.wait_ended())).await;
        nodes.iter().try_for_each(|node| node.start(&self.timeline))?;
        relayers.iter().try_for_each(|relayer| relayer.start(&self.timeline))?;
        self.save_manifest()
    }

    /// Starts a validator that the chain does not know: no session keys, an empty database. Returns once it answers.
    pub async fn add_validator(&self, name: Option<&str>, sync: SyncMode) -> Result<NodeRecord> {
        let state_pruning = match sync {
            SyncMode::Full => StatePruning::ArchiveCanonical,
            // The SDK refuses warp sync to archive nodes.
            SyncMode::Warp => StatePruning::Pruned,
        };
        let plan =
            |name| NodePlan { name, para: None, session_keys: None, reports_finality: false, state_pruning, sync };
        self.add(name, "joiner", plan).await
    }

    /// Starts a collator that its parachain does not know: no keys, an empty database. Returns once it answers.
    pub async fn add_collator(&self, para: u32, name: Option<&str>) -> Result<NodeRecord> {
        let parachain = self.parachains.record(para)?;
        let plan = |name| NodePlan {
            name,
            para: Some(para),
            session_keys: None,
            reports_finality: false,
            state_pruning: StatePruning::ArchiveCanonical,
            sync: SyncMode::Full,
        };
        self.add(name, &format!("{}-", parachain.name), plan).await
    }

    /// `prefix`: what a number is put behind where no name is given.
    async fn add(&self, name: Option<&str>, prefix: &str, plan: impl FnOnce(String) -> NodePlan) -> Result<NodeRecord> {
        let node = {
            let _change = self.changes.lock().await;
            self.ensure_running()?;
            self.start_joining(plan(self.new_name(name, prefix)?))?
        };
        // Without the lock: a stop need not wait for a node that does not come up.
        wait_for(&node, "answer over RPC", JOIN_TIMEOUT, &|status| Condition::Rpc.is_met(status)).await?;
        Ok(node.record())
    }

    /// Shuts all nodes down, writes what they keep to `file`, and starts those again that ran. Returns once they answer.
    /// `replace`: whether a file that is there already may be replaced.
    pub async fn snapshot(&self, file: &Path, replace: bool, watcher: Watcher) -> Result<SnapshotReport> {
        let (nodes, report) = {
            let _change = self.changes.lock().await;
            self.ensure_running()?;
            if !self.is_ready.load(Ordering::SeqCst) {
                return Err(Error::StillStarting { name: self.name.clone() });
            }
            let draft = Draft::create(file, replace, &self.base_path)?;
            let nodes = self.nodes().into_iter().filter(|node| node.process().is_some()).collect::<Vec<_>>();
            self.timeline.emit(&Event::SnapshotBegun { file: draft.target().to_owned() });
            self.end(&nodes).await;
            let report = snapshot::write(self.manifest(), draft, self.while_running(watcher)).await;
            let outcome = match &report {
                Ok(report) => format!("{} is complete", report.file.display()),
                Err(error) => error.to_string(),
            };
            self.timeline.emit(&Event::SnapshotEnded { outcome });
            // They come back whatever became of the snapshot, unless the network ends.
            self.resume(&nodes).map_err(|error| after(&report, error))?;
            (nodes, report?)
        };
        // Without the lock: a stop need not wait for nodes that do not come up.
        let is_up = |status: &NodeStatus| Condition::Rpc.is_met(status);
        let back = Self::wait_for_all(nodes, "answer over RPC after the snapshot", JOIN_TIMEOUT, &is_up).await;
        let reason = |error: Error| Error::NotResumed { file: report.file.clone(), reason: error.to_string() };
        back.map_err(reason)?;
        Ok(report)
    }

    /// Waits until `predicate` holds for each of `nodes`. Those that were stopped or killed, now or meanwhile, do not count;
    /// one that ended by itself is an error, also after `predicate` held for it.
    pub async fn wait_for_all(
        nodes: Vec<Arc<Node>>,
        what: &str,
        timeout: Duration,
        predicate: &(dyn Fn(&NodeStatus) -> bool + Send + Sync),
    ) -> Result<()> {
        let is_down = |node: &Arc<Node>| matches!(node.status().state, NodeState::Stopped | NodeState::Killed);
        let nodes = nodes.into_iter().filter(|node| !is_down(node)).collect::<Vec<_>>();
        let waits = nodes.iter().map(|node| async move {
            match wait_for(node, what, timeout, predicate).await {
                Err(Error::NodeNotRunning { .. }) => Ok(()),
                outcome => outcome,
            }
        });
        try_join_all(waits).await?;
        // One may have ended while others were waited for.
        let ended = nodes.iter().map(|node| (node, node.status())).find(|(_, status)| status.state.has_failed());
        ended.map_or(Ok(()), |(node, status)| Err(node.error(&status)))
    }

    /// Ends every node and gives back what the network holds. Doing it again does nothing.
    pub async fn stop(&self) -> Result<()> {
        self.is_ending.store(true, Ordering::SeqCst);
        let _change = self.changes.lock().await;
        self.relayers.kill_all();
        self.end(&self.nodes()).await;
        self.relayers.wait_ended().await;
        self.release()
    }

    /// For `Drop`: the same without grace and without waiting for tasks.
    pub fn stop_now(&self) {
        self.is_ending.store(true, Ordering::SeqCst);
        let processes = self.nodes().iter().filter_map(|node| node.process()).collect::<Vec<_>>();
        self.relayers.kill_all();
        self.nodes().iter().for_each(|node| node.kill());
        let deadline = Instant::now() + KILL_GRACE;
        for process in processes {
            process.wait_blocking(deadline);
        }
        // Nobody is left who could be told.
        let _ = self.release();
    }

    pub fn is_stopped(&self) -> bool {
        lock(&self.holdings).is_none()
    }

    /// Wants what `watcher` wants, as long as the network does not end.
    fn while_running(&self, watcher: Watcher) -> Watcher {
        let is_ending = self.is_ending.clone();
        Arc::new(move |progress| watcher(progress) && !is_ending.load(Ordering::SeqCst))
    }

    /// Starts these nodes after a pause.
    fn resume(&self, nodes: &[Arc<Node>]) -> Result<()> {
        let is_ending = || self.is_ending.load(Ordering::SeqCst);
        if is_ending() {
            return Err(Error::Stopped { name: self.name.clone() });
        }
        // Each of them: one that cannot start must not keep the others down.
        let failures = nodes.iter().filter_map(|node| node.start(&self.timeline).err()).collect::<Vec<_>>();
        if is_ending() {
            // A handle that was dropped meanwhile has not seen them.
            nodes.iter().for_each(|node| node.kill());
        }
        self.save_manifest()?;
        failures.into_iter().next().map_or(Ok(()), Err)
    }

    /// The nodes and the relayers among these.
    fn find(&self, names: &[&str]) -> Result<Named> {
        let Named { mut nodes, mut relayers } = Named::default();
        for name in names {
            match self.relayers.get(name) {
                Some(relayer) => relayers.push(relayer.clone()),
                None => nodes.push(self.node(name)?),
            }
        }
        Ok(Named { nodes, relayers })
    }

    fn ensure_running(&self) -> Result<()> {
        if self.is_stopped() {
            return Err(Error::Stopped { name: self.name.clone() });
        }
        Ok(())
    }

    /// Shuts nodes down, and kills those that do not follow.
    async fn end(&self, nodes: &[Arc<Node>]) {
        let ended = || join_all(nodes.iter().map(|node| node.wait_ended(&self.timeline)));
        nodes.iter().for_each(|node| node.terminate());
        if tokio::time::timeout(STOP_GRACE, ended()).await.is_err() {
            nodes.iter().for_each(|node| node.kill());
            // A process that survives this hangs in the kernel; waiting longer would hang the launcher too.
            let _ = tokio::time::timeout(KILL_GRACE, ended()).await;
        }
    }

    fn start_joining(&self, plan: NodePlan) -> Result<Arc<Node>> {
        let ports = lock(&self.ports).next(&plan.name)?;
        let record = plan.prepare(&self.name, &self.base_path, ports)?;
        let others = self.nodes().iter().map(|node| node.record()).collect::<Vec<_>>();
        let node = Arc::new(Node::new(record, &self.options, &others));
        node.start(&self.timeline)?;
        self.nodes.write().unwrap_or_else(PoisonError::into_inner).push(node.clone());
        self.save_manifest()?;
        Ok(node)
    }

    fn release(&self) -> Result<()> {
        let Some(mut holdings) = lock(&self.holdings).take() else { return Ok(()) };
        lock(&self.ports).release();
        // Another user of the path would have made a new one; a missing one is as good.
        let _ = fs::remove_file(&self.control_socket);
        match holdings.temporary.take() {
            Some(directory) => remove(directory),
            None => self.manifest().stopped().save(),
        }
    }

    fn new_name(&self, wanted: Option<&str>, prefix: &str) -> Result<String> {
        let nodes = self.nodes();
        let is_free = |name: &str| nodes.iter().all(|node| node.name() != name) && self.relayers.get(name).is_none();
        match wanted {
            Some(name) => {
                ensure_name("node", name)?;
                // Such a name would promise the session keys of a genesis validator.
                let is_reserved = keys::DEVELOPMENT_NAMES.iter().any(|reserved| reserved.to_lowercase() == name);
                if !is_free(name) || is_reserved {
                    return Err(Error::NodeExists { node: name.to_owned() });
                }
                Ok(name.to_owned())
            }
            None => (1_u32..)
                .map(|number| format!("{prefix}{number}"))
                .find(|name| is_free(name))
                .ok_or_else(|| Error::NodeExists { node: prefix.to_owned() }),
        }
    }
}

/// The error of a network that does not come back after a snapshot.
fn after(report: &Result<SnapshotReport>, error: Error) -> Error {
    match report {
        Ok(report) => Error::NotResumed { file: report.file.clone(), reason: error.to_string() },
        Err(_) => error,
    }
}

/// Waits until `predicate` holds for `node`. Fails when the node ends, first or right after.
pub async fn wait_for(
    node: &Node,
    what: &str,
    timeout: Duration,
    predicate: &(dyn Fn(&NodeStatus) -> bool + Send + Sync),
) -> Result<()> {
    let deadline = tokio::time::Instant::now() + timeout;
    let mut receiver = node.subscribe();
    let decided = receiver.wait_for(|status| !status.state.is_active() || predicate(status));
    let outcome = timeout_at(deadline, decided).await.map(|status| status.ok().map(|status| status.clone()));
    match outcome {
        // The sender lives in `node`, so the inner value is there.
        Ok(status) => {
            let status = status.unwrap_or_else(|| node.status());
            // What a node that has ended had reported does not make it one that runs.
            if status.state.is_active() {
                Ok(())
            } else {
                Err(node.error(&status))
            }
        }
        Err(_) => {
            let status = node.status();
            Err(Error::Timeout {
                what: what.to_owned(),
                seconds: timeout.as_secs(),
                lagging: format!(
                    "{} is {} at best block {}, finalized {}",
                    node.name(),
                    status.state.name(),
                    status.best,
                    status.finalized
                ),
                log: node.log().to_owned(),
                tail: node.log_tail(),
            })
        }
    }
}

/// Removes a temporary base path. A worker that is being killed may add a file meanwhile, so there is a second try.
fn remove(directory: TempDir) -> Result<()> {
    let path = directory.path().to_owned();
    match directory.close() {
        Ok(()) => Ok(()),
        Err(_) => match fs::remove_dir_all(&path) {
            Err(source) if path.exists() => Err(Error::Io { action: "removing", path, source }),
            _ => Ok(()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{arguments::tests::options, manifest::tests::node_record};

    const LIMIT: Duration = Duration::from_secs(60);

    fn node(name: &str, state: NodeState, finalized: u32) -> Arc<Node> {
        let node = Node::new(node_record(name), &options(), &[]);
        node.set_status(NodeStatus { state, best: finalized, finalized });
        Arc::new(node)
    }

    fn exited() -> NodeState {
        NodeState::Exited("exit status: 1".to_owned())
    }

    fn has_finalized_five(status: &NodeStatus) -> bool {
        status.finalized >= 5
    }

    #[tokio::test]
    async fn a_node_that_ended_with_what_was_waited_for_is_an_error() {
        let bob = node("bob", exited(), 5);
        let error = wait_for(&bob, "finalized block 5", LIMIT, &has_finalized_five).await.unwrap_err();
        assert!(matches!(&error, Error::NodeExited { node, .. } if node == "bob"), "{error}");
        wait_for(&node("alice", NodeState::Running, 5), "finalized block 5", LIMIT, &has_finalized_five).await.unwrap();
    }

    #[tokio::test]
    async fn a_node_that_ends_while_others_are_waited_for_is_an_error() {
        let (alice, bob) = (node("alice", NodeState::Running, 5), node("bob", NodeState::Running, 0));
        let wait = Cluster::wait_for_all(vec![alice.clone(), bob.clone()], "it", LIMIT, &has_finalized_five);
        let change = async {
            tokio::task::yield_now().await;
            alice.set_status(NodeStatus { state: exited(), best: 5, finalized: 5 });
            bob.set_status(NodeStatus { state: NodeState::Running, best: 5, finalized: 5 });
        };
        let (outcome, ()) = tokio::join!(wait, change);
        let error = outcome.unwrap_err();
        assert!(matches!(&error, Error::NodeExited { node, .. } if node == "alice"), "{error}");
    }

    #[tokio::test]
    async fn nodes_that_were_stopped_or_killed_are_not_waited_for() {
        let nodes = vec![
            node("alice", NodeState::Running, 5),
            node("bob", NodeState::Killed, 0),
            node("charlie", NodeState::Stopped, 0),
        ];
        Cluster::wait_for_all(nodes, "it", LIMIT, &has_finalized_five).await.unwrap();
    }
}
