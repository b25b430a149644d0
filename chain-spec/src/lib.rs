// SPDX-License-Identifier: GPL-3.0-only
//! Builds and loads chain specs, from the runtimes' genesis presets.

mod local_network;
pub mod parachain;
mod raw;

use serin_runtime::{genesis_config_presets::Preset, RuntimeGenesisConfig};
use std::path::PathBuf;

pub use local_network::{local_network_specs, LocalNetworkSpecs};
pub use parachain::Parachain;
pub use polkadot_service::GenericChainSpec;
pub use serin_runtime::genesis_config_presets::{ParachainKind, Transport};

use sc_chain_spec::{ChainSpec, ChainType};

/// Why there is no spec.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no chain is named: pass --dev, or --chain with one of {KNOWN_IDS} or the path of a chain spec file")]
    NoChain,
    #[error("chain '{0}' is neither one of {KNOWN_IDS} nor a file that exists: pass --chain with one of these")]
    UnknownChain(String),
    #[error("chain spec file {path}: {reason}")]
    Malformed { path: PathBuf, reason: String },
    #[error("this executable was built with SKIP_WASM_BUILD and holds no runtime: build it with `make build`")]
    NoRuntime,
    #[error("a network needs at least 1 and at most {max} validators, not {asked}", max = MAX_LOCAL_VALIDATORS)]
    ValidatorCount { asked: u32 },
    #[error("genesis of '{chain}': {reason}")]
    Genesis { chain: String, reason: String },
    #[error("'{0}' names no parachain: use ID[:NAME], as in 2087:picasso, with a number as its id")]
    ParachainSyntax(String),
    #[error("'{0}' is no name for a parachain: use 1 to 24 of a-z, 0-9 and '-', beginning with a letter")]
    ParachainName(String),
    #[error("parachain id {0} is reserved for system chains, which only Root registers: use 2000 or more")]
    ParachainId(u32),
    #[error("parachain {name} has at least 1 and at most {max} collators at genesis, not {asked}", max = parachain::MAX_COLLATORS)]
    CollatorCount { name: String, asked: u32 },
    #[error(
        "two parachains have the {what} {value}: give each its own, as in --para 2087:picasso --para 2100:subsocial"
    )]
    ParachainTwice { what: &'static str, value: String },
    #[error("a network of '{preset}' takes no parachains, as {reason}: use --chain local")]
    NoParachains { preset: &'static str, reason: &'static str },
    #[error("{cores} parachains with a core need at least {cores} validators, not {validators}: pass --validators {cores} or more")]
    TooFewValidators { cores: usize, validators: u32 },
    #[error("at most {max} parachains can have a channel with each other, not {asked}: leave some out", max = local_network::MAX_PARACHAINS)]
    TooManyParachains { asked: usize },
    #[error("chain '{0}' is a parachain: run it with `serin collator --chain {0}`, or write its spec with `serin export-chain-spec --chain {0}`")]
    NotARelayChain(String),
}

const KNOWN_IDS: &str = "serin, local, fast, development (dev)";

/// Each validator is a process of its own: more than this no machine runs.
pub const MAX_LOCAL_VALIDATORS: u32 = 100;

/// In which form a preset's spec holds the genesis state. A file stays in the form it has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As storage. To read its genesis hash, a node then need not run the runtime.
    #[default]
    Raw,
    /// As a patch of the runtime's default genesis, for people to read and edit.
    Plain,
}

/// The spec that `--chain ID` means: a preset's name, `dev` for `development`, or the path of a file. A parachain's is for
/// people only (`Form::Plain`): the node that asks for the raw form is one of the relay chain.
pub fn load(id: &str, form: Form) -> Result<Box<dyn ChainSpec>, Error> {
    if id.is_empty() {
        return Err(Error::NoChain);
    }
    if let Some(preset) = preset(id) {
        return Ok(Box::new(match form {
            Form::Plain => preset_spec(preset, preset.genesis(preset.default_validators()))?,
            Form::Raw => from_json(preset, raw_preset(preset)?)?,
        }));
    }
    if let Some(parachain) = Parachain::from_chain_id(id)? {
        return match form {
            Form::Plain => parachain.spec(form),
            Form::Raw => Err(Error::NotARelayChain(id.to_owned())),
        };
    }
    let path = PathBuf::from(id);
    if !path.is_file() {
        return Err(Error::UnknownChain(id.to_owned()));
    }
    GenericChainSpec::from_json_file(path.clone())
        .map(|spec| Box::new(spec) as Box<dyn ChainSpec>)
        .map_err(|reason| Error::Malformed { path, reason })
}

