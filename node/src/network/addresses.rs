// SPDX-License-Identifier: GPL-3.0-only
//! Tells nodes where the genesis validators listen, before they start.
//!
//! Validators and collators look validators up by their keys in the relay chain's DHT. At the start of a network nobody has
//! put anything there yet, and after a failed look the next one is seconds away, then twice as many. The node keeps what it
//! found in a file, to have it after a restart. Here all of it is known beforehand, so the file is written beforehand. A
//! file that a future node does not understand is no more than the old delay.

use super::{
    keys,
    manifest::{NodeRecord, Role},
    Error, Result,
};
use serde_json::{json, Map, Value};
use std::{
    fs,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// The SDK's name for the file, in the directory of a node's p2p network.
pub const CACHE_FILE: &str = "authority_discovery_addr_cache.json";
/// Where a collator has the files of its relay chain's node.
const EMBEDDED_NODE: &str = "polkadot";

/// Writes the file for each of `nodes`. `relay_chain`: the id in its spec.
pub fn write(nodes: &[NodeRecord], relay_chain: &str) -> Result<()> {
    for node in nodes {
        let directory = network_directory(node, relay_chain);
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&directory)
            .map_err(Error::io("creating", &directory))?;
        let path = directory.join(CACHE_FILE);
        fs::write(&path, known_to(node, nodes).to_string()).map_err(Error::io("writing", path))?;
    }
    Ok(())
}

fn network_directory(node: &NodeRecord, relay_chain: &str) -> PathBuf {
    let base_path = match node.role {
        Role::Validator => node.base_path.clone(),
        Role::Collator => node.base_path.join(EMBEDDED_NODE),
    };
    base_path.join("chains").join(Path::new(relay_chain)).join("network")
}

/// Everybody's address but its own, which it would dial.
fn known_to(node: &NodeRecord, nodes: &[NodeRecord]) -> Value {
    let others = nodes.iter().filter(|other| other.role == Role::Validator && other.name != node.name);
    let entry = |other: &NodeRecord| {
        let key = keys::discovery_key(other.session_keys.as_deref()?);
        Some((key, json!([other.p2p_address])))
    };
    json!({ "authority_id_to_addresses": others.filter_map(entry).collect::<Map<_, _>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::manifest::tests::{collator_record, node_record};

    #[test]
    fn each_node_knows_the_validators_but_itself() {
        let mut bob = node_record("bob");
        bob.session_keys = Some("//Bob".to_owned());
        let nodes = [node_record("alice"), bob, collator_record("picasso-1", 2_087)];
        let known = |node| known_to(node, &nodes)["authority_id_to_addresses"].as_object().unwrap().clone();
        assert_eq!(known(&nodes[0]).len(), 1);
        let to_collator = known(&nodes[2]);
        assert_eq!(to_collator.len(), 2);
        assert_eq!(
            to_collator["5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"],
            json!(["/ip4/127.0.0.1/tcp/9945/ws/p2p/12D3KooW"])
        );
    }

    #[test]
    fn the_file_is_where_the_node_of_the_relay_chain_looks() {
        let base = tempfile::tempdir().unwrap();
        let at = |record: NodeRecord| NodeRecord { base_path: base.path().join(&record.name), ..record };
        write(&[at(node_record("alice")), at(collator_record("picasso-1", 2_087))], "serin_local").unwrap();
        for directory in ["alice", "picasso-1/polkadot"] {
            let file = base.path().join(directory).join("chains/serin_local/network").join(CACHE_FILE);
            assert!(file.is_file(), "{}", file.display());
        }
    }
}
