// SPDX-License-Identifier: GPL-3.0-only
//! Why both sides have to remove a channel before either makes it again: nothing in a leaf says to which of two channels
//! it belongs, and both begin with message 0.

use super::{accept, refused, submit, Net, A, B, WINDOW};
use crate::{
    mock::{RuntimeOrigin, XcmpChannels},
    Error,
};
use serin_primitives::xcmp::Acceptance;

#[test]
fn a_side_that_begins_again_before_the_other_removed_the_channel_takes_old_messages_again() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"old"]);
    let kept = net.fetch(A, B);
    net.relay_messages(A, B);
    // It does not help that the sender has forgotten the message: others have it.
    net.relay_messages(B, A);
    assert_eq!(net.channel(A, B).messages_under_way(), 0);

    net.block(B, || begin_again(A));
    net.block(B, || ());
    net.block(B, || submit(kept).map(drop).unwrap());
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"old", b"old"]);
}

#[test]
fn a_side_that_begins_again_first_takes_nothing_from_who_still_acknowledges_the_old_channel() {
    let mut net = Net::new(&[A, B]);
    net.send(B, A, &[b"old answer"]);
    net.relay_messages(B, A);
    net.send(A, B, &[b"old"]);
    net.relay_messages(A, B);
    net.block(B, || begin_again(A));
    let again = net.fetch(A, B);
    net.block(B, || ());
    assert_eq!(net.block(B, || submit(again)), refused(Error::AcknowledgedUnsent));
}

#[test]
fn a_channel_begins_again_safely_once_both_sides_have_removed_it() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"old"]);
    let kept = net.fetch(A, B);
    net.relay_messages(A, B);
    net.relay.clear(A);
    net.relay.clear(B);
    for (id, peer) in [(A, B), (B, A)] {
        net.block(id, || remove(peer));
    }
    for (id, peer) in [(A, B), (B, A)] {
        net.block(id, || accept(peer, Acceptance::Accepting, WINDOW));
    }
    net.block(B, || ());
    assert_eq!(net.block(B, || submit(kept)), refused(Error::UnknownRoot));
    net.relay_messages(B, A);
    net.send(A, B, &[b"new"]);
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"old", b"new"]);
}

/// A sender that is gone removes nothing. Its last root is what has to go.
#[test]
fn a_channel_with_a_sender_that_is_gone_begins_again_safely_once_its_root_is_cleared() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"old"]);
    let kept = net.fetch(A, B);
    net.relay_messages(A, B);
    net.relay.clear(A);
    net.block(B, || begin_again(A));
    net.block(B, || ());
    assert_eq!(net.block(B, || submit(kept)), refused(Error::UnknownRoot));
}

fn begin_again(peer: u32) {
    remove(peer);
    accept(peer, Acceptance::Accepting, WINDOW);
}

fn remove(peer: u32) {
    XcmpChannels::remove_channel(RuntimeOrigin::root(), peer.into()).unwrap();
}
