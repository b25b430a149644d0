// SPDX-License-Identifier: GPL-3.0-only
//! From leases to cores in the chain's own parachain host: swaps, clearances, forced leases, too few cores.

use super::{
    market::{
        bid, chain, claims, dispatch, ensure_invariants, force_lease, has_core, leases, new_auction, open,
        pass_settlement, submit, swap, MANAGERS, PARAS, PERIOD,
    },
    support::Chain,
};
use pallet_auctions::Series;
use polkadot_runtime_common::slots;
use serin_runtime::{configs::governance::origins::pallet_custom_origins::Origin, Runtime, RuntimeCall, RuntimeOrigin};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::DispatchError;

type CoreError = pallet_lease_cores::Error<Runtime>;

const FIRST: u32 = 3;
/// What the claim queue shows cannot change: two blocks more than the lookahead of `local`.
const NOTICE: u32 = 7;

fn place_call(place: usize) -> RuntimeCall {
    RuntimeCall::LeaseCores(pallet_lease_cores::Call::place { para: PARAS[place].into() })
}

fn sync(chain: &mut Chain, core: u16) -> Result<(), DispatchError> {
    submit(chain, Alice, RuntimeCall::LeaseCores(pallet_lease_cores::Call::sync { core }))
}

fn advance_by(chain: &mut Chain, blocks: u32) {
    let number = chain.number() + blocks;
    chain.advance_to(number);
}

/// The paras at the places 0 and 1 have leased two periods each, on cores of their own, and are parachains.
fn two_parachains() -> Chain {
    let mut chain = chain(4);
    let auctions = [(); 2].map(|()| open(&mut chain, 2, 4, FIRST));
    // Bids for the first are closed before the second is bid for, which is all the same to them.
    for (place, id) in auctions.into_iter().enumerate() {
        let opened = super::market::auction(&mut chain, id);
        assert!(chain.number() < opened.closes_at(), "the auction ends too early for this test");
        assert_eq!(bid(&mut chain, place, id, (FIRST, FIRST + 5), 5), Ok(()));
    }
    for id in auctions {
        pass_settlement(&mut chain, id);
    }
    chain.advance_to((FIRST + 1) * PERIOD + 2);
    chain
}

#[test]
fn two_parachains_that_swap_take_over_each_others_cores() {
    let mut chain = two_parachains();
    let before = claims(&mut chain);
    assert_eq!(before.len(), 2, "{before:?}");
    let core_of = |claims: &std::collections::BTreeMap<u16, std::collections::BTreeSet<u32>>, place: usize| {
        claims.iter().find(|(_, paras)| paras.contains(&PARAS[place])).map(|(core, _)| *core)
    };
    let (one, other) = (core_of(&before, 0), core_of(&before, 1));
    assert!(one.is_some() && other.is_some() && one != other);
    swap(&mut chain, 0, 1);
    advance_by(&mut chain, NOTICE);
    let after = claims(&mut chain);
    assert_eq!((core_of(&after, 0), core_of(&after, 1)), (other, one));
    ensure_invariants(&mut chain);
}

#[test]
fn a_cleared_lease_leaves_its_core_at_once_by_sync_and_by_itself_in_the_next_period() {
    for synced in [true, false] {
        let mut chain = two_parachains();
        let core = *claims(&mut chain).iter().find(|(_, paras)| paras.contains(&PARAS[0])).expect("it has a core").0;
        let clear = RuntimeCall::Slots(slots::Call::clear_all_leases { para: PARAS[0].into() });
        assert_eq!(dispatch(&mut chain, Origin::LeaseAdmin, clear), Ok(()));
        assert!(leases(&mut chain, 0).is_empty());
        if synced {
            assert_eq!(sync(&mut chain, core), Ok(()));
            assert_eq!(sync(&mut chain, core), Err(CoreError::NothingToSync.into()));
        }
        advance_by(&mut chain, NOTICE);
        assert_eq!(has_core(&mut chain, 0), !synced, "synced: {synced}");
        chain.advance_to((FIRST + 2) * PERIOD);
        assert!(!has_core(&mut chain, 0) && has_core(&mut chain, 1), "synced: {synced}");
        ensure_invariants(&mut chain);
    }
}

#[test]
fn a_forced_lease_comes_to_a_core_when_governance_places_it_in_the_same_batch() {
    let mut chain = chain(4);
    chain.advance_to(PERIOD + 1);
    let calls = vec![force_lease(0, 1, 2), place_call(0)];
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls });
    assert_eq!(dispatch(&mut chain, RuntimeOrigin::root(), batch), Ok(()));
    advance_by(&mut chain, NOTICE);
    assert!(has_core(&mut chain, 0));
    chain.advance_to(3 * PERIOD);
    assert!(!has_core(&mut chain, 0), "the lease is over");
    ensure_invariants(&mut chain);
}

#[test]
fn a_lease_that_lease_admins_force_is_placed_by_anybody() {
    let mut chain = chain(4);
    chain.advance_to(PERIOD + 1);
    assert_eq!(dispatch(&mut chain, Origin::LeaseAdmin, force_lease(0, 1, 2)), Ok(()));
    advance_by(&mut chain, NOTICE);
    assert!(!has_core(&mut chain, 0), "a lease alone has no core");
    assert_eq!(submit(&mut chain, Alice, place_call(0)), Ok(()));
    assert_eq!(submit(&mut chain, Alice, place_call(0)), Err(CoreError::NothingToPlace.into()));
    assert_eq!(submit(&mut chain, Alice, place_call(1)), Err(CoreError::NothingToPlace.into()));
    advance_by(&mut chain, NOTICE);
    assert!(has_core(&mut chain, 0));
}

/// Four validators back candidates on four cores.
#[test]
fn with_too_few_validators_for_another_core_there_is_no_auction() {
    let mut chain = chain(4);
    for _ in 0..4 {
        open(&mut chain, 20, 5, FIRST);
    }
    let one_more = || new_auction(20, 5, FIRST, Series::Direct);
    let refused = dispatch(&mut chain, Origin::AuctionAdmin, one_more());
    assert_eq!(refused, Err(CoreError::TooFewValidators.into()));
    // Other periods of the same cores are free; one that is cancelled frees its core.
    open(&mut chain, 20, 5, FIRST + 8);
    let id = super::market::last_auction(&mut chain);
    let cancel = RuntimeCall::Auctions(pallet_auctions::Call::cancel { id });
    assert_eq!(dispatch(&mut chain, Origin::AuctionAdmin, cancel), Ok(()));
    let first = RuntimeCall::Auctions(pallet_auctions::Call::cancel { id: pallet_auctions::AuctionId(1) });
    assert_eq!(dispatch(&mut chain, Origin::AuctionAdmin, first), Ok(()));
    assert_eq!(dispatch(&mut chain, Origin::AuctionAdmin, one_more()), Ok(()));
    ensure_invariants(&mut chain);
}

/// The lease follows from the bid, whoever manages the para by then.
#[test]
fn without_a_winner_the_core_serves_orders_on_demand_alone() {
    let mut chain = chain(4);
    let id = open(&mut chain, 2, 4, FIRST);
    pass_settlement(&mut chain, id);
    chain.advance_to(FIRST * PERIOD + 2);
    assert!(claims(&mut chain).is_empty());
    assert_eq!(submit(&mut chain, MANAGERS[0], place_call(0)), Err(CoreError::NothingToPlace.into()));
    ensure_invariants(&mut chain);
}
