// SPDX-License-Identifier: GPL-3.0-only
use super::{accept, send, Net, A, B, C, WINDOW};
use crate::{
    mock::{MaxPeers, Para, RuntimeOrigin, System, Test, XcmpChannels},
    Channels, Error, Event, KnownRoots, Leaves, Messages, Records, Watches, WeightInfo,
};
use cumulus_primitives_core::ParaId;
use frame_support::{assert_noop, assert_ok};
use serin_primitives::xcmp::{message_hash, Acceptance, Frontier};
use sp_core::H256;
use sp_runtime::DispatchError;

#[test]
fn only_the_controller_governs_channels() {
    let net = Net::new(&[A, B]);
    net.read(A, || {
        for origin in [RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
            let set = || XcmpChannels::set_acceptance(origin.clone(), B.into(), Acceptance::Refusing, WINDOW);
            assert_noop!(set(), DispatchError::BadOrigin);
            assert_noop!(
                XcmpChannels::set_received(origin.clone(), B.into(), Frontier::default()),
                DispatchError::BadOrigin
            );
            assert_noop!(XcmpChannels::remove_channel(origin.clone(), B.into()), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn a_channel_is_made_and_changed_by_one_call() {
    let mut net = Net::without_channels(&[A]);
    net.block(A, || {
        accept(B, Acceptance::Refusing, Default::default());
        assert!(!Watches::<Test>::contains_key(ParaId::from(B)));
        accept(B, Acceptance::Accepting, WINDOW);
        let expected = Event::AcceptanceSet { peer: B.into(), acceptance: Acceptance::Accepting, window: WINDOW };
        System::assert_last_event(expected.into());
        assert_eq!(Channels::<Test>::iter().count(), 1);
        assert_eq!(Leaves::<Test>::get().len(), 1);
    });
}

#[test]
fn there_is_no_channel_with_oneself() {
    Net::without_channels(&[A]).read(A, || {
        let set = || XcmpChannels::set_acceptance(RuntimeOrigin::root(), A.into(), Acceptance::Accepting, WINDOW);
        assert_noop!(set(), Error::<Test>::OwnPara);
    });
}

#[test]
fn there_are_no_more_peers_than_a_block_can_hash() {
    Para::new(A).run(|| {
        (0..MaxPeers::get()).for_each(|peer| accept(peer, Acceptance::Accepting, WINDOW));
        let set =
            |peer: u32| XcmpChannels::set_acceptance(RuntimeOrigin::root(), peer.into(), Acceptance::Refusing, WINDOW);
        assert_noop!(set(C), Error::<Test>::TooManyPeers);
        // Those that are there can be changed.
        assert_ok!(set(0));
        assert_ok!(XcmpChannels::remove_channel(RuntimeOrigin::root(), 0.into()));
        assert_ok!(set(C));
    });
}

#[test]
fn a_removed_channel_leaves_nothing() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || (0..5).for_each(|_| send(B, b"lost")));
    net.send(B, A, &[b"x"]);
    net.relay_messages(B, A);
    net.block(A, || {
        let removed = XcmpChannels::remove_channel(RuntimeOrigin::root(), B.into()).unwrap();
        assert_eq!(removed.actual_weight, Some(<() as WeightInfo>::remove_channel(5)));
        System::assert_last_event(Event::ChannelRemoved { peer: B.into(), messages: 5 }.into());
        assert_eq!(Channels::<Test>::iter().count(), 0);
        assert_eq!(Leaves::<Test>::get().len(), 0);
        assert_eq!(Messages::<Test>::iter().count(), 0);
        assert_eq!(Records::<Test>::iter().count(), 0);
        assert_eq!(Watches::<Test>::iter().count(), 0);
        assert_eq!(KnownRoots::<Test>::iter().count(), 0);
        let again = || XcmpChannels::remove_channel(RuntimeOrigin::root(), B.into());
        assert_noop!(again(), Error::<Test>::NoChannel);
    });
}

#[test]
fn governance_goes_on_behind_a_message_that_cannot_be_delivered() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1", b"lost for ever", b"3"]);
    let first = net.fetch_at(A, B, 0, 1);
    net.block(B, || ());
    net.block(B, || super::submit(first).map(drop).unwrap());
    net.block(B, || {
        let received = XcmpChannels::channel(A.into()).unwrap().received;
        let received = received.append(&[message_hash(b"lost for ever")]).unwrap();
        assert_ok!(XcmpChannels::set_received(RuntimeOrigin::root(), A.into(), received));
        System::assert_last_event(Event::ReceivedSet { sender: A.into(), count: 2 }.into());
    });
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"1", b"3"]);
}

#[test]
fn a_frontier_that_is_none_is_refused() {
    use codec::{Decode, Encode};
    let net = Net::new(&[A, B]);
    net.read(B, || {
        // As it comes in a transaction: a count of three with one peak.
        let unsound = Frontier::decode(&mut &(3u64, vec![H256::zero()]).encode()[..]).unwrap();
        let set = |peer: u32, frontier| XcmpChannels::set_received(RuntimeOrigin::root(), peer.into(), frontier);
        assert_noop!(set(A, unsound), Error::<Test>::UnsoundFrontier);
        assert_noop!(set(C, Frontier::default()), Error::<Test>::NoChannel);
    });
}
