// SPDX-License-Identifier: GPL-3.0-only
//! Demonstrations without a network to show them on.

use serin_tests::process::{run_serin, serin, words, Running, COMMAND_LIMIT};

#[test]
fn a_demonstration_without_a_network_says_how_to_start_one() {
    // A list of networks of its own: others may be running.
    let list = tempfile::tempdir().expect("a directory");
    let demo = |arguments: &[&str]| {
        let mut command = serin(["demo"].iter().chain(arguments));
        command.env("XDG_RUNTIME_DIR", list.path());
        Running::start(command).wait(COMMAND_LIMIT)
    };
    let start_with_parachains = "network up --para 2087:picasso --para 2100:subsocial";
    let scenarios = [
        ("xcm", start_with_parachains),
        ("xcmp", start_with_parachains),
        ("governance", "start one with `serin network up`"),
        ("auction", "network up --on-demand 2086:kilt --on-demand 2100:subsocial"),
    ];
    for (scenario, start) in scenarios {
        demo(&[scenario]).expect_error(&["no local network is running", start]);
        let finished = demo(&[scenario, "--network", "nowhere", "--json"]);
        let finished = finished.expect_error(&["no local network 'nowhere'"]);
        assert_eq!(finished.stdout, "", "there is nothing to record");
    }
}

#[test]
fn help_says_what_each_scenario_shows_and_how_it_ends() {
    let help = words(&run_serin(["demo", "governance", "--help"]).expect_success().stdout);
    for part in ["serin network add validator", "validator_count_admin", "Exits with 1", "--step", "--timeout"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
    let help = words(&run_serin(["demo", "xcmp", "--help"]).expect_success().stdout);
    for part in ["no message touches the relay chain", "serin xcmp trace", "Exits with 1", "--timeout"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
    let help = words(&run_serin(["demo", "auction", "--help"]).expect_success().stdout);
    for part in ["auction_admin", "money back", "within 60 blocks", "Exits with 1", "--full", "--timeout"] {
        assert!(help.contains(part), "no {part} in {help}");
    }
}
