// SPDX-License-Identifier: GPL-3.0-only
//! Where the JSON-RPC server departs from its specification: what `docs/json-rpc.md` lists, and nothing that it does not.
//! A departure that a later SDK mends fails here, so that the list stays true.

use super::dev_node::DevNode;
use serde_json::{json, Value};
use std::fs;

const UNKNOWN_BLOCK: &str = "0x0101010101010101010101010101010101010101010101010101010101010101";
const INVALID_PARAMETERS: i64 = -32_602;
/// The methods of the specification that an archive node serves.
const SPECIFIED: [&str; 24] = [
    "archive_v1_body",
    "archive_v1_call",
    "archive_v1_finalizedHeight",
    "archive_v1_genesisHash",
    "archive_v1_hashByHeight",
    "archive_v1_header",
    "archive_v1_stopStorage",
    "archive_v1_storage",
    "archive_v1_storageDiff",
    "chainHead_v1_body",
    "chainHead_v1_call",
    "chainHead_v1_continue",
    "chainHead_v1_follow",
    "chainHead_v1_header",
    "chainHead_v1_stopOperation",
    "chainHead_v1_storage",
    "chainHead_v1_unfollow",
    "chainHead_v1_unpin",
    "chainSpec_v1_chainName",
    "chainSpec_v1_genesisHash",
    "chainSpec_v1_properties",
    "rpc_methods",
    "transaction_v1_broadcast",
    "transaction_v1_stop",
];

#[test]
fn network_json_rpc_departs_from_its_specification_only_as_documented() {
    let base = tempfile::tempdir().expect("a directory");
    let node = DevNode::start(base.path(), &["--state-pruning", "archive-canonical"]);
    node.wait_for_finalized(1);
    check_methods(&node);
    check_archive(&node);
    check_properties(&node);
    node.stop();
}

fn check_methods(node: &DevNode) {
    let answer = node.request("rpc_methods", json!([])).expect("rpc_methods answers");
    let methods = answer["methods"].as_array().expect("a list").iter().filter_map(Value::as_str).collect::<Vec<_>>();
    for method in SPECIFIED {
        assert!(methods.contains(&method), "no {method} in {methods:?}");
    }
    departs("archive_v1_stopStorageDiff", !methods.contains(&"archive_v1_stopStorageDiff"));
    departs("archive_v1_storageDiff_stopStorageDiff", methods.contains(&"archive_v1_storageDiff_stopStorageDiff"));
    departs("archive_v1_transactionReceipt", !methods.contains(&"archive_v1_transactionReceipt"));
}

fn check_archive(node: &DevNode) {
    let genesis = node.request("archive_v1_genesisHash", json!([])).expect("it answers");
    assert_eq!(node.request("archive_v1_hashByHeight", json!([0])), Ok(json!([genesis])));
    assert_eq!(node.request("archive_v1_header", json!([UNKNOWN_BLOCK])), Ok(Value::Null));

    let call =
        |block: &Value, parameters: &str| node.request("archive_v1_call", json!([block, "Core_version", parameters]));
    assert_eq!(call(&genesis, "0x").expect("it answers")["success"], true);
    let unknown = call(&json!(UNKNOWN_BLOCK), "0x").expect("it answers");
    departs("`null` of archive_v1_call for an unknown block", unknown["success"] == false);
    let malformed = call(&genesis, "0xzz").expect_err("no hexadecimal number");
    departs("the error code of archive_v1_call", malformed != INVALID_PARAMETERS);

    let diff = |parameters: Value| node.subscribe("archive_v1_storageDiff", parameters);
    assert_eq!(diff(json!([genesis, [{ "key": "0x", "returnType": "hash" }]])), Ok(()));
    departs(
        "items of archive_v1_storageDiff without a key",
        diff(json!([genesis, [{ "returnType": "hash" }]])) == Err(INVALID_PARAMETERS),
    );
    departs("archive_v1_storageDiff without items", diff(json!([genesis])) == Err(INVALID_PARAMETERS));
}

fn check_properties(node: &DevNode) {
    let properties = node.request("chainSpec_v1_properties", json!([])).expect("it answers");
    assert_eq!(properties["tokenDecimals"], 12);
    assert_eq!(properties["tokenSymbol"], "KSM");
    assert_eq!(properties["ss58Format"], 42);
}

/// That it departs, and that the document has the name by which it does.
fn departs(what: &str, still: bool) {
    assert!(still, "{what} follows the specification now: take it from docs/json-rpc.md and from this test");
    let name = what.split(' ').find(|word| word.contains("_v1_")).unwrap_or(what);
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/json-rpc.md");
    let text = fs::read_to_string(document).expect("the document is there");
    assert!(text.contains(name), "docs/json-rpc.md does not name {name}");
}
