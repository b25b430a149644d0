// SPDX-License-Identifier: GPL-3.0-only
//! `serin network ...`: clap types only.

use super::{
    arguments::RelayChainAccess,
    builder::{DEFAULT_RELAYERS, DEFAULT_TIMEOUT},
    condition::Condition,
    manifest::{Manifest, NetworkBackend, SyncMode},
};
use clap::{Args, Subcommand};
use serin_chain_spec::{Error as ChainSpecError, Parachain, ParachainKind, Transport};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  serin network up --para 2087:picasso
      Four validators and a parachain; Ctrl-C stops them and removes their files.
  serin network up --chain fast --validators 2 --base-path /data/net --json --wait-for finalized=3
      One JSON record when block 3 is final. The files stay, and the same command continues the network.
  serin network kill bob && serin network restart bob
      What the others do without one of them, and how it comes back.
  serin network snapshot /data/net.snapshot
      The running network as one file. Its nodes are stopped while it is written, and started again.
  serin network snapshot /data/net.snapshot --network /data/net
      The same of a network that is not running, named by its base path.
  serin network restore /data/net.snapshot
      The network as it was then, with all its blocks and keys, in a temporary directory and on free ports.
  serin network restore /data/net.snapshot --base-path /data/again --name again
      The same to be kept; `serin network up --base-path /data/again` continues it.";

/// Run local networks of real nodes on this machine.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct NetworkCmd {
    #[command(subcommand)]
    pub action: NetworkAction,
}

#[derive(Clone, Debug, Subcommand)]
pub enum NetworkAction {
    /// Start a network and keep it running until Ctrl-C or `serin network stop`
    Up(Box<UpCmd>),
    /// Show the nodes: process, addresses, best and finalized block, peers
    Status(StatusCmd),
    /// Stop the network and all its nodes
    Stop(TargetArgs),
    /// Kill a node as a crash would (SIGKILL)
    Kill(NodeCmd),
    /// Start a node again on its database
    Restart(NodeCmd),
    /// Add a node to the running network
    Add(AddCmd),
    /// Write a network to one file, to be restored later or elsewhere
    ///
    /// It holds the databases, keys and specs of all nodes, so only you may read it; compiled PVFs and logs are left out. A
    /// running network is stopped while the file is written, and then goes on. Ctrl-C gives the file up. A network that is
    /// not running is named by its base path.
    Snapshot(SnapshotCmd),
    /// Start the network of a snapshot, and keep it running as `up` does
    ///
    /// It goes on with the blocks, keys and node arguments that it had, in a directory of its own and on other ports, also
    /// beside the network that the snapshot is of. Restore only what you trust: a snapshot names arguments of processes.
    Restore(Box<RestoreCmd>),
    /// Print a node's log
    Logs(LogsCmd),
}

/// How a network is run.
#[derive(Clone, Debug, Args)]
pub struct RunArgs {
    /// Keep the network's files in a temporary directory that is removed at the end (the default)
    #[arg(long)]
    pub tmp: bool,

    /// Fixed ports: node I gets BASE+10*I for RPC and the two after it for p2p and metrics [default: free ports]
    #[arg(long, value_name = "BASE")]
    pub ports: Option<u16>,

    /// Print one JSON record on standard output when the network is ready, and nothing else
    #[arg(long)]
    pub json: bool,

    /// How long to wait until the network is ready
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_TIMEOUT.as_secs())]
    pub timeout: u64,

    /// End the network when the process that started this one ends
    #[arg(long)]
    pub exit_with_parent: bool,
}

#[derive(Clone, Debug, Args)]
pub struct UpCmd {
    /// Number of validators in genesis, each a process
    #[arg(long, value_name = "N", default_value_t = 4)]
    pub validators: u32,

    /// Genesis preset: local (6 s slots), fast (4 s slots), development or serin
    #[arg(long, visible_alias = "preset", value_name = "PRESET", default_value = "local")]
    pub chain: String,

    /// Chain spec file in place of a preset; its genesis must hold the validators' development keys
    #[arg(long, value_name = "FILE", conflicts_with = "chain")]
    pub spec: Option<PathBuf>,

