// SPDX-License-Identifier: GPL-3.0-only
//! One file for each behaviour; what they share is here.

mod author_bias;
mod bidders;
mod bidding;
mod candle;
mod close_cost;
mod crowdloans;
mod differential;
mod invariants;
mod lapses;
mod lead_log;
mod parity_cases;
mod peer;
mod pledges;
mod properties;
mod questions;
mod settlement;
mod starting;
mod winners;

use crate::{log_end::LogEnd, mock::*, pallet::*, types::*};
use frame_support::{assert_ok, pallet_prelude::DispatchResult, traits::fungible::InspectHold};
use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use serin_primitives::lease::{LeasePeriod, LeaseRange};

/// How often a test repeats what it does: `in_test` times, or `in_proof` in the tier `prove`. Prints both.
fn rounds(in_test: u32, in_proof: u32) -> u32 {
    let tier = std::env::var("SERIN_TIER").unwrap_or_else(|_| "test".into());
    let rounds = if tier == "prove" { in_proof } else { in_test };
    println!("rounds={rounds} tier={tier}");
    rounds
}

/// Runs `test` on a chain where everybody may bid for every para.
fn on_open_chain(test: impl FnOnce()) {
    on_chain(|| {
        open_all_paras();
        test();
    });
}

fn open_all_paras() {
    for para in Managers::iter_keys() {
        assert_ok!(Auctions::set_bidders(signed(MANAGER), para, BidderPolicy::Anyone));
    }
}

fn signed(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

/// A new auction for bids by calls.
fn new_auction(starting_blocks: BlockNumber, ending_blocks: BlockNumber, first_period: LeasePeriod) -> AuctionId {
    assert_ok!(Auctions::new_auction(signed(ADMIN), starting_blocks, ending_blocks, first_period, Series::Direct));
    LastAuction::<Test>::get()
}

fn bid(
    who: AccountId,
    id: AuctionId,
    para: u32,
    periods: (LeasePeriod, LeasePeriod),
    amount: Balance,
) -> DispatchResult {
    Auctions::bid(signed(who), id, para.into(), periods.0, periods.1, amount)
}

/// A seed that draws the block `offset` of `ending_blocks`.
fn seed_for(offset: BlockNumber, ending_blocks: BlockNumber) -> Seed {
    let scaled = (u128::from(offset) << 64).div_ceil(ending_blocks.into());
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&u64::try_from(scaled).unwrap().to_le_bytes());
    seed
}

/// Lets the candle of `id` go out at the block `offset` of its ending period, and the chain settle it.
fn settle_at(id: AuctionId, offset: BlockNumber) {
    let auction = Records::<Test>::get(id).unwrap();
    let closes_at = auction.closes_at();
    NextSeed::set(Some((seed_for(offset, auction.ending_blocks), closes_at)));
    advance_to(closes_at.max(System::block_number() + 1));
    assert!(matches!(Records::<Test>::get(id).unwrap().state, AuctionState::Settled { .. }));
}

fn leader(id: AuctionId, periods: (LeasePeriod, LeasePeriod)) -> Option<(AccountId, ParaId, Balance)> {
    let auction = Records::<Test>::get(id).unwrap();
    let range = auction.window.range(periods.0, periods.1).unwrap();
    let log = LogEnd::<Test>::read(id, range);
    let lead = log.leading()?;
    Some((lead.bidder, lead.para, lead.amount))
}

fn held(who: AccountId) -> Balance {
    Balances::balance_on_hold(&HoldReason::Bid.into(), &who)
}

/// What is reserved for leases.
fn leased(who: AccountId) -> Balance {
    System::account(who).data.reserved - held(who)
}

/// All leases: para, period, leaser, amount.
fn leases() -> Vec<(u32, LeasePeriod, AccountId, Balance)> {
    let current = System::block_number() / LeasePeriodBlocks::get();
    let mut leases = Vec::new();
    for (para, periods) in polkadot_runtime_common::slots::Leases::<Test>::iter() {
        for (period, lease) in (current..).zip(periods) {
            leases.extend(lease.map(|(leaser, amount)| (para.into(), period, leaser, amount)));
        }
    }
    leases.sort_unstable();
    leases
}

/// The leases of `para` for all of `periods`, as `leases` lists them.
fn lease(
    para: u32,
    periods: std::ops::RangeInclusive<LeasePeriod>,
    leaser: AccountId,
    amount: Balance,
) -> Vec<(u32, LeasePeriod, AccountId, Balance)> {
    periods.map(|period| (para, period, leaser, amount)).collect()
}

/// The pallet's events since the last call.
fn events() -> Vec<Event<Test>> {
    let of_pallet = |event| if let RuntimeEvent::Auctions(event) = event { Some(event) } else { None };
    let events = System::events().into_iter().filter_map(|record| of_pallet(record.event)).collect();
    System::reset_events();
    events
}

fn range(first: u8, last: u8) -> LeaseRange {
    LeaseRange::new(first, last).unwrap()
}
