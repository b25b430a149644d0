// SPDX-License-Identifier: GPL-3.0-only
//! What `serin network up` prints: progress on standard error, then the ready record on standard output, then on a terminal
//! one status line that is redrawn, and otherwise one line per event.

use super::{
    manifest::{Manifest, Role},
    node::{NetworkStatus, NodeState},
    progress::Event,
    snapshot::Progress,
    Error, Result,
};
use serin_chain_spec::ParachainKind;
use std::{
    fmt::Write as _,
    io::{self, IsTerminal, Write as _},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    time::Duration,
};

/// Back to the first column, and clear the line.
const CLEAR_LINE: &str = "\r\x1b[2K";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// One JSON record.
    Json,
    /// A banner and a status line.
    Terminal,
    /// Lines only.
    Lines,
}

impl Style {
    pub fn choose(json: bool) -> Self {
        if json {
            Self::Json
        } else if io::stdout().is_terminal() {
            Self::Terminal
        } else {
            Self::Lines
        }
    }
}

/// Where the output has got to. A reader that has gone ends the output, not the network.
#[derive(Debug)]
pub struct Output {
    style: Style,
    is_ready: AtomicBool,
}

impl Output {
    pub fn new(style: Style) -> Self {
        Self { style, is_ready: AtomicBool::new(false) }
    }

    pub fn style(&self) -> Style {
        self.style
    }

    /// Tells of an event: as progress before the network is ready, as news after.
    pub fn event(&self, elapsed: Duration, event: &Event) {
        let is_ready = self.is_ready.load(Ordering::SeqCst);
        match event {
            Event::Finalized { number, .. } if is_ready => {
                if self.style == Style::Lines {
                    to_stdout(&format!("finalized {number}\n"));
                }
            }
            // A chain that is running finalizes all the time; only its first block is progress.
            Event::Finalized { number, .. } if *number > 1 => {}
            // Of a parachain the first block has its own event.
            Event::Included { parachain, number } => {
                if is_ready && self.style == Style::Lines {
                    to_stdout(&format!("{parachain} included {number}\n"));
                }
            }
            event => {
                let clear = if is_ready && self.style == Style::Terminal { CLEAR_LINE } else { "" };
                to_stderr(&format!("{clear}{}\n", progress_line(elapsed, event)));
            }
        }
    }

    /// The network is ready.
    pub fn ready(&self, manifest: &Manifest, elapsed: Duration) -> Result<()> {
        let text = match self.style {
            Style::Json => {
                let record = serde_json::to_string(manifest).map_err(|source| Error::Malformed {
                    what: "a ready record",
                    path: manifest.base_path.clone(),
                    source,
                })?;
                format!("{record}\n")
            }
            Style::Terminal => banner(manifest, elapsed),
            Style::Lines => ready_line(manifest, elapsed),
        };
        to_stdout(&text);
        self.is_ready.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Redraws the status line of a terminal.
    pub fn redraw(&self, status: &NetworkStatus) {
        to_stdout(&format!("{CLEAR_LINE}{}", status_line(status)));
    }

    /// Something to say about the end.
    pub fn notice(&self, text: &str) {
        let clear = if self.style == Style::Terminal { CLEAR_LINE } else { "" };
        to_stderr(&format!("{clear}{text}\n"));
    }
}

/// Tells of long work on standard error: on a terminal by a line that is redrawn, elsewhere by a line for each tenth.
#[derive(Debug)]
pub struct ProgressLine {
    what: &'static str,
    is_terminal: bool,
    /// In percent.
    told: AtomicU64,
}

impl ProgressLine {
    /// `what`: is done, as in "written".
    pub fn new(what: &'static str) -> Self {
        Self { what, is_terminal: io::stderr().is_terminal(), told: AtomicU64::new(0) }
    }

    pub fn show(&self, progress: Progress) {
        let told = self.told.swap(progress.percent(), Ordering::SeqCst);
        if self.is_terminal {
            to_stderr(&format!("{CLEAR_LINE}{} {progress}", self.what));
        } else if progress.percent() / 10 > told / 10 {
            to_stderr(&format!("{} {progress}\n", self.what));
        }
    }

