// SPDX-License-Identifier: GPL-3.0-only
//! Random operations on many auctions at once, compared with a model that knows all bids and looks through all of
//! them.

use super::{winners::best_of_all_cuts, *};
use crate::outcome::{MAX_PASSED_OVER, MAX_WALK_BACKS};
use frame_support::traits::Hooks;
use polkadot_runtime_common::{slots, traits::Leaser};
use rand::{rngs::StdRng, seq::IteratorRandom, Rng, SeedableRng};
use sp_runtime::Permill;
use std::collections::{BTreeMap, BTreeSet};

const BIDDERS: std::ops::RangeInclusive<AccountId> = 11..=30;
const PARAS: std::ops::Range<u32> = 0..24;
const RAISE: Permill = Permill::from_percent(3);

type PledgeKey = (AuctionId, AccountId, u32);

#[derive(Clone, Copy)]
struct Bid {
    id: AuctionId,
    bidder: AccountId,
    para: u32,
    periods: (LeasePeriod, LeasePeriod),
    amount: Balance,
    block: BlockNumber,
}

struct Open {
    first_period: LeasePeriod,
    ending_start: BlockNumber,
    closes_at: BlockNumber,
}

/// What happens, told by brute force. Leases are the SDK's, and taken from there.
#[derive(Default)]
struct Model {
    bids: Vec<Bid>,
    open: BTreeMap<AuctionId, Open>,
    finished: BTreeSet<AuctionId>,
    pledges: BTreeMap<PledgeKey, Balance>,
}

impl Model {
    fn bids_for(&self, id: AuctionId, periods: (LeasePeriod, LeasePeriod)) -> impl Iterator<Item = &Bid> {
        self.bids.iter().filter(move |bid| bid.id == id && bid.periods == periods)
    }

    /// The bid that leads a range at the end of `block`.
    fn leader_at(&self, id: AuctionId, periods: (LeasePeriod, LeasePeriod), block: BlockNumber) -> Option<&Bid> {
        self.bids_for(id, periods).filter(|bid| bid.block <= block).last()
    }

    /// Whether some block that the candle may go out at ends with the pledge leading, or will if nobody bids any
    /// more.
    fn may_be_drawn(&self, key: PledgeKey, now: BlockNumber) -> bool {
        let Open { ending_start, .. } = self.open[&key.0];
        let of_key = self.bids.iter().filter(|bid| (bid.id, bid.bidder, bid.para) == key);
        let ranges: BTreeSet<_> = of_key.map(|bid| bid.periods).collect();
        ranges.into_iter().any(|periods| {
            let blocks =
                self.bids_for(key.0, periods).map(|bid| bid.block.max(ending_start)).chain([now.max(ending_start)]);
            let mut leaders = blocks.filter_map(|block| self.leader_at(key.0, periods, block));
            leaders.any(|bid| (bid.id, bid.bidder, bid.para) == key)
        })
    }

    /// Whether the bid is accepted; if so, takes it in.
    fn bid(&mut self, bid: Bid) -> bool {
        let Some(auction) = self.open.get(&bid.id) else { return false };
        let takes_bids = bid.block < auction.closes_at;
        let on_sale = auction.first_period <= bid.periods.0 && bid.periods.1 < auction.first_period + 8;
        let is_registered = Managers::contains_key(ParaId::from(bid.para));
        if !takes_bids || !on_sale || bid.periods.0 > bid.periods.1 || !is_registered {
            return false;
        }
        let leased = leases()
            .into_iter()
            .any(|(para, period, ..)| para == bid.para && (bid.periods.0..=bid.periods.1).contains(&period));
        let leading = self.leader_at(bid.id, bid.periods, bid.block).copied();
        let enough = leading.is_none_or(|leading| {
            let raise = (leading.amount * 3).div_ceil(100).max(1);
            bid.amount >= leading.amount + raise
        });
        let key = (bid.id, bid.bidder, bid.para);
        let pledged = self.pledges.get(&key).copied().unwrap_or_default();
        let top_up = bid.amount.saturating_sub(deposit(bid.para, bid.bidder)).saturating_sub(pledged);
        if leased || !enough || bid.amount == 0 || top_up + 1 > Balances::free_balance(bid.bidder) {
            return false;
        }
        self.bids.push(bid);
        self.pledges.insert(key, pledged + top_up);
        if let Some(overtaken) = leading {
            let key = (overtaken.id, overtaken.bidder, overtaken.para);
            if !self.may_be_drawn(key, bid.block) {
                self.pledges.remove(&key);
            }
        }
        true
    }

