// SPDX-License-Identifier: GPL-3.0-only
//! `serin auction ...`: clap types only.

use crate::relay_node::NodeArgs;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  serin auction watch
      The auction of the local network that is running, redrawn with every block until it is settled.
  serin auction watch --url ws://127.0.0.1:9944 --once --json
      The same of the chain that this node follows: one JSON record, now.
  serin auction watch --id 3 | jq .outcome
      One JSON record for every block, of the auction 3.";

/// Look at auctions of cores.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct AuctionCmd {
    #[command(subcommand)]
    pub action: AuctionAction,
}

#[derive(Clone, Debug, Subcommand)]
pub enum AuctionAction {
    /// Show who leads each range, what it takes to win, and who would win if the candle went out now
    ///
    /// Follows the auction from block to block until it is settled or cancelled; then it shows the draw, and the leases. On a
    /// terminal the picture is redrawn; into a pipe or a file goes one JSON record for each block.
    Watch(WatchCmd),
}

#[derive(Clone, Debug, Args)]
pub struct WatchCmd {
    #[command(flatten)]
    pub node: NodeArgs,

    /// The auction; it may be over [default: the live one that is settled first]
    #[arg(long, value_name = "ID")]
    pub id: Option<u32>,

    /// Show it once and end
    #[arg(long)]
    pub once: bool,

    /// Print JSON records on a terminal too, one for each block
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
        auction: AuctionCmd,
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_node_is_named_by_its_network_or_by_its_url() {
        let both = ["serin", "watch", "--network", "one", "--url", "ws://127.0.0.1:9944"];
        assert!(Cli::try_parse_from(both).is_err());
        let AuctionAction::Watch(watch) = Cli::try_parse_from(&both[..4]).expect("one of them").auction.action;
        assert_eq!((watch.node.target.network.as_deref(), watch.id, watch.once), (Some("one"), None, false));
    }
}
