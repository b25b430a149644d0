// SPDX-License-Identifier: GPL-3.0-only
//! The format's next version, and blocks of an upgrade in which nothing but inherents has room.

use super::{refused, send, simulator::of_next_version, submit, Net, A, B};
use crate::{mock::XcmpChannels, Error};
use serin_primitives::xcmp::digest::root_of_head;

/// Includes A's last head, written by a runtime of the next version, which this relay chain does not read.
fn include_of_next_version(net: &mut Net) {
    let head = of_next_version(&net.paras[&A].head);
    net.relay.include(&[(A, head)]);
}

#[test]
fn a_sender_that_is_upgraded_first_freezes_and_loses_nothing() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"before"]);
    let before = net.fetch(A, B);
    net.block(B, || ());
    net.block_of_fork(A, || send(B, b"frozen"));
    include_of_next_version(&mut net);
    let frozen = net.fetch(A, B);
    net.block(B, || ());
    // What was proved by the last root that could be read still is, and nothing newer.
    assert_eq!(net.block(B, || submit(frozen)), refused(Error::UnknownRoot));
    assert!(net.block(B, || submit(before)).is_ok());
    // The relay chain follows.
    net.block(A, || ());
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [&b"before"[..], b"frozen"]);
}

#[test]
fn a_block_with_inherents_only_carries_the_root_and_learns_roots() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    let delivery = net.fetch(A, B);
    let committed = |net: &Net, id: u32| root_of_head(&net.paras[&id].head).unwrap().1;
    let before = committed(&net, B);
    (0..5).for_each(|_| net.block(B, || ()));
    assert_eq!(committed(&net, B), before);
    assert!(net.read(B, || XcmpChannels::knows_root(A.into(), delivery.root)));
    // When there is room again, nothing has to be built anew.
    assert!(net.block(B, || submit(delivery)).is_ok());
}
