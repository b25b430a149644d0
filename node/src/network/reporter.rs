// SPDX-License-Identifier: GPL-3.0-only
//! The validator of a local network that proves to the chain that blocks are final, so that a plan for the validator count
//! finds what it asks for.

use super::{keys, manifest::NodeRecord, Result};
use crate::validator_count::reporter::KEY_TYPE;

/// Who signs. Every genesis endows it, and nobody else signs for it, whose transactions would be in the way: it is the stash of
/// the sixth validator, which acts only by its session keys.
const ACCOUNT: &str = "//Ferdie//stash";

/// The account's address.
pub fn address() -> String {
    keys::address_of(ACCOUNT)
}

/// Puts the account's key into the keystore of each node that reports. `chain`: the id in its spec.
pub fn insert_key(nodes: &[NodeRecord], chain: &str) -> Result<()> {
    nodes.iter().filter(|node| node.reports_finality).try_for_each(|node| {
        // The SDK's place, from where it also takes the keys that are inserted over RPC.
        let keystore = node.base_path.join("chains").join(chain).join("keystore");
        keys::insert_key(&keystore, KEY_TYPE.0, ACCOUNT)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{network::manifest::tests::node_record, validator_count::reporter::ReporterKey};
    use sc_service::config::KeystoreConfig;
    use std::str::FromStr;

    #[test]
    fn the_node_that_reports_finds_its_key() {
        let base = tempfile::tempdir().unwrap();
        let node = |name: &str, reports_finality| NodeRecord {
            base_path: base.path().join(name),
            reports_finality,
            ..node_record(name)
        };
        insert_key(&[node("alice", true), node("bob", false)], "serin_local").unwrap();
        let key = |name: &str| {
            let path = base.path().join(name).join("chains/serin_local/keystore");
            let account = FromStr::from_str(&address()).unwrap();
            ReporterKey::new(account, KeystoreConfig::Path { path, password: None }).pair()
        };
        assert!(key("alice").is_ok());
        assert!(key("bob").is_err());
    }
}
