// SPDX-License-Identifier: GPL-3.0-only
//! The command line. Types only: what each command does is in [`crate::command`].
//!
//! The flags and subcommands of `polkadot` are taken over as a whole, so that they cannot drift and tools that drive
//! `polkadot` drive `serin`.

use crate::{
    auctions::cli::AuctionCmd, demo::DemoCmd, logging::LogFormat, network::cli::NetworkCmd,
    validator_count::cli::ValidatorsCmd, xcmp::cli::XcmpCmd,
};
use clap::{Args, Parser};
use sp_runtime::AccountId32;
use std::{ffi::OsString, path::PathBuf};

const EXAMPLES: &str = "\
Examples:
  serin --dev
      One validator with a chain of its own in a temporary directory.
  serin network up --validators 4
      A local network of four validators; Ctrl-C stops it and cleans up.
  serin network up --para 2087:picasso --para 2100:subsocial
      The same with two parachains that can send each other messages.
  serin demo xcm
      On such a network: KSM from the relay chain to a parachain, to the other and back, a token from one to the other, and a
      paid call; each hop with its block, each fee as predicted and as paid.
  serin demo xcmp
      Between the two parachains: tokens and calls both ways, of which the relay chain sees a hash.
  serin xcmp trace
      The ways of the last messages between them, block by block.
  serin network add validator && serin demo governance
      On a local network: a referendum raises the number of validators, and the newcomer joins them.
  serin validators status
      How many there are, the plan for their number, what holds it, and when the next step is due.
  serin network up --on-demand 2086:kilt --on-demand 2100:subsocial
  serin demo auction
  serin auction watch
      In three terminals: kilt wins a core in a candle auction and writes blocks, and how the auction goes.
  serin --chain local --bob --validator --base-path /data/bob --node-key-file /data/bob.key
      One validator of a network whose nodes are started by hand.
  serin --chain network.json --base-path /data/serin --name observer
      A full node of the network whose founders exported that spec. A preset's genesis holds the runtime of the
      executable, so it is another chain after an upgrade of the file.
  serin export-chain-spec --chain local --raw --output network.json
      The chain spec of a preset, as a file.
  serin export-chain-spec --chain para:2087:picasso --output picasso.json
      The same of a demonstration parachain with that id and name.
  serin collator --collator --alice --chain picasso.json -- --chain network.json
      A node that writes its blocks.
  serin doctor --base-path /data/serin --chain serin
      What would keep this machine from running a validator.

Chains: serin, local, fast, development (`--dev`), or the path of a chain spec. What a spec is exported of may also be
para:ID[:NAME], a demonstration parachain of `local`.";

/// The arguments of `serin`. Without a subcommand it runs a node.
#[derive(Parser)]
#[command(after_long_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,

    #[command(flatten)]
    pub run: polkadot_cli::RunCmd,

    #[command(flatten)]
    pub storage_monitor: sc_storage_monitor::StorageMonitorParams,

    /// How the node writes its log to standard error: lines for people, or one JSON object per event.
    ///
    /// With `json` the log filter cannot be changed while the node runs, and spans are not traced.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub log_format: LogFormat,

    /// Prove to the chain that blocks are final, as often in an era as the plan for the validator count asks for it, and once
    /// without a plan, by transactions of this account.
    ///
    /// Its sr25519 key must be in the node's keystore under the type `repo` (`serin key insert --chain CHAIN --base-path PATH
    /// --key-type repo --scheme sr25519`), and it must have the fee of a transaction, which is paid back when the proof counts. One or two nodes of a network suffice, of whatever role.
    #[arg(long, value_name = "ACCOUNT")]
    pub report_finality: Option<AccountId32>,

    /// The chain that the subcommand means when none is named; empty when one must be named.
    #[arg(skip)]
    pub default_chain: &'static str,

    /// The form in which the subcommand wants a preset's spec.
    #[arg(skip)]
    pub spec_form: serin_chain_spec::Form,
}

/// The subcommands: ours, then those of `polkadot`.
#[derive(clap::Subcommand)]
// One value exists, for the time it takes to run it.
#[allow(clippy::large_enum_variant)]
pub enum Subcommand {
    /// Start and drive local networks of validators and collators.
    Network(NetworkCmd),

    /// Show on a running local network what its chains do; each scenario exits with 1 when they did something else.
    Demo(DemoCmd),

    /// Look at the number of validators, and at the plan for it that a referendum has set.
    Validators(ValidatorsCmd),

    /// Carry messages between parachains whose bodies never touch the relay chain, and look at their ways.
    Xcmp(XcmpCmd),

    /// Look at auctions of cores: who leads, what it takes to win, and what came of it.
    Auction(AuctionCmd),

