// SPDX-License-Identifier: GPL-3.0-only
//! Local networks whose parachains produce blocks: from the first relay blocks on, with candidates that are really approved,
//! on when a validator dies, with every kind of collator, and among nodes that break the rules.

mod parachains {
    pub mod backed_garbage;
    pub mod garbage;
    pub mod session_zero;
}

use anyhow::{ensure, Context, Result};
use codec::Decode;
use parachains::{
    backed_garbage, garbage,
    session_zero::{self, log},
};
use rand::{rngs::StdRng, seq::SliceRandom};
use serin_node::network::{rpc, LocalNetwork, LocalNetworkBuilder, NetworkBackend, NodeState, RelayChainAccess, Role};
use serin_runtime::RuntimeEvent;
use serin_tests::{
    binary::beside_the_tests,
    chain::Chain,
    metrics,
    process::{run_serin, Finished},
    seeded_rng, tier, Tier,
};
use sp_runtime::DigestItem;
use std::time::Duration;
use tokio::task::block_in_place;

const PICASSO: u32 = 2_087;
const SUBSOCIAL: u32 = 2_100;
const KILT: u32 = 2_086;
const WITH_CORE: [u32; 2] = [PICASSO, SUBSOCIAL];

const VALIDATORS: u32 = 4;
/// The validator that is asked, where nothing else matters.
const FIRST: &str = "alice";
/// How many blocks of a parachain are to follow when something must go on.
const BLOCKS_ON: u32 = 4;
/// Bounds each wait: many times what it takes on two cores.
const LIMIT: Duration = Duration::from_secs(600);

const SANDBOX_IS_ON: &str = "Running in Secure Validator Mode";

