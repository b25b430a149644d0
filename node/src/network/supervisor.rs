// SPDX-License-Identifier: GPL-3.0-only
//! The life of `serin network up` and `restore`: start, ready line, then wait for a reason to stop.

use super::{
    cli::{RestoreCmd, RunArgs, UpCmd},
    ready::{Output, Style},
    snapshot::Snapshot,
    Error, LocalNetwork, LocalNetworkBuilder, Result,
};
use std::{
    future::pending,
    os::unix::process::parent_id,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    signal::unix::{signal, Signal, SignalKind},
    time::{interval, sleep},
};

/// How often a terminal's status line is redrawn.
const REDRAW_INTERVAL: Duration = Duration::from_millis(500);
/// How often it is looked whether the parent lives.
const PARENT_INTERVAL: Duration = Duration::from_millis(200);

/// Runs a new network. `started`: when the command began.
pub async fn up(command: &UpCmd, started: Instant) -> Result<()> {
    run(described(command, started), &command.run, started).await
}

/// Runs the network of a snapshot.
pub async fn restore(command: &RestoreCmd, started: Instant) -> Result<()> {
    run(restored(command, started)?, &command.run, started).await
}

/// Runs a network until a signal, a request or the parent's end.
async fn run(builder: LocalNetworkBuilder, how: &RunArgs, started: Instant) -> Result<()> {
    let mut signals = Signals::install()?;
    let output = Arc::new(Output::new(Style::choose(how.json)));
    let parent = parent_id();
    let observer = output.clone();
    let mut builder = builder
        .timeout(Duration::from_secs(how.timeout))
        .on_event(move |elapsed, event| observer.event(elapsed, event));
    if let Some(base) = how.ports {
        builder = builder.ports(base);
    }

    // Dropping the unfinished start ends every node it has started.
    let network = tokio::select! {
        network = builder.start() => network?,
        name = signals.next() => return Err(Error::Interrupted(name)),
        () = parent_ended(how.exit_with_parent, parent) => return Err(Error::Interrupted("the end of its parent")),
    };
    output.ready(&network.manifest(), started.elapsed())?;

    let reason = tokio::select! {
        name = signals.next() => name,
        () = parent_ended(how.exit_with_parent, parent) => "the end of its parent",
        () = network.stopped_by_request() => {
            output.notice("stopped by `serin network stop`");
            return Ok(());
        },
        () = redraw(&network, &output) => return Ok(()),
    };
    output.notice(&format!("stopping {} on {reason}; once more to kill", network.name()));
    let outcome = tokio::select! {
        outcome = network.stop() => outcome,
        // Dropping the network kills what has not ended yet.
        _ = signals.next() => Ok(()),
    };
    drop(network);
    outcome
}

fn described(up: &UpCmd, started: Instant) -> LocalNetworkBuilder {
    let mut builder = LocalNetworkBuilder::new(started)
        .validators(up.validators)
        .chain(&up.chain)
        .arguments(&up.node_arguments)
        .collators(up.collators)
        .relayers(up.relayers)
        .relay_chain_access(up.relay_chain_access)
        .transport(up.transport())
        .collator_arguments(&up.collator_argument);
    for parachain in up.parachains() {
        builder = builder.parachain(parachain.clone());
    }
    if let Some(binary) = &up.collator_binary {
        builder = builder.collator_binary(binary);
    }
    if let Some(spec) = &up.spec {
        builder = builder.spec_file(spec);
    }
    if let Some(base_path) = &up.base_path {
        builder = builder.base_path(base_path);
    }
    if let Some(name) = &up.name {
        builder = builder.name(name);
    }
    if let Some(backend) = up.network_backend {
        builder = builder.network_backend(backend);
    }
    for node in &up.pruned {
        builder = builder.pruned(node);
    }
    for condition in up.conditions() {
        builder = builder.wait_for(condition);
    }
    builder
}

fn restored(restore: &RestoreCmd, started: Instant) -> Result<LocalNetworkBuilder> {
    let snapshot = Snapshot::open(&restore.file)?;
    let mut builder = LocalNetworkBuilder::new(started).snapshot(&restore.file).arguments(&restore.node_arguments);
    if let Some(binary) = &restore.collator_binary {
        builder = builder.collator_binary(binary);
    }
    if let Some(base_path) = &restore.base_path {
        builder = builder.base_path(base_path);
    }
    if let Some(name) = &restore.name {
        builder = builder.name(name);
    }
    for condition in restore.conditions(snapshot.network()) {
        builder = builder.wait_for(condition);
    }
    Ok(builder)
}

/// Redraws a terminal's status line for ever; elsewhere does nothing for ever.
async fn redraw(network: &LocalNetwork, output: &Output) {
    if output.style() != Style::Terminal {
        return pending().await;
    }
    let mut ticks = interval(REDRAW_INTERVAL);
    loop {
        ticks.tick().await;
        output.redraw(&network.status().await);
    }
}

/// Returns when the parent is another process than `parent`: a process that loses its parent is given a new one.
async fn parent_ended(is_wanted: bool, parent: u32) {
    if !is_wanted {
        return pending().await;
    }
    while parent_id() == parent {
        sleep(PARENT_INTERVAL).await;
    }
}

/// The signals that mean "stop".
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    pub fn install() -> Result<Self> {
        let install = |kind| signal(kind).map_err(Error::io("handling signals of", "this process"));
        Ok(Self {
            interrupt: install(SignalKind::interrupt())?,
            terminate: install(SignalKind::terminate())?,
            hang_up: install(SignalKind::hangup())?,
        })
    }

    /// The name of the next one.
    pub async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.hang_up.recv() => "SIGHUP",
        }
    }
}
