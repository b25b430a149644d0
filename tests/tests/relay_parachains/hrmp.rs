// SPDX-License-Identifier: GPL-3.0-only
//! Channels between parachains: asked for, accepted, open from the next session on, closed; what they cost, and what they
//! hold. The preset is `serin`, on which a channel costs a deposit on both ends.

use super::{
    messages::{child, give, sovereign},
    support::{genesis_parachains, Chain},
};
use codec::DecodeAll;
use frame_support::{assert_noop, assert_ok};
use frame_system::RawOrigin;
use polkadot_primitives::{CandidateCommitments, HrmpChannelId, Id as ParaId, OutboundHrmpMessage};
use polkadot_runtime_parachains::{
    configuration,
    hrmp::{Call, Error, HrmpChannels, HrmpOpenChannelRequests},
    runtime_api_impl::v13,
    Origin as ParachainsOrigin,
};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin as GovernanceOrigin, constants::currency::UNITS,
    genesis_config_presets::Preset, Balance, Balances, Runtime, RuntimeCall, RuntimeOrigin, System,
};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::{traits::Dispatchable, DispatchError, DispatchResult};
use xcm::{
    latest::{Instruction, Xcm},
    VersionedXcm,
};

const SYSTEM: u32 = 1_000;
const SENDER: u32 = 2_000;
const RECIPIENT: u32 = 2_001;
const THIRD: u32 = 2_002;
const UNREGISTERED: u32 = 2_999;

const CHANNEL: HrmpChannelId = channel_id(SENDER, RECIPIENT);
const BACK: HrmpChannelId = channel_id(RECIPIENT, SENDER);

/// The preset's.
const DEPOSIT: Balance = 5 * UNITS;
const MOST_MESSAGES: u32 = 1_000;
const MOST_BYTES: u32 = 102_400;
const MOST_CHANNELS: u32 = 30;

const FUNDS: Balance = 1_000 * UNITS;
const CAPACITY: u32 = 8;
const MESSAGE_SIZE: u32 = 1_024;

#[test]
fn a_channel_opens_with_the_session_after_both_agreed() {
    let mut chain = chain(&[SENDER, RECIPIENT]);
    chain.block(|| {
        assert_ok!(by(SENDER, request()));
        assert_eq!((reserved(SENDER), reserved(RECIPIENT)), (DEPOSIT, 0));
        let told = Instruction::HrmpNewChannelOpenRequest {
            sender: SENDER,
            max_message_size: MESSAGE_SIZE,
            max_capacity: CAPACITY,
        };
        assert_eq!(told_last(RECIPIENT), told);
    });
    next_session(&mut chain);
    chain.block(|| {
        assert!(!is_open(&CHANNEL), "nobody accepted it");
        assert_ok!(by(RECIPIENT, accept()));
        assert_eq!((reserved(SENDER), reserved(RECIPIENT)), (DEPOSIT, DEPOSIT));
        assert_eq!(told_last(SENDER), Instruction::HrmpChannelAccepted { recipient: RECIPIENT });
    });
    chain.inspect(|| assert!(!is_open(&CHANNEL), "the session is still the same"));

    next_session(&mut chain);
    chain.inspect(|| {
        let channel = HrmpChannels::<Runtime>::get(CHANNEL).expect("it is open");
        assert_eq!((channel.max_capacity, channel.max_message_size), (CAPACITY, MESSAGE_SIZE));
        assert_eq!(channel.max_total_size, MOST_BYTES);
        assert_eq!((channel.msg_count, channel.total_size, channel.mqc_head), (0, 0, None));
        assert_eq!((channel.sender_deposit, channel.recipient_deposit), (DEPOSIT, DEPOSIT));
        assert_eq!((reserved(SENDER), reserved(RECIPIENT)), (DEPOSIT, DEPOSIT), "opening costs no more");
        assert!(!is_open(&BACK), "it is open one way");
        assert!(HrmpOpenChannelRequests::<Runtime>::get(CHANNEL).is_none());
    });
}

