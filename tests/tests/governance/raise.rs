// SPDX-License-Identifier: GPL-3.0-only
//! A plan that nothing holds: what `serin demo governance` tells of it is true, and the newcomers do what validators do.

use super::{add_newcomers, connect, ERAS_LIMIT, FIRST, NEWCOMERS, VALIDATORS};
use anyhow::{ensure, Context, Result};
use pallet_validator_count::Event;
use serin_node::{
    demo::{
        governance::{self, report::Report, Options},
        Narrator, Voice,
    },
    network::LocalNetwork,
    validator_count::command,
};
use serin_runtime::{
    genesis_config_presets::{stash, validator_name},
    BlockNumber, RuntimeEvent,
};
use serin_tests::{
    chain::Chain,
    metrics,
    process::run_serin,
    referendum::ensure_path,
    validators::{self, finality_goes_on},
};
use std::ops::RangeInclusive;
use tokio::task::block_in_place;

const TARGET: u32 = VALIDATORS + NEWCOMERS;
/// Two at once, so that the last step is a smaller one.
const STEP: u32 = 2;
/// How many of so many validators may be gone before finality stands still.
const SPARE: usize = 2;

pub async fn story(network: &LocalNetwork) -> Result<()> {
    nobody_waits_yet(network);
    add_newcomers(network).await?;

    let chain = connect(network).await?;
    let options = Options { step: STEP, timeout: ERAS_LIMIT };
    let report = governance::run(&network.manifest(), &options, &Narrator::new(Voice::Stdout)).await?;
    println!("{}", serde_json::to_string(&report)?);
    ensure!(report.succeeded && report.missing.is_empty(), "{:?}", report.missing);
    the_chain_tells_the_same(&chain, &report).await?;
    all_newcomers_write(network, &report).await?;
    // Before the kills, which a plan that is not done yet would take for harm of its own.
    commands_and_metrics_agree(network).await?;
    finality_needs_every_newcomer(network, &chain).await.context("the newcomers' votes")
}

fn nobody_waits_yet(network: &LocalNetwork) {
    let refused = block_in_place(|| run_serin(["demo", "governance", "--network", network.name()]));
    refused.expect_error(&["nobody waits to validate", "serin network add validator --network", network.name()]);
}

/// Reads the referendum and the plan from the chain, by other means than the story.
async fn the_chain_tells_the_same(chain: &Chain, report: &Report) -> Result<()> {
    let vote = events(chain, report.submitted..=report.enacted).await?;
    ensure_path(&vote, report.referendum)?;
    let set = Event::PlanSet { base: VALIDATORS, target: TARGET, step: STEP, replaced: false };
    ensure!(vote.contains(&RuntimeEvent::ValidatorCount(set)), "no such plan was set");

    let course = events(chain, report.enacted + 1..=report.finalized).await?;
    let steps = course.iter().filter_map(|event| match event {
        RuntimeEvent::ValidatorCount(Event::StepApplied { from, to, .. }) => Some((*from, *to)),
        _ => None,
    });
    let steps = steps.collect::<Vec<_>>();
    ensure!(steps == [(VALIDATORS, VALIDATORS + STEP), (VALIDATORS + STEP, TARGET)], "the steps were {steps:?}");
    let proofs = course.iter().filter_map(|event| match event {
        RuntimeEvent::ValidatorCount(Event::FinalityProved { block, lag, .. }) => Some((*block, *lag)),
        _ => None,
    });
    let proofs = proofs.collect::<Vec<_>>();
    println!("finality was proven for these blocks, so many blocks later: {proofs:?}");
    ensure!(!proofs.is_empty(), "nobody reported finality");
    Ok(())
}

async fn events(chain: &Chain, blocks: RangeInclusive<BlockNumber>) -> Result<Vec<RuntimeEvent>> {
    Ok(chain.events_of(blocks).await?.into_iter().map(|(_, event)| event).collect())
}

async fn all_newcomers_write(network: &LocalNetwork, report: &Report) -> Result<()> {
    let joined = network.nodes().into_iter().filter(|node| node.session_keys.is_none()).map(|node| node.name);
    let mut names = report.newcomers.iter().map(|newcomer| newcomer.name.clone()).collect::<Vec<_>>();
    names.sort();
    ensure!(joined.eq(names.clone()), "these wrote: {names:?}");
    for newcomer in &report.newcomers {
        let authors = network.authors(FIRST, newcomer.first_block..=newcomer.first_block).await?;
        // The keys of genesis have names.
        ensure!(authors.keys().all(|author| author.starts_with("0x")), "{newcomer:?}: {authors:?}");
    }
    Ok(())
}

/// With two of the seven dead, five votes are needed and five are left: those of all newcomers are among them.
async fn finality_needs_every_newcomer(network: &LocalNetwork, chain: &Chain) -> Result<()> {
    let set = validators::active(chain).await?;
    ensure!(u32::try_from(set.len())? == TARGET, "{} are active", set.len());
    let genesis = (0..VALIDATORS).map(validator_name).filter(|name| set.contains(&stash(name)));
    let others = genesis.map(|name| name.to_lowercase()).filter(|name| name != FIRST);
    let victims = others.take(SPARE).collect::<Vec<_>>();
    ensure!(victims.len() == SPARE, "only {victims:?} are active and may be killed");
    for victim in &victims {
        network.kill(victim).await?;
    }
    finality_goes_on(network, FIRST).await?;
    for victim in &victims {
        network.restart(victim).await?;
        network.wait_finalized_on(victim, network.finalized(FIRST).await?, validators::BLOCK_LIMIT).await?;
    }
    Ok(())
}

async fn commands_and_metrics_agree(network: &LocalNetwork) -> Result<()> {
    let node = network.node(FIRST)?;
    let record = command::ask(&node.rpc_url).await?;
    ensure!((record.count, record.active) == (TARGET, TARGET), "{record}");
    let printed = block_in_place(|| run_serin(["validators", "status", "--network", network.name()])).expect_success();
    let counts = format!("validators  {TARGET} wanted, {TARGET} active");
    ensure!(printed.stdout.contains(&counts), "{printed}");

    // Published with a final block; the last one may be on its way.
    let next = network.finalized(FIRST).await? + 2;
    network.wait_finalized_on(FIRST, next, validators::BLOCK_LIMIT).await?;
    let metrics = block_in_place(|| metrics::fetch(&node.prometheus_url))?;
    for (name, value) in [
        ("serin_validator_count", TARGET),
        ("serin_validators_active", TARGET),
        ("serin_validator_count_target", TARGET),
        ("serin_validator_count_plan_state", 1),
    ] {
        let found = metrics::sum(&metrics, name, "");
        ensure!(found == f64::from(value), "{name} is {found}, not {value}");
    }
    Ok(())
}
