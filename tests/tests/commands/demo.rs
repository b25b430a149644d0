// SPDX-License-Identifier: GPL-3.0-only
//! Demonstrations without a network to show them on.

use serin_tests::process::{serin, Running, COMMAND_LIMIT};

#[test]
fn a_demonstration_without_a_network_says_how_to_start_one() {
    // A list of networks of its own: others may be running.
    let list = tempfile::tempdir().expect("a directory");
    let demo = |arguments: &[&str]| {
        let mut command = serin(["demo", "xcm"].iter().chain(arguments));
        command.env("XDG_RUNTIME_DIR", list.path());
        Running::start(command).wait(COMMAND_LIMIT)
    };
    demo(&[]).expect_error(&["no local network is running", "network up --para 2087:picasso --para 2100:subsocial"]);
    let finished = demo(&["--network", "nowhere", "--json"]).expect_error(&["no local network 'nowhere'"]);
    assert_eq!(finished.stdout, "", "there is nothing to record");
}
