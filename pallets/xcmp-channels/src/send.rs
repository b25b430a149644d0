// SPDX-License-Identifier: GPL-3.0-only
//! Appending a message to a stream.

use crate::{Channel, Channels, Config, Event, Leaves, MessageRecord, Messages, Pallet, Records};
use cumulus_primitives_core::{ChannelStatus, GetChannelInfo, ParaId};
use frame_support::traits::Get;
use serin_primitives::xcmp::{delivery::Payload, message_hash, Acceptance, Window};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

/// Why a message is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendFailure {
    /// No channel, or the peer takes nothing: another transport may have a way.
    NotAccepted,
    /// An HRMP channel to the peer is open, and nothing is under way here.
    HrmpFirst,
    /// An HRMP channel to the peer was opened while messages are under way here. They have to arrive first.
    Draining,
    /// As much is under way as the peer, or this parachain, allows.
    WindowFull,
    /// The stream has as many messages as one can have.
    StreamFull,
}

impl<T: Config> Pallet<T> {
    /// Whether a message of this length may be sent now.
    pub fn check_send(peer: ParaId, bytes: u32) -> Result<Channel, SendFailure> {
        let channel = Channels::<T>::get(peer).ok_or(SendFailure::NotAccepted)?;
        let under_way = channel.messages_under_way();
        if !matches!(T::HrmpChannels::get_channel_status(peer), ChannelStatus::Closed) {
            return Err(if under_way == 0 { SendFailure::HrmpFirst } else { SendFailure::Draining });
        }
        if channel.allowance.acceptance != Acceptance::Accepting {
            return Err(SendFailure::NotAccepted);
        }
        let window = smaller(channel.allowance.window, T::MaxUnderWay::get());
        let bytes_then = channel.bytes_under_way.saturating_add(bytes);
        if under_way >= u64::from(window.messages) || bytes_then > window.bytes {
            return Err(SendFailure::WindowFull);
        }
        Ok(channel)
    }

    /// Appends `payload` to the stream to `peer`, and returns its hash. The next header commits to it.
    pub fn send(peer: ParaId, payload: Payload) -> Result<H256, SendFailure> {
        let bytes = payload.len().saturated_into();
        let mut channel = Self::check_send(peer, bytes)?;
        let (index, hash) = (channel.sent.count(), message_hash(&payload));
        channel.sent = channel.sent.append(&[hash]).map_err(|_| SendFailure::StreamFull)?;
        // `check_send` compared the sum with a window of 32 bits.
        channel.bytes_under_way = channel.bytes_under_way.saturating_add(bytes);
        Messages::<T>::insert(peer, index, payload);
        Records::<T>::insert(peer, index, MessageRecord { hash, bytes });
        Self::store(peer, channel);
        Self::deposit_event(Event::Sent { peer, index, hash });
        Ok(hash)
    }

    /// Writes a channel that exists, and what the next header says of it.
    pub(crate) fn store(peer: ParaId, channel: Channel) {
        let hash = channel.leaf(peer).hash();
        Leaves::<T>::mutate(|leaves| leaves.get_mut(&peer).map(|leaf| *leaf = hash));
        Channels::<T>::insert(peer, channel);
    }
}

fn smaller(one: Window, other: Window) -> Window {
    Window { messages: one.messages.min(other.messages), bytes: one.bytes.min(other.bytes) }
}
