// SPDX-License-Identifier: GPL-3.0-only
//! `serin xcmp trace` tells each message's way, and what it tells is true.

use crate::{xcmp::traffic::Direction, FIRST, LIMIT};
use anyhow::{ensure, Context, Result};
use serin_node::{
    network::{rpc, LocalNetwork},
    xcmp::trace::record::{BlockRecord, MessageRecord, StreamRecord},
};
use serin_tests::process::{run_serin, Finished};
use tokio::{task::block_in_place, time::timeout};

/// What `pallet_xcm` sends by itself on each stream: it asks once for the other's XCM version, and answers once.
pub const VERSION_MESSAGES: u32 = 2;

/// The `count` messages of each direction, and what is sent beside them, have all of their way behind them.
pub async fn are_told(network: &LocalNetwork, directions: &[Direction], count: u32) -> Result<()> {
    let count = count + VERSION_MESSAGES;
    let records = timeout(LIMIT, acknowledged(network, count)).await.context("not all messages are acknowledged")??;
    ensure!(records.len() == directions.len(), "there are {} directions", records.len());
    for direction in directions {
        let record = records.iter().find(|record| (record.from, record.to) == (direction.from, direction.to));
        let record = record.with_context(|| format!("{} -> {} is not told of", direction.from, direction.to))?;
        let sent = u64::from(count);
        ensure!((record.sent, record.received) == (sent, sent), "{record:?}");
        let indices = record.messages.iter().map(|message| message.index);
        ensure!(indices.eq(0..sent), "{record:?}");
        for pair in record.messages.windows(2) {
            follow_each_other(&pair[0], &pair[1])?;
        }
        for message in &record.messages {
            is_complete(network, direction, message).await.with_context(|| format!("{message:?}"))?;
        }
    }
    println!("{}", command(network, &["--last", "3"]).expect_success().stdout);
    Ok(())
}

/// Looks again with each block of the relay chain, until the senders know that all has arrived.
async fn acknowledged(network: &LocalNetwork, count: u32) -> Result<Vec<StreamRecord>> {
    let client = network.rpc(FIRST).await?;
    let mut heads = rpc::best_heads(&client).await?;
    while let Some(head) = heads.next().await {
        head?;
        let finished = command(network, &["--last", &count.to_string(), "--json"]).expect_success();
        let records = finished.stdout.lines().map(serde_json::from_str).collect::<Result<Vec<StreamRecord>, _>>()?;
        if records.iter().all(|record| record.acknowledged == u64::from(count)) {
            return Ok(records);
        }
    }
    anyhow::bail!("the node ended the subscription to new blocks")
}

fn follow_each_other(one: &MessageRecord, next: &MessageRecord) -> Result<()> {
    let heights = |message: &MessageRecord| {
        let height = |block: &Option<BlockRecord>| block.as_ref().map(|block| block.height);
        [Some(message.sent.height), height(&message.received), message.executed.as_ref().map(|run| run.block.height)]
    };
    let in_order = heights(one).into_iter().zip(heights(next)).all(|(one, next)| one <= next);
    ensure!(in_order, "{one:?} is overtaken by {next:?}");
    Ok(())
}

/// Each step is there, after the one before it, in a block that its chain has.
async fn is_complete(network: &LocalNetwork, direction: &Direction, message: &MessageRecord) -> Result<()> {
    let included = message.included.as_ref().context("not included")?;
    let received = message.received.as_ref().context("not received")?;
    let executed = message.executed.as_ref().context("not run")?;
    let acknowledged = message.acknowledged.as_ref().context("not acknowledged")?;
    ensure!(included.head >= message.sent.height, "included before it was sent");
    ensure!(executed.success && executed.block.height >= received.height, "not run after it was received");
    ensure!(acknowledged.height > message.sent.height, "acknowledged before it was sent");

    let (near, far) = (direction.near(network).await?, direction.far(network).await?);
    for (chain, block) in [(&near, &message.sent), (&near, acknowledged), (&far, received), (&far, &executed.block)] {
        let found = chain.block_at(block.height).await?;
        ensure!(format!("{:?}", found.hash) == block.hash, "{block:?} is not {found:?}");
    }
    let relay = network.block_hash(FIRST, included.block.height).await?;
    ensure!(relay.as_ref() == Some(&included.block.hash), "{:?} is not {relay:?}", included.block);
    Ok(())
}

fn command(network: &LocalNetwork, arguments: &[&str]) -> Finished {
    let line = [&["xcmp", "trace", "--network", network.name()], arguments].concat();
    block_in_place(|| run_serin(line))
}
