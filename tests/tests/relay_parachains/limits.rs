// SPDX-License-Identifier: GPL-3.0-only
//! How deep, how long and how large a message may be, and what becomes of bytes that are no message.

use super::{
    messages::{
        acts, buy_execution, chain, deposit, encoded, fund, ksm, paid, process, process_within, queue_of, remark,
        with_money, withdraw, Instructions, PARA, PAYS, SYSTEM,
    },
    support::Chain,
};
use codec::Encode;
use frame_support::{
    traits::{EnqueueMessage, Get, ProcessMessageError},
    weights::Weight,
    BoundedSlice,
};
use polkadot_primitives::CandidateCommitments;
use polkadot_runtime_parachains::{
    configuration,
    inclusion::AggregateMessageOrigin,
    runtime_api_impl::v13::{self, check_validation_outputs},
};
use serin_runtime::{
    configs::xcm_config::MaxInstructions, genesis_config_presets::Preset, MessageQueue, Runtime, RuntimeCall,
    RuntimeEvent, System,
};
use serin_tests::rollback::rolled_back;
use xcm::{
    latest::{Asset, Instruction, Junction, Location, OriginKind, WeightLimit, Xcm},
    IntoVersion, VersionedXcm, MAX_INSTRUCTIONS_TO_DECODE, MAX_XCM_DECODE_DEPTH, RECURSION_LIMIT,
};

type Processed = Result<bool, ProcessMessageError>;

const RAN: Processed = Ok(true);
const CORRUPT: Processed = Err(ProcessMessageError::Corrupt);

/// Instructions within instructions: a message, its appendix, the appendix of that one.
#[test]
fn messages_are_decoded_down_to_a_depth() {
    with_money(|| {
        for depth in 1..=2 * MAX_XCM_DECODE_DEPTH {
            let expected = if depth <= MAX_XCM_DECODE_DEPTH { RAN } else { CORRUPT };
            assert_eq!(tried(&encoded(paid(nested(depth - 1)))), expected, "{depth} deep");
        }
        // Version 5, one instruction, an appendix with one instruction, and on: a reader without a limit has no stack left.
        let bottomless = [vec![5], [0x04, 0x16].repeat(20_000)].concat();
        assert_eq!(tried(&bottomless), CORRUPT);
    });
}

/// Calls within calls: a message whose call runs a message whose call runs a message.
#[test]
fn calls_are_decoded_down_to_a_depth() {
    with_money(|| {
        for depth in 1..=2 * u32::from(RECURSION_LIMIT) {
            let expected = if depth <= u32::from(RECURSION_LIMIT) { RAN } else { CORRUPT };
            assert_eq!(tried(&encoded(paid(vec![transact(calls_within_calls(depth - 1))]))), expected, "{depth} deep");
        }
    });
}

#[test]
fn instructions_are_counted_with_those_inside() {
    let most = usize::from(MAX_INSTRUCTIONS_TO_DECODE);
    // The weigher's bound is not what stops a message from a parachain, which was decoded before.
    assert_eq!(u32::from(MAX_INSTRUCTIONS_TO_DECODE), MaxInstructions::get());
    let filled = |count: usize| paid(vec![Instruction::ClearError; count - 2]);
    let split = |outer: usize, inner: usize| {
        let appendix = Instruction::SetAppendix(Xcm(vec![Instruction::ClearError; inner]));
        paid([vec![appendix], vec![Instruction::ClearError; outer - 3]].concat())
    };
    with_money(|| {
        assert_eq!(tried(&encoded(filled(most))), RAN);
        assert_eq!(tried(&encoded(filled(most + 1))), CORRUPT);
        assert_eq!(tried(&encoded(split(most / 2, most / 2))), RAN);
        assert_eq!(tried(&encoded(split(most / 2, most / 2 + 1))), CORRUPT);
    });
}

