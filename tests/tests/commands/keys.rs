// SPDX-License-Identifier: GPL-3.0-only
//! The key commands. Secrets must be written closed to others.

use serin_tests::process::{run_serin, text};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

// Public development keys.
const ALICE: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
const ALICE_SR25519: &str = "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
const ALICE_ED25519: &str = "88dc3417d5058ec4b4503e0c12ea1a0a89be200fe98922423d4334014fa6b0ee";

#[test]
fn keys_are_generated_and_inspected() {
    let generated = run_serin(["key", "generate", "--output-type", "json"]).expect_success().json();
    let phrase = generated["secretPhrase"].as_str().expect("a phrase");
    assert_eq!(phrase.split_whitespace().count(), 12);
    let address = generated["ss58Address"].as_str().expect("an address");
    // Prefix 42.
    assert!(address.starts_with('5'), "{address}");

    let inspected = run_serin(["key", "inspect", phrase, "--output-type", "json"]).expect_success().json();
    assert_eq!(inspected["ss58Address"], address);

    let alice = run_serin(["key", "inspect", "//Alice", "--output-type", "json"]).expect_success().json();
    assert_eq!(alice["ss58Address"], ALICE);
    assert_eq!(alice["publicKey"], ALICE_SR25519);
}

#[test]
fn inserted_keys_are_closed_to_others() {
    let base = tempfile::tempdir().expect("a directory");
    let key = ["--scheme", "ed25519", "--suri", "//Alice", "--base-path", text(base.path())];
    run_serin([&["key", "insert", "--key-type", "gran"][..], &key].concat()).expect_error(&["no chain is named"]);
    run_serin([&["key", "insert", "--key-type", "grandpa", "--chain", "local"][..], &key].concat())
        .expect_error(&["Unknown key type"]);

    run_serin([&["key", "insert", "--key-type", "gran", "--chain", "local"][..], &key].concat()).expect_success();
    let file = base.path().join(format!("chains/serin_local/keystore/{}{ALICE_ED25519}", hex::encode("gran")));
    assert_eq!(fs::read_to_string(&file).expect("the key's file"), "\"//Alice\"");
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn node_keys_are_generated_once_and_closed_to_others() {
    let base = tempfile::tempdir().expect("a directory");
    let generate = ["key", "generate-node-key", "--chain", "local", "--base-path", text(base.path())];
    let first = run_serin(generate).expect_success();
    let peer_id = first.stderr.lines().last().expect("the peer id");
    assert!(peer_id.starts_with("12D3KooW"), "{peer_id}");

    let file: PathBuf = base.path().join("chains/serin_local/network/secret_ed25519");
    let inspected = run_serin(["key", "inspect-node-key", "--file", text(&file)]).expect_success();
    assert_eq!(inspected.stdout.trim_end(), peer_id);
    assert_eq!(mode(&file), 0o600);

    let secret = fs::read(&file).expect("the key's file");
    run_serin(generate).expect_error(&["A network key already exists in path", text(&file)]);
    assert_eq!(fs::read(&file).expect("the key's file"), secret);
}

#[test]
fn validators_without_a_node_key_are_told_how_to_make_one() {
    let base = tempfile::tempdir().expect("a directory");
    run_serin(["--chain", "local", "--validator", "--base-path", text(base.path())])
        .expect_error(&["key generate-node-key --base-path", text(base.path())]);
}

fn mode(file: &Path) -> u32 {
    fs::metadata(file).expect("the file exists").permissions().mode() & 0o777
}
