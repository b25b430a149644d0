// SPDX-License-Identifier: GPL-3.0-only
//! Auctions on networks of real nodes: from a referendum to a parachain's block on the core that it has won.

mod auctions {
    pub mod absence;
    pub mod on_relay;
    pub mod sale;
    pub mod upgrade;
    pub mod watch;

    use anyhow::Result;
    use serin_node::network::LocalNetwork;
    use serin_tests::chain::Chain;
    use std::time::Duration;

    pub const KILT: u32 = 2_086;
    pub const SUBSOCIAL: u32 = 2_100;
    /// The validator that is asked, where nothing else matters.
    pub const FIRST: &str = "alice";
    /// Bounds each wait: many times what it takes on two cores.
    pub const LIMIT: Duration = Duration::from_secs(900);

    pub async fn connect(network: &LocalNetwork) -> Result<Chain> {
        Chain::connect(&network.node(FIRST)?.rpc_url).await
    }
}

use auctions::{absence, sale, upgrade, KILT, LIMIT, SUBSOCIAL};
use serin_node::network::{LocalNetwork, LocalNetworkBuilder};

const VALIDATORS: u32 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_parachain_wins_a_core_and_a_restarted_validator_changes_nothing() {
    let network = up().await;
    if let Err(error) = sale::story(&network).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_a_parachain_leaves_its_core_with_its_lease_and_wins_another_one() {
    let network = up().await;
    if let Err(error) = absence::story(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

/// Only on the tier `prove`: the next runtime takes its own build.
#[tokio::test(flavor = "multi_thread")]
async fn prove_an_upgrade_in_the_ending_period_changes_no_auction() {
    let network = start(with_kilt()).await;
    if let Err(error) = upgrade::story(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn up() -> LocalNetwork {
    start(with_kilt().on_demand(SUBSOCIAL, "subsocial")).await
}

fn with_kilt() -> LocalNetworkBuilder {
    LocalNetwork::builder().validators(VALIDATORS).on_demand(KILT, "kilt")
}

async fn start(builder: LocalNetworkBuilder) -> LocalNetwork {
    builder.timeout(LIMIT).start().await.unwrap_or_else(|error| panic!("{error}"))
}
