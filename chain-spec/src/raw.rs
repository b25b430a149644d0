// SPDX-License-Identifier: GPL-3.0-only
//! The raw form of a preset's spec, without compiling the runtime's wasm.
//!
//! The library builds genesis state by running the wasm; that costs seconds of a network's start. The native runtime in
//! this executable is built from the same source and does the same in milliseconds. A test holds the two against each other.

use crate::{wasm_binary, Error, GenericChainSpec};
use serde_json::{json, Map, Value};
use serin_runtime::{genesis_config_presets::Preset, BuildStorage, RuntimeGenesisConfig};
use sp_core::storage::{well_known_keys, Storage};

pub(crate) fn to_raw_json(spec: &GenericChainSpec, preset: Preset, validators: u32) -> Result<String, Error> {
    let failed = |reason: String| Error::Genesis { preset: preset.name(), reason };

    let storage = genesis_storage(preset, validators)?;
    let mut document: Value = spec
        .as_json(false)
        .and_then(|json| serde_json::from_str(&json).map_err(|error| error.to_string()))
        .map_err(failed)?;
    document["genesis"] = json!({ "raw": { "top": hex_map(storage.top), "childrenDefault": {} } });
    Ok(document.to_string())
}

pub(crate) fn to_raw(spec: &GenericChainSpec, preset: Preset, validators: u32) -> Result<GenericChainSpec, Error> {
    let json = to_raw_json(spec, preset, validators)?;
    GenericChainSpec::from_json_bytes(json.into_bytes())
        .map_err(|reason| Error::Genesis { preset: preset.name(), reason })
}

/// The genesis state of `preset`, built by the native runtime.
fn genesis_storage(preset: Preset, validators: u32) -> Result<Storage, Error> {
    let failed = |reason: String| Error::Genesis { preset: preset.name(), reason };

    let mut config =
        serde_json::to_value(RuntimeGenesisConfig::default()).map_err(|error| failed(error.to_string()))?;
    sc_chain_spec::json_patch::merge(&mut config, preset.genesis(validators));
    let config: RuntimeGenesisConfig = serde_json::from_value(config).map_err(|error| failed(error.to_string()))?;

    let mut storage = config.build_storage().map_err(failed)?;
    if !storage.children_default.is_empty() {
        return Err(failed("genesis has child storage, which the raw form here does not write".to_owned()));
    }
    storage.top.insert(well_known_keys::CODE.to_vec(), wasm_binary()?.to_vec());
    Ok(storage)
}

fn hex_map(storage: impl IntoIterator<Item = (Vec<u8>, Vec<u8>)>) -> Map<String, Value> {
    let hex = |bytes: &[u8]| sp_core::bytes::to_hex(bytes, false);
    storage.into_iter().map(|(key, value)| (hex(&key), Value::String(hex(&value)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{preset_spec, Form};

    #[test]
    fn native_genesis_equals_the_wasm_runtimes_for_every_preset() {
        for preset in Preset::ALL {
            let spec = preset_spec(preset, 3).unwrap();
            let by_wasm = spec.build_storage().unwrap();
            let native = genesis_storage(preset, 3).unwrap();
            assert_eq!(native.top.keys().collect::<Vec<_>>(), by_wasm.top.keys().collect::<Vec<_>>(), "{preset:?}");
            assert_eq!(native.top, by_wasm.top, "{preset:?}");
        }
    }

    #[test]
    fn a_raw_spec_loads_again_with_the_same_state() {
        let json = crate::local_network_spec("local", 2).unwrap();
        let loaded = GenericChainSpec::from_json_bytes(json.into_bytes()).unwrap();
        assert_eq!(loaded.id(), "serin_local");
        assert_eq!(loaded.build_storage().unwrap().top, genesis_storage(Preset::Local, 2).unwrap().top);
    }

    #[test]
    fn bad_names_and_counts_are_refused_with_the_remedy() {
        assert!(crate::load("", Form::Raw).unwrap_err().to_string().contains("--chain"));
        assert!(crate::load("no-such-chain", Form::Raw).unwrap_err().to_string().contains("local, fast"));
        assert!(crate::local_network_spec("local", 0).is_err());
        assert!(crate::local_network_spec("nonsense", 4).is_err());
    }
}
