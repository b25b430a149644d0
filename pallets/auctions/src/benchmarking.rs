// SPDX-License-Identifier: GPL-3.0-only
//! One worst case for each call and for each way through the hook.

use crate::{
    lead_log::{LogPage, PAGE_LEADS},
    outcome::{MAX_PASSED_OVER, MAX_WALK_BACKS},
    pallet::{Pallet as Auctions, *},
    types::{AllowedBidders, Auction, AuctionId, BidderPolicy, Lead, LeaseOutcome, LiveAuction, Pledge, Series},
};
use alloc::{vec, vec::Vec};
use frame_benchmarking::v2::*;
use frame_support::{
    assert_ok,
    traits::{fungible::MutateHold, Currency, EnsureOrigin, Get},
    BoundedVec,
};
use frame_system::RawOrigin;
use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use polkadot_runtime_common::traits::Leaser;
use serin_primitives::lease::{LeasePeriod, LeaseRange, LeaseWindow, PERIODS_PER_AUCTION};

/// Brings the chain into the states that the benchmarks need.
pub trait BenchmarkHelper<AccountId> {
    /// Registers a para, which is onboarded already.
    fn register(para: ParaId, manager: &AccountId);

    /// All cores that there may be are added but one, and have no room in `window`.
    fn fill_cores(window: LeaseWindow);

    /// In the first block of `window`, and after cores were told their work of this period and the next, each of `paras` is
    /// leased other periods on as many cores as it can be. The one at position `n` has lost the lease for the period `n` of
    /// `window`; its core was not told.
    fn scatter(paras: &[ParaId], window: LeaseWindow);
}

/// Full pages of a range's log: as many as its longest has.
const LOG_PAGES: u16 = 51;
const AMOUNT: Balance = 1_000_000_000_000_000;

/// A registered para, with `manager` as its manager.
fn para<T: Config>(number: u32, manager: &T::AccountId) -> ParaId {
    // The lowest id of a para that somebody has registered.
    let para = ParaId::from(2_000u32.saturating_add(number));
    T::BenchmarkHelper::register(para, manager);
    para
}

fn bidder<T: Config>(number: u32) -> T::AccountId {
    let bidder = account("bidder", number, 0);
    T::Currency::make_free_balance_be(&bidder, AMOUNT.saturating_mul(1_000));
    bidder
}

/// In the first block of a lease period, the one that comes next.
fn first_period<T: Config>() -> LeasePeriod {
    let (length, offset) = T::Leaser::lease_period_length();
    frame_system::Pallet::<T>::set_block_number(length.saturating_add(offset));
    T::Leaser::lease_period_index(Auctions::<T>::now()).map_or(1, |(period, _)| period.saturating_add(1))
}

/// An auction among as many live ones as there may be, for the last core that there may be.
fn auction<T: Config>(starting_blocks: BlockNumber) -> AuctionId {
    fill::<T>();
    let first_period = first_period::<T>();
    assert_ok!(Auctions::<T>::do_new_auction(starting_blocks, T::EndingBlocks::get(), first_period, Series::Direct));
    LastAuction::<T>::get()
}

/// An auction whose bids are closed, with full logs. The ranges of one period win. Before they do, as many leads are passed
/// over as may be, in as many rounds as there may be: they belong to other paras and accounts, whose deposits, which their
/// bids counted on, are gone.
fn auction_at_close<T: Config>() -> AuctionId {
    let id = auction::<T>(0);
    let Auction { window, ending_start: since, .. } = Records::<T>::get(id).expect("created above; qed");
    let mut to_fail = u32::try_from(MAX_PASSED_OVER).expect("a few; qed");
    let mut paras = Vec::new();
    for range in LeaseRange::all() {
        let (outbid, amount) = (account::<T::AccountId>("outbid", 0, 0), 1);
        let outbid = Lead { bidder: outbid, para: ParaId::from(1), amount, since };
        if range.period_count() > 1 {
            write_full_log::<T>(id, range, &[outbid]);
            continue;
        }
        let failing = to_fail.min(MAX_WALK_BACKS);
        to_fail = to_fail.saturating_sub(failing);
        let mut standing = Vec::new();
        for place in 0..=failing {
            // All are different.
            let number =
                u32::from(range.first()).saturating_mul(MAX_WALK_BACKS.saturating_add(1)).saturating_add(place);
            let bidder = bidder::<T>(number);
            let para = para::<T>(number, &bidder);
            if place == 0 {
                paras.push(para);
            }
            pledge::<T>(id, &bidder, para, if place == 0 { AMOUNT } else { AMOUNT.saturating_sub(1) });
            standing.push(Lead { bidder, para, amount: AMOUNT, since });
        }
        write_full_log::<T>(id, range, &standing);
    }
    T::BenchmarkHelper::scatter(&paras, window);
    id
}

