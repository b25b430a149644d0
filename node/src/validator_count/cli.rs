// SPDX-License-Identifier: GPL-3.0-only
//! `serin validators ...`: clap types only.

use crate::relay_node::NodeArgs;
use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  serin validators status
      Of the local network that is running.
  serin validators status --url ws://127.0.0.1:9944 --json
      Of the chain that this node follows, as one JSON record.";

/// Look at the number of validators, and at the plan for it that a referendum has set.
#[derive(Clone, Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub struct ValidatorsCmd {
    #[command(subcommand)]
    pub action: ValidatorsAction,
}

#[derive(Clone, Debug, Subcommand)]
pub enum ValidatorsAction {
    /// Show count, plan, what holds it, health against the baseline, and when the next step is due
    ///
    /// The flags: MISSED, more slots without a block than before the plan; AVAILABILITY, too few availability votes;
    /// DISPUTE; DISABLED; FINALITY_LAG, proven finality too far behind; FINALITY_UNKNOWN, too few proofs of it (a node with
    /// --report-finality submits them); SUPPLY, too few candidates; WEIGHT, no room in a block. While one is up the plan takes
    /// no step.
    Status(StatusCmd),
}

#[derive(Clone, Debug, Args)]
pub struct StatusCmd {
    #[command(flatten)]
    pub node: NodeArgs,

    /// Print one JSON record
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
        validators: ValidatorsCmd,
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_node_is_named_by_its_network_or_by_its_url() {
        let both = ["serin", "status", "--network", "one", "--url", "ws://127.0.0.1:9944"];
        assert!(Cli::try_parse_from(both).is_err());
        let ValidatorsAction::Status(status) = Cli::try_parse_from(&both[..4]).expect("one of them").validators.action;
        assert_eq!(status.node.target.network.as_deref(), Some("one"));
    }
}
