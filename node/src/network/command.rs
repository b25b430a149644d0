// SPDX-License-Identifier: GPL-3.0-only
//! `serin network ...`: one function per subcommand.

use super::{
    cli::{
        AddCollatorCmd, AddKind, AddValidatorCmd, LogsCmd, NetworkAction, NetworkCmd, NodeCmd, SnapshotCmd, StatusCmd,
        TargetArgs,
    },
    control::{ask, ask_and_watch, Answer, Request},
    log_file,
    manifest::{self, Manifest},
    ready::{status_table, ProgressLine},
    snapshot::{self, Megabytes, SnapshotReport},
    supervisor::{self, Signals},
    Entry, Error, Registry, Result,
};
use std::{
    future::Future,
    io::{self, Write},
    path::{self, Path, PathBuf},
    sync::Arc,
    time::Instant,
};

/// Runs the subcommand. `started`: when the process began, from where the time to ready counts.
pub fn run(command: &NetworkCmd, started: Instant) -> Result<()> {
    match &command.action {
        NetworkAction::Up(command) => block_on(supervisor::up(command, started)),
        NetworkAction::Status(command) => status(command),
        NetworkAction::Stop(target) => stop(target),
        NetworkAction::Kill(command) => kill(command),
        NetworkAction::Restart(command) => restart(command),
        NetworkAction::Add(command) => match &command.kind {
            AddKind::Validator(command) => add_validator(command),
            AddKind::Collator(command) => add_collator(command),
        },
        NetworkAction::Snapshot(command) => snapshot(command),
        NetworkAction::Restore(command) => block_on(supervisor::restore(command, started)),
        NetworkAction::Logs(command) => logs(command),
    }
}

fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // The launcher only waits; the cores are the nodes'.
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Error::io("starting the runtime of", "this process"))?;
    let outcome = runtime.block_on(work);
    // A spec that is still being built need not be waited for.
    runtime.shutdown_background();
    outcome
}

fn status(command: &StatusCmd) -> Result<()> {
    if let Answer::Status(status) = ask_network(&command.target, &Request::Status)? {
        let text = if command.json { format!("{}\n", json(&status)?) } else { status_table(&status) };
        print(&text)?;
    }
    Ok(())
}

fn stop(target: &TargetArgs) -> Result<()> {
    let network = select(target)?;
    ask_entry(&network, &Request::Stop)?;
    print(&format!("stopped {}\n", network.name))
}

fn kill(command: &NodeCmd) -> Result<()> {
    ask_network(&command.target, &Request::Kill { node: command.node.clone() })?;
    print(&format!("killed {}\n", command.node))
}

fn restart(command: &NodeCmd) -> Result<()> {
    ask_network(&command.target, &Request::Restart { node: command.node.clone() })?;
    print(&format!("restarted {}\n", command.node))
}

fn add_validator(command: &AddValidatorCmd) -> Result<()> {
    let request = Request::AddValidator { name: command.name.clone(), sync: command.sync };
    add(&command.target, &request, command.json)
}

fn add_collator(command: &AddCollatorCmd) -> Result<()> {
    let request = Request::AddCollator { name: command.name.clone(), para: command.para };
    add(&command.target, &request, command.json)
}

fn add(target: &TargetArgs, request: &Request, is_json: bool) -> Result<()> {
    if let Answer::Node(node) = ask_network(target, request)? {
        let text = if is_json {
            format!("{}\n", json(&node)?)
        } else {
            format!("added {}, pid {}, {}\n", node.name, node.pid.unwrap_or(0), node.rpc_url)
        };
        print(&text)?;
    }
    Ok(())
}

fn snapshot(command: &SnapshotCmd) -> Result<()> {
    // The launcher may be in another directory.
    let file = path::absolute(&command.file).map_err(Error::io("finding", &command.file))?;
    let progress = Arc::new(ProgressLine::new("written"));
    let outcome = match select(&command.target) {
        Ok(network) => snapshot_running(&network, file, command.force, &progress),
        Err(Error::NotRunning { path }) => block_on(snapshot_stopped(&path, &file, command.force, &progress)),
        Err(error) => Err(error),
    };
    progress.end();
    let report = outcome?;
    let text = if command.json { format!("{}\n", json(&report)?) } else { snapshot_line(&report) };
    print(&text)
}

fn snapshot_running(network: &Entry, file: PathBuf, replace: bool, progress: &ProgressLine) -> Result<SnapshotReport> {
    let socket = load(network.base_path.clone())?.control_socket;
    let request = Request::Snapshot { file, replace };
    match ask_and_watch(&socket, &request, |step| progress.show(step))? {
        Answer::Snapshot(report) => Ok(report),
        other => Err(Error::Control { path: socket, source: io::Error::other(format!("not an answer: {other:?}")) }),
    }
}

async fn snapshot_stopped(
    base_path: &Path,
    file: &Path,
    replace: bool,
    progress: &Arc<ProgressLine>,
) -> Result<SnapshotReport> {
    let mut signals = Signals::install()?;
    let line = progress.clone();
    let watcher = Arc::new(move |step| {
        line.show(step);
        true
    });
    tokio::select! {
        report = snapshot::write_stopped(base_path, file, replace, watcher) => report,
        // Dropping the work removes what it has begun.
        _ = signals.next() => Err(Error::GivenUp),
    }
}

fn snapshot_line(report: &SnapshotReport) -> String {
    let SnapshotReport { file, network, finalized, files, bytes, file_bytes, .. } = report;
    let (bytes, file_bytes) = (Megabytes(*bytes), Megabytes(*file_bytes));
    let file = file.display();
    format!("{file}: network {network} with final block {finalized}, {files} files of {bytes} in {file_bytes}\n")
}

fn logs(command: &LogsCmd) -> Result<()> {
    let manifest = any_manifest(&command.target)?;
    let nodes = manifest.nodes.iter().map(|node| (&node.name, &node.log));
    let logs = nodes.chain(manifest.relayers.iter().map(|relayer| (&relayer.name, &relayer.log)));
    let found = logs.clone().find(|(name, _)| **name == command.node);
    let (_, log) = found.ok_or_else(|| Error::UnknownNode {
        node: command.node.clone(),
        known: logs.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", "),
    })?;
    log_file::copy(log, command.follow, &mut io::stdout().lock())
}

/// The manifest of a running network, or of one named by its base path, whose logs are there also when it does not run.
fn any_manifest(target: &TargetArgs) -> Result<Manifest> {
    let named = target.network.as_deref().map(Path::new).filter(|path| path.join(manifest::FILE_NAME).is_file());
    let base_path = match named {
        Some(path) => path.to_owned(),
        None => select(target)?.base_path,
    };
    load(base_path)
}

fn ask_network(target: &TargetArgs, request: &Request) -> Result<Answer> {
    ask_entry(&select(target)?, request)
}

fn ask_entry(network: &Entry, request: &Request) -> Result<Answer> {
    ask(&load(network.base_path.clone())?.control_socket, request)
}

fn select(target: &TargetArgs) -> Result<Entry> {
    Registry::open()?.select(target.network.as_deref())
}

fn load(base_path: PathBuf) -> Result<Manifest> {
    // Without a manifest the network is at the very beginning of its start.
    Manifest::load(&base_path)?.ok_or(Error::NotRunning { path: base_path })
}

fn json<T: serde::Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|source| Error::Malformed {
        what: "an answer",
        path: "standard output".into(),
        source,
    })
}

fn print(text: &str) -> Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        // The reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(Error::io("writing to", "standard output")),
    }
}
