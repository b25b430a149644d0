// SPDX-License-Identifier: GPL-3.0-only
use polkadot_omni_node_lib::{chain_spec::DiskChainSpecLoader, runtime::DefaultRuntimeResolver, *};

struct Stock;

impl CliConfig for Stock {
    fn impl_version() -> String {
        NODE_VERSION.into()
    }
    fn author() -> String {
        env!("CARGO_PKG_AUTHORS").into()
    }
    fn support_url() -> String {
        "the tests of the repository this executable was built from".into()
    }
    fn copyright_start_year() -> u16 {
        2026
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    Ok(run::<Stock>(RunConfig::new(Box::new(DefaultRuntimeResolver), Box::new(DiskChainSpecLoader)))?)
}