    /// Parachain with a core from the first block on, and its collators; repeatable
    #[arg(long, value_name = "ID[:NAME]", value_parser = with_core, conflicts_with = "spec")]
    pub para: Vec<Parachain>,

    /// Parachain that is registered and has no core: it has to buy one, and its collators wait; repeatable
    #[arg(long, value_name = "ID[:NAME]", value_parser = on_demand, conflicts_with = "spec")]
    pub on_demand: Vec<Parachain>,

    /// Open HRMP channels between the parachains of a new network: while they are open nothing goes by XCMP
    #[arg(long)]
    pub hrmp: bool,

    /// Number of collators of each parachain, which take turns
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub collators: u32,

    /// How collators follow the relay chain: they ask validators, or run a node of it inside
    #[arg(long, value_name = "HOW", default_value = "rpc")]
    pub relay_chain_access: RelayChainAccess,

    /// Executable of the collators, with the arguments of `polkadot-omni-node` [default: this one]
    #[arg(long, value_name = "FILE")]
    pub collator_binary: Option<PathBuf>,

    /// Argument for every collator; repeatable
    #[arg(long, value_name = "ARGUMENT", allow_hyphen_values = true)]
    pub collator_argument: Vec<String>,

    /// Number of relayers between the parachains, processes named relayer-1, ...; 0 leaves messages to others
    #[arg(long, value_name = "N", default_value_t = DEFAULT_RELAYERS)]
    pub relayers: u32,

    /// Keep the network's files here; a network found there is continued
    #[arg(long, value_name = "DIR", conflicts_with = "tmp")]
    pub base_path: Option<PathBuf>,

    /// Name of the network [default: the first of serin-1, serin-2, ... that is free]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// What must hold before the network is ready: rpc, best=N or finalized=N on every validator, or para:ID=N, block N of a
    /// parachain included by the relay chain; repeatable [default: finalized=1, and para:ID=1 for each with a core]
    #[arg(long, value_name = "CONDITION", value_delimiter = ',')]
    pub wait_for: Vec<Condition>,

    /// Implementation of the p2p network [default: the node's own]
    #[arg(long, value_name = "BACKEND")]
    pub network_backend: Option<NetworkBackend>,

    /// Node that keeps recent states only, as the others keep all; repeatable
    #[arg(long, value_name = "NODE")]
    pub pruned: Vec<String>,

    #[command(flatten)]
    pub run: RunArgs,

    /// Arguments for every validator
    #[arg(last = true, value_name = "NODE_ARGUMENTS")]
    pub node_arguments: Vec<String>,
}

impl UpCmd {
    /// All parachains, those with a core first.
    pub fn parachains(&self) -> impl Iterator<Item = &Parachain> {
        self.para.iter().chain(&self.on_demand)
    }

    /// How the parachains send to each other.
    pub const fn transport(&self) -> Transport {
        if self.hrmp {
            Transport::Hrmp
        } else {
            Transport::Xcmp
        }
    }

    /// What must hold before the network is ready.
    pub fn conditions(&self) -> Vec<Condition> {
        if !self.wait_for.is_empty() {
            return self.wait_for.clone();
        }
        let included = self.para.iter().map(|para| Condition::Para { id: para.id, number: 1 });
        std::iter::once(Condition::Finalized(1)).chain(included).collect()
    }
}

fn with_core(text: &str) -> Result<Parachain, ChainSpecError> {
    Parachain::parse(text, ParachainKind::WithCore)
}

fn on_demand(text: &str) -> Result<Parachain, ChainSpecError> {
    Parachain::parse(text, ParachainKind::OnDemand)
}

#[derive(Clone, Debug, Args)]
pub struct StatusCmd {
    #[command(flatten)]
    pub target: TargetArgs,

    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Debug, Args)]
pub struct NodeCmd {
    /// Name of the node or relayer, as `serin network status` shows it
    #[arg(value_name = "NODE")]
    pub node: String,