/// A log that has `standing` for its last leads until their block, the last of them at the beginning of the last page.
fn write_full_log<T: Config>(id: AuctionId, range: LeaseRange, standing: &[Lead<T::AccountId>]) {
    let (last, before) = standing.split_last().expect("a range has a lead; qed");
    let full = |lead: Lead<T::AccountId>| vec![lead; PAGE_LEADS.try_into().unwrap_or_default()];
    for number in 0..LOG_PAGES {
        Leads::<T>::insert(id, (range, number), LogPage::truncate_from(full(last.clone())));
        if number > 0 {
            LogIndices::<T>::mutate(id, |index| index.open_page(range, last.since));
        }
    }
    let mut page = full(last.clone());
    page.truncate(page.len().saturating_sub(before.len()));
    page.extend_from_slice(before);
    Leads::<T>::insert(id, (range, LOG_PAGES.saturating_sub(2)), LogPage::truncate_from(page));

    let later = Lead { since: last.since.saturating_add(1), ..last.clone() };
    let page = [vec![last.clone()], full(later)].concat();
    Leads::<T>::insert(id, (range, LOG_PAGES.saturating_sub(1)), LogPage::truncate_from(page));
}

/// `bidder` has nothing but `held`, and what keeps its account alive.
fn pledge<T: Config>(id: AuctionId, bidder: &T::AccountId, para: ParaId, held: Balance) {
    T::Currency::make_free_balance_be(bidder, held.saturating_add(T::Currency::minimum_balance()));
    assert_ok!(T::Currency::hold(&HoldReason::Bid.into(), bidder, held));
    let credit = AMOUNT.saturating_sub(held);
    Pledges::<T>::insert(id, (bidder, para), Pledge { held, credit, leads: 1 });
}

/// What the call and the hook do, but that the seed is known.
fn draw_and_lease<T: Config>(id: AuctionId) {
    let record = Records::<T>::get(id).expect("the auction was created before; qed");
    let _next = Live::<T>::get();
    let _seed = Auctions::<T>::seed(id, record.closes_at());
    // The first block that the candle may go out at.
    Auctions::<T>::settle_with(id, record, [0; 32]);
}

fn ensure_all_leased<T: Config>(id: AuctionId) {
    let winners = Results::<T>::get(id).unwrap_or_default();
    assert_eq!(winners.len(), usize::from(PERIODS_PER_AUCTION));
    assert!(winners.iter().all(|winner| winner.lease == LeaseOutcome::Leased));
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn new_auction() -> Result<(), BenchmarkError> {
        let origin = T::AdminOrigin::try_successful_origin().map_err(|_| BenchmarkError::Weightless)?;
        fill::<T>();
        let first_period = first_period::<T>();
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
        #[block]
        {
            draw_and_lease::<T>(id);
        }
        ensure_all_leased::<T>(id);
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
        assert!(Auctions::<T>::auction(id).is_ok_and(|auction| auction.finished_at().is_some()));
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
        auction::<T>(100);
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
            let _next = Live::<T>::get();
            let _seed = Auctions::<T>::seed(id, closes_at);
        }
    }

    #[benchmark]
    fn on_initialize_settle() {
        let id = auction_at_close::<T>();
        #[block]
        {
            draw_and_lease::<T>(id);
        }
        ensure_all_leased::<T>(id);
    }
}

/// Live auctions and cores leave room for one.
fn fill<T: Config>() {
    let entry = |number| LiveAuction {
        closes_at: BlockNumber::MAX,
        // Ids that are not given out in the benchmark.
        id: AuctionId(u32::MAX.saturating_sub(number)),
        ending_start: BlockNumber::MAX,
        series: Series::Direct,
    };
    let entries: Vec<_> = (1..T::MaxLive::get()).map(entry).collect();
    Live::<T>::put(BoundedVec::truncate_from(entries));
    T::BenchmarkHelper::fill_cores(LeaseWindow::new(first_period::<T>()).expect("far from the last period; qed"));
}

/// As many accounts as may be listed, `wanted` last.
fn full_list<T: Config>(wanted: &T::AccountId) -> Vec<T::AccountId> {
    let others = (1..AllowedBidders::<T::AccountId>::bound())
        .map(|number| account("allowed", u32::try_from(number).unwrap_or_default(), 0));
    others.chain([wanted.clone()]).collect()
}
