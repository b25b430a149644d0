// SPDX-License-Identifier: GPL-3.0-only
//! Messages of one sender to some receivers, by either transport, with all blocks until everything has arrived and is
//! acknowledged.

use super::{
    cost::Cost,
    para::{apply, message, send_payload, Para},
    relay::{Candidate, Relay},
};
use polkadot_primitives::OutboundHrmpMessage;
use polkadot_runtime_parachains::{configuration, hrmp};
use serin_parachain_runtime::XcmpChannels;
use serin_primitives::xcmp::{Delivery, MAX_MESSAGE_BYTES};
use serin_runtime::{genesis_config_presets::Transport, Runtime};
use sp_runtime::transaction_validity::InvalidTransaction;
use std::collections::BTreeMap;

pub const KIB: usize = 1024;
pub const SENDER: u32 = 2_000;
pub const EPOCH_SLOTS: u32 = 600;
/// Blocks of each parachain, which are two blocks each of the relay chain: enough for two full deliveries.
pub const ROUNDS: usize = 8;
/// The first round is like all later ones, but that nothing was sent yet.
const SENDING_ROUND: usize = 1;

/// What the sender is asked to send in one block, to as many receivers as there are channels in turn.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    pub messages: usize,
    pub bytes: usize,
    pub channels: u32,
}

pub fn receivers(channels: u32) -> Vec<u32> {
    (1..=channels).map(|index| SENDER + index).collect()
}

/// Where each run by XCMP starts.
pub struct ByXcmp {
    relay: Relay,
    sender: Para,
    receivers: Vec<Para>,
}

impl ByXcmp {
    pub fn new(channels: u32) -> Self {
        let ids = receivers(channels);
        let sender = Para::new(SENDER, &ids);
        let receivers = ids.iter().map(|id| Para::new(*id, &[SENDER])).collect::<Vec<_>>();
        let heads = [&sender].into_iter().chain(&receivers).map(|para| (para.id, para.head())).collect::<Vec<_>>();
        Self { relay: Relay::new(&heads, Transport::Xcmp, EPOCH_SLOTS), sender, receivers }
    }

    pub fn run(&self, load: Load) -> Cost {
        let (mut relay, mut sender) = (self.relay.clone(), self.sender.fork());
        let mut receivers = self.receivers.iter().map(Para::fork).collect::<Vec<_>>();
        let message = message(load.bytes);
        let mut cost = Cost::default();
        for round in 0..ROUNDS {
            let asked = if round == SENDING_ROUND { load.messages } else { 0 };
            let news = receivers.iter_mut().filter_map(|receiver| receiver.news_for(&mut sender)).collect::<Vec<_>>();
            let mut candidates = Vec::new();
            for receiver in &mut receivers {
                let delivery = sender.news_for(receiver);
                let deliver = || assert!(delivery.into_iter().all(has_room_for), "{load:?}: it is the only one");
                candidates.push(receiver.block(&mut relay, deliver).0);
            }
            let (candidate, carried) = sender.block(&mut relay, || {
                // What the block has no room for, the relayer hands in again.
                let told = news.len();
                let heard = news.into_iter().take_while(|delivery| has_room_for(delivery.clone())).count();
                if heard < told {
                    println!("{load:?}: a block hears {heard} of {told} acknowledgements");
                }
                // Round robin, until a window is full.
                let turns = (0..asked).zip(receivers.iter().cycle());
                turns.filter(|(_, peer)| send_payload(peer.id, message.clone()).is_ok()).count()
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
}

/// Applies a sound delivery to the block under construction, unless that is full.
fn has_room_for(delivery: Delivery) -> bool {
    match apply(delivery) {
        Ok(outcome) => {
            assert_eq!(outcome, Ok(()));
            true
        }
        Err(error) => {
            assert_eq!(error, InvalidTransaction::ExhaustsResources.into());
            false
        }
    }
}

/// Where each run by HRMP starts.
pub struct ByHrmp {
    relay: Relay,
    receivers: Vec<u32>,
}

impl ByHrmp {
    pub fn new(channels: u32) -> Self {
        let receivers = receivers(channels);
        let heads = [SENDER].iter().chain(&receivers).map(|id| (*id, head(0))).collect::<Vec<_>>();
        Self { relay: Relay::new(&heads, Transport::Hrmp, EPOCH_SLOTS), receivers }
    }

    pub fn run(&self, load: Load) -> Cost {
        let mut relay = self.relay.clone();
        let mut cost = Cost::default();
        for round in 0..ROUNDS {
            let paras = [SENDER].iter().chain(&self.receivers);
            let mut candidates = paras.map(|id| Candidate::with_head(*id, head(round + 1))).collect::<Vec<_>>();
            if round == SENDING_ROUND {
                let pages = pages(&mut relay, load, &self.receivers);
                cost.carried = pages.values().map(|page| page.messages).sum();
                put_pages(&mut candidates[0], pages);
            }
            cost.add(round, relay.include(&candidates));
        }
        let waiting = relay.chain.inspect(|| hrmp::HrmpChannelContents::<Runtime>::iter_values().flatten().count());
        assert_eq!(waiting, 0, "{load:?}: not all has been read");
        cost
    }
}

/// A head in which there is nothing to find.
fn head(round: usize) -> Vec<u8> {
    vec![u8::try_from(round).expect("few rounds"); 200]
}

/// What goes to one recipient in one candidate.
#[derive(Default)]
pub struct Page {
    messages: usize,
    data: Vec<u8>,
}

/// One page for each recipient, for as many recipients as a candidate may have.
pub fn pages(relay: &mut Relay, load: Load, ids: &[u32]) -> BTreeMap<u32, Page> {
    let host = relay.chain.inspect(configuration::ActiveConfig::<Runtime>::get);
    let limits = (host.hrmp_channel_max_message_size, host.hrmp_channel_max_total_size, host.hrmp_channel_max_capacity);
    assert_eq!(limits, (MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES, 1_000), "Kusama's");
    let most = usize::try_from(host.hrmp_channel_max_message_size).expect("a length");
    let recipients = usize::try_from(host.hrmp_max_message_num_per_candidate).expect("a count");
    // The page's format takes a byte, and one message of the greatest size fits beside none.
    let message = message(load.bytes.min(most - 1));
    let mut pages = BTreeMap::<u32, Page>::new();
    for recipient in ids.iter().take(recipients).cycle().take(load.messages) {
        let page = pages.entry(*recipient).or_insert_with(|| Page { messages: 0, data: vec![0] });
        if page.data.len() + message.len() <= most {
            page.data.extend(&message);
            page.messages += 1;
        }
    }
    pages
}

/// Has the candidate send these pages.
pub fn put_pages(candidate: &mut Candidate, pages: BTreeMap<u32, Page>) {
    let outbound =
        |(recipient, page): (u32, Page)| OutboundHrmpMessage { recipient: recipient.into(), data: page.data };
    let messages = pages.into_iter().map(outbound).collect::<Vec<_>>();
    candidate.commitments.horizontal_messages = messages.try_into().expect("as many as allowed");
}
