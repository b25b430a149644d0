// SPDX-License-Identifier: GPL-3.0-only
//! `serin network ...`: clap types only.

use super::{
    condition::Condition,
    manifest::{NetworkBackend, SyncMode},
};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Run local networks of real nodes on this machine.
#[derive(Clone, Debug, Args)]
pub struct NetworkCmd {
    #[command(subcommand)]
    pub action: NetworkAction,
}

#[derive(Clone, Debug, Subcommand)]
pub enum NetworkAction {
    /// Start a network and keep it running until Ctrl-C or `serin network stop`
    Up(UpCmd),
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
    /// Print a node's log
    Logs(LogsCmd),
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

    /// Keep the network's files here; a network found there is continued
    #[arg(long, value_name = "DIR", conflicts_with = "tmp")]
    pub base_path: Option<PathBuf>,

    /// Keep the network's files in a temporary directory that is removed at the end (the default)
    #[arg(long)]
    pub tmp: bool,

    /// Name of the network [default: the first of serin-1, serin-2, ... that is free]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// Fixed ports: node I gets BASE+10*I for RPC and the two after it for p2p and metrics [default: free ports]
    #[arg(long, value_name = "BASE")]
    pub ports: Option<u16>,

    /// Print one JSON record on standard output when the network is ready, and nothing else
    #[arg(long)]
    pub json: bool,

    /// What must hold for every node before the network is ready: rpc, best=N or finalized=N; repeatable
    #[arg(long, value_name = "CONDITION", value_delimiter = ',', default_value = "finalized=1")]
    pub wait_for: Vec<Condition>,

    /// How long to wait until the network is ready
    #[arg(long, value_name = "SECONDS", default_value_t = 180)]
    pub timeout: u64,

    /// Implementation of the p2p network [default: the node's own]
    #[arg(long, value_name = "BACKEND")]
    pub network_backend: Option<NetworkBackend>,

    /// Node that keeps recent states only, as the others keep all; repeatable
    #[arg(long, value_name = "NODE")]
    pub pruned: Vec<String>,

    /// End the network when the process that started this one ends
    #[arg(long)]
    pub exit_with_parent: bool,

    /// Arguments for every node
    #[arg(last = true, value_name = "NODE_ARGUMENTS")]
    pub node_arguments: Vec<String>,
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
    /// Name of the node, as `serin network status` shows it
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
pub struct LogsCmd {
    /// Name of the node, as `serin network status` shows it
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
    use clap::{CommandFactory, Parser};

    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        network: NetworkCmd,
    }

    fn up(arguments: &[&str]) -> Result<UpCmd, clap::Error> {
        let line = ["serin", "up"].iter().chain(arguments);
        match Cli::try_parse_from(line)?.network.action {
            NetworkAction::Up(up) => Ok(up),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn conditions_repeat_and_replace_the_default() {
        assert_eq!(up(&[]).unwrap().wait_for, [Condition::Finalized(1)]);
        let several = up(&["--wait-for", "best=2", "--wait-for", "finalized=3,rpc"]).unwrap();
        assert_eq!(several.wait_for, [Condition::Best(2), Condition::Finalized(3), Condition::Rpc]);
        assert!(up(&["--wait-for", "luck"]).is_err());
    }

    #[test]
    fn what_follows_two_dashes_is_the_nodes() {
        let up = up(&["--validators", "2", "--", "--log", "babe=debug"]).unwrap();
        assert_eq!(up.validators, 2);
        assert_eq!(up.node_arguments, ["--log", "babe=debug"]);
    }

    #[test]
    fn contradictions_are_refused() {
        assert!(up(&["--tmp", "--base-path", "/x"]).is_err());
        assert!(up(&["--spec", "x.json", "--chain", "fast"]).is_err());
        assert!(up(&["--spec", "x.json"]).is_ok());
    }
}
