// SPDX-License-Identifier: GPL-3.0-only
//! What messages between parachains cost the relay chain, by HRMP and by XCMP.
//!
//! One sender, some receivers, a channel to each of them. In one of its blocks the sender sends as many of the messages as its
//! transport lets it; all blocks until everything has arrived and is acknowledged are measured. What is told is the
//! difference to the same blocks without messages: of everything in the state, and of everything in the blocks.
//!
//! HRMP has Kusama's limits. Its candidates carry pages, filled and laid out as `XcmpQueue` does it; the parachains behind
//! them are not run. XCMP's come from the parachain's runtime.

use super::{
    para::{apply, send, Para},
    relay::{Candidate, Figures, Relay},
};
use polkadot_primitives::{Id as ParaId, OutboundHrmpMessage};
use polkadot_runtime_parachains::{configuration, hrmp};
use serin_parachain_runtime::XcmpChannels;
use serin_primitives::xcmp::{latest_root_key, MAX_MESSAGE_BYTES};
use serin_runtime::{genesis_config_presets::Transport, Runtime};
use std::{collections::BTreeMap, time::Duration};

const SENDER: u32 = 2_000;
const EPOCH_SLOTS: u32 = 600;
/// Blocks of each parachain, which are two blocks each of the relay chain: enough for two full deliveries.
const ROUNDS: usize = 8;
/// The first round is like all later ones, but that nothing was sent yet.
const SENDING_ROUND: usize = 1;
const KIB: usize = 1024;
/// What a change of a root may cost: its key and 44 bytes, and an event.
const ROOT_BYTES: usize = 256;

#[derive(Clone, Copy, Debug)]
struct Load {
    messages: usize,
    bytes: usize,
    channels: u32,
}

/// What a run cost in all of its blocks.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    /// Messages that the sender's block took.
    carried: usize,
    block_bytes: usize,
    written_bytes: usize,
    /// After each of them.
    state_bytes: [usize; 2 * ROUNDS],
    weight_micros: u64,
    time: Duration,
}

/// What messages cost beyond the same blocks without any.
#[derive(Clone, Copy, Debug)]
struct Extra {
    carried: usize,
    block_bytes: usize,
    written_bytes: usize,
    /// After the block in which it is most.
    state_bytes: usize,
    weight_micros: u64,
    time: Duration,
}

impl Cost {
    fn add(&mut self, round: usize, blocks: [Figures; 2]) {
        for (index, block) in blocks.into_iter().enumerate() {
            self.block_bytes += block.block_bytes;
            self.written_bytes += block.written_bytes;
            self.state_bytes[2 * round + index] = block.state_bytes;
            self.weight_micros += block.weight_micros;
            self.time += block.time;
        }
    }

    fn beyond(self, idle: Self) -> Extra {
        let by_block = self.state_bytes.iter().zip(idle.state_bytes).map(|(state, idle)| state.saturating_sub(idle));
        Extra {
            carried: self.carried,
            block_bytes: self.block_bytes.saturating_sub(idle.block_bytes),
            written_bytes: self.written_bytes.saturating_sub(idle.written_bytes),
            state_bytes: by_block.max().unwrap_or_default(),
            weight_micros: self.weight_micros.saturating_sub(idle.weight_micros),
            time: self.time.saturating_sub(idle.time),
        }
    }
}

impl Extra {
    fn print(&self, transport: &str, load: Load) {
        let Load { messages, bytes, channels } = load;
        println!(
            "| {transport} | {messages} x {bytes} B | {channels} | {} | {} | {} | {} | {} | {:.1} |",
            self.carried,
            self.block_bytes,
            self.written_bytes,
            self.state_bytes,
            self.weight_micros,
            self.time.as_secs_f64() * 1_000.0,
        );
    }
}

#[test]
fn the_relay_chain_pays_for_hrmp_messages_and_not_for_xcmp_messages() {
    matrix(&[1, 100], &[32, KIB], &[1, 3]);
}

#[test]
fn prove_the_cost_is_flat_in_messages_bytes_and_channels() {
    matrix(&[1, 10, 100, 1_000], &[32, KIB, 100 * KIB], &[1, 10, 30]);
}

