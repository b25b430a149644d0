// SPDX-License-Identifier: GPL-3.0-only
//! How a channel ends, or pauses, when one of its sides does.

use super::{
    governance::{clear, command, remove_channel, set_received},
    para::{apply, send_payload, Para},
    relay::CODE,
    world::{channel, refused, World, A, B},
};
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo},
    traits::QueueFootprintQuery,
};
use pallet_xcmp_channels::{Error, MessageOrigin, SendFailure, KNOWN_ROOTS};
use polkadot_primitives::{HeadData, ValidationCode};
use polkadot_runtime_common::paras_registrar;
use polkadot_runtime_parachains::{paras, ParaLifecycle};
use serin_parachain_runtime::{
    configs::{system::BlockWeights, xcmp::MaxUnderWay},
    MessageQueue, Runtime, RuntimeOrigin, System, XcmpChannels,
};
use serin_primitives::xcmp::{Delivery, MAX_DELIVERED_MESSAGES};
use serin_runtime::{genesis_config_presets::Transport, Paras, RuntimeCall, Xcmp};
use sp_core::H256;
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::traits::{BlakeTwo256, Dispatchable, Hash};
use std::ops::Range;

/// As many as one delivery holds, and one block takes in.
const SHARE: u32 = MAX_DELIVERED_MESSAGES;
/// A third parachain that nobody runs.
const ANOTHER: u32 = 2_101;

#[test]
fn a_sender_that_stops_leaves_all_as_it_is_and_goes_on_when_it_comes_back() {
    let mut world = World::new(Transport::Xcmp);
    let mut sent = world.step(|| send_numbers(B, 0..SHARE + 300), || ()).0;
    world.step(|| (), || ());
    let delivery = world.leaving_a();
    world.step_b(|| {
        taken(delivery);
        fill_block();
    });

    // A has made its last block. What B has of it is run, and what its full nodes have is still delivered.
    let waiting = world.b.inspect(|| MessageQueue::footprint(MessageOrigin::Xcmp(A.into())).storage.count);
    assert_eq!((waiting, world.b.ran().len()), (SHARE.into(), 0));
    world.step_b(|| ());
    assert_eq!(world.b.ran(), &sent[..sent.len() - 300]);
    let rest = world.leaving_a();
    assert_eq!(rest.payloads.len(), 300);
    world.step_b(|| taken(rest));
    let before = channel(&mut world.b, A);
    // Longer than roots are known, if new ones came.
    (0..KNOWN_ROOTS + 8).for_each(|_| world.step_b(|| ()));
    let answers = world.step_b(|| send_numbers(A, 0..2));
    assert_eq!(answers.len(), 2);
    let after = channel(&mut world.b, A);
    assert_eq!(world.b.ran(), sent);
    assert_eq!((after.received, after.allowance), (before.received, before.allowance));

    sent.extend(world.step(|| send_numbers(B, SHARE + 300..SHARE + 302), || ()).0);
    world.step(|| (), || ());
    let (to_b, to_a) = (world.leaving_a(), world.leaving_b());
    world.step(|| taken(to_a), || taken(to_b));
    world.step(|| (), || ());
    assert_eq!(world.b.ran(), sent);
    assert_eq!(world.a.ran(), answers);
}

/// What a caller got no room for is still the caller's, who sends it later.
#[test]
fn a_receiver_that_sleeps_for_ten_thousand_messages_gets_them_all_in_order_and_once() {
    const ASKED: u32 = 10_000;
    let room = room();
    let mut world = World::new(Transport::Xcmp);
    let mut sent = Vec::new();
    for _ in 0..4 {
        let from = count(&sent);
        let (sent_now, refusal) = world.step_a(|| (send_numbers(B, from..ASKED), send_payload(B, message(ASKED))));
        sent.extend(sent_now);
        assert_eq!(refusal, Err(SendFailure::WindowFull));
        assert_eq!(sent.len(), room, "the window is full at once, and stays so");
    }

    let mut blocks = 0;
    while world.b.ran().len() < usize::try_from(ASKED).expect("it fits") {
        blocks += 1;
        assert!(blocks < 100, "{} of {} arrived", world.b.ran().len(), sent.len());
        let (to_a, to_b) = (world.b.news_for(&mut world.a), world.a.news_for(&mut world.b));
        let from = count(&sent);
        let in_a = || {
            to_a.into_iter().for_each(taken);
            send_numbers(B, from..ASKED)
        };
        let before = channel(&mut world.b, A).received.count();
        sent.extend(world.step(in_a, || to_b.into_iter().for_each(taken)).0);
        let share = channel(&mut world.b, A).received.count() - before;
        assert!(share <= SHARE.into(), "{share} in one block");
    }
    println!("{ASKED} messages took the receiver {blocks} blocks");
    assert_eq!(world.b.ran(), sent);
    let expected = (0..ASKED).map(|number| BlakeTwo256::hash(&message(number)));
    assert!(sent.into_iter().eq(expected));
}

