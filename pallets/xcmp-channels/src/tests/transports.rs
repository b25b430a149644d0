// SPDX-License-Identifier: GPL-3.0-only
//! XCM by this transport, and that HRMP and XCMP do not overtake each other.

use super::{accept, payload, refused, submit, Net, A, B};
use crate::{
    mock::{MessageQueue, OpenHrmpChannels, ServiceWeight, XcmpChannels, PLENTY},
    Error, MessageOrigin, SendFailure,
};
use codec::Decode;
use cumulus_primitives_core::AggregateMessageOrigin;
use frame_support::{traits::EnqueueMessage, BoundedSlice};
use serin_primitives::xcmp::{Acceptance, Window, MAX_MESSAGE_BYTES};
use xcm::{
    latest::{Junction, Location, SendError, SendXcm, Xcm},
    prelude::{ClearOrigin, OriginKind, Transact},
    VersionedXcm,
};

fn sibling(para: u32) -> Location {
    Location::new(1, Junction::Parachain(para))
}

fn message() -> Xcm<()> {
    Xcm(vec![ClearOrigin])
}

fn send_xcm(to: Location, xcm: Xcm<()>) -> Result<[u8; 32], SendError> {
    let (ticket, _price) = XcmpChannels::validate(&mut Some(to), &mut Some(xcm))?;
    // `deliver` is also the name of a call.
    <XcmpChannels as SendXcm>::deliver(ticket)
}

fn open_hrmp(peers: &[u32]) {
    OpenHrmpChannels::set(&peers.iter().map(|peer| (*peer).into()).collect());
}

fn arrive_by_hrmp(from: u32, message: &[u8]) {
    MessageQueue::enqueue_message(BoundedSlice::truncate_from(message), MessageOrigin::Sibling(from.into()));
}

fn stop_queues(net: &mut Net, id: u32) {
    net.para(id).run(|| ServiceWeight::set(&None));
}

fn run_queues(net: &mut Net, id: u32) {
    net.para(id).run(|| ServiceWeight::set(&Some(PLENTY)));
    net.block(id, || ());
}

#[test]
fn xcm_arrives_as_it_was_sent() {
    let mut net = Net::new(&[A, B]);
    let hash = net.block(A, || send_xcm(sibling(B), message()).unwrap());
    net.relay_messages(A, B);
    net.block(B, || ());
    let executed = net.executed_from(B, A);
    assert_eq!(hash, sp_io::hashing::blake2_256(&executed[0]));
    let arrived = VersionedXcm::<()>::decode(&mut &executed[0][..]).unwrap();
    assert_eq!(Xcm::try_from(arrived).unwrap(), message());
}

#[test]
fn both_transports_come_from_the_same_place() {
    assert_eq!(Location::from(MessageOrigin::Xcmp(B.into())), sibling(B));
    assert_eq!(Location::from(MessageOrigin::Sibling(B.into())), sibling(B));
    assert_eq!(Location::from(MessageOrigin::Parent), Location::parent());
    assert_eq!(Location::from(MessageOrigin::Here), Location::here());
    let hrmp = MessageOrigin::from(AggregateMessageOrigin::Sibling(B.into()));
    assert_eq!(hrmp, MessageOrigin::Sibling(B.into()));
    assert_ne!(hrmp, MessageOrigin::Xcmp(B.into()));
}

#[test]
fn what_goes_another_way_is_left_to_the_next_router() {
    let net = Net::new(&[A, B]);
    net.read(A, || {
        for elsewhere in
            [Location::parent(), Location::here(), sibling(B + 7), Location::new(2, Junction::Parachain(B))]
        {
            let (mut to, mut xcm) = (Some(elsewhere.clone()), Some(message()));
            assert_eq!(XcmpChannels::validate(&mut to, &mut xcm).map(drop), Err(SendError::NotApplicable));
            assert_eq!((to, xcm), (Some(elsewhere), Some(message())));
        }
        assert_eq!(XcmpChannels::validate(&mut None, &mut Some(message())).map(drop), Err(SendError::MissingArgument));
        let nothing = XcmpChannels::validate(&mut Some(sibling(B)), &mut None).map(drop);
        assert_eq!(nothing, Err(SendError::MissingArgument));
    });
}

