// SPDX-License-Identifier: GPL-3.0-only
//! That each broken invariant is found.

use super::{payload, Net, A, B};
use crate::{
    mock::{MaxUnderWay, Test, XcmpChannels},
    Channel, KnownRoots, Leaves, MessageRecord, Messages, Records, Watch, Watches,
};
use codec::{Decode, Encode};
use cumulus_primitives_core::ParaId;
use serin_primitives::xcmp::{message_hash, Frontier};
use sp_core::H256;

const PEER: u32 = B;

/// What is found after `damage` to a sound state: A sent two messages to B, and knows some of its roots.
fn finding(damage: impl FnOnce()) -> &'static str {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1", b"22"]);
    net.para(A).run(|| {
        XcmpChannels::do_try_state().unwrap();
        damage();
        match XcmpChannels::do_try_state().unwrap_err() {
            sp_runtime::TryRuntimeError::Other(finding) => finding,
            other => panic!("no finding: {other:?}"),
        }
    })
}

/// Changes the channel, with a leaf that says the same.
fn change(change: impl FnOnce(&mut Channel)) {
    let mut channel = XcmpChannels::channel(PEER.into()).unwrap();
    change(&mut channel);
    XcmpChannels::store(PEER.into(), channel);
}

#[test]
fn i1_leaves_and_channels_belong_together() {
    assert_eq!(finding(Leaves::<Test>::kill), "I1: a leaf without a channel, or the reverse");
    let other_leaf = || Leaves::<Test>::mutate(|leaves| *leaves.get_mut(&PEER.into()).unwrap() = H256::zero());
    assert_eq!(finding(other_leaf), "I1: a leaf that does not say what its channel does");
}

#[test]
fn i2_frontiers_are_sound_and_in_order() {
    // As it might be decoded: three messages and no peak.
    let unsound = || Frontier::decode(&mut &(3u64, Vec::<H256>::new()).encode()[..]).unwrap();
    assert_eq!(finding(|| change(|channel| channel.received = unsound())), "I2: a frontier that is not sound");
    let swap = |channel: &mut Channel| core::mem::swap(&mut channel.sent, &mut channel.acknowledged);
    assert_eq!(finding(|| change(swap)), "I2: more acknowledged than sent");
}

#[test]
fn i3_the_messages_under_way_are_there() {
    let peer = ParaId::from(PEER);
    assert_eq!(finding(|| Messages::<Test>::remove(peer, 1)), "I3: a message under way that is not there");
    assert_eq!(finding(|| Records::<Test>::remove(peer, 1)), "I3: a message under way without a record");
    let altered = || Messages::<Test>::insert(peer, 1, payload(b"xx"));
    assert_eq!(finding(altered), "I3: a record of another message");
    let replaced = || {
        Messages::<Test>::insert(peer, 1, payload(b"xx"));
        Records::<Test>::mutate(peer, 1, |record| record.as_mut().unwrap().hash = message_hash(b"xx"));
    };
    assert_eq!(finding(replaced), "I3: the messages under way do not lead to the stream's end");
    let lost = || Messages::<Test>::insert(peer, 9, payload(b"x"));
    assert_eq!(finding(lost), "I3: a message without a record, or the reverse");
    let uncounted = || {
        Messages::<Test>::insert(peer, 9, payload(b"x"));
        let record = Records::<Test>::get(peer, 0).unwrap();
        Records::<Test>::insert(peer, 9, record);
    };
    assert_eq!(finding(uncounted), "I3: messages that no channel counts");
}

#[test]
fn i4_what_is_under_way_is_counted_and_bounded() {
    assert_eq!(finding(|| change(|channel| channel.bytes_under_way += 1)), "I4: a wrong sum of bytes, or too many");
    let too_many = || {
        let peer = ParaId::from(PEER);
        let hash = message_hash(b"1");
        let count = u64::from(MaxUnderWay::get().messages) + 1;
        for index in 0..count {
            Messages::<Test>::insert(peer, index, payload(b"1"));
            Records::<Test>::insert(peer, index, MessageRecord { hash, bytes: 1 });
        }
        change(|channel| {
            channel.sent = Frontier::default().append(&vec![hash; count as usize]).unwrap();
            channel.bytes_under_way = count as u32;
        });
    };
    assert_eq!(finding(too_many), "I4: too many messages under way");
}

#[test]
fn i5_known_roots_were_seen() {
    let peer = ParaId::from(PEER);
    assert_eq!(finding(|| Watches::<Test>::remove(peer)), "I5: a known root of a sender that is not watched");
    let later = || KnownRoots::<Test>::insert(peer, H256::repeat_byte(9), 1_000);
    assert_eq!(finding(later), "I5: a root of a later observation");
    let invented = || KnownRoots::<Test>::insert(peer, H256::repeat_byte(9), 1);
    assert_eq!(finding(invented), "I5: a known root that is not in the ring");
    let kept = || Watches::<Test>::mutate(peer, |watch| watch.as_mut().unwrap().observations += 100);
    assert_eq!(finding(kept), "I5: a root that should be forgotten");
    let left = || Watches::<Test>::insert(ParaId::from(9), Watch::default());
    assert_eq!(finding(left), "I5: a watch without a channel");
}
