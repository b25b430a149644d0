// SPDX-License-Identifier: GPL-3.0-only
//! Names, session keys, node keys and accounts of local networks: all derived, so all known before the first start.

use super::{
    manifest::{write_private, Account},
    Error, Result,
};
use sc_network::config::ed25519 as network_key;
use serin_runtime::genesis_config_presets::validator_name;
use sp_core::{
    crypto::{AccountId32, Ss58AddressFormat, Ss58Codec},
    ed25519, sr25519, Blake2Hasher, Hasher, Pair,
};
use std::{fs, os::unix::fs::DirBuilderExt, path::Path};

/// The prefix of every Serin address.
const SS58_PREFIX: u16 = 42;

/// The names for which the SDK has a flag (`--alice`, ...) that loads the session keys into memory.
pub const DEVELOPMENT_NAMES: [&str; 6] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"];

/// The session keys that are sr25519: BABE, parachain validation, approval assignment, authority discovery.
const SR25519_KEY_TYPES: [&[u8; 4]; 4] = [b"babe", b"para", b"asgn", b"audi"];
/// The one that is ed25519: GRANDPA.
const ED25519_KEY_TYPE: &[u8; 4] = b"gran";

/// The node name of the genesis validator at `index`: `alice`, `bob`, ... `validator7`.
pub fn node_name(index: u32) -> String {
    validator_name(index).to_lowercase()
}

/// The derivation of the session keys of the genesis validator at `index`: `//Alice`.
pub fn session_derivation(index: u32) -> String {
    format!("//{}", validator_name(index))
}

/// The SDK's flag that loads the session keys of `derivation`, if it has one.
pub fn development_flag(derivation: &str) -> Option<String> {
    let name = derivation.strip_prefix("//")?;
    DEVELOPMENT_NAMES.contains(&name).then(|| format!("--{}", name.to_lowercase()))
}

/// Fails unless `name` is safe as a directory, as a node name and on a command line.
pub fn ensure_name(what: &'static str, name: &str) -> Result<()> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_name = (1..=32).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(allowed);
    if is_name {
        Ok(())
    } else {
        Err(Error::InvalidName { what, name: name.to_owned() })
    }
}

/// The p2p identity of a node, fixed by the network's and the node's name.
pub struct NodeKey {
    secret: [u8; 32],
}

impl NodeKey {
    pub fn derive(network: &str, node: &str) -> Self {
        // Names hold no '/', so no two pairs of names give the same text.
        let seed = Blake2Hasher::hash(format!("serin local network node key/{network}/{node}").as_bytes());
        Self { secret: seed.0 }
    }

    /// What `--node-key-file` reads.
    pub fn to_hex(&self) -> String {
        hex::encode(self.secret)
    }

    /// Base58.
    pub fn peer_id(&self) -> String {
        let secret =
            network_key::SecretKey::try_from_bytes(self.secret).expect("any 32 bytes are an ed25519 seed; qed");
        network_key::Keypair::from(secret).public().to_peer_id().to_string()
    }
}

/// Fills a keystore directory with the session keys of `derivation`, as the SDK's local keystore lays it out: one file
/// per key, named by key type and public key in hex, holding the secret as a JSON string.
pub fn write_keystore(directory: &Path, derivation: &str) -> Result<()> {
    create_keystore(directory)?;
    session_publics(derivation)
        .into_iter()
        .try_for_each(|(key_type, public)| write_key(directory, *key_type, public, derivation))
}

/// Puts the sr25519 key of `derivation` into a keystore directory, which is made if there is none.
pub fn insert_key(directory: &Path, key_type: [u8; 4], derivation: &str) -> Result<()> {
    create_keystore(directory)?;
    write_key(directory, key_type, sr25519_pair(derivation).public().0, derivation)
}

/// The BABE key of `derivation`, by which blocks name their author.
pub fn babe_key(derivation: &str) -> [u8; 32] {
    sr25519_pair(derivation).public().0
}

/// The authority discovery key of `derivation`, as SS58: by it a validator's address is looked up.
pub fn discovery_key(derivation: &str) -> String {
    address_of(derivation)
}

/// The accounts that local genesis endows: the development accounts, their stashes, and the other validators' stashes.
pub fn accounts(validators: u32) -> Vec<Account> {
    let named = u32::try_from(DEVELOPMENT_NAMES.len()).unwrap_or(u32::MAX);
    let development = DEVELOPMENT_NAMES.iter().map(|name| account(name, &format!("//{name}")));
    let stashes = (0..named.max(validators)).map(|index| {
        let name = validator_name(index);
        account(&format!("{name} stash"), &format!("//{name}//stash"))
    });
    development.chain(stashes).collect()
}