    /// Leaves a terminal's line to others.
    pub fn end(&self) {
        if self.is_terminal && self.told.load(Ordering::SeqCst) > 0 {
            to_stderr(CLEAR_LINE);
        }
    }
}

/// The table of `serin network status`.
pub fn status_table(status: &NetworkStatus) -> String {
    let head = ["NODE", "PID", "ROLE", "CHAIN", "RPC", "BEST", "FINALIZED", "PEERS", "STATE"].map(str::to_owned);
    let none = || "-".to_owned();
    let rows = status.nodes.iter().map(|node| {
        let state = match &node.status.state {
            NodeState::Exited(detail) => format!("exited ({detail})"),
            state => state.name().to_owned(),
        };
        [
            node.name.clone(),
            node.pid.map_or_else(none, |pid| pid.to_string()),
            node.role.name().to_owned(),
            node.para.map_or_else(|| "relay".to_owned(), |para| para.to_string()),
            node.rpc_url.clone(),
            node.status.best.to_string(),
            node.status.finalized.to_string(),
            node.peers.map_or_else(none, |peers| peers.to_string()),
            state,
        ]
    });
    let session = status.session.map_or_else(none, |session| session.to_string());
    let path = status.base_path.display();
    let title = format!("network {}, chain {}, session {session}, base path {path}\n", status.name, status.chain);
    let nodes = table(std::iter::once(head).chain(rows).collect());
    let head = ["PARACHAIN", "ID", "CORE", "INCLUDED"].map(str::to_owned);
    let rows = status
        .parachains
        .iter()
        .map(|para| [para.name.clone(), para.id.to_string(), core(para.kind).to_owned(), para.included.to_string()]);
    let parachains = if status.parachains.is_empty() {
        String::new()
    } else {
        format!("\n{}", table(std::iter::once(head).chain(rows).collect()))
    };
    let head = ["RELAYER", "PID", "METRICS"].map(str::to_owned);
    let rows = status.relayers.iter().map(|relayer| {
        let pid = relayer.pid.map_or_else(none, |pid| pid.to_string());
        [relayer.name.clone(), pid, relayer.prometheus_url.clone()]
    });
    let relayers = if status.relayers.is_empty() {
        String::new()
    } else {
        format!("\n{}", table(std::iter::once(head).chain(rows).collect()))
    };
    title + &nodes + &parachains + &relayers
}

const fn core(kind: ParachainKind) -> &'static str {
    match kind {
        ParachainKind::WithCore => "yes",
        ParachainKind::OnDemand => "on demand",
    }
}

fn progress_line(elapsed: Duration, event: &Event) -> String {
    format!("[{:5.1} s] {event}", elapsed.as_secs_f64())
}

fn ready_line(manifest: &Manifest, elapsed: Duration) -> String {
    let urls = manifest.nodes.iter().map(|node| format!("{}={}", node.name, node.rpc_url)).collect::<Vec<_>>();
    let parachains = manifest.parachains.iter().map(|para| format!(", parachain {}={}", para.name, para.id));
    format!(
        "ready in {:.1} s: network {}, chain {}{}, base path {}, {}\n",
        elapsed.as_secs_f64(),
        manifest.name,
        manifest.chain,
        parachains.collect::<String>(),
        manifest.base_path.display(),
        urls.join(" ")
    )
}

fn banner(manifest: &Manifest, elapsed: Duration) -> String {
    let nodes =
        std::iter::once(["NODE", "RPC", "P2P", "METRICS"].map(str::to_owned)).chain(manifest.nodes.iter().map(
            |node| [node.name.clone(), node.rpc_url.clone(), node.p2p_address.clone(), node.prometheus_url.clone()],
        ));
    let accounts = std::iter::once(["ACCOUNT", "SECRET", "ADDRESS"].map(str::to_owned)).chain(
        manifest
            .accounts
            .iter()
            .map(|account| [account.name.clone(), account.derivation.clone(), account.address.clone()]),
    );
    let parachains = if manifest.parachains.is_empty() {
        String::new()
    } else {
        let head = ["PARACHAIN", "ID", "CORE", "MANAGER", "CHAIN SPEC"].map(str::to_owned);
        let rows = manifest.parachains.iter().map(|para| {
            let spec = para.chain_spec.display().to_string();
            [para.name.clone(), para.id.to_string(), core(para.kind).to_owned(), para.manager.clone(), spec]
        });
        format!("{}\n", table(std::iter::once(head).chain(rows).collect()))
    };
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "\nNetwork {} on chain {} is ready after {:.1} s\nFiles under {}\n\n{}\n{parachains}{}\nStop it with Ctrl-C or `serin network stop`\n",
        manifest.name,
        manifest.chain,
        elapsed.as_secs_f64(),
        manifest.base_path.display(),
        table(nodes.collect()),
        table(accounts.collect()),
    );
    text
}

fn status_line(status: &NetworkStatus) -> String {
    let validators = || status.nodes.iter().filter(|node| node.role == Role::Validator);
    let best = validators().map(|node| node.status.best).max().unwrap_or(0);
    let finalized = validators().map(|node| node.status.finalized).max().unwrap_or(0);
    let parachains = status.parachains.iter().map(|para| format!("{} {}  ", para.name, para.included));
    let session = status.session.map_or_else(|| "-".to_owned(), |session| session.to_string());
    let peers = status.nodes.iter().map(|node| node.peers.map_or_else(|| "-".to_owned(), |peers| peers.to_string()));
    let peers = peers.collect::<Vec<_>>().join("/");
    let parachains = parachains.collect::<String>();
    format!("best {best}  finalized {finalized}  session {session}  {parachains}peers {peers}")
}

