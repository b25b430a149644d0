// SPDX-License-Identifier: GPL-3.0-only
//! The chains of a network, and the files with their specs.

use super::{
    keys,
    manifest::{write_private, Manifest, ParachainRecord},
    Error, Result,
};
use serde::Deserialize;
use serin_chain_spec::{parachain::MANAGER, LocalNetworkSpecs, Parachain, ParachainKind, Transport};
use std::{
    fs,
    path::{Path, PathBuf},
};
use tokio::task::spawn_blocking;

/// Where the relay chain's genesis comes from.
#[derive(Clone, Debug)]
pub enum RelayChain {
    Preset(String),
    File(PathBuf),
}

pub struct Chains {
    /// The preset's name, or the id in the spec file.
    pub relay_chain: String,
    /// The id in the relay chain's spec.
    pub relay_chain_id: String,
    pub relay_chain_spec: PathBuf,
    pub parachains: Vec<ParachainRecord>,
}

impl Chains {
    /// Those of a network that had been running.
    pub fn continued(previous: &Manifest) -> Result<Self> {
        let spec = &previous.chain_spec;
        let text = fs::read_to_string(spec).map_err(Error::io("reading", spec))?;
        Ok(Self {
            relay_chain: previous.chain.clone(),
            relay_chain_id: spec_id(spec, &text)?,
            relay_chain_spec: spec.clone(),
            parachains: previous.parachains.clone(),
        })
    }

    /// Builds the spec of each chain and writes it under the base path.
    pub async fn write(
        base_path: &Path,
        relay_chain: &RelayChain,
        validators: u32,
        parachains: &[Parachain],
        transport: Transport,
    ) -> Result<Self> {
        let relay_chain_spec = relay_chain_spec(base_path);
        let records = parachain_records(base_path, parachains);
        let (name, id) = match relay_chain {
            RelayChain::Preset(preset) => {
                let specs = preset_specs(preset.clone(), validators, parachains.to_vec(), transport).await?;
                write_private(&relay_chain_spec, specs.relay_chain.as_bytes())?;
                for (record, spec) in records.iter().zip(specs.parachains) {
                    write_private(&record.chain_spec, spec.as_bytes())?;
                }
                (preset.clone(), specs.relay_chain_id.to_owned())
            }
            RelayChain::File(_) if !parachains.is_empty() => return Err(Error::ParachainsWithFile),
            RelayChain::File(file) => {
                let text = fs::read_to_string(file).map_err(Error::io("reading", file))?;
                write_private(&relay_chain_spec, text.as_bytes())?;
                let id = spec_id(file, &text)?;
                (id.clone(), id)
            }
        };
        Ok(Self { relay_chain: name, relay_chain_id: id, relay_chain_spec, parachains: records })
    }
}

/// The relay chain's spec under a base path.
pub fn relay_chain_spec(base_path: &Path) -> PathBuf {
    base_path.join("chain-spec.json")
}

/// A parachain's.
pub fn parachain_spec(base_path: &Path, id: u32) -> PathBuf {
    base_path.join(format!("chain-spec-{id}.json"))
}

/// What the manifest has of the parachains before anything has happened to them.
pub fn parachain_records(base_path: &Path, parachains: &[Parachain]) -> Vec<ParachainRecord> {
    let record = |parachain: &Parachain| ParachainRecord {
        id: parachain.id,
        name: parachain.name.clone(),
        kind: parachain.kind,
        collators: parachain.collators,
        manager: keys::address(&MANAGER.to_account_id()),
        chain_spec: parachain_spec(base_path, parachain.id),
        included: 0,
        first_backed: None,
        first_included: None,
    };
    parachains.iter().map(record).collect()
}

/// What must be the same for a network to be continued.
pub fn describe(validators: usize, chain: &str, parachains: &[ParachainRecord]) -> String {
    let mut text = format!("{validators} validator(s) on '{chain}'");
    for (index, parachain) in parachains.iter().enumerate() {
        let ParachainRecord { id, name, kind, collators, .. } = parachain;
        let kind = match kind {
            ParachainKind::WithCore => "a core",
            ParachainKind::OnDemand => "no core",
        };
        text.push_str(if index == 0 { " with " } else { ", " });
        text.push_str(&format!("{id}:{name} ({kind}, {collators} collator(s))"));
    }
    text
}

/// Builds the specs on a thread that may block.
async fn preset_specs(
    preset: String,
    validators: u32,
    parachains: Vec<Parachain>,
    transport: Transport,
) -> Result<LocalNetworkSpecs> {
    let failed = |chain: String, reason: String| Error::ChainSpec { chain, reason };
    let name = preset.clone();
    spawn_blocking(move || {
        serin_chain_spec::local_network_specs(&preset, validators, &parachains, transport)
            .map_err(|error| failed(preset, error.to_string()))
    })
    .await
    .unwrap_or_else(|panic| Err(failed(name, panic.to_string())))
}

fn spec_id(file: &Path, text: &str) -> Result<String> {
    /// Reads past all else, which is megabytes.
    #[derive(Deserialize)]
    struct Spec {
        id: Option<String>,
    }
    let spec = serde_json::from_str::<Spec>(text).map_err(|source| Error::Malformed {
        what: "a chain spec",
        path: file.to_owned(),
        source,
    })?;
    let missing = || Error::ChainSpec { chain: file.display().to_string(), reason: "it has no \"id\"".to_owned() };
    spec.id.ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_names_what_must_stay() {
        let parachains = [("2087:picasso", ParachainKind::WithCore), ("2086:kilt", ParachainKind::OnDemand)]
            .map(|(text, kind)| Parachain::parse(text, kind).unwrap());
        let records = parachain_records(Path::new("/base"), &parachains);
        assert_eq!(
            describe(4, "local", &records),
            "4 validator(s) on 'local' with 2087:picasso (a core, 1 collator(s)), 2086:kilt (no core, 1 collator(s))"
        );
        assert_eq!(describe(1, "fast", &[]), "1 validator(s) on 'fast'");
        assert_eq!(records[0].chain_spec, Path::new("/base/chain-spec-2087.json"));
    }

    #[test]
    fn a_spec_file_names_its_chain() {
        assert_eq!(spec_id(Path::new("x.json"), r#"{"id":"mine"}"#).unwrap(), "mine");
        assert!(spec_id(Path::new("x.json"), "{}").is_err());
        assert!(spec_id(Path::new("x.json"), "no json").is_err());
    }
}