fn matrix(messages: &[usize], bytes: &[usize], channels: &[u32]) {
    println!("| transport | asked | channels | carried | block bytes | bytes written | state bytes | weight us | native ms |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for channels in channels.iter().copied() {
        let nothing = Load { messages: 0, bytes: 0, channels };
        let (idle_hrmp, idle_xcmp) = (by_hrmp(nothing), by_xcmp(nothing));
        for bytes in bytes.iter().copied() {
            for messages in messages.iter().copied() {
                let load = Load { messages, bytes, channels };
                let (hrmp, xcmp) = (by_hrmp(load).beyond(idle_hrmp), by_xcmp(load).beyond(idle_xcmp));
                hrmp.print("HRMP", load);
                xcmp.print("XCMP", load);
                judge(load, hrmp, xcmp);
            }
        }
        print_proofs(channels);
    }
}

/// The claim: a body is nowhere on the relay chain, and a candidate writes one root at most.
fn judge(load: Load, hrmp: Extra, xcmp: Extra) {
    let most = ROOT_BYTES * ROUNDS * (usize::try_from(load.channels).expect("few") + 1);
    assert_eq!(xcmp.block_bytes, 0, "{load:?}: heads are as long as without messages");
    assert!(xcmp.written_bytes <= most, "{load:?}: {xcmp:?}, more than {most}");
    assert!(xcmp.state_bytes <= most / ROUNDS, "{load:?}: {xcmp:?}");
    assert_eq!(xcmp.weight_micros, 0, "{load:?}: every head is paid for alike");
    assert!(xcmp.carried >= hrmp.carried, "{load:?}: XCMP takes {}, HRMP {}", xcmp.carried, hrmp.carried);

    // The measurement sees bodies where there are any.
    let bodies = hrmp.carried * load.bytes;
    assert!(hrmp.carried > 0 && hrmp.block_bytes >= bodies, "{load:?}: {hrmp:?}");
    assert!(hrmp.written_bytes >= 2 * bodies, "{load:?}: {hrmp:?}");
    assert!(hrmp.state_bytes >= bodies, "{load:?}: {hrmp:?}");
}

fn receivers(channels: u32) -> Vec<u32> {
    (1..=channels).map(|index| SENDER + index).collect()
}

fn by_xcmp(load: Load) -> Cost {
    let ids = receivers(load.channels);
    let mut sender = Para::new(SENDER, &ids);
    let mut receivers = ids.iter().map(|id| Para::new(*id, &[SENDER])).collect::<Vec<_>>();
    let heads = [&sender].into_iter().chain(&receivers).map(|para| (para.id, para.head())).collect::<Vec<_>>();
    let mut relay = Relay::new(&heads, Transport::Xcmp, EPOCH_SLOTS);
    let mut cost = Cost::default();
    for round in 0..ROUNDS {
        let asked = if round == SENDING_ROUND { load.messages } else { 0 };
        let news = receivers.iter_mut().filter_map(|receiver| receiver.news_for(&mut sender)).collect::<Vec<_>>();
        let mut candidates = Vec::new();
        for receiver in &mut receivers {
            let delivery = sender.news_for(receiver);
            let deliver = || delivery.map(|delivery| assert_eq!(apply(delivery), Ok(Ok(()))));
            candidates.push(receiver.block(&mut relay, deliver).0);
        }
        let (candidate, carried) = sender.block(&mut relay, || {
            news.into_iter().for_each(|delivery| assert_eq!(apply(delivery), Ok(Ok(()))));
            // Round robin, until a window is full.
            (0..asked).zip(ids.iter().cycle()).filter(|(_, peer)| send(**peer, load.bytes)).count()
        });
        cost.carried += carried;
        candidates.push(candidate);
        cost.add(round, relay.include(&candidates));
    }
    for receiver in &receivers {
        let channel = sender.inspect(|| XcmpChannels::channel(receiver.id.into())).expect("it is open");
        assert_eq!(channel.messages_under_way(), 0, "{load:?}: not all has arrived and is acknowledged");
    }
    cost
}

