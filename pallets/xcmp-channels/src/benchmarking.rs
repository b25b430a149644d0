// SPDX-License-Identifier: GPL-3.0-only
// A benchmark that cannot be set up has to stop.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use crate::{
    roots::KNOWN_ROOTS, Call, Channel, Channels, Config, KnownRoots, Leaves, MessageRecord, Messages, Pallet, Records,
    RootRing, Watch, Watches,
};
use alloc::{vec, vec::Vec};
use cumulus_primitives_core::ParaId;
use frame_benchmarking::v2::*;
use frame_support::{
    pallet_prelude::TransactionSource,
    traits::{EnsureOrigin, Get},
};
use frame_system::RawOrigin;
use serin_primitives::xcmp::{
    delivery::Payload, message_hash, tree, tree::TreePath, Acceptance, Delivery, Frontier, LatestRoot, PeerLeaf,
    Window, MAX_DELIVERED_MESSAGES, MAX_MESSAGE_BYTES, MAX_TREE_DEPTH,
};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

const PEER: u32 = 2_000_000;
/// The generation of each root that was seen before.
const GENERATION: u32 = 1;
const WINDOW: Window = Window { messages: u32::MAX, bytes: u32::MAX };

/// So many messages with so many bytes together.
fn payloads(messages: u32, bytes: u32) -> Vec<Payload> {
    let each = bytes.checked_div(messages).unwrap_or_default().min(MAX_MESSAGE_BYTES);
    let payload = Payload::truncate_from(vec![7; each.saturated_into()]);
    vec![payload; messages.saturated_into()]
}

/// How many messages one delivery may bring into one block.
fn most_messages<T: Config>() -> u32 {
    T::BlockBudget::get().messages.min(MAX_DELIVERED_MESSAGES)
}

/// The dearest delivery: a deep path, and a long extension.
fn delivery<T: Config>(payloads: Vec<Payload>, received_count: u64) -> Delivery {
    let hashes: Vec<_> = payloads.iter().map(|payload| message_hash(payload)).collect();
    let later = vec![H256::repeat_byte(7); 1_000];
    let delivered = Frontier::default().append(&hashes).expect("far from full");
    let sent = delivered.append(&later).expect("far from full");
    let leaf = PeerLeaf {
        peer: T::SelfParaId::get(),
        sent_count: sent.count(),
        sent_root: sent.root(),
        received_count,
        acceptance: Acceptance::Accepting,
        window: WINDOW,
    };
    let mut leaves = vec![H256::zero(); 1 << MAX_TREE_DEPTH];
    leaves[0] = leaf.hash();
    Delivery {
        sender: PEER.into(),
        root: tree::root(&leaves).expect("not too wide"),
        leaf,
        path: TreePath::new(&leaves, 0).expect("not too wide"),
        payloads: payloads.try_into().expect("not too many"),
        extension: delivered.prove_extension(&later, delivered.count()).expect("from its own end"),
    }
}

/// A channel in both directions, with so many messages of one byte under way.
fn open_channel<T: Config>(under_way: u32) {
    let peer = ParaId::from(PEER);
    Pallet::<T>::do_set_acceptance(peer, Acceptance::Accepting, WINDOW).ok().expect("there is room");
    let payload = payloads(1, 1).remove(0);
    let hash = message_hash(&payload);
    for index in 0..u64::from(under_way) {
        Messages::<T>::insert(peer, index, &payload);
        Records::<T>::insert(peer, index, MessageRecord { hash, bytes: 1 });
    }
    let sent = Frontier::default().append(&vec![hash; under_way.saturated_into()]).expect("far from full");
    let channel = Channels::<T>::get(peer).expect("was just made");
    Pallet::<T>::store(peer, Channel { sent, bytes_under_way: under_way, ..channel });
}

