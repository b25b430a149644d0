// SPDX-License-Identifier: GPL-3.0-only
//! A plan under which a newcomer dies: it takes no step, though one is due, until the newcomer is back.

use super::{add_newcomers, connect, ERAS_LIMIT, FIRST, VALIDATORS};
use anyhow::{ensure, Context, Result};
use futures::future::try_join_all;
use pallet_validator_count::{Flag, Flags, Policy};
use serde_json::{json, Value};
use serin_node::{
    demo::{candidate, governance::POLICY, referendum::Proposal},
    network::{LocalNetwork, NodeRecord},
    validator_count::command,
};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, constants::currency::UNITS, AccountId, Balance,
    BlockNumber, OriginCaller, Runtime, RuntimeCall, RuntimeEvent,
};
use serin_tests::{
    chain::{BlockId, Chain},
    metrics,
    process::{run_serin, text},
    referendum,
    validators::{wait_active, BLOCK_LIMIT},
};
use sp_core::Pair;
use sp_keyring::Sr25519Keyring;
use sp_staking::EraIndex;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tokio::task::block_in_place;

type Event = pallet_validator_count::Event<Runtime>;

const TARGET: u32 = 7;
const STEP: u32 = 1;
/// Less than a genesis validator has, so that newcomers do not take their seats.
const STAKE: Balance = 9_000 * UNITS;
/// It does not vote.
const FUNDER: Sr25519Keyring = Sr25519Keyring::Dave;
/// Three times those of local networks. A dead validator of five misses about one of six slots, since others take some of
/// its: of an era's 20 that is often no more than the three which may be an accident, of 60 in less than one era of a hundred.
const SESSIONS_PER_ERA: u32 = 6;
/// A plan waits an era longer than it must for its next step: the newcomer is active in the era before the step is due, and
/// its death found by then.
const SLOW: Policy = Policy { min_eras_between: 3, ..POLICY };

/// The spec of `fast` with longer eras.
pub fn spec_with_long_eras(directory: &Path) -> PathBuf {
    let (plain, raw) = (directory.join("plain.json"), directory.join("raw.json"));
    run_serin(["export-chain-spec", "--chain", "fast", "--output", text(&plain)]).expect_success();
    let mut spec: Value = serde_json::from_slice(&fs::read(&plain).expect("exported")).expect("JSON");
    let sessions = spec.pointer_mut("/genesis/runtimeGenesis/patch/timing/parameters/sessionsPerEra");
    *sessions.expect("the preset sets it") = json!(SESSIONS_PER_ERA);
    fs::write(&plain, spec.to_string()).expect("written");
    run_serin(["export-chain-spec", "--chain", text(&plain), "--raw", "--output", text(&raw)]).expect_success();
    raw
}

pub async fn story(network: &LocalNetwork) -> Result<()> {
    let chain = connect(network).await?;
    let newcomers = add_newcomers(network).await?;
    all_run_for_election(&chain, &newcomers).await.context("the candidacies")?;
    set_plan(&chain).await?;
    let first_step = wait_for(&chain, "first step", 1, |event| match event {
        Event::StepApplied { era, .. } => Some(*era),
        _ => None,
    });
    let (_, first_step) = first_step.await?;

    let first = |set: &Vec<AccountId>| newcomers.iter().find(|node| set.contains(&account(node)));
    let what = "first newcomer in the active set";
    let (grown, set) = wait_active(&chain, what, ERAS_LIMIT, |set| first(set).is_some()).await?;
    let victim = first(&set).context("it is there")?;
    println!("{} is active in block {}, and is killed", victim.name, grown.number);
    network.kill(&victim.name).await?;

    let held = wait_held(&chain, grown.number).await?;
    commands_and_metrics_tell_why(network).await?;
    // Still dead when the step is due, the plan must not take it.
    let due = first_step + SLOW.min_eras_between;
    let begun = wait_era(&chain, due, held.number).await?;
    let early = steps(&chain, held.number, begun.number).await?;
    ensure!(early.is_empty(), "a step was due in era {due}; held, the plan took {early:?}");
    println!("block {}: era {due} has begun, in which a step is due, and none is taken", begun.number);
    network.restart(&victim.name).await?;
    network.wait_finalized_on(&victim.name, network.finalized(FIRST).await?, BLOCK_LIMIT).await?;

    let released = wait_for(&chain, "release of the plan", begun.number, |event| {
        matches!(event, Event::Released { .. }).then_some(())
    });
    let (released, ()) = released.await?;
    // The block of the release takes the step that was due.
    let steps = steps(&chain, begun.number, released.number - 1).await?;
    ensure!(steps.is_empty(), "while it was held, the plan took {steps:?}");
    let step = wait_for(&chain, "step after the release", released.number, |event| match event {
        Event::StepApplied { from, to, .. } => Some((*from, *to)),
        _ => None,
    });
    let (stepped, (from, to)) = step.await?;
    ensure!(to == from + STEP && to <= TARGET, "it went from {from} to {to}");
    println!(
        "held in block {}, released in block {}, from {from} to {to} in block {}",
        held.number, released.number, stepped.number
    );
    Ok(())
}