/// The raw spec of the preset that `--chain ID` means, as JSON; none when it means no preset.
pub fn load_preset(id: &str) -> Result<Option<String>, Error> {
    preset(id).map(raw_preset).transpose()
}

/// The runtime, compressed wasm.
pub fn wasm_binary() -> Result<&'static [u8], Error> {
    serin_runtime::WASM_BINARY.ok_or(Error::NoRuntime)
}

fn preset(id: &str) -> Option<Preset> {
    Preset::from_name(if id == "dev" { Preset::Development.name() } else { id })
}

fn raw_preset(preset: Preset) -> Result<String, Error> {
    raw_preset_spec(preset, preset.genesis(preset.default_validators()))
}

/// The raw spec with the genesis of `patch`, as JSON.
fn raw_preset_spec(preset: Preset, patch: serde_json::Value) -> Result<String, Error> {
    let storage = raw::native_storage::<RuntimeGenesisConfig>(patch, wasm_binary()?);
    let storage = storage.map_err(|reason| failed(preset, reason))?;
    let frame = preset_spec(preset, serde_json::json!({}))?;
    raw::spec_with_storage(&frame, &storage).map_err(|reason| failed(preset, reason))
}

fn from_json(preset: Preset, json: String) -> Result<GenericChainSpec, Error> {
    GenericChainSpec::from_json_bytes(json.into_bytes()).map_err(|reason| failed(preset, reason))
}

/// The id of the preset's spec.
const fn spec_id(preset: Preset) -> &'static str {
    match preset {
        Preset::Serin => "serin",
        Preset::Local => "serin_local",
        Preset::Fast => "serin_fast",
        Preset::Development => "serin_development",
    }
}

fn preset_spec(preset: Preset, patch: serde_json::Value) -> Result<GenericChainSpec, Error> {
    let (name, chain_type) = match preset {
        Preset::Serin => ("Serin", ChainType::Live),
        Preset::Local => ("Serin Local", ChainType::Local),
        Preset::Fast => ("Serin Fast", ChainType::Local),
        Preset::Development => ("Serin Development", ChainType::Development),
    };
    let properties = [("tokenSymbol", "KSM".into()), ("tokenDecimals", 12.into()), ("ss58Format", 42.into())]
        .map(|(key, value): (&str, serde_json::Value)| (key.to_owned(), value));

    Ok(GenericChainSpec::builder(wasm_binary()?, Default::default())
        .with_name(name)
        .with_id(spec_id(preset))
        .with_chain_type(chain_type)
        .with_protocol_id(spec_id(preset))
        .with_properties(properties.into_iter().collect())
        .with_genesis_config_patch(patch)
        .build())
}

fn failed(preset: Preset, reason: String) -> Error {
    Error::Genesis { chain: preset.name().to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::BuildStorage;

    #[test]
    fn native_genesis_equals_the_wasm_runtimes_for_every_preset() {
        for preset in Preset::ALL {
            let by_wasm = preset_spec(preset, preset.genesis(3)).unwrap().build_storage().unwrap();
            let native = from_json(preset, raw_preset_spec(preset, preset.genesis(3)).unwrap()).unwrap();
            let native = native.build_storage().unwrap();
            assert_eq!(native.top.keys().collect::<Vec<_>>(), by_wasm.top.keys().collect::<Vec<_>>(), "{preset:?}");
            assert_eq!(native.top, by_wasm.top, "{preset:?}");
        }
    }

    #[test]
    fn a_raw_spec_is_loaded_by_name() {
        let spec = load("local", Form::Raw).unwrap();
        assert_eq!(spec.id(), "serin_local");
        assert_eq!(load_preset("dev").unwrap(), load_preset("development").unwrap());
        assert_eq!(load_preset("kusama").unwrap(), None);
    }

    #[test]
    fn bad_names_are_refused_with_the_remedy() {
        let error = |id| load(id, Form::Raw).map(|spec| spec.id().to_owned()).unwrap_err().to_string();
        assert!(error("").contains("--chain"));
        assert!(error("no-such-chain").contains("local, fast"));
        assert!(error("para:2087:picasso").contains("serin collator"));
        assert!(error("para:nobody").contains("ID[:NAME]"));
    }

    #[test]
    fn a_parachains_spec_can_be_exported() {
        assert_eq!(load("para:2087:picasso", Form::Plain).unwrap().id(), "picasso");
    }
}
