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
    traits::{EnqueueMessage, EnsureOrigin, Get},
};
use frame_system::RawOrigin;
use serin_primitives::xcmp::{
    delivery::Payload, message_hash, tree, tree::TreePath, Acceptance, Delivery, Frontier, LatestRoot, PeerLeaf,
    Window, MAX_COUNT, MAX_DELIVERED_MESSAGES, MAX_TREE_DEPTH,
};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

const PEER: u32 = 2_000_000;
/// The generation of each root that was seen before.
const GENERATION: u32 = 1;
const WINDOW: Window = Window { messages: u32::MAX, bytes: u32::MAX };
/// The length of each stream before the messages of a benchmark: it has fifty peaks, and no message after it joins one of
/// them to another.
const LONG_STREAM: u64 = MAX_COUNT - (1 << 12);

/// A stream of so many messages, as if each peak were a hash of something.
fn stream(count: u64) -> Frontier {
    let peaks = vec![H256::repeat_byte(7); count.count_ones().saturated_into()];
    Frontier::new(count, peaks.try_into().expect("64 bits")).expect("a peak for each bit")
}

/// The shortest message of which a page of the queue has no second.
fn half_page_bytes<T: Config>() -> u32 {
    <T::Queue as EnqueueMessage<ParaId>>::MaxMessageLen::get() / 2 + 1
}

/// So many messages with so many bytes together, on as many pages as they can take: those that leave half of a page empty
/// come first.
fn payloads<T: Config>(messages: u32, bytes: u32) -> Vec<Payload> {
    let half_pages = bytes / half_page_bytes::<T>();
    let others = messages - half_pages;
    let left = bytes - half_pages * half_page_bytes::<T>();
    let each = left.checked_div(others).unwrap_or_default();
    let longer = left.checked_rem(others).unwrap_or_default();
    let lengths = (0..messages).map(|index| match index.checked_sub(half_pages) {
        None => half_page_bytes::<T>(),
        Some(place) => each + u32::from(place < longer),
    });
    lengths.map(|length| Payload::truncate_from(vec![7; length.saturated_into()])).collect()
}

/// How many messages bring all bytes that a block takes in.
fn least_messages<T: Config>() -> u32 {
    T::BlockBudget::get().bytes / half_page_bytes::<T>() + 1
}

/// How many messages one delivery may bring into one block.
fn most_messages<T: Config>() -> u32 {
    T::BlockBudget::get().messages.min(MAX_DELIVERED_MESSAGES)
}