#[test]
fn bytes_that_are_no_message_are_dropped() {
    let good = || encoded(paid(vec![deposit()]));
    let with = |change: fn(&mut Vec<u8>)| {
        let mut message = good();
        change(&mut message);
        message
    };
    let cases = [
        ("as it is", good(), RAN),
        ("nothing", Vec::new(), CORRUPT),
        ("cut short", with(|message| message.truncate(message.len() - 1)), CORRUPT),
        ("with a byte more", with(|message| message.push(0)), CORRUPT),
        ("of version 2", with(|message| message[0] = 2), CORRUPT),
        ("of a version to come", with(|message| message[0] = 6), CORRUPT),
        ("noise", vec![0xff; 1_000], CORRUPT),
        ("a call that is none", encoded(paid(vec![transact_bytes(vec![0xff; 3])])), CORRUPT),
        (
            "a call with a byte more",
            encoded(paid(vec![transact_bytes([remark().encode(), vec![0]].concat())])),
            CORRUPT,
        ),
        ("more assets than are read", encoded(withdraws_kinds(21)), CORRUPT),
        // As many as are read: the barrier wants two at most.
        ("as many assets as are read", encoded(withdraws_kinds(20)), Ok(false)),
    ];
    with_money(|| {
        for (kind, message, expected) in cases {
            assert_eq!(tried(&message), expected, "{kind}");
        }
    });
}

#[test]
fn versions_three_to_five_are_understood() {
    with_money(|| {
        for version in [3, 4, 5] {
            let message = VersionedXcm::<RuntimeCall>::from(Xcm(paid(vec![deposit()])));
            let message = message.into_version(version).expect("it can say that");
            assert_eq!(tried(&message.encode()), RAN, "version {version}");
            let refused = VersionedXcm::<RuntimeCall>::from(Xcm(vec![withdraw(), deposit()]));
            let refused = refused.into_version(version).expect("it can say that");
            assert_eq!(tried(&refused.encode()), Ok(false), "version {version}");
        }
    });
}

/// A message that may weigh more than is left of a block waits; one that may weigh more than it paid for does not run.
#[test]
fn weight_is_bounded_before_a_message_runs() {
    with_money(|| {
        let message = encoded(paid(vec![deposit()]));
        let refused = rolled_back(|| process_within(Weight::from_parts(1_000, 1_000), PARA, &message));
        assert!(matches!(refused, Err(ProcessMessageError::Overweight(_))), "{refused:?}");

        let limited = |weight_limit| {
            let fees = Instruction::BuyExecution { fees: ksm(PAYS), weight_limit };
            tried(&encoded(vec![withdraw(), fees, deposit()]))
        };
        assert_eq!(limited(WeightLimit::Limited(Weight::from_parts(1_000, 1_000))), Ok(false));
        assert_eq!(limited(WeightLimit::Limited(Weight::from_parts(1_000_000_000_000, 1_000_000))), RAN);
    });
}

/// The limits of the host's configuration, which hold when a candidate is included.
#[test]
fn candidates_send_no_more_than_the_host_takes() {
    let mut chain = chain();
    chain.block(|| {
        let host = configuration::ActiveConfig::<Runtime>::get();
        let (size, count) = (host.max_upward_message_size, host.max_upward_message_num_per_candidate);
        let sends = |messages: Vec<Vec<u8>>| check_validation_outputs::<Runtime>(PARA.into(), upward(messages));
        assert!(sends(vec![]));
        assert!(sends(vec![message_of(size)]));
        assert!(!sends(vec![message_of(size + 1)]), "a message is too large");
        assert!(sends(vec![message_of(1); length(count)]));
        assert!(!sends(vec![message_of(1); length(count) + 1]), "the messages are too many");

        // Those that wait count with the new ones.
        let full = host.max_upward_queue_size / size;
        for _ in 0..full - 1 {
            enqueue(&message_of(size));
        }
        assert!(sends(vec![message_of(size)]));
        assert!(!sends(vec![message_of(size); 2]), "the queue is full");
        let left = v13::backing_constraints::<Runtime>(PARA.into()).expect("it is registered");
        assert_eq!(left.ump_remaining_bytes, host.max_upward_queue_size - (full - 1) * size);
        assert_eq!(left.ump_remaining, host.max_upward_queue_count - (full - 1));
    });
}

