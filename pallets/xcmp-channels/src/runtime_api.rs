// SPDX-License-Identifier: GPL-3.0-only
//! What relayers ask of a parachain. Any full node answers.

use crate::{Channel, Channels, Config, KnownRoots, Leaves, Messages, Pallet, Records};
use alloc::vec::Vec;
use cumulus_primitives_core::ParaId;
use frame_support::traits::Get;
use serin_primitives::xcmp::{delivery::Payload, tree, tree::TreePath, Delivery, MAX_DELIVERED_MESSAGES};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

sp_api::decl_runtime_apis! {
    /// Fetching messages on one parachain, and finding out what another one waits for.
    pub trait XcmpApi {
        /// The messages to `peer` from number `next` on, with their proof against the root in the header of the block
        /// that is asked.
        ///
        /// Holds at most `max_bytes` of messages, and one message if that is longer. `None` if there is no channel, or
        /// if `next` is of a message that was acknowledged or not yet sent. Without any new message it still carries
        /// acknowledgement and allowance.
        fn delivery(peer: ParaId, next: u64, max_messages: u32, max_bytes: u32) -> Option<Delivery>;

        /// Both directions of the channel with `peer`.
        fn channel(peer: ParaId) -> Option<Channel>;

        /// With whom there are channels.
        fn peers() -> Vec<ParaId>;

        /// Whether a delivery of `sender` on this root can be taken.
        fn knows_root(sender: ParaId, root: H256) -> bool;
    }
}

impl<T: Config> Pallet<T> {
    pub fn delivery(peer: ParaId, next: u64, max_messages: u32, max_bytes: u32) -> Option<Delivery> {
        let channel = Channels::<T>::get(peer)?;
        if next < channel.acknowledged.count() || next > channel.sent.count() {
            return None;
        }
        let leaves = Leaves::<T>::get();
        let index = leaves.keys().position(|leaf| *leaf == peer)?.saturated_into();
        let leaves: Vec<_> = leaves.values().copied().collect();
        let payloads = Self::payloads(peer, next..channel.sent.count(), max_messages, max_bytes)?;
        let end = next.checked_add(payloads.len().saturated_into())?;
        let records = channel.acknowledged.count()..channel.sent.count();
        let hashes = records.map(|index| Records::<T>::get(peer, index).map(|record| record.hash));
        let hashes = hashes.collect::<Option<Vec<_>>>()?;
        Some(Delivery {
            sender: T::SelfParaId::get(),
            root: tree::root(&leaves)?,
            leaf: channel.leaf(peer),
            path: TreePath::new(&leaves, index)?,
            payloads: payloads.try_into().ok()?,
            extension: channel.acknowledged.prove_extension(&hashes, end)?,
        })
    }

    pub fn channel(peer: ParaId) -> Option<Channel> {
        Channels::<T>::get(peer)
    }

    pub fn peers() -> Vec<ParaId> {
        Leaves::<T>::get().keys().copied().collect()
    }

    pub fn knows_root(sender: ParaId, root: H256) -> bool {
        KnownRoots::<T>::contains_key(sender, root)
    }

    fn payloads(
        peer: ParaId,
        indices: core::ops::Range<u64>,
        max_messages: u32,
        max_bytes: u32,
    ) -> Option<Vec<Payload>> {
        let mut payloads = Vec::new();
        let mut left = max_bytes;
        for index in indices.take(max_messages.min(MAX_DELIVERED_MESSAGES).saturated_into()) {
            let payload = Messages::<T>::get(peer, index)?;
            match left.checked_sub(payload.len().saturated_into()) {
                Some(rest) => left = rest,
                None if payloads.is_empty() => left = 0,
                None => break,
            }
            payloads.push(payload);
        }
        Some(payloads)
    }
}
