// SPDX-License-Identifier: GPL-3.0-only
//! Random leases, swaps, clearances and auctions, on the library's host and leases.
//!
//! Two models stand beside the pallet. What it says in events that a core does, is in the claim queue, block by block. And
//! when nothing has changed for a period, the claim queue is what the leases ask for, read from the slots pallet alone.

use super::*;
use crate::{CoreScheduler, Cores, CoretimeScheduler, Error, Event, Records, Work};
use frame_support::{storage::with_storage_layer, traits::Get};
use polkadot_primitives::{BlockNumber, Id as ParaId};
use polkadot_runtime_common::{
    slots::Leases,
    traits::{Leaser, OnSwap},
};
use rand::{rngs::StdRng, Rng, SeedableRng};
use serin_primitives::{
    lease::LeaseWindow,
    traits::{CoreIndex, CoreReservations},
};
use std::collections::{BTreeMap, BTreeSet};

const ROUNDS_PER_COMMIT: u32 = 50;

#[test]
fn leased_paras_are_on_exactly_one_core_whatever_happens() {
    let tier = std::env::var("SERIN_TIER").unwrap_or_else(|_| "test".into());
    let rounds = if tier == "test" { 2_000 } else { 50_000 };
    let seed = std::env::var("SERIN_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("rounds={rounds} tier={tier} seed={seed}");
    let mut run = Run {
        rng: StdRng::seed_from_u64(seed),
        timeline: Timeline::default(),
        held: Vec::new(),
        done: BTreeMap::new(),
    };
    let mut externalities = new_test_ext();
    for _ in 0..rounds / ROUNDS_PER_COMMIT {
        externalities.execute_with(|| (0..ROUNDS_PER_COMMIT).for_each(|_| run.step()));
        // The state's root is computed in every block, from all changes since this.
        externalities.commit_all().unwrap();
    }
    println!("done: {:?}", run.done);
    for what in ["lease", "swap", "clear", "place", "sync", "auction", "settle", "lower", "served", "idle"] {
        assert!(run.done.get(what).is_some_and(|times| *times >= rounds / 400), "too few of: {what}");
    }
}

struct Run {
    rng: StdRng,
    timeline: Timeline,
    /// Reservations of auctions that are not settled.
    held: Vec<(CoreIndex, LeaseWindow)>,
    /// How often each operation did something.
    done: BTreeMap<&'static str, u32>,
}

impl Run {
    fn step(&mut self) {
        let para = self.para();
        match self.rng.gen_range(0..100) {
            0..=39 => {
                let blocks = self.rng.gen_range(1..=6);
                self.advance(blocks);
            }
            40..=51 => {
                let (first, count) = (current() + self.rng.gen_range(0..4), self.rng.gen_range(1..5));
                let leased = Slots::force_lease(RuntimeOrigin::root(), para, 1, 1, first, count);
                self.note("lease", leased.is_ok());
            }
            52..=61 => self.note("place", place(para.into()).is_ok()),
            62..=69 => {
                let other = self.para();
                let before = (claims(para), claims(other));
                <(Slots, LeaseCores) as OnSwap>::on_swap(para, other);
                assert_eq!((claims(other), claims(para)), before);
                self.note("swap", para != other && !(leases(para).is_empty() && leases(other).is_empty()));
            }
            70..=75 => {
                let had_lease = !leases(para).is_empty();
                Slots::clear_all_leases(RuntimeOrigin::root(), para).unwrap();
                self.note("clear", had_lease);
            }
            76..=82 => {
                let core = self.rng.gen_range(0..10);
                self.note("sync", sync(core).is_ok());
            }
            83..=88 => self.open_auction(),
            89..=94 => self.settle_auction(),
            95..=96 => {
                let count = self.rng.gen_range(1..=3);
                Configuration::set_coretime_cores(RuntimeOrigin::root(), count).unwrap();
                self.note("lower", true);
            }
            _ => self.rest(),
        }
        self.timeline.read_events();
        LeaseCores::do_try_state().unwrap();
    }

    fn para(&mut self) -> ParaId {
        self.rng.gen_range(PARAS).into()
    }

    fn note(&mut self, what: &'static str, useful: bool) {
        *self.done.entry(what).or_default() += u32::from(useful);
    }

    fn advance(&mut self, blocks: BlockNumber) {
        for _ in 0..blocks {
            advance_to(System::block_number() + 1);
            self.timeline.read_events();
            self.timeline.assert_in_claim_queue();
        }
    }

    fn open_auction(&mut self) {
        let window = LeaseWindow::new(current() + self.rng.gen_range(1..4)).unwrap();
        let reserved = with_storage_layer(|| LeaseCores::reserve(window));
        self.note("auction", reserved.is_ok());
        self.held.extend(reserved.map(|core| (core, window)));
    }

    /// Sells some periods to one para each, if it has no lease in them, and releases the rest.
    fn settle_auction(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let chosen = self.rng.gen_range(0..self.held.len());
        let (core, window) = self.held.swap_remove(chosen);
        let mut period = window.first().max(current());
        let mut leases = Vec::new();
        while period <= window.last() {
            let last = (period + self.rng.gen_range(0..4)).min(window.last());
            let para = self.para();
            if self.rng.gen_bool(0.6) && !Slots::already_leased(para, period, last) {
                Slots::lease_out(para, &1, 1, period, last - period + 1).unwrap();
                leases.push((para, period..=last));
            }
            period = last + 1;
        }
        // A reservation is for its holder alone: until it is released, nothing else can have happened to it.
        with_storage_layer(|| LeaseCores::occupy(core, window, &leases)).unwrap();
        LeaseCores::release(core, window);
        self.note("settle", true);
    }

    /// Everybody does what is to be done, and then nobody does anything for a period.
    fn rest(&mut self) {
        let homeless: BTreeSet<ParaId> = PARAS.map(ParaId::from).filter(|para| !place_all(*para)).collect();
        for core in Cores::<Test>::get() {
            let synced = sync(core);
            let expected = [Error::<Test>::NothingToSync.into(), Error::<Test>::TooLate.into()];
            assert!(synced.is_ok() || synced.is_err_and(|error| expected.contains(&error)), "{synced:?}");
        }
        self.timeline.read_events();
        self.advance(PERIOD_BLOCKS);
        let period_in = |blocks| Clock::get().period_at(System::block_number() + blocks).unwrap();
        if period_in(1) != period_in(2) {
            // A para whose lease begins with the block after the next may prepare: no time to judge by the lease.
            self.advance(1);
        }
        let period = period_in(1);
        let mut served: Vec<ParaId> = Vec::new();
        let queues = claim_queues();
        for core in Cores::<Test>::get() {
            let next = queues.get(&core).and_then(|queue| queue.first()).copied();
            self.note(if next.is_some() { "served" } else { "idle" }, true);
            served.extend(next);
        }
        served.sort();
        let offset = (period - current()) as usize;
        let leased = |para: &ParaId| leases(*para).get(offset).is_some_and(|lease| lease.is_some());
        let with_core: Vec<ParaId> = served.iter().copied().filter(|para| !homeless.contains(para)).collect();
        let expected = PARAS.map(ParaId::from).filter(|para| leased(para) && !homeless.contains(para));
        assert_eq!(with_core, expected.collect::<Vec<_>>());
        assert!(served.iter().all(leased), "a para is served without a lease");
    }
}

/// What the pallet has said that cores do.
#[derive(Default)]
struct Timeline(BTreeMap<CoreIndex, Vec<(BlockNumber, BlockNumber, Work)>>);

impl Timeline {
    fn read_events(&mut self) {
        for record in System::read_events_no_consensus() {
            let RuntimeEvent::LeaseCores(Event::CoreScheduled { core, work, begin, end, .. }) = record.event else {
                continue;
            };
            let entries = self.0.entry(core).or_default();
            assert!(entries.last().is_none_or(|(last, ..)| *last < begin), "two assignments begin with one block");
            assert!(System::block_number() + LOOKAHEAD < begin && begin < end, "the claim queue changes");
            entries.push((begin, end, work));
        }
        System::reset_events();
        for entries in self.0.values_mut() {
            entries.drain(..entries.len().saturating_sub(60));
        }
    }

    /// The para that a core serves in a block.
    fn para_at(&self, core: CoreIndex, block: BlockNumber) -> Option<ParaId> {
        let (_, end, work) = self.0.get(&core)?.iter().rev().find(|(begin, ..)| *begin <= block)?;
        match work {
            Work::Task(para) if block < *end => Some(*para),
            _ => None,
        }
    }

    fn assert_in_claim_queue(&self) {
        let next = System::block_number() + 1;
        let mut queues = claim_queues();
        for core in Cores::<Test>::get() {
            let is_served = u32::from(core) < CoretimeScheduler::<Test>::served_cores();
            let mut ahead = (next..next + LOOKAHEAD).map(|block| self.para_at(core, block)).collect::<Vec<_>>();
            // A para that comes to an idle core may prepare one block earlier.
            if let [first @ None, Some(second), ..] = ahead.as_mut_slice() {
                *first = Some(*second);
            }
            let expected: Vec<ParaId> = ahead.into_iter().map_while(|para| para).filter(|_| is_served).collect();
            assert_eq!(queues.remove(&core).unwrap_or_default(), expected, "core {core} before block {next}");
        }
    }
}

/// Places all that can be; `false` if a lease is left without a core.
fn place_all(para: ParaId) -> bool {
    loop {
        match place(para.into()) {
            Ok(_) => (),
            Err(error) => return error == Error::<Test>::NothingToPlace.into(),
        }
    }
}

/// The cores and periods, from the current on, that the calendars have for a para.
fn claims(para: ParaId) -> BTreeSet<(CoreIndex, u32)> {
    let records = Records::<Test>::iter();
    let claims = records
        .flat_map(|(core, record)| record.calendar.periods_of(para).map(|period| (core, period)).collect::<Vec<_>>());
    claims.filter(|(_, period)| *period >= current()).collect()
}

fn current() -> u32 {
    Clock::get().period_at(System::block_number()).unwrap()
}

fn leases(para: ParaId) -> Vec<Option<(u64, Balance)>> {
    Leases::<Test>::get(para)
}