    #[command(flatten)]
    pub target: TargetArgs,
}

#[derive(Clone, Debug, Args)]
pub struct AddCmd {
    #[command(subcommand)]
    pub kind: AddKind,
}

#[derive(Clone, Debug, Subcommand)]
pub enum AddKind {
    /// A validator that the chain does not know yet: without session keys, with an empty database
    Validator(AddValidatorCmd),
    /// A collator that its parachain does not know yet: without keys, with an empty database
    Collator(AddCollatorCmd),
}

#[derive(Clone, Debug, Args)]
pub struct AddValidatorCmd {
    /// Name of the node [default: the first of joiner1, joiner2, ... that is free]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// How it catches up with the chain
    #[arg(long, value_name = "MODE", default_value = "full")]
    pub sync: SyncMode,

    /// Print the node's record as JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub target: TargetArgs,
}

#[derive(Clone, Debug, Args)]
pub struct AddCollatorCmd {
    /// Name of the node [default: the parachain's, with the first number that is free]
    #[arg(value_name = "NAME")]
    pub name: Option<String>,

    /// Its parachain, which must be one of the network's genesis
    #[arg(long, value_name = "ID")]
    pub para: u32,

    /// Print the node's record as JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub target: TargetArgs,
}

#[derive(Clone, Debug, Args)]
pub struct SnapshotCmd {
    /// The file to write
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Replace the file if there is one
    #[arg(long)]
    pub force: bool,

    /// Print what was written as JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub target: TargetArgs,
}

#[derive(Clone, Debug, Args)]
pub struct RestoreCmd {
    /// The snapshot
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Keep the network's files here; the directory must be new or empty
    #[arg(long, value_name = "DIR", conflicts_with = "tmp")]
    pub base_path: Option<PathBuf>,

    /// Name of the network [default: the one it had, if that is free]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Executable of the collators [default: the one they had]
    #[arg(long, value_name = "FILE")]
    pub collator_binary: Option<PathBuf>,

    /// What must hold before the network is ready, as for `up`; repeatable [default: one more block than in the snapshot is
    /// final, and one more of each parachain is included that had any]
    #[arg(long, value_name = "CONDITION", value_delimiter = ',')]
    pub wait_for: Vec<Condition>,

    #[command(flatten)]
    pub run: RunArgs,

    /// Arguments for every validator, after those that they had
    #[arg(last = true, value_name = "NODE_ARGUMENTS")]
    pub node_arguments: Vec<String>,
}

impl RestoreCmd {
    /// What must hold before the network is ready. `network`: that of the snapshot.
    pub fn conditions(&self, network: &Manifest) -> Vec<Condition> {
        if !self.wait_for.is_empty() {
            return self.wait_for.clone();
        }
        // What was reached before the snapshot would show nothing.
        let running = network.parachains.iter().filter(|parachain| parachain.included > 0);
        let included = running.map(|para| Condition::Para { id: para.id, number: para.included.saturating_add(1) });
        std::iter::once(Condition::Finalized(network.finalized.saturating_add(1))).chain(included).collect()
    }
}

#[derive(Clone, Debug, Args)]
pub struct LogsCmd {
    /// Name of the node or relayer, as `serin network status` shows it
    #[arg(value_name = "NODE")]
    pub node: String,

    /// Go on with what is added
    #[arg(long, short)]
    pub follow: bool,

    #[command(flatten)]
    pub target: TargetArgs,
}

