// SPDX-License-Identifier: GPL-3.0-only
//! The way of each message: in which block its sender sent it, with which root the relay chain included that, in which block
//! its receiver took it in and ran it, and since when the sender knows. All of it is read from the states of three chains:
//! counts only rise, so that the block of each step is found by a search and no list has to be kept.
//!
//! The node of each chain must have the states of the blocks in question: any node has those of its last 256 blocks.

pub mod record;
mod search;

use super::{Error, Result};
use crate::demo::{
    self,
    chain::{BlockId, Chain},
    runtimes::{Note, Parachain, Relay},
};
use codec::{Decode, Encode};
use pallet_xcmp_channels::Channel;
use polkadot_primitives::{Hash, Id as ParaId};
use record::{BlockRecord, ExecutionRecord, InclusionRecord, MessageRecord, StreamRecord};
use search::first_block;
use serin_primitives::xcmp::{message_hash, Delivery, LatestRoot};
use sp_crypto_hashing::blake2_256;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use xcm::{
    latest::{Instruction, Xcm},
    VersionedXcm,
};

/// How many blocks after its arrival a message's run is looked for.
const RUN_WITHIN_BLOCKS: u32 = 64;

/// A parachain, and one of its channels at each block that was asked for.
struct End {
    id: ParaId,
    chain: Chain<Parachain>,
    known: Mutex<HashMap<Hash, Option<Channel>>>,
}

/// One direction between two parachains.
pub struct Stream {
    relay: Chain<Relay>,
    from: End,
    to: End,
}

/// A message as its sender has it, while it waits for the acknowledgement.
struct Message {
    hash: Hash,
    /// What the events of the receiver call it.
    id: Hash,
    bytes: usize,
}

impl Stream {
    /// Connects to a node of each of the three chains.
    pub async fn connect(relay: &str, from: &str, to: &str) -> Result<Self> {
        Ok(Self {
            relay: Chain::connect(&format!("the relay chain at {relay}"), relay).await?,
            from: End::connect("the sender", from).await?,
            to: End::connect("the receiver", to).await?,
        })
    }

    /// The ways of the last `count` messages.
    pub async fn trace(&self, count: u64) -> Result<StreamRecord> {
        let (near, far) = (self.from.newest(self.to.id).await?, self.to.newest(self.from.id).await?);
        let (Some(near), Some(far)) = (near, far) else {
            return Err(Error::NoChannel { from: self.from.id.into(), to: self.to.id.into() });
        };
        let sent = near.sent.count();
        let mut messages = Vec::new();
        for index in sent.saturating_sub(count)..sent {
            // None when a reorganisation has just taken it back.
            messages.extend(self.message(index).await?);
        }
        Ok(StreamRecord {
            from: self.from.id.into(),
            to: self.to.id.into(),
            sent,
            received: far.received.count(),
            acknowledged: near.acknowledged.count(),
            messages,
        })
    }

    async fn message(&self, index: u64) -> Result<Option<MessageRecord>> {
        let peer = self.to.id;
        let Some(sent) = self.from.first(peer, |channel| channel.sent.count() > index).await? else { return Ok(None) };
        let message = self.content(index, sent).await?;
        let received = self.to.first(self.from.id, |channel| channel.received.count() > index).await?;
        let executed = match received {
            Some(block) => self.execution(message.id, block).await?,
            None => None,
        };
        let acknowledged = self.from.first(peer, |channel| channel.acknowledged.count() > index).await?;
        Ok(Some(MessageRecord {
            index,
            hash: format!("{:?}", message.hash),
            id: format!("{:?}", message.id),
            bytes: message.bytes,
            sent: sent.into(),
            included: self.inclusion(sent).await?,
            received: received.map(BlockRecord::from),
            executed,
            acknowledged: acknowledged.map(BlockRecord::from),
        }))
    }

    /// The message itself, from the state of the block that sent it.
    async fn content(&self, index: u64, sent: BlockId) -> Result<Message> {
        let arguments = (self.to.id, index, 1_u32, u32::MAX).encode();
        let chain = &self.from.chain;
        let delivery = chain.call_at::<Option<Delivery>>("XcmpApi_delivery", &arguments, sent.hash).await?;
        let payload = delivery.and_then(|delivery| delivery.payloads.first().cloned());
        let payload = payload.ok_or_else(|| chain.answer("a delivery", format!("it is without message {index}")))?;
        Ok(Message { hash: message_hash(&payload), id: message_id(&payload), bytes: payload.len() })
    }

