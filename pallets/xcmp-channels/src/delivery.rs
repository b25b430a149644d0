// SPDX-License-Identifier: GPL-3.0-only
//! Taking in what a sibling sent.

use crate::{
    Allowance, BlockUse, Channel, Channels, Config, Error, Event, KnownRoots, MessageRecord, Messages, Pallet, Records,
    Used, WeightInfo,
};
use alloc::{vec, vec::Vec};
use codec::Encode;
use cumulus_primitives_core::ParaId;
use frame_support::{
    dispatch::DispatchResultWithPostInfo,
    ensure,
    pallet_prelude::{InvalidTransaction, TransactionSource, TransactionValidityError, ValidTransaction},
    traits::{Defensive, EnqueueMessage, Get, QueueFootprintQuery},
    weights::Weight,
    BoundedSlice,
};
use serin_primitives::xcmp::{
    delivery::Payload, Acceptance, Delivery, Frontier, PeerLeaf, Rejection, MAX_DELIVERED_MESSAGES,
};
use sp_runtime::SaturatedConversion;

/// For how many blocks a delivery may wait: its root is not known for longer.
const LONGEVITY_BLOCKS: u64 = crate::roots::KNOWN_ROOTS;

/// A delivery in which nothing is wrong, and what it leads to.
struct Checked {
    channel: Channel,
    /// After its last message.
    received: Frontier,
    /// When its root was seen.
    observed: u64,
    /// What the block has taken in then.
    used: BlockUse,
}

impl<T: Config> Pallet<T> {
    /// Whether a delivery may enter the pool, or a block. The same checks again are the first thing that `deliver`
    /// does.
    pub(crate) fn authorize_delivery(
        _source: TransactionSource,
        delivery: &Delivery,
    ) -> Result<(ValidTransaction, Weight), TransactionValidityError> {
        let checked = Self::check(delivery).map_err(invalid)?;
        let start = checked.channel.received.count();
        let validity = ValidTransaction {
            // More messages first: nobody keeps a channel slow with deliveries of one message.
            priority: delivery.payloads.len().saturated_into(),
            requires: vec![],
            provides: vec![("xcmp", delivery.sender, start).encode()],
            longevity: LONGEVITY_BLOCKS,
            propagate: true,
        };
        Ok((validity, Weight::default()))
    }

    pub(crate) fn do_deliver(delivery: Delivery) -> DispatchResultWithPostInfo {
        let Checked { mut channel, received, observed, used } = Self::check(&delivery)?;
        let sender = delivery.sender;
        let messages = delivery.payloads.len().saturated_into();
        if messages > 0 {
            Used::<T>::put(used);
            Self::enqueue(sender, &delivery.payloads);
            Self::deposit_event(Event::Received { sender, messages, count: received.count() });
            channel.received = received;
        }
        let acknowledged = Self::hear(&mut channel, &delivery.leaf, sender, observed)?;
        Self::store(sender, channel);
        Ok(Some(Self::weight_of(&delivery, acknowledged)).into())
    }

    /// Everything that must be right, the cheap before the dear. Changes nothing.
    fn check(delivery: &Delivery) -> Result<Checked, Error<T>> {
        let sender = delivery.sender;
        let channel = Channels::<T>::get(sender).ok_or(Error::NoChannel)?;
        let used = Self::check_room(&channel, delivery)?;
        let observed = KnownRoots::<T>::get(sender, delivery.root).ok_or(Error::UnknownRoot)?;
        ensure!(delivery.leaf.received_count <= channel.sent.count(), Error::AcknowledgedUnsent);
        ensure!(!delivery.payloads.is_empty() || says_news(&channel, &delivery.leaf, observed), Error::NothingNew);
        let received = delivery.verify(T::SelfParaId::get(), &channel.received).map_err(refusal)?;
        Ok(Checked { channel, received, observed, used })
    }

    /// Whether messages can be taken in now. Without messages there is always room.
    fn check_room(channel: &Channel, delivery: &Delivery) -> Result<BlockUse, Error<T>> {
        let before = Used::<T>::get();
        if delivery.payloads.is_empty() {
            return Ok(before);
        }
        ensure!(channel.acceptance == Acceptance::Accepting, Error::NotAccepting);
        let used = before.and(delivery.payloads.len().saturated_into(), delivery.payload_bytes());
        ensure!(used.fits(T::BlockBudget::get()), Error::BudgetSpent);
        ensure!(T::Queue::footprint(delivery.sender).pages < T::MaxQueuePages::get(), Error::QueueFull);
        ensure!(T::HrmpQueue::footprint(delivery.sender).ready_pages == 0, Error::HrmpFirst);
        Ok(used)
    }