    /// Who wins, and with what success, before it happens: the winners by period, and whether they get a lease.
    fn settle(&mut self, id: AuctionId, candle: BlockNumber, now: BlockNumber) -> Vec<(Bid, bool)> {
        let auction = self.open.remove(&id).unwrap();
        let absolute = |range: LeaseRange| {
            (auction.first_period + u32::from(range.first()), auction.first_period + u32::from(range.last()))
        };
        // The bids of each range that may stand for it, from the first to the one of the candle block: of each block
        // the last, of all before the ending period one.
        let stack = |range| {
            let mut by_block = BTreeMap::new();
            for bid in self.bids_for(id, absolute(range)).filter(|bid| bid.block <= candle) {
                by_block.insert(bid.block.max(auction.ending_start), *bid);
            }
            by_block.into_values().collect::<Vec<_>>()
        };
        let mut standing: Vec<(LeaseRange, Vec<Bid>)> = LeaseRange::all().map(|range| (range, stack(range))).collect();
        let (mut tries, mut passed_over) = (0, 0);
        loop {
            let chosen = choose(&standing);
            let results = self.try_leases(id, chosen, now);
            let failed: BTreeSet<_> =
                results.iter().filter(|(_, leased)| !leased).map(|(bid, _)| bid.periods).collect();
            passed_over += failed.len();
            if failed.is_empty() || tries == MAX_WALK_BACKS || passed_over > MAX_PASSED_OVER {
                self.finished.insert(id);
                for (bid, _) in results.iter().filter(|(_, leased)| *leased) {
                    self.pledges.remove(&(id, bid.bidder, bid.para));
                }
                return results;
            }
            for (range, bids) in &mut standing {
                if failed.contains(&absolute(*range)) {
                    bids.pop();
                }
            }
            tries += 1;
        }
    }

    /// Which of `winners` could have their lease, one after the other.
    fn try_leases(&self, id: AuctionId, winners: Vec<Bid>, now: BlockNumber) -> Vec<(Bid, bool)> {
        let mut free: BTreeMap<AccountId, Balance> = BTreeMap::new();
        let mut released = BTreeSet::new();
        let mut deposits: BTreeMap<(u32, AccountId), Balance> = BTreeMap::new();
        let mut results = Vec::new();
        for bid in winners {
            let key = (id, bid.bidder, bid.para);
            let pledge = if released.contains(&key) { 0 } else { self.pledges.get(&key).copied().unwrap_or_default() };
            let free = free.entry(bid.bidder).or_insert_with(|| Balances::free_balance(bid.bidder));
            let deposit_key = (bid.para, bid.bidder);
            let present = *deposits.entry(deposit_key).or_insert_with(|| deposit(bid.para, bid.bidder));
            let needed = bid.amount.saturating_sub(present);
            let clashes = leases()
                .into_iter()
                .any(|(para, period, ..)| para == bid.para && (bid.periods.0..=bid.periods.1).contains(&period));
            let leased = Managers::contains_key(ParaId::from(bid.para))
                && now / LeasePeriodBlocks::get() <= bid.periods.0
                && !clashes
                && *free + pledge >= needed + Balance::from(needed > 0);
            if leased {
                *free = *free + pledge - needed;
                deposits.insert(deposit_key, present.max(bid.amount));
                released.insert(key);
            }
            results.push((bid, leased));
        }
        results
    }

    fn held(&self, who: AccountId) -> Balance {
        self.pledges.iter().filter(|((_, bidder, _), _)| *bidder == who).map(|(_, held)| held).sum()
    }
}

/// The best combination. Its value is checked against all cuts; which of several it is, is the pallet's own order.
fn choose(standing: &[(LeaseRange, Vec<Bid>)]) -> Vec<Bid> {
    let top = |range: LeaseRange| standing[range.index()].1.last();
    let best = crate::winners::best_combination(|range| top(range).map(|bid| bid.amount));
    assert_eq!(best.value, best_of_all_cuts(|range| top(range).map(|bid| bid.amount)));
    best.ranges.into_iter().map(|range| *top(range).unwrap()).collect()
}

fn deposit(para: u32, who: AccountId) -> Balance {
    slots::Pallet::<Test>::deposit_held(para.into(), &who)
}

struct Run {
    rng: StdRng,
    model: Model,
    done: BTreeMap<&'static str, u32>,
}

