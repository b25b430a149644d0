// SPDX-License-Identifier: GPL-3.0-only
//! `serin doctor`. What it finds on this machine is this machine's; that it says so truly is tested here.

use serin_tests::process::{run_serin, text};
use std::{fs, os::unix::fs::PermissionsExt};

#[test]
fn exit_code_follows_the_report() {
    let base = tempfile::tempdir().expect("a directory");
    let finished = run_serin(["doctor", "--json", "--base-path", text(base.path())]);
    let report = finished.json();
    let findings = report["findings"].as_array().expect("a list");
    for check in ["workers", "sandbox", "clock", "ports", "disk", "files", "session keys"] {
        assert!(findings.iter().any(|finding| finding["check"] == check), "no {check}: {finished}");
    }
    for finding in findings {
        assert_eq!(finding.get("fix").is_none(), finding["level"] == "ok", "{finding}");
    }
    let failed = findings.iter().filter(|finding| finding["level"] == "failed").count();
    assert_eq!(report["failed"], failed);
    assert_eq!(finished.status.code(), Some(i32::from(failed > 0)), "{finished}");
}

#[test]
fn open_node_key_is_found_and_its_fix_mends_it() {
    let base = tempfile::tempdir().expect("a directory");
    let key = base.path().join("chains/serin_local/network/secret_ed25519");
    fs::create_dir_all(key.parent().expect("a parent")).expect("created");
    fs::write(&key, [7; 32]).expect("written");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("set");

    let doctor = ["doctor", "--chain", "local", "--base-path", text(base.path())];
    let finished = run_serin(doctor).expect_error(&["each finding above names its fix"]);
    let open = format!("{} is open to others (mode 644)", key.display());
    let fix = format!("fix: chmod 600 {}", key.display());
    assert!(finished.stdout.contains(&open) && finished.stdout.contains(&fix), "{finished}");

    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).expect("set");
    let mended = run_serin(doctor);
    assert!(!mended.stdout.contains("open to others"), "{mended}");
}

#[test]
fn unreachable_node_and_unknown_chain_are_errors() {
    let base = tempfile::tempdir().expect("a directory");
    // Port 1 is privileged and unused.
    let url = "ws://127.0.0.1:1";
    let finished = run_serin(["doctor", "--base-path", text(base.path()), "--rpc-url", url]);
    assert_eq!(finished.status.code(), Some(1), "{finished}");
    assert!(finished.stdout.contains(&format!("no node answers at {url}")), "{finished}");
    run_serin(["doctor", "--chain", "nowhere"]).expect_error(&["chain 'nowhere' is neither one of"]);
}
