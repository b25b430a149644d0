// SPDX-License-Identifier: GPL-3.0-only
//! `serin validators` without a chain to ask.

use serin_tests::process::{run_serin, serin, words, Running, COMMAND_LIMIT};

#[test]
fn a_status_without_a_node_says_how_to_name_one() {
    // A list of networks of its own: others may be running.
    let list = tempfile::tempdir().expect("a directory");
    let status = |arguments: &[&str]| {
        let mut command = serin(["validators", "status"].iter().chain(arguments));
        command.env("XDG_RUNTIME_DIR", list.path());
        Running::start(command).wait(COMMAND_LIMIT)
    };
    status(&[]).expect_error(&["no local network is running", "serin network up", "--url"]);
    let finished = status(&["--network", "nowhere", "--json"]).expect_error(&["no local network 'nowhere'"]);
    assert_eq!(finished.stdout, "", "there is nothing to record");
    // Port 1 is privileged and unused.
    status(&["--url", "ws://127.0.0.1:1"]).expect_error(&["no node answers at ws://127.0.0.1:1", "--url"]);
}

#[test]
fn help_names_the_flags_and_where_finality_comes_from() {
    let help = words(&run_serin(["validators", "status", "--help"]).expect_success().stdout);
    for part in ["MISSED", "FINALITY_UNKNOWN", "SUPPLY", "WEIGHT", "--report-finality", "--url", "--json"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
    let help = words(&run_serin(["--help"]).expect_success().stdout);
    for part in ["--report-finality <ACCOUNT>", "--key-type repo", "serin validators status"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
}