#[tokio::test(flavor = "multi_thread")]
async fn two_parachains_produce_blocks_that_validators_approve() {
    let mut rng = seeded_rng();
    let network = LocalNetwork::builder()
        .validators(VALIDATORS)
        .para(PICASSO, "picasso")
        .para(SUBSOCIAL, "subsocial")
        .on_demand(KILT, "kilt")
        .arguments(session_zero::ARGUMENTS)
        .timeout(LIMIT);
    let network = up(network).await;
    if let Err(error) = story(&network, &mut rng).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

/// Our collator over RPC is that of the network above.
#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_collator_writes_blocks_two_in_turn() {
    let stock = beside_the_tests("stock-collator");
    let every_kind = [
        (Some(&stock), RelayChainAccess::Embedded),
        (Some(&stock), RelayChainAccess::Rpc),
        (None, RelayChainAccess::Embedded),
    ];
    let kinds = if tier() == Tier::Test { &every_kind[..1] } else { &every_kind[..] };
    println!("rounds={} tier={}", kinds.len(), tier());
    for (binary, access) in kinds {
        let mut network = LocalNetwork::builder()
            .validators(VALIDATORS)
            .para(PICASSO, "picasso")
            .collators(2)
            .relay_chain_access(*access)
            .timeout(LIMIT);
        if let Some(binary) = binary {
            network = network.collator_binary(binary);
        }
        let network = up(network).await;
        if let Err(error) = both_write(&network).await {
            panic!("{binary:?} with {access:?}: {error:?}");
        }
        network.stop().await.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// On the tier `prove`: one of the two is the default, which every other network shows.
#[tokio::test(flavor = "multi_thread")]
async fn prove_a_parachain_is_included_and_final_on_both_p2p_backends() {
    for backend in [NetworkBackend::Libp2p, NetworkBackend::Litep2p] {
        let network = LocalNetwork::builder()
            .validators(VALIDATORS)
            .para(PICASSO, "picasso")
            .network_backend(backend)
            .timeout(LIMIT);
        let network = up(network).await;
        if let Err(error) = goes_on_with(&network, backend).await {
            panic!("with {}: {error:?}", backend.name());
        }
        network.stop().await.unwrap_or_else(|error| panic!("{error}"));
    }
}

/// Only on the tier `prove`: it may take many sessions until the validator has a core to which garbage is offered.
#[tokio::test(flavor = "multi_thread")]
async fn prove_garbage_is_refused_and_whoever_backs_it_is_slashed() {
    let mut rng = seeded_rng();
    let network = LocalNetwork::builder()
        .validators(VALIDATORS)
        .para(PICASSO, "picasso")
        .para(SUBSOCIAL, "subsocial")
        .timeout(LIMIT);
    let network = up(network).await;
    if let Err(error) = garbage_is_offered(&network, &mut rng).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn up(network: LocalNetworkBuilder) -> LocalNetwork {
    network.start().await.unwrap_or_else(|error| panic!("{error}"))
}

async fn story(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    let chain = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    let included = session_zero::first_blocks(network).await?;
    session_zero::is_finalized(&chain, included).await?;
    approvals_are_counted(network).await?;
    commands_show_parachains(network).await?;
    a_validator_dies(network, rng).await?;

    ensure!(network.included(KILT)? == 0, "kilt has blocks, but no core");
    ensure!(network.node_status("kilt-1")?.state == NodeState::Running, "kilt's collator does not wait");
    nothing_is_disputed(&chain).await?;
    session_zero::candidates_were_checked(network)?;
    for node in network.nodes().into_iter().filter(|node| node.role == Role::Validator) {
        ensure!(log(&node)?.contains(SANDBOX_IS_ON), "{} does not run in Secure Validator Mode", node.name);
    }
    Ok(())
}

async fn garbage_is_offered(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    let chain = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    garbage::is_refused(network, &chain, SUBSOCIAL, "subsocial-1").await.context("garbage for subsocial")?;
    backed_garbage::is_disputed(network, &chain, rng).await.context("a validator that backs garbage")
}

async fn approvals_are_counted(network: &LocalNetwork) -> Result<()> {
    for id in WITH_CORE {
        network.wait_included(id, 1 + BLOCKS_ON, LIMIT).await?;
    }
    let best = network.best(FIRST).await?;
    network.wait_finalized(best, LIMIT).await?;
    for node in network.nodes().into_iter().filter(|node| node.role == Role::Validator) {
        let text = block_in_place(|| metrics::fetch(&node.prometheus_url))?;
        let count = |name: &str, label: &str| metrics::sum(&text, name, label);
        let assignments = count("polkadot_parachain_assignments_produced_count", "");
        let approvals = count("polkadot_parachain_approvals_produced_total", "status=\"success\"");
        println!("{}: {assignments} assignments, {approvals} approvals", node.name);
        ensure!(assignments > 0.0 && approvals > 0.0, "{} checked no candidate", node.name);

        // Both parachains have the same code, so that it is one PVF. Whoever checked a candidate had to prepare it.
        let (prepared, seconds) = metrics::histogram(&text, metrics::PVF_PREPARATION);
        println!("{}: {prepared} PVFs prepared in {seconds:.2} s", node.name);
        ensure!(prepared >= 1.0, "{} prepared no PVF", node.name);
    }
    Ok(())
}

/// As a user sees them, from another process.
async fn commands_show_parachains(network: &LocalNetwork) -> Result<()> {
    let status = command(network, &["status", "--json"]).expect_success().json();
    let parachains = status["parachains"].as_array().context("a list of parachains")?;
    let names = parachains.iter().filter_map(|para| para["name"].as_str()).collect::<Vec<_>>();
    ensure!(names == ["picasso", "subsocial", "kilt"], "{status}");
    ensure!(parachains[0]["included"].as_u64() > Some(0), "{status}");
    ensure!((&parachains[0]["kind"], &parachains[2]["kind"]) == (&"with-core".into(), &"on-demand".into()), "{status}");

    command(network, &["add", "collator", "--para", "2099"]).expect_error(&["no parachain 2099", "2087, 2100, 2086"]);
    let added = command(network, &["add", "collator", "--para", "2087", "--json"]).expect_success().json();
    ensure!(added["name"] == "picasso-2" && added["role"] == "collator", "{added}");
    let number = network.included(PICASSO)?;
    network.wait_finalized_on("picasso-2", number, LIMIT).await.context("the sync of an added collator")?;
    Ok(())
}

async fn a_validator_dies(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    // Not the first, which the rest of the story asks.
    let others = network.nodes().into_iter().filter(|node| node.role == Role::Validator && node.name != FIRST);
    let others = others.collect::<Vec<_>>();
    let victim = &others.choose(rng).context("there are others")?.name;
    network.kill(victim).await?;
    go_on(network).await.with_context(|| format!("without {victim}"))?;
    network.restart(victim).await?;
    go_on(network).await.with_context(|| format!("with {victim} back"))?;
    println!("{victim} was killed and came back; both parachains went on");
    Ok(())
}

/// Waits until each parachain has some blocks more, and finality is beyond what the relay chain has now.
async fn go_on(network: &LocalNetwork) -> Result<()> {
    let best = network.best(FIRST).await?;
    for id in WITH_CORE {
        network.wait_included(id, network.included(id)? + BLOCKS_ON, LIMIT).await?;
    }
    Ok(network.wait_finalized(best + 2, LIMIT).await?)
}

async fn nothing_is_disputed(chain: &Chain) -> Result<()> {
    let last = chain.finalized().await?;
    for (pallet, item) in [("ParasDisputes", "Disputes"), ("Offences", "Reports"), ("Staking", "UnappliedSlashes")] {
        let count = chain.count_keys(pallet, item, last.hash).await?;
        ensure!(count == 0, "{pallet}.{item} has {count} entries");
    }
    for (number, event) in chain.events_of(1..=last.number).await? {
        let is_fault = matches!(event, RuntimeEvent::ParasDisputes(_) | RuntimeEvent::Offences(_));
        ensure!(!is_fault, "block {number}: {event:?}");
    }
    Ok(())
}

/// The relay chain finalizes blocks with candidates, and the collator learns that from it.
async fn goes_on_with(network: &LocalNetwork, backend: NetworkBackend) -> Result<()> {
    network.wait_included(PICASSO, 1 + BLOCKS_ON, LIMIT).await?;
    let best = network.best(FIRST).await?;
    network.wait_finalized(best, LIMIT).await?;
    network.wait_finalized_on("picasso-1", 1 + BLOCKS_ON, LIMIT).await?;
    println!("{}: block {} of picasso is final, by relay block {best}", backend.name(), 1 + BLOCKS_ON);
    let running = format!("Running {} network backend", backend.name());
    for node in network.nodes() {
        ensure!(log(&node)?.contains(&running), "{} does not log `{running}`", node.name);
    }
    Ok(())
}

/// Slots go to the two in turn, so that blocks of both are seen soon.
async fn both_write(network: &LocalNetwork) -> Result<()> {
    network.wait_included(PICASSO, 1 + BLOCKS_ON, LIMIT).await?;
    let client = network.rpc("picasso-1").await?;
    let mut turns = Vec::new();
    for number in 1..=1 + BLOCKS_ON {
        let hash = rpc::block_hash(&client, number).await?.with_context(|| format!("there is no block {number}"))?;
        let header = rpc::header(&client, Some(&hash)).await?.context("it has a header")?;
        turns.push(aura_slot(&header.digest.logs).with_context(|| format!("block {number} has no slot"))? % 2);
    }
    println!("the turns of the first blocks: {turns:?}");
    ensure!(turns.contains(&0) && turns.contains(&1), "only one of the two collators writes: {turns:?}");
    for node in network.nodes().into_iter().filter(|node| node.role == Role::Collator) {
        let peers = rpc::health(&network.rpc(&node.name).await?).await?.peers;
        ensure!(peers > 0, "{} has no peer", node.name);
    }
    Ok(())
}

fn aura_slot(logs: &[String]) -> Option<u64> {
    logs.iter().find_map(|log| match DigestItem::decode(&mut rpc::from_hex(log)?.as_slice()).ok()? {
        DigestItem::PreRuntime(engine, data) if engine == *b"aura" => u64::decode(&mut data.as_slice()).ok(),
        _ => None,
    })
}

fn command(network: &LocalNetwork, arguments: &[&str]) -> Finished {
    let line = [&["network"], arguments, &["--network", network.name()]].concat();
    block_in_place(|| run_serin(line))
}
