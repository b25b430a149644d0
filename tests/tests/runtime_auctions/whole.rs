// SPDX-License-Identifier: GPL-3.0-only
//! The whole way: voted for, bid for, drawn, leased, and on a core.

use super::{
    enactment::enact,
    market::{
        account, auction, auction_events, bid, candle_block, chain, claims, ensure_invariants, has_core, held,
        last_auction, lease, leases, new_auction, pass_settlement, refund, reserved, submit, AuctionEvent, PARAS,
        PERIOD,
    },
    support::Chain,
};
use frame_support::traits::Get;
use pallet_auctions::{candle, AuctionId, Series};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, Balances, OriginCaller, Runtime, RuntimeCall,
    RuntimeEvent,
};
use sp_keyring::Sr25519Keyring;

/// First of the periods on sale: a referendum and an auction take less than the four before.
const FIRST: u32 = 5;

#[test]
fn auction_admins_that_were_voted_in_sell_a_core_to_the_leader_of_the_drawn_block() {
    let mut chain = chain(4);
    let issuance = chain.inspect(Balances::total_issuance);
    let call = new_auction(4, 6, FIRST, Series::Crowdloans);
    assert_eq!(enact(&mut chain, OriginCaller::Origins(Origin::AuctionAdmin), call), Ok(()));
    let id = last_auction(&mut chain);
    let sold = auction(&mut chain, id);
    assert!(has_core_event(&chain), "no core was reserved");

    // The first leads its range all the time. The second is overtaken in the ending period, so that the draw decides.
    assert_eq!(bid(&mut chain, 0, id, (FIRST, FIRST + 1), 100), Ok(()));
    assert_eq!(bid(&mut chain, 1, id, (FIRST + 2, FIRST + 3), 50), Ok(()));
    chain.advance_to(sold.ending_start + 2);
    assert_eq!(bid(&mut chain, 2, id, (FIRST + 2, FIRST + 3), 60), Ok(()));
    let overtaken_at = chain.number();
    ensure_invariants(&mut chain);
    pass_settlement(&mut chain, id);
    ensure_invariants(&mut chain);

    let candle = candle_block(&mut chain, id);
    assert!((sold.ending_start..sold.closes_at()).contains(&candle));
    let seed = auction_events(&chain).into_iter().find_map(|event| match event {
        AuctionEvent::Settled { id: of, candle_block, seed } if of == id && candle_block == candle => Some(seed),
        _ => None,
    });
    let seed = seed.expect("settlement has its event");
    assert_eq!(candle::draw(&seed, sold.ending_start, sold.ending_blocks), candle, "anybody can draw again");

    let (winner, loser, units) = if candle >= overtaken_at { (2, 1, 60) } else { (1, 2, 50) };
    assert_eq!(leases(&mut chain, 0), lease((FIRST, FIRST + 1), &account(0), 100));
    assert_eq!(leases(&mut chain, winner), lease((FIRST + 2, FIRST + 3), &account(winner), units));
    assert!(leases(&mut chain, loser).is_empty());
    assert_eq!(reserved(&mut chain, &account(0)), 100);
    assert_eq!(reserved(&mut chain, &account(winner)), units);
    assert_eq!(refund(&mut chain, loser, id), Ok(()));
    for place in 0..3 {
        assert_eq!(held(&mut chain, &account(place)), 0);
    }

    follow_core(&mut chain, sold.core, 0, (FIRST, FIRST + 1));
    follow_core(&mut chain, sold.core, winner, (FIRST + 2, FIRST + 3));
    assert_eq!(claims(&mut chain).len(), 0, "after the leases the core serves nobody");
    for place in [0, winner] {
        assert_eq!(reserved(&mut chain, &account(place)), 0, "a lease that is over gives its deposit back");
    }
    assert!(chain.inspect(Balances::total_issuance) >= issuance, "validators are paid, and nobody loses");
    prune(&mut chain, id);
}

/// The para has the core from the first block of its periods to the last, and at no other time.
fn follow_core(chain: &mut Chain, core: u16, place: usize, periods: (u32, u32)) {
    let (begin, end) = (periods.0 * PERIOD, (periods.1 + 1) * PERIOD);
    // What a block serves is in the claim queue up to two blocks before.
    while chain.number() < begin - 3 {
        assert!(!has_core(chain, place), "block {}: before its lease", chain.number());
        chain.block(|| ());
    }
    chain.advance_to(begin);
    while chain.number() < end - 1 {
        let claimed = claims(chain);
        assert!(
            claimed.get(&core).is_some_and(|queue| queue.contains(&PARAS[place])),
            "{}: {claimed:?}",
            chain.number()
        );
        chain.block(|| ());
    }
    chain.advance_to(end);
    assert!(!has_core(chain, place), "block {end}: after its lease");
}

fn has_core_event(chain: &Chain) -> bool {
    chain.events().iter().any(|(_, event)| {
        matches!(event, RuntimeEvent::LeaseCores(pallet_lease_cores::Event::CoreReserved { first: FIRST, .. }))
    })
}

/// Nothing is left of an auction that is over, once anybody wants it so.
fn prune(chain: &mut Chain, id: AuctionId) {
    let history: u32 = chain.inspect(<Runtime as pallet_auctions::Config>::HistoryBlocks::get);
    let over = auction(chain, id).finished_at().expect("it is settled");
    if chain.number() < over + history {
        chain.advance_to(over + history);
    }
    let call = RuntimeCall::Auctions(pallet_auctions::Call::prune { id, limit: 100 });
    assert_eq!(submit(chain, Sr25519Keyring::Alice, call), Ok(()));
    chain.inspect(|| {
        assert!(pallet_auctions::Records::<Runtime>::get(id).is_none());
        assert!(pallet_auctions::Results::<Runtime>::get(id).is_none());
        assert_eq!(pallet_auctions::Leads::<Runtime>::iter_prefix(id).count(), 0);
        assert!(!pallet_auctions::LogIndices::<Runtime>::contains_key(id));
        assert_eq!(pallet_auctions::Pledges::<Runtime>::iter_prefix(id).count(), 0);
    });
}
