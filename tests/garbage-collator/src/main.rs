// SPDX-License-Identifier: GPL-3.0-only
//! A relay-chain node that collates for a parachain whose chain it does not know: what it offers cannot be validated.

mod collator;
mod service;

use clap::Parser;
use sc_cli::{ChainSpec, SubstrateCli};
use serin_chain_spec::Form;

/// The arguments of a relay-chain node, and whose candidates it is to make.
#[derive(Parser)]
struct Arguments {
    /// The parachain for which it collates.
    #[arg(long, value_name = "ID")]
    para_id: u32,

    #[command(flatten)]
    run: polkadot_cli::RunCmd,
}

impl SubstrateCli for Arguments {
    fn impl_name() -> String {
        "Garbage collator".into()
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
    let arguments = Arguments::from_args();
    let runner = arguments.create_runner(&arguments.run.base)?;
    let id = arguments.para_id.into();
    Ok(runner.run_node_until_exit(|config| service::start(config, id))?)
}
