// SPDX-License-Identifier: GPL-3.0-only
//! Acceptance, windows and acknowledgements.

use super::{accept, call, payload, refused, send, submit, Net, A, B, C, WINDOW};
use crate::{
    mock::{BlockBudget, MaxAcknowledgedPerDelivery, MaxUnderWay, RuntimeEvent, System, Test, XcmpChannels},
    Error, Event, Messages, Records, SendFailure, WeightInfo,
};
use frame_support::{pallet_prelude::TransactionSource, traits::Authorize};
use serin_primitives::xcmp::{Acceptance, Window};

#[test]
fn nothing_is_sent_before_the_peer_accepts() {
    let mut net = Net::without_channels(&[A, B]);
    let sent = net.block(A, || XcmpChannels::send(B.into(), payload(b"early")));
    assert_eq!(sent, Err(SendFailure::NotAccepted));
    net.block(A, || accept(B, Acceptance::Refusing, Window::default()));
    net.block(B, || accept(A, Acceptance::Accepting, WINDOW));
    let sent = net.block(A, || XcmpChannels::send(B.into(), payload(b"early")));
    assert_eq!(sent, Err(SendFailure::NotAccepted));
    net.relay_messages(B, A);
    assert_eq!(net.channel(A, B).allowance.window, WINDOW);
    net.send(A, B, &[b"in time"]);
    net.relay_messages(A, B);
    assert_eq!(net.channel(B, A).received.count(), 1);
}

#[test]
fn an_acknowledgement_removes_messages_and_opens_the_window() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1", b"22", b"333"]);
    assert_eq!(net.channel(A, B).bytes_under_way, 6);
    net.relay_messages(A, B);
    net.relay_messages(B, A);
    let channel = net.channel(A, B);
    assert_eq!((channel.acknowledged.count(), channel.bytes_under_way), (3, 0));
    assert_eq!(channel.acknowledged, channel.sent);
    net.read(A, || {
        assert_eq!(Messages::<Test>::iter().count(), 0);
        assert_eq!(Records::<Test>::iter().count(), 0);
    });
}

#[test]
fn i4_the_window_of_messages_is_kept() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || {
        (0..WINDOW.messages).for_each(|_| send(B, b"x"));
        assert_eq!(XcmpChannels::send(B.into(), payload(b"x")), Err(SendFailure::WindowFull));
    });
    net.relay_messages(A, B);
    net.relay_messages(B, A);
    // The block budget let 20 of the 32 through.
    net.block(A, || {
        let opened = u64::from(MaxAcknowledgedPerDelivery::get());
        (0..opened).for_each(|_| send(B, b"x"));
        assert_eq!(XcmpChannels::send(B.into(), payload(b"x")), Err(SendFailure::WindowFull));
    });
}

#[test]
fn i4_the_window_of_bytes_is_kept() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || {
        send(B, &[0; 100_000]);
        send(B, &[0; 100_000]);
        assert_eq!(XcmpChannels::send(B.into(), payload(&[0; 50_001])), Err(SendFailure::WindowFull));
        send(B, &[0; 50_000]);
        assert_eq!(XcmpChannels::send(B.into(), payload(&[0; 1])), Err(SendFailure::WindowFull));
        // Nothing is nothing.
        send(B, &[]);
    });
}

#[test]
fn i4_a_peer_cannot_make_more_state_than_this_parachain_wants() {
    let mut net = Net::new(&[A, B]);
    net.block(B, || accept(A, Acceptance::Accepting, Window { messages: u32::MAX, bytes: u32::MAX }));
    net.relay_messages(B, A);
    net.block(A, || {
        (0..MaxUnderWay::get().messages).for_each(|_| send(B, b"x"));
        assert_eq!(XcmpChannels::send(B.into(), payload(b"x")), Err(SendFailure::WindowFull));
    });
}

#[test]
fn a_window_below_what_is_under_way_stops_the_sender_and_loses_nothing() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1", b"2", b"3"]);
    net.block(B, || accept(A, Acceptance::Accepting, Window { messages: 1, bytes: 1 }));
    net.relay_messages(B, A);
    let sent = net.block(A, || XcmpChannels::send(B.into(), payload(b"4")));
    assert_eq!(sent, Err(SendFailure::WindowFull));
    net.relay_messages(A, B);
    net.relay_messages(B, A);
    net.send(A, B, &[b"4"]);
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"1", b"2", b"3", b"4"]);
}

#[test]
fn who_refuses_is_not_sent_to_and_takes_nothing() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    let delivery = net.fetch(A, B);
    net.block(B, || accept(A, Acceptance::Refusing, WINDOW));
    assert_eq!(net.block(B, || submit(delivery)), refused(Error::NotAccepting));
    net.relay_messages(B, A);
    let sent = net.block(A, || XcmpChannels::send(B.into(), payload(b"2")));
    assert_eq!(sent, Err(SendFailure::NotAccepted));
    // What was under way waits, and arrives.
    net.block(B, || accept(A, Acceptance::Accepting, WINDOW));
    net.relay_messages(A, B);
    assert_eq!(net.channel(B, A).received.count(), 1);
}

