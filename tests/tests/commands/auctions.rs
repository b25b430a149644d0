// SPDX-License-Identifier: GPL-3.0-only
//! `serin auction` without a chain to ask. With one: `network_auctions`.

use serin_tests::process::{run_serin, serin, words, Running, COMMAND_LIMIT};

#[test]
fn a_watch_without_a_node_says_how_to_name_one() {
    // A list of networks of its own: others may be running.
    let list = tempfile::tempdir().expect("a directory");
    let watch = |arguments: &[&str]| {
        let mut command = serin(["auction", "watch"].iter().chain(arguments));
        command.env("XDG_RUNTIME_DIR", list.path());
        Running::start(command).wait(COMMAND_LIMIT)
    };
    watch(&[]).expect_error(&["no local network is running", "serin network up", "--url"]);
    let finished = watch(&["--network", "nowhere", "--json", "--once"]).expect_error(&["no local network 'nowhere'"]);
    assert_eq!(finished.stdout, "", "there is nothing to record");
    // Port 1 is privileged and unused.
    watch(&["--url", "ws://127.0.0.1:1"]).expect_error(&["no node answers at ws://127.0.0.1:1", "--url"]);
}

#[test]
fn help_says_what_is_shown_and_where() {
    let help = words(&run_serin(["auction", "watch", "--help"]).expect_success().stdout);
    for part in ["if the candle went out now", "one JSON record for each block", "--id", "--once", "--url", "--json"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
    let help = words(&run_serin(["--help"]).expect_success().stdout);
    for part in ["serin auction watch", "serin demo auction", "--on-demand 2086:kilt"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
}
