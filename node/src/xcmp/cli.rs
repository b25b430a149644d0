// SPDX-License-Identifier: GPL-3.0-only
//! `serin xcmp ...`: clap types only.

use crate::network::cli::TargetArgs;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  serin xcmp relay --from ws://127.0.0.1:9944 --to ws://127.0.0.1:9954
      Carries what the first parachain sends to the second, and nothing back.
  serin xcmp relay --from URL_A --from URL_B --to URL_A --to URL_B --metrics-port 9616
      Both ways between two parachains, each by any full node of it.
  serin xcmp relay
      Between all parachains of the local network that is running, as the relayer does that it starts by itself.
  serin xcmp trace
      On that network: the last messages each way, and the blocks of all three chains that each of them passed.
  serin xcmp trace --relay URL_R --from URL_A --to URL_B --last 3 --json
      The same of one direction between any two parachains, as one JSON record.";

/// Carry messages between parachains, and look at their ways.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct XcmpCmd {
    #[command(subcommand)]
    pub action: XcmpAction,
}

#[derive(Clone, Debug, Subcommand)]
pub enum XcmpAction {
    /// Carry messages from the nodes of senders to those of receivers, until Ctrl-C
    ///
    /// It needs no key, pays no fee and is trusted with nothing: what it hands in is proved, and a receiver refuses all else.
    /// Several may run; the longest delivery counts, once. It keeps nothing, so it can be killed and started again at any time.
    /// A node that does not answer is tried again, ever more seldom; one of a chain without XCMP channels is an error.
    Relay(RelayCmd),
    /// Show the way of the last messages: sent, committed to and included, received, run and acknowledged, each with its block
    ///
    /// Read from the states of the chains, with nothing of a relayer; nodes that keep recent states only know no older messages.
    /// What a receiver did with a message is read from its events, for which its runtime must be the demonstration's.
    Trace(TraceCmd),
}

#[derive(Clone, Debug, Args)]
pub struct RelayCmd {
    #[command(flatten)]
    pub target: TargetArgs,

    /// JSON-RPC of a full node of a parachain that sends; repeatable, also for several nodes of one parachain
    #[arg(long, value_name = "URL", requires = "to", conflicts_with = "network")]
    pub from: Vec<String>,

    /// JSON-RPC of a full node of a parachain that receives; repeatable likewise
    #[arg(long, value_name = "URL", requires = "from", conflicts_with = "network")]
    pub to: Vec<String>,

    /// Serve metrics on this port of 127.0.0.1, under /metrics
    #[arg(long, value_name = "PORT")]
    pub metrics_port: Option<u16>,
}

#[derive(Clone, Debug, Args)]
pub struct TraceCmd {
    #[command(flatten)]
    pub target: TargetArgs,

    /// JSON-RPC of a node of the relay chain, in place of a local network
    #[arg(long, value_name = "URL", requires_all = ["from", "to"], conflicts_with = "network")]
    pub relay: Option<String>,

    /// JSON-RPC of a node of the parachain that sends
    #[arg(long, value_name = "URL", requires = "relay")]
    pub from: Option<String>,

    /// JSON-RPC of a node of the parachain that receives
    #[arg(long, value_name = "URL", requires = "relay")]
    pub to: Option<String>,

    /// How many messages of each direction
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub last: u64,

    /// Print one JSON record for each direction, a line each
    #[arg(long)]
    pub json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{CommandFactory, Parser};

    #[derive(Debug, Parser)]
    struct Cli {
        #[command(flatten)]
        xcmp: XcmpCmd,
    }

    fn relay(arguments: &[&str]) -> Result<RelayCmd, clap::Error> {
        match Cli::try_parse_from(["serin", "relay"].iter().chain(arguments))?.xcmp.action {
            XcmpAction::Relay(relay) => Ok(relay),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_relayer_is_told_both_ends_or_a_network() {
        let both = relay(&["--from", "ws://a", "--to", "ws://b", "--to", "ws://c"]).expect("both ends");
        assert_eq!((both.from.len(), both.to.len()), (1, 2));
        assert!(relay(&["--from", "ws://a"]).is_err());
        assert!(relay(&["--to", "ws://a"]).is_err());
        assert!(relay(&["--from", "ws://a", "--to", "ws://b", "--network", "one"]).is_err());
        assert_eq!(relay(&["--network", "one"]).expect("a network").target.network.as_deref(), Some("one"));
    }
}
