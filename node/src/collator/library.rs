// SPDX-License-Identifier: GPL-3.0-only
//! What `polkadot_omni_node_lib` leaves open: who it is, which chains it knows by name, what their runtimes are like.

use crate::error::{Error, Result};
use polkadot_omni_node_lib::{
    chain_spec::{ChainSpec, DiskChainSpecLoader, GenericChainSpec, LoadSpec},
    runtime::{AuraConsensusId, BlockNumber, Consensus, DefaultRuntimeResolver, Runtime, RuntimeResolver},
    CliConfig, RunConfig,
};
use serin_chain_spec::{Form, Parachain};
use sp_core::storage::well_known_keys::CODE;

/// Parses the arguments of the process and does what they ask for. Ends the process by itself on `--help` and on arguments
/// that do not parse.
pub fn run() -> Result<()> {
    let config = RunConfig::new(Box::new(Resolver), Box::new(Loader));
    polkadot_omni_node_lib::run::<Identity>(config).map_err(Error::Cli)
}

struct Identity;

impl CliConfig for Identity {
    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    fn description(_: String) -> String {
        "The node of a parachain: a full node, or with --collator one that writes blocks.\n\n\
        The arguments before `--` are those of the parachain's node, the ones after it those of its relay chain's:\n\n  \
        serin collator --collator --chain para.json --base-path DIR -- --chain network.json\n\n\
        A chain is named by the path of its spec. Also known are para:ID[:NAME], a demonstration parachain, and as relay \
        chains serin, local, fast and development."
            .into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the issues of the repository this executable was built from".into()
    }

    fn copyright_start_year() -> u16 {
        2026
    }
}

/// Knows the demonstration parachains, and files.
struct Loader;

impl LoadSpec for Loader {
    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        if id.is_empty() {
            let remedy = "pass --chain with the path of the parachain's spec, or with para:ID[:NAME]";
            return Err(format!("no parachain is named: {remedy}"));
        }
        let Some(parachain) = Parachain::from_chain_id(id).map_err(|error| error.to_string())? else {
            return DiskChainSpecLoader.load_spec(id);
        };
        // By way of JSON, as the library looks for the relay chain in a type of its own.
        let json = parachain.spec(Form::Raw).map_err(|error| error.to_string())?.as_json(true)?;
        Ok(Box::new(GenericChainSpec::from_json_bytes(json.into_bytes())?))
    }
}

/// Knows what our own runtime is like. To find out about another the library compiles it, and later compiles it again to
/// run it.
struct Resolver;

impl RuntimeResolver for Resolver {
    fn runtime(&self, spec: &dyn ChainSpec) -> sc_cli::Result<Runtime> {
        if is_demonstration(spec)? {
            return Ok(Runtime::Omni(BlockNumber::U32, Consensus::Aura(AuraConsensusId::Sr25519)));
        }
        DefaultRuntimeResolver.runtime(spec)
    }
}

fn is_demonstration(spec: &dyn ChainSpec) -> Result<bool, String> {
    let Ok(ours) = serin_chain_spec::parachain::wasm_binary() else { return Ok(false) };
    let storage = spec.as_storage_builder().build_storage()?;
    Ok(storage.top.get(CODE).is_some_and(|code| code == ours))
}
