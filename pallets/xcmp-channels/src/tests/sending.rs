// SPDX-License-Identifier: GPL-3.0-only
//! What headers and relayers see.

use super::{send, Net, A, B, C};
use crate::{
    mock::{MaxPeers, Para, RuntimeOrigin, Test, XcmpChannels},
    WeightInfo,
};
use frame_support::traits::Hooks;
use serin_primitives::xcmp::{
    digest::root_of_head, tree, tree::TreePath, Acceptance, Frontier, PeerLeaf, Window, MAX_DELIVERED_MESSAGES,
};

fn root_in_header(net: &Net, id: u32) -> sp_core::H256 {
    root_of_head(&net.paras[&id].head).unwrap().1
}

#[test]
fn i1_every_header_has_a_root() {
    let mut net = Net::without_channels(&[A]);
    net.block(A, || ());
    assert_eq!(root_in_header(&net, A), tree::root(&[]).unwrap());
    let mut net = Net::new(&[A, B, C]);
    for id in [A, B, C] {
        assert_eq!(root_in_header(&net, id), net.read(id, XcmpChannels::root).unwrap());
    }
    let before = root_in_header(&net, A);
    net.block(A, || ());
    assert_eq!(root_in_header(&net, A), before);
    net.send(A, B, &[b"1"]);
    assert_ne!(root_in_header(&net, A), before);
}

#[test]
fn i1_a_leaf_says_what_its_channel_does() {
    let mut net = Net::new(&[A, B]);
    net.send(B, A, &[b"reverse"]);
    net.relay_messages(B, A);
    net.send(A, B, &[b"1", b"2"]);
    let delivery = net.fetch(A, B);
    let channel = net.channel(A, B);
    let expected = PeerLeaf {
        peer: B.into(),
        sent_count: 2,
        sent_root: channel.sent.root(),
        received_count: 1,
        acceptance: Acceptance::Accepting,
        window: channel.window,
    };
    assert_eq!(delivery.leaf, expected);
    assert_eq!(delivery.root, root_in_header(&net, A));
    assert_eq!(delivery.path, TreePath::new(&[expected.hash()], 0).unwrap());
}

#[test]
fn deliveries_are_what_the_relayer_asks_for() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || (0..10u8).for_each(|index| send(B, &[index; 10])));
    let fetch = |next, messages, bytes| net.read(A, || XcmpChannels::delivery(B.into(), next, messages, bytes));
    let lengths = |next, messages, bytes| fetch(next, messages, bytes).map(|delivery| delivery.payloads.len());
    assert_eq!(lengths(0, 100, u32::MAX), Some(10));
    assert_eq!(lengths(4, 3, u32::MAX), Some(3));
    assert_eq!(lengths(4, 100, 35), Some(3));
    // One message is always given, however long.
    assert_eq!(lengths(4, 100, 1), Some(1));
    assert_eq!(lengths(10, 100, u32::MAX), Some(0));
    assert_eq!(lengths(11, 100, u32::MAX), None);
    for next in 0..=10 {
        for messages in 0..=10 {
            let delivery = fetch(next, messages, u32::MAX).unwrap();
            let hashes: Vec<_> =
                (0..next as u8).map(|index| serin_primitives::xcmp::message_hash(&[index; 10])).collect();
            let received = Frontier::default().append(&hashes).unwrap();
            assert!(delivery.verify(B.into(), &received).is_ok(), "{messages} from {next}");
        }
    }
}

#[test]
fn acknowledged_messages_are_not_given_out() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1", b"2"]);
    net.relay_messages(A, B);
    net.relay_messages(B, A);
    net.send(A, B, &[b"3"]);
    net.read(A, || {
        assert!(XcmpChannels::delivery(B.into(), 1, 10, u32::MAX).is_none());
        assert_eq!(XcmpChannels::delivery(B.into(), 2, 10, u32::MAX).unwrap().payloads.len(), 1);
        assert!(XcmpChannels::delivery(C.into(), 0, 10, u32::MAX).is_none());
    });
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A).len(), 3);
}

#[test]
fn the_api_names_peers_and_roots() {
    let mut net = Net::new(&[A, B, C]);
    net.send(A, B, &[b"1"]);
    net.block(B, || ());
    let root = root_in_header(&net, A);
    net.read(B, || {
        assert_eq!(XcmpChannels::peers(), [A.into(), C.into()]);
        assert!(XcmpChannels::knows_root(A.into(), root));
        assert!(!XcmpChannels::knows_root(C.into(), root));
        assert!(XcmpChannels::channel(A.into()).is_some());
        assert!(XcmpChannels::channel(B.into()).is_none());
    });
}

#[test]
fn every_tree_of_peers_proves_each_of_them() {
    for peers in 1..=MaxPeers::get() {
        let mut para = Para::new(A);
        para.run(|| {
            for peer in 0..peers {
                let window = Window { messages: peer, bytes: 0 };
                XcmpChannels::set_acceptance(RuntimeOrigin::root(), peer.into(), Acceptance::Accepting, window)
                    .unwrap();
            }
            for peer in 0..peers {
                let delivery = XcmpChannels::delivery(peer.into(), 0, 1, 1).unwrap();
                assert_eq!(delivery.verify(peer.into(), &Frontier::default()), Ok(Frontier::default()));
            }
        });
    }
}

#[test]
fn the_root_at_the_end_of_a_block_is_paid_for_at_its_beginning() {
    let net = Net::new(&[A, B, C]);
    net.read(A, || {
        let weight = <XcmpChannels as Hooks<u32>>::on_initialize(1);
        assert_eq!(weight, <() as WeightInfo>::deposit_root(2));
    });
}

#[test]
fn the_configuration_is_tested() {
    <XcmpChannels as Hooks<u32>>::integrity_test();
    assert!(<Test as crate::Config>::BlockBudget::get().messages <= MAX_DELIVERED_MESSAGES);
}
