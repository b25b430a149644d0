// SPDX-License-Identifier: GPL-3.0-only
//! `import-blocks` of `serin`, in an executable that has no PVF workers inside and so jemalloc itself as its allocator.
//! What the workers cost a node is the difference between the two.

// The SDK's errors are large, and this fails once.
#![allow(clippy::result_large_err)]

use clap::Parser;
use sc_cli::{ImportBlocksCmd, SubstrateCli};
use sc_service::ChainSpec;
use serin_chain_spec::Form;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    import: ImportBlocksCmd,
}

fn main() -> Result<(), sc_cli::Error> {
    let cli = Cli::from_args();
    cli.create_runner(&cli.import)?.async_run(|mut config| {
        let chain = polkadot_service::new_chain_ops(&mut config);
        let (client, _, import_queue, task_manager) =
            chain.map_err(|error| sc_cli::Error::Application(error.into()))?;
        Ok((cli.import.run(client, import_queue), task_manager))
    })
}

impl SubstrateCli for Cli {
    fn impl_name() -> String {
        "Serin without workers".into()
    }

    fn impl_version() -> String {
        env!("CARGO_PKG_VERSION").into()
    }

    fn executable_name() -> String {
        env!("CARGO_PKG_NAME").into()
    }

    fn description() -> String {
        env!("CARGO_PKG_DESCRIPTION").into()
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
        serin_chain_spec::load(id, Form::Raw).map_err(|error| error.to_string())
    }
}
