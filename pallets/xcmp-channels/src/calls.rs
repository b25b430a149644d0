// SPDX-License-Identifier: GPL-3.0-only
use crate::{Allowance, Channel, Channels, Config, Error, Event, Leaves, Pallet, Watches};
use cumulus_primitives_core::ParaId;
use frame_support::{ensure, traits::Get};
use serin_primitives::xcmp::{Acceptance, Frontier, Window};
use sp_runtime::SaturatedConversion;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_set_acceptance(peer: ParaId, acceptance: Acceptance, window: Window) -> Result<(), Error<T>> {
        ensure!(peer != T::SelfParaId::get(), Error::OwnPara);
        let channel = Channels::<T>::get(peer).unwrap_or_default();
        let channel = Channel { acceptance, window, ..channel };
        // The map's bound is the bound of all that exists once for each peer.
        let hash = channel.leaf(peer).hash();
        Leaves::<T>::try_mutate(|leaves| leaves.try_insert(peer, hash)).map_err(|_| Error::TooManyPeers)?;
        Self::store(peer, channel);
        Self::deposit_event(Event::AcceptanceSet { peer, acceptance, window });
        Ok(())
    }

    /// A channel that both sides open with the state they begin with. Each knows then what the other allows, which it
    /// would otherwise hear with the first delivery.
    pub(crate) fn open_at_genesis(peer: ParaId) -> Result<(), Error<T>> {
        let window = T::MaxUnderWay::get();
        Self::do_set_acceptance(peer, Acceptance::Accepting, window)?;
        let allowance = Allowance { acceptance: Acceptance::Accepting, window };
        Channels::<T>::mutate_extant(peer, |channel| channel.allowance = allowance);
        Ok(())
    }

    pub(crate) fn do_set_received(peer: ParaId, received: Frontier) -> Result<(), Error<T>> {
        ensure!(received.is_sound(), Error::UnsoundFrontier);
        let mut channel = Channels::<T>::get(peer).ok_or(Error::NoChannel)?;
        let count = received.count();
        channel.received = received;
        Self::store(peer, channel);
        Self::deposit_event(Event::ReceivedSet { sender: peer, count });
        Ok(())
    }

    /// Returns how many messages went with the channel. No more than `MaxUnderWay` were there.
    pub(crate) fn do_remove_channel(peer: ParaId) -> Result<u32, Error<T>> {
        let channel = Channels::<T>::take(peer).ok_or(Error::NoChannel)?;
        for index in channel.acknowledged.count()..channel.sent.count() {
            Self::remove_message(peer, index);
        }
        Leaves::<T>::mutate(|leaves| leaves.remove(&peer));
        Self::forget_roots(peer);
        Watches::<T>::remove(peer);
        let messages = channel.messages_under_way().saturated_into();
        Self::deposit_event(Event::ChannelRemoved { peer, messages });
        Ok(messages)
    }
}
