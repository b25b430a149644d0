// SPDX-License-Identifier: GPL-3.0-only
//! Which roots are believed, and for how long.

use super::{accept, refused, send, submit, Net, A, B, C, WINDOW};
use crate::{
    mock::{System, Test, XcmpChannels, FORGETTING_BLOCKS},
    roots::KNOWN_ROOTS,
    Error, Event, KnownRoots, RootRing, Watches,
};
use cumulus_primitives_core::{ParaId, RelayStorageKey};
use serin_primitives::xcmp::{latest_root_key, Acceptance, LatestRoot};
use sp_core::H256;

fn latest(byte: u64, relay_block: u32, generation: u32) -> LatestRoot {
    LatestRoot { root: H256::from_low_u64_be(byte), number: 1, relay_block, generation }
}

/// B sees this of A in the relay chain's state.
fn observe(seen: LatestRoot) {
    XcmpChannels::observe(A.into(), Ok(Some(seen)));
    XcmpChannels::do_try_state().unwrap();
}

fn knows(byte: u64) -> bool {
    XcmpChannels::knows_root(A.into(), H256::from_low_u64_be(byte))
}

/// Runs on the state of B, which has a channel with A and saw nothing yet.
fn on_b(test: impl FnOnce()) {
    let mut net = Net::without_channels(&[B]);
    net.block(B, || {
        accept(A, Acceptance::Accepting, WINDOW);
        test();
    });
}

#[test]
fn the_proof_of_the_relay_chain_is_asked_for_each_peer() {
    let net = Net::new(&[A, B, C]);
    net.read(B, || {
        let keys = [A, C].map(|peer| RelayStorageKey::Top(latest_root_key(peer.into())));
        assert_eq!(XcmpChannels::keys_to_prove().keys, keys);
    });
}

#[test]
fn i5_the_last_32_roots_are_known() {
    on_b(|| {
        for observation in 1..200 {
            observe(latest(observation, observation as u32, 0));
            for older in 1..=observation {
                assert_eq!(knows(older), older + KNOWN_ROOTS > observation, "{older} at {observation}");
            }
        }
        assert_eq!(KnownRoots::<Test>::iter().count() as u64, KNOWN_ROOTS);
        assert_eq!(RootRing::<Test>::iter().count() as u64, KNOWN_ROOTS);
    });
}

#[test]
fn i5_a_delivery_on_a_forgotten_root_is_refused_and_one_built_anew_is_taken() {
    let mut net = Net::new(&[A, B, C]);
    net.send(A, B, &[b"1"]);
    let old = net.fetch(A, B);
    net.block(B, || ());
    for index in 0..FORGETTING_BLOCKS {
        // Each block of A says something else to C.
        net.block(A, || {
            accept(C, Acceptance::Accepting, serin_primitives::xcmp::Window { messages: index as u32, bytes: 0 })
        });
        net.block(B, || ());
    }
    assert_eq!(net.block(B, || submit(old)), refused(Error::UnknownRoot));
    net.relay_messages(A, B);
    assert_eq!(net.channel(B, A).received.count(), 1);
}

#[test]
fn a_root_that_stays_takes_one_place() {
    on_b(|| {
        observe(latest(1, 1, 0));
        for relay_block in 1..100 {
            observe(latest(2, relay_block, 0));
        }
        assert!(knows(1) && knows(2));
        assert_eq!(Watches::<Test>::get(ParaId::from(A)).unwrap().observations, 2);
    });
}

#[test]
fn i5_a_root_that_comes_back_is_as_new_as_its_last_observation() {
    on_b(|| {
        observe(latest(1, 1, 0));
        observe(latest(2, 2, 0));
        observe(latest(1, 3, 0));
        (10..10 + KNOWN_ROOTS - 1).for_each(|byte| observe(latest(byte, byte as u32, 0)));
        // Its first place was given away, the second one was not.
        assert!(knows(1) && !knows(2));
        observe(latest(99, 99, 0));
        assert!(!knows(1));
    });
}

#[test]
fn an_older_relay_parent_tells_nothing() {
    on_b(|| {
        observe(latest(1, 10, 3));
        observe(latest(2, 9, 2));
        assert!(knows(1) && !knows(2));
        observe(latest(3, 11, 3));
        assert!(knows(1) && knows(3));
    });
}

#[test]
fn another_generation_forgets_the_roots_of_the_one_before() {
    on_b(|| {
        observe(latest(1, 1, 0));
        observe(latest(2, 2, 0));
        System::reset_events();
        observe(latest(3, 3, 1));
        assert!(!knows(1) && !knows(2) && knows(3));
        System::assert_last_event(Event::RootsForgotten { sender: A.into() }.into());
    });
}

#[test]
fn a_generation_before_the_first_observation_forgets_nothing() {
    on_b(|| {
        System::reset_events();
        observe(latest(1, 1, 7));
        assert!(knows(1));
        assert!(System::events().is_empty());
    });
}

#[test]
fn a_sender_without_a_root_freezes_and_comes_back() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    let delivery = net.fetch(A, B);
    net.block(B, || ());
    net.relay.clear(A);
    net.block(B, || ());
    assert_eq!(net.block(B, || submit(delivery.clone())), refused(Error::UnknownRoot));
    net.block(A, || ());
    net.block(B, || ());
    assert!(net.block(B, || submit(delivery)).is_ok());
}

#[test]
fn what_is_in_the_queue_when_a_sender_leaves_is_still_run() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    net.relay_messages(A, B);
    net.relay.clear(A);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"1"]);
}

#[test]
fn i7_a_key_that_a_collator_leaves_out_delays_roots_and_nothing_else() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    let delivery = net.fetch(A, B);
    let relay = net.relay.clone();
    for _ in 0..3 {
        let refusal = net.para(B).block(&relay, &[A], || submit(delivery.clone()));
        assert_eq!(refusal, refused(Error::UnknownRoot));
    }
    // Nothing that was known is forgotten over it.
    assert!(net.read(B, || Watches::<Test>::contains_key(ParaId::from(A))));
    net.para(B).block(&relay, &[], || assert!(submit(delivery).is_ok()));
}

#[test]
fn a_root_learned_in_a_block_is_good_in_the_same_block() {
    // The inherent runs first. Relayers cannot use it, as pools check on the state before.
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    let delivery = net.fetch(A, B);
    net.block(B, || submit(delivery).unwrap());
    assert_eq!(net.channel(B, A).received.count(), 1);
}

#[test]
fn of_a_bundle_the_last_block_proves_all() {
    let mut net = Net::new(&[A, B]);
    (0..4u8).for_each(|index| net.block_of_fork(A, || send(B, &[index])));
    let head = net.paras[&A].head.clone();
    net.relay.include(&[(A, head)]);
    net.relay_messages(A, B);
    assert_eq!(net.channel(B, A).received.count(), 4);
}