#[test]
fn a_para_that_is_offboarded_and_whose_id_is_used_again_needs_a_new_channel() {
    let mut world = World::with_epochs(Transport::Xcmp, 10);
    let old = exchange(&mut world, 0..2);
    let unheard = world.step(|| send_numbers(B, 2..3), || ()).0;
    assert_eq!(unheard.len(), 1);
    world.step_b(|| ());
    let late = world.leaving_a();

    // Without a lease it loses its place, and then Root takes its registration.
    wait_until(&mut world, Some(ParaLifecycle::Parathread));
    world.enact(vec![RuntimeCall::Registrar(paras_registrar::Call::deregister { id: A.into() })]);
    wait_until(&mut world, None);
    world.relay.chain.block(|| ());
    assert_eq!(world.relay.chain.inspect(|| Xcmp::latest_root(A.into())), None);
    assert_eq!(world.step_b(|| apply(late.clone())), Err(refused(Error::UnknownRoot)), "B sees that there is no root");

    let new = Para::new(A, &[B, ANOTHER]);
    assert_ne!(new.head(), world.a.head());
    world.enact(vec![RuntimeCall::Registrar(paras_registrar::Call::force_register {
        who: Alice.to_account_id(),
        deposit: 0,
        id: A.into(),
        genesis_head: HeadData(new.head()),
        validation_code: ValidationCode(CODE.to_vec()),
    })]);
    wait_until(&mut world, Some(ParaLifecycle::Parathread));
    world.a = new;

    // Its own first three messages. B waits for the third of the old one.
    assert_eq!(world.step(|| send_numbers(B, 100..103), || ()).0.len(), 3);
    world.step(|| (), || ());
    let third = world.leaving_a();
    assert_eq!(third.payloads.len(), 1);
    assert_eq!(world.step_b(|| apply(third)), Err(refused(Error::WrongMessages)));
    assert_eq!(world.step_b(|| apply(late)), Err(refused(Error::UnknownRoot)), "nor does the old one's root come back");
    assert_eq!(world.b.ran(), old);

    world.begin_channel_again();
    learn_allowances(&mut world);
    let again = exchange(&mut world, 200..202);
    assert_eq!(world.b.ran(), [old, again].concat());
}

#[test]
fn a_sender_that_governance_sets_back_goes_on_where_the_histories_agree() {
    let mut world = World::new(Transport::Xcmp);
    let mut ran = exchange(&mut world, 0..2);
    let agreed = world.a.fork();
    world.step(|| send_numbers(B, 2..4), || ());
    world.step(|| (), || ());
    let abandoned = world.leaving_a();
    assert_eq!(abandoned.payloads.len(), 2);

    set_back(&mut world, agreed);
    assert_eq!(world.step_b(|| apply(abandoned.clone())), Err(refused(Error::UnknownRoot)));
    // Another history with the same beginning.
    ran.extend(exchange(&mut world, 100..103));
    assert_eq!(world.step_b(|| apply(abandoned)), Err(refused(Error::UnknownRoot)));
    assert_eq!(world.b.ran(), ran);
}