async fn all_run_for_election(chain: &Chain, nodes: &[NodeRecord]) -> Result<()> {
    let library = chain.library();
    let accounts = nodes.iter().map(account).collect::<Vec<_>>();
    candidate::fund(library, &FUNDER.pair(), &accounts, STAKE).await?;
    let run = |node: &NodeRecord| {
        let (url, operator) = (node.rpc_url.clone(), candidate::operator(&node.name));
        async move { candidate::run_for_election(library, &url, &operator, STAKE).await }
    };
    try_join_all(nodes.iter().map(run)).await?;
    Ok(())
}

/// Has the plan voted, once there is an era to compare later ones with: before that a plan is refused.
async fn set_plan(chain: &Chain) -> Result<()> {
    wait_era(chain, 1, 1).await?;
    let proposal = Proposal {
        origin: OriginCaller::Origins(Origin::ValidatorCountAdmin),
        call: RuntimeCall::ValidatorCount(pallet_validator_count::Call::set_plan {
            target: TARGET,
            step: STEP,
            policy: SLOW,
        }),
    };
    let enactment = referendum::enact(chain, proposal).await?;
    let set = Event::PlanSet { base: VALIDATORS, target: TARGET, step: STEP, replaced: false };
    ensure!(enactment.events.contains(&RuntimeEvent::ValidatorCount(set)), "no such plan was set");
    Ok(())
}

/// Waits for the block in which `era` begins, from the block `from` on.
async fn wait_era(chain: &Chain, era: EraIndex, from: BlockNumber) -> Result<BlockId> {
    // Paid is the era that ends.
    let begins = |event: &RuntimeEvent| match event {
        RuntimeEvent::Staking(pallet_staking::Event::EraPaid { era_index, .. }) if era_index + 1 >= era => Some(()),
        _ => None,
    };
    let (block, ()) = chain.wait_event("next era", from, ERAS_LIMIT, begins).await?;
    Ok(block)
}

/// Waits until the plan is held for missed slots. Other reasons may come first, and are no business of this test.
async fn wait_held(chain: &Chain, from: BlockNumber) -> Result<BlockId> {
    let held = |event: &Event| match event {
        Event::Held { reasons, health, .. } => {
            println!("held for {reasons:?}, with {health:?}");
            reasons.contains(Flag::Missed).then_some(Ok(*reasons))
        }
        Event::Completed { .. } | Event::RolledBack { .. } | Event::Paused { .. } => {
            Some(Err(anyhow::anyhow!("the plan ended with {event:?}")))
        }
        _ => None,
    };
    let (block, reasons): (_, Result<Flags>) = wait_for(chain, "hold of the plan", from, held).await?;
    println!("block {}: held for {:?}", block.number, reasons?);
    Ok(block)
}

async fn commands_and_metrics_tell_why(network: &LocalNetwork) -> Result<()> {
    let node = network.node(FIRST)?;
    let record = command::ask(&node.rpc_url).await?;
    println!("{record}");
    let plan = record.plan.context("there is a plan")?;
    ensure!(plan.state == "held" && plan.reasons.iter().any(|reason| reason == "MISSED"), "{plan:?}");

    // Published with a final block; the last one may be on its way.
    let next = network.finalized(FIRST).await? + 2;
    network.wait_finalized_on(FIRST, next, BLOCK_LIMIT).await?;
    let metrics = block_in_place(|| metrics::fetch(&node.prometheus_url))?;
    for (name, label) in
        [("serin_validator_count_plan_state", "state=\"held\""), ("serin_validator_count_flag", "flag=\"MISSED\"")]
    {
        let found = metrics::sum(&metrics, name, label);
        ensure!(found == 1.0, "{name} of {label} is {found}");
    }
    Ok(())
}

async fn steps(chain: &Chain, from: BlockNumber, to: BlockNumber) -> Result<Vec<RuntimeEvent>> {
    let events = chain.events_of(from..=to).await?.into_iter().map(|(_, event)| event);
    let is_step = |event: &RuntimeEvent| matches!(event, RuntimeEvent::ValidatorCount(Event::StepApplied { .. }));
    Ok(events.filter(is_step).collect())
}

async fn wait_for<T>(
    chain: &Chain,
    what: &str,
    from: BlockNumber,
    find: impl Fn(&Event) -> Option<T>,
) -> Result<(BlockId, T)> {
    let of_count = |event: &RuntimeEvent| match event {
        RuntimeEvent::ValidatorCount(event) => find(event),
        _ => None,
    };
    chain.wait_event(what, from, ERAS_LIMIT, of_count).await
}

fn account(node: &NodeRecord) -> AccountId {
    candidate::operator(&node.name).public().into()
}
