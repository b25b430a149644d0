// SPDX-License-Identifier: GPL-3.0-only
//! How long messages are under way by HRMP and by XCMP: on one network, between the same two parachains, under the same load,
//! which is one message with each block of the sender. Of every message there are the relay blocks and the time from the
//! sender's block to the one of the receiver that runs it, each counted as of its relay parent, and how many blocks the
//! receiver let pass.
//!
//! By HRMP a receiver reads messages from the relay chain's state, in its first block on a relay block that has them. By XCMP
//! that block tells it the root, and a later one takes in what a relayer brings: one block of the receiver more, at best.

use crate::{
    xcmp::{switch, traffic::Direction},
    FIRST,
};
use anyhow::{ensure, Context, Result};
use codec::Decode;
use cumulus_pallet_parachain_system::LastRelayChainBlockNumber;
use polkadot_runtime_parachains::inclusion;
use serin_node::{
    demo::runtimes::{Note, Parachain},
    network::LocalNetwork,
    xcmp::trace::Stream,
};
use serin_parachain_runtime::{Hash, Header, Runtime};
use serin_runtime::RuntimeEvent;
use serin_tests::{
    chain::{BlockId, Chain},
    summary::Summary,
};
use std::{
    fmt::{self, Display},
    ops::RangeInclusive,
};

/// By how many more of the receiver's blocks XCMP may be behind HRMP: the one that it has to be, and those in which the relayer
/// expects its delivery to be taken in.
const BLOCKS_BEHIND: u64 = 1 + 4;

/// Sends `share` messages by HRMP, whose channels are open at first, and then as many by XCMP.
pub async fn is_compared(network: &LocalNetwork, direction: &Direction, share: u32) -> Result<()> {
    let by_hrmp = carry(network, direction, 1..=share).await.context("by HRMP")?;
    ensure!(switch::sent_by_xcmp(network, direction).await? == 0, "a message went by XCMP beside an open HRMP channel");
    let hrmp = Latency::told("HRMP", &by_hrmp);

    switch::close_hrmp(network, &Chain::connect(&network.node(FIRST)?.rpc_url).await?).await?;
    let by_xcmp = carry(network, direction, share + 1..=2 * share).await.context("by XCMP")?;
    trace_agrees(network, direction, &by_xcmp).await?;
    let xcmp = Latency::told("XCMP", &by_xcmp);

    ensure!(xcmp.passed.median > hrmp.passed.median, "XCMP is not behind HRMP");
    ensure!(xcmp.passed.median <= hrmp.passed.median + BLOCKS_BEHIND, "XCMP is further behind HRMP than it should be");
    ensure!(xcmp.relay_blocks.median >= hrmp.relay_blocks.median, "XCMP is faster than HRMP");
    Ok(())
}

/// A message's way.
struct Way {
    /// What the events of both chains call it.
    id: Hash,
    sent: Step,
    /// The relay chain's block that includes the sender's.
    included: u32,
    run: Step,
    /// The relay chain's block that includes the receiver's.
    run_included: u32,
    /// How many blocks of the receiver on relay blocks that have the message come before the one that runs it.
    passed: u32,
}

/// A block of a parachain.
#[derive(Clone, Copy)]
struct Step {
    number: u32,
    relay_parent: u32,
    /// In milliseconds, by the clock in its state.
    time: u64,
}

/// The ways of some messages taken together.
struct Latency {
    relay_blocks: Summary,
    passed: Summary,
}

impl Way {
    fn relay_blocks(&self) -> u32 {
        self.run.relay_parent - self.sent.relay_parent
    }

    fn millis(&self) -> u64 {
        self.run.time - self.sent.time
    }

    fn relay_blocks_included(&self) -> u32 {
        self.run_included - self.sent.relay_parent
    }
}

impl Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sent, included, run, run_included, passed, .. } = self;
        write!(
            f,
            "sent in #{} on relay block {}, included in {included}, run in #{} on relay block {}, included in \
             {run_included}: {} relay blocks, {} ms, {passed} blocks passed",
            sent.number,
            sent.relay_parent,
            run.number,
            run.relay_parent,
            self.relay_blocks(),
            self.millis(),
        )
    }
}

impl Latency {
    fn told(transport: &str, ways: &[Way]) -> Self {
        for (number, way) in (1..).zip(ways) {
            println!("{transport} {number}: {way}");
        }
        let all = |unit, measure: fn(&Way) -> u64| Summary::of(ways.iter().map(measure).collect(), unit);
        let relay_blocks = all("relay blocks", |way| way.relay_blocks().into());
        let included = all("relay blocks", |way| way.relay_blocks_included().into());
        let time = all("ms", Way::millis);
        let passed = all("blocks", |way| way.passed.into());
        println!(
            "{transport}: from the sender's block to the receiver's that runs the message: {relay_blocks}; {time}"
        );
        println!("{transport}: from the sender's block to the inclusion of the receiver's: {included}");
        println!("{transport}: passed by the receiver since the relay chain had included the message: {passed}");
        Self { relay_blocks, passed }
    }
}

