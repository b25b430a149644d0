// SPDX-License-Identifier: GPL-3.0-only
//! Somebody hands in nonsense as fast as a node answers, while messages go on. Nothing of it enters a block, and what is valid
//! is not kept waiting.

use crate::xcmp::traffic::Direction;
use anyhow::{bail, ensure, Context, Result};
use codec::Encode;
use jsonrpsee::{
    core::client::{Subscription, SubscriptionClientT},
    rpc_params,
};
use rand::{rngs::StdRng, RngCore};
use serin_node::{
    network::{rpc, LocalNetwork},
    xcmp::{
        parachain::{Parachain, Submission},
        trace::{record::MessageRecord, Stream},
    },
};
use serin_parachain_runtime::{Hash, Header};
use serin_primitives::xcmp::{delivery::Payload, Delivery, MAX_MESSAGE_BYTES};
use std::{
    collections::HashSet,
    fs,
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

/// One in so many is a leaf that is proved, with long messages that are not: the dearest to find out.
const DEAR_ONE_IN: u32 = 10;
/// Together about a mebibyte. A leaf has to count as many that the receiver lacks, or nobody looks at them.
const DEAR_PAYLOADS: usize = 10;
/// How many messages are sent with each block, so that there is such a leaf.
const AT_ONCE: u32 = 12;
/// From the block in whose state its root is known to the one that has the delivery. Blocks count that were the best ones when
/// they came: where a session of the relay chain ends, the receiver's last blocks are made anew, on a branch on which nobody can
/// hand in anything until it overtakes.
const MOST_BLOCKS_TO_ENTER: usize = 2;
/// How far the sender's best block may be ahead of the one whose root is known.
const SEARCHED_BLOCKS: u32 = 32;

/// Watches the receiver over `blocks` of its blocks without and then with junk, with messages in both.
pub async fn keeps_nothing_out(
    network: &LocalNetwork,
    direction: &Direction,
    blocks: u32,
    rng: &mut StdRng,
) -> Result<()> {
    let mut tips = Tips::default();
    let sent = tokio::select! {
        sent = without_and_with_junk(network, direction, blocks, rng) => sent?,
        ended = tips.follow(network, &direction.receiving_node) => return ended,
    };
    enter_soon(network, direction, sent, &tips).await
}

/// Returns how many messages were sent.
async fn without_and_with_junk(
    network: &LocalNetwork,
    direction: &Direction,
    blocks: u32,
    rng: &mut StdRng,
) -> Result<u32> {
    let (sent, idle) = send_over(network, direction, 0, blocks).await?;
    direction.expect(network, sent).await?;

    let is_over = AtomicBool::new(false);
    let traffic = async {
        let outcome = send_over(network, direction, sent, blocks).await;
        is_over.store(true, Ordering::SeqCst);
        outcome
    };
    let (outcome, answers) = tokio::join!(traffic, flood(network, direction, &is_over, rng));
    let ((sent, loaded), answers) = (outcome?, answers?);
    let Junk { refused, dear } = answers;
    println!("{refused} deliveries of junk were refused, {dear} dear ones; without it {idle}; with it {loaded}");
    ensure!(dear > 0, "there was no dear junk among {refused}");
    direction.expect(network, sent).await?;
    Ok(sent)
}

/// The blocks of a node that were its best ones when they came.
#[derive(Default)]
struct Tips(HashSet<Hash>);

impl Tips {
    /// Until the node tells of no more, which is an error.
    async fn follow(&mut self, network: &LocalNetwork, node: &str) -> Result<()> {
        let client = network.rpc(node).await?;
        let mut heads: Subscription<Header> =
            client.subscribe("chain_subscribeNewHeads", rpc_params![], "chain_unsubscribeNewHeads").await?;
        while let Some(head) = heads.next().await {
            self.0.insert(head?.hash());
        }
        bail!("{node} ended the subscription to new blocks")
    }
}

/// How many deliveries were refused, and how many of them had to be hashed first.
#[derive(Debug, Default)]
struct Junk {
    refused: u32,
    dear: u32,
}

/// What the receiver's node did over some blocks.
struct Load {
    blocks: u32,
    seconds: f64,
    cpu_seconds: f64,
}

impl std::fmt::Display for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { blocks, seconds, cpu_seconds } = self;
        write!(f, "{blocks} blocks of {:.2} s, {cpu_seconds:.1} s of CPU", seconds / f64::from(*blocks))
    }
}

/// Sends messages after the first `sent` until the receiver has so many blocks more. Returns how many there are then.
async fn send_over(network: &LocalNetwork, direction: &Direction, sent: u32, blocks: u32) -> Result<(u32, Load)> {
    let node = &direction.receiving_node;
    let (begun, first, cpu) = (Instant::now(), network.best(node).await?, cpu_seconds(network, node)?);
    let mut sent = sent;
    loop {
        direction.send_by(network, sent + 1..=sent + AT_ONCE, AT_ONCE).await?;
        sent += AT_ONCE;
        let passed = network.best(node).await? - first;
        if passed >= blocks {
            let cpu_seconds = cpu_seconds(network, node)? - cpu;
            return Ok((sent, Load { blocks: passed, seconds: begun.elapsed().as_secs_f64(), cpu_seconds }));
        }
    }
}

