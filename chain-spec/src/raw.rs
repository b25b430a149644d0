// SPDX-License-Identifier: GPL-3.0-only
//! The raw form of a spec, without compiling the runtime's wasm.
//!
//! The library builds genesis state by running the wasm; that costs seconds of a network's start. The native runtimes in
//! this executable are built from the same source and do the same in milliseconds. Tests hold the two against each other.

use sc_chain_spec::{json_patch, ChainSpec};
use serde::{de::DeserializeOwned, Serialize};
use serde_json::{json, Map, Value};
use sp_core::storage::{well_known_keys, Storage};
use sp_runtime::BuildStorage;

/// The genesis state that the native runtime with the genesis config `Config` builds from `patch`, with `code` as its wasm.
pub(crate) fn native_storage<Config>(patch: Value, code: &[u8]) -> Result<Storage, String>
where
    Config: BuildStorage + Default + DeserializeOwned + Serialize,
{
    let mut config = serde_json::to_value(Config::default()).map_err(|error| error.to_string())?;
    json_patch::merge(&mut config, patch);
    let config: Config = serde_json::from_value(config).map_err(|error| error.to_string())?;

    let mut storage = config.build_storage()?;
    if !storage.children_default.is_empty() {
        return Err("genesis has child storage, which the raw form here does not write".to_owned());
    }
    storage.top.insert(well_known_keys::CODE.to_vec(), code.to_vec());
    Ok(storage)
}

/// The raw spec, as JSON: `frame` with `storage` in place of its own genesis.
pub(crate) fn spec_with_storage(frame: &dyn ChainSpec, storage: &Storage) -> Result<String, String> {
    let mut document: Value = serde_json::from_str(&frame.as_json(false)?).map_err(|error| error.to_string())?;
    document["genesis"] = json!({ "raw": { "top": hex_map(storage), "childrenDefault": {} } });
    Ok(document.to_string())
}

fn hex_map(storage: &Storage) -> Map<String, Value> {
    let hex = |bytes: &[u8]| sp_core::bytes::to_hex(bytes, false);
    storage.top.iter().map(|(key, value)| (hex(key), Value::String(hex(value)))).collect()
}
