// SPDX-License-Identifier: GPL-3.0-only
//! The number of validators, governed on networks of real nodes. These take many eras, so they run on the tier `prove` alone.

mod governance {
    pub mod hold;
    pub mod raise;

    use anyhow::{Context, Result};
    use serin_node::network::{LocalNetwork, NodeRecord, SyncMode};
    use serin_tests::{chain::Chain, validators::BLOCK_LIMIT};
    use std::time::Duration;

    pub const VALIDATORS: u32 = 4;
    pub const NEWCOMERS: u32 = 3;
    /// The validator that is asked, where nothing else matters. It is also the one that reports finality.
    pub const FIRST: &str = "alice";
    /// Bounds each wait: some eras, many times what a step takes when nothing holds it.
    pub const ERAS_LIMIT: Duration = Duration::from_secs(3_600);

    /// Adds nodes that the chain does not know, and waits until they have caught up with it.
    pub async fn add_newcomers(network: &LocalNetwork) -> Result<Vec<NodeRecord>> {
        let mut nodes = Vec::new();
        for _ in 0..NEWCOMERS {
            let node = network.add_validator(None, SyncMode::Full).await?;
            let finalized = network.finalized(FIRST).await?;
            network.wait_finalized_on(&node.name, finalized, BLOCK_LIMIT).await.context("the sync of a newcomer")?;
            nodes.push(node);
        }
        Ok(nodes)
    }

    pub async fn connect(network: &LocalNetwork) -> Result<Chain> {
        Chain::connect(&network.node(FIRST)?.rpc_url).await
    }
}

use governance::{hold, raise, ERAS_LIMIT, VALIDATORS};
use serin_node::network::{LocalNetwork, LocalNetworkBuilder};
use serin_runtime::genesis_config_presets::Preset;

#[tokio::test(flavor = "multi_thread")]
async fn prove_a_referendum_raises_the_count_and_every_newcomer_writes_and_votes() {
    let network = up(LocalNetwork::builder().chain(Preset::Fast.name())).await;
    if let Err(error) = raise::story(&network).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_a_plan_holds_while_a_newcomer_is_dead_and_goes_on_when_it_is_back() {
    let files = tempfile::tempdir().expect("a directory");
    let network = up(LocalNetwork::builder().spec_file(hold::spec_with_long_eras(files.path()))).await;
    if let Err(error) = hold::story(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn up(builder: LocalNetworkBuilder) -> LocalNetwork {
    let network = builder.validators(VALIDATORS).timeout(ERAS_LIMIT).start().await;
    network.unwrap_or_else(|error| panic!("{error}"))
}
