// SPDX-License-Identifier: GPL-3.0-only
//! What can be asked about auctions without a transaction.

use crate::{
    lead_log::{LogPage, PageNumber},
    log_end::LogEnd,
    pallet::*,
    types::{Auction, AuctionId, Lead, Phase, Series, Winners},
    winners::{best_combination, winning_amount},
};
use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec::Vec,
};
use codec::{Codec, Decode, Encode};
use frame_support::storage::{with_transaction_unchecked, TransactionOutcome};
use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use scale_info::TypeInfo;
use serin_primitives::{
    lease::{LeasePeriod, LeaseRange},
    traits::CoreIndex,
};
use sp_runtime::Perbill;

sp_api::decl_runtime_apis! {
    /// Auctions: what is on sale, who leads, what it takes to win, and what the candle would bring.
    pub trait CandleApi<AccountId> where AccountId: Codec {
        /// The auctions that are neither settled nor cancelled, in the order in which they are settled.
        fn live() -> Vec<AuctionOnSale>;
        /// The present lead of each range that has one.
        fn leaders(id: AuctionId) -> Vec<(LeaseRange, Lead<AccountId>)>;
        /// What settlement would decide in this state if the candle went out at `block`, which may lie in the future.
        fn outcome_if_closed_at(id: AuctionId, block: BlockNumber) -> Winners<AccountId>;
        /// The smallest bid that takes the lead of a range; `None` if the auction does not sell it.
        fn minimum_bid(id: AuctionId, first_period: LeasePeriod, last_period: LeasePeriod) -> Option<Balance>;
        /// The smallest bid that takes the lead and, if nobody bids after it, wins.
        fn min_bid_to_win(id: AuctionId, first_period: LeasePeriod, last_period: LeasePeriod) -> Option<Balance>;
        /// Up to `count` entries of the log from `from` on, of one range or of all: a chart of the candle.
        fn history(
            id: AuctionId,
            range: Option<LeaseRange>,
            from: u16,
            count: u16,
        ) -> Vec<(LeaseRange, Lead<AccountId>)>;
        /// Of the blocks of the ending period that have passed, the share at which each lead would win.
        fn win_share(id: AuctionId) -> Vec<WinShare<AccountId>>;
        /// What can be refunded to an account.
        fn refundable(who: AccountId) -> Vec<(AuctionId, ParaId, Balance)>;
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct AuctionOnSale {
    pub id: AuctionId,
    pub phase: Phase,
    pub series: Series,
    pub first_period: LeasePeriod,
    pub core: CoreIndex,
    pub ending_start: BlockNumber,
    pub closes_at: BlockNumber,
}

#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct WinShare<AccountId> {
    pub bidder: AccountId,
    pub para: ParaId,
    pub range: LeaseRange,
    pub share: Perbill,
}

impl<T: Config> Pallet<T> {
    pub fn live() -> Vec<AuctionOnSale> {
        let now = Self::now();
        let on_sale = |entry: crate::types::LiveAuction| {
            let Auction { window, core, ending_start, .. } = Records::<T>::get(entry.id)?;
            let (id, series, closes_at) = (entry.id, entry.series, entry.closes_at);
            let phase = entry.phase_at(now);
            Some(AuctionOnSale { id, phase, series, first_period: window.first(), core, ending_start, closes_at })
        };
        Live::<T>::get().into_iter().filter_map(on_sale).collect()
    }

    pub fn leaders(id: AuctionId) -> Vec<(LeaseRange, Lead<T::AccountId>)> {
        let leading = |range| Some((range, LogEnd::<T>::read(id, range).leading()?.clone()));
        LeaseRange::all().filter_map(leading).collect()
    }

    pub fn outcome_if_closed_at(id: AuctionId, block: BlockNumber) -> Winners<T::AccountId> {
        let Ok(auction) = Self::auction(id) else { return Default::default() };
        if auction.finished_at().is_some() {
            return Results::<T>::get(id).unwrap_or_default();
        }
        with_transaction_unchecked(|| TransactionOutcome::Rollback(Self::lease_to_winners(id, &auction, block)))
    }

    pub fn minimum_bid(id: AuctionId, first_period: LeasePeriod, last_period: LeasePeriod) -> Option<Balance> {
        let range = Records::<T>::get(id)?.window.range(first_period, last_period)?;
        Some(Self::next_amount(LogEnd::<T>::read(id, range).leading()))
    }

    pub fn min_bid_to_win(id: AuctionId, first_period: LeasePeriod, last_period: LeasePeriod) -> Option<Balance> {
        let range = Records::<T>::get(id)?.window.range(first_period, last_period)?;
        let minimum = Self::minimum_bid(id, first_period, last_period)?;
        let leaders: BTreeMap<_, _> = Self::leaders(id).into_iter().map(|(range, lead)| (range, lead.amount)).collect();
        Some(winning_amount(range, minimum, |other| leaders.get(&other).copied()))
    }

    pub fn history(
        id: AuctionId,
        range: Option<LeaseRange>,
        from: u16,
        count: u16,
    ) -> Vec<(LeaseRange, Lead<T::AccountId>)> {
        let ranges = LeaseRange::all().filter(|one| range.is_none_or(|wanted| *one == wanted));
        let entries = ranges.flat_map(|range| {
            let leads = Self::pages(id, range).flatten().skip(from.into()).take(count.into());
            leads.map(move |lead| (range, lead))
        });
        entries.collect()
    }

    /// The log of a range, up to its end or to where pruning began.
    fn pages(id: AuctionId, range: LeaseRange) -> impl Iterator<Item = LogPage<T::AccountId>> {
        let pages = (0..=PageNumber::MAX).map(move |number| Leads::<T>::get(id, (range, number)));
        pages.take_while(|page| !page.is_empty())
    }

    pub fn win_share(id: AuctionId) -> Vec<WinShare<T::AccountId>> {
        let Ok(auction) = Self::auction(id) else { return Vec::new() };
        // A block that is still being written belongs to the future.
        let end = Self::now().min(auction.closes_at());
        let leads = Leads::<T>::iter_prefix(id).flat_map(|(_, page)| page);
        let changes = leads.map(|lead| lead.since.max(auction.ending_start));
        let changes: BTreeSet<BlockNumber> = changes.filter(|block| *block < end).collect();
        let until = changes.iter().copied().skip(1).chain([end]);

        let mut blocks_won = BTreeMap::<_, BlockNumber>::new();
        for (from, until) in changes.iter().copied().zip(until) {
            let leads: BTreeMap<_, _> = Self::leads_at(id, from).collect();
            for range in best_combination(|range| Some(leads.get(&range)?.amount)).ranges {
                let Some(lead) = leads.get(&range) else { continue };
                let blocks = blocks_won.entry((lead.bidder.clone(), lead.para, range)).or_default();
                *blocks = blocks.saturating_add(until.saturating_sub(from));
            }
        }
        let elapsed = end.saturating_sub(auction.ending_start);
        let share = |((bidder, para, range), blocks)| {
            let share = Perbill::from_rational(blocks, elapsed);
            WinShare { bidder, para, range, share }
        };
        blocks_won.into_iter().map(share).collect()
    }

    pub fn refundable(who: T::AccountId) -> Vec<(AuctionId, ParaId, Balance)> {
        let is_finished = |id| Records::<T>::get(id).is_some_and(|auction| auction.finished_at().is_some());
        let pledges = Pledges::<T>::iter().filter(|(id, (bidder, _), _)| *bidder == who && is_finished(*id));
        pledges.map(|(id, (_, para), pledge)| (id, para, pledge.held)).collect()
    }
}
