// SPDX-License-Identifier: GPL-3.0-only
//! `serin network` as its users drive it: from a shell, by its commands and by signals. Whatever ends a launcher, nothing
//! of its network is left.

use serde_json::Value;
use serin_node::network::{rpc, LocalNetwork, Registry};
use serin_tests::process::{serin, text, Finished, Running, COMMAND_LIMIT};
use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::PermissionsExt, process::ExitStatusExt},
    path::Path,
    process::Command,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// Covers compiling the runtime in each node, and some slots, on a busy machine.
const READY_LIMIT: Duration = Duration::from_secs(180);
/// Bounds the wait for a launcher's end. What it takes is a mark of `docs/figures.md`, not of a test.
const END_LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// One validator that answers: the least that can be left behind.
const SMALL: [&str; 6] = ["--validators", "1", "--chain", "fast", "--wait-for", "rpc"];

/// A place where networks register and keep their files, apart from those of whoever runs the tests.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a directory"))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = serin([&["network"], arguments].concat());
        self.apply(&mut command);
        command
    }

    fn apply(&self, command: &mut Command) {
        command.env("XDG_RUNTIME_DIR", self.path()).env("TMPDIR", self.path());
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        Running::start(self.command(arguments)).wait(COMMAND_LIMIT)
    }

    /// Starts a network, and waits for its ready record.
    fn up(&self, arguments: &[&str]) -> (Running, Value) {
        let launcher = Running::start(self.command(&[&["up", "--json"], arguments].concat()));
        wait_ready(launcher)
    }

    fn status(&self, network: &str) -> Value {
        self.run(&["status", "--json", "--network", network]).expect_success().json()
    }

    /// The processes whose arguments name this place: nodes have their base path among them.
    fn processes(&self) -> Vec<u32> {
        let names_home = |arguments: &[u8]| {
            arguments.windows(self.path().as_os_str().len()).any(|part| OsStr::from_bytes(part) == self.path())
        };
        let entries = fs::read_dir("/proc").expect("Linux has /proc").flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        // One that ends meanwhile has no arguments any more.
        ids.filter(|id| fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|arguments| names_home(&arguments))).collect()
    }

    #[track_caller]
    fn expect_no_process(&self) {
        wait_until("processes are left", || self.processes().is_empty());
    }

    /// Base paths that are still there; only temporary ones begin so.
    fn base_paths(&self) -> usize {
        let entries = fs::read_dir(self.path()).expect("it is there").flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("serin-network-")).count()
    }
}

#[test]
fn commands_drive_two_networks_side_by_side() {
    let home = Home::new();
    home.run(&["status"]).expect_error(&["no local network is running", "serin network up"]);
    let (mut first, first_record) =
        home.up(&["--name", "first", "--validators", "2", "--chain", "fast", "--wait-for", "finalized=1"]);
    let (second, second_record) = home.up(&[&["--name", "second"], &SMALL[..]].concat());
    assert_eq!((nodes(&first_record), nodes(&second_record)), (vec!["alice", "bob"], vec!["alice"]));
    assert_ne!(first_record["nodes"][0]["ports"], second_record["nodes"][0]["ports"]);
    assert!(first_record["timings_ms"]["first_finalized"].is_u64(), "{first_record}");
    home.run(&[&["up", "--name", "first"], &SMALL[..]].concat()).expect_error(&["'first' is running already"]);
    home.run(&["status"]).expect_error(&["several", "first", "second", "--network"]);

    kill_and_restart(&home);
    home.run(&["kill", "nobody", "--network", "first"]).expect_error(&["nobody", "alice, bob"]);
    let log = home.run(&["logs", "bob", "--network", "first"]).expect_success().stdout;
    assert!(log.contains("Running JSON-RPC server"), "{log}");
    add_validator(&home);

    // A base path is as good as a name.
    let base_path = second_record["base_path"].as_str().expect("a path");
    home.run(&["stop", "--network", base_path]).expect_success();
    second.wait(END_LIMIT).expect_success();
    home.run(&["logs", "alice", "--network", "second"]).expect_error(&["'second'", "running: first"]);
    assert_eq!(home.status("first")["nodes"].as_array().map(Vec::len), Some(3));

    // Only one is left, so it need not be named; Ctrl-C ends it.
    home.run(&["status"]).expect_success();
    first.signal(libc::SIGINT);
    first.wait(END_LIMIT).expect_success();
    home.expect_no_process();
    assert_eq!(home.base_paths(), 0);
    home.run(&["status"]).expect_error(&["no local network is running"]);
}