#[test]
fn many_acknowledgements_are_worked_off_in_shares() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || (0..20).for_each(|_| send(B, b"x")));
    net.relay_messages(A, B);
    let share = MaxAcknowledgedPerDelivery::get();
    let update = net.fetch(B, A);
    net.block(A, || ());
    let first = net.block(A, || submit(update.clone())).unwrap();
    assert_eq!(net.channel(A, B).acknowledged.count(), u64::from(share));
    let second = net.block(A, || submit(update.clone())).unwrap();
    assert_eq!(net.channel(A, B).acknowledged.count(), 20);
    assert_eq!(net.block(A, || submit(update)), refused(Error::NothingNew));
    // Each pays for what it did.
    assert_eq!(first.actual_weight, Some(<() as WeightInfo>::deliver(0, 0, share)));
    assert_eq!(second.actual_weight, Some(<() as WeightInfo>::deliver(0, 0, 20 - share)));
}

#[test]
fn what_was_never_sent_cannot_be_acknowledged() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    // B claims to have two messages. All else about the delivery is right.
    net.block(B, || {
        let channel = XcmpChannels::channel(A.into()).unwrap();
        let received = channel.received.append(&[Default::default(); 2]).unwrap();
        XcmpChannels::do_set_received(A.into(), received).ok().unwrap();
    });
    let update = net.fetch(B, A);
    net.block(A, || ());
    assert_eq!(net.block(A, || submit(update)), refused(Error::AcknowledgedUnsent));
}

#[test]
fn an_acknowledgement_that_falls_changes_nothing() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1", b"2"]);
    net.relay_messages(A, B);
    net.relay_messages(B, A);
    net.block(B, || XcmpChannels::do_set_received(A.into(), Default::default()).ok().unwrap());
    net.send(B, A, &[b"news"]);
    net.relay_messages(B, A);
    let channel = net.channel(A, B);
    assert_eq!(channel.acknowledged.count(), 2);
    assert_eq!(channel.received.count(), 1);
}

#[test]
fn an_older_leaf_does_not_take_back_what_a_newer_one_said() {
    let mut net = Net::new(&[A, B]);
    net.send(B, A, &[b"1"]);
    let older = net.fetch(B, A);
    net.block(A, || ());
    net.block(B, || accept(A, Acceptance::Refusing, WINDOW));
    let newer = net.fetch_at(B, A, 0, 0);
    net.block(A, || ());
    net.block(A, || submit(newer).unwrap());
    assert_eq!(net.channel(A, B).allowance.acceptance, Acceptance::Refusing);
    // Its message is as good as ever, what it says of the other direction is not.
    net.block(A, || submit(older).unwrap());
    let channel = net.channel(A, B);
    assert_eq!((channel.received.count(), channel.allowance.acceptance), (1, Acceptance::Refusing));
}

#[test]
fn what_an_older_leaf_says_is_no_news() {
    let mut net = Net::new(&[A, B]);
    net.block(B, || ());
    let older = net.fetch(B, A);
    net.block(A, || ());
    net.block(B, || accept(A, Acceptance::Refusing, WINDOW));
    let newer = net.fetch(B, A);
    net.block(A, || ());
    net.block(A, || submit(newer).unwrap());
    // It differs from what was heard, and as it changes nothing it would come again and again, for nothing.
    assert_ne!(older.leaf.acceptance, net.channel(A, B).allowance.acceptance);
    assert_eq!(net.block(A, || submit(older)), refused(Error::NothingNew));
}

#[test]
fn an_update_without_news_is_refused() {
    let mut net = Net::new(&[A, B]);
    net.block(B, || ());
    let update = net.fetch(B, A);
    net.block(A, || ());
    assert_eq!(net.block(A, || submit(update)), refused(Error::NothingNew));
}

#[test]
fn what_happens_is_told_in_events() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || {
        let hash = XcmpChannels::send(B.into(), payload(b"1")).unwrap();
        System::assert_last_event(RuntimeEvent::XcmpChannels(Event::Sent { peer: B.into(), index: 0, hash }));
    });
    let delivery = net.fetch(A, B);
    net.block(B, || ());
    net.block(B, || {
        submit(delivery).unwrap();
        System::assert_has_event(Event::Received { sender: A.into(), messages: 1, count: 1 }.into());
    });
    let update = net.fetch(B, A);
    net.block(A, || ());
    net.block(A, || {
        submit(update).unwrap();
        System::assert_has_event(Event::Acknowledged { peer: B.into(), count: 1 }.into());
    });
}

#[test]
fn channels_do_not_mix() {
    let mut net = Net::new(&[A, B, C]);
    net.block(A, || {
        send(B, b"to b");
        send(C, b"to c");
    });
    net.send(C, B, &[b"c to b"]);
    net.relay_messages(A, C);
    net.relay_messages(C, B);
    net.relay_messages(A, B);
    net.block(B, || ());
    net.block(C, || ());
    assert_eq!(net.executed_from(B, A), [b"to b"]);
    assert_eq!(net.executed_from(C, A), [b"to c"]);
    assert_eq!(net.executed_from(B, C), [b"c to b"]);
}

#[test]
fn after_a_full_block_a_pool_takes_the_next_delivery() {
    let mut net = Net::new(&[A, B]);
    let full = BlockBudget::get().messages;
    net.block(A, || (0..=full).for_each(|_| send(B, b"x")));
    net.relay_messages(A, B);
    let next = net.fetch(A, B);
    // On the state that the block left, before the next one begins.
    net.read(B, || assert!(call(next).authorize(TransactionSource::External).is_some_and(|checked| checked.is_ok())));
}
