// SPDX-License-Identifier: GPL-3.0-only
//! The account that reports finality, and its key in the node's keystore.

use crate::demo::runtimes::{Relay, Runtime, Terms};
use sc_keystore::LocalKeystore;
use sc_service::config::KeystoreConfig;
use serin_runtime::{AccountId, RuntimeCall};
use sp_core::{crypto::KeyTypeId, sr25519};

/// Under which type the keystore has the key: one of its own, so that no session key ever signs transactions.
pub const KEY_TYPE: KeyTypeId = KeyTypeId(*b"repo");

mod application {
    use sp_application_crypto::{app_crypto, sr25519};

    app_crypto!(sr25519, super::KEY_TYPE);
}

/// An account whose key is looked up in the node's keystore whenever it signs: it may be inserted while the node runs.
pub struct ReporterKey {
    account: AccountId,
    keystore: KeystoreConfig,
}

impl ReporterKey {
    pub const fn new(account: AccountId, keystore: KeystoreConfig) -> Self {
        Self { account, keystore }
    }

    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// The transaction that has the account dispatch `call`.
    pub fn sign(&self, call: RuntimeCall, terms: &Terms) -> Result<Vec<u8>, String> {
        Ok(Relay::sign(&self.pair()?, call, terms))
    }

    /// The key. The error tells the operator how to insert it.
    pub fn pair(&self) -> Result<sr25519::Pair, String> {
        let account = &self.account;
        let KeystoreConfig::Path { path, password } = &self.keystore else {
            return Err("the node has no keystore on disk; start it with --base-path or --keystore-path".to_owned());
        };
        let failed = |error: sc_keystore::Error| format!("the keystore {} cannot be read: {error}", path.display());
        let keystore = LocalKeystore::open(path, password.clone()).map_err(failed)?;
        let public = application::Public::from(sr25519::Public::from_raw(account.clone().into()));
        let found = keystore.key_pair::<application::Pair>(&public).map_err(failed)?;
        found.map(sr25519::Pair::from).ok_or_else(|| {
            let path = path.display();
            format!(
                "the keystore {path} has no key of {account}; insert it with `serin key insert --chain CHAIN --keystore-path {path} \
                 --key-type repo --scheme sr25519`, which asks for the secret"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::Pair;
    use sp_keyring::Sr25519Keyring;
    use std::fs;

    #[test]
    fn a_key_is_found_as_soon_as_it_is_inserted_and_only_under_its_type() {
        let directory = tempfile::tempdir().expect("a directory");
        let keystore = KeystoreConfig::Path { path: directory.path().to_owned(), password: None };
        let key = ReporterKey::new(Sr25519Keyring::Ferdie.to_account_id(), keystore);
        // As `serin key insert` writes it.
        let insert = |key_type: KeyTypeId| {
            let name = [key_type.0.as_slice(), &Sr25519Keyring::Ferdie.public().0].concat();
            fs::write(directory.path().join(hex::encode(name)), "\"//Ferdie\"").expect("written");
        };

        insert(KeyTypeId(*b"babe"));
        let trouble = key.pair().map(|_| ()).expect_err("not under this type");
        assert!(
            trouble.contains("--key-type repo") && trouble.contains("5CiPPseXPECbkjWCa6MnjNokrgYjMqmKndv2rSnekmSK2DjL")
        );

        insert(KEY_TYPE);
        assert_eq!(key.pair().expect("it is there").public(), Sr25519Keyring::Ferdie.public());
    }
}