fn kill_and_restart(home: &Home) {
    let before = node_status(home, "bob");
    home.run(&["kill", "bob", "--network", "first"]).expect_success();
    let killed = node_status(home, "bob");
    assert_eq!((&killed["state"], &killed["pid"]), (&"killed".into(), &Value::Null), "{killed}");

    home.run(&["restart", "bob", "--network", "first"]).expect_success();
    wait_until("bob is not back", || node_status(home, "bob")["state"] == "running");
    let after = node_status(home, "bob");
    assert!(after["pid"].is_u64() && after["pid"] != before["pid"], "{before} {after}");
}

fn add_validator(home: &Home) {
    let added = home.run(&["add", "validator", "--json", "--network", "first"]).expect_success().json();
    assert_eq!(added["name"], "joiner1");
    wait_until("joiner1 has no peer", || node_status(home, "joiner1")["peers"].as_u64() > Some(0));
}

#[test]
fn a_network_is_continued_on_its_base_path() {
    let home = Home::new();
    let base_path = home.path().join("kept");
    let base_path = base_path.to_str().expect("a path in UTF-8");
    let arguments = ["--validators", "1", "--chain", "fast", "--base-path", base_path, "--wait-for", "finalized=1"];
    let (mut launcher, before) = home.up(&arguments);
    let first_block = block_hash(&before, 1);
    home.run(&[&["up"], &arguments[..]].concat()).expect_error(&["belongs to a network that is running"]);
    launcher.signal(libc::SIGTERM);
    launcher.wait(END_LIMIT).expect_success();
    home.expect_no_process();
    home.run(&["status", "--network", base_path]).expect_error(&["is not running", "serin network up --base-path"]);
    // The logs are still there to be read.
    home.run(&["logs", "alice", "--network", base_path]).expect_success();

    let other = ["up", "--validators", "2", "--chain", "fast", "--base-path", base_path];
    home.run(&other).expect_error(&["1 validator(s) on 'fast'", "not of 2 validator(s)"]);
    let (_launcher, after) = home.up(&arguments);
    assert_eq!(block_hash(&after, 1), first_block);
}

#[test]
fn a_snapshot_is_restored_with_the_blocks_it_was_taken_with() {
    let home = Home::new();
    let (kept, again, file) = (home.path().join("kept"), home.path().join("again"), home.path().join("one.snapshot"));
    let (kept, again, file) = (text(&kept), text(&again), text(&file));
    let (mut launcher, before) = home.up(&[
        &["--name", "first", "--validators", "2", "--chain", "fast", "--base-path", kept],
        &["--wait-for", "finalized=2"][..],
    ]
    .concat());
    let second_block = block_hash(&before, 2);

    let report = home.run(&["snapshot", file, "--json", "--network", "first"]).expect_success().json();
    assert_eq!((&report["network"], &report["genesis_hash"]), (&"first".into(), &before["genesis_hash"]), "{report}");
    assert_eq!(fs::metadata(file).expect("the snapshot").permissions().mode() & 0o777, 0o600);
    let taken_at = report["finalized"].as_u64().expect("a number");
    assert!(taken_at >= 2, "{report}");
    home.run(&["snapshot", file]).expect_error(&["exists", "--force"]);
    wait_until("the network does not go on", || node_status(&home, "bob")["finalized"].as_u64() > Some(taken_at));
    launcher.signal(libc::SIGINT);
    launcher.wait(END_LIMIT).expect_success();
    home.expect_no_process();

    // Ready means that a further block is final.
    let (mut launcher, after) = restore(&home, &[file, "--base-path", again]);
    assert_eq!((nodes(&after), &after["name"]), (nodes(&before), &before["name"]));
    assert_eq!(block_hash(&after, 2), second_block);
    assert!(after["finalized"].as_u64() > Some(taken_at), "{after}");
    home.run(&["restore", file, "--base-path", kept]).expect_error(&["is not empty", "--base-path"]);
    launcher.signal(libc::SIGINT);
    launcher.wait(END_LIMIT).expect_success();

    // Of a network that is not running, onto the older file.
    home.run(&["snapshot", file, "--network", again]).expect_error(&["exists", "--force"]);
    let report = home.run(&["snapshot", file, "--force", "--json", "--network", again]).expect_success().json();
    assert!(report["finalized"].as_u64() > Some(taken_at), "{report}");
    damaged_snapshots_are_refused(&home, file);
}

fn damaged_snapshots_are_refused(home: &Home, file: &str) {
    let whole = fs::read(file).expect("the snapshot");
    let empty = home.path().join("empty");
    let refused = |content: &[u8], parts: &[&str]| {
        fs::write(file, content).expect("the file is writable");
        home.run(&["restore", file, "--base-path", text(&empty)]).expect_error(parts);
        let left = fs::read_dir(&empty).map_or(0, |entries| entries.flatten().filter(is_no_lock).count());
        assert_eq!(left, 0, "something was kept");
    };
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    refused(&changed, &["is damaged"]);
    refused(&whole[..whole.len() / 2], &["is damaged"]);
    refused(b"something else", &["is no snapshot"]);
    home.expect_no_process();
}

