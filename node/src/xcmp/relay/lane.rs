// SPDX-License-Identifier: GPL-3.0-only
//! One direction between two parachains. With each new block of the receiver: what it still misses, the newest block of the
//! sender whose root it knows, the delivery built on that, and off it goes.

use super::{endpoint::Endpoint, metrics::LaneMetrics, pause::Pause, Never};
use crate::{
    demo::Narrator,
    xcmp::{
        parachain::{Parachain, Submission},
        Error, Result,
    },
};
use pallet_xcmp_channels::{Allowance, Channel};
use polkadot_primitives::Id as ParaId;
use serin_primitives::xcmp::{Acceptance, Delivery, PeerLeaf, MAX_DELIVERED_MESSAGES};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;

/// How far behind the sender's best block the one may be whose root the receiver knows. It is as far as the relay chain's
/// inclusion, some blocks; with so many, a parachain that was not included for long is waited for.
const SEARCHED_BLOCKS: u32 = 64;
/// In so many blocks of the receiver a delivery should be in one of them.
const PATIENCE: u32 = 4;
/// A node tells of a block a moment before its pool looks at transactions by that block's state.
const POOL_DELAY: Duration = Duration::from_millis(500);
/// After refusals in a row 1, 2, 4, ... blocks are let pass, up to 2 to the power of this.
const LONGEST_PAUSE_LOG2: u32 = 5;
/// After so many in a row the receiver's runtime may be another one than was seen at first.
const REFUSALS_TO_LOOK_AGAIN: u32 = 3;

/// One direction.
pub struct Lane {
    from: ParaId,
    to: ParaId,
    sender: Arc<Endpoint>,
    receiver: Arc<Endpoint>,
    narrator: Arc<Narrator>,
    metrics: LaneMetrics,
    course: Course,
    /// The receiver's best block that was looked at last.
    tip: Option<BlockId>,
    /// What was told last: the same trouble is told once.
    trouble: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct BlockId {
    number: u32,
    hash: String,
}

impl Lane {
    pub fn new(
        (from, sender): (ParaId, Arc<Endpoint>),
        (to, receiver): (ParaId, Arc<Endpoint>),
        narrator: Arc<Narrator>,
        metrics: LaneMetrics,
    ) -> Self {
        Self { from, to, sender, receiver, narrator, metrics, course: Course::default(), tip: None, trouble: None }
    }

    pub async fn run(mut self) -> Never {
        let mut pause = Pause::default();
        loop {
            if let Err(error) = self.follow(&mut pause).await {
                self.metrics.connected.set(0);
                self.tell_trouble(&error.to_string());
            }
            pause.take().await;
        }
    }

    /// Follows the receiver's blocks until a node is gone, or a look at its runtime is due.
    async fn follow(&mut self, pause: &mut Pause) -> Result<()> {
        let (sender, receiver) = (self.sender.connect().await?, self.receiver.connect().await?);
        let mut heads = receiver.best_heads().await?;
        while let Some(head) = heads.next().await {
            let now = head.map_err(|error| Error::Rpc { url: receiver.url.clone(), source: error.into() })?.number;
            self.step(&sender, &receiver, now).await?;
            self.metrics.connected.set(1);
            *pause = Pause::default();
            if self.course.take_doubts() {
                self.receiver.forget().await;
                return Ok(());
            }
        }
        Err(Error::HeadsEnded { url: receiver.url.clone() })
    }

    /// Does what is due in the receiver's block `now`.
    async fn step(&mut self, sender: &Parachain, receiver: &Parachain, now: u32) -> Result<()> {
        let channels = (sender.channel(self.to, None).await?, receiver.channel(self.from, None).await?);
        let (Some(near), Some(far)) = channels else {
            self.tell_trouble(&Error::NoChannel { from: self.from.into(), to: self.to.into() }.to_string());
            return Ok(());
        };
        self.note_progress(&near, &far);
        if self.has_turned(receiver, now).await? {
            self.course.begin_anew();
        }
        if !is_wanted(&near.leaf(self.to), &far) || !self.course.is_due(now) {
            return Ok(());
        }
        // None as long as the relay chain has not included it, or the receiver has not seen that.
        let Some(block) = self.provable_block(sender, receiver).await? else { return Ok(()) };
        let messages = receiver.format().budget.messages.min(MAX_DELIVERED_MESSAGES);
        let messages = if far.acceptance == Acceptance::Accepting { messages } else { 0 };
        let had_success = self.course.refusals == 0;
        let mut refusal = self.deliver(sender, receiver, (&far, now), &block, messages).await?;
        if refusal.is_some() && had_success {
            sleep(POOL_DELAY).await;
            refusal = self.deliver(sender, receiver, (&far, now), &block, messages).await?;
        }
        let Some(refusal) = refusal else { return Ok(()) };
        self.tell_trouble(&refusal);
        if messages > 0 {
            // Whatever keeps the messages out, what is said of the other direction may still come in.
            self.deliver(sender, receiver, (&far, now), &block, 0).await?;
        }
        Ok(())
    }

