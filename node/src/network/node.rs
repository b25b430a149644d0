// SPDX-License-Identifier: GPL-3.0-only
//! One node of a local network: how it is started, and what is known of it while it runs.

use super::{
    arguments::{command_line, LaunchOptions, KEYSTORE, NODE_KEY_FILE},
    follower,
    keys::{development_flag, write_keystore, NodeKey},
    lock, log_file,
    manifest::{write_private, NodeRecord, RelayerRecord, Role, StatePruning, SyncMode, LOG_FILE},
    ports::NodePorts,
    process::Process,
    progress::{Event, Timeline},
    rpc, Error, Result,
};
use jsonrpsee::ws_client::WsClient;
use serde::{Deserialize, Serialize};
use serin_chain_spec::ParachainKind;
use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Mutex},
};
use tokio::sync::watch;

/// How much of a log an error shows.
pub const TAIL_LINES: usize = 20;
/// How often a collator is started anew when it ends before it answers: it gives up when no validator answers it for 15 s,
/// and on a slow machine validators take longer.
const COLLATOR_ATTEMPTS: u32 = 4;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "detail", rename_all = "lowercase")]
pub enum NodeState {
    /// The process is there and does not answer yet.
    Starting,
    /// It answers over RPC.
    Running,
    /// It was asked to stop.
    Stopped,
    /// It was killed by command.
    Killed,
    /// It ended by itself.
    Exited(String),
    /// Another program answers on its RPC port.
    Foreign(String),
}

impl NodeState {
    /// Whether the node ended, or was lost, without being told to end.
    pub const fn has_failed(&self) -> bool {
        matches!(self, Self::Exited(_) | Self::Foreign(_))
    }

    /// Whether more is to come from this process.
    pub const fn is_active(&self) -> bool {
        matches!(self, Self::Starting | Self::Running)
    }

    pub const fn name(&self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Killed => "killed",
            Self::Exited(_) => "exited",
            Self::Foreign(_) => "foreign",
        }
    }
}

/// What a node has reported last; zero after each start until it reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeStatus {
    #[serde(flatten)]
    pub state: NodeState,
    pub best: u32,
    pub finalized: u32,
}

impl NodeStatus {
    const fn new(state: NodeState) -> Self {
        Self { state, best: 0, finalized: 0 }
    }
}

/// One row of `serin network status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodeReport {
    pub name: String,
    pub pid: Option<u32>,
    pub role: Role,
    /// The parachain that a collator is of: best and finalized block are of this chain.
    pub para: Option<u32>,
    pub rpc_url: String,
    /// None when the node does not answer.
    pub peers: Option<u32>,
    #[serde(flatten)]
    pub status: NodeStatus,
}

/// The answer of `serin network status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkStatus {
    pub name: String,
    pub base_path: PathBuf,
    pub chain: String,
    /// None when no validator answers.
    pub session: Option<u32>,
    pub nodes: Vec<NodeReport>,
    pub parachains: Vec<ParachainReport>,
    pub relayers: Vec<RelayerRecord>,
}

/// A parachain, as the relay chain knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParachainReport {
    pub id: u32,
    pub name: String,
    pub kind: ParachainKind,
    /// The number of its last block that the relay chain has included.
    pub included: u32,
}

/// What distinguishes a node from the others of its network.
#[derive(Clone, Debug)]
pub struct NodePlan {
    pub name: String,
    /// The parachain of a collator; none for a validator.
    pub para: Option<u32>,
    pub session_keys: Option<String>,
    pub reports_finality: bool,
    pub state_pruning: StatePruning,
    pub sync: SyncMode,
}