#[test]
fn either_end_closes_and_both_get_their_deposits_back() {
    for (closing, other) in [(SENDER, RECIPIENT), (RECIPIENT, SENDER)] {
        let mut chain = chain(&[SENDER, RECIPIENT]);
        open(&mut chain);
        chain.block(|| {
            assert_ok!(by(closing, close()));
            let told = Instruction::HrmpChannelClosing { initiator: closing, sender: SENDER, recipient: RECIPIENT };
            assert_eq!(told_last(other), told);
            assert_noop!(by(other, close()), error(Error::CloseHrmpChannelAlreadyUnderway));
            assert!(is_open(&CHANNEL), "until the session ends");
            assert_eq!((reserved(SENDER), reserved(RECIPIENT)), (DEPOSIT, DEPOSIT));
        });
        next_session(&mut chain);
        chain.block(|| {
            assert!(!is_open(&CHANNEL));
            for id in [SENDER, RECIPIENT] {
                assert_eq!((free(id), reserved(id)), (FUNDS, 0), "{id}, after {closing} closed");
            }
            assert_ok!(by(SENDER, request()));
        });
    }
}

#[test]
fn a_request_is_taken_back_by_either_end_until_it_is_accepted() {
    let mut chain = chain(&[SENDER, RECIPIENT, THIRD]);
    chain.block(|| {
        assert_noop!(by(SENDER, cancel(1)), error(Error::OpenHrmpChannelDoesntExist));
        for taking_back in [SENDER, RECIPIENT] {
            assert_ok!(by(SENDER, request()));
            assert_eq!(reserved(SENDER), DEPOSIT);
            assert_noop!(by(THIRD, cancel(1)), error(Error::CancelHrmpOpenChannelUnauthorized));
            assert_noop!(by(taking_back, cancel(0)), error(Error::WrongWitness));
            assert_ok!(by(taking_back, cancel(1)));
            assert_eq!((free(SENDER), reserved(SENDER)), (FUNDS, 0), "taken back by {taking_back}");
            assert_noop!(by(RECIPIENT, accept()), error(Error::AcceptHrmpChannelDoesntExist));
        }
        assert_ok!(by(SENDER, request()));
        assert_ok!(by(RECIPIENT, accept()));
        for late in [SENDER, RECIPIENT] {
            assert_noop!(by(late, cancel(1)), error(Error::OpenHrmpChannelAlreadyConfirmed));
        }
    });
}

#[test]
fn requests_out_of_bounds_are_refused() {
    let mut chain = chain(&[SENDER, RECIPIENT]);
    chain.block(|| {
        let host = configuration::ActiveConfig::<Runtime>::get();
        assert_eq!((host.hrmp_sender_deposit, host.hrmp_recipient_deposit), (DEPOSIT, DEPOSIT));
        assert_eq!(host.hrmp_channel_max_capacity, MOST_MESSAGES);
        assert_eq!(host.hrmp_channel_max_message_size, MOST_BYTES);

        for (kind, call, refusal) in [
            ("to itself", request_for(SENDER, 1, 1), Error::OpenHrmpChannelToSelf),
            ("to nobody", request_for(UNREGISTERED, 1, 1), Error::OpenHrmpChannelInvalidRecipient),
            ("for no message", request_for(RECIPIENT, 0, 1), Error::OpenHrmpChannelZeroCapacity),
            ("for no byte", request_for(RECIPIENT, 1, 0), Error::OpenHrmpChannelZeroMessageSize),
            ("too many", request_for(RECIPIENT, MOST_MESSAGES + 1, 1), Error::OpenHrmpChannelCapacityExceedsLimit),
            ("too large", request_for(RECIPIENT, 1, MOST_BYTES + 1), Error::OpenHrmpChannelMessageSizeExceedsLimit),
        ] {
            println!("{kind}");
            assert_noop!(by(SENDER, call), error(refusal));
        }
        assert_ok!(by(SENDER, request_for(RECIPIENT, MOST_MESSAGES, MOST_BYTES)));
        assert_noop!(by(SENDER, request()), error(Error::OpenHrmpChannelAlreadyRequested));
        assert_ok!(by(RECIPIENT, accept()));
        assert_noop!(by(RECIPIENT, accept()), error(Error::AcceptHrmpChannelAlreadyConfirmed));
    });
    next_session(&mut chain);
    chain.block(|| {
        assert_noop!(by(SENDER, request()), error(Error::OpenHrmpChannelAlreadyExists));
        assert_noop!(by(RECIPIENT, accept()), error(Error::AcceptHrmpChannelDoesntExist));
    });
}

