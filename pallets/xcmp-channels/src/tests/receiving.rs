// SPDX-License-Identifier: GPL-3.0-only
//! What must not be taken in, and that nothing is taken twice.

use super::{call, payload, refused, rounds_and_seed, send, submit, Net, A, B, C};
use crate::{
    mock::{
        BlockBudget, MaxQueuePages, Para, RuntimeOrigin, ServiceWeight, Test, XcmpChannels, FORGETTING_BLOCKS, PLENTY,
    },
    Channels, Error, WeightInfo,
};
use frame_support::{
    assert_noop, assert_storage_noop,
    dispatch::GetDispatchInfo,
    pallet_prelude::{InvalidTransaction, TransactionSource, TransactionValidityError},
    traits::Authorize,
};
use rand::{rngs::StdRng, Rng, SeedableRng};
use serin_primitives::xcmp::Delivery;
use sp_runtime::DispatchError;

/// A sent three messages, and B knows the root.
fn with_delivery() -> (Net, Delivery) {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1", b"2", b"3"]);
    let delivery = net.fetch(A, B);
    net.block(B, || ());
    (net, delivery)
}

fn verdict(net: &Net, delivery: Delivery) -> Result<(), TransactionValidityError> {
    net.read(B, || submit(delivery).map(drop))
}

fn fails(error: Error<Test>) -> Result<(), TransactionValidityError> {
    refused(error).map(drop)
}

#[test]
fn i6_messages_arrive_once_and_in_order() {
    let (mut net, delivery) = with_delivery();
    assert_eq!(net.block(B, || submit(delivery)).map(drop), Ok(()));
    net.send(A, B, &[b"4"]);
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"1", b"2", b"3", b"4"]);
}

#[test]
fn i6_the_same_delivery_again_is_refused() {
    let (mut net, delivery) = with_delivery();
    net.block(B, || {
        submit(delivery.clone()).unwrap();
        assert_eq!(submit(delivery.clone()).map(drop), fails(Error::BeyondCount));
    });
    assert_eq!(net.block(B, || submit(delivery.clone())).map(drop), fails(Error::BeyondCount));
    // With later messages under the same sender it no longer lies beyond the count, and is refused all the same.
    net.send(A, B, &[b"4", b"5", b"6"]);
    let mut newer = net.fetch(A, B);
    net.block(B, || ());
    newer.payloads = delivery.payloads;
    assert_eq!(verdict(&net, newer), fails(Error::WrongMessages));
}

#[test]
fn i6_a_delivery_that_overlaps_is_refused() {
    let (mut net, _) = with_delivery();
    let (first, overlapping) = (net.fetch_at(A, B, 0, 2), net.fetch_at(A, B, 1, 2));
    net.block(B, || submit(first).unwrap());
    assert_eq!(verdict(&net, overlapping), fails(Error::BeyondCount));
    net.send(A, B, &[b"4"]);
    let overlapping = net.fetch_at(A, B, 1, 2);
    net.block(B, || ());
    assert_eq!(verdict(&net, overlapping), fails(Error::WrongMessages));
}

#[test]
fn i6_a_gap_is_refused() {
    let (net, _) = with_delivery();
    assert_eq!(verdict(&net, net.fetch_at(A, B, 1, 1)), fails(Error::WrongMessages));
    assert_eq!(verdict(&net, net.fetch_at(A, B, 0, 2)), Ok(()));
}

#[test]
fn i6_altered_messages_are_refused() {
    let (net, delivery) = with_delivery();
    let bent = |bend: fn(&mut Vec<_>)| {
        let mut payloads = delivery.payloads.to_vec();
        bend(&mut payloads);
        verdict(&net, Delivery { payloads: payloads.try_into().unwrap(), ..delivery.clone() })
    };
    assert_eq!(bent(|payloads| payloads.swap(0, 1)), fails(Error::WrongMessages));
    assert_eq!(bent(|payloads| drop(payloads.remove(1))), fails(Error::WrongMessages));
    assert_eq!(bent(|payloads| payloads[1] = payload(b"x")), fails(Error::WrongMessages));
    assert_eq!(bent(|payloads| payloads.push(payload(b"x"))), fails(Error::BeyondCount));
    assert_eq!(bent(|_| ()), Ok(()));
}

