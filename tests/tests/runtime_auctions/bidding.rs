// SPDX-License-Identifier: GPL-3.0-only
//! Who wins which periods, and what it costs: what users of the SDK's auctions may rely on, asked of this chain.

use super::{
    market::{
        account, auction, bid, bid_call, chain, ensure_invariants, held, lease, leases, open, pass_settlement, refund,
        reserved, submit, winners, AuctionError, MANAGERS, PARAS, PERIOD,
    },
    support::Chain,
};
use pallet_auctions::{AuctionId, BidderPolicy};
use polkadot_primitives::{HeadData, ValidationCode};
use polkadot_runtime_common::paras_registrar;
use polkadot_runtime_parachains::paras::ParaLifecycle;
use serin_runtime::{constants::currency::UNITS, Paras, Runtime, RuntimeCall};
use sp_keyring::Sr25519Keyring::{self, Alice};

const FIRST: u32 = 3;

/// Lets everybody bid for the para at `place`.
fn allow_everybody(chain: &mut Chain, place: usize) {
    let call = pallet_auctions::Call::set_bidders { para: PARAS[place].into(), policy: BidderPolicy::Anyone };
    assert_eq!(submit(chain, MANAGERS[place], RuntimeCall::Auctions(call)), Ok(()));
}

fn lifecycle(chain: &mut Chain, place: usize) -> Option<ParaLifecycle> {
    chain.inspect(|| Paras::lifecycle(PARAS[place].into()))
}

#[test]
fn of_overlapping_ranges_the_combination_worth_most_wins() {
    let mut chain = chain(4);
    let id = open(&mut chain, 5, 5, FIRST);
    // Each for all periods of its range: 7 * 20 loses to 2 * 30 + 4 * 21, which is one more for a period.
    let bids = [(0, (FIRST, FIRST + 6), 20), (1, (FIRST, FIRST + 1), 30), (2, (FIRST + 2, FIRST + 5), 21)];
    for (place, periods, units) in bids {
        assert_eq!(bid(&mut chain, place, id, periods, units), Ok(()));
    }
    pass_settlement(&mut chain, id);
    assert!(leases(&mut chain, 0).is_empty());
    for (place, periods, units) in [bids[1], bids[2]] {
        assert_eq!(leases(&mut chain, place), lease(periods, &account(place), units));
    }
    assert_eq!(refund(&mut chain, 0, id), Ok(()));
    assert_eq!(held(&mut chain, &account(0)), 0);
    ensure_invariants(&mut chain);
}

#[test]
fn an_overtaken_bid_is_released_at_once_before_the_ending_period_and_claimed_afterwards() {
    let mut chain = chain(4);
    let id = open(&mut chain, 8, 5, FIRST);
    let periods = (FIRST, FIRST + 7);
    assert_eq!(bid(&mut chain, 0, id, periods, 10), Ok(()));
    assert_eq!(held(&mut chain, &account(0)), 10);
    // Not one percent more.
    assert_eq!(bid(&mut chain, 1, id, periods, 10), Err(AuctionError::BidTooLow.into()));
    assert_eq!(bid(&mut chain, 1, id, periods, 11), Ok(()));
    assert_eq!((held(&mut chain, &account(0)), held(&mut chain, &account(1))), (0, 11));

    let ending_start = auction(&mut chain, id).ending_start;
    chain.advance_to(ending_start + 1);
    assert_eq!(bid(&mut chain, 2, id, periods, 12), Ok(()));
    assert_eq!(held(&mut chain, &account(1)), 11, "it may still be drawn");
    assert_eq!(refund(&mut chain, 1, id), Err(AuctionError::NotFinished.into()));
    pass_settlement(&mut chain, id);
    let won = winners(&mut chain, id);
    let (winner, loser) = if won[0].1 == account(2) { (2, 1) } else { (1, 2) };
    assert_eq!(refund(&mut chain, loser, id), Ok(()));
    assert_eq!(refund(&mut chain, winner, id), Err(AuctionError::NoSuchPledge.into()));
    assert_eq!(held(&mut chain, &account(1)) + held(&mut chain, &account(2)), 0);
    ensure_invariants(&mut chain);
}

/// Deposits shrink with the leases that they secure.
#[test]
fn one_account_may_win_periods_with_a_gap_and_pays_the_largest_amount() {
    let mut chain = chain(4);
    let id = open(&mut chain, 10, 5, FIRST);
    allow_everybody(&mut chain, 0);
    let by_other = |chain: &mut Chain, period, units| {
        submit(chain, MANAGERS[1], bid_call(id, PARAS[0], (period, period), units * UNITS))
    };
    assert_eq!(bid(&mut chain, 0, id, (FIRST, FIRST), 100), Ok(()));
    assert_eq!(bid(&mut chain, 0, id, (FIRST + 3, FIRST + 3), 400), Ok(()));
    assert_eq!(held(&mut chain, &account(0)), 400);
    assert_eq!(by_other(&mut chain, FIRST + 1, 800), Ok(()));
    assert_eq!(by_other(&mut chain, FIRST + 2, 200), Ok(()));
    pass_settlement(&mut chain, id);

    let (one, other) = (account(0), account(1));
    let mut expected = lease((FIRST, FIRST), &one, 100);
    expected.extend(lease((FIRST + 1, FIRST + 1), &other, 800));
    expected.extend(lease((FIRST + 2, FIRST + 2), &other, 200));
    expected.extend(lease((FIRST + 3, FIRST + 3), &one, 400));
    assert_eq!(leases(&mut chain, 0), expected);
    for (period, of_one, of_other) in
        [(FIRST, 400, 800), (FIRST + 1, 400, 800), (FIRST + 2, 400, 200), (FIRST + 3, 400, 0), (FIRST + 4, 0, 0)]
    {
        chain.advance_to(period * PERIOD);
        assert_eq!((reserved(&mut chain, &one), reserved(&mut chain, &other)), (of_one, of_other), "period {period}");
    }
}