impl NodePlan {
    /// Makes the node's directory with its node key and, where the SDK has no flag for them, its session keys.
    pub fn prepare(self, network: &str, base_path: &Path, ports: NodePorts) -> Result<NodeRecord> {
        let directory = base_path.join(&self.name);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)
            .map_err(Error::io("creating", &directory))?;
        let key = NodeKey::derive(network, &self.name);
        write_private(&directory.join(NODE_KEY_FILE), key.to_hex().as_bytes())?;
        if let Some(derivation) = self.session_keys.as_deref().filter(|keys| development_flag(keys).is_none()) {
            // A validator's: there are more of those than the SDK has flags for.
            write_keystore(&directory.join(KEYSTORE), derivation)?;
        }
        let peer_id = key.peer_id();
        Ok(NodeRecord {
            role: if self.para.is_some() { Role::Collator } else { Role::Validator },
            para: self.para,
            pid: None,
            rpc_url: format!("ws://127.0.0.1:{}", ports.rpc),
            p2p_address: format!("/ip4/127.0.0.1/tcp/{}/ws/p2p/{peer_id}", ports.p2p),
            peer_id,
            prometheus_url: format!("http://127.0.0.1:{}/metrics", ports.prometheus),
            log: directory.join(LOG_FILE),
            base_path: directory,
            ports,
            name: self.name,
            session_keys: self.session_keys,
            reports_finality: self.reports_finality,
            state_pruning: self.state_pruning,
            sync: self.sync,
        })
    }
}

pub struct Node {
    record: NodeRecord,
    binary: PathBuf,
    arguments: Vec<OsString>,
    current: Mutex<Option<Current>>,
    client: Mutex<Option<Arc<WsClient>>>,
    status: watch::Sender<NodeStatus>,
}

/// The node's latest process, and what its end will mean.
struct Current {
    process: Arc<Process>,
    ending: Option<NodeState>,
    has_answered: bool,
    /// How many more processes may follow this one if it does not answer.
    attempts_left: u32,
}

impl Current {
    const fn new(process: Arc<Process>, attempts_left: u32) -> Self {
        Self { process, ending: None, has_answered: false, attempts_left }
    }
}

impl Node {
    /// `others`: the nodes that it is to find.
    pub fn new(record: NodeRecord, options: &LaunchOptions, others: &[NodeRecord]) -> Self {
        let (binary, arguments) = command_line(&record, options, others);
        Self {
            binary,
            arguments,
            record,
            current: Mutex::new(None),
            client: Mutex::new(None),
            status: watch::Sender::new(NodeStatus::new(NodeState::Stopped)),
        }
    }

    pub fn name(&self) -> &str {
        &self.record.name
    }

    /// The node as it is now.
    pub fn record(&self) -> NodeRecord {
        NodeRecord { pid: self.process().map(|process| process.pid()), ..self.record.clone() }
    }

    pub fn status(&self) -> NodeStatus {
        self.status.borrow().clone()
    }

    pub fn subscribe(&self) -> watch::Receiver<NodeStatus> {
        self.status.subscribe()
    }

    /// The connection that follows the node's heads.
    pub fn client(&self) -> Option<Arc<WsClient>> {
        lock(&self.client).clone()
    }

    pub fn set_client(&self, client: Option<Arc<WsClient>>) {
        *lock(&self.client) = client;
    }

    /// The process, while it runs.
    pub fn process(&self) -> Option<Arc<Process>> {
        lock(&self.current).as_ref().map(|current| current.process.clone()).filter(|process| process.is_running())
    }

    /// Starts the process and a task that follows it. Nothing happens if it runs.
    pub fn start(self: &Arc<Self>, timeline: &Arc<Timeline>) -> Result<()> {
        if self.process().is_some() {
            return Ok(());
        }
        self.record.ports.ensure_free(self.name())?;
        let process = self.spawn()?;
        let attempts = if self.role() == Role::Collator { COLLATOR_ATTEMPTS } else { 1 };
        {
            let mut current = lock(&self.current);
            *current = Some(Current::new(process.clone(), attempts.saturating_sub(1)));
            self.status.send_replace(NodeStatus::new(NodeState::Starting));
        }
        self.follow(process, timeline);
        Ok(())
    }