    /// The relay chain's block since which its state has a root over the message.
    async fn inclusion(&self, sent: BlockId) -> Result<Option<InclusionRecord>> {
        let id = self.from.id.encode();
        let latest = |block: BlockId| {
            let latest = self.relay.call_at::<Option<LatestRoot>>("XcmpApi_latest_root", &id, block.hash);
            async { Ok::<_, demo::Error>(latest.await?.filter(|latest| latest.number >= sent.number)) }
        };
        let found = first_block(&self.relay, |block| {
            let latest = latest(block);
            async { Ok(latest.await?.is_some()) }
        });
        let Some(block) = found.await? else { return Ok(None) };
        let record = |latest: LatestRoot| InclusionRecord {
            block: block.into(),
            head: latest.number,
            root: format!("{:?}", latest.root),
        };
        Ok(latest(block).await?.map(record))
    }

    /// The receiver's block that ran the message, and how that ended.
    async fn execution(&self, id: Hash, received: BlockId) -> Result<Option<ExecutionRecord>> {
        let chain = &self.to.chain;
        for number in received.number..received.number.saturating_add(RUN_WITHIN_BLOCKS) {
            let Some(block) = chain.block_at(number).await? else { break };
            let outcome = block.notes().find_map(|note| match note {
                Note::Processed { id: found, success } if found == id => Some(success),
                _ => None,
            });
            if let Some(success) = outcome {
                return Ok(Some(ExecutionRecord { block: block.id.into(), success }));
            }
        }
        Ok(None)
    }
}

impl End {
    async fn connect(name: &str, url: &str) -> Result<Self> {
        let parachain = super::parachain::Parachain::connect(url).await?;
        Ok(Self { id: parachain.id, chain: Chain::connect(name, url).await?, known: Mutex::default() })
    }

    async fn newest(&self, peer: ParaId) -> Result<Option<Channel>> {
        Ok(self.channel(peer, self.chain.best().await?).await?)
    }

    /// The first block after which `predicate` holds for the channel with `peer`.
    async fn first(&self, peer: ParaId, predicate: impl Fn(&Channel) -> bool) -> Result<Option<BlockId>> {
        let predicate = &predicate;
        let holds =
            |block| async move { Ok(self.channel(peer, block).await?.is_some_and(|channel| predicate(&channel))) };
        Ok(first_block(&self.chain, holds).await?)
    }

    async fn channel(&self, peer: ParaId, block: BlockId) -> demo::Result<Option<Channel>> {
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = known().get(&block.hash).cloned() {
            return Ok(channel);
        }
        let channel = self.chain.call_at::<Option<Channel>>("XcmpApi_channel", &peer.encode(), block.hash).await?;
        known().insert(block.hash, channel.clone());
        Ok(channel)
    }
}

/// What the message queue calls a message: by its topic, or else by its hash.
fn message_id(mut payload: &[u8]) -> Hash {
    let hash = blake2_256(payload).into();
    let xcm = VersionedXcm::<()>::decode(&mut payload).ok().and_then(|xcm| Xcm::<()>::try_from(xcm).ok());
    match xcm.as_ref().and_then(|xcm| xcm.last()) {
        Some(Instruction::SetTopic(topic)) => topic.into(),
        _ => hash,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_called_by_its_topic_if_it_has_one() {
        let encode = |instructions| VersionedXcm::from(Xcm::<()>(instructions)).encode();
        let with_topic = encode(vec![Instruction::ClearOrigin, Instruction::SetTopic([7; 32])]);
        assert_eq!(message_id(&with_topic), Hash::repeat_byte(7));
        let without = encode(vec![Instruction::ClearOrigin]);
        assert_eq!(message_id(&without), Hash::from(blake2_256(&without)));
        assert_eq!(message_id(b"junk"), Hash::from(blake2_256(b"junk")));
    }
}
