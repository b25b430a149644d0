// SPDX-License-Identifier: GPL-3.0-only
//! One worst case for each call and for each way through the hook.

use crate::{
    pallet::{Pallet as Auctions, *},
    types::{AllowedBidders, AuctionId, BidderPolicy, Lead, LiveAuction, Pledge, Series},
};
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::{
    assert_ok,
    traits::{fungible::MutateHold, Currency, EnsureOrigin, Get},
    BoundedVec,
};
use frame_system::RawOrigin;
use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use polkadot_runtime_common::traits::{Leaser, Registrar};
use serin_primitives::lease::{LeasePeriod, LeaseRange, PERIODS_PER_AUCTION};

/// Entries of a range's log that make the search read eleven.
const LOG_LENGTH: u16 = 1_620;
const AMOUNT: Balance = 1_000_000_000_000_000;

/// A registered para, with `manager` as its manager.
fn para<T: Config>(number: u32, manager: &T::AccountId) -> ParaId {
    let para = ParaId::from(2_000u32.saturating_add(number));
    let (head, code) = (T::Registrar::worst_head_data(), T::Registrar::worst_validation_code());
    T::Currency::make_free_balance_be(manager, AMOUNT.saturating_mul(1_000));
    assert_ok!(T::Registrar::register(manager.clone(), para, head, code));
    T::Registrar::execute_pending_transitions();
    para
}

fn bidder<T: Config>(number: u32) -> T::AccountId {
    let bidder = account("bidder", number, 0);
    T::Currency::make_free_balance_be(&bidder, AMOUNT.saturating_mul(1_000));
    bidder
}

fn first_period<T: Config>() -> LeasePeriod {
    let (length, offset) = T::Leaser::lease_period_length();
    frame_system::Pallet::<T>::set_block_number(length.saturating_add(offset));
    T::Leaser::lease_period_index(Auctions::<T>::now()).map_or(1, |(period, _)| period.saturating_add(1))
}

fn auction<T: Config>(starting_blocks: BlockNumber) -> AuctionId {
    let first_period = first_period::<T>();
    assert_ok!(Auctions::<T>::do_new_auction(starting_blocks, T::EndingBlocks::get(), first_period, Series::Direct));
    LastAuction::<T>::get()
}