    /// Starts another process in place of `process`, which has ended, if it gave up too early: it did not answer, was not
    /// told to end, and there are attempts left. Whether it did.
    pub fn start_again(self: &Arc<Self>, process: &Arc<Process>, exit: ExitStatus, timeline: &Arc<Timeline>) -> bool {
        let fresh = {
            let mut current = lock(&self.current);
            let Some(current) = current.as_mut().filter(|current| Arc::ptr_eq(&current.process, process)) else {
                return false;
            };
            let has_given_up = current.ending.is_none() && !current.has_answered;
            let Some(attempts_left) = current.attempts_left.checked_sub(1).filter(|_| has_given_up) else {
                return false;
            };
            // One that cannot be started has ended like any other.
            let Ok(fresh) = self.spawn() else { return false };
            *current = Current::new(fresh.clone(), attempts_left);
            fresh
        };
        timeline.emit(&Event::GaveUp { node: self.name().to_owned(), status: exit.to_string() });
        self.follow(fresh, timeline);
        true
    }

    /// Asks the node to shut down.
    pub fn terminate(&self) {
        self.end(NodeState::Stopped, Process::terminate);
    }

    /// Kills the node and its workers.
    pub fn kill(&self) {
        self.end(NodeState::Killed, Process::kill);
    }

    /// Waits until the process has ended and is reported so.
    pub async fn wait_ended(&self, timeline: &Timeline) {
        let process = lock(&self.current).as_ref().map(|current| current.process.clone());
        if let Some(process) = process {
            let exit = process.wait().await;
            self.note_exit(&process, exit, timeline);
        }
    }

    /// Changes the status, unless `process` is not the node's latest any more.
    pub fn publish(&self, process: &Arc<Process>, change: impl FnOnce(&mut NodeStatus)) {
        let mut current = lock(&self.current);
        if let Some(current) = current.as_mut().filter(|current| Arc::ptr_eq(&current.process, process)) {
            self.status.send_modify(change);
            current.has_answered |= self.status.borrow().state == NodeState::Running;
        }
    }

    /// Records the end of `process`, once.
    pub fn note_exit(&self, process: &Arc<Process>, exit: ExitStatus, timeline: &Timeline) {
        let mut event = None;
        {
            let current = lock(&self.current);
            let Some(current) = current.as_ref().filter(|current| Arc::ptr_eq(&current.process, process)) else {
                return;
            };
            let state = current.ending.clone().unwrap_or_else(|| NodeState::Exited(exit.to_string()));
            self.status.send_if_modified(|status| {
                // A foreign answer explains the end better than the exit status does.
                let is_news = status.state.is_active();
                if is_news {
                    event = exit_event(self.name(), &state);
                    *status = NodeStatus { state, ..*status };
                }
                is_news
            });
        }
        self.set_client(None);
        if let Some(event) = event {
            timeline.emit(&event);
        }
    }

    /// One row of the status table, with the peers asked now.
    pub async fn report(&self) -> NodeReport {
        let peers = match self.client() {
            Some(client) => rpc::health(&client).await.ok().map(|health| health.peers),
            None => None,
        };
        let record = self.record();
        NodeReport {
            name: record.name,
            pid: record.pid,
            role: record.role,
            para: record.para,
            rpc_url: record.rpc_url,
            peers,
            status: self.status(),
        }
    }

    /// The error that a node in a state that is not active stands for.
    pub fn error(&self, status: &NodeStatus) -> Error {
        let node = self.name().to_owned();
        match &status.state {
            NodeState::Exited(exit) => {
                Error::NodeExited { node, status: exit.clone(), log: self.record.log.clone(), tail: self.log_tail() }
            }
            NodeState::Foreign(detail) => Error::WrongNode { node, detail: detail.clone() },
            NodeState::Starting | NodeState::Running => Error::NoAnswer { node, url: self.record.rpc_url.clone() },
            NodeState::Stopped | NodeState::Killed => Error::NodeNotRunning { node },
        }
    }