#[test]
fn a_channel_without_its_deposits_is_refused() {
    let mut chain = chain(&[SENDER, RECIPIENT]);
    let too_poor = || DispatchError::from(pallet_balances::Error::<Runtime>::InsufficientBalance);
    let pauper = THIRD;
    chain.block(|| {
        assert_ok!(by(SENDER, request_for(pauper, CAPACITY, MESSAGE_SIZE)));
        assert_noop!(by(pauper, accept()), too_poor());
        assert_noop!(by(pauper, request_for(SENDER, CAPACITY, MESSAGE_SIZE)), too_poor());
    });
}

#[test]
fn only_an_open_channel_is_closed_and_only_by_its_ends() {
    let mut chain = chain(&[SENDER, RECIPIENT, THIRD]);
    chain.block(|| {
        assert_noop!(by(SENDER, close()), error(Error::CloseHrmpChannelDoesntExist));
    });
    open(&mut chain);
    chain.block(|| {
        assert_noop!(by(THIRD, close()), error(Error::CloseHrmpChannelUnauthorized));
        let back = Call::hrmp_close_channel { channel_id: BACK };
        assert_noop!(by(SENDER, back), error(Error::CloseHrmpChannelDoesntExist));
    });
}

#[test]
fn nobody_else_speaks_for_a_parachain() {
    let mut chain = chain(&[SENDER, RECIPIENT]);
    let strangers = || {
        [
            RuntimeOrigin::from(RawOrigin::Signed(Alice.to_account_id())),
            RuntimeOrigin::from(RawOrigin::Signed(sovereign(&child(SENDER)))),
            RuntimeOrigin::from(RawOrigin::Root),
            RuntimeOrigin::from(RawOrigin::None),
            RuntimeOrigin::from(GovernanceOrigin::GeneralAdmin),
            RuntimeOrigin::from(pallet_xcm::Origin::Xcm(child(SENDER))),
        ]
    };
    chain.block(|| {
        for call in [request(), accept(), close(), cancel(1), with_system(SYSTEM)] {
            for origin in strangers() {
                println!("{call:?} by {origin:?}");
                assert_noop!(dispatch(origin, call.clone()), DispatchError::BadOrigin);
            }
        }
    });
}

#[test]
fn governance_alone_forces() {
    let mut chain = chain(&[SENDER, RECIPIENT]);
    chain.block(|| {
        for call in [force_open(), force_process_open(1), force_process_close(1), force_clean(SENDER, 1, 1)] {
            for origin in [
                RuntimeOrigin::from(ParachainsOrigin::Parachain(SENDER.into())),
                RuntimeOrigin::from(RawOrigin::Signed(Alice.to_account_id())),
                RuntimeOrigin::from(GovernanceOrigin::LeaseAdmin),
            ] {
                println!("{call:?} by {origin:?}");
                assert_noop!(dispatch(origin, call.clone()), DispatchError::BadOrigin);
            }
        }
        // At once, without the end of a session; the deposits are asked for all the same.
        assert_ok!(by_governance(force_open()));
        assert_eq!((reserved(SENDER), reserved(RECIPIENT)), (DEPOSIT, DEPOSIT));
        assert_noop!(by_governance(force_process_open(0)), error(Error::WrongWitness));
        assert_ok!(by_governance(force_process_open(1)));
        assert!(is_open(&CHANNEL));

        assert_ok!(by(RECIPIENT, close()));
        assert_noop!(by_governance(force_process_close(0)), error(Error::WrongWitness));
        assert_ok!(by_governance(force_process_close(1)));
        assert!(!is_open(&CHANNEL));
        assert_eq!((reserved(SENDER), reserved(RECIPIENT)), (0, 0));
    });
}