/// Sends the messages of these numbers, one with each block, and tells their ways when all have arrived. All before them
/// have.
async fn carry(network: &LocalNetwork, direction: &Direction, numbers: RangeInclusive<u32>) -> Result<Vec<Way>> {
    let (near, far) = (direction.near(network).await?, direction.far(network).await?);
    let relay = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    let before = (near.finalized().await?, far.finalized().await?, relay.finalized().await?);
    direction.send_by(network, numbers.clone(), 1).await?;
    direction.expect(network, *numbers.end()).await?;

    let sent = ids(&near, before.0, |note| if let Note::Sent(id) = note { Some(id) } else { None }).await?;
    let run = |note| if let Note::Processed { id, success: true } = note { Some(id) } else { None };
    let run = ids(&far, before.1, run).await?;
    ensure!(sent.len() == numbers.count(), "{} messages were sent", sent.len());
    let inclusions = Inclusions::since(&relay, before.2).await?;
    let mut ways = Vec::new();
    for (sender_block, id) in sent {
        let found = run.iter().find(|(_, found)| *found == id);
        let (receiver_block, _) = found.with_context(|| format!("{id:?} was not run"))?;
        let (sent, run) = (step(&near, sender_block).await?, step(&far, *receiver_block).await?);
        let included = inclusions.of(direction.from, sent.number)?;
        ensure!(run.relay_parent >= included, "{id:?} was run before the relay chain had included it");
        let run_included = inclusions.of(direction.to, run.number)?;
        let passed = passed(&far, run, included).await?;
        ways.push(Way { id, sent, included, run, run_included, passed });
    }
    Ok(ways)
}

/// The messages that `pick` finds in the notes of finalized blocks after `before`.
async fn ids(
    chain: &Chain<Parachain>,
    before: BlockId,
    pick: impl Fn(Note) -> Option<Hash>,
) -> Result<Vec<(BlockId, Hash)>> {
    let mut found = Vec::new();
    for number in before.number + 1..=chain.finalized().await?.number {
        let block = chain.content(number).await?;
        found.extend(block.notes().filter_map(&pick).map(|id| (block.id, id)));
    }
    Ok(found)
}

async fn step(chain: &Chain<Parachain>, block: BlockId) -> Result<Step> {
    let relay_parent = chain.read(&LastRelayChainBlockNumber::<Runtime>::hashed_key(), block.hash).await?;
    let time = chain.read(&pallet_timestamp::Now::<Runtime>::hashed_key(), block.hash).await?;
    let nothing = || format!("there is no relay parent or time in {block:?}");
    let (relay_parent, time) = relay_parent.zip(time).with_context(nothing)?;
    Ok(Step { number: block.number, relay_parent, time })
}

/// How many blocks on the relay block `included` or later come before `run`.
async fn passed(far: &Chain<Parachain>, run: Step, included: u32) -> Result<u32> {
    let mut first = run;
    loop {
        let before = step(far, far.block_at(first.number - 1).await?).await?;
        if before.relay_parent < included {
            return Ok(run.number - first.number);
        }
        first = before;
    }
}

/// Which block of which parachain each block of the relay chain includes.
struct Inclusions(Vec<Inclusion>);

struct Inclusion {
    para: u32,
    head: u32,
    relay_block: u32,
}

impl Inclusions {
    /// Of the finalized blocks after `before`.
    async fn since(relay: &Chain, before: BlockId) -> Result<Self> {
        let mut all = Vec::new();
        let blocks = before.number + 1..=relay.finalized().await?.number;
        for (relay_block, event) in relay.events_of(blocks).await? {
            if let RuntimeEvent::ParaInclusion(inclusion::Event::CandidateIncluded(receipt, head, ..)) = event {
                let head = Header::decode(&mut head.0.as_slice())?.number;
                all.push(Inclusion { para: receipt.descriptor.para_id().into(), head, relay_block });
            }
        }
        Ok(Self(all))
    }

    /// The first relay block whose state has that block of the parachain, or a later one in the same candidate.
    fn of(&self, para: u32, number: u32) -> Result<u32> {
        let first = self.0.iter().find(|inclusion| inclusion.para == para && inclusion.head >= number);
        let first = first.with_context(|| format!("no finalized relay block includes #{number} of {para}"))?;
        Ok(first.relay_block)
    }
}

/// `serin xcmp trace` finds the same blocks, by a search in the states of the three chains.
async fn trace_agrees(network: &LocalNetwork, direction: &Direction, ways: &[Way]) -> Result<()> {
    let url = |node: &str| Ok::<_, anyhow::Error>(network.node(node)?.rpc_url);
    let (relay, from, to) = (url(FIRST)?, url(&direction.sending_node)?, url(&direction.receiving_node)?);
    let stream = Stream::connect(&relay, &from, &to).await?;
    let record = stream.trace(u64::try_from(ways.len())?).await?;
    let traced = record.messages.iter().map(|message| {
        let included = message.included.as_ref().map(|included| included.block.height);
        let run = message.executed.as_ref().map(|run| run.block.height);
        (message.id.clone(), message.sent.height, included, run)
    });
    let told =
        ways.iter().map(|way| (format!("{:?}", way.id), way.sent.number, Some(way.included), Some(way.run.number)));
    ensure!(traced.eq(told), "the trace tells otherwise: {record:?}");
    Ok(())
}
