// SPDX-License-Identifier: GPL-3.0-only
//! One development chain from its first start to its end, with every command on its database. One test, because each step
//! needs what the one before left.

use super::dev_node::DevNode;
use serde_json::{json, Value};
use serin_tests::process::{run_serin, text, Finished};
use std::{fs, path::Path};

/// How many blocks are taken back. Finality is off when they are authored, so they can be.
const REVERTED: u32 = 2;

/// What `chain-info` prints.
#[derive(Debug, PartialEq, Eq)]
struct ChainInfo {
    best_hash: String,
    best_number: u32,
    genesis_hash: String,
    finalized_number: u32,
}

#[test]
fn network_dev_chain_survives_restarts_and_commands() {
    let base = tempfile::tempdir().expect("a directory");
    let base = base.path();

    let node = DevNode::start(base, &[]);
    node.wait_for_finalized(1);
    node.stop();
    let first = chain_info(base);
    assert!(first.finalized_number >= 1, "{first:?}");

    // Restart on an existing database, then an unclean shutdown.
    let node = DevNode::start(base, &["--no-grandpa"]);
    let seen = node.wait_for_best(first.best_number + 1);
    node.kill();
    let killed = chain_info(base);
    assert!(killed.best_number >= seen && killed.genesis_hash == first.genesis_hash, "{killed:?}");

    let node = DevNode::start(base, &["--no-grandpa"]);
    node.wait_for_best(killed.best_number + REVERTED + 1);
    node.stop();
    let last = chain_info(base);
    assert!(last.finalized_number >= first.finalized_number && last.genesis_hash == first.genesis_hash, "{last:?}");

    check_blocks(base, &killed);
    export_and_import(base, &last);
    export_state(base);
    refuse_another_genesis(base, &last);
    revert(base, &last);

    // What consensus stored about the reverted blocks is gone too, or it could not author on.
    let node = DevNode::start(base, &[]);
    node.wait_for_best(last.best_number - REVERTED + 1);
    node.stop();

    purge(base);
}

fn check_blocks(base: &Path, killed: &ChainInfo) {
    for block in ["1", &killed.best_hash] {
        let checked = on_database(base, "check-block", &[block]).expect_success();
        assert!(checked.stdout.contains("Completed in"), "{checked}");
    }
    on_database(base, "check-block", &["1000000"]).expect_error(&["Unknown block"]);
}

fn export_and_import(base: &Path, last: &ChainInfo) {
    let directory = tempfile::tempdir().expect("a directory");
    for (name, format) in [("json", &[][..]), ("binary", &["--binary"][..])] {
        let blocks = directory.path().join(name);
        let arguments = [&[text(&blocks)][..], format].concat();
        let exported = on_database(base, "export-blocks", &arguments).expect_success();
        let range = format!("Exporting blocks from #1 to #{}", last.best_number);
        assert!(exported.stderr.contains(&range), "{exported}");

        let fresh = tempfile::tempdir().expect("a directory");
        let imported = on_database(fresh.path(), "import-blocks", &arguments).expect_success();
        let result = format!("Imported {0} blocks. Best: #{0}", last.best_number);
        assert!(imported.stderr.contains(&result), "{imported}");
        let info = chain_info(fresh.path());
        assert_eq!((&info.best_hash, &info.genesis_hash), (&last.best_hash, &last.genesis_hash), "{name}");
    }
    let garbage = directory.path().join("garbage");
    fs::write(&garbage, "no blocks").expect("written");
    let fresh = tempfile::tempdir().expect("a directory");
    on_database(fresh.path(), "import-blocks", &[text(&garbage)]).expect_error(&["Error reading block #1"]);
}

fn export_state(base: &Path) {
    let directory = tempfile::tempdir().expect("a directory");
    let exported = on_database(base, "export-state", &[]).expect_success();
    let file = directory.path().join("state.json");
    fs::write(&file, &exported.stdout).expect("written");
    // It is a chain spec: a new chain starts from that state.
    let spec = run_serin(["export-chain-spec", "--raw", "--chain", text(&file)]).expect_success().json();
    let top = |spec: &Value| spec["genesis"]["raw"]["top"].as_object().map_or(0, |top| top.len());
    assert_eq!(spec["id"], "serin_development");
    assert!(top(&spec) > 0);
    assert_eq!(top(&spec), top(&exported.json()));
}

/// A spec with the same id leads to the same directory, and must not be taken for the chain that is there.
fn refuse_another_genesis(base: &Path, last: &ChainInfo) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut spec = run_serin(["export-chain-spec", "--raw", "--chain", "dev"]).expect_success().json();
    spec["genesis"]["raw"]["top"]["0x73657269"] = json!("0x00");
    let file = directory.path().join("another.json");
    fs::write(&file, spec.to_string()).expect("written");
    let ports = ["--rpc-port", "0", "--port", "0", "--no-prometheus"];
    let started = run_serin([&["--dev", "--chain", text(&file), "--base-path", text(base)][..], &ports].concat());
    started.expect_error(&["genesis", &last.genesis_hash, "--base-path"]);
    assert_eq!(&chain_info(base), last);
}

fn revert(base: &Path, last: &ChainInfo) {
    let reverted = on_database(base, "revert", &[&REVERTED.to_string()]).expect_success();
    let best = last.best_number - REVERTED;
    assert!(reverted.stderr.contains(&format!("Reverted {REVERTED} blocks. Best: #{best}")), "{reverted}");
    let info = chain_info(base);
    assert_eq!((info.best_number, info.finalized_number), (best, last.finalized_number));
}

fn purge(base: &Path) {
    let chain = base.join("chains/serin_development");
    assert!(chain.join("db").is_dir());
    let purged = on_database(base, "purge-chain", &["-y"]).expect_success();
    assert!(purged.stdout.contains(&format!("{:?} removed.", chain.join("db"))), "{purged}");
    assert!(!chain.join("db").exists());
    // The keys are not the chain's.
    assert!(chain.join("network/secret_ed25519").is_file());
    let again = on_database(base, "purge-chain", &["-y"]).expect_success();
    assert!(again.stderr.contains("did not exist"), "{again}");
}

fn chain_info(base: &Path) -> ChainInfo {
    let printed = on_database(base, "chain-info", &[]).expect_success().json();
    let hash = |name: &str| printed[name].as_str().expect("a hash").to_owned();
    let number = |name: &str| printed[name].as_u64().and_then(|number| number.try_into().ok()).expect("a number");
    ChainInfo {
        best_hash: hash("best_hash"),
        best_number: number("best_number"),
        genesis_hash: hash("genesis_hash"),
        finalized_number: number("finalized_number"),
    }
}

fn on_database(base: &Path, command: &str, more: &[&str]) -> Finished {
    run_serin([&[command, "--chain", "dev", "--base-path", text(base)][..], more].concat())
}