#[test]
fn an_extension_without_messages_does_not_move_what_was_received() {
    let (mut net, _) = with_delivery();
    // The acknowledgement makes it news.
    net.send(B, A, &[b"reverse"]);
    net.relay_messages(B, A);
    let update = net.fetch_at(A, B, 0, 0);
    net.block(B, || ());
    net.block(B, || submit(update).unwrap());
    let channel = net.channel(B, A);
    assert_eq!((channel.received.count(), channel.acknowledged.count()), (0, 1));
}

#[test]
fn a_leaf_for_somebody_else_is_refused() {
    let mut net = Net::new(&[A, B, C]);
    net.block(A, || {
        send(B, b"to b");
        send(C, b"to c");
    });
    let to_c = net.fetch(A, C);
    net.block(B, || ());
    assert_eq!(verdict(&net, to_c.clone()), fails(Error::WrongPeer));
    let mut renamed = to_c;
    renamed.leaf.peer = B.into();
    assert_eq!(verdict(&net, renamed), fails(Error::NotCommitted));
}

#[test]
fn a_root_of_another_sender_is_refused() {
    let mut net = Net::new(&[A, B, C]);
    net.send(C, B, &[b"of c"]);
    let of_c = net.fetch(C, B);
    net.block(B, || ());
    assert_eq!(verdict(&net, of_c.clone()), Ok(()));
    assert_eq!(verdict(&net, Delivery { sender: A.into(), ..of_c }), fails(Error::UnknownRoot));
}

#[test]
fn a_sender_without_a_channel_is_refused() {
    let (mut net, delivery) = with_delivery();
    net.paras.insert(C, Para::new(C));
    net.block(C, || ());
    let refusal = net.read(C, || submit(delivery.clone()).map(drop));
    assert_eq!(refusal, fails(Error::NoChannel));
}

#[test]
fn a_block_that_was_never_included_proves_nothing() {
    let mut net = Net::new(&[A, B]);
    let mut fork = net.clone();
    fork.block_of_fork(A, || send(B, b"not included"));
    let forged = fork.fetch(A, B);
    // The competing block is included instead.
    net.send(A, B, &[b"included"]);
    net.block(B, || ());
    assert_eq!(verdict(&net, forged), fails(Error::UnknownRoot));
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"included"]);
}

#[test]
fn a_reorganisation_of_the_relay_chain_takes_everything_back() {
    let mut net = Net::new(&[A, B]);
    let before = net.clone();
    net.send(A, B, &[b"given up"]);
    net.relay_messages(A, B);
    let (delivery, late) = (net.fetch_at(A, B, 0, 1), net.fetch_at(A, B, 0, 1));

    // Both parachains go back with the relay chain. The transaction comes into the pool again.
    let mut net = before;
    net.block(B, || ());
    assert_eq!(net.channel(B, A).received.count(), 0);
    assert_eq!(verdict(&net, delivery), fails(Error::UnknownRoot));
    net.send(A, B, &[b"kept"]);
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(verdict(&net, late), fails(Error::UnknownRoot));
    assert_eq!(net.executed_from(B, A), [b"kept"]);
}

#[test]
fn a_sender_that_was_set_back_goes_on_only_where_its_history_agrees() {
    let mut net = Net::new(&[A, B]);
    net.send(A, B, &[b"1"]);
    let agreed = net.paras[&A].clone();
    net.send(A, B, &[b"2"]);
    let abandoned = net.fetch_at(A, B, 0, 2);
    net.block(B, || ());
    // Governance sets A back, and clears its root in the same batch.
    *net.para(A) = agreed;
    net.relay.clear(A);
    net.block(B, || ());
    assert_eq!(verdict(&net, abandoned), fails(Error::UnknownRoot));
    net.send(A, B, &[b"another 2"]);
    net.relay_messages(A, B);
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [&b"1"[..], b"another 2"]);
}