    /// Hands in at most so many messages. If they are refused, it returns what was, and why.
    async fn deliver(
        &mut self,
        sender: &Parachain,
        receiver: &Parachain,
        (far, now): (&Channel, u32),
        block: &BlockId,
        messages: u32,
    ) -> Result<Option<String>> {
        let next = far.received.count();
        let bytes = receiver.format().budget.bytes;
        let delivery = sender.delivery(self.to, next, messages, bytes, &block.hash).await?;
        let Some(delivery) = delivery.filter(|delivery| is_useful(delivery, far)) else { return Ok(None) };
        let what = describe(&delivery, next);
        match receiver.submit(&delivery, self.course.attempts).await? {
            Submission::Taken => {
                self.metrics.submitted.inc();
                self.tell(&format!("{what} handed in, by the root of block {}", block.number));
                self.course.wait(now);
            }
            Submission::Known => self.course.wait(now),
            Submission::Refused(reason) => {
                self.metrics.refused.inc();
                self.course.note_refusal(now);
                return Ok(Some(format!("{what} refused: {reason}")));
            }
        }
        Ok(None)
    }

    /// Whether the receiver's chain has gone back behind the block looked at last, as it does about once in a session of the
    /// relay chain. What was handed in on that block may be lost: where a pool finds it invalid it does not look at it again.
    async fn has_turned(&mut self, receiver: &Parachain, now: u32) -> Result<bool> {
        let tip = receiver.hash_at(now).await?.map(|hash| BlockId { number: now, hash });
        let Some(before) = std::mem::replace(&mut self.tip, tip) else { return Ok(false) };
        Ok(receiver.hash_at(before.number).await?.is_none_or(|hash| hash != before.hash))
    }

    /// The sender's newest block whose root the receiver knows.
    async fn provable_block(&self, sender: &Parachain, receiver: &Parachain) -> Result<Option<BlockId>> {
        let best = sender.best().await?;
        let mut last = None;
        for number in (best.saturating_sub(SEARCHED_BLOCKS)..=best).rev() {
            let Some(hash) = sender.hash_at(number).await? else { continue };
            let root = sender.root_at(&hash).await?;
            let Some(root) = root.filter(|_| root != last) else { continue };
            if receiver.knows_root(self.from, root).await? {
                return Ok(Some(BlockId { number, hash }));
            }
            last = Some(root);
        }
        Ok(None)
    }

    /// Notes what has become of earlier deliveries.
    fn note_progress(&mut self, near: &Channel, far: &Channel) {
        let (sent, received) = (near.sent.count(), far.received.count());
        // An instant apart, and of two chains: the difference may be negative for a moment.
        self.metrics.waiting.set(sent.saturating_sub(received));
        let progress = Progress { received, acknowledged: far.acknowledged.count(), allowance: far.allowance };
        if let Some(before) = self.course.note(progress) {
            let arrived = received.saturating_sub(before.received);
            self.metrics.received.inc_by(arrived);
            self.trouble = None;
            if arrived > 0 {
                self.tell(&format!("{received} received, {arrived} more, of {sent} sent"));
            }
        }
    }

    fn tell(&self, text: &str) {
        self.narrator.tell(&format!("{} -> {}: {text}", self.from, self.to));
    }

    fn tell_trouble(&mut self, trouble: &str) {
        if self.trouble.as_deref() != Some(trouble) {
            self.tell(trouble);
            self.trouble = Some(trouble.to_owned());
        }
    }
}

/// What a delivery would change at the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Progress {
    received: u64,
    acknowledged: u64,
    allowance: Allowance,
}

/// When the next delivery is due.
#[derive(Debug, Default)]
struct Course {
    progress: Option<Progress>,
    /// The block from which on something is to be done.
    due: u32,
    /// In a row.
    refusals: u32,
    /// Sets transactions with the same delivery apart: another one after each that was handed in.
    attempts: u32,
    /// Whether the receiver's runtime has to be looked at again.
    has_doubts: bool,
}

impl Course {
    fn is_due(&self, now: u32) -> bool {
        now >= self.due
    }

    /// Whatever is in the pool counts no longer.
    fn begin_anew(&mut self) {
        self.due = 0;
    }

