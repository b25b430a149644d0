// SPDX-License-Identifier: GPL-3.0-only
//! Parachains that run the demonstration runtime: their specs, and what a relay chain's genesis holds of them.

use crate::{raw, Error, Form};
use codec::Encode;
use polkadot_primitives::{HeadData, Id as ParaId, LOWEST_PUBLIC_ID};
use sc_chain_spec::{ChainSpec, ChainSpecExtension, ChainType, GenericChainSpec};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use serin_parachain_runtime::{
    constants::currency::{TOKEN_DECIMALS, TOKEN_SYMBOL},
    genesis_config_presets::genesis,
    Block, RuntimeGenesisConfig, VERSION, WASM_BINARY,
};
use serin_runtime::genesis_config_presets::{GenesisParachain, ParachainKind};
use sp_core::storage::Storage;
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::{BlakeTwo256, Block as _, Hash as _};

/// How `--chain` names a parachain's spec: `para:ID[:NAME]`.
const CHAIN_ID_PREFIX: &str = "para:";
/// A node's name is made of it, and that of a chain's directory.
const MAX_NAME_BYTES: usize = 24;
/// Addresses look as on the relay chain.
const SS58_PREFIX: u16 = 42;
/// Of whom a parachain's genesis can have collators, in this order: those whose keys the SDK has a flag for.
const COLLATORS: [Sr25519Keyring; 6] = [
    Sr25519Keyring::Alice,
    Sr25519Keyring::Bob,
    Sr25519Keyring::Charlie,
    Sr25519Keyring::Dave,
    Sr25519Keyring::Eve,
    Sr25519Keyring::Ferdie,
];

/// The most collators that a parachain's genesis can have.
pub const MAX_COLLATORS: u32 = 6;
/// Who counts as having registered the parachains of a local network.
pub const MANAGER: Sr25519Keyring = Sr25519Keyring::Alice;

/// A parachain with the demonstration runtime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parachain {
    pub id: u32,
    /// Also the id of its chain spec.
    pub name: String,
    pub kind: ParachainKind,
    /// How many collators its genesis has. They take turns, so each of them has to run.
    pub collators: u32,
}

/// What the specs of parachains have beside those of other chains. Collators and light clients look for it.
#[derive(Clone, Debug, Serialize, Deserialize, ChainSpecExtension)]
pub struct Extensions {
    /// The id in the relay chain's spec.
    relay_chain: String,
    para_id: u32,
}

/// A parachain's genesis state, and what follows from it.
pub(crate) struct Genesis {
    storage: Storage,
    head: HeadData,
}

impl Parachain {
    /// Reads `ID[:NAME]`. Without a name it is `para-ID`.
    pub fn parse(text: &str, kind: ParachainKind) -> Result<Self, Error> {
        let (id, name) = match text.split_once(':') {
            Some((id, name)) => (id, Some(name)),
            None => (text, None),
        };
        let id = id.parse().map_err(|_| Error::ParachainSyntax(text.to_owned()))?;
        let parachain = Self { id, name: name.map_or_else(|| format!("para-{id}"), str::to_owned), kind, collators: 1 };
        parachain.ensure_valid()?;
        Ok(parachain)
    }

    /// The parachain that `--chain para:ID[:NAME]` means; none when the chain is named in another way.
    pub fn from_chain_id(id: &str) -> Result<Option<Self>, Error> {
        id.strip_prefix(CHAIN_ID_PREFIX).map(|text| Self::parse(text, ParachainKind::WithCore)).transpose()
    }

    /// Its spec, for a relay chain with the genesis of `local`.
    pub fn spec(&self, form: Form) -> Result<Box<dyn ChainSpec>, Error> {
        let relay_chain = crate::spec_id(serin_runtime::genesis_config_presets::Preset::Local);
        Ok(Box::new(match form {
            Form::Plain => self.plain_spec(relay_chain, self.genesis_patch(&[]))?,
            Form::Raw => {
                let json = self.raw_spec(relay_chain, &self.genesis(&[])?)?;
                GenericChainSpec::<Extensions>::from_json_bytes(json.into_bytes())
                    .map_err(|reason| self.failed(reason))?
            }
        }))
    }

