// SPDX-License-Identifier: GPL-3.0-only
//! Thirty-two auctions at once: the work of each block is bounded, every auction is settled, and no planck is lost.

use super::{
    accesses::counted,
    market::{
        account, auction, bid_call, chain, dispatch, ensure_invariants, held, leases, new_auction, open, refund_call,
        reserved, AuctionError, AuctionEvent, MANAGERS, PARAS, PERIOD,
    },
    support::Chain,
};
use frame_support::{
    traits::{fungible::Inspect, OnInitialize},
    weights::Weight,
};
use pallet_auctions::{AuctionId, Series, WeightInfo};
use polkadot_primitives::Id as ParaId;
use rand::{rngs::StdRng, Rng, SeedableRng};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, constants::currency::UNITS, Auctions, Balance,
    Balances, BlockNumber, Runtime, RuntimeEvent, RuntimeOrigin, System,
};
use serin_tests::rollback::rolled_back;
use std::collections::BTreeMap;

type Weights = <Runtime as pallet_auctions::Config>::WeightInfo;

const AUCTIONS: u32 = 32;
/// Periods begin long after the last is settled.
const FIRST: u32 = 10;
/// All bids are closed in one of these: eight auctions each.
const CLOSED: [BlockNumber; 4] = [70, 70, 75, 80];

/// Settled auctions, by block.
fn settled(chain: &Chain) -> BTreeMap<BlockNumber, Vec<AuctionId>> {
    let mut settled = BTreeMap::<_, Vec<_>>::new();
    for (block, event) in chain.events() {
        if let RuntimeEvent::Auctions(AuctionEvent::Settled { id, .. }) = event {
            settled.entry(*block).or_default().push(*id);
        }
    }
    settled
}

fn total(chain: &mut Chain, place: usize) -> Balance {
    chain.inspect(|| Balances::total_balance(&account(place)))
}

#[test]
fn thirty_two_auctions_are_settled_one_a_block_and_no_block_bears_more_than_that() {
    let mut chain = chain(40);
    let mut random = StdRng::seed_from_u64(32);
    let mut auctions = Vec::new();
    for number in 0..AUCTIONS {
        let closes_at = CLOSED[usize::try_from(number / 8).expect("less than four")];
        // The next block that takes transactions.
        let next_slot = chain.slot() + 1;
        let opens_at = chain.number() + if chain.ends_session(next_slot) { 2 } else { 1 };
        auctions.push(open(&mut chain, closes_at - 10 - opens_at, 10, FIRST));
    }
    let one_more = dispatch(&mut chain, Origin::AuctionAdmin, new_auction(50, 5, FIRST, Series::Direct));
    assert_eq!(one_more, Err(AuctionError::TooManyLive.into()));
    for id in &auctions {
        assert!(CLOSED.contains(&auction(&mut chain, *id).closes_at()));
    }

    // Without signatures there are no fees: nobody's total may change.
    let mut placed = 0;
    let before: Vec<_> = (0..MANAGERS.len()).map(|place| total(&mut chain, place)).collect();
    while chain.number() < CLOSED[0] - 2 {
        let (place, id) = (random.gen_range(0..MANAGERS.len()), auctions[random.gen_range(0..auctions.len())]);
        let first = FIRST + random.gen_range(0..8);
        let last = random.gen_range(first..FIRST + 8);
        let call = bid_call(id, PARAS[place], (first, last), random.gen_range(1..50) * UNITS);
        match dispatch(&mut chain, RuntimeOrigin::signed(account(place)), call) {
            Ok(()) => placed += 1,
            Err(refused) => assert_eq!(refused, AuctionError::BidTooLow.into()),
        }
    }
    assert!(placed > 20, "only {placed} bids were placed");
    ensure_invariants(&mut chain);

    let bound = Weights::on_initialize_settle();
    let (mut idle, mut counted_settlements) = (Weight::zero(), 0);
    let last = CLOSED[3] + 31 + AUCTIONS;
    while settled(&chain).values().flatten().count() < auctions.len() {
        assert!(chain.number() < last, "not all are settled by block {last}");
        let next = chain.slot() + 1;
        let ends_session = chain.ends_session(next);
        chain.block(|| ());
        let settles = settled(&chain).get(&chain.number()).map_or(0, Vec::len);
        assert!(settles <= 1, "block {} settled {settles}", chain.number());
        // The end of a session takes a whole block, and a new lease period its own: neither is of auctions.
        if ends_session || chain.number().is_multiple_of(PERIOD) {
            continue;
        }
        if settles == 0 {
            idle = idle.max(chain.hook_weight());
        } else {
            counted_settlements += u32::from(ensure_accesses_are_paid(&mut chain));
            let added = chain.hook_weight().saturating_sub(idle);
            assert!(added.ref_time() <= bound.ref_time(), "block {}: {added:?} above {idle:?}", chain.number());
        }
    }
    let order: Vec<_> = settled(&chain).into_values().flatten().collect();
    assert!(counted_settlements > 0, "no settlement was looked into");
    assert_eq!(order, auctions, "in the order in which they closed, the older of two first");
    ensure_invariants(&mut chain);

    // Whoever has a pledge left gets it back; what is left is what leases need.
    for place in 0..MANAGERS.len() {
        for id in &auctions {
            let pledge = (account(place), ParaId::from(PARAS[place]));
            if chain.inspect(|| pallet_auctions::Pledges::<Runtime>::contains_key(id, pledge)) {
                let call = refund_call(*id, account(place), PARAS[place]);
                assert_eq!(dispatch(&mut chain, RuntimeOrigin::signed(account(0)), call), Ok(()));
            }
        }
        assert_eq!(held(&mut chain, &account(place)), 0);
        let leased = leases(&mut chain, place).values().map(|(_, units)| *units).max().unwrap_or(0);
        assert_eq!(reserved(&mut chain, &account(place)), leased);
        assert_eq!(total(&mut chain, place), before[place], "{:?}", MANAGERS[place]);
    }
    assert_eq!(chain.inspect(|| pallet_auctions::Pledges::<Runtime>::iter_keys().count()), 0);
}

/// Checks that the declared weight pays for what the next block's settlement reads and writes, if there is one.
fn ensure_accesses_are_paid(chain: &mut Chain) -> bool {
    chain.inspect(|| {
        rolled_back(|| {
            let next = System::block_number() + 1;
            System::set_block_number(next);
            let (declared, accesses) = counted(|| Auctions::on_initialize(next));
            if declared != Weights::on_initialize_settle() {
                return false;
            }
            let (reads, writes) = (accesses.reads(), accesses.writes());
            let price = <Runtime as frame_system::Config>::DbWeight::get()
                .reads_writes(reads.try_into().expect("a count fits"), writes.try_into().expect("a count fits"));
            assert!(price.all_lte(declared), "{reads} reads and {writes} writes for {declared:?}");
            true
        })
    })
}