#[test]
fn a_lease_turns_a_para_into_a_parachain_and_back() {
    let mut chain = chain(4);
    let id = open(&mut chain, 3, 5, FIRST);
    assert_eq!(bid(&mut chain, 0, id, (FIRST, FIRST + 1), 5), Ok(()));
    pass_settlement(&mut chain, id);
    assert_eq!(lifecycle(&mut chain, 0), Some(ParaLifecycle::Parathread));
    // A change of lifecycle takes two sessions.
    for (block, expected) in [
        (FIRST * PERIOD, ParaLifecycle::UpgradingParathread),
        ((FIRST + 1) * PERIOD + 5, ParaLifecycle::Parachain),
        ((FIRST + 2) * PERIOD, ParaLifecycle::DowngradingParachain),
        ((FIRST + 3) * PERIOD + 5, ParaLifecycle::Parathread),
    ] {
        chain.advance_to(block);
        assert_eq!(lifecycle(&mut chain, 0), Some(expected), "block {block}");
    }
}

#[test]
fn a_para_must_be_registered_when_it_is_bid_for() {
    let mut chain = chain(4);
    let id = open(&mut chain, 20, 5, FIRST);
    let para = chain.inspect(paras_registrar::NextFreeParaId::<Runtime>::get);
    let call = || bid_call(id, para.into(), (FIRST, FIRST), UNITS);
    // Nobody manages it, so nobody may bid.
    assert_eq!(submit(&mut chain, Alice, call()), Err(AuctionError::BidderNotAllowed.into()));
    let (genesis_head, validation_code) = (HeadData(vec![1; 100]), ValidationCode(b"\0asm\x01\0\0\0other".to_vec()));
    for step in
        [paras_registrar::Call::reserve {}, paras_registrar::Call::register { id: para, genesis_head, validation_code }]
    {
        assert_eq!(submit(&mut chain, Alice, RuntimeCall::Registrar(step)), Ok(()));
    }
    // Its code is not accepted yet.
    assert_eq!(submit(&mut chain, Alice, call()), Err(AuctionError::ParaNotRegistered.into()));
    assert_eq!(bid(&mut chain, 0, id, (FIRST, FIRST), 1), Ok(()));
}

#[test]
fn periods_that_a_para_has_leased_cannot_be_bid_for_and_others_can() {
    let mut chain = chain(8);
    let id = open(&mut chain, 3, 5, FIRST);
    assert_eq!(bid(&mut chain, 0, id, (FIRST + 2, FIRST + 3), 5), Ok(()));
    pass_settlement(&mut chain, id);

    let next = open(&mut chain, 10, 5, FIRST);
    for periods in [(2, 3), (3, 4), (1, 2), (2, 2), (3, 3), (0, 7)] {
        let periods = (FIRST + periods.0, FIRST + periods.1);
        assert_eq!(bid(&mut chain, 0, next, periods, 5), Err(AuctionError::AlreadyLeased.into()), "{periods:?}");
    }
    assert_eq!(bid(&mut chain, 0, next, (FIRST + 4, FIRST + 5), 5), Ok(()));
    assert_eq!(held(&mut chain, &account(0)), 0, "what is reserved for the lease secures the next one");
    assert_eq!(bid(&mut chain, 0, next, (FIRST + 4, FIRST + 7), 8), Ok(()));
    assert_eq!(held(&mut chain, &account(0)), 3);
}

#[test]
fn only_the_manager_and_whom_it_allows_bid() {
    let mut chain = chain(4);
    let id = open(&mut chain, 20, 5, FIRST);
    let call = |units| bid_call(id, PARAS[0], (FIRST, FIRST), units * UNITS);
    assert_eq!(submit(&mut chain, Alice, call(1)), Err(AuctionError::BidderNotAllowed.into()));
    assert_eq!(submit(&mut chain, MANAGERS[0], call(1)), Ok(()));
    allow_everybody(&mut chain, 0);
    assert_eq!(submit(&mut chain, Alice, call(2)), Ok(()));
    let clear = |signer: Sr25519Keyring, chain: &mut Chain| {
        submit(chain, signer, RuntimeCall::Auctions(pallet_auctions::Call::clear_bidders { para: PARAS[0].into() }))
    };
    assert_eq!(clear(Alice, &mut chain), Err(AuctionError::NotParaOwner.into()));
    assert_eq!(clear(MANAGERS[0], &mut chain), Ok(()));
    assert_eq!(submit(&mut chain, Alice, call(3)), Err(AuctionError::BidderNotAllowed.into()));
}

#[test]
fn bids_outside_of_the_auction_are_refused_each_with_its_reason() {
    let mut chain = chain(4);
    let id = open(&mut chain, 3, 7, FIRST);
    for periods in [(FIRST + 1, FIRST), (FIRST - 1, FIRST), (FIRST, FIRST + 8)] {
        assert_eq!(bid(&mut chain, 0, id, periods, 1), Err(AuctionError::NotOnSale.into()), "{periods:?}");
    }
    let unknown = AuctionId(7);
    assert_eq!(bid(&mut chain, 0, unknown, (FIRST, FIRST), 1), Err(AuctionError::NoSuchAuction.into()));
    assert_eq!(bid(&mut chain, 0, id, (FIRST, FIRST), 0), Err(AuctionError::BidTooLow.into()));
    let closes_at = auction(&mut chain, id).closes_at();
    chain.advance_to(closes_at.max(chain.number()));
    assert_eq!(bid(&mut chain, 0, id, (FIRST, FIRST), 1), Err(AuctionError::BidsClosed.into()));
}