#[test]
fn a_forced_clean_closes_all_channels_of_one_and_returns_the_deposits() {
    let mut chain = chain(&[SENDER, RECIPIENT, THIRD]);
    chain.block(|| {
        for (from, to) in [(SENDER, RECIPIENT), (RECIPIENT, SENDER), (THIRD, RECIPIENT)] {
            assert_ok!(by(from, request_for(to, CAPACITY, MESSAGE_SIZE)));
            assert_ok!(by(to, accept_from(from)));
        }
    });
    next_session(&mut chain);
    chain.block(|| {
        let of_others = channel_id(THIRD, RECIPIENT);
        assert!([CHANNEL, BACK, of_others.clone()].iter().all(is_open));
        assert_eq!((reserved(SENDER), reserved(RECIPIENT), reserved(THIRD)), (2 * DEPOSIT, 3 * DEPOSIT, DEPOSIT));
        assert_noop!(by_governance(force_clean(SENDER, 0, 1)), error(Error::WrongWitness));
        assert_noop!(by_governance(force_clean(SENDER, 1, 0)), error(Error::WrongWitness));
        assert_ok!(by_governance(force_clean(SENDER, 1, 1)));
        assert!(![CHANNEL, BACK].iter().any(is_open));
        assert!(is_open(&of_others));
        assert_eq!((reserved(SENDER), reserved(RECIPIENT), reserved(THIRD)), (0, DEPOSIT, DEPOSIT));
        assert_eq!(free(SENDER), FUNDS);
    });
}

#[test]
fn a_parachain_has_so_many_channels_out_and_no_more() {
    let recipients = (RECIPIENT..).take(count(MOST_CHANNELS) + 1).collect::<Vec<_>>();
    let mut chain = chain(&[&[SENDER][..], &recipients[..]].concat());
    let (last, allowed) = recipients.split_last().expect("there is one too many");
    chain.block(|| {
        for recipient in allowed {
            assert_ok!(by(SENDER, request_for(*recipient, 1, 1)));
        }
        let one_more = request_for(*last, 1, 1);
        assert_noop!(by(SENDER, one_more), error(Error::OpenHrmpChannelLimitExceeded));
        for recipient in allowed {
            assert_ok!(by(*recipient, accept()));
        }
    });
    next_session(&mut chain);
    chain.block(|| {
        assert_eq!(reserved(SENDER), Balance::from(MOST_CHANNELS) * DEPOSIT);
        let one_more = || request_for(*last, 1, 1);
        assert_noop!(by(SENDER, one_more()), error(Error::OpenHrmpChannelLimitExceeded));
        let first = Call::hrmp_close_channel { channel_id: channel_id(SENDER, allowed[0]) };
        assert_ok!(by(SENDER, first));
        assert_ok!(by_governance(force_process_close(1)));
        assert_ok!(by(SENDER, one_more()));
    });
}

#[test]
fn a_parachain_has_so_many_channels_in_and_no_more() {
    let senders = (THIRD..).take(count(MOST_CHANNELS) + 1).collect::<Vec<_>>();
    let mut chain = chain(&[&[RECIPIENT][..], &senders[..]].concat());
    let (last, allowed) = senders.split_last().expect("there is one too many");
    let accepting = |chain: &mut Chain| {
        let refusal = error(Error::AcceptHrmpChannelLimitExceeded);
        chain.block(|| {
            assert_noop!(by(RECIPIENT, accept_from(*last)), refusal);
        });
    };
    chain.block(|| {
        for sender in &senders {
            assert_ok!(by(*sender, request_for(RECIPIENT, 1, 1)));
        }
        for sender in allowed {
            assert_ok!(by(RECIPIENT, accept_from(*sender)));
        }
    });
    accepting(&mut chain);
    next_session(&mut chain);
    accepting(&mut chain);
}

