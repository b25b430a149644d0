// SPDX-License-Identifier: GPL-3.0-only
//! The SDK's crowdloans, which were closed as long as there was no auction.

use super::{
    market::{
        account, auction, bid, chain, contribute, create_loan, ensure_invariants, has_core, held, lease, leases,
        open_in, pass_settlement, pot, refund_call, reserved, submit, swap, MANAGERS, PARAS, PERIOD,
    },
    support::Chain,
};
use pallet_auctions::{AuctionId, Series};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::crowdloan;
use serin_runtime::{Balance, Runtime, RuntimeCall};
use sp_keyring::Sr25519Keyring::{self, Alice, Eve, EveStash, Ferdie};
use sp_runtime::DispatchError;

type CrowdloanError = crowdloan::Error<Runtime>;

const FIRST: u32 = 3;
const ALL: (u32, u32) = (FIRST, FIRST + 7);
const BACKERS: [(Sr25519Keyring, Balance); 3] = [(Eve, 200), (Ferdie, 300), (EveStash, 400)];
const RAISED: Balance = 900;

/// An auction for crowdloans, and a loan for the para at place 0 to which the backers have contributed.
fn with_loan(chain: &mut Chain) -> AuctionId {
    let id = open_in(chain, 12, 6, FIRST, Series::Crowdloans);
    assert_eq!(submit(chain, MANAGERS[0], create_loan(0, 10_000, ALL, FIRST * PERIOD)), Ok(()));
    for (backer, units) in BACKERS {
        assert_eq!(submit(chain, backer, contribute(0, units)), Ok(()));
    }
    id
}

fn withdraw(chain: &mut Chain, backer: Sr25519Keyring, place: usize) -> Result<(), DispatchError> {
    let call = crowdloan::Call::withdraw { who: backer.to_account_id(), index: PARAS[place].into() };
    submit(chain, Alice, RuntimeCall::Crowdloan(call))
}

fn dissolve(chain: &mut Chain, place: usize) -> Result<(), DispatchError> {
    let call = crowdloan::Call::dissolve { index: PARAS[place].into() };
    submit(chain, MANAGERS[0], RuntimeCall::Crowdloan(call))
}

#[test]
fn a_crowdloan_bids_all_it_has_wins_and_comes_to_a_core() {
    let mut chain = chain(4);
    let id = with_loan(&mut chain);
    let pot = pot(&mut chain, 0);
    assert_eq!(held(&mut chain, &pot), 0, "crowdloans bid in the ending period");
    assert_eq!(bid(&mut chain, 1, id, (FIRST, FIRST + 1), 800), Ok(()));

    let ending_start = auction(&mut chain, id).ending_start;
    chain.advance_to(ending_start);
    assert_eq!(held(&mut chain, &pot), RAISED, "all of it, in the first block of the ending period");
    // Contributed in the ending period: bid in the next block.
    assert_eq!(submit(&mut chain, Alice, contribute(0, 100)), Ok(()));
    chain.block(|| ());
    assert_eq!(held(&mut chain, &pot), RAISED + 100);
    ensure_invariants(&mut chain);
    pass_settlement(&mut chain, id);

    let units = leases(&mut chain, 0)[&FIRST].1;
    assert!([RAISED, RAISED + 100].contains(&units), "{units}");
    assert_eq!(leases(&mut chain, 0), lease(ALL, &pot, units));
    assert_eq!((held(&mut chain, &pot), reserved(&mut chain, &pot)), (0, units));
    let late = submit(&mut chain, Alice, contribute(0, 10));
    assert_eq!(late, Err(CrowdloanError::BidOrLeaseActive.into()));
    chain.advance_to(FIRST * PERIOD);
    assert!(has_core(&mut chain, 0));

    // Nobody gets anything back while the lease runs, and everybody afterwards.
    assert_eq!(withdraw(&mut chain, Eve, 0), Err(CrowdloanError::BidOrLeaseActive.into()));
    chain.advance_to((ALL.1 + 1) * PERIOD);
    for backer in [Eve, Ferdie, EveStash, Alice] {
        assert_eq!(withdraw(&mut chain, backer, 0), Ok(()));
    }
    assert_eq!(dissolve(&mut chain, 0), Ok(()));
    assert_eq!((held(&mut chain, &pot), reserved(&mut chain, &account(0))), (0, 0));
}