#[test]
fn a_history_that_contradicts_what_was_received_is_refused() {
    // Also stands for a ParaId that is given to another parachain: its stream is another one.
    let mut net = Net::new(&[A, B]);
    let before = net.paras[&A].clone();
    net.send(A, B, &[b"1"]);
    net.relay_messages(A, B);
    *net.para(A) = before;
    net.send(A, B, &[b"another 1", b"2"]);
    let contradicting = net.fetch_at(A, B, 1, 1);
    net.block(B, || ());
    assert_eq!(verdict(&net, contradicting), fails(Error::WrongMessages));
}

#[test]
fn a_receiver_that_slept_catches_up_in_shares() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || (0..32u8).for_each(|index| send(B, &[index])));
    (0..3 * FORGETTING_BLOCKS).for_each(|_| net.block(A, || ()));
    let all = net.fetch(A, B);
    assert_eq!(all.payloads.len(), 32);
    net.block(B, || ());
    let too_many = net.block(B, || submit(all));
    assert_eq!(too_many.map(drop), Err(InvalidTransaction::ExhaustsResources.into()));
    for _ in 0..2 {
        let next = net.channel(B, A).received.count();
        let share = net.fetch_at(A, B, next, BlockBudget::get().messages);
        net.block(B, || submit(share).unwrap());
    }
    net.block(B, || ());
    let expected: Vec<_> = (0..32u8).map(|index| vec![index]).collect();
    assert_eq!(net.executed_from(B, A), expected);
}

#[test]
fn a_block_takes_in_no_more_than_its_budget() {
    let mut net = Net::new(&[A, B, C]);
    let budget = BlockBudget::get();
    net.block(A, || (0..budget.messages).for_each(|_| send(B, b"x")));
    net.send(C, B, &[b"y"]);
    let (of_a, of_c) = (net.fetch(A, B), net.fetch(C, B));
    net.block(B, || ());
    net.block(B, || {
        submit(of_a).unwrap();
        let exhausted = submit(of_c.clone()).map(drop);
        assert_eq!(exhausted, Err(InvalidTransaction::ExhaustsResources.into()));
    });
    // The author kept it, and the next block takes it.
    assert_eq!(net.block(B, || submit(of_c)).map(drop), Ok(()));
}

#[test]
fn the_budget_counts_bytes() {
    let mut net = Net::new(&[A, B]);
    net.block(A, || (0..2).for_each(|_| send(B, &[0; 101_000])));
    let both = net.fetch(A, B);
    net.block(B, || ());
    assert_eq!(verdict(&net, both), Err(InvalidTransaction::ExhaustsResources.into()));
    assert_eq!(verdict(&net, net.fetch_at(A, B, 0, 1)), Ok(()));
}

#[test]
fn a_full_queue_takes_nothing_until_it_is_worked_off() {
    let mut net = Net::new(&[A, B]);
    net.para(B).run(|| ServiceWeight::set(&None));
    // Each message fills a page.
    for index in 0..MaxQueuePages::get() {
        net.send(A, B, &[&[index as u8; 60_000]]);
        net.relay_messages(A, B);
        net.relay_messages(B, A);
    }
    net.send(A, B, &[b"too much"]);
    let delivery = net.fetch(A, B);
    net.block(B, || ());
    assert_eq!(verdict(&net, delivery.clone()), fails(Error::QueueFull));
    net.para(B).run(|| ServiceWeight::set(&Some(PLENTY)));
    net.block(B, || ());
    assert_eq!(net.block(B, || submit(delivery)).map(drop), Ok(()));
}

