// SPDX-License-Identifier: GPL-3.0-only
//! What `serin xcmp trace` prints: a record for programs, and what people read of it.

use crate::demo::chain::BlockId;
use serde::{Deserialize, Serialize};
use std::fmt::{self, Display, Formatter};

/// How much of a hash people are shown.
const SHOWN_DIGITS: usize = 10;

/// One direction between two parachains, and the ways of its last messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamRecord {
    pub from: u32,
    pub to: u32,
    /// How many there are ever.
    pub sent: u64,
    pub received: u64,
    pub acknowledged: u64,
    pub messages: Vec<MessageRecord>,
}

/// The way of one message. What has not happened yet is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRecord {
    /// Its place in the stream, from 0 on.
    pub index: u64,
    /// That in the stream.
    pub hash: String,
    /// What the receiver's events call it.
    pub id: String,
    pub bytes: usize,
    /// The sender's block.
    pub sent: BlockRecord,
    pub included: Option<InclusionRecord>,
    /// The receiver's block.
    pub received: Option<BlockRecord>,
    pub executed: Option<ExecutionRecord>,
    /// The sender's block since which it knows.
    pub acknowledged: Option<BlockRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockRecord {
    pub height: u32,
    pub hash: String,
}

/// A root over the message in the relay chain's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InclusionRecord {
    /// The relay chain's block.
    pub block: BlockRecord,
    /// The sender's block whose header has the root: that of the message, or a later one in the same candidate.
    pub head: u32,
    pub root: String,
}

/// The receiver's block that ran it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionRecord {
    pub block: BlockRecord,
    pub success: bool,
}

impl From<BlockId> for BlockRecord {
    fn from(block: BlockId) -> Self {
        Self { height: block.number, hash: format!("{:?}", block.hash) }
    }
}

impl Display for StreamRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { from, to, sent, received, acknowledged, messages } = self;
        writeln!(f, "{from} -> {to}: {sent} sent, {received} received, {acknowledged} acknowledged")?;
        messages.iter().try_for_each(|message| write!(f, "{message}"))
    }
}

impl Display for MessageRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { index, hash, bytes, sent, included, received, executed, acknowledged, .. } = self;
        write!(f, "  {index}  {}, {bytes} bytes: sent in #{}", short(hash), sent.height)?;
        let Some(InclusionRecord { block, head, root }) = included else {
            return writeln!(f, ", waits for the relay chain");
        };
        write!(f, ", root {} of #{head} in relay block #{}", short(root), block.height)?;
        let Some(received) = received else { return writeln!(f, ", waits for a relayer") };
        write!(f, ", received in #{}", received.height)?;
        match executed {
            Some(ExecutionRecord { block, success: true }) => write!(f, ", run in #{}", block.height)?,
            Some(ExecutionRecord { block, success: false }) => write!(f, ", failed in #{}", block.height)?,
            None => write!(f, ", waits in the queue")?,
        }
        match acknowledged {
            Some(block) => writeln!(f, ", acknowledged in #{}", block.height),
            None => writeln!(f),
        }
    }
}

fn short(hash: &str) -> &str {
    hash.get(..SHOWN_DIGITS).unwrap_or(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(height: u32) -> BlockRecord {
        BlockRecord { height, hash: format!("{height:#066x}") }
    }

    fn message() -> MessageRecord {
        MessageRecord {
            index: 3,
            hash: block(0xabc).hash,
            id: block(0xdef).hash,
            bytes: 120,
            sent: block(41),
            included: Some(InclusionRecord { block: block(60), head: 42, root: block(7).hash }),
            received: Some(block(39)),
            executed: Some(ExecutionRecord { block: block(40), success: true }),
            acknowledged: None,
        }
    }

    #[test]
    fn a_way_is_a_line_with_its_heights() {
        let text = message().to_string();
        for part in ["120 bytes: sent in #41", "of #42 in relay block #60", "received in #39", "run in #40"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert_eq!(text.lines().count(), 1);
    }

    #[test]
    fn a_message_under_way_says_what_it_waits_for() {
        let waits = |message: MessageRecord| message.to_string();
        let at_relay = MessageRecord { included: None, received: None, executed: None, ..message() };
        assert!(waits(at_relay).contains("waits for the relay chain"));
        let for_relayer = MessageRecord { received: None, executed: None, ..message() };
        assert!(waits(for_relayer).contains("waits for a relayer"));
        assert!(waits(MessageRecord { executed: None, ..message() }).contains("waits in the queue"));
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let record =
            StreamRecord { from: 2_087, to: 2_100, sent: 4, received: 4, acknowledged: 3, messages: vec![message()] };
        let text = serde_json::to_string(&record).expect("serializes");
        assert_eq!(serde_json::from_str::<StreamRecord>(&text).expect("reads back"), record);
    }
}
