// SPDX-License-Identifier: GPL-3.0-only
//! `serin xcmp` on a chain that has no XCMP channels.

use super::dev_node::DevNode;
use serin_tests::process::run_serin;

#[test]
fn network_a_chain_without_channels_is_named_and_not_waited_for() {
    let directory = tempfile::tempdir().expect("a directory");
    let node = DevNode::start(directory.path(), &[]);
    let url = node.url();
    let says = ["'serin'", "has no XCMP channels", url, "docs/xcmp.md"];
    run_serin(["xcmp", "relay", "--from", url, "--to", url]).expect_error(&says);
    run_serin(["xcmp", "trace", "--relay", url, "--from", url, "--to", url]).expect_error(&says);
}