#[test]
fn a_crowdloan_that_loses_gives_everything_back() {
    let mut chain = chain(4);
    let id = with_loan(&mut chain);
    let pot = pot(&mut chain, 0);
    assert_eq!(bid(&mut chain, 1, id, ALL, 2_000), Ok(()));
    pass_settlement(&mut chain, id);
    assert_eq!(leases(&mut chain, 1), lease(ALL, &account(1), 2_000));
    assert!(leases(&mut chain, 0).is_empty());
    chain.advance_to(FIRST * PERIOD + 1);
    for (backer, _) in BACKERS {
        assert_eq!(withdraw(&mut chain, backer, 0), Ok(()));
    }
    assert_eq!(dissolve(&mut chain, 0), Ok(()));
    assert_eq!(held(&mut chain, &pot), 0);
}

/// As the loser's bid does not lead, nothing is held. One that led is released by anybody.
#[test]
fn a_crowdloan_overtaken_in_the_ending_period_is_refunded_by_anybody() {
    let mut chain = chain(4);
    let id = with_loan(&mut chain);
    let pot = pot(&mut chain, 0);
    let auction = auction(&mut chain, id);
    chain.advance_to(auction.ending_start);
    // Shorter and worth more together, whatever block is drawn: for the loan leads another range.
    assert_eq!(bid(&mut chain, 1, id, (FIRST, FIRST + 6), 2_000), Ok(()));
    let overtaken_at = chain.number();
    pass_settlement(&mut chain, id);
    if super::market::candle_block(&mut chain, id) < overtaken_at {
        assert_eq!(leases(&mut chain, 0), lease(ALL, &pot, RAISED));
        return;
    }
    assert_eq!(held(&mut chain, &pot), RAISED);
    chain.advance_to(FIRST * PERIOD + 1);
    assert!(withdraw(&mut chain, Eve, 0).is_err(), "what is held cannot be paid out");
    assert_eq!(submit(&mut chain, Alice, refund_call(id, pot.clone(), PARAS[0])), Ok(()));
    assert_eq!(withdraw(&mut chain, Eve, 0), Ok(()));
}

#[test]
fn crowdloans_and_accounts_compete_for_the_same_periods() {
    let mut chain = chain(4);
    let id = open_in(&mut chain, 16, 5, FIRST, Series::Crowdloans);
    let periods = (FIRST + 2, FIRST + 3);
    for place in [0, 1] {
        assert_eq!(submit(&mut chain, MANAGERS[place], create_loan(place, 10_000, periods, FIRST * PERIOD)), Ok(()));
    }
    assert_eq!(submit(&mut chain, Eve, contribute(0, 100)), Ok(()));
    assert_eq!(submit(&mut chain, Ferdie, contribute(1, 150)), Ok(()));
    assert_eq!(bid(&mut chain, 2, id, (FIRST, FIRST + 1), 40), Ok(()));
    assert_eq!(bid(&mut chain, 3, id, (FIRST, FIRST + 1), 50), Ok(()));
    pass_settlement(&mut chain, id);
    let pot = pot(&mut chain, 1);
    assert_eq!(leases(&mut chain, 1), lease(periods, &pot, 150));
    assert_eq!(leases(&mut chain, 3), lease((FIRST, FIRST + 1), &account(3), 50));
    assert!(leases(&mut chain, 0).is_empty() && leases(&mut chain, 2).is_empty());
}

#[test]
fn a_swap_takes_the_fund_the_leases_and_the_core_along() {
    let mut chain = chain(4);
    let id = with_loan(&mut chain);
    let pot = pot(&mut chain, 0);
    pass_settlement(&mut chain, id);
    // It must have become a parachain.
    chain.advance_to((FIRST + 1) * PERIOD + 5);
    assert!(has_core(&mut chain, 0) && !has_core(&mut chain, 1));
    let leased = leases(&mut chain, 0);
    swap(&mut chain, 0, 1);
    assert!(leases(&mut chain, 0).is_empty());
    assert_eq!(leases(&mut chain, 1), leased);
    chain.inspect(|| {
        let has_fund = |place: usize| crowdloan::Funds::<Runtime>::contains_key(ParaId::from(PARAS[place]));
        assert!(!has_fund(0) && has_fund(1));
    });
    let next = chain.number() + 8;
    chain.advance_to(next);
    assert!(!has_core(&mut chain, 0) && has_core(&mut chain, 1), "the core serves who has the lease");
    assert_eq!(reserved(&mut chain, &pot), RAISED);
    ensure_invariants(&mut chain);
}

#[test]
fn only_the_manager_opens_a_crowdloan() {
    let mut chain = chain(4);
    open_in(&mut chain, 12, 6, FIRST, Series::Crowdloans);
    let refused = submit(&mut chain, MANAGERS[1], create_loan(0, 100, ALL, FIRST * PERIOD));
    assert_eq!(refused, Err(CrowdloanError::InvalidOrigin.into()));
    let absent = submit(&mut chain, Eve, contribute(0, 100));
    assert_eq!(absent, Err(CrowdloanError::InvalidParaId.into()));
}