    /// Run the node of a parachain, with the arguments of `polkadot-omni-node`: `serin collator --help` lists them.
    ///
    /// `collator` must be the first argument. Those behind two dashes are for its relay chain's node, whose chain they have
    /// to name.
    #[command(disable_help_flag = true)]
    Collator(CollatorCommand),

    /// Check what a validator needs from this machine, and name the fix of everything that is missing.
    ///
    /// Looks at the PVF workers and their sandbox, clock, ports, disk, file modes, and the session keys of a running
    /// node. Exits with 1 if a check failed; warnings do not count.
    Doctor(DoctorCommand),

    #[command(flatten)]
    Sdk(polkadot_cli::Subcommand),
}

/// The arguments of `serin collator`, which another parser is to read.
#[derive(Args)]
pub struct CollatorCommand {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    pub arguments: Vec<OsString>,
}

/// The arguments of `serin doctor`.
#[derive(Args)]
#[command(after_long_help = "\
Examples:
  serin doctor
      Before the first start.
  serin doctor --base-path /data/serin --chain serin --stash 5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY
      A running validator, and whether it holds the session keys that the chain has for it.")]
pub struct DoctorCommand {
    /// Print one JSON object instead of lines.
    #[arg(long)]
    pub json: bool,

    /// The node's base path. Defaults to the one of a node without `--base-path`.
    #[arg(long, short = 'd', value_name = "PATH")]
    pub base_path: Option<PathBuf>,

    /// The chain whose files are checked: serin, local, fast, development, or the path of a chain spec. Defaults to
    /// all under the base path.
    #[arg(long, value_name = "CHAIN_SPEC")]
    pub chain: Option<String>,

    /// The running node's JSON-RPC endpoint, for the check of its session keys. Defaults to port 9944 on this machine,
    /// where it is no failure if nothing answers.
    #[arg(long, value_name = "URL")]
    pub rpc_url: Option<String>,

    /// The validator's stash account. Without it, the node must hold the keys of some validator of the next session.
    #[arg(long, value_name = "ACCOUNT")]
    pub stash: Option<AccountId32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use sc_cli::{CliConfiguration, SubstrateCli};

    fn parse(argv: &[&str]) -> Cli {
        Cli::try_from_iter(argv).unwrap_or_else(|error| panic!("{argv:?}: {error}"))
    }

    #[test]
    fn command_is_consistent() {
        Cli::setup_command(Cli::command()).debug_assert();
    }

    #[test]
    fn dev_alone_is_one_validator_in_a_temporary_directory() {
        let cli = parse(&["serin", "--dev"]);
        let run = &cli.run.base;
        assert!(cli.subcommand.is_none());
        assert_eq!(run.chain_id(true).expect("a chain"), "dev");
        assert!(run.role(true).expect("a role").is_authority());
        assert!(run.force_authoring().expect("a flag"));
        assert_eq!(run.dev_key_seed(true).expect("a seed").as_deref(), Some("//Alice"));
        // Not asked for explicitly, so missing sandbox features of the machine are warnings.
        assert!(!run.validator);
    }

    #[test]
    fn polkadot_flags_and_subcommands_are_there() {
        parse(&["serin", "--chain", "local", "--validator", "--bob", "--no-beefy", "--no-hardware-benchmarks"]);
        parse(&["serin", "--state-pruning", "archive-canonical", "--rpc-port", "9945", "--rpc-cors", "all"]);
        parse(&["serin", "build-spec", "--chain", "local", "--raw"]);
        parse(&["serin", "export-chain-spec", "--chain", "local", "--raw"]);
        parse(&["serin", "purge-chain", "--chain", "local", "-y"]);
        parse(&["serin", "key", "generate-node-key"]);
    }

    #[test]
    fn a_collators_arguments_are_not_read() {
        let cli = parse(&["serin", "collator", "--chain", "x.json", "--help", "--", "--chain", "local"]);
        let Some(Subcommand::Collator(command)) = cli.subcommand else { panic!("another subcommand") };
        assert_eq!(command.arguments, ["--chain", "x.json", "--help", "--", "--chain", "local"]);
    }

    #[test]
    fn finality_is_reported_for_an_account() {
        assert_eq!(parse(&["serin", "--dev"]).report_finality, None);
        let account = "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY";
        assert!(parse(&["serin", "--dev", "--report-finality", account]).report_finality.is_some());
        assert!(Cli::try_from_iter(["serin", "--dev", "--report-finality", "nobody"]).is_err());
    }

    #[test]
    fn doctor_takes_an_account() {
        let stash = "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY";
        let cli = parse(&["serin", "doctor", "--json", "--stash", stash]);
        assert!(matches!(cli.subcommand, Some(Subcommand::Doctor(DoctorCommand { json: true, stash: Some(_), .. }))));
        assert!(Cli::try_from_iter(["serin", "doctor", "--stash", "nobody"]).is_err());
    }
}