impl Run {
    fn operate(&mut self) {
        let now = System::block_number();
        match self.rng.gen_range(0..1_000) {
            0..=59 => self.next_block(now + 1),
            60..=74 => self.create(now),
            75..=89 => self.refund(),
            90..=94 => self.prune(),
            95..=96 => self.cancel(),
            97..=99 => self.toggle_registration(),
            _ => self.bid(now),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.done.entry(what).or_default() += 1;
    }

    fn next_block(&mut self, block: BlockNumber) {
        // The seed of a block draws whatever auction it settles; every tenth block has none.
        let seed = self.rng.gen::<[u8; 32]>();
        let known = self.rng.gen_ratio(9, 10);
        NextSeed::set(known.then_some((seed, block)));
        System::set_block_number(block);
        slots::Pallet::<Test>::on_initialize(block);

        let due = self.model.open.iter().filter(|(_, auction)| auction.closes_at <= block);
        let next = due.map(|(id, auction)| (auction.closes_at, *id, auction.ending_start)).min().filter(|_| known);
        let expected = next.map(|(closes_at, id, ending_start)| {
            let candle = crate::candle::draw(&seed, ending_start, closes_at - ending_start);
            (id, self.model.settle(id, candle, block))
        });
        Auctions::on_initialize(block);
        let Some((id, expected)) = expected else { return };
        self.count("settled");
        for (_, leased) in &expected {
            self.count(if *leased { "leased" } else { "lease failed" });
        }
        let result: Vec<_> = Results::<Test>::get(id).unwrap().into_iter().collect();
        let told = |winner: &Winner<AccountId>| {
            (winner.bidder, winner.para, winner.amount, winner.lease == LeaseOutcome::Leased)
        };
        let predicted = |(bid, leased): &(Bid, bool)| (bid.bidder, ParaId::from(bid.para), bid.amount, *leased);
        let result: Vec<_> = result.iter().map(told).collect();
        assert_eq!(result, expected.iter().map(predicted).collect::<Vec<_>>(), "winners of {id:?}");
        self.check_all();
    }

    fn create(&mut self, now: BlockNumber) {
        let (starting_blocks, ending_blocks) = (self.rng.gen_range(0..20), self.rng.gen_range(1..20));
        let closes_at = now + starting_blocks + ending_blocks;
        let first_period = closes_at / LeasePeriodBlocks::get() + self.rng.gen_range(0..3);
        let result = Auctions::new_auction(signed(ADMIN), starting_blocks, ending_blocks, first_period, Series::Direct);
        assert_eq!(result.is_ok(), self.model.open.len() < 32);
        if result.is_ok() {
            let open = Open { first_period, ending_start: now + starting_blocks, closes_at };
            self.model.open.insert(LastAuction::<Test>::get(), open);
            self.count("created");
        }
    }

    fn bid(&mut self, now: BlockNumber) {
        let Some(id) = self.model.open.keys().copied().choose(&mut self.rng) else { return self.create(now) };
        let first_period = self.model.open[&id].first_period;
        let first = first_period + self.rng.gen_range(0..8);
        let end = first_period + 8 + u32::from(self.rng.gen_ratio(1, 50));
        let periods = (first, self.rng.gen_range(first..end));
        let bidder = self.rng.gen_range(BIDDERS);
        let para = self.para_to_bid_for(periods);
        let leading = self.model.leader_at(id, periods, now).map_or(0, |bid| bid.amount);
        let amount = match self.rng.gen_range(0..10) {
            0..=7 => leading + leading / 20 + self.rng.gen_range(1..50),
            8 => leading + self.rng.gen_range(0..3),
            _ => self.rng.gen_range(0..2_000),
        };
        let accepted = self.model.bid(Bid { id, bidder, para, periods, amount, block: now });
        let result = bid(bidder, id, para, periods, amount);
        assert_eq!(result.is_ok(), accepted, "{bidder} {id:?} {para} {periods:?} {amount}: {result:?}");
        self.count(if accepted { "accepted" } else { "refused" });
        self.check_account(bidder);
    }

    /// Mostly a para that can have a lease for these periods.
    fn para_to_bid_for(&mut self, periods: (LeasePeriod, LeasePeriod)) -> u32 {
        let can_lease = |para: &u32| {
            let id = ParaId::from(*para);
            Managers::contains_key(id) && !slots::Pallet::<Test>::already_leased(id, periods.0, periods.1)
        };
        let tried: Vec<u32> = (0..6).map(|_| self.rng.gen_range(PARAS)).collect();
        tried.iter().copied().find(can_lease).unwrap_or(tried[0])
    }

    fn refund(&mut self) {
        let Some((id, bidder, para)) = self.model.pledges.keys().copied().choose(&mut self.rng) else { return };
        let is_over = self.model.finished.contains(&id);
        let result = Auctions::refund(signed(9), id, bidder, para.into());
        assert_eq!(result.is_ok(), is_over);
        if is_over {
            self.model.pledges.remove(&(id, bidder, para));
            self.count("refunded");
        }
        self.check_account(bidder);
    }

    fn prune(&mut self) {
        let Some(id) = self.model.finished.iter().copied().choose(&mut self.rng) else { return };
        if Auctions::prune(signed(9), id, 10_000).is_ok() {
            self.model.finished.remove(&id);
            self.model.pledges.retain(|(of, ..), _| *of != id);
            self.model.bids.retain(|bid| bid.id != id);
            assert!(!Records::<Test>::contains_key(id) && !Results::<Test>::contains_key(id));
            assert!(Leads::<Test>::iter_key_prefix(id).next().is_none());
            assert!(Pledges::<Test>::iter_key_prefix(id).next().is_none());
            self.count("pruned");
            self.check_all();
        }
    }

    fn cancel(&mut self) {
        let Some(id) = self.model.open.keys().copied().choose(&mut self.rng) else { return };
        assert_ok!(Auctions::cancel(signed(ADMIN), id));
        self.model.open.remove(&id);
        self.model.finished.insert(id);
        self.count("cancelled");
    }

    fn toggle_registration(&mut self) {
        // So that most bids are for paras that are registered.
        let missing: Vec<_> = PARAS.map(ParaId::from).filter(|para| !Managers::contains_key(para)).collect();
        match missing.first() {
            Some(para) if missing.len() > 2 => Managers::insert(para, MANAGER),
            _ => Managers::remove(ParaId::from(self.rng.gen_range(PARAS))),
        }
        self.count("registered or not");
    }

    /// Free, held and leased of an account are what they must be, and their sum is what it was at first.
    fn check_account(&self, who: AccountId) {
        let data = System::account(who).data;
        let deposits: Balance = PARAS.map(|para| deposit(para, who)).sum();
        assert_eq!(held(who), self.model.held(who), "held of {who}");
        assert_eq!(leased(who), deposits, "leased of {who}");
        assert_eq!(data.free + held(who) + leased(who), initial_balance(who), "all of {who}");
    }

    fn check_all(&self) {
        BIDDERS.for_each(|who| self.check_account(who));
        assert_ok!(Auctions::do_try_state());
    }

    /// Cancels nothing, but lets all auctions end, refunds all, and looks for what is left.
    fn end(&mut self) {
        while !self.model.open.is_empty() {
            self.next_block(System::block_number() + 1);
        }
        while !self.model.pledges.is_empty() {
            self.refund();
        }
        BIDDERS.for_each(|who| assert_eq!(held(who), 0));
        System::set_block_number(System::block_number() + HistoryBlocks::get());
        for id in self.model.finished.clone() {
            assert_ok!(Auctions::prune(signed(9), id, 10_000));
        }
        assert_eq!(
            Records::<Test>::iter().count() + Leads::<Test>::iter().count() + LogIndices::<Test>::iter().count(),
            0
        );
        assert_eq!(Pledges::<Test>::iter().count() + Results::<Test>::iter().count(), 0);
        assert_ok!(Auctions::do_try_state());
    }
}

/// Some accounts have much, some little.
fn initial_balance(who: AccountId) -> Balance {
    if who.is_multiple_of(3) {
        2_000
    } else {
        1_000_000_000
    }
}

/// As many as the model, which looks through all bids of a run, can take.
const OPERATIONS_PER_RUN: u32 = 2_500;

#[test]
fn random_operations_do_what_the_model_says() {
    let runs = rounds(50_000, 1_000_000) / OPERATIONS_PER_RUN;
    let mut done = BTreeMap::new();
    for seed in 0..runs {
        on_chain_with(BIDDERS.map(|who| (who, initial_balance(who))).collect(), || {
            LeasePeriodBlocks::set(40);
            MinimumRaise::set(RAISE);
            PARAS.for_each(|para| Managers::insert(ParaId::from(para), MANAGER));
            open_all_paras();
            let rng = StdRng::seed_from_u64(seed.into());
            let mut run = Run { rng, model: Model::default(), done: std::mem::take(&mut done) };
            (0..OPERATIONS_PER_RUN).for_each(|_| run.operate());
            run.end();
            done = run.done;
        });
    }
    println!("seeds=0..{runs} operations={done:?}");
    for what in ["accepted", "refused", "settled", "leased", "lease failed", "refunded", "pruned", "cancelled"] {
        assert!(done.contains_key(what), "no operation was {what}");
    }
}
