// SPDX-License-Identifier: GPL-3.0-only
//! Messages on a network with two parachains: what `serin demo xcm` tells of them is true, what it cannot show is an error,
//! and those on one channel keep their order.

mod messages {
    pub mod order;
}

use anyhow::{ensure, Context, Result};
use messages::order;
use rand::rngs::StdRng;
use serin_chain_spec::Transport;
use serin_node::{
    demo::{
        report::{HopEvent, MessageReport, Report},
        xcm::{self, Options},
        Narrator, Voice,
    },
    network::LocalNetwork,
};
use serin_runtime::{constants::currency::UNITS, Balance};
use serin_tests::{
    process::{run_serin, Finished},
    seeded_rng,
};
use std::time::Duration;
use tokio::task::block_in_place;

const PICASSO: u32 = 2_087;
const SUBSOCIAL: u32 = 2_100;
const VALIDATORS: u32 = 4;
/// Bounds each wait: many times what it takes on two cores.
const LIMIT: Duration = Duration::from_secs(600);

/// Name, amount, and the chains whose blocks have a part in it, in their order.
const MESSAGES: [(&str, Balance, &[&str]); 5] = [
    ("ksm-down", 10 * UNITS, &["relay", "picasso", "relay"]),
    ("ksm-across", 4 * UNITS, &["picasso", "relay", "relay", "subsocial", "relay"]),
    ("ksm-up", 2 * UNITS, &["subsocial", "relay", "relay"]),
    ("token-across", 7 * UNITS, &["picasso", "relay", "subsocial", "relay"]),
    ("remark", 0, &["picasso", "relay", "relay"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn prove_messages_go_each_way_and_every_hop_is_told() {
    let network = up().await;
    if let Err(error) = story(&network).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_a_channel_keeps_the_order_of_messages_across_a_validators_restart() {
    let mut rng = seeded_rng();
    let network = up().await;
    if let Err(error) = order_is_kept(&network, &mut rng).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn up() -> LocalNetwork {
    let network = LocalNetwork::builder()
        .validators(VALIDATORS)
        .para(PICASSO, "picasso")
        .para(SUBSOCIAL, "subsocial")
        .transport(Transport::Hrmp)
        .timeout(LIMIT);
    network.start().await.unwrap_or_else(|error| panic!("{error}"))
}

async fn order_is_kept(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    for id in [PICASSO, SUBSOCIAL] {
        network.wait_included(id, 1, LIMIT).await?;
    }
    order::is_kept(network, rng).await
}

async fn story(network: &LocalNetwork) -> Result<()> {
    for id in [PICASSO, SUBSOCIAL] {
        network.wait_included(id, 1, LIMIT).await?;
    }
    // The account is there on no chain.
    demo(network, &["--sender", "//Nobody"]).expect_error(&[
        "has 0 KSM on the relay chain",
        "needs 11 KSM",
        "--sender",
    ]);
    demo(network, &["--sender", "nobody"]).expect_error(&["--sender is no account's secret", "//Alice"]);

    let options = Options { timeout: LIMIT, ..Options::default() };
    let report = xcm::run(&network.manifest(), &options, &Narrator::new(Voice::Stdout)).await?;
    println!("{}", serde_json::to_string(&report)?);
    ensure!(report.held && report.missing.is_empty(), "{:?}", report.missing);
    ensure!(report.messages.len() == MESSAGES.len(), "{} messages", report.messages.len());
    for (name, sent, path) in MESSAGES {
        let message = report.messages.iter().find(|message| message.name == name).context(name)?;
        ensure!(message.sent == sent, "{name}: {} were sent", message.sent);
        let chains = message.hops.iter().map(|hop| hop.chain.trim_start_matches("the ").trim_end_matches(" chain"));
        let chains = chains.collect::<Vec<_>>();
        ensure!(chains == path, "{name} went over {chains:?}");
        heights_increase(message)?;
        money_adds_up(message)?;
    }
    blocks_are_final(network, &report).await
}

/// Nothing happens before what it follows from. A candidate needs a block after the one that it was built on.
fn heights_increase(message: &MessageReport) -> Result<()> {
    let of_relay = message.hops.iter().filter(|hop| hop.candidate.is_some() || hop.chain == "the relay chain");
    let heights = of_relay.map(|hop| (hop.height, hop.event)).collect::<Vec<_>>();
    for pair in heights.windows(2) {
        let (earlier, later) = (pair[0], pair[1]);
        // A message that comes up may be run in the block that includes the candidate.
        let may_be_one = later.1 == HopEvent::Processed;
        ensure!(earlier.0 < later.0 || (may_be_one && earlier.0 == later.0), "{}: {heights:?}", message.name);
    }
    Ok(())
}

/// What was sent has arrived, or was taken as a fee that was foretold.
fn money_adds_up(message: &MessageReport) -> Result<()> {
    let mut taken = 0;
    for (index, fee) in message.fees.iter().enumerate() {
        let actual = fee.actual.with_context(|| format!("{}: no fee on {}", message.name, fee.chain))?;
        ensure!(actual > 0 && actual < UNITS / 10, "{}: {} took {actual}", message.name, fee.chain);
        // The first is what the sender paid for the delivery, beside what it sent.
        taken += if index > 0 { actual } else { 0 };
    }
    let arrived = message.arrived.with_context(|| format!("{}: nothing arrived", message.name))?;
    let expected = if message.sent == 0 { 0 } else { message.sent - taken };
    ensure!(arrived == expected, "{}: {arrived} arrived of {}, {taken} was taken", message.name, message.sent);
    Ok(())
}

/// The report names blocks of the chain that is final.
async fn blocks_are_final(network: &LocalNetwork, report: &Report) -> Result<()> {
    let finalized = report.finalized.context("nothing is final")?;
    for hop in report.messages.iter().flat_map(|message| &message.hops) {
        let (node, is_relay) = match hop.chain.as_str() {
            "picasso" => ("picasso-1", false),
            "subsocial" => ("subsocial-1", false),
            _ => ("alice", true),
        };
        ensure!(!is_relay || hop.height <= finalized, "{hop:?} is above {finalized}");
        let hash = network.block_hash(node, hop.height).await?.with_context(|| format!("{node} lacks {hop:?}"))?;
        ensure!(hash == hop.hash, "{hop:?} is not {hash}");
    }
    Ok(())
}

fn demo(network: &LocalNetwork, arguments: &[&str]) -> Finished {
    let line = [&["demo", "xcm"], arguments, &["--network", network.name()]].concat();
    block_in_place(|| run_serin(line))
}