#[test]
fn a_full_window_is_no_reason_to_go_another_way() {
    let mut net = Net::new(&[A, B]);
    net.block(B, || accept(A, Acceptance::Accepting, Window { messages: 1, bytes: 10_000 }));
    net.relay_messages(B, A);
    net.block(A, || {
        send_xcm(sibling(B), message()).unwrap();
        assert!(matches!(send_xcm(sibling(B), message()), Err(SendError::Transport(_))));
    });
}

#[test]
fn what_is_too_long_is_refused_before_it_is_paid_for() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || {
        let call = |bytes| Transact {
            origin_kind: OriginKind::Native,
            fallback_max_weight: None,
            call: vec![0; bytes].into(),
        };
        assert!(send_xcm(sibling(B), Xcm(vec![call(102_000)])).is_ok());
        assert_eq!(send_xcm(sibling(B), Xcm(vec![call(102_400)])), Err(SendError::ExceedsMaxMessageSize));
        // Nobody could decode it.
        assert_eq!(send_xcm(sibling(B), Xcm(vec![ClearOrigin; 101])), Err(SendError::ExceedsMaxMessageSize));
    });
    assert!(crate::mock::MaxUnderWay::get().bytes > MAX_MESSAGE_BYTES);
}

#[test]
fn an_open_hrmp_channel_wins() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || {
        open_hrmp(&[B]);
        assert_eq!(send_xcm(sibling(B), message()), Err(SendError::NotApplicable));
        assert_eq!(XcmpChannels::send(B.into(), payload(b"1")), Err(SendFailure::HrmpFirst));
        open_hrmp(&[]);
        assert!(send_xcm(sibling(B), message()).is_ok());
    });
}

#[test]
fn nothing_is_sent_either_way_until_what_is_under_way_has_arrived() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    net.block(A, || {
        open_hrmp(&[B]);
        assert!(matches!(send_xcm(sibling(B), message()), Err(SendError::Transport(_))));
        assert_eq!(XcmpChannels::send(B.into(), payload(b"2")), Err(SendFailure::Draining));
    });
    net.relay_messages(A, B);
    net.relay_messages(B, A);
    // It has, and now HRMP goes on.
    net.block(A, || assert_eq!(send_xcm(sibling(B), message()), Err(SendError::NotApplicable)));
}

#[test]
fn order_holds_when_hrmp_is_closed_for_xcmp() {
    let mut net = Net::new(&[A, B]);
    stop_queues(&mut net, B);
    net.block(B, || arrive_by_hrmp(A, b"hrmp"));
    net.send(A, B, &[b"xcmp"]);
    let delivery = net.fetch(A, B);
    net.block(B, || ());
    assert_eq!(net.block(B, || submit(delivery.clone())), refused(Error::HrmpFirst));
    run_queues(&mut net, B);
    net.block(B, || submit(delivery).unwrap());
    net.block(B, || ());
    let messages: Vec<_> = net.executed(B).into_iter().map(|(_, message)| message).collect();
    assert_eq!(messages, [b"hrmp".to_vec(), b"xcmp".to_vec()]);
}

#[test]
fn order_holds_when_xcmp_is_closed_for_hrmp() {
    let mut net = Net::new(&[A, B]);
    stop_queues(&mut net, B);
    net.send(A, B, &[b"xcmp"]);
    net.relay_messages(A, B);
    net.block(B, || arrive_by_hrmp(A, b"hrmp"));
    run_queues(&mut net, B);
    net.block(B, || ());
    let messages: Vec<_> = net.executed(B).into_iter().map(|(_, message)| message).collect();
    assert_eq!(messages, [b"xcmp".to_vec(), b"hrmp".to_vec()]);
}

#[test]
fn hrmp_of_other_siblings_does_not_wait() {
    let mut net = Net::new(&[A, B]);
    stop_queues(&mut net, B);
    net.block(B, || arrive_by_hrmp(B + 1, b"of another"));
    net.send(A, B, &[b"xcmp"]);
    net.relay_messages(A, B);
    assert_eq!(net.channel(B, A).received.count(), 1);
}
