// SPDX-License-Identifier: GPL-3.0-only
//! As many messages as the window has room for, all the time: how many the receiver takes in, and what keeps it from more.

use crate::{xcmp::traffic::Direction, LIMIT, SENDER};
use anyhow::{Context, Result};
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

/// Sends so many messages, and prints how many were sent and received in each block.
pub async fn is_measured(network: &LocalNetwork, direction: &Direction, count: u32) -> Result<()> {
    send(network, direction, count).await?;
    direction.expect(network, count).await?;

    let (near, far) = (direction.near(network).await?, direction.far(network).await?);
    let sent = by_block(&near, |event| match event {
        RuntimeEvent::XcmpChannels(pallet_xcmp_channels::Event::Sent { .. }) => 1,
        _ => 0,
    });
    let received = by_block(&far, |event| match event {
        RuntimeEvent::XcmpChannels(pallet_xcmp_channels::Event::Received { messages, .. }) => *messages,
        _ => 0,
    });
    let (sent, received) = tokio::try_join!(sent, received)?;
    let budget = Parachain::connect(&network.node(&direction.receiving_node)?.rpc_url).await?.format().budget;
    println!(
        "{count} messages: {}; {}; a block takes in {budget:?}",
        figures("sent", &sent),
        figures("received", &received)
    );
    Ok(())
}

/// With each block of the sender as many as the window has room for beside those under way and those in the pool.
async fn send(network: &LocalNetwork, direction: &Direction, count: u32) -> Result<()> {
    let chain = direction.near(network).await?;
    let parachain = Parachain::connect(&network.node(&direction.sending_node)?.rpc_url).await?;
    let (spec_version, transaction_version) = chain.runtime_version().await?;
    let mut heads = rpc::best_heads(chain.client()).await?;
    let mut next = 1;
    while next <= count {
        let head = timeout(LIMIT, heads.next()).await.context("there is no new block of the sender")?;
        head.context("the node ended the subscription to new blocks")??;
        let channel = parachain.channel(direction.to.into(), None).await?.context("there is a channel")?;
        let handed_in = u64::from(next - 1);
        let taken = channel.messages_under_way() + handed_in.saturating_sub(channel.sent.count());
        let room = u64::from(channel.allowance.window.messages).saturating_sub(taken).min(HANDED_IN_AT_ONCE);
        let last = (next + u32::try_from(room)?).min(count + 1);
        for number in next..last {
            let terms =
                Terms { nonce: number - 1, genesis_hash: chain.genesis_hash(), spec_version, transaction_version };
            let extrinsic = ParachainRuntime::sign(&SENDER.pair(), direction.remark(number), &terms);
            chain.send(&extrinsic).await.with_context(|| format!("sending message {number}"))?;
        }
        next = last;
    }
    Ok(())
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
