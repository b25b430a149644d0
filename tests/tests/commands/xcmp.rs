// SPDX-License-Identifier: GPL-3.0-only
//! `serin xcmp` without parachains to carry messages between.

use serin_tests::process::{run_serin, serin, words, Running, COMMAND_LIMIT};

#[test]
fn without_a_network_a_command_says_how_to_name_nodes() {
    // A list of networks of its own: others may be running.
    let list = tempfile::tempdir().expect("a directory");
    let xcmp = |arguments: &[&str]| {
        let mut command = serin(["xcmp"].iter().chain(arguments));
        command.env("XDG_RUNTIME_DIR", list.path());
        Running::start(command).wait(COMMAND_LIMIT)
    };
    for action in ["relay", "trace"] {
        xcmp(&[action]).expect_error(&["no local network is running", "serin network up --para", "--from", "--to"]);
        xcmp(&[action, "--network", "nowhere"]).expect_error(&["no local network 'nowhere'"]);
    }
    // Port 1 is privileged and unused.
    let nobody = "ws://127.0.0.1:1";
    let finished = xcmp(&["trace", "--json", "--relay", nobody, "--from", nobody, "--to", nobody]);
    let finished = finished.expect_error(&["ws://127.0.0.1:1"]);
    assert_eq!(finished.stdout, "", "there is nothing to record");
}

#[test]
fn a_relayer_waits_for_nodes_that_do_not_answer() {
    let nobody = ["xcmp", "relay", "--from", "ws://127.0.0.1:1", "--to", "ws://127.0.0.1:1"];
    let mut relayer = Running::start(serin(nobody));
    let told = "no node answers at ws://127.0.0.1:1";
    relayer.wait_for(told, COMMAND_LIMIT, |relayer| relayer.stdout().contains(told).then_some(()));
    assert!(!relayer.has_ended(), "{}", relayer.stderr());
}

#[test]
fn help_says_what_a_relayer_needs_and_what_a_trace_shows() {
    let help = words(&run_serin(["xcmp", "relay", "--help"]).expect_success().stdout);
    for part in ["no key, pays no fee", "Several may run", "--from", "--to", "--metrics-port"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
    let help = words(&run_serin(["xcmp", "trace", "--help"]).expect_success().stdout);
    for part in ["sent, committed to and included", "--relay", "--last", "--json"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
    let help = words(&run_serin(["network", "up", "--help"]).expect_success().stdout);
    assert!(help.contains("--relayers"), "{help}");
}
