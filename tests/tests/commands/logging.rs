// SPDX-License-Identifier: GPL-3.0-only
//! The log as JSON.

use super::dev_node::DevNode;
use serde_json::Value;
use serin_tests::process::run_serin;
use sp_keyring::Sr25519Keyring;

#[test]
fn network_a_json_log_is_json_to_its_last_line_and_tells_what_the_operator_has_to_do() {
    let base = tempfile::tempdir().expect("a directory");
    // Without the key that it needs for that.
    let reporter = Sr25519Keyring::Bob.to_account_id().to_string();
    let arguments = ["--log-format", "json", "--log", "babe=debug,sc_sysinfo=off", "--report-finality", &reporter];
    let node = DevNode::start(base.path(), &arguments);
    node.wait_for_best(1);
    let log = node.stop().stderr;
    let events = log.lines().map(|line| serde_json::from_str::<Value>(line).unwrap_or_else(|_| panic!("{line}")));
    let events = events.collect::<Vec<_>>();
    for event in &events {
        for field in ["timestamp", "level", "target", "message"] {
            assert!(event[field].is_string(), "no {field} in {event}");
        }
    }
    let has = |field: &str, value: &str| events.iter().any(|event| event[field] == value);
    assert!(has("level", "INFO") && has("target", "babe") && has("level", "DEBUG"), "{log}");
    assert!(!has("target", "sc_sysinfo"), "{log}");
    let messages = events.iter().filter_map(|event| event["message"].as_str());
    let trouble = messages.filter(|message| message.contains("finality is not reported")).collect::<Vec<_>>();
    assert_eq!(trouble.len(), 1, "told once: {log}");
    assert!(trouble[0].contains(&reporter) && trouble[0].contains("--key-type repo"), "{trouble:?}");
}

#[test]
fn flags_of_the_other_format_are_refused() {
    for flag in [&["--enable-log-reloading"][..], &["--tracing-targets", "babe"]] {
        let arguments = [&["--dev", "--log-format", "json"], flag].concat();
        run_serin(arguments).expect_error(&[flag[0], "--log-format text"]);
    }
    run_serin(["--dev", "--log-format", "json", "--log", "babe=loud"]).expect_error(&["log filter", "invalid"]);
}