/// What the host lets a candidate send, its queue can hold: a longer message would be lost.
#[test]
fn every_preset_lets_no_message_in_that_fits_no_page() {
    let page = <MessageQueue as EnqueueMessage<AggregateMessageOrigin>>::MaxMessageLen::get();
    for preset in Preset::ALL {
        let validators = preset.default_validators();
        let most = Chain::new(preset, validators)
            .inspect(|| configuration::ActiveConfig::<Runtime>::get().max_upward_message_size);
        assert!(most <= page, "{preset:?}: {most} bytes, of {page}");
    }
}

/// The largest message that the host takes goes through the queue, and so do as many as a candidate may send.
#[test]
fn the_largest_messages_are_run() {
    let mut chain = chain();
    let largest = chain.inspect(|| configuration::ActiveConfig::<Runtime>::get().max_upward_message_size);
    chain.block(|| {
        fund();
        for _ in 0..3 {
            enqueue(&padded(length(largest)));
        }
    });
    chain.advance_to(4);
    let remarks = chain
        .events()
        .iter()
        .filter(|(_, event)| matches!(event, RuntimeEvent::System(frame_system::Event::Remarked { .. })));
    assert_eq!(remarks.count(), 3, "{:?}", chain.events());
}

fn tried(message: &[u8]) -> Processed {
    rolled_back(|| process(PARA, message))
}

/// An instruction within as many appendices.
fn nested(levels: u32) -> Instructions {
    (0..levels).fold(vec![Instruction::ClearError], |inner, _| vec![Instruction::SetAppendix(Xcm(inner))])
}

/// A remark within as many messages. They are given no weight, so that only the outermost runs.
fn calls_within_calls(levels: u32) -> RuntimeCall {
    (0..levels).fold(remark(), |inner, _| {
        let message = Box::new(VersionedXcm::from(Xcm(vec![transact(inner)])));
        RuntimeCall::XcmPallet(pallet_xcm::Call::execute { message, max_weight: Weight::zero() })
    })
}

fn transact(call: RuntimeCall) -> Instruction<RuntimeCall> {
    transact_bytes(call.encode())
}

fn transact_bytes(call: Vec<u8>) -> Instruction<RuntimeCall> {
    Instruction::Transact { origin_kind: OriginKind::SovereignAccount, fallback_max_weight: None, call: call.into() }
}

/// Takes out as many kinds of assets.
fn withdraws_kinds(count: u64) -> Instructions {
    let asset = |index: u64| {
        let id = Location::new(0, [Junction::Parachain(SYSTEM), Junction::GeneralIndex(index.into())]);
        Asset::from((id, 1_u128))
    };
    let assets = (0..count).map(asset).collect::<Vec<_>>();
    vec![Instruction::WithdrawAsset(assets.into()), buy_execution(), deposit()]
}

/// A paid remark that makes its message `size` bytes long.
fn padded(size: usize) -> Vec<u8> {
    let with = |bytes: usize| {
        let remark = frame_system::Call::remark_with_event { remark: vec![0; bytes] };
        encoded(paid(acts(OriginKind::SovereignAccount, RuntimeCall::System(remark))))
    };
    // The lengths of the two are written alike.
    let rest = with(size / 2).len() - size / 2;
    let message = with(size - rest);
    assert_eq!(message.len(), size);
    message
}

fn upward(messages: Vec<Vec<u8>>) -> CandidateCommitments {
    CandidateCommitments {
        upward_messages: messages.try_into().expect("they are few"),
        hrmp_watermark: System::block_number(),
        ..Default::default()
    }
}

fn enqueue(message: &[u8]) {
    let message = BoundedSlice::try_from(message).expect("it fits a page");
    MessageQueue::enqueue_message(message, queue_of(PARA));
}

fn message_of(size: u32) -> Vec<u8> {
    vec![0; length(size)]
}

fn length(size: u32) -> usize {
    usize::try_from(size).expect("a size fits")
}
