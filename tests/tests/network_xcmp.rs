// SPDX-License-Identifier: GPL-3.0-only
//! Two parachains on stock collators that send each other messages off the relay chain, carried by relayers that come and go.

mod xcmp {
    pub mod junk;
    pub mod latency;
    pub mod switch;
    pub mod throughput;
    pub mod traffic;
    pub mod upgraded;
    pub mod ways;
}

mod lifecycle {
    #[expect(dead_code, reason = "shared with the tests of a parachain's life, which need more of it")]
    pub mod on_relay;
    pub mod upgrade;

    pub(crate) use super::LIMIT;
    use sp_keyring::Sr25519Keyring;

    /// Sends what anybody may.
    pub const ANYONE: Sr25519Keyring = Sr25519Keyring::Ferdie;
}

use anyhow::{ensure, Context, Result};
use rand::{rngs::StdRng, seq::SliceRandom};
use serin_chain_spec::Transport;
use serin_node::{
    demo::{self, Narrator, Voice},
    network::{LocalNetwork, LocalNetworkBuilder},
};
use serin_tests::{
    binary::beside_the_tests,
    chain::Chain,
    metrics,
    process::{run_serin, Finished},
    rounds, seeded_rng,
};
use sp_keyring::Sr25519Keyring;
use std::{ops::RangeInclusive, time::Duration};
use tokio::task::block_in_place;
use xcmp::{
    junk, latency, switch, throughput,
    traffic::{self, Direction},
    upgraded, ways,
};

const PICASSO: u32 = 2_087;
const SUBSOCIAL: u32 = 2_100;
const VALIDATORS: u32 = 4;
/// The validator that is asked, where nothing else matters.
const FIRST: &str = "alice";
const RELAYER: &str = "relayer-1";
const SECOND_RELAYER: &str = "relayer-2";
/// Send nothing else, and get nothing else, on either chain.
const SENDER: Sr25519Keyring = Sr25519Keyring::Charlie;
const RECEIVER: Sr25519Keyring = Sr25519Keyring::Dave;
/// Bounds each wait: many times what it takes on two cores.
const LIMIT: Duration = Duration::from_secs(900);