fn by_hrmp(load: Load) -> Cost {
    let ids = receivers(load.channels);
    let head = |round: usize| vec![u8::try_from(round).expect("few rounds"); 200];
    let paras = [SENDER].iter().chain(&ids).map(|id| (*id, head(0))).collect::<Vec<_>>();
    let mut relay = Relay::new(&paras, Transport::Hrmp, EPOCH_SLOTS);
    let mut cost = Cost::default();
    for round in 0..ROUNDS {
        let mut candidates = paras.iter().map(|(id, _)| Candidate::with_head(*id, head(round + 1))).collect::<Vec<_>>();
        if round == SENDING_ROUND {
            let pages = pages(&mut relay, load, &ids);
            cost.carried = pages.values().map(|page| page.messages).sum();
            let outbound =
                |(recipient, page): (u32, Page)| OutboundHrmpMessage { recipient: recipient.into(), data: page.data };
            let messages = pages.into_iter().map(outbound).collect::<Vec<_>>();
            candidates[0].commitments.horizontal_messages = messages.try_into().expect("as many as allowed");
        }
        cost.add(round, relay.include(&candidates));
    }
    let waiting = relay.chain.inspect(|| hrmp::HrmpChannelContents::<Runtime>::iter_values().flatten().count());
    assert_eq!(waiting, 0, "{load:?}: not all has been read");
    cost
}

/// What goes to one recipient in one candidate.
#[derive(Default)]
struct Page {
    messages: usize,
    data: Vec<u8>,
}

/// One page for each recipient, for as many recipients as a candidate may have.
fn pages(relay: &mut Relay, load: Load, ids: &[u32]) -> BTreeMap<u32, Page> {
    let host = relay.chain.inspect(configuration::ActiveConfig::<Runtime>::get);
    let limits = (host.hrmp_channel_max_message_size, host.hrmp_channel_max_total_size, host.hrmp_channel_max_capacity);
    assert_eq!(limits, (MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES, 1_000), "Kusama's");
    let most = usize::try_from(host.hrmp_channel_max_message_size).expect("a length");
    let recipients = usize::try_from(host.hrmp_max_message_num_per_candidate).expect("a count");
    let mut pages = BTreeMap::<u32, Page>::new();
    for recipient in ids.iter().take(recipients).cycle().take(load.messages) {
        let page = pages.entry(*recipient).or_insert_with(|| Page { messages: 0, data: vec![0] });
        // The page's format takes a byte, and one message of the greatest size fits beside none.
        let bytes = load.bytes.min(most - 1);
        if page.data.len() + bytes <= most {
            page.data.extend(vec![255; bytes]);
            page.messages += 1;
        }
    }
    pages
}

/// What a parachain has to prove of the relay chain's state in each block.
fn print_proofs(channels: u32) {
    let ids = receivers(channels);
    let paras = [SENDER].iter().chain(&ids).map(|id| (*id, vec![0; 200])).collect::<Vec<_>>();
    let length = |transport: Transport, with_roots: bool| {
        let mut relay = Relay::new(&paras, transport, EPOCH_SLOTS);
        let candidates = paras.iter().map(|(id, _)| Candidate::with_head(*id, root_head(*id))).collect::<Vec<_>>();
        relay.include(&candidates);
        let mut keys = relay.collators_keys(ParaId::from(SENDER));
        if with_roots {
            keys.extend(ids.iter().map(|id| latest_root_key((*id).into())));
        }
        codec::Encode::encoded_size(&relay.prove(keys))
    };
    let (bare, hrmp, xcmp) =
        (length(Transport::Xcmp, false), length(Transport::Hrmp, false), length(Transport::Xcmp, true));
    println!("proof of the relay chain's state in each block, {channels} channels each way: {bare} B without, HRMP {hrmp} B, XCMP {xcmp} B");
    assert!(xcmp > bare && hrmp > bare);
}

/// A head with a root in it.
fn root_head(para: u32) -> Vec<u8> {
    use sp_core::H256;
    use sp_runtime::{
        generic::{Digest, Header},
        traits::BlakeTwo256,
    };
    let item = serin_primitives::xcmp::digest::item(H256::from_low_u64_be(para.into()));
    let (parent_hash, state_root, extrinsics_root) = (H256::zero(), H256::zero(), H256::zero());
    let digest = Digest { logs: vec![item] };
    let header = Header::<u32, BlakeTwo256> { parent_hash, number: 1, state_root, extrinsics_root, digest };
    codec::Encode::encode(&header)
}
