// SPDX-License-Identifier: GPL-3.0-only
//! The relayers of a network: processes that carry messages between its parachains. They keep nothing, so that a directory with
//! a log is all that one has.

use super::{
    lock,
    manifest::{NodeRecord, RelayerRecord, Role, LOG_FILE},
    ports::PortAllocator,
    process::Process,
    progress::{Event, Timeline},
    Error, Result,
};
use futures::future::join_all;
use std::{
    ffi::OsString,
    fs::{self, OpenOptions},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex,
    },
};

/// What a number is put behind for a relayer's name.
const NAME_PREFIX: &str = "relayer-";

/// All of a network.
pub struct Relayers(Vec<Arc<Relayer>>);

/// One process and its successors.
pub struct Relayer {
    record: RelayerRecord,
    binary: PathBuf,
    arguments: Vec<OsString>,
    current: Mutex<Option<Current>>,
}

struct Current {
    process: Arc<Process>,
    /// Whether it was told to end.
    is_ended: Arc<AtomicBool>,
}

impl Relayers {
    /// `count` of them, each between all parachains of the network. A single parachain needs none.
    pub fn prepare(
        count: u32,
        base_path: &Path,
        binary: &Path,
        nodes: &[NodeRecord],
        ports: &mut PortAllocator,
    ) -> Result<Self> {
        let collators = nodes.iter().filter(|node| node.role == Role::Collator).collect::<Vec<_>>();
        let has_two_ends = collators.iter().any(|node| collators.first().is_some_and(|first| first.para != node.para));
        let count = if has_two_ends { count } else { 0 };
        let prepared = (1..=count).map(|number| {
            let name = format!("{NAME_PREFIX}{number}");
            let directory = base_path.join(&name);
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory);
            made.map_err(Error::io("creating", &directory))?;
            let port = ports.next(&name)?.prometheus;
            let record = RelayerRecord {
                name,
                pid: None,
                prometheus_url: format!("http://127.0.0.1:{port}/metrics"),
                log: directory.join(LOG_FILE),
            };
            let arguments = arguments(&collators, port);
            Ok(Arc::new(Relayer { record, binary: binary.to_owned(), arguments, current: Mutex::default() }))
        });
        prepared.collect::<Result<_>>().map(Self)
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Relayer>> {
        self.0.iter().find(|relayer| relayer.record.name == name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|relayer| relayer.record.name.as_str())
    }

    pub fn records(&self) -> Vec<RelayerRecord> {
        self.0.iter().map(|relayer| relayer.record()).collect()
    }

    pub fn start_all(&self, timeline: &Arc<Timeline>) -> Result<()> {
        self.0.iter().try_for_each(|relayer| relayer.start(timeline))
    }

    /// Kills all of them. They have nothing to put in order.
    pub fn kill_all(&self) {
        self.0.iter().for_each(|relayer| relayer.kill());
    }

    pub async fn wait_ended(&self) {
        join_all(self.0.iter().map(|relayer| relayer.wait_ended())).await;
    }
}

impl Relayer {
    pub fn record(&self) -> RelayerRecord {
        RelayerRecord { pid: self.process().map(|process| process.pid()), ..self.record.clone() }
    }

    /// The process, while it runs.
    pub fn process(&self) -> Option<Arc<Process>> {
        lock(&self.current).as_ref().map(|current| current.process.clone()).filter(|process| process.is_running())
    }

    /// Nothing happens if it runs.
    pub fn start(&self, timeline: &Arc<Timeline>) -> Result<()> {
        if self.process().is_some() {
            return Ok(());
        }
        let node = self.record.name.clone();
        let failed = |source| Error::Spawn { node: node.clone(), binary: self.binary.clone(), source };
        let process = Arc::new(Process::spawn(self.command()?).map_err(failed)?);
        let is_ended = Arc::new(AtomicBool::new(false));
        *lock(&self.current) = Some(Current { process: process.clone(), is_ended: is_ended.clone() });
        timeline.emit(&Event::Spawned { node: node.clone(), pid: process.pid() });
        let timeline = timeline.clone();
        tokio::spawn(async move {
            let status = process.wait().await.to_string();
            let event =
                if is_ended.load(Ordering::SeqCst) { Event::Killed { node } } else { Event::Exited { node, status } };
            timeline.emit(&event);
        });
        Ok(())
    }

    pub fn kill(&self) {
        if let Some(current) = lock(&self.current).as_ref() {
            current.is_ended.store(true, Ordering::SeqCst);
            current.process.kill();
        }
    }

    pub async fn wait_ended(&self) {
        let process = lock(&self.current).as_ref().map(|current| current.process.clone());
        if let Some(process) = process {
            process.wait().await;
        }
    }

    fn command(&self) -> Result<Command> {
        let log = &self.record.log;
        let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(log);
        let output = opened.map_err(Error::io("opening", log))?;
        let errors = output.try_clone().map_err(Error::io("opening", log))?;
        let mut command = Command::new(&self.binary);
        command.args(&self.arguments).stdin(Stdio::null()).stdout(output).stderr(errors);
        Ok(command)
    }
}

fn arguments(collators: &[&NodeRecord], metrics_port: u16) -> Vec<OsString> {
    let mut line = ["xcmp", "relay"].map(OsString::from).to_vec();
    for end in ["--from", "--to"] {
        line.extend(collators.iter().flat_map(|node| [end.into(), OsString::from(&node.rpc_url)]));
    }
    line.extend(["--metrics-port".into(), metrics_port.to_string().into()]);
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::manifest::tests::{collator_record, node_record};

    fn prepare(count: u32, nodes: &[NodeRecord]) -> Relayers {
        let base = tempfile::tempdir().unwrap();
        Relayers::prepare(count, base.path(), Path::new("serin"), nodes, &mut PortAllocator::free()).unwrap()
    }

    #[test]
    fn a_relayer_is_told_every_collator_as_both_ends() {
        let nodes = [node_record("alice"), collator_record("picasso-1", 2_087), collator_record("subsocial-1", 2_100)];
        let relayers = prepare(2, &nodes);
        assert_eq!(relayers.names().collect::<Vec<_>>(), ["relayer-1", "relayer-2"]);
        let line = &relayers.get("relayer-2").unwrap().arguments;
        let count = |part: &str| line.iter().filter(|word| *word == part).count();
        assert_eq!((count("--from"), count("--to"), count("--metrics-port")), (2, 2, 1));
    }

    #[test]
    fn one_parachain_needs_no_relayer() {
        assert!(prepare(1, &[collator_record("picasso-1", 2_087), collator_record("picasso-2", 2_087)]).0.is_empty());
        assert!(prepare(1, &[node_record("alice")]).0.is_empty());
    }
}