/// The dearest delivery: a deep path, and many peaks and a long extension to lead on from. It acknowledges so many messages.
fn delivery<T: Config>(payloads: Vec<Payload>, acknowledged: u32) -> Delivery {
    let hashes: Vec<_> = payloads.iter().map(|payload| message_hash(payload)).collect();
    let later = vec![H256::repeat_byte(7); 1_000];
    let delivered = stream(LONG_STREAM).append(&hashes).expect("far from full");
    let sent = delivered.append(&later).expect("far from full");
    let leaf = PeerLeaf {
        peer: T::SelfParaId::get(),
        sent_count: sent.count(),
        sent_root: sent.root(),
        received_count: LONG_STREAM + u64::from(acknowledged),
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

/// Leaves of so many other peers.
fn add_leaves<T: Config>(peers: u32) {
    Leaves::<T>::mutate(|leaves| {
        (0..peers).for_each(|peer| assert!(leaves.try_insert(peer.into(), H256::zero()).is_ok()))
    });
}

/// The last channel there may be: in both directions, with long streams, and so many messages of one byte under way.
fn open_channel<T: Config>(under_way: u32) {
    let peer = ParaId::from(PEER);
    add_leaves::<T>(T::MaxPeers::get() - 1);
    Pallet::<T>::do_set_acceptance(peer, Acceptance::Accepting, WINDOW).ok().expect("there is room");
    let payload = Payload::truncate_from(vec![7]);
    let hash = message_hash(&payload);
    for index in 0..u64::from(under_way) {
        Messages::<T>::insert(peer, LONG_STREAM + index, &payload);
        Records::<T>::insert(peer, LONG_STREAM + index, MessageRecord { hash, bytes: 1 });
    }
    let long = stream(LONG_STREAM);
    let sent = long.append(&vec![hash; under_way.saturated_into()]).expect("far from full");
    let channel = Channels::<T>::get(peer).expect("was just made");
    let bytes_under_way = under_way;
    Pallet::<T>::store(peer, Channel { sent, acknowledged: long.clone(), received: long, bytes_under_way, ..channel });
}

fn make_known<T: Config>(delivery: &Delivery) {
    KnownRoots::<T>::insert(delivery.sender, delivery.root, 1);
}

/// A sender of which as many roots were seen as are kept.
fn fill_ring<T: Config>(sender: ParaId) {
    Watches::<T>::insert(sender, Watch { relay_block: 1, generation: GENERATION, observations: KNOWN_ROOTS });
    for observation in 1..=KNOWN_ROOTS {
        let root = H256::repeat_byte(observation.saturated_into());
        RootRing::<T>::insert(sender, observation % KNOWN_ROOTS, root);
        KnownRoots::<T>::insert(sender, root, observation);
    }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_acceptance() -> Result<(), BenchmarkError> {
        let origin = T::ControllerOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        // One that exists costs more than one to be made: its peaks are hashed.
        open_channel::<T>(0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PEER.into(), Acceptance::Refusing, WINDOW);
        assert_eq!(
            Channels::<T>::get(ParaId::from(PEER)).map(|channel| channel.acceptance),
            Some(Acceptance::Refusing)
        );
        Ok(())
    }

    #[benchmark]
    fn check_delivery(
        m: Linear<{ least_messages::<T>() }, { most_messages::<T>() }>,
        b: Linear<0, { T::BlockBudget::get().bytes }>,
    ) {
        open_channel::<T>(0);
        let delivery = delivery::<T>(payloads::<T>(m, b), 0);
        make_known::<T>(&delivery);
        #[block]
        {
            Pallet::<T>::authorize_delivery(TransactionSource::External, &delivery).expect("it is honest");
        }
    }

    /// A page that was begun is read, which is much proof. To put a queue that is empty between others that are not takes
    /// some small reads and writes instead.
    #[benchmark]
    fn deliver(
        m: Linear<{ least_messages::<T>() }, { most_messages::<T>() }>,
        b: Linear<0, { T::BlockBudget::get().bytes }>,
        a: Linear<0, { T::MaxAcknowledgedPerDelivery::get() }>,
    ) {
        open_channel::<T>(a);
        let delivery = delivery::<T>(payloads::<T>(m, b), a);
        make_known::<T>(&delivery);
        let begun = vec![7; half_page_bytes::<T>().saturated_into()];
        T::Queue::enqueue_message(begun.as_slice().try_into().expect("half of a page"), PEER.into());
        #[extrinsic_call]
        _(RawOrigin::Authorized, delivery);
        let channel = Channels::<T>::get(ParaId::from(PEER)).expect("was opened");
        assert_eq!(channel.received.count(), LONG_STREAM + u64::from(m));
        assert_eq!(channel.acknowledged.count(), LONG_STREAM + u64::from(a));
    }

    #[benchmark]
    fn set_received() -> Result<(), BenchmarkError> {
        let origin = T::ControllerOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        open_channel::<T>(0);
        // No frontier has more peaks.
        let received = stream(MAX_COUNT - 1);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PEER.into(), received.clone());
        assert_eq!(Channels::<T>::get(ParaId::from(PEER)).map(|channel| channel.received), Some(received));
        Ok(())
    }

    #[benchmark]
    fn remove_channel(m: Linear<0, { T::MaxUnderWay::get().messages }>) -> Result<(), BenchmarkError> {
        let origin = T::ControllerOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        open_channel::<T>(m);
        fill_ring::<T>(PEER.into());
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PEER.into());
        assert!(!Channels::<T>::contains_key(ParaId::from(PEER)));
        Ok(())
    }

    /// `p` peers with one root more each; and `f` rings emptied, of others, so that the figure of each stands for itself.
    ///
    /// Looking the keys up in the proof is not in it: that happens in memory, a few nodes for each.
    #[benchmark]
    fn observe_roots(p: Linear<0, { T::MaxPeers::get() }>, f: Linear<0, { T::MaxPeers::get() }>) {
        add_leaves::<T>(p);
        (0..p + f).for_each(|sender| fill_ring::<T>(sender.into()));
        let root = H256::repeat_byte(u8::MAX);
        let latest = LatestRoot { root, number: 2, relay_block: 2, generation: GENERATION };
        #[block]
        {
            for peer in Leaves::<T>::get().keys() {
                Pallet::<T>::observe(*peer, Ok(Some(latest)));
            }
            (p..p + f).for_each(|sender| Pallet::<T>::forget_roots(sender.into()));
        }
        assert!((0..p).all(|peer| KnownRoots::<T>::contains_key(ParaId::from(peer), root)));
        assert!((p..p + f).all(|sender| RootRing::<T>::iter_prefix(ParaId::from(sender)).next().is_none()));
    }

    #[benchmark]
    fn deposit_root(p: Linear<0, { T::MaxPeers::get() }>) {
        add_leaves::<T>(p);
        #[block]
        {
            Pallet::<T>::begin_block();
            Pallet::<T>::end_block();
        }
        assert_eq!(frame_system::Pallet::<T>::digest().logs.len(), 1);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::Para::new(2_000).externalities(), crate::mock::Test);
}
