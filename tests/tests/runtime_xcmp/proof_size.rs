// SPDX-License-Identifier: GPL-3.0-only
//! What messages between parachains add to what validators get of a parachain's block, by HRMP and by XCMP.

use super::{
    para::{apply, message, send_payload, transaction, Para, Pov},
    relay::{Candidate, Relay},
    transports::{pages, put_pages, receivers, Load, EPOCH_SLOTS, KIB, SENDER},
};
use codec::Encode;
use pallet_xcmp_channels::runtime_api::runtime_decl_for_xcmp_api::XcmpApiV1;
use polkadot_primitives::Id as ParaId;
use serin_parachain_runtime::Runtime;
use serin_primitives::xcmp::latest_root_key;
use serin_runtime::genesis_config_presets::Transport;
use sp_core::H256;
use sp_runtime::{
    generic::{Digest, Header},
    traits::BlakeTwo256,
};

const RECEIVER: u32 = SENDER + 1;
/// Sender, root, leaf and the counts of a delivery, and the envelope of its transaction.
const FIXED_BYTES: usize = 256;
const HASH_BYTES: usize = 32;
/// A message's length is told in no more.
const LENGTH_BYTES: usize = 4;

#[test]
fn an_xcmp_channel_takes_less_proof_of_the_relay_chain_than_an_hrmp_channel() {
    let sizes = [1, 3, 10, 30].map(|channels| {
        let (bare, hrmp, xcmp) = relay_proof_bytes(channels);
        println!("{channels} channels each way: {bare} B without, HRMP {hrmp} B, XCMP {xcmp} B");
        (hrmp - bare, xcmp - bare)
    });
    for (hrmp, xcmp) in sizes {
        assert!(0 < xcmp && xcmp < hrmp, "{sizes:?}");
    }
    assert!(sizes.is_sorted(), "{sizes:?}");
}

/// In each block, whether anything is sent or not: without any channel, with HRMP channels, with XCMP channels.
fn relay_proof_bytes(channels: u32) -> (usize, usize, usize) {
    let ids = receivers(channels);
    let paras = [SENDER].iter().chain(&ids).map(|id| (*id, vec![0; 200])).collect::<Vec<_>>();
    let relay = |transport: Transport| {
        let mut relay = Relay::new(&paras, transport, EPOCH_SLOTS);
        let candidates = paras.iter().map(|(id, _)| Candidate::with_head(*id, root_head(*id))).collect::<Vec<_>>();
        relay.include(&candidates);
        let keys = relay.collators_keys(ParaId::from(SENDER));
        (relay, keys)
    };
    let (by_hrmp, hrmp_keys) = relay(Transport::Hrmp);
    let (by_xcmp, keys) = relay(Transport::Xcmp);
    let with_roots = keys.iter().cloned().chain(ids.iter().map(|id| latest_root_key((*id).into()))).collect::<Vec<_>>();
    (
        by_xcmp.prove(keys).encoded_size(),
        by_hrmp.prove(hrmp_keys).encoded_size(),
        by_xcmp.prove(with_roots).encoded_size(),
    )
}

/// A head with a root in it.
fn root_head(para: u32) -> Vec<u8> {
    let item = serin_primitives::xcmp::digest::item(H256::from_low_u64_be(para.into()));
    let (parent_hash, state_root, extrinsics_root) = (H256::zero(), H256::zero(), H256::zero());
    let digest = Digest { logs: vec![item] };
    Header::<u32, BlakeTwo256> { parent_hash, number: 1, state_root, extrinsics_root, digest }.encode()
}

/// By either transport the messages are in the block, and none of them is in the proof of the state. What XCMP adds to them is
/// bounded.
#[test]
fn a_receivers_block_holds_each_message_once_and_a_short_proof_by_xcmp() {
    println!("| messages | channels | transport | block bytes | of them relay proof | state proof |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for channels in [1, 30] {
        let (start_hrmp, start_xcmp) = (Start::new(Transport::Hrmp, channels), Start::new(Transport::Xcmp, channels));
        let nothing = Load { messages: 0, bytes: KIB, channels };
        let (idle_hrmp, idle_xcmp) = (start_hrmp.pov_by_hrmp(nothing).0, start_xcmp.pov_by_xcmp(nothing).0);
        print("HRMP", nothing, idle_hrmp);
        print("XCMP", nothing, idle_xcmp);
        for (messages, bytes) in [(1, 32), (100, 32), (1, KIB), (99, KIB), (1, 100 * KIB - 1)] {
            let load = Load { messages, bytes, channels };
            let ((hrmp, by_hrmp), (xcmp, by_xcmp)) = (start_hrmp.pov_by_hrmp(load), start_xcmp.pov_by_xcmp(load));
            print("HRMP", load, hrmp);
            print("XCMP", load, xcmp);
            assert_eq!((by_hrmp, by_xcmp), (messages, messages), "{load:?}: the same is taken in and run");
            let payload = messages * bytes;
            assert!(hrmp.block_bytes >= idle_hrmp.block_bytes + payload, "{load:?}: {hrmp:?}");
            let added = xcmp.block_bytes - idle_xcmp.block_bytes - payload;
            let path = HASH_BYTES * bits(channels - 1);
            assert!(added <= FIXED_BYTES + path + messages * LENGTH_BYTES, "{load:?}: XCMP adds {added} B");
            assert_eq!(xcmp.relay_proof_bytes, idle_xcmp.relay_proof_bytes, "{load:?}: a root is as long as another");
            for (pov, idle) in [(hrmp, idle_hrmp), (xcmp, idle_xcmp)] {
                assert!(pov.state_proof_bytes <= idle.state_proof_bytes + KIB, "{load:?}: {pov:?}, idle {idle:?}");
            }
        }
    }
}

