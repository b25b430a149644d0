// SPDX-License-Identifier: GPL-3.0-only
//! The invariants of the README that one state shows.

use crate::{
    roots::KNOWN_ROOTS, Channel, Channels, Config, KnownRoots, Leaves, Messages, Pallet, Records, RootRing, Watches,
};
use cumulus_primitives_core::ParaId;
use frame_support::{ensure, traits::Get};
use serin_primitives::xcmp::message_hash;
use sp_runtime::{SaturatedConversion, TryRuntimeError};

impl<T: Config> Pallet<T> {
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        let leaves = Leaves::<T>::get();
        ensure!(leaves.len() == Channels::<T>::iter_keys().count(), "I1: a leaf without a channel, or the reverse");
        for (peer, channel) in Channels::<T>::iter() {
            ensure!(
                leaves.get(&peer) == Some(&channel.leaf(peer).hash()),
                "I1: a leaf that does not say what its channel does"
            );
            Self::check_stream(peer, &channel)?;
        }
        let messages = Messages::<T>::iter_keys().count();
        ensure!(messages == Records::<T>::iter_keys().count(), "I3: a message without a record, or the reverse");
        let under_way = Channels::<T>::iter_values().map(|channel| channel.messages_under_way()).sum::<u64>();
        ensure!(under_way == messages.saturated_into::<u64>(), "I3: messages that no channel counts");
        Self::check_roots()
    }

    fn check_stream(peer: ParaId, channel: &Channel) -> Result<(), TryRuntimeError> {
        let frontiers = [&channel.sent, &channel.acknowledged, &channel.received];
        ensure!(frontiers.iter().all(|frontier| frontier.is_sound()), "I2: a frontier that is not sound");
        ensure!(channel.acknowledged.count() <= channel.sent.count(), "I2: more acknowledged than sent");
        let mut hashes = alloc::vec::Vec::new();
        let mut bytes = 0u32;
        for index in channel.acknowledged.count()..channel.sent.count() {
            let payload = Messages::<T>::get(peer, index).ok_or("I3: a message under way that is not there")?;
            let record = Records::<T>::get(peer, index).ok_or("I3: a message under way without a record")?;
            let length = payload.len().saturated_into::<u32>();
            ensure!(record.hash == message_hash(&payload) && record.bytes == length, "I3: a record of another message");
            hashes.push(record.hash);
            bytes = bytes.saturating_add(length);
        }
        ensure!(
            channel.acknowledged.append(&hashes) == Ok(channel.sent.clone()),
            "I3: the messages under way do not lead to the stream's end"
        );
        let most = T::MaxUnderWay::get();
        ensure!(channel.bytes_under_way == bytes && bytes <= most.bytes, "I4: a wrong sum of bytes, or too many");
        ensure!(channel.messages_under_way() <= most.messages.into(), "I4: too many messages under way");
        Ok(())
    }

    fn check_roots() -> Result<(), TryRuntimeError> {
        for (sender, root, observation) in KnownRoots::<T>::iter() {
            let watch = Watches::<T>::get(sender).ok_or("I5: a known root of a sender that is not watched")?;
            ensure!(observation <= watch.observations, "I5: a root of a later observation");
            ensure!(
                observation.saturating_add(KNOWN_ROOTS) > watch.observations,
                "I5: a root that should be forgotten"
            );
            let place = observation.checked_rem(KNOWN_ROOTS).unwrap_or_default();
            ensure!(RootRing::<T>::get(sender, place) == Some(root), "I5: a known root that is not in the ring");
        }
        ensure!(Watches::<T>::iter_keys().all(Channels::<T>::contains_key), "I5: a watch without a channel");
        Ok(())
    }
}
