// SPDX-License-Identifier: GPL-3.0-only
//! What the PVF host asks of the executable, and the help.

use serde_json::Value;
use serin_node::workers::{EXECUTE_WORKER_NAME, PREPARE_WORKER_NAME, VERSION_LINE};
use serin_tests::process::{run_serin, serin, text, Finished, Running, COMMAND_LIMIT};
use std::os::unix::process::CommandExt;

/// As the host starts it: without any environment variable.
fn ask(arguments: &[&str]) -> Finished {
    let mut command = serin(arguments);
    command.env_clear();
    Running::start(command).wait(COMMAND_LIMIT)
}

#[test]
fn version_is_the_one_line_that_workers_give() {
    let line = format!("{VERSION_LINE}\n");
    for flag in ["--version", "-V"] {
        let answer = ask(&[flag]).expect_success();
        assert_eq!((answer.stdout.as_str(), answer.stderr.as_str()), (line.as_str(), ""));
    }
    for name in [PREPARE_WORKER_NAME, EXECUTE_WORKER_NAME] {
        let mut command = serin(["--version"]);
        command.arg0(name).env_clear();
        assert_eq!(Running::start(command).wait(COMMAND_LIMIT).expect_success().stdout, line, "as {name}");
    }
}

#[test]
fn workers_started_by_hand_explain_themselves() {
    for subcommand in ["prepare-worker", "execute-worker"] {
        ask(&[subcommand]).expect_error(&["needs --socket-path", "A validator starts it by itself", subcommand]);
        ask(&[subcommand, "--version"]).expect_error(&["unexpected argument", subcommand]);
    }
    ask(&["--check-can-fly"]).expect_error(&["unknown probe --check-can-fly"]);
    ask(&["--check-can-unshare-user-namespace-and-change-root"]).expect_error(&["needs a directory"]);
}

#[test]
fn probes_answer_by_exit_code_and_agree_with_doctor() {
    let directory = tempfile::tempdir().expect("a directory");
    let probe = |arguments: &[&str]| {
        let answer = ask(arguments);
        match answer.status.code() {
            Some(0) => Ok(()),
            Some(1) if !answer.stderr.trim().is_empty() => Err(answer.stderr),
            _ => panic!("a probe succeeds, or fails with a reason: {answer}"),
        }
    };
    let landlock = probe(&["--check-can-enable-landlock"]);
    let seccomp = probe(&["--check-can-enable-seccomp"]);
    let change_root = probe(&["--check-can-unshare-user-namespace-and-change-root", text(directory.path())]);
    let secure_clone = probe(&["--check-can-do-secure-clone"]);

    let report = run_serin(["doctor", "--json", "--base-path", text(directory.path())]).json();
    let messages: Vec<&str> = findings(&report, "sandbox").filter_map(|finding| finding["message"].as_str()).collect();
    for (part, outcome) in [
        ("landlock", &landlock),
        ("seccomp", &seccomp),
        ("change of root", &change_root),
        ("secure clone", &secure_clone),
    ] {
        assert_eq!(messages.contains(&format!("{part} works").as_str()), outcome.is_ok(), "{part}: {messages:?}");
    }
    // What validators in secure mode need; the networks of the other tests run in it.
    assert!(seccomp.is_ok(), "this kernel needs CONFIG_SECCOMP_FILTER: {seccomp:?}");
    assert!(
        landlock.is_ok() || change_root.is_ok(),
        "this kernel needs landlock among its `lsm=`, or unprivileged user namespaces: {landlock:?}, {change_root:?}"
    );
}

#[test]
fn help_names_own_commands_and_those_of_polkadot() {
    let help = run_serin(["--help"]).expect_success().stdout;
    for name in
        ["network", "doctor", "key", "build-spec", "export-chain-spec", "import-blocks", "purge-chain", "revert"]
    {
        let listed = help.lines().any(|line| line.split_whitespace().next() == Some(name));
        assert!(listed, "no {name} in: {help}");
    }
    for part in ["Examples:", "serin network up", "--base-path", "--db-storage-threshold"] {
        assert!(help.contains(part), "no {part} in: {help}");
    }
}

fn findings<'a>(report: &'a Value, check: &'a str) -> impl Iterator<Item = &'a Value> {
    let all = report["findings"].as_array().expect("a report has findings");
    all.iter().filter(move |finding| finding["check"] == check)
}