fn print(transport: &str, load: Load, pov: Pov) {
    let Load { messages, bytes, channels } = load;
    let Pov { block_bytes, relay_proof_bytes, state_proof_bytes } = pov;
    println!(
        "| {messages} x {bytes} B | {channels} | {transport} | {block_bytes} | {relay_proof_bytes} | {state_proof_bytes} |"
    );
}

/// A sender, a receiver with channels to it and to others that send nothing, and their relay chain; before their first
/// blocks.
struct Start {
    relay: Relay,
    sender: Para,
    receiver: Para,
    others: Vec<u32>,
}

impl Start {
    fn new(transport: Transport, channels: u32) -> Self {
        let others = (1..channels).map(|index| RECEIVER + index).collect::<Vec<_>>();
        let peers = [&[SENDER], &others[..]].concat();
        // With HRMP there is no use in asking for roots.
        let receiver = Para::new(RECEIVER, if transport == Transport::Xcmp { &peers } else { &[] });
        // Has as many channels, so that its tree has as many leaves.
        let sender = Para::new(SENDER, &receivers(channels));
        let heads = [(RECEIVER, receiver.head()), (SENDER, sender.head())];
        let heads = heads.into_iter().chain(others.iter().map(|id| (*id, root_head(*id)))).collect::<Vec<_>>();
        Self { relay: Relay::new(&heads, transport, EPOCH_SLOTS), sender, receiver, others }
    }

    /// Of the block that takes in what was sent by HRMP, and how many messages that is. The sender is not run.
    fn pov_by_hrmp(&self, load: Load) -> (Pov, usize) {
        let (mut relay, mut receiver) = (self.relay.clone(), self.receiver.fork());
        for sends in [false, true] {
            let mut candidates = self.candidates_of_others();
            let mut from_sender = Candidate::with_head(SENDER, root_head(SENDER));
            if sends {
                put_pages(&mut from_sender, pages(&mut relay, load, &[RECEIVER]));
            }
            candidates.extend([from_sender, receiver.block(&mut relay, || ()).0]);
            relay.include(&candidates);
        }
        let pov = receiver.pov(&mut relay, &[]);
        receiver.included_block(&mut relay, || ());
        (pov, receiver.ran().len())
    }

    /// The same by XCMP: one block later, since the root over the messages has to be known.
    fn pov_by_xcmp(&self, load: Load) -> (Pov, usize) {
        let (mut relay, mut receiver, mut sender) = (self.relay.clone(), self.receiver.fork(), self.sender.fork());
        for asked in [0, load.messages, 0] {
            let mut candidates = self.candidates_of_others();
            let send = || (0..asked).for_each(|_| assert!(send_payload(RECEIVER, message(load.bytes)).is_ok()));
            candidates.extend([sender.block(&mut relay, send).0, receiver.block(&mut relay, || ()).0]);
            relay.include(&candidates);
        }
        let delivery = sender.news_for(&mut receiver);
        let pov = receiver.pov(&mut relay, &delivery.iter().cloned().map(transaction).collect::<Vec<_>>());
        receiver.included_block(&mut relay, || delivery.map(|delivery| assert_eq!(apply(delivery), Ok(Ok(())))));
        (pov, receiver.ran().len())
    }

    fn candidates_of_others(&self) -> Vec<Candidate> {
        self.others.iter().map(|id| Candidate::with_head(*id, root_head(*id))).collect()
    }
}

/// A delivery of the first message alone has to prove that what the sender committed to begins with it.
#[test]
fn what_a_delivery_adds_to_its_message_grows_with_logarithms_of_messages_and_channels() {
    let smallest = added_bytes(1, 1);
    println!("1 message sent, 1 channel: {smallest} B beside the message");
    assert!(smallest <= FIXED_BYTES, "{smallest}");
    for (sent, channels) in [(10, 1), (100, 1), (1_000, 1), (2_000, 1), (1, 10), (1, 30), (2_000, 30)] {
        let added = added_bytes(sent, channels);
        println!("{sent} messages sent, {channels} channels: {added} B beside the message");
        // A neighbour on each level and a peak for each bit of the count, and a neighbour on each level of the tree.
        let most = smallest + HASH_BYTES * (2 * bits(sent) + bits(channels - 1));
        assert!(smallest < added && added <= most, "{sent}, {channels}: {added} B, more than {most}");
    }
}

fn added_bytes(sent: u32, channels: u32) -> usize {
    const BYTES: usize = 32;
    let ids = receivers(channels);
    let mut sender = Para::new(SENDER, &ids);
    let mut relay = Relay::new(&[(SENDER, sender.head())], Transport::Xcmp, EPOCH_SLOTS);
    sender.included_block(&mut relay, || {
        (0..sent).for_each(|_| assert!(send_payload(RECEIVER, message(BYTES)).is_ok()));
    });
    let first = sender.inspect(|| Runtime::delivery(RECEIVER.into(), 0, 1, u32::MAX)).expect("the message is there");
    assert_eq!(first.payloads.len(), 1);
    transaction(first).encoded_size() - BYTES
}

/// How many binary digits `number` has.
fn bits(number: u32) -> usize {
    usize::try_from(u32::BITS - number.leading_zeros()).expect("few")
}