/// The account's address, as SS58.
pub fn address(account: &AccountId32) -> String {
    account.to_ss58check_with_version(Ss58AddressFormat::custom(SS58_PREFIX))
}

/// The address of the account of `derivation`.
pub fn address_of(derivation: &str) -> String {
    address(&AccountId32::from(sr25519_pair(derivation).public()))
}

fn account(name: &str, derivation: &str) -> Account {
    Account { name: name.to_owned(), derivation: derivation.to_owned(), address: address_of(derivation) }
}

fn create_keystore(directory: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700).create(directory).map_err(Error::io("creating keystore", directory))
}

fn write_key(directory: &Path, key_type: [u8; 4], public: [u8; 32], derivation: &str) -> Result<()> {
    let file = format!("{}{}", hex::encode(key_type), hex::encode(public));
    let secret = serde_json::Value::from(derivation).to_string();
    write_private(&directory.join(file), secret.as_bytes())
}

fn session_publics(derivation: &str) -> Vec<(&'static [u8; 4], [u8; 32])> {
    let grandpa = ed25519::Pair::from_string(derivation, None).expect(DERIVATION_PROOF).public();
    let others = sr25519_pair(derivation).public();
    SR25519_KEY_TYPES.into_iter().map(|key_type| (key_type, others.0)).chain([(ED25519_KEY_TYPE, grandpa.0)]).collect()
}

fn sr25519_pair(derivation: &str) -> sr25519::Pair {
    sr25519::Pair::from_string(derivation, None).expect(DERIVATION_PROOF)
}

const DERIVATION_PROOF: &str = "//Name and //Name//stash are hard derivations, which every scheme here has; qed";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_genesis_presets() {
        assert_eq!(node_name(0), "alice");
        assert_eq!(session_derivation(5), "//Ferdie");
        assert_eq!(node_name(6), "validator7");
        assert_eq!(session_derivation(6), "//Validator7");
        assert_eq!(development_flag("//Dave").as_deref(), Some("--dave"));
        assert_eq!(development_flag("//Validator7"), None);
    }

    #[test]
    fn session_keys_are_those_of_the_genesis_presets() {
        let expected = serin_runtime::genesis_config_presets::session_keys("Validator7");
        let publics = session_publics("//Validator7");
        let public = |key_type: &[u8; 4]| publics.iter().find(|(found, _)| *found == key_type).unwrap().1;
        assert_eq!(public(b"gran"), <[u8; 32]>::try_from(AsRef::<[u8]>::as_ref(&expected.grandpa)).unwrap());
        assert_eq!(public(b"babe"), <[u8; 32]>::try_from(AsRef::<[u8]>::as_ref(&expected.babe)).unwrap());
        assert_eq!(babe_key("//Validator7"), public(b"babe"));
    }

    #[test]
    fn the_development_address_of_alice_is_the_well_known_one() {
        let accounts = accounts(7);
        assert_eq!(accounts[0].address, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY");
        assert_eq!(accounts.len(), 6 + 7);
        assert_eq!(accounts[12].derivation, "//Validator7//stash");
    }

    #[test]
    fn node_keys_differ_by_network_and_by_node_and_are_stable() {
        let peer = |network, node| NodeKey::derive(network, node).peer_id();
        assert_eq!(peer("serin-1", "alice"), peer("serin-1", "alice"));
        assert_ne!(peer("serin-1", "alice"), peer("serin-1", "bob"));
        assert_ne!(peer("serin-1", "alice"), peer("serin-2", "alice"));
        assert!(peer("serin-1", "alice").starts_with("12D3KooW"));
        assert_eq!(NodeKey::derive("serin-1", "alice").to_hex().len(), 64);
    }

    #[test]
    fn a_keystore_holds_one_file_per_session_key() {
        let directory = tempfile::tempdir().unwrap();
        let keystore = directory.path().join("keystore");
        write_keystore(&keystore, "//Validator7").unwrap();
        write_keystore(&keystore, "//Validator7").unwrap();

        let files = fs::read_dir(&keystore).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        assert_eq!(files.len(), 5);
        for file in files {
            assert_eq!(file.file_name().unwrap().len(), 2 * (4 + 32));
            assert_eq!(fs::read_to_string(file).unwrap(), "\"//Validator7\"");
        }
    }

    #[test]
    fn names_that_would_escape_a_directory_are_refused() {
        for name in ["", "../alice", "Alice", "a.b", "7up", "a b", &"a".repeat(33)] {
            assert!(ensure_name("node", name).is_err(), "{name}");
        }
        assert!(ensure_name("node", "validator7").is_ok());
    }
}
