// SPDX-License-Identifier: GPL-3.0-only
//! Nodes that break the rules of parachains, for tests of what honest nodes do about it.

// The SDK's errors are large, and a command fails once.
#![allow(clippy::result_large_err)]

mod collator;
mod garbage;
mod node;
mod validator;

use clap::Parser;
use polkadot_cli::RunCmd;
use sc_cli::{ChainSpec, SubstrateCli};
use serin_chain_spec::Form;

#[derive(Parser)]
enum Adversary {
    /// Collates for a parachain whose chain it does not know: what it offers cannot be validated.
    Collator {
        /// The parachain for which it collates.
        #[arg(long, value_name = "ID")]
        para_id: u32,

        #[command(flatten)]
        run: RunCmd,
    },
    /// Finds every candidate valid, and backs what the collator above offers.
    Validator {
        #[command(flatten)]
        run: RunCmd,
    },
}

impl SubstrateCli for Adversary {
    fn impl_name() -> String {
        "Adversary".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
    }

    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }

    fn support_url() -> String {
        "the tests of the repository this executable was built from".into()
    }

    fn copyright_start_year() -> i32 {
        2026
    }

    fn load_spec(&self, id: &str) -> Result<Box<dyn ChainSpec>, String> {
        serin_chain_spec::load(id, Form::Raw).map_err(|error| error.to_string())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let adversary = Adversary::from_args();
    Ok(match &adversary {
        Adversary::Collator { para_id, run } => {
            let id = (*para_id).into();
            adversary.create_runner(&run.base)?.run_node_until_exit(|config| collator::start(config, id))
        }
        Adversary::Validator { run } => {
            adversary.create_runner(&run.base)?.run_node_until_exit(|config| async { validator::start(config) })
        }
    }?)
}