#[tokio::test(flavor = "multi_thread")]
async fn messages_go_both_ways_while_the_relayer_and_a_collator_come_and_go() {
    let network = up(network().relayers(1)).await;
    if let Err(error) = story(&network).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_the_demonstration_shows_messages_off_the_relay_chain() {
    // On our own collators: stock ones are those of all other networks here.
    let network = LocalNetwork::builder()
        .validators(VALIDATORS)
        .para(PICASSO, "picasso")
        .para(SUBSOCIAL, "subsocial")
        .timeout(LIMIT);
    let network = up(network).await;
    if let Err(error) = demonstration(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_two_relayers_deliver_each_message_once() {
    let mut rng = seeded_rng();
    let network = up(network().relayers(2)).await;
    if let Err(error) = two_relayers(&network, &mut rng).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_ten_thousand_messages_arrive_as_fast_as_the_receiver_takes_them() {
    let network = up(network()).await;
    if let Err(error) = many_messages(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_junk_keeps_no_message_out() {
    let mut rng = seeded_rng();
    let network = up(network()).await;
    if let Err(error) = junk_is_refused(&network, &mut rng).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_order_holds_from_hrmp_to_xcmp_and_back() {
    let network = up(network().transport(Transport::Hrmp)).await;
    if let Err(error) = transports_change(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_an_upgrade_of_the_receiver_loses_no_message() {
    let network = up(network()).await;
    if let Err(error) = receiver_is_upgraded(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn bench_latency_by_hrmp_and_by_xcmp() {
    let network = up(network().transport(Transport::Hrmp)).await;
    if let Err(error) = both_transports(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

/// Collators that know nothing of any of this.
fn network() -> LocalNetworkBuilder {
    LocalNetwork::builder()
        .validators(VALIDATORS)
        .para(PICASSO, "picasso")
        .para(SUBSOCIAL, "subsocial")
        .collator_binary(beside_the_tests("stock-collator"))
        .timeout(LIMIT)
}

async fn up(network: LocalNetworkBuilder) -> LocalNetwork {
    network.start().await.unwrap_or_else(|error| panic!("{error}"))
}

/// Both directions between the two parachains, once these have blocks.
async fn directions(network: &LocalNetwork) -> Result<[Direction; 2]> {
    for id in [PICASSO, SUBSOCIAL] {
        network.wait_included(id, 1, LIMIT).await?;
    }
    let (there, back) =
        tokio::try_join!(Direction::open(network, PICASSO, SUBSOCIAL), Direction::open(network, SUBSOCIAL, PICASSO))?;
    Ok([there, back])
}

/// A third of the messages is sent with all processes, a third without the relayer, which comes back after it, and a third
/// while a collator is restarted.
async fn story(network: &LocalNetwork) -> Result<()> {
    let directions = directions(network).await?;
    commands_show_the_relayer(network)?;
    let third = traffic::AT_ONCE * rounds(1, 8);
    send(network, &directions, 1..=third).await?;
    expect(network, &directions, third).await.context("with one relayer")?;

    network.kill(RELAYER).await?;
    send(network, &directions, third + 1..=2 * third).await.context("without the relayer")?;
    network.restart(RELAYER).await?;
    expect(network, &directions, 2 * third).await.context("with the relayer back")?;

    network.restart("picasso-1").await?;
    network.wait_rpc("picasso-1", LIMIT).await?;
    send(network, &directions, 2 * third + 1..=3 * third).await.context("after a collator's restart")?;
    expect(network, &directions, 3 * third).await.context("after a collator's restart")?;

    nothing_went_over_the_relay_chain(network).await?;
    relayer_counts(network, &directions)?;
    ways::are_told(network, &directions, 3 * third).await
}

/// One of the two is killed and comes back, in turns that are drawn, while messages go both ways.
async fn two_relayers(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    let directions = directions(network).await?;
    let mut sent = 0;
    for _ in 0..rounds(1, 6) {
        let victim = [RELAYER, SECOND_RELAYER].choose(rng).context("there are two")?;
        println!("{victim} is killed after message {sent}");
        network.kill(victim).await?;
        send(network, &directions, sent + 1..=sent + traffic::AT_ONCE).await?;
        network.restart(victim).await?;
        send(network, &directions, sent + traffic::AT_ONCE + 1..=sent + 2 * traffic::AT_ONCE).await?;
        sent += 2 * traffic::AT_ONCE;
    }
    expect(network, &directions, sent).await?;
    ways::are_told(network, &directions, sent).await
}

async fn demonstration(network: &LocalNetwork) -> Result<()> {
    for id in [PICASSO, SUBSOCIAL] {
        network.wait_included(id, 1, LIMIT).await?;
    }
    let report = demo::xcmp::run(&network.manifest(), LIMIT, &Narrator::new(Voice::Stdout)).await?;
    println!("{}", serde_json::to_string(&report)?);
    ensure!(report.messages.held && report.messages.missing.is_empty(), "{:?}", report.messages.missing);
    let names = report.messages.messages.iter().map(|message| message.name.as_str());
    ensure!(names.eq(["token-there", "token-back", "call-there", "call-back"]), "{report:?}");
    for (stream, (from, to)) in report.streams.iter().zip([(PICASSO, SUBSOCIAL), (SUBSOCIAL, PICASSO)]) {
        ensure!((stream.from, stream.to) == (from, to), "{stream:?}");
        let beside = u64::from(ways::VERSION_MESSAGES);
        ensure!(stream.received >= 2 && (2..=2 + beside).contains(&stream.sent), "{stream:?}");
    }
    nothing_went_over_the_relay_chain(network).await
}

async fn many_messages(network: &LocalNetwork) -> Result<()> {
    let [there, _] = directions(network).await?;
    throughput::is_measured(network, &there, rounds(100, 10_000)).await
}

async fn transports_change(network: &LocalNetwork) -> Result<()> {
    let [there, _] = directions(network).await?;
    switch::keeps_order(network, &there, rounds(3, 12)).await
}

async fn receiver_is_upgraded(network: &LocalNetwork) -> Result<()> {
    let [there, _] = directions(network).await?;
    upgraded::loses_nothing(network, &there).await
}

async fn both_transports(network: &LocalNetwork) -> Result<()> {
    let [there, _] = directions(network).await?;
    latency::is_compared(network, &there, rounds(3, 24)).await
}

async fn junk_is_refused(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    let [there, _] = directions(network).await?;
    junk::keeps_nothing_out(network, &there, rounds(5, 50), rng).await
}

async fn send(network: &LocalNetwork, [there, back]: &[Direction; 2], numbers: RangeInclusive<u32>) -> Result<()> {
    tokio::try_join!(there.send(network, numbers.clone()), back.send(network, numbers)).map(drop)
}

/// All messages up to `count` have arrived each way, in their order and once.
async fn expect(network: &LocalNetwork, [there, back]: &[Direction; 2], count: u32) -> Result<()> {
    tokio::try_join!(there.expect(network, count), back.expect(network, count)).map(drop)
}

async fn nothing_went_over_the_relay_chain(network: &LocalNetwork) -> Result<()> {
    let chain = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    let at = chain.finalized().await?.hash;
    for item in ["HrmpChannels", "HrmpChannelContents"] {
        let count = chain.count_keys("Hrmp", item, at).await?;
        ensure!(count == 0, "Hrmp.{item} has {count} entries");
    }
    let roots = chain.count_keys("Xcmp", "Latest", at).await?;
    ensure!(roots == 2, "the relay chain has {roots} roots");
    Ok(())
}

/// As an operator sees it, from another process.
fn commands_show_the_relayer(network: &LocalNetwork) -> Result<()> {
    let status = command(network, &["status", "--json"]).expect_success().json();
    ensure!(status["relayers"][0]["name"] == RELAYER && status["relayers"][0]["pid"].is_u64(), "{status}");
    let log = command(network, &["logs", RELAYER]).expect_success().stdout;
    ensure!(log.contains("is a node of parachain 2087"), "the relayer's log is {log}");
    Ok(())
}

/// What it counted since it came back.
fn relayer_counts(network: &LocalNetwork, directions: &[Direction]) -> Result<()> {
    let manifest = network.manifest();
    let relayer = manifest.relayers.first().context("there is a relayer")?;
    let text = block_in_place(|| metrics::fetch(&relayer.prometheus_url))?;
    for Direction { from, to, .. } in directions {
        let label = format!("from=\"{from}\",to=\"{to}\"");
        let count = |name: &str| metrics::sum(&text, name, &label);
        let (submitted, received) = (count("serin_xcmp_deliveries_submitted"), count("serin_xcmp_messages_received"));
        println!("{from} -> {to}: {submitted} deliveries submitted, {received} messages received");
        ensure!(submitted > 0.0 && received > 0.0, "the metrics of {from} -> {to} are {text}");
    }
    Ok(())
}

fn command(network: &LocalNetwork, arguments: &[&str]) -> Finished {
    let line = [&["network"], arguments, &["--network", network.name()]].concat();
    block_in_place(|| run_serin(line))
}