/// Channels with system chains cost nothing, open both ways at one end's word, and are as large as they can be.
#[test]
fn a_channel_with_a_system_chain_needs_neither_deposit_nor_answer() {
    let mut chain = chain(&[SYSTEM, SENDER, RECIPIENT]);
    chain.block(|| {
        assert_noop!(by(SENDER, with_system(RECIPIENT)), error(Error::ChannelCreationNotAuthorized));
        assert_ok!(by(SENDER, with_system(SYSTEM)));
        assert_eq!((reserved(SENDER), reserved(SYSTEM)), (0, 0));

        let between = |sender: u32, recipient: u32| {
            let (sender, recipient) = (sender.into(), recipient.into());
            let call = Call::establish_system_channel { sender, recipient };
            dispatch(RuntimeOrigin::from(RawOrigin::Signed(Alice.to_account_id())), call)
        };
        assert_noop!(between(SYSTEM, SENDER), error(Error::ChannelCreationNotAuthorized));
        assert_noop!(between(SENDER, SYSTEM), error(Error::ChannelCreationNotAuthorized));
    });
    next_session(&mut chain);
    chain.inspect(|| {
        for id in [channel_id(SENDER, SYSTEM), channel_id(SYSTEM, SENDER)] {
            let channel = HrmpChannels::<Runtime>::get(&id).expect("it is open");
            assert_eq!((channel.max_capacity, channel.max_message_size), (MOST_MESSAGES, MOST_BYTES));
            assert_eq!((channel.sender_deposit, channel.recipient_deposit), (0, 0));
        }
    });
}

/// What a candidate may send, which is checked when it is backed.
#[test]
fn a_channel_takes_no_more_than_was_agreed() {
    let mut chain = chain(&[SENDER, RECIPIENT, THIRD]);
    open(&mut chain);
    chain.block(|| {
        let message = |size: u32| (RECIPIENT, size);
        assert!(takes(vec![]));
        assert!(takes(vec![message(MESSAGE_SIZE)]));
        assert!(!takes(vec![message(MESSAGE_SIZE + 1)]), "too large");
        assert!(!takes(vec![message(1), message(1)]), "two in one block");
        assert!(!takes(vec![(THIRD, 1)]), "there is no channel");
        assert!(!takes(vec![message(1), (THIRD, 1)]), "one of them has no channel");
        assert_eq!(left(), Some((CAPACITY, MOST_BYTES)));

        // As it is when that much waits.
        let fill = |msg_count, total_size| {
            HrmpChannels::<Runtime>::mutate(CHANNEL, |channel| {
                let channel = channel.as_mut().expect("it is open");
                (channel.msg_count, channel.total_size) = (msg_count, total_size);
            });
        };
        fill(CAPACITY - 1, 0);
        assert!(takes(vec![message(1)]));
        assert_eq!(left(), Some((1, MOST_BYTES)));
        fill(CAPACITY, 0);
        assert!(!takes(vec![message(1)]), "full of messages");
        fill(0, MOST_BYTES - 10);
        assert!(takes(vec![message(10)]));
        assert!(!takes(vec![message(11)]), "full of bytes");
        assert_eq!(left(), Some((CAPACITY, 10)));
    });
}

/// A chain of the preset `serin` with these parachains, each with money, but for one: the pauper of its test.
fn chain(ids: &[u32]) -> Chain {
    let mut registered = ids.to_vec();
    if !registered.contains(&THIRD) {
        registered.push(THIRD);
    }
    let mut chain = Chain::with_genesis(Preset::Serin, 4, genesis_parachains(&registered));
    chain.block(|| ids.iter().for_each(|id| give(&sovereign(&child(*id)), FUNDS)));
    chain
}

/// Builds the block that ends the session, whose number of slots may pass without a block.
fn next_session(chain: &mut Chain) {
    let slot = chain.slot() + u64::from(Preset::Serin.timing().epoch_slots);
    assert!(chain.ends_session(slot));
    chain.block_at(slot, || ());
}

/// Opens the channel of these tests.
fn open(chain: &mut Chain) {
    chain.block(|| {
        assert_ok!(by(SENDER, request()));
        assert_ok!(by(RECIPIENT, accept()));
    });
    next_session(chain);
    chain.inspect(|| assert!(is_open(&CHANNEL)));
}

fn by(id: u32, call: Call<Runtime>) -> DispatchResult {
    dispatch(RuntimeOrigin::from(ParachainsOrigin::Parachain(id.into())), call)
}

fn by_governance(call: Call<Runtime>) -> DispatchResult {
    dispatch(RuntimeOrigin::from(GovernanceOrigin::GeneralAdmin), call)
}