/// Which network is meant.
#[derive(Clone, Debug, Args)]
pub struct TargetArgs {
    /// Name or base path of the network [default: the only one that is running]
    #[arg(long, value_name = "NAME|DIR")]
    pub network: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::manifest::{
        tests::{manifest, parachain_record},
        ParachainRecord,
    };
    use clap::{CommandFactory, Parser};
    use std::path::Path;

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        network: NetworkCmd,
    }

    fn up(arguments: &[&str]) -> Result<UpCmd, clap::Error> {
        match parse(&[&["up"], arguments].concat())? {
            NetworkAction::Up(up) => Ok(*up),
            other => panic!("{other:?}"),
        }
    }

    fn restore(arguments: &[&str]) -> Result<RestoreCmd, clap::Error> {
        match parse(&[&["restore"], arguments].concat())? {
            NetworkAction::Restore(restore) => Ok(*restore),
            other => panic!("{other:?}"),
        }
    }

    fn parse(arguments: &[&str]) -> Result<NetworkAction, clap::Error> {
        Ok(Cli::try_parse_from(["serin"].iter().chain(arguments))?.network.action)
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn conditions_repeat_and_replace_the_default() {
        assert_eq!(up(&[]).unwrap().conditions(), [Condition::Finalized(1)]);
        let several = up(&["--wait-for", "best=2", "--wait-for", "finalized=3,rpc"]).unwrap();
        assert_eq!(several.conditions(), [Condition::Best(2), Condition::Finalized(3), Condition::Rpc]);
        assert!(up(&["--wait-for", "luck"]).is_err());
    }

    #[test]
    fn one_relayer_is_started_unless_told_otherwise() {
        assert_eq!(up(&[]).unwrap().relayers, 1);
        assert_eq!(up(&["--relayers", "0"]).unwrap().relayers, 0);
    }

    #[test]
    fn parachains_with_a_core_are_waited_for() {
        let up = up(&["--para", "2087:picasso", "--on-demand", "2086:kilt", "--para", "2100"]).unwrap();
        let names = up.parachains().map(|para| para.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names, ["picasso", "para-2100", "kilt"]);
        let included = |id| Condition::Para { id, number: 1 };
        assert_eq!(up.conditions(), [Condition::Finalized(1), included(2_087), included(2_100)]);
        assert_eq!((up.relay_chain_access, up.transport()), (RelayChainAccess::Rpc, Transport::Xcmp));
    }

    #[test]
    fn collators_can_be_others() {
        let line =
            ["--relay-chain-access", "embedded", "--collator-argument", "--authoring", "--collator-argument", "x"];
        let up = up(&line).unwrap();
        assert_eq!(up.relay_chain_access, RelayChainAccess::Embedded);
        assert_eq!(up.collator_argument, ["--authoring", "x"]);
    }

    #[test]
    fn what_follows_two_dashes_is_the_validators() {
        let up = up(&["--validators", "2", "--hrmp", "--", "--log", "babe=debug"]).unwrap();
        assert_eq!((up.validators, up.transport()), (2, Transport::Hrmp));
        assert_eq!(up.node_arguments, ["--log", "babe=debug"]);
    }

    #[test]
    fn a_restored_network_is_ready_when_it_goes_on() {
        let mut network = manifest(Path::new(""));
        network.finalized = 12;
        let picasso = ParachainRecord { included: 4, ..parachain_record(2_087, "picasso") };
        network.parachains = vec![picasso, parachain_record(2_086, "kilt")];
        let expected = [Condition::Finalized(13), Condition::Para { id: 2_087, number: 5 }];
        assert_eq!(restore(&["x.snapshot"]).unwrap().conditions(&network), expected);
        let named = restore(&["x.snapshot", "--wait-for", "rpc", "--json", "--", "--log", "babe=debug"]).unwrap();
        assert_eq!(named.conditions(&network), [Condition::Rpc]);
        assert!(named.run.json);
        assert_eq!(named.node_arguments, ["--log", "babe=debug"]);
        assert!(restore(&[]).is_err());
        assert!(restore(&["x.snapshot", "--tmp", "--base-path", "/x"]).is_err());
        assert!(restore(&["x.snapshot", "--validators", "2"]).is_err());
    }

    #[test]
    fn contradictions_are_refused() {
        assert!(up(&["--tmp", "--base-path", "/x"]).is_err());
        assert!(up(&["--spec", "x.json", "--chain", "fast"]).is_err());
        assert!(up(&["--spec", "x.json"]).is_ok());
        assert!(up(&["--spec", "x.json", "--para", "2087"]).is_err());
        assert!(up(&["--para", "picasso"]).is_err());
    }
}