#[test]
fn only_the_authorized_origin_delivers() {
    // Whatever wraps a call (utility, proxy, XCM) gives it another origin than this one.
    let (net, delivery) = with_delivery();
    net.read(B, || {
        for origin in [RuntimeOrigin::root(), RuntimeOrigin::signed(1), RuntimeOrigin::none()] {
            assert_noop!(XcmpChannels::deliver(origin, delivery.clone()), DispatchError::BadOrigin);
        }
    });
}

#[test]
fn running_a_delivery_checks_it_again() {
    // The pool's word is not taken for it: a delivery that did not pass leaves no trace, even with the right origin.
    let (net, delivery) = with_delivery();
    let mut bent = delivery;
    bent.payloads[0] = payload(b"x");
    net.read(B, || {
        let origin = frame_system::RawOrigin::Authorized.into();
        assert_noop!(XcmpChannels::deliver(origin, bent), Error::<Test>::WrongMessages);
    });
}

#[test]
fn checking_changes_nothing() {
    let (net, delivery) = with_delivery();
    net.read(B, || {
        assert_storage_noop!(drop(call(delivery).authorize(TransactionSource::External)));
    });
}

#[test]
fn deliveries_of_the_same_start_exclude_each_other_and_the_longer_one_wins() {
    let (net, long) = with_delivery();
    let short = net.fetch_at(A, B, 0, 1);
    let validity = |delivery| net.read(B, || call(delivery).authorize(TransactionSource::External).unwrap().unwrap().0);
    let (long, short) = (validity(long), validity(short));
    assert_eq!(long.provides, short.provides);
    assert_eq!((long.priority, short.priority), (3, 1));
    assert!(long.longevity <= FORGETTING_BLOCKS);
}

#[test]
fn a_delivery_pays_in_weight_for_both_checks() {
    let (net, delivery) = with_delivery();
    net.read(B, || {
        let bytes = delivery.payload_bytes();
        let info = call(delivery.clone()).get_dispatch_info();
        let most = crate::mock::MaxAcknowledgedPerDelivery::get();
        assert_eq!(info.call_weight, <() as WeightInfo>::deliver(3, bytes, most));
        assert_eq!(call(delivery).weight_of_authorize(), <() as WeightInfo>::check_delivery(3, bytes));
    });
}

#[test]
fn the_numbers_of_refusals_stay() {
    let number = |error: Error<Test>| match refused(error) {
        Err(TransactionValidityError::Invalid(InvalidTransaction::Custom(number))) => number,
        other => panic!("no number: {other:?}"),
    };
    assert_eq!(number(Error::NoChannel), 0);
    assert_eq!(number(Error::UnknownRoot), 7);
    assert_eq!(number(Error::WrongMessages), 11);
    assert_eq!(number(Error::UnsoundFrontier), 14);
}

#[test]
fn junk_never_passes() {
    use codec::{Decode, Encode};
    let (rounds, seed) = rounds_and_seed([3_000, 1_000_000, 10_000_000]);
    let mut random = StdRng::seed_from_u64(seed);
    let (net, honest) = with_delivery();
    let encoded = honest.encode();
    let (mut decoded, mut accepted) = (0u32, 0u32);
    net.read(B, || {
        let before = Channels::<Test>::get(cumulus_primitives_core::ParaId::from(A));
        for _ in 0..rounds {
            let mut bytes = encoded.clone();
            for _ in 0..random.gen_range(1..4) {
                let place = random.gen_range(0..bytes.len());
                bytes[place] = random.gen();
            }
            let Ok(junk) = Delivery::decode(&mut &bytes[..]) else { continue };
            if junk == honest {
                continue;
            }
            decoded += 1;
            accepted += u32::from(call(junk).authorize(TransactionSource::External).unwrap().is_ok());
        }
        assert_eq!(Channels::<Test>::get(cumulus_primitives_core::ParaId::from(A)), before);
    });
    println!("decoded={decoded} accepted={accepted}");
    assert!(decoded > 0);
    assert_eq!(accepted, 0);
    assert_eq!(verdict(&net, honest), Ok(()));
}
