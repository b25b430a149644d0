// SPDX-License-Identifier: GPL-3.0-only
//! The specs of a local network: its relay chain and the parachains that its genesis has.

use crate::{raw_preset_spec, spec_id, Error, Parachain, ParachainKind, Transport, MAX_LOCAL_VALIDATORS};
use polkadot_primitives::Id as ParaId;
use serin_runtime::genesis_config_presets::Preset;
use std::collections::BTreeSet;

/// Each has channels with all others: HRMP allows 30 each way, and XCMP two more.
pub(crate) const MAX_PARACHAINS: usize = 31;

/// Raw specs, as JSON.
#[derive(Clone, Debug)]
pub struct LocalNetworkSpecs {
    pub relay_chain: String,
    pub relay_chain_id: &'static str,
    /// In the order in which the parachains were asked for.
    pub parachains: Vec<String>,
}

/// The specs of a local network: the named preset with that many validators and these parachains. Each of them has an XCMP
/// channel with each other; by `transport` they have an HRMP channel as well, which then is the one in use.
pub fn local_network_specs(
    preset: &str,
    validators: u32,
    parachains: &[Parachain],
    transport: Transport,
) -> Result<LocalNetworkSpecs, Error> {
    let preset = Preset::from_name(preset).ok_or_else(|| Error::UnknownChain(preset.to_owned()))?;
    if validators == 0 || validators > MAX_LOCAL_VALIDATORS {
        return Err(Error::ValidatorCount { asked: validators });
    }
    ensure_hosted(preset, validators, parachains)?;

    let ids = parachains.iter().map(|para| ParaId::from(para.id)).collect::<Vec<_>>();
    let mut registered = Vec::new();
    let mut specs = Vec::new();
    for parachain in parachains {
        let siblings = ids.iter().copied().filter(|id| *id != ParaId::from(parachain.id)).collect::<Vec<_>>();
        let genesis = parachain.genesis(&siblings)?;
        specs.push(parachain.raw_spec(spec_id(preset), &genesis)?);
        registered.push(parachain.registered(&genesis)?);
    }
    let genesis = preset.genesis_with_parachains(validators, &registered, transport);
    let (relay_chain, relay_chain_id) = (raw_preset_spec(preset, genesis)?, spec_id(preset));
    Ok(LocalNetworkSpecs { relay_chain, relay_chain_id, parachains: specs })
}

/// Fails unless a network of `preset` with that many validators can host all of `parachains`.
fn ensure_hosted(preset: Preset, validators: u32, parachains: &[Parachain]) -> Result<(), Error> {
    if parachains.is_empty() {
        return Ok(());
    }
    if let Some(reason) = no_parachains_because(preset) {
        return Err(Error::NoParachains { preset: preset.name(), reason });
    }
    let (mut ids, mut names) = (BTreeSet::new(), BTreeSet::new());
    for parachain in parachains {
        parachain.ensure_valid()?;
        if !ids.insert(parachain.id) {
            return Err(Error::ParachainTwice { what: "id", value: parachain.id.to_string() });
        }
        if !names.insert(&parachain.name) {
            return Err(Error::ParachainTwice { what: "name", value: parachain.name.clone() });
        }
    }
    if parachains.len() > MAX_PARACHAINS {
        return Err(Error::TooManyParachains { asked: parachains.len() });
    }
    let cores = parachains.iter().filter(|para| para.kind == ParachainKind::WithCore).count();
    // A core without a backing group would be one in name only.
    if usize::try_from(validators).is_ok_and(|validators| validators < cores) {
        return Err(Error::TooFewValidators { cores, validators });
    }
    Ok(())
}

