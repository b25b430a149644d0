// SPDX-License-Identifier: GPL-3.0-only
//! As many messages as the window has room for, all the time: how many the receiver takes in, and what keeps it from more.

use crate::{xcmp::traffic::Direction, LIMIT, SENDER};
use anyhow::{ensure, Context, Result};
use codec::Encode;
use pallet_xcmp_channels::Channel;
use serin_node::{
    demo::runtimes::{Parachain as ParachainRuntime, Runtime, Terms},
    network::{rpc, LocalNetwork},
    xcmp::parachain::Parachain,
};
use serin_parachain_runtime::RuntimeEvent;
use serin_tests::chain::Chain;
use tokio::time::timeout;

/// How many transactions are handed in between two blocks: more than a block has room for.
const HANDED_IN_AT_ONCE: u64 = 1_024;
/// What two chains may tell each other of versions in the same stream, of which they take room in the window.
const OF_THE_CHAINS: u32 = 8;
/// How many transactions of an account a chain has applied.
const NONCE: &str = "AccountNonceApi_account_nonce";

/// Sends so many messages, and prints how many were sent and received in each block. All that the sender took must arrive, in
/// their order and once.
pub async fn is_measured(network: &LocalNetwork, direction: &Direction, count: u32) -> Result<()> {
    let handed_in = send(network, direction, count + OF_THE_CHAINS).await?;
    let (near, far) = (direction.near(network).await?, direction.far(network).await?);
    let sent = by_block(&near, |event| match event {
        // Not those that a chain sends by itself.
        RuntimeEvent::PolkadotXcm(pallet_xcm::Event::Sent { .. }) => 1,
        _ => 0,
    });
    let sent = sent.await?;
    let taken = sent.iter().map(|(_, messages)| messages).sum();
    ensure!(taken >= count, "only {taken} messages were sent");

    let numbers = direction.arrivals(network, taken, handed_in).await?;
    ensure!(numbers.len() == usize::try_from(taken)?, "of {taken} messages {} arrived", numbers.len());
    ensure!(numbers.is_sorted_by(|one, next| one < next), "the messages arrived as {numbers:?}");

    let received = by_block(&far, |event| match event {
        RuntimeEvent::XcmpChannels(pallet_xcmp_channels::Event::Received { messages, .. }) => *messages,
        _ => 0,
    });
    let received = received.await?;
    let budget = Parachain::connect(&network.node(&direction.receiving_node)?.rpc_url).await?.format().budget;
    println!(
        "{taken} messages, {} more refused by a full window: {}; {}; a block takes in {budget:?}",
        handed_in - taken,
        figures("sent", &sent),
        figures("received", &received)
    );
    Ok(())
}

/// With each block of the sender as many as the window has room for beside those under way and those in the pool, until `count`
/// are sent in its final blocks. Returns the number of the last one handed in: where a block gives way to another one with fewer
/// acknowledgements the window is full again, and what the sender refuses then has spent its number.
async fn send(network: &LocalNetwork, direction: &Direction, count: u32) -> Result<u32> {
    let chain = direction.near(network).await?;
    let parachain = Parachain::connect(&network.node(&direction.sending_node)?.rpc_url).await?;
    let (spec_version, transaction_version) = chain.runtime_version().await?;
    let account = SENDER.to_account_id().encode();
    let mut heads = rpc::best_heads(chain.client()).await?;
    let mut handed_in = 0;
    loop {
        let head = timeout(LIMIT, heads.next()).await.context("there is no new block of the sender")?;
        head.context("the node ended the subscription to new blocks")??;
        let finalized = format!("{:?}", chain.finalized().await?.hash);
        if channel(&parachain, direction, &finalized).await?.sent.count() >= u64::from(count) {
            return Ok(handed_in);
        }
        let best = parachain.hash_at(parachain.best().await?).await?.context("the best block has a hash")?;
        let channel = channel(&parachain, direction, &best).await?;
        let tried: u32 = rpc::state_call(chain.client(), NONCE, &account, Some(&best)).await?;
        let in_pool = u64::from(handed_in.saturating_sub(tried));
        let window = u64::from(channel.allowance.window.messages);
        let room = window.saturating_sub(channel.messages_under_way() + in_pool);
        let missing = u64::from(count).saturating_sub(channel.sent.count() + in_pool);
        for _ in 0..room.min(missing).min(HANDED_IN_AT_ONCE) {
            let nonce = handed_in;
            let terms = Terms { nonce, genesis_hash: chain.genesis_hash(), spec_version, transaction_version };
            handed_in += 1;
            let extrinsic = ParachainRuntime::sign(&SENDER.pair(), direction.remark(handed_in), &terms);
            chain.send(&extrinsic).await.with_context(|| format!("sending message {handed_in}"))?;
        }
    }
}

async fn channel(parachain: &Parachain, direction: &Direction, at: &str) -> Result<Channel> {
    parachain.channel(direction.to.into(), Some(at)).await?.context("there is a channel")
}

/// Block and sum, of the blocks that have something.
async fn by_block(chain: &Chain<ParachainRuntime>, measure: impl Fn(&RuntimeEvent) -> u32) -> Result<Vec<(u32, u32)>> {
    let events = chain.events_of(1..=chain.finalized().await?.number).await?;
    let blocks = events.chunk_by(|one, next| one.0 == next.0);
    let sums = blocks.map(|block| (block[0].0, block.iter().map(|(_, event)| measure(event)).sum::<u32>()));
    Ok(sums.filter(|(_, sum)| *sum > 0).collect())
}

fn figures(what: &str, blocks: &[(u32, u32)]) -> String {
    let most = blocks.iter().map(|(_, sum)| *sum).max().unwrap_or(0);
    let (first, last) = (blocks.first().map_or(0, |block| block.0), blocks.last().map_or(0, |block| block.0));
    format!("{what} in {} of the blocks {first} to {last}, at most {most} in one", blocks.len())
}