    fn enqueue(sender: ParaId, payloads: &[Payload]) {
        let messages = payloads.iter().filter_map(|payload| {
            let message = BoundedSlice::try_from(payload.as_slice());
            message.defensive_proof("integrity_test: the queue takes the longest message").ok()
        });
        <T::Queue as EnqueueMessage<ParaId>>::enqueue_messages(messages, sender);
    }

    /// Takes what the leaf says of the other direction. Returns how many messages were removed.
    fn hear(channel: &mut Channel, leaf: &PeerLeaf, peer: ParaId, observed: u64) -> Result<u32, Error<T>> {
        if observed < channel.heard_at {
            // Of an older block than what was heard last.
            return Ok(0);
        }
        channel.heard_at = observed;
        let allowance = Allowance { acceptance: leaf.acceptance, window: leaf.window };
        if channel.allowance != allowance {
            channel.allowance = allowance;
            let Allowance { acceptance, window } = allowance;
            Self::deposit_event(Event::AllowanceChanged { peer, acceptance, window });
        }
        Self::acknowledge(channel, peer, leaf.received_count)
    }

    /// Removes messages that the peer has, at most as many as one delivery pays for.
    fn acknowledge(channel: &mut Channel, peer: ParaId, count: u64) -> Result<u32, Error<T>> {
        let from = channel.acknowledged.count();
        let limit = from.saturating_add(T::MaxAcknowledgedPerDelivery::get().into());
        let to = count.min(limit);
        if to <= from {
            return Ok(0);
        }
        let records: Vec<_> = (from..to).filter_map(|index| Self::remove_message(peer, index)).collect();
        let hashes: Vec<_> = records.iter().map(|record| record.hash).collect();
        let bytes = records.iter().fold(0, |sum, record| u32::saturating_add(sum, record.bytes));
        channel.acknowledged = channel.acknowledged.append(&hashes).map_err(|_| Error::AcknowledgedUnsent)?;
        // The sum of the same lengths.
        channel.bytes_under_way = channel.bytes_under_way.saturating_sub(bytes);
        Self::deposit_event(Event::Acknowledged { peer, count: to });
        Ok(hashes.len().saturated_into())
    }

    /// Removes a message without reading it.
    pub(crate) fn remove_message(peer: ParaId, index: u64) -> Option<MessageRecord> {
        Messages::<T>::remove(peer, index);
        Records::<T>::take(peer, index).defensive_proof("I3: each message that is not acknowledged has a record")
    }

    pub(crate) fn weight_of_delivery(delivery: &Delivery) -> Weight {
        Self::weight_of(delivery, T::MaxAcknowledgedPerDelivery::get())
    }

    pub(crate) fn weight_of_check(delivery: &Delivery) -> Weight {
        T::WeightInfo::check_delivery(messages_of(delivery), delivery.payload_bytes())
    }

    fn weight_of(delivery: &Delivery, acknowledged: u32) -> Weight {
        T::WeightInfo::deliver(messages_of(delivery), delivery.payload_bytes(), acknowledged)
    }
}

/// Whether a leaf says something of the other direction that was not heard yet.
fn says_news(channel: &Channel, leaf: &PeerLeaf, observed: u64) -> bool {
    let is_current = observed >= channel.heard_at;
    let changes_allowance = channel.allowance.acceptance != leaf.acceptance || channel.allowance.window != leaf.window;
    is_current && (changes_allowance || leaf.received_count > channel.acknowledged.count())
}

fn messages_of(delivery: &Delivery) -> u32 {
    // The bound of the list.
    delivery.payloads.len().saturated_into::<u32>().min(MAX_DELIVERED_MESSAGES)
}

fn refusal<T>(rejection: Rejection) -> Error<T> {
    match rejection {
        Rejection::WrongPeer => Error::WrongPeer,
        Rejection::NotCommitted => Error::NotCommitted,
        Rejection::BeyondCount => Error::BeyondCount,
        Rejection::WrongMessages => Error::WrongMessages,
    }
}

/// What passes by itself makes the author of a block try again later; anything else is thrown away.
pub(crate) fn invalid<T: Config>(error: Error<T>) -> TransactionValidityError {
    match error {
        Error::BudgetSpent => InvalidTransaction::ExhaustsResources,
        other => InvalidTransaction::Custom(other.using_encoded(|code| code.first().copied().unwrap_or(u8::MAX))),
    }
    .into()
}