/// An auction whose bids are closed, with a full log and a winner for each period.
fn auction_at_close<T: Config>() -> AuctionId {
    let id = auction::<T>(0);
    let Some(mut record) = Auctions::<T>::auction(id).ok() else { return id };
    let reason = HoldReason::Bid.into();
    for (number, range) in (0u32..).zip(LeaseRange::all()) {
        let bidder = bidder::<T>(number);
        let para = para::<T>(number, &bidder);
        assert_ok!(T::Currency::hold(&reason, &bidder, AMOUNT));
        for index in 0..LOG_LENGTH {
            record.log_lengths.append(range);
            let since = record.ending_start;
            let amount = if range.period_count() == 1 { AMOUNT } else { AMOUNT.saturating_div(2) };
            Leads::<T>::insert(id, (range, index), Lead { bidder: bidder.clone(), para, amount, since });
        }
        let pledge = Pledge { held: AMOUNT, credit: 0, leads: LOG_LENGTH.into() };
        Pledges::<T>::insert(id, (bidder, para), pledge);
    }
    frame_system::Pallet::<T>::set_block_number(record.closes_at());
    Records::<T>::insert(id, record);
    id
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn new_auction() -> Result<(), BenchmarkError> {
        let origin = T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let first_period = first_period::<T>();
        fill_live::<T>();
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, 1, T::EndingBlocks::get(), first_period, Series::Crowdloans);
        assert_eq!(LastAuction::<T>::get(), AuctionId(1));
        Ok(())
    }

    /// An account that is listed takes the lead from one that is released.
    #[benchmark]
    fn bid() {
        let id = auction::<T>(100);
        let (manager, listed) = (bidder::<T>(0), bidder::<T>(1));
        let para = para::<T>(0, &manager);
        let period = first_period::<T>();
        Bidders::<T>::insert(para, BidderPolicy::Only(AllowedBidders::truncate_from(full_list::<T>(&listed))));
        let last = period.saturating_add(u32::from(PERIODS_PER_AUCTION).saturating_sub(1));
        assert_ok!(Auctions::<T>::do_bid(id, manager, para, period, last, AMOUNT));
        #[extrinsic_call]
        _(RawOrigin::Signed(listed.clone()), id, para, period, last, AMOUNT.saturating_mul(2));
        assert!(Pledges::<T>::contains_key(id, (listed, para)));
    }

    #[benchmark]
    fn settle() {
        let id = auction_at_close::<T>();
        let record = Records::<T>::get(id).expect("the auction was created above; qed");
        #[block]
        {
            Auctions::<T>::settle_with(id, record, [u8::MAX; 32]);
        }
        assert_eq!(Results::<T>::get(id).map(|winners| winners.len()), Some(PERIODS_PER_AUCTION.into()));
    }

    #[benchmark]
    fn refund() {
        let id = auction::<T>(0);
        let loser = bidder::<T>(0);
        let para = para::<T>(0, &loser);
        assert_ok!(Auctions::<T>::secure(id, &loser, para, AMOUNT));
        assert_ok!(Auctions::<T>::do_cancel(id));
        #[extrinsic_call]
        _(RawOrigin::Signed(loser.clone()), id, loser.clone(), para);
        assert!(!Pledges::<T>::contains_key(id, (loser, para)));
    }

    #[benchmark]
    fn cancel() -> Result<(), BenchmarkError> {
        let origin = T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        let id = auction::<T>(0);
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, id);
        assert!(Live::<T>::get().is_empty());
        Ok(())
    }

    /// Pledges, since they cost more than leads.
    #[benchmark]
    fn prune(n: Linear<1, 1_000>) {
        let id = auction::<T>(0);
        for number in 0..n {
            assert_ok!(Auctions::<T>::secure(id, &bidder::<T>(number), number.into(), AMOUNT));
        }
        assert_ok!(Auctions::<T>::do_cancel(id));
        let later = Auctions::<T>::now().saturating_add(T::HistoryBlocks::get());
        frame_system::Pallet::<T>::set_block_number(later);
        #[extrinsic_call]
        _(RawOrigin::Signed(bidder::<T>(0)), id, n);
        assert!(Pledges::<T>::iter_key_prefix(id).next().is_none());
    }

    #[benchmark]
    fn set_bidders() {
        let manager = bidder::<T>(0);
        let para = para::<T>(0, &manager);
        let policy = BidderPolicy::Only(AllowedBidders::truncate_from(full_list::<T>(&manager)));
        #[extrinsic_call]
        _(RawOrigin::Signed(manager), para, policy);
        assert!(Bidders::<T>::contains_key(para));
    }

    #[benchmark]
    fn clear_bidders() {
        let manager = bidder::<T>(0);
        let para = para::<T>(0, &manager);
        let policy = BidderPolicy::Only(AllowedBidders::truncate_from(full_list::<T>(&manager)));
        assert_ok!(Auctions::<T>::do_set_bidders(para, manager.clone(), policy));
        #[extrinsic_call]
        _(RawOrigin::Signed(manager), para);
        assert!(!Bidders::<T>::contains_key(para));
    }

    #[benchmark]
    fn on_initialize_idle() {
        fill_live::<T>();
        #[block]
        {
            Auctions::<T>::settle_next(0);
        }
    }

    #[benchmark]
    fn on_initialize_awaiting_seed() {
        let id = auction::<T>(0);
        let closes_at = Records::<T>::get(id).map_or(0, |record| record.closes_at());
        #[block]
        {
            // The same reads whether or not the seed is known by then.
            let _seed = Auctions::<T>::seed(id, closes_at);
            let _next = (Live::<T>::get(), Records::<T>::get(id));
        }
    }

    #[benchmark]
    fn on_initialize_settle() {
        let id = auction_at_close::<T>();
        let record = Records::<T>::get(id).expect("the auction was created above; qed");
        #[block]
        {
            let _next = Live::<T>::get();
            Auctions::<T>::settle_with(id, record, [u8::MAX; 32]);
        }
        assert!(Live::<T>::get().is_empty());
    }
}

/// As many live auctions as leave room for one.
fn fill_live<T: Config>() {
    let entry = |number| LiveAuction {
        closes_at: BlockNumber::MAX,
        id: AuctionId(number),
        ending_start: BlockNumber::MAX,
        series: Series::Direct,
    };
    let entries: Vec<_> = (1..T::MaxLive::get()).map(entry).collect();
    Live::<T>::put(BoundedVec::truncate_from(entries));
}

/// As many accounts as may be listed, `wanted` last.
fn full_list<T: Config>(wanted: &T::AccountId) -> Vec<T::AccountId> {
    let others = (1..AllowedBidders::<T::AccountId>::bound())
        .map(|number| account("allowed", u32::try_from(number).unwrap_or_default(), 0));
    others.chain([wanted.clone()]).collect()
}
