// SPDX-License-Identifier: GPL-3.0-only
//! A collator that offers what nobody can validate, in the place of a parachain's own.

use crate::{BLOCKS_ON, FIRST, LIMIT};
use anyhow::{ensure, Context, Result};
use frame_support::storage::storage_prefix;
use serin_node::network::{LocalNetwork, Role};
use serin_runtime::BlockNumber;
use serin_tests::{binary::beside_the_tests, chain::Chain, metrics, process::Running};
use std::process::Command;
use tokio::task::block_in_place;

/// How many candidates are to be refused: the collator makes four kinds in turn.
const REFUSED: f64 = 8.0;
/// Over how many relay blocks missed slots are counted, and how many more than before there may be: the machine has other
/// work, too.
const WATCHED_BLOCKS: BlockNumber = 10;
const MORE_MISSED_SLOTS: u64 = 2;

/// In place of the collator `instead_of` of `para`: validators refuse all of it, the relay chain keeps its pace, and the
/// parachain goes on when its own collator is back.
pub async fn is_refused(network: &LocalNetwork, chain: &Chain, para: u32, instead_of: &str) -> Result<()> {
    network.wait_finalized(1 + WATCHED_BLOCKS, LIMIT).await?;
    let missed_before = missed_slots(network, chain).await?;
    network.kill(instead_of).await?;
    let mut collator = start_collator(network, para);
    let first = invalid_candidates(network)?;
    // What its own collator had offered is settled by the time that the first garbage is refused.
    wait_refused(network, &mut collator, first + 1.0);
    let included = network.included(para)?;
    wait_refused(network, &mut collator, first + REFUSED);
    ensure!(network.included(para)? == included, "a block of parachain {para} was included meanwhile");

    let missed = missed_slots(network, chain).await?;
    println!("{REFUSED} candidates of garbage were refused; {missed} slots missed, before it {missed_before}");
    ensure!(missed <= missed_before + MORE_MISSED_SLOTS, "{missed} slots of {WATCHED_BLOCKS} blocks were missed");

    drop(collator);
    network.restart(instead_of).await?;
    Ok(network.wait_included(para, included + BLOCKS_ON, LIMIT).await?)
}

/// A collator that offers garbage to the validators that back candidates of `para`.
pub fn start_collator(network: &LocalNetwork, para: u32) -> Running {
    let mut command = Command::new(beside_the_tests("adversary"));
    command.arg("collator");
    command.arg("--chain").arg(network.chain_spec()).args(["--para-id", &para.to_string(), "--tmp"]);
    command.args(["--listen-addr", "/ip4/127.0.0.1/tcp/0/ws", "--rpc-port", "0"]);
    command.args(["--no-prometheus", "--no-telemetry", "--no-hardware-benchmarks", "--no-mdns"]);
    for validator in network.nodes().into_iter().filter(|node| node.role == Role::Validator) {
        command.args(["--bootnodes", &validator.p2p_address]);
    }
    Running::start(command)
}

fn wait_refused(network: &LocalNetwork, collator: &mut Running, count: f64) {
    block_in_place(|| {
        collator.wait_for(&format!("{count} refused candidates"), LIMIT, |_| {
            // A validator that does not answer this time answers the next.
            invalid_candidates(network).is_ok_and(|refused| refused >= count).then_some(())
        });
    });
}

/// How many candidates the validators together have found invalid.
fn invalid_candidates(network: &LocalNetwork) -> Result<f64> {
    let validators = network.nodes().into_iter().filter(|node| node.role == Role::Validator);
    let counts = validators.map(|node| {
        let text = block_in_place(|| metrics::fetch(&node.prometheus_url))?;
        Ok(metrics::sum(&text, "polkadot_parachain_validation_requests_total", "validity=\"invalid\""))
    });
    counts.sum()
}

/// How many slots had no block within the last finalized blocks.
async fn missed_slots(network: &LocalNetwork, chain: &Chain) -> Result<u64> {
    let last = network.finalized(FIRST).await?;
    let slot = |number: BlockNumber| async move {
        let hash = chain.block_at(number).await?.hash;
        let slot = chain.read::<u64>(&storage_prefix(b"Babe", b"CurrentSlot"), hash).await?;
        slot.with_context(|| format!("block {number} has no slot"))
    };
    let first = last.saturating_sub(WATCHED_BLOCKS).max(1);
    let slots = slot(last).await? - slot(first).await?;
    Ok(slots - u64::from(last - first))
}
