// SPDX-License-Identifier: GPL-3.0-only
use super::*;

fn parse(argv: &[&str]) -> Result<Invocation, String> {
    let argv: Vec<OsString> = argv.iter().map(OsString::from).collect();
    Invocation::parse(&argv)
}

fn arguments(node_version: Option<&str>) -> WorkerArguments {
    WorkerArguments {
        socket_path: "/tmp/socket".into(),
        worker_dir_path: "/tmp/dir".into(),
        node_version: node_version.map(Into::into),
    }
}

#[test]
fn commands_go_to_the_node() {
    for argv in [
        &[][..],
        &["serin"],
        &["/usr/bin/serin", "--dev"],
        &["serin", "network", "up"],
        // Only the first argument counts: these are values or mistakes for clap to judge.
        &["serin", "--name", "prepare-worker"],
        &["serin", "--dev", "--version"],
        &["serin", "--check"],
    ] {
        assert_eq!(parse(argv), Ok(Invocation::Node), "{argv:?}");
    }
}

#[test]
fn version_is_asked_for_under_every_name() {
    for argv in [
        ["/proc/self/exe", "--version"],
        ["serin", "-V"],
        ["/opt/workers/serin-prepare-worker", "--version"],
        ["/opt/workers/serin-execute-worker", "--version"],
    ] {
        assert_eq!(parse(&argv), Ok(Invocation::Version), "{argv:?}");
    }
}

#[test]
fn workers_are_started_as_the_host_does() {
    let flags = ["--socket-path", "/tmp/socket", "--worker-dir-path", "/tmp/dir"];
    for (subcommand, worker) in [("prepare-worker", Worker::Prepare), ("execute-worker", Worker::Execute)] {
        let versioned = [&["/proc/self/exe", subcommand, "--node-impl-version", "serin 1-x"][..], &flags].concat();
        assert_eq!(parse(&versioned), Ok(Invocation::Worker(worker, arguments(Some("serin 1-x")))));
        let unversioned = [&["/proc/self/exe", subcommand][..], &flags].concat();
        assert_eq!(parse(&unversioned), Ok(Invocation::Worker(worker, arguments(None))));
    }
}

#[test]
fn split_layout_accepts_each_worker_under_its_own_name_only() {
    let flags = ["--socket-path", "/tmp/socket", "--worker-dir-path", "/tmp/dir"];
    let start = |name: &str, subcommand: &str| parse(&[&[name, subcommand][..], &flags].concat());
    let prepare = "/opt/workers/serin-prepare-worker";
    assert_eq!(start(prepare, "prepare-worker"), Ok(Invocation::Worker(Worker::Prepare, arguments(None))));
    assert!(start(prepare, "execute-worker").is_err());
    assert!(parse(&[prepare, "--dev"]).is_err());
    assert!(parse(&[prepare]).is_err());
}

#[test]
fn incomplete_worker_arguments_name_what_is_missing() {
    let error = |argv: &[&str]| parse(argv).expect_err("incomplete");
    assert!(error(&["serin", "prepare-worker"]).contains("--socket-path"));
    assert!(error(&["serin", "prepare-worker", "--socket-path", "s"]).contains("--worker-dir-path"));
    assert!(error(&["serin", "execute-worker", "--socket-path"]).contains("needs a value"));
    assert!(error(&["serin", "execute-worker", "--chain", "dev"]).contains("--chain"));
}

#[test]
fn probes_are_recognized_by_their_flags() {
    for probe in [Probe::Landlock, Probe::Seccomp, Probe::SecureClone] {
        assert_eq!(parse(&["/proc/self/exe", probe.flag()]), Ok(Invocation::Probe(probe)));
    }
    let change_root = Probe::ChangeRoot("/tmp/dir".into());
    assert!(parse(&["/proc/self/exe", change_root.flag()]).is_err());
    assert_eq!(parse(&["/proc/self/exe", change_root.flag(), "/tmp/dir"]), Ok(Invocation::Probe(change_root)));
    assert!(parse(&["/proc/self/exe", "--check-can-fly"]).is_err());
}

/// The host trims what it reads and compares the rest.
#[test]
fn version_line_is_one_trimmed_line() {
    assert_eq!(VERSION_LINE.trim(), VERSION_LINE);
    assert_eq!(VERSION_LINE.lines().count(), 1);
}
