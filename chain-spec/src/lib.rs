// SPDX-License-Identifier: GPL-3.0-only
//! Builds and loads chain specs, from the runtime's genesis presets.

mod raw;

use serin_runtime::genesis_config_presets::Preset;
use std::path::PathBuf;

pub use polkadot_service::GenericChainSpec;
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
    #[error("genesis of preset '{preset}': {reason}")]
    Genesis { preset: &'static str, reason: String },
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

/// The spec that `--chain ID` means: a preset's name, `dev` for `development`, or the path of a file.
pub fn load(id: &str, form: Form) -> Result<Box<dyn ChainSpec>, Error> {
    if id.is_empty() {
        return Err(Error::NoChain);
    }
    let name = if id == "dev" { Preset::Development.name() } else { id };
    if let Some(preset) = Preset::from_name(name) {
        let spec = preset_spec(preset, preset.default_validators())?;
        return Ok(Box::new(match form {
            Form::Plain => spec,
            Form::Raw => raw::to_raw(&spec, preset, preset.default_validators())?,
        }));
    }
    let path = PathBuf::from(id);
    if !path.is_file() {
        return Err(Error::UnknownChain(id.to_owned()));
    }
    GenericChainSpec::from_json_file(path.clone())
        .map(|spec| Box::new(spec) as Box<dyn ChainSpec>)
        .map_err(|reason| Error::Malformed { path, reason })
}

/// The raw spec of a local network, as JSON: the named preset with that many validators.
pub fn local_network_spec(preset: &str, validators: u32) -> Result<String, Error> {
    let preset = Preset::from_name(preset).ok_or_else(|| Error::UnknownChain(preset.to_owned()))?;
    if validators == 0 || validators > MAX_LOCAL_VALIDATORS {
        return Err(Error::ValidatorCount { asked: validators });
    }
    raw::to_raw_json(&preset_spec(preset, validators)?, preset, validators)
}

/// The runtime, compressed wasm.
pub fn wasm_binary() -> Result<&'static [u8], Error> {
    serin_runtime::WASM_BINARY.ok_or(Error::NoRuntime)
}

fn preset_spec(preset: Preset, validators: u32) -> Result<GenericChainSpec, Error> {
    let (name, id, chain_type) = match preset {
        Preset::Serin => ("Serin", "serin", ChainType::Live),
        Preset::Local => ("Serin Local", "serin_local", ChainType::Local),
        Preset::Fast => ("Serin Fast", "serin_fast", ChainType::Local),
        Preset::Development => ("Serin Development", "serin_development", ChainType::Development),
    };
    let properties = [("tokenSymbol", "KSM".into()), ("tokenDecimals", 12.into()), ("ss58Format", 42.into())]
        .map(|(key, value): (&str, serde_json::Value)| (key.to_owned(), value));

    Ok(GenericChainSpec::builder(wasm_binary()?, Default::default())
        .with_name(name)
        .with_id(id)
        .with_chain_type(chain_type)
        .with_protocol_id(id)
        .with_properties(properties.into_iter().collect())
        .with_genesis_config_patch(preset.genesis(validators))
        .build())
}
