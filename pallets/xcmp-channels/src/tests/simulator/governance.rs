// SPDX-License-Identifier: GPL-3.0-only
//! The relay chain's governance: it sets parachains back, and begins channels again whose sides contradict each other.

use super::{pairs, sent, SentLog, Simulator, World, PARAS};
use crate::{
    mock::{Executed, RuntimeOrigin, XcmpChannels},
    tests::{accept, Net, WINDOW},
    MessageOrigin,
};
use rand::Rng;
use serin_primitives::xcmp::{message_hash, Acceptance, Frontier};

/// What a parachain that was set back had sent to one peer.
#[derive(Clone)]
pub(super) struct Abandoned {
    from: u32,
    to: u32,
    sent: Vec<Vec<u8>>,
}

impl World {
    /// All that `from` sent to `to`, in each history that it ever had since their channel began.
    pub(super) fn histories(&self, from: u32, to: u32) -> impl Iterator<Item = Vec<Vec<u8>>> + '_ {
        let abandoned = self.abandoned.iter().filter(move |history| history.from == from && history.to == to);
        [sent(&self.included, from, to)].into_iter().chain(abandoned.map(|history| history.sent.clone()))
    }

    /// Sets `id` back to an older state, with its root made unknown in the same batch.
    fn set_back(&mut self, id: u32, to: usize) {
        for peer in PARAS.into_iter().filter(|peer| *peer != id) {
            self.abandoned.push(Abandoned { from: id, to: peer, sent: sent(&self.included, id, peer) });
        }
        let mut past = self.past.remove(&id).unwrap_or_default();
        let older = past.swap_remove(to);
        self.net.paras.insert(id, older.clone());
        self.included.paras.insert(id, older);
        self.clear(id);
    }

    fn clear(&mut self, id: u32) {
        if self.net.relay.has_root(id) {
            self.net.relay.clear(id);
        }
    }
}

impl Simulator {
    pub(super) fn governance(&mut self, round: u32) {
        if self.random.gen_ratio(1, 15) {
            let id = PARAS[self.random.gen_range(0..PARAS.len())];
            let states = self.world.past.get(&id).map_or(0, Vec::len);
            if states > 0 {
                // Not far: what goes back by a whole life has nothing to go on with.
                let to = self.random.gen_range(states.saturating_sub(6)..states);
                self.world.set_back(id, to);
                self.counts.set_back += 1;
            }
        }
        for (one, other) in pairs().filter(|(one, other)| one < other) {
            if self.random.gen_ratio(1, 10) && contradict(&self.world.included, one, other) {
                self.begin_again(one, other, Some(round));
            }
        }
    }

    pub(super) fn begin_contradicting_channels_again(&mut self) {
        for (one, other) in pairs().filter(|(one, other)| one < other) {
            if contradict(&self.world.included, one, other) {
                self.begin_again(one, other, None);
            }
        }
    }

    /// Both roots are made unknown, then both sides remove the channel, and only then both make it again. Otherwise one
    /// side's new channel would still meet the old one of the other, which begins with the same message 0.
    ///
    /// Without a round every head is read.
    fn begin_again(&mut self, one: u32, other: u32, round: Option<u32>) {
        [one, other].into_iter().for_each(|id| self.world.clear(id));
        for step in [forget, open] {
            for (id, peer) in [(one, other), (other, one)] {
                self.world.net.paras.insert(id, self.world.included.paras[&id].clone());
                self.world.net.block_of_fork(id, || step(peer));
                self.include(id, round.unwrap_or(u32::MAX));
            }
        }
        // Nobody goes back behind this.
        self.world.past.retain(|id, _| *id != one && *id != other);
        let both = [one, other];
        self.world.abandoned.retain(|history| !both.contains(&history.from) || !both.contains(&history.to));
        self.counts.begun_again += 1;
    }
}

/// Whether one of them received what the other did not send, or can no longer send.
fn contradict(net: &Net, one: u32, other: u32) -> bool {
    !agrees(net, one, other) || !agrees(net, other, one)
}

fn agrees(net: &Net, from: u32, to: u32) -> bool {
    let received = net.channel(to, from).received;
    let hashes: Vec<_> = sent(net, from, to).iter().map(|message| message_hash(message)).collect();
    let begins_with = |count: usize| hashes.get(..count).map(|begin| Frontier::default().append(begin));
    begins_with(received.count() as usize) == Some(Ok(received.clone()))
        && net.channel(from, to).acknowledged.count() <= received.count()
}

/// In a block: removes the channel with `peer`. All that came by it has been run.
fn forget(peer: u32) {
    XcmpChannels::remove_channel(RuntimeOrigin::root(), peer.into()).unwrap();
    SentLog::set(&SentLog::get().into_iter().filter(|(to, _)| *to != peer).collect());
    let of_peer = MessageOrigin::Xcmp(peer.into());
    Executed::set(&Executed::get().into_iter().filter(|(origin, _)| *origin != of_peer).collect());
}

fn open(peer: u32) {
    accept(peer, Acceptance::Accepting, WINDOW);
}
