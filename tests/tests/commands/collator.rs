// SPDX-License-Identifier: GPL-3.0-only
//! `serin collator` and the specs of parachains, without a network.

use codec::Decode;
use polkadot_primitives::{well_known_keys, HeadData};
use serde_json::Value;
use serin_chain_spec::{local_network_specs, Parachain, ParachainKind, Transport};
use serin_tests::process::{run_serin, serin, text, Running, COMMAND_LIMIT};
use std::{fs, os::unix::process::CommandExt};

#[test]
fn help_is_that_of_the_library() {
    for flag in ["--help", "-h"] {
        let help = run_serin(["collator", flag]).expect_success().stdout;
        for part in ["serin collator --collator", "--relay-chain-rpc-urls", "--base-path", "export-genesis-head"] {
            assert!(help.contains(part), "no {part} in: {help}");
        }
    }
    let help = run_serin(["--help"]).expect_success().stdout;
    assert!(help.lines().any(|line| line.split_whitespace().next() == Some("collator")), "{help}");
}

#[test]
fn both_chains_must_be_named() {
    let no_relay_chain = ["no relay chain is named", "serin, local, fast, development"];
    run_serin(["collator"]).expect_error(&no_relay_chain);
    run_serin(["collator", "--collator", "--chain", "para:2087", "--", "--name", "x"]).expect_error(&no_relay_chain);
    // By its other name too.
    let mut linked = serin(["--collator", "--chain", "para:2087"]);
    linked.arg0("serin-collator");
    Running::start(linked).wait(COMMAND_LIMIT).expect_error(&no_relay_chain);

    let directory = tempfile::tempdir().expect("a directory");
    let on = |chain: &[&str]| {
        let arguments = [&["collator", "--base-path", text(directory.path())], chain, &["--", "--chain", "local"]];
        run_serin(arguments.concat())
    };
    on(&[]).expect_error(&["no parachain is named", "para:ID[:NAME]"]);
    on(&["--chain", "para:picasso"]).expect_error(&["ID[:NAME]"]);
    on(&["--chain", "/nonexistent.json"]).expect_error(&["/nonexistent.json"]);
    run_serin(["--chain", "para:2087:picasso"]).expect_error(&["is a parachain", "serin collator"]);
}

#[test]
fn a_parachains_spec_is_exported_by_either_command() {
    let spec = run_serin(["export-chain-spec", "--chain", "para:2087:picasso"]).expect_success().json();
    assert_eq!((spec["id"].as_str(), spec["relay_chain"].as_str()), (Some("picasso"), Some("serin_local")));
    assert_eq!(spec["para_id"], 2_087);
    assert_eq!(spec["properties"]["ss58Format"], 42);
    assert!(spec["genesis"].get("runtimeGenesis").is_some());

    let raw = run_serin(["export-chain-spec", "--chain", "para:2087:picasso", "--raw"]).expect_success().json();
    let of_collator = ["collator", "export-chain-spec", "--chain", "para:2087:picasso", "--raw"];
    assert_eq!(run_serin(of_collator).expect_success().json()["genesis"], raw["genesis"]);
}

/// The relay chain's genesis and a collator must agree on the parachain's: its first block builds on that.
#[test]
fn a_collators_genesis_is_what_the_relay_chain_has() {
    let picasso = Parachain::parse("2087:picasso", ParachainKind::WithCore).expect("a parachain");
    let specs = local_network_specs("local", 4, &[picasso], Transport::Xcmp).expect("specs");
    let relay_chain: Value = serde_json::from_str(&specs.relay_chain).expect("JSON");
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("picasso.json");
    fs::write(&file, &specs.parachains[0]).expect("written");

    let key = format!("0x{}", hex::encode(well_known_keys::para_head(2_087.into())));
    let stored = relay_chain["genesis"]["raw"]["top"][&key].as_str().expect("a head");
    let head = HeadData::decode(&mut from_hex(stored).as_slice()).expect("a head");
    let exported = run_serin(["collator", "export-genesis-head", "--chain", text(&file)]).expect_success().stdout;
    assert_eq!(from_hex(exported.trim()), head.0);

    let code = run_serin(["collator", "export-genesis-wasm", "--chain", text(&file)]).expect_success().stdout;
    assert_eq!(from_hex(code.trim()), serin_chain_spec::parachain::wasm_binary().expect("it was built"));
}

#[test]
fn what_cannot_host_parachains_is_refused_before_anything_starts() {
    let home = tempfile::tempdir().expect("a directory");
    let up = |arguments: &[&str]| {
        let mut command = serin([&["network", "up"], arguments].concat());
        command.env("XDG_RUNTIME_DIR", home.path()).env("TMPDIR", home.path());
        Running::start(command).wait(COMMAND_LIMIT)
    };
    up(&["--chain", "fast", "--para", "2087:picasso"]).expect_error(&["six seconds", "--chain local"]);
    up(&["--validators", "1", "--para", "2087", "--para", "2100"]).expect_error(&["--validators 2"]);
    up(&["--para", "2087", "--collators", "7"]).expect_error(&["at most 6"]);
    up(&["--para", "2087", "--wait-for", "para:2100=1"]).expect_error(&["no parachain 2100", "2087"]);
}

fn from_hex(text: &str) -> Vec<u8> {
    hex::decode(text.trim_start_matches("0x")).expect("hex")
}