#[test]
fn a_sender_set_back_behind_what_was_received_waits_for_governance() {
    let mut world = World::new(Transport::Xcmp);
    let mut ran = exchange(&mut world, 0..2);
    let agreed = world.a.fork();
    let frontier = channel(&mut world.b, A).received;
    // B runs what the sender then never sent.
    ran.extend(exchange(&mut world, 2..3));
    set_back(&mut world, agreed);
    let instead = world.step(|| send_numbers(B, 100..102), || ()).0;
    world.step(|| (), || ());
    let contradicting = world.leaving_a();
    assert_eq!(world.step_b(|| apply(contradicting.clone())), Err(refused(Error::WrongMessages)));

    world.enact(vec![command(B, set_received(A, frontier))]);
    world.step_b(|| ());
    assert_eq!(world.step_b(|| apply(contradicting)), Err(refused(Error::WrongMessages)), "it begins too late now");
    let both = world.leaving_a();
    assert_eq!(both.payloads.len(), 2);
    world.step_b(|| taken(both));
    world.step_b(|| ());
    assert_eq!(world.b.ran(), [ran, instead].concat(), "what was run stays run");
}

#[test]
fn governance_removes_a_channel_however_full_it_is() {
    let mut world = World::new(Transport::Xcmp);
    assert_eq!(world.step_a(|| send_numbers(B, 0..10_000)).len(), room());
    let call = remove_channel(B);
    let declared = world.a.inspect(|| call.get_dispatch_info().call_weight);
    let proof = world.a.proof_bytes(|| call.clone().dispatch(RuntimeOrigin::root()).map(drop).expect("it is there"));
    println!("{proof} bytes of proof, {} declared", declared.proof_size());
    assert!(u64::try_from(proof).expect("a length") <= declared.proof_size());

    world.enact(vec![command(A, call)]);
    world.step_a(|| ());
    world.a.inspect(|| {
        assert_eq!(XcmpChannels::channel(B.into()), None);
        assert_eq!(pallet_xcmp_channels::Messages::<Runtime>::iter_keys().count(), 0);
    });
}

/// Sends these from A to B, and runs them there. What was sent before is delivered as well.
fn exchange(world: &mut World, numbers: Range<u32>) -> Vec<H256> {
    let sent = world.step(|| send_numbers(B, numbers), || ()).0;
    world.step(|| (), || ());
    let delivery = world.leaving_a();
    world.step(|| (), || taken(delivery));
    world.step(|| (), || ());
    sent
}

/// Sides of a new channel may not send before they heard what the other takes.
fn learn_allowances(world: &mut World) {
    world.step(|| (), || ());
    let (to_a, to_b) = (world.leaving_b(), world.leaving_a());
    world.step(|| taken(to_a), || taken(to_b));
}

/// Makes A what it was, by the batch that `pallet-xcmp` asks for.
fn set_back(world: &mut World, to: Para) {
    let head = paras::Call::force_set_current_head { para: A.into(), new_head: HeadData(to.head()) };
    world.enact(vec![RuntimeCall::Paras(head), clear(A)]);
    world.a = to;
}

fn wait_until(world: &mut World, lifecycle: Option<ParaLifecycle>) {
    let is = |world: &mut World| world.relay.chain.inspect(|| Paras::lifecycle(A.into()));
    for _ in 0..100 {
        if is(world) == lifecycle {
            return;
        }
        world.relay.chain.block(|| ());
    }
    panic!("{:?} instead of {lifecycle:?}", is(world));
}

/// Sends as many of these messages as there is room for; returns their hashes.
fn send_numbers(peer: u32, numbers: Range<u32>) -> Vec<H256> {
    numbers.map_while(|number| send_payload(peer, message(number)).ok()).collect()
}

/// No XCM, and unlike all others.
fn message(number: u32) -> Vec<u8> {
    [vec![255; 28], number.to_be_bytes().to_vec()].concat()
}

fn taken(delivery: Delivery) {
    assert_eq!(apply(delivery), Ok(Ok(())));
}

/// As other transactions would: there is no room for messages at its end.
fn fill_block() {
    System::register_extra_weight_unchecked(BlockWeights::get().max_block, DispatchClass::Normal);
}

/// How many messages the window has room for.
fn room() -> usize {
    usize::try_from(MaxUnderWay::get().messages).expect("it fits")
}

fn count(sent: &[H256]) -> u32 {
    u32::try_from(sent.len()).expect("few")
}