fn is_no_lock(entry: &fs::DirEntry) -> bool {
    entry.file_name() != "network.lock"
}

#[test]
fn nothing_outlives_a_launcher_however_it_ends() {
    for signal in [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGKILL] {
        let home = Home::new();
        let (mut launcher, _) = home.up(&SMALL);
        assert!(!home.processes().is_empty());
        launcher.signal(signal);
        let finished = launcher.wait(END_LIMIT);
        if signal == libc::SIGKILL {
            assert_eq!(finished.status.signal(), Some(signal), "{finished}");
            home.expect_no_process();
            // What the launcher could not remove goes with the next look at the list.
            home.run(&["status"]).expect_error(&["no local network is running"]);
        } else {
            finished.expect_success();
            home.expect_no_process();
        }
        assert_eq!(home.base_paths(), 0, "after signal {signal}");
    }
}

#[test]
fn a_launcher_follows_its_parent_and_ends_in_the_middle_of_a_start() {
    let home = Home::new();
    let mut shell = Command::new("sh");
    home.apply(&mut shell);
    let serin_up = home.command(&[&["up", "--json", "--exit-with-parent"], &SMALL[..]].concat());
    // Not `exec`: the shell must be the launcher's parent.
    shell.args(["-c", "\"$@\" & wait", "sh"]).arg(serin_up.get_program()).args(serin_up.get_args());
    let (mut parent, _) = wait_ready(Running::start(shell));
    parent.signal(libc::SIGKILL);
    parent.wait(END_LIMIT);
    home.expect_no_process();
    wait_until("the base path is left", || home.base_paths() == 0);

    let mut launcher = Running::start(home.command(&[&["up"], &SMALL[..]].concat()));
    launcher.wait_for("a node", READY_LIMIT, |_| (!home.processes().is_empty()).then_some(()));
    launcher.signal(libc::SIGTERM);
    launcher.wait(END_LIMIT).expect_error(&["SIGTERM", "before the network was ready", "has been ended"]);
    home.expect_no_process();
    assert_eq!(home.base_paths(), 0);
}

#[test]
fn a_panic_takes_the_network_with_it() {
    let home = Home::new();
    let registry = Registry::at(home.path().join("list")).expect("a list of networks");
    let base_path = home.path().join("network");
    let (sender, processes) = mpsc::channel();
    let panicked = thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
        runtime.block_on(async {
            let builder = LocalNetwork::builder().validators(1).chain("fast").registry(registry).base_path(base_path);
            let network = builder.start().await.expect("the network starts");
            sender.send(network.nodes()).expect("somebody listens");
            panic!("as a failed test does");
        });
    });
    let nodes = processes.recv_timeout(READY_LIMIT).expect("the network starts");
    assert!(nodes[0].pid.is_some());
    assert!(panicked.join().is_err());
    home.expect_no_process();
}

/// Starts the network of a snapshot, and waits for its ready record.
fn restore(home: &Home, arguments: &[&str]) -> (Running, Value) {
    wait_ready(Running::start(home.command(&[&["restore", "--json"], arguments].concat())))
}

/// The hash of the block of that number, as the first node knows it.
fn block_hash(record: &Value, number: u32) -> String {
    let url = record["nodes"][0]["rpc_url"].as_str().expect("a URL");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let hash = runtime.block_on(async { rpc::block_hash(&rpc::connect(url).await?, number).await });
    hash.unwrap_or_else(|error| panic!("{url}: {error}")).unwrap_or_else(|| panic!("{url}: no block {number}"))
}

fn wait_ready(mut launcher: Running) -> (Running, Value) {
    let record = launcher.wait_for("ready record", READY_LIMIT, |launcher| {
        let stdout = launcher.stdout();
        // Without the line's end it is not written to its end.
        stdout.ends_with('\n').then_some(stdout)
    });
    let record = serde_json::from_str(&record).unwrap_or_else(|error| panic!("{error} in {record}"));
    (launcher, record)
}

fn nodes(record: &Value) -> Vec<&str> {
    let nodes = record["nodes"].as_array().expect("a list of nodes");
    nodes.iter().map(|node| node["name"].as_str().expect("a name")).collect()
}

fn node_status(home: &Home, name: &str) -> Value {
    let status = home.status("first");
    let nodes = status["nodes"].as_array().expect("a list of nodes");
    nodes.iter().find(|node| node["name"] == name).unwrap_or_else(|| panic!("no {name} in {status}")).clone()
}

/// Fails with `what` when `condition` does not come true.
#[track_caller]
fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + READY_LIMIT;
    while !condition() {
        assert!(Instant::now() < deadline, "{what} after {READY_LIMIT:?}");
        thread::sleep(POLL);
    }
}