fn make_known<T: Config>(delivery: &Delivery) {
    KnownRoots::<T>::insert(delivery.sender, delivery.root, 1);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_acceptance() -> Result<(), BenchmarkError> {
        let origin = T::ControllerOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        // One place is left.
        (1..T::MaxPeers::get()).for_each(|peer| {
            let _ = Leaves::<T>::mutate(|leaves| leaves.try_insert(peer.into(), H256::zero()));
        });
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PEER.into(), Acceptance::Accepting, WINDOW);
        assert!(Channels::<T>::contains_key(ParaId::from(PEER)));
        Ok(())
    }

    #[benchmark]
    fn check_delivery(m: Linear<1, { most_messages::<T>() }>, b: Linear<0, { T::BlockBudget::get().bytes }>) {
        open_channel::<T>(0);
        let delivery = delivery::<T>(payloads(m, b), 0);
        make_known::<T>(&delivery);
        #[block]
        {
            Pallet::<T>::authorize_delivery(TransactionSource::External, &delivery).expect("it is honest");
        }
    }

    #[benchmark]
    fn deliver(
        m: Linear<1, { most_messages::<T>() }>,
        b: Linear<0, { T::BlockBudget::get().bytes }>,
        a: Linear<0, { T::MaxAcknowledgedPerDelivery::get() }>,
    ) {
        open_channel::<T>(a);
        let delivery = delivery::<T>(payloads(m, b), a.into());
        make_known::<T>(&delivery);
        #[extrinsic_call]
        _(RawOrigin::Authorized, delivery);
        let channel = Channels::<T>::get(ParaId::from(PEER)).expect("was opened");
        assert_eq!(channel.received.count(), u64::from(m));
        assert_eq!(channel.acknowledged.count(), u64::from(a));
    }

    #[benchmark]
    fn set_received() -> Result<(), BenchmarkError> {
        let origin = T::ControllerOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        open_channel::<T>(0);
        let received = Frontier::default().append(&[H256::zero(); 1_023]).expect("far from full");
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PEER.into(), received.clone());
        assert_eq!(Channels::<T>::get(ParaId::from(PEER)).map(|channel| channel.received), Some(received));
        Ok(())
    }

    #[benchmark]
    fn remove_channel(m: Linear<0, { T::MaxUnderWay::get().messages }>) -> Result<(), BenchmarkError> {
        let origin = T::ControllerOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        open_channel::<T>(m);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PEER.into());
        assert!(!Channels::<T>::contains_key(ParaId::from(PEER)));
        Ok(())
    }

    /// Looking the keys up in the proof is not in it: that happens in memory, a few nodes for each.
    #[benchmark]
    fn observe_roots(p: Linear<0, { T::MaxPeers::get() }>, f: Linear<0, { T::MaxPeers::get() }>) {
        for peer in 0..p {
            let watch = Watch { relay_block: 1, generation: GENERATION, observations: KNOWN_ROOTS };
            Watches::<T>::insert(ParaId::from(peer), watch);
            for place in 0..KNOWN_ROOTS {
                RootRing::<T>::insert(ParaId::from(peer), place, H256::from_low_u64_be(place));
                KnownRoots::<T>::insert(ParaId::from(peer), H256::from_low_u64_be(place), place);
            }
        }
        let root = H256::repeat_byte(1);
        // The first `f` of the peers begin a new generation.
        let latest = |peer: u32| {
            let generation = GENERATION.saturating_add(u32::from(peer < f));
            LatestRoot { root, number: 2, relay_block: 2, generation }
        };
        #[block]
        {
            for peer in 0..p {
                Pallet::<T>::observe(peer.into(), Ok(Some(latest(peer))));
            }
        }
        assert!((0..p).all(|peer| KnownRoots::<T>::contains_key(ParaId::from(peer), root)));
    }

    #[benchmark]
    fn deposit_root(p: Linear<0, { T::MaxPeers::get() }>) {
        (0..p).for_each(|peer| {
            let _ = Leaves::<T>::mutate(|leaves| leaves.try_insert(peer.into(), H256::zero()));
        });
        #[block]
        {
            Pallet::<T>::begin_block();
            Pallet::<T>::end_block();
        }
        assert_eq!(frame_system::Pallet::<T>::digest().logs.len(), 1);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::Para::new(2_000).externalities(), crate::mock::Test);
}