    /// Returns what there was before, if it is another now: whatever was waited for has come.
    fn note(&mut self, progress: Progress) -> Option<Progress> {
        let before = self.progress.replace(progress).filter(|before| *before != progress)?;
        (self.due, self.refusals) = (0, 0);
        Some(before)
    }

    /// Something is in the pool. When it is not in a block after that time, another transaction has to take its place.
    fn wait(&mut self, now: u32) {
        self.due = now.saturating_add(PATIENCE);
        self.attempts = self.attempts.wrapping_add(1);
    }

    fn note_refusal(&mut self, now: u32) {
        self.due = now.saturating_add(1 << self.refusals.min(LONGEST_PAUSE_LOG2));
        self.refusals = self.refusals.saturating_add(1);
        self.attempts = self.attempts.wrapping_add(1);
        self.has_doubts |= self.refusals == REFUSALS_TO_LOOK_AGAIN;
    }

    fn take_doubts(&mut self) -> bool {
        std::mem::take(&mut self.has_doubts)
    }
}

/// Whether the sender has something for the receiver, as far as its best block says.
fn is_wanted(leaf: &PeerLeaf, far: &Channel) -> bool {
    leaf.sent_count > far.received.count() || says_news(leaf, far)
}

/// Whether the receiver would have anything of it.
fn is_useful(delivery: &Delivery, far: &Channel) -> bool {
    !delivery.payloads.is_empty() || says_news(&delivery.leaf, far)
}

/// Whether a leaf says something of the other direction that the receiver has not heard.
fn says_news(leaf: &PeerLeaf, far: &Channel) -> bool {
    let allowance = Allowance { acceptance: leaf.acceptance, window: leaf.window };
    leaf.received_count > far.acknowledged.count() || allowance != far.allowance
}

fn describe(delivery: &Delivery, next: u64) -> String {
    match delivery.payloads.len() {
        0 => format!("the acknowledgement of {}", delivery.leaf.received_count),
        1 => format!("message {next}"),
        count => format!("{count} messages from {next} on"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serin_primitives::xcmp::Window;

    const OPEN: Allowance =
        Allowance { acceptance: Acceptance::Accepting, window: Window { messages: 10, bytes: 1_000 } };

    fn progress(received: u64) -> Progress {
        Progress { received, acknowledged: 0, allowance: OPEN }
    }

    #[test]
    fn a_delivery_is_waited_for_until_it_is_in_a_block_or_takes_too_long() {
        let mut course = Course::default();
        assert_eq!(course.note(progress(3)), None, "the first look has nothing to compare with");
        assert!(course.is_due(100));
        course.wait(100);
        assert!(!course.is_due(100 + PATIENCE - 1));
        assert!(course.is_due(100 + PATIENCE));
        assert_eq!(course.note(progress(3)), None);
        assert!(!course.is_due(101));
        assert_eq!(course.note(progress(5)), Some(progress(3)));
        assert!(course.is_due(101), "it is in a block, and the next one can follow");
    }

    #[test]
    fn a_delivery_that_was_lost_with_its_block_is_handed_in_at_once_as_another_transaction() {
        let mut course = Course::default();
        course.note(progress(3));
        let handed_in = course.attempts;
        course.wait(100);
        assert!(!course.is_due(101));
        course.begin_anew();
        assert!(course.is_due(101));
        assert_ne!(course.attempts, handed_in, "a pool knows the first one");
    }

    #[test]
    fn refusals_in_a_row_are_followed_by_longer_pauses_up_to_a_bound() {
        let mut course = Course::default();
        let pauses = (0..7).map(|_| {
            course.note_refusal(100);
            course.due - 100
        });
        assert_eq!(pauses.collect::<Vec<_>>(), [1, 2, 4, 8, 16, 32, 32]);
        assert!(course.take_doubts());
        assert!(!course.take_doubts(), "one look is enough");
        course.note(progress(0));
        course.note(progress(1));
        assert_eq!((course.refusals, course.due), (0, 0));
    }

    #[test]
    fn a_leaf_is_of_use_when_it_has_messages_or_news() {
        let near = Channel { acceptance: OPEN.acceptance, window: OPEN.window, ..Channel::default() };
        let heard = Channel { allowance: OPEN, ..Channel::default() };
        let leaf = near.leaf(2_100.into());
        assert!(is_wanted(&leaf, &Channel::default()), "nobody told it what it may send");
        assert!(!is_wanted(&leaf, &heard));
        assert!(is_wanted(&PeerLeaf { sent_count: 1, ..leaf.clone() }, &heard));
        assert!(is_wanted(&PeerLeaf { received_count: 1, ..leaf }, &heard));
    }
}