fn dispatch(origin: RuntimeOrigin, call: Call<Runtime>) -> DispatchResult {
    RuntimeCall::Hrmp(call).dispatch(origin).map(|_| ()).map_err(|error| error.error)
}

fn error(error: Error<Runtime>) -> DispatchError {
    error.into()
}

fn request() -> Call<Runtime> {
    request_for(RECIPIENT, CAPACITY, MESSAGE_SIZE)
}

fn request_for(recipient: u32, proposed_max_capacity: u32, proposed_max_message_size: u32) -> Call<Runtime> {
    Call::hrmp_init_open_channel { recipient: recipient.into(), proposed_max_capacity, proposed_max_message_size }
}

fn accept() -> Call<Runtime> {
    accept_from(SENDER)
}

fn accept_from(sender: u32) -> Call<Runtime> {
    Call::hrmp_accept_open_channel { sender: sender.into() }
}

fn close() -> Call<Runtime> {
    Call::hrmp_close_channel { channel_id: CHANNEL }
}

fn cancel(open_requests: u32) -> Call<Runtime> {
    Call::hrmp_cancel_open_request { channel_id: CHANNEL, open_requests }
}

fn with_system(id: u32) -> Call<Runtime> {
    Call::establish_channel_with_system { target_system_chain: id.into() }
}

fn force_open() -> Call<Runtime> {
    Call::force_open_hrmp_channel {
        sender: SENDER.into(),
        recipient: RECIPIENT.into(),
        max_capacity: CAPACITY,
        max_message_size: MESSAGE_SIZE,
    }
}

fn force_process_open(channels: u32) -> Call<Runtime> {
    Call::force_process_hrmp_open { channels }
}

fn force_process_close(channels: u32) -> Call<Runtime> {
    Call::force_process_hrmp_close { channels }
}

fn force_clean(id: u32, num_inbound: u32, num_outbound: u32) -> Call<Runtime> {
    Call::force_clean_hrmp { para: id.into(), num_inbound, num_outbound }
}

const fn channel_id(sender: u32, recipient: u32) -> HrmpChannelId {
    HrmpChannelId { sender: ParaId::new(sender), recipient: ParaId::new(recipient) }
}

fn is_open(id: &HrmpChannelId) -> bool {
    HrmpChannels::<Runtime>::contains_key(id)
}

fn free(id: u32) -> Balance {
    Balances::free_balance(sovereign(&child(id)))
}

fn reserved(id: u32) -> Balance {
    Balances::reserved_balance(sovereign(&child(id)))
}

/// What the last message to `id` says, and nothing else.
fn told_last(id: u32) -> Instruction<()> {
    let message = v13::dmq_contents::<Runtime>(id.into()).pop().expect("it was told something");
    let message = VersionedXcm::<()>::decode_all(&mut &message.msg[..]).expect("it is a message");
    let message = Xcm::<()>::try_from(message).expect("its version is known");
    let [instruction] = <[_; 1]>::try_from(message.0).expect("it says one thing");
    instruction
}

/// Whether a candidate of the sender could send messages of these sizes to these recipients.
fn takes(messages: Vec<(u32, u32)>) -> bool {
    let messages = messages
        .into_iter()
        .map(|(recipient, size)| OutboundHrmpMessage { recipient: recipient.into(), data: vec![0; count(size)] });
    let told = v13::dmq_contents::<Runtime>(SENDER.into()).len();
    let commitments = CandidateCommitments {
        horizontal_messages: messages.collect::<Vec<_>>().try_into().expect("they are few"),
        // It must go on with what it was told.
        processed_downward_messages: u32::try_from(told).expect("they are few"),
        hrmp_watermark: System::block_number(),
        ..Default::default()
    };
    v13::check_validation_outputs::<Runtime>(SENDER.into(), commitments)
}

/// How many messages and bytes more the channel takes, as collators read it.
fn left() -> Option<(u32, u32)> {
    let constraints = v13::backing_constraints::<Runtime>(SENDER.into())?;
    let channel = constraints.hrmp_channels_out.into_iter().find(|(id, _)| *id == RECIPIENT.into())?.1;
    Some((channel.messages_remaining, channel.bytes_remaining))
}

fn count(number: u32) -> usize {
    usize::try_from(number).expect("a number fits")
}