    pub fn log_tail(&self) -> String {
        log_file::tail(&self.record.log, TAIL_LINES)
    }

    pub fn log(&self) -> &Path {
        &self.record.log
    }

    pub fn peer_id(&self) -> &str {
        &self.record.peer_id
    }

    pub fn rpc_url(&self) -> &str {
        &self.record.rpc_url
    }

    pub fn session_keys(&self) -> Option<&str> {
        self.record.session_keys.as_deref()
    }

    pub fn role(&self) -> Role {
        self.record.role
    }

    pub fn para(&self) -> Option<u32> {
        self.record.para
    }

    /// As if the node had reported this.
    #[cfg(test)]
    pub fn set_status(&self, status: NodeStatus) {
        self.status.send_replace(status);
    }

    fn end(&self, ending: NodeState, how: fn(&Process)) {
        let mut current = lock(&self.current);
        let Some(current) = current.as_mut() else { return };
        // Also one that has just ended by itself, so that nothing follows it.
        current.attempts_left = 0;
        if current.process.is_running() {
            current.ending = Some(ending);
            how(&current.process);
        }
    }

    fn spawn(&self) -> Result<Arc<Process>> {
        let spawn_error = |source| Error::Spawn { node: self.name().to_owned(), binary: self.binary.clone(), source };
        Ok(Arc::new(Process::spawn(self.command()?).map_err(spawn_error)?))
    }

    fn follow(self: &Arc<Self>, process: Arc<Process>, timeline: &Arc<Timeline>) {
        timeline.emit(&Event::Spawned { node: self.name().to_owned(), pid: process.pid() });
        tokio::spawn(follower::follow(self.clone(), process, timeline.clone()));
    }

    fn command(&self) -> Result<Command> {
        let log = &self.record.log;
        let output =
            OpenOptions::new().create(true).append(true).mode(0o600).open(log).map_err(Error::io("opening", log))?;
        let errors = output.try_clone().map_err(Error::io("opening", log))?;
        let mut command = Command::new(&self.binary);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(output).stderr(errors);
        Ok(command)
    }
}

fn exit_event(node: &str, state: &NodeState) -> Option<Event> {
    let node = node.to_owned();
    match state {
        NodeState::Killed => Some(Event::Killed { node }),
        NodeState::Exited(status) => Some(Event::Exited { node, status: status.clone() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prepared_node_has_a_private_key_file() {
        let base = tempfile::tempdir().unwrap();
        let plan = NodePlan {
            name: "validator7".into(),
            para: None,
            session_keys: Some("//Validator7".into()),
            reports_finality: false,
            state_pruning: StatePruning::ArchiveCanonical,
            sync: SyncMode::Full,
        };
        let ports = NodePorts { rpc: 1, p2p: 2, prometheus: 3 };
        let record = plan.prepare("serin-1", base.path(), ports).unwrap();
        let key = fs::read_to_string(record.base_path.join(NODE_KEY_FILE)).unwrap();
        assert_eq!(key, NodeKey::derive("serin-1", "validator7").to_hex());
        assert!(record.p2p_address.ends_with(&record.peer_id));
        assert!(record.base_path.join(KEYSTORE).is_dir());
    }

    #[test]
    fn a_report_names_the_state_flatly() {
        let report = NodeReport {
            name: "alice".into(),
            pid: None,
            role: Role::Validator,
            para: None,
            rpc_url: "ws://127.0.0.1:1".into(),
            peers: None,
            status: NodeStatus { state: NodeState::Exited("exit status: 1".into()), best: 2, finalized: 1 },
        };
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["state"], "exited");
        assert_eq!(json["best"], 2);
        assert_eq!(serde_json::from_value::<NodeReport>(json).unwrap(), report);
        let running = NodeReport { status: NodeStatus::new(NodeState::Running), ..report };
        let text = serde_json::to_string(&running).unwrap();
        assert_eq!(serde_json::from_str::<NodeReport>(&text).unwrap(), running);
    }
}
