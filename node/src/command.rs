// SPDX-License-Identifier: GPL-3.0-only
//! What each command does: one arm, one call.

use crate::{
    auctions, benchmarking, chain_operations as chain,
    cli::{Cli, Subcommand},
    collator::Collator,
    demo, doctor,
    error::{Error, Result},
    network, service, validator_count, xcmp,
};
use polkadot_cli::Subcommand as Sdk;
use sc_cli::{KeySubcommand, SubstrateCli};
use sc_service::ChainSpec;
use serin_chain_spec::Form;
use sp_core::crypto::{set_default_ss58_version, Ss58AddressFormatRegistry};
use std::time::Instant;

/// Parses the process's arguments and runs the command. Ends the process by itself on `--help` and on arguments that do
/// not parse.
pub fn run() -> Result<()> {
    // What a network says it took to start is counted from here.
    let started = Instant::now();
    let mut cli = Cli::from_args();
    // Prefix 42: addresses look the same on every network, as the runtime's constant says.
    set_default_ss58_version(Ss58AddressFormatRegistry::SubstrateAccount.into());
    match cli.subcommand.take() {
        None => {
            close_new_files_to_others();
            service::run(cli)
        }
        Some(Subcommand::Network(command)) => network::command::run(&command, started).map_err(Error::Network),
        Some(Subcommand::Demo(command)) => demo::run(&command).map_err(Error::Demo),
        Some(Subcommand::Validators(command)) => validator_count::command::run(&command).map_err(Error::Validators),
        Some(Subcommand::Xcmp(command)) => xcmp::command::run(&command).map_err(Error::Xcmp),
        Some(Subcommand::Auction(command)) => auctions::command::run(&command).map_err(Error::Auctions),
        Some(Subcommand::Doctor(command)) => doctor::run(&command),
        Some(Subcommand::Collator(command)) => Collator::from_subcommand(command.arguments).run(),
        Some(Subcommand::Sdk(command)) => {
            cli.default_chain = default_chain(&command);
            cli.spec_form = spec_form(&command);
            run_sdk(&cli, &command)
        }
    }
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Serin".into()
    }

    fn impl_version() -> String {
        env!("SUBSTRATE_CLI_IMPL_VERSION").into()
    }

    /// A constant and not the name of the file, because it also names the default base path.
    fn executable_name() -> String {
        "serin".into()
    }

    fn description() -> String {
        "Serin, a relay chain in one binary: relay node, PVF workers, collator and local networks.\n\n\
        Without a subcommand it runs a node. `serin --dev` runs one validator, `serin network up` a local network."
            .into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the issues of the repository this executable was built from".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        let id = if id.is_empty() { self.default_chain } else { id };
        serin_chain_spec::load(id, self.spec_form).map_err(|error| error.to_string())
    }
}

// `build-spec` is deprecated in favour of `export-chain-spec`, and kept because tools that drive `polkadot` call it.
#[allow(deprecated)]
fn run_sdk(cli: &Cli, command: &Sdk) -> Result<()> {
    match command {
        Sdk::BuildSpec(cmd) => chain::build_spec(cli, cmd),
        Sdk::ExportChainSpec(cmd) => chain::export_chain_spec(cli, cmd),
        Sdk::CheckBlock(cmd) => chain::check_block(cli, cmd),
        Sdk::ExportBlocks(cmd) => chain::export_blocks(cli, cmd),
        Sdk::ExportState(cmd) => chain::export_state(cli, cmd),
        Sdk::ImportBlocks(cmd) => chain::import_blocks(cli, cmd),
        Sdk::PurgeChain(cmd) => chain::purge_chain(cli, cmd),
        Sdk::Revert(cmd) => chain::revert(cli, cmd),
        Sdk::ChainInfo(cmd) => chain::chain_info(cli, cmd),
        Sdk::Benchmark(cmd) => benchmarking::run(cli, cmd),
        Sdk::Key(cmd) => {
            close_new_files_to_others();
            cmd.run(cli).map_err(Error::Cli)
        }
    }
}

/// What touches a node's files must be told the chain. A node key belongs to no chain, and most benchmarks to none in
/// particular.
fn default_chain(command: &Sdk) -> &'static str {
    match command {
        Sdk::Key(KeySubcommand::GenerateNodeKey(_)) => "serin",
        Sdk::Benchmark(_) => "development",
        _ => "",
    }
}

/// A spec that is exported is for people to read; all else wants its state.
#[allow(deprecated)]
fn spec_form(command: &Sdk) -> Form {
    match command {
        Sdk::BuildSpec(_) | Sdk::ExportChainSpec(_) => Form::Plain,
        _ => Form::Raw,
    }
}

/// What this process creates from now on is closed to other users: keys are among it.
pub(crate) fn close_new_files_to_others() {
    // SAFETY: umask takes any mode, cannot fail, and touches nothing but the process's mask.
    unsafe { libc::umask(0o077) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chain_must_be_named() {
        let cli = Cli::try_from_iter(["serin"]).unwrap_or_else(|error| panic!("{error}"));
        let error = cli.load_spec("").map(|spec| spec.id().to_owned()).expect_err("no chain is named");
        assert!(error.contains("--chain") && error.contains("--dev"), "{error}");
    }
}
