// SPDX-License-Identifier: GPL-3.0-only
//! How long the network of `make network` takes until its parachains have blocks, and in which relay blocks these are.

use super::start::STEPS;
use crate::parachains::session_zero;
use anyhow::{Context, Result};
use serin_chain_spec::ParachainKind;
use serin_node::network::{Condition, LocalNetwork, Milestone, ParachainRecord, Role, Timings};
use serin_tests::{chain::Chain, metrics, rounds, summary::Summary};
use std::time::{Duration, Instant};
use tokio::task::block_in_place;

const WITH_CORE: [(u32, &str); 2] = [(2_087, "picasso"), (2_100, "subsocial")];
const ON_DEMAND: (u32, &str) = (2_086, "kilt");
/// Far above any start that is not stuck.
const START_LIMIT: Duration = Duration::from_secs(600);

/// One start. Times are in milliseconds.
struct Start {
    /// Until the launcher says that the network is ready.
    ready: u64,
    timings: Timings,
    /// Those with a core.
    parachains: Vec<ParachainRecord>,
    /// What a PVF took, on each validator that has prepared any.
    preparations: Vec<u64>,
}

/// Fails when a parachain is late, or its first block is not checked by validators and final in session 0.
#[tokio::test(flavor = "multi_thread")]
async fn bench_from_command_to_first_blocks_of_parachains() {
    let mut starts = Vec::new();
    for _ in 0..rounds(1, 10) {
        starts.push(start_once().await);
    }
    for (step, millis) in STEPS {
        print(step, starts.iter().map(|start| millis(&start.timings)));
    }
    print("ready", starts.iter().map(|start| Some(start.ready)));
    for (index, (_, name)) in WITH_CORE.into_iter().enumerate() {
        let of_parachain = || starts.iter().map(|start| &start.parachains[index]);
        print_milestones(&format!("{name}: first backed"), of_parachain().map(|record| record.first_backed));
        print_milestones(&format!("{name}: first included"), of_parachain().map(|record| record.first_included));
    }
    print("a PVF prepared", starts.iter().flat_map(|start| &start.preparations).copied().map(Some));
}

/// Starts the network on a fresh base path, and stops it when the first blocks of its parachains are final.
async fn start_once() -> Start {
    let begun = Instant::now();
    let mut network = LocalNetwork::builder()
        .on_demand(ON_DEMAND.0, ON_DEMAND.1)
        .arguments(session_zero::ARGUMENTS)
        .wait_for(Condition::Finalized(1))
        .timeout(START_LIMIT);
    for (id, name) in WITH_CORE {
        network = network.para(id, name).wait_for(Condition::Para { id, number: 1 });
    }
    let network = network.start().await.unwrap_or_else(|error| panic!("{error}"));
    let ready = millis(begun.elapsed().as_secs_f64());
    let start = first_session(&network, ready).await.unwrap_or_else(|error| panic!("{error:?}"));
    network.stop().await.expect("the network stops");
    start
}

async fn first_session(network: &LocalNetwork, ready: u64) -> Result<Start> {
    let included = session_zero::first_blocks(network).await?;
    let first = network.nodes().into_iter().next().context("there are nodes")?;
    session_zero::is_finalized(&Chain::connect(&first.rpc_url).await?, included).await?;
    session_zero::candidates_were_checked(network)?;
    let mut parachains = network.parachains();
    parachains.retain(|record| record.kind == ParachainKind::WithCore);
    let timings = network.manifest().timings_ms;
    Ok(Start { ready, timings, parachains, preparations: preparations(network)? })
}

/// A validator that neither backed nor checked a candidate yet has prepared nothing.
fn preparations(network: &LocalNetwork) -> Result<Vec<u64>> {
    let mut preparations = Vec::new();
    for node in network.nodes().into_iter().filter(|node| node.role == Role::Validator) {
        let text = block_in_place(|| metrics::fetch(&node.prometheus_url))?;
        let (count, seconds) = metrics::histogram(&text, metrics::PVF_PREPARATION);
        println!("{}: {count} PVFs prepared in {seconds:.2} s", node.name);
        if count > 0.0 {
            preparations.push(millis(seconds / count));
        }
    }
    Ok(preparations)
}

fn print_milestones(what: &str, milestones: impl Iterator<Item = Option<Milestone>>) {
    let milestones = milestones.collect::<Option<Vec<_>>>().expect("the step was reached");
    let blocks = milestones.iter().map(|milestone| milestone.relay_block).collect::<Vec<_>>();
    println!("{what}: {}, in relay blocks {blocks:?}", Summary::of(milestones.iter().map(|it| it.ms).collect(), "ms"));
}

fn print(what: &str, millis: impl Iterator<Item = Option<u64>>) {
    let millis = millis.collect::<Option<Vec<_>>>().expect("the step was reached");
    println!("{what}: {}", Summary::of(millis, "ms"));
}

/// Whole milliseconds; no measurement has more than fit.
fn millis(seconds: f64) -> u64 {
    u64::try_from(Duration::from_secs_f64(seconds).as_millis()).unwrap_or(u64::MAX)
}