/// Columns as wide as their widest cell, two spaces apart.
fn table<const N: usize>(rows: Vec<[String; N]>) -> String {
    let mut widths = [0; N];
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let line = |row: &[String; N]| {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect::<Vec<_>>();
        format!("{}\n", cells.join("  ").trim_end())
    };
    rows.iter().map(line).collect()
}

fn to_stdout(text: &str) {
    let mut output = io::stdout().lock();
    // The network goes on without its reader.
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

fn to_stderr(text: &str) {
    // The same.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{
        manifest::tests::{manifest, parachain_record},
        node::{NodeReport, NodeStatus, ParachainReport},
    };
    use std::path::Path;

    fn status() -> NetworkStatus {
        let node = |name: &str, state, peers| NodeReport {
            name: name.into(),
            pid: Some(7),
            role: Role::Validator,
            para: None,
            rpc_url: "ws://127.0.0.1:9944".into(),
            peers,
            status: NodeStatus { state, best: 12, finalized: 9 },
        };
        NetworkStatus {
            name: "serin-1".into(),
            base_path: "/base".into(),
            chain: "local".into(),
            session: Some(2),
            nodes: vec![
                node("alice", NodeState::Running, Some(3)),
                node("bob", NodeState::Exited("exit status: 1".into()), None),
            ],
            parachains: Vec::new(),
            relayers: Vec::new(),
        }
    }

    /// A parachain's collator is ahead of the relay chain in the number of its block.
    fn status_with_parachain() -> NetworkStatus {
        let mut status = status();
        let collator = NodeReport {
            name: "picasso-1".into(),
            role: Role::Collator,
            para: Some(2_087),
            status: NodeStatus { state: NodeState::Running, best: 99, finalized: 98 },
            ..status.nodes[0].clone()
        };
        status.nodes.push(collator);
        let (id, name, kind) = (2_087, "picasso".into(), ParachainKind::WithCore);
        status.parachains.push(ParachainReport { id, name, kind, included: 7 });
        status
    }

    #[test]
    fn the_table_has_a_row_per_node() {
        let table = status_table(&status());
        let lines = table.lines().collect::<Vec<_>>();
        assert_eq!(lines.len(), 4);
        assert!(lines[1].starts_with("NODE   PID  ROLE       CHAIN  RPC"), "{table}");
        assert!(lines[2].ends_with("12    9          3      running"), "{table}");
        assert!(lines[3].ends_with("-      exited (exit status: 1)"), "{table}");
    }

    #[test]
    fn parachains_have_a_table_and_a_place_in_the_status_line() {
        let status = status_with_parachain();
        let table = status_table(&status);
        let row = table.lines().find(|line| line.starts_with("picasso-1")).expect("the collator");
        assert!(row.contains("collator   2087   ws://"), "{table}");
        assert!(table.ends_with("PARACHAIN  ID    CORE  INCLUDED\npicasso    2087  yes   7\n"), "{table}");
        assert_eq!(status_line(&status), "best 12  finalized 9  session 2  picasso 7  peers 3/-/3");

        let mut manifest = manifest(Path::new("/base"));
        manifest.parachains.push(parachain_record(2_087, "picasso"));
        assert!(
            banner(&manifest, Duration::ZERO).contains("picasso    2087  yes   5G       /base/chain-spec-2087.json")
        );
        assert!(ready_line(&manifest, Duration::ZERO).contains("parachain picasso=2087"));
    }

    #[test]
    fn the_status_line_is_one_line() {
        assert_eq!(status_line(&status()), "best 12  finalized 9  session 2  peers 3/-");
    }

    #[test]
    fn the_banner_names_accounts_with_their_secrets_and_every_url() {
        let banner = banner(&manifest(Path::new("/base")), Duration::from_millis(21_300));
        for part in ["ready after 21.3 s", "ws://127.0.0.1:9944", "//Alice", "9946/metrics", "serin network stop"] {
            assert!(banner.contains(part), "{part} in {banner}");
        }
    }

    #[test]
    fn the_ready_line_is_one_line() {
        let line = ready_line(&manifest(Path::new("/base")), Duration::from_secs(2));
        assert_eq!(line.lines().count(), 1);
        assert!(line.starts_with("ready in 2.0 s: network serin-1"), "{line}");
    }

    #[test]
    fn progress_tells_the_time_first() {
        let event = Event::RpcUp { node: "alice".into() };
        assert_eq!(progress_line(Duration::from_millis(1_240), &event), "[  1.2 s] alice: rpc up");
    }
}
