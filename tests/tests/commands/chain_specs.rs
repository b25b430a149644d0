// SPDX-License-Identifier: GPL-3.0-only
//! Chain specs: exported, loaded again, and refused.

use serde_json::Value;
use serin_tests::process::{run_serin, text};
use std::fs;

const PRESETS: [(&str, &str); 4] =
    [("serin", "serin"), ("local", "serin_local"), ("fast", "serin_fast"), ("development", "serin_development")];

#[test]
fn chain_must_be_named_and_known() {
    // Before anything is written, so that no base path is needed.
    for arguments in [&[][..], &["--validator"], &["build-spec"], &["chain-info"]] {
        run_serin(arguments).expect_error(&["no chain is named", "--dev", "--chain"]);
    }
    for arguments in [&["--chain", "nowhere"][..], &["export-chain-spec", "--chain", "nowhere"]] {
        run_serin(arguments).expect_error(&["chain 'nowhere' is neither one of serin, local, fast, development"]);
    }
}

#[test]
fn malformed_spec_files_are_named() {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, content) in [("cut-off.json", "{ \"name\": "), ("empty-object.json", "{}"), ("binary.json", "\u{0}")] {
        let file = directory.path().join(name);
        fs::write(&file, content).expect("written");
        let named = format!("chain spec file {}: ", file.display());
        run_serin(["--chain", text(&file)]).expect_error(&[&named, "Error parsing spec file"]);
    }
}

#[test]
fn exported_specs_have_the_chains_properties() {
    for (chain, id) in PRESETS {
        let spec = run_serin(["export-chain-spec", "--chain", chain]).expect_success().json();
        assert_eq!(spec["id"], id);
        assert_eq!(spec["protocolId"], id);
        let properties = &spec["properties"];
        assert_eq!(properties["tokenSymbol"], "KSM", "{chain}");
        assert_eq!(properties["tokenDecimals"], 12, "{chain}");
        assert_eq!(properties["ss58Format"], 42, "{chain}");
        // Without it the node's RPC server does not start.
        assert!(spec.get("lightSyncState").is_some(), "{chain}");
        assert!(spec["genesis"].get("runtimeGenesis").is_some(), "{chain}");
    }
}

#[test]
fn plain_and_raw_specs_load_again_with_the_same_genesis() {
    let directory = tempfile::tempdir().expect("a directory");
    let (plain, raw) = (directory.path().join("plain.json"), directory.path().join("raw.json"));
    for (file, flags) in [(&plain, &[][..]), (&raw, &["--raw"][..])] {
        let arguments = [&["export-chain-spec", "--chain", "local", "--output", text(file)][..], flags].concat();
        let printed = run_serin(arguments).expect_success().stdout;
        assert_eq!(printed, format!("Exported chain spec to {}\n", file.display()));
    }
    let top = read(&raw)["genesis"]["raw"]["top"].as_object().map_or(0, |top| top.len());
    assert!(top > 0, "a raw spec holds the state");

    let genesis = genesis_hash("local");
    assert_eq!(genesis_hash(text(&plain)), genesis);
    assert_eq!(genesis_hash(text(&raw)), genesis);
}

#[test]
fn build_spec_gives_what_export_chain_spec_gives() {
    let directory = tempfile::tempdir().expect("a directory");
    let exported = run_serin(["export-chain-spec", "--chain", "local"]).expect_success();
    let built = run_serin(["build-spec", "--chain", "local", "--disable-default-bootnode"]).expect_success();
    assert!(built.stdout == exported.stdout, "the two differ:\n{built}");

    let with_bootnode = run_serin(["build-spec", "--chain", "local", "--base-path", text(directory.path())]);
    let spec = with_bootnode.expect_success().json();
    let bootnode = spec["bootNodes"][0].as_str().unwrap_or_default();
    assert!(bootnode.starts_with("/ip4/127.0.0.1/tcp/30333/p2p/"), "{bootnode}");
}

/// The genesis that a node of that chain writes.
fn genesis_hash(chain: &str) -> String {
    let base = tempfile::tempdir().expect("a directory");
    let on_chain = ["--chain", chain, "--base-path", text(base.path())];
    // Importing nothing only initialises the database.
    run_serin([&["import-blocks", "/dev/null"][..], &on_chain].concat()).expect_success();
    let info = run_serin([&["chain-info"][..], &on_chain].concat()).expect_success().json();
    assert_eq!(info["best_number"], 0);
    assert_eq!(info["best_hash"], info["genesis_hash"]);
    let hash = info["genesis_hash"].as_str().expect("a hash").to_owned();
    assert!(hash.trim_start_matches("0x").chars().any(|digit| digit != '0'), "{hash}");
    hash
}

fn read(file: &std::path::Path) -> Value {
    serde_json::from_slice(&fs::read(file).expect("the file was written")).expect("a spec is JSON")
}
