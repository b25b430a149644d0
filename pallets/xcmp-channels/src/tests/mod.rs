// SPDX-License-Identifier: GPL-3.0-only
mod begin_again;
mod calls;
mod flow;
mod genesis;
mod receiving;
mod roots;
mod sending;
mod simulator;
mod transports;
mod try_state;
mod upgrades;

use crate::{
    delivery::invalid,
    mock::{BlockBudget, Executed, Para, Relay, RuntimeCall, RuntimeOrigin, Test, XcmpChannels},
    Call, Channel, Error, MessageOrigin,
};
use frame_support::{
    dispatch::PostDispatchInfo,
    pallet_prelude::{TransactionSource, TransactionValidityError},
    traits::Authorize,
};
use frame_system::RawOrigin;
use serin_primitives::xcmp::{delivery::Payload, Acceptance, Delivery, Window};
use sp_runtime::traits::Dispatchable;
use std::collections::BTreeMap;

const A: u32 = 2_000;
const B: u32 = 2_001;
const C: u32 = 2_002;

const WINDOW: Window = Window { messages: 32, bytes: 250_000 };

/// Parachains whose blocks are included as soon as they are made.
#[derive(Clone)]
struct Net {
    relay: Relay,
    paras: BTreeMap<u32, Para>,
}

impl Net {
    /// All have channels with each other, and know that the others accept.
    fn new(ids: &[u32]) -> Self {
        let mut net = Self::without_channels(ids);
        for id in ids {
            net.block(*id, || {
                ids.iter().filter(|peer| *peer != id).for_each(|peer| accept(*peer, Acceptance::Accepting, WINDOW));
            });
        }
        for id in ids {
            for peer in ids.iter().filter(|peer| *peer != id) {
                net.relay_messages(*peer, *id);
            }
        }
        net
    }

    fn without_channels(ids: &[u32]) -> Self {
        Self { relay: Relay::new(), paras: ids.iter().map(|id| (*id, Para::new(*id))).collect() }
    }

    /// A block of `id`, included in the next block of the relay chain.
    fn block<R>(&mut self, id: u32, transactions: impl FnOnce() -> R) -> R {
        let result = self.block_of_fork(id, transactions);
        self.relay.include(&[(id, self.paras[&id].head.clone())]);
        result
    }

    /// A block of `id` that no relay-chain block includes.
    fn block_of_fork<R>(&mut self, id: u32, transactions: impl FnOnce() -> R) -> R {
        let relay = self.relay.clone();
        self.para(id).block(&relay, &[], transactions)
    }

    fn para(&mut self, id: u32) -> &mut Para {
        self.paras.get_mut(&id).unwrap()
    }

    fn read<R>(&self, id: u32, look: impl FnOnce() -> R) -> R {
        self.paras[&id].read(look)
    }

    fn channel(&self, id: u32, peer: u32) -> Channel {
        self.read(id, || XcmpChannels::channel(peer.into()).unwrap())
    }

    /// A block of `from` that sends these messages to `to`.
    fn send(&mut self, from: u32, to: u32, messages: &[&[u8]]) {
        self.block(from, || messages.iter().for_each(|message| send(to, message)));
    }

    /// What a relayer fetches from the last block of `from` for `to`.
    fn fetch(&self, from: u32, to: u32) -> Delivery {
        let next = self.channel(to, from).received.count();
        self.fetch_at(from, to, next, u32::MAX)
    }

    fn fetch_at(&self, from: u32, to: u32, next: u64, max_messages: u32) -> Delivery {
        self.read(from, || XcmpChannels::delivery(to.into(), next, max_messages, u32::MAX).unwrap())
    }

    /// One block in which the receiver learns the root, and one with as much as it may take in.
    fn relay_messages(&mut self, from: u32, to: u32) {
        let next = self.channel(to, from).received.count();
        let delivery = self.fetch_at(from, to, next, BlockBudget::get().messages);
        self.block(to, || ());
        self.block(to, || submit(delivery).unwrap());
    }

    fn executed(&self, id: u32) -> Vec<(MessageOrigin, Vec<u8>)> {
        self.read(id, Executed::get)
    }

    /// The messages of `from` that `to` ran.
    fn executed_from(&self, to: u32, from: u32) -> Vec<Vec<u8>> {
        let origin = MessageOrigin::Xcmp(from.into());
        self.executed(to).into_iter().filter(|(of, _)| *of == origin).map(|(_, message)| message).collect()
    }
}

fn accept(peer: u32, acceptance: Acceptance, window: Window) {
    XcmpChannels::set_acceptance(RuntimeOrigin::root(), peer.into(), acceptance, window).unwrap();
}

fn payload(bytes: &[u8]) -> Payload {
    bytes.to_vec().try_into().unwrap()
}

fn send(to: u32, message: &[u8]) {
    XcmpChannels::send(to.into(), payload(message)).unwrap();
}

fn call(delivery: Delivery) -> RuntimeCall {
    RuntimeCall::XcmpChannels(Call::deliver { delivery })
}

/// A delivery as a transaction: checked as in the pool, then run.
fn submit(delivery: Delivery) -> Result<PostDispatchInfo, TransactionValidityError> {
    let call = call(delivery);
    call.authorize(TransactionSource::External).expect("deliveries authorize themselves")?;
    Ok(call.dispatch(RawOrigin::Authorized.into()).expect("what is authorized does not fail"))
}

fn refused(error: Error<Test>) -> Result<PostDispatchInfo, TransactionValidityError> {
    Err(invalid(error))
}

/// How often to repeat something in this tier, of the counts for `test`, `prove` and `soak`, and with which seed.
fn rounds_and_seed(counts: [u32; 3]) -> (u32, u64) {
    let tier = std::env::var("SERIN_TIER").unwrap_or_else(|_| "test".into());
    let [test, prove, soak] = counts;
    let rounds = match tier.as_str() {
        "prove" => prove,
        "soak" => soak,
        _ => test,
    };
    let seed = std::env::var("SERIN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("rounds={rounds} tier={tier} seed={seed}");
    (rounds, seed)
}