/// One after the other, each as soon as the last one is answered. Fails when one is not refused.
async fn flood(network: &LocalNetwork, direction: &Direction, is_over: &AtomicBool, rng: &mut StdRng) -> Result<Junk> {
    let near = Parachain::connect(&network.node(&direction.sending_node)?.rpc_url).await?;
    let far = Parachain::connect(&network.node(&direction.receiving_node)?.rpc_url).await?;
    let mut answers = Junk::default();
    let mut template = proved(&near, &far).await?;
    while !is_over.load(Ordering::SeqCst) {
        let is_dear = answers.refused.is_multiple_of(DEAR_ONE_IN);
        if is_dear {
            // On a root that is still known.
            template = proved(&near, &far).await?;
        }
        let mut junk = template.clone();
        let payloads = if is_dear {
            vec![garbage(rng, usize::try_from(MAX_MESSAGE_BYTES)?)?; DEAR_PAYLOADS]
        } else {
            junk.root = Hash::from_low_u64_le(rng.next_u64());
            vec![garbage(rng, 32)?]
        };
        junk.payloads = payloads.try_into().map_err(|_| anyhow::anyhow!("too many payloads"))?;
        match far.submit(&junk, answers.refused).await? {
            Submission::Refused(reason) => {
                answers.refused += 1;
                // Only who has hashed the messages can say this.
                answers.dear += u32::from(reason == "WrongMessages");
            }
            other => bail!("junk was answered with {other:?}"),
        }
    }
    Ok(answers)
}

/// The sender's newest leaf on a root that the receiver knows, without messages.
async fn proved(near: &Parachain, far: &Parachain) -> Result<Delivery> {
    let best = near.best().await?;
    for number in (best.saturating_sub(SEARCHED_BLOCKS)..=best).rev() {
        let hash = near.hash_at(number).await?.context("the sender has the block")?;
        let Some(root) = near.root_at(&hash).await? else { continue };
        if far.knows_root(near.id, root).await? {
            let channel = near.channel(far.id, Some(&hash)).await?.context("there is a channel")?;
            let delivery = near.delivery(far.id, channel.sent.count(), 0, 0, &hash).await?;
            return delivery.context("the sender proves its leaf");
        }
    }
    bail!("the receiver knows no root of the last {SEARCHED_BLOCKS} blocks")
}

fn garbage(rng: &mut StdRng, bytes: usize) -> Result<Payload> {
    let mut garbage = vec![0; bytes];
    rng.fill_bytes(&mut garbage);
    Payload::try_from(garbage).map_err(|_| anyhow::anyhow!("too long for a message"))
}

/// Each message was received at most so many blocks after the first one that knew a root over it.
async fn enter_soon(network: &LocalNetwork, direction: &Direction, count: u32, tips: &Tips) -> Result<()> {
    let url = |node: &str| network.node(node).map(|node| node.rpc_url);
    let (relay, from, to) = (url(crate::FIRST)?, url(&direction.sending_node)?, url(&direction.receiving_node)?);
    let record = Stream::connect(&relay, &from, &to).await?.trace(count.into()).await?;
    let (mut most, mut most_of_all) = (0, 0);
    for message in &record.messages {
        let waited = waited_for(network, direction, message).await?;
        let blocks = waited.iter().filter(|hash| tips.0.contains(*hash)).count();
        ensure!(blocks <= MOST_BLOCKS_TO_ENTER, "{message:?} entered {blocks} blocks after its root: {waited:?}");
        most = most.max(blocks);
        most_of_all = most_of_all.max(waited.len());
    }
    let beside = format!("{most_of_all} with blocks that were made anew at the end of a session");
    println!("{count} messages entered at most {most} blocks after their roots, {beside}");
    ensure!(most > 0, "no block was told of among those that were waited for");
    Ok(())
}

/// The blocks that knew a root over the message and did not have it yet.
async fn waited_for(network: &LocalNetwork, direction: &Direction, message: &MessageRecord) -> Result<Vec<Hash>> {
    let included = message.included.as_ref().context("it was included")?;
    let received = message.received.as_ref().context("it was received")?;
    let hash_of = |text: &str| text.parse::<Hash>().map_err(|error| anyhow::anyhow!("{text}: {error}"));
    let client = network.rpc(&direction.receiving_node).await?;
    let arguments = (direction.from, hash_of(&included.root)?).encode();
    let mut waited = Vec::new();
    for number in (0..received.height).rev() {
        let hash =
            network.block_hash(&direction.receiving_node, number).await?.context("the receiver has the block")?;
        if !rpc::state_call::<bool>(&client, "XcmpApi_knows_root", &arguments, Some(&hash)).await? {
            break;
        }
        waited.push(hash_of(&hash)?);
    }
    Ok(waited)
}

/// Of the node since its start.
fn cpu_seconds(network: &LocalNetwork, node: &str) -> Result<f64> {
    let pid = network.node(node)?.pid.context("the node runs")?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // Behind the name, which may hold spaces: 12th and 13th are the ticks in user and in system mode.
    let (_, fields) = stat.rsplit_once(") ").context("stat has a name")?;
    let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
    // SAFETY: sysconf touches no memory.
    let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
    Ok(f64::from(ticks) / f64::from(u32::try_from(per_second)?))
}