    pub(crate) fn ensure_valid(&self) -> Result<(), Error> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_name = self.name.len() <= MAX_NAME_BYTES
            && self.name.starts_with(|c: char| c.is_ascii_lowercase())
            && self.name.chars().all(allowed);
        if !is_name {
            return Err(Error::ParachainName(self.name.clone()));
        }
        if ParaId::from(self.id) < LOWEST_PUBLIC_ID {
            return Err(Error::ParachainId(self.id));
        }
        if self.collators == 0 || self.collators > MAX_COLLATORS {
            return Err(Error::CollatorCount { name: self.name.clone(), asked: self.collators });
        }
        Ok(())
    }

    /// Built by the native runtime. `siblings` are the parachains that it has XCMP channels with, and whose tokens it can
    /// receive.
    pub(crate) fn genesis(&self, siblings: &[ParaId]) -> Result<Genesis, Error> {
        let patch = self.genesis_patch(siblings);
        let storage = raw::native_storage::<RuntimeGenesisConfig>(patch, wasm_binary()?).map_err(|e| self.failed(e))?;
        let top = storage.top.clone().into_iter().collect();
        let version = VERSION.state_version();
        let block = sc_service::construct_genesis_block::<Block>(BlakeTwo256::trie_root(top, version), version);
        Ok(Genesis { head: HeadData(block.header().encode()), storage })
    }

    /// Its raw spec, as JSON. `relay_chain`: the id in the relay chain's spec.
    pub(crate) fn raw_spec(&self, relay_chain: &str, genesis: &Genesis) -> Result<String, Error> {
        let frame = self.plain_spec(relay_chain, json!({}))?;
        raw::spec_with_storage(&frame, &genesis.storage).map_err(|reason| self.failed(reason))
    }

    /// How the relay chain's genesis knows it.
    pub(crate) fn registered(&self, genesis: &Genesis) -> Result<GenesisParachain, Error> {
        Ok(GenesisParachain {
            id: self.id.into(),
            head: genesis.head.clone(),
            // Collators compare the code in their chain's state with what the relay chain has.
            code: wasm_binary()?.to_vec().into(),
            manager: MANAGER.to_account_id(),
            kind: self.kind,
        })
    }

    fn genesis_patch(&self, siblings: &[ParaId]) -> Value {
        let collators = COLLATORS.into_iter().zip(0..self.collators).map(|(key, _)| key).collect::<Vec<_>>();
        genesis(self.id.into(), &collators, siblings)
    }

    fn plain_spec(&self, relay_chain: &str, genesis: Value) -> Result<GenericChainSpec<Extensions>, Error> {
        let extensions = Extensions { relay_chain: relay_chain.to_owned(), para_id: self.id };
        let properties = [
            ("tokenSymbol", json!(TOKEN_SYMBOL)),
            ("tokenDecimals", json!(TOKEN_DECIMALS)),
            ("ss58Format", json!(SS58_PREFIX)),
        ];
        Ok(GenericChainSpec::builder(wasm_binary()?, extensions)
            .with_name(&self.name)
            .with_id(&self.name)
            .with_chain_type(ChainType::Local)
            .with_protocol_id(&self.name)
            .with_properties(properties.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
            .with_genesis_config_patch(genesis)
            .build())
    }

    fn failed(&self, reason: String) -> Error {
        Error::Genesis { chain: self.name.clone(), reason }
    }
}

/// The demonstration parachain's runtime, compressed wasm.
pub fn wasm_binary() -> Result<&'static [u8], Error> {
    WASM_BINARY.ok_or(Error::NoRuntime)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parachain(text: &str) -> Result<Parachain, Error> {
        Parachain::parse(text, ParachainKind::WithCore)
    }

    #[test]
    fn a_parachain_is_named_by_id_and_name() {
        let picasso = parachain("2087:picasso").unwrap();
        assert_eq!((picasso.id, picasso.name.as_str(), picasso.collators), (2_087, "picasso", 1));
        assert_eq!(parachain("2100").unwrap().name, "para-2100");
        assert_eq!(Parachain::from_chain_id("para:2087:picasso").unwrap(), Some(picasso));
        assert_eq!(Parachain::from_chain_id("local").unwrap(), None);
    }

    #[test]
    fn anything_else_is_refused_with_the_remedy() {
        for (text, part) in [
            ("picasso", "ID[:NAME]"),
            ("", "ID[:NAME]"),
            ("-1:picasso", "ID[:NAME]"),
            ("2087:", "a-z"),
            ("2087:Picasso", "a-z"),
            ("2087:../picasso", "a-z"),
            ("1999:system", "2000"),
            // The one id whose word counts for the assignment of cores.
            ("1005:broker", "2000"),
        ] {
            let message = parachain(text).unwrap_err().to_string();
            assert!(message.contains(part), "{text}: {message}");
        }
        assert!(Parachain::from_chain_id("para:nonsense").is_err());
        let crowd = Parachain { collators: MAX_COLLATORS + 1, ..parachain("2087").unwrap() };
        assert!(crowd.ensure_valid().unwrap_err().to_string().contains("collators"));
    }

    #[test]
    fn native_genesis_equals_the_wasm_runtimes() {
        for collators in [1, MAX_COLLATORS] {
            let picasso = Parachain { collators, ..parachain("2087:picasso").unwrap() };
            let siblings = [ParaId::from(2_100)];
            let by_wasm = picasso.plain_spec("serin_local", picasso.genesis_patch(&siblings)).unwrap();
            let by_wasm = sp_runtime::BuildStorage::build_storage(&by_wasm).unwrap();
            let native = picasso.genesis(&siblings).unwrap().storage;
            assert_eq!(native.top.keys().collect::<Vec<_>>(), by_wasm.top.keys().collect::<Vec<_>>());
            assert_eq!(native.top, by_wasm.top);
        }
    }

    #[test]
    fn a_spec_names_its_relay_chain_and_its_own_id() {
        let spec = parachain("2087:picasso").unwrap().spec(Form::Raw).unwrap();
        let json: Value = serde_json::from_str(&spec.as_json(true).unwrap()).unwrap();
        assert_eq!(
            (&json["id"], &json["relay_chain"], &json["para_id"]),
            (&json!("picasso"), &json!("serin_local"), &json!(2_087))
        );
        assert_eq!(json["properties"]["tokenSymbol"], TOKEN_SYMBOL);
    }
}