const fn no_parachains_because(preset: Preset) -> Option<&'static str> {
    match preset {
        Preset::Local => None,
        Preset::Fast | Preset::Development => {
            Some("its slots are shorter than the six seconds on which collators and validators rely")
        }
        Preset::Serin => Some("so few validators would approve candidates there without a check"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{from_json, GenericChainSpec};
    use serde_json::Value;
    use serin_runtime::RuntimeGenesisConfig;
    use sp_runtime::BuildStorage;

    fn parachains(texts: &[(&str, ParachainKind)]) -> Vec<Parachain> {
        texts.iter().map(|(text, kind)| Parachain::parse(text, *kind).unwrap()).collect()
    }

    fn demonstration() -> Vec<Parachain> {
        parachains(&[
            ("2087:picasso", ParachainKind::WithCore),
            ("2100:subsocial", ParachainKind::WithCore),
            ("2086:kilt", ParachainKind::OnDemand),
        ])
    }

    fn refusal(preset: &str, validators: u32, parachains: &[Parachain]) -> String {
        local_network_specs(preset, validators, parachains, Transport::Xcmp).unwrap_err().to_string()
    }

    #[test]
    fn a_network_has_a_spec_for_each_of_its_chains() {
        let specs = local_network_specs("local", 4, &demonstration(), Transport::Xcmp).unwrap();
        let relay_chain = from_json(Preset::Local, specs.relay_chain).unwrap();
        assert_eq!(relay_chain.id(), specs.relay_chain_id);
        let read = |json: &String| serde_json::from_str::<Value>(json).unwrap();
        let ids = specs.parachains.iter().map(read).map(|spec| spec["id"].as_str().unwrap().to_owned());
        assert_eq!(ids.collect::<Vec<_>>(), ["picasso", "subsocial", "kilt"]);
    }

    #[test]
    fn native_genesis_with_parachains_equals_the_wasm_runtimes() {
        let parachains = demonstration();
        let genesis = parachains.iter().map(|para| para.registered(&para.genesis(&[]).unwrap()).unwrap());
        let patch = Preset::Local.genesis_with_parachains(4, &genesis.collect::<Vec<_>>(), Transport::Hrmp);
        let by_wasm = crate::preset_spec(Preset::Local, patch.clone()).unwrap().build_storage().unwrap();
        let native = crate::raw::native_storage::<RuntimeGenesisConfig>(patch, crate::wasm_binary().unwrap()).unwrap();
        assert_eq!(native.top.keys().collect::<Vec<_>>(), by_wasm.top.keys().collect::<Vec<_>>());
        assert_eq!(native.top, by_wasm.top);
    }

    #[test]
    fn what_a_network_cannot_host_is_refused_with_the_remedy() {
        let demonstration = demonstration();
        assert!(refusal("fast", 4, &demonstration).contains("six seconds"), "{}", refusal("fast", 4, &demonstration));
        assert!(refusal("development", 4, &demonstration).contains("--chain local"));
        assert!(refusal("serin", 4, &demonstration).contains("--chain local"));
        // The one on demand needs no group of its own.
        assert!(refusal("local", 1, &demonstration).contains("--validators 2"));
        assert!(ensure_hosted(Preset::Local, 2, &demonstration).is_ok());

        let core = ParachainKind::WithCore;
        assert!(refusal("local", 4, &parachains(&[("2087", core), ("2087:other", core)])).contains("id 2087"));
        assert!(refusal("local", 4, &parachains(&[("2087:a", core), ("2088:a", core)])).contains("name a"));
        let crowd = (2_000..2_032).map(|id| Parachain::parse(&id.to_string(), core).unwrap()).collect::<Vec<_>>();
        assert!(refusal("local", 100, &crowd).contains("31"));
    }

    #[test]
    fn bad_presets_and_counts_are_refused() {
        assert!(refusal("nonsense", 4, &[]).contains("nonsense"));
        assert!(refusal("local", 0, &[]).contains("at least 1"));
        assert!(refusal("local", MAX_LOCAL_VALIDATORS + 1, &[]).contains("at most 100"));
    }

    #[test]
    fn a_network_without_parachains_is_the_preset() {
        let specs = local_network_specs("local", 4, &[], Transport::Xcmp).unwrap();
        assert_eq!(specs.relay_chain, crate::load_preset("local").unwrap().unwrap());
        assert!(specs.parachains.is_empty());
        assert!(GenericChainSpec::from_json_bytes(specs.relay_chain.into_bytes()).is_ok());
    }
}
