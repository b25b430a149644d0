// SPDX-License-Identifier: GPL-3.0-only
//! From the candle block to leases.
//!
//! Winners are determined among the leads of the candle block, and then tried: if some of them can get no lease, all
//! is undone, the lead before takes the place of each of them, and winners are determined again. Leads that belong to
//! no winning combination are never looked at, which costs nothing: a valid combination that beats one with higher
//! leads in it beats all.

use crate::{
    candle,
    lead_log::PageNumber,
    pallet::*,
    types::{Auction, AuctionId, AuctionState, Lead, LeaseFailure, LeaseOutcome, Seed, Winner, Winners},
    winners::best_combination,
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::storage::{with_transaction_unchecked, TransactionOutcome};
use polkadot_core_primitives::BlockNumber;
use polkadot_runtime_common::traits::{LeaseError, Leaser};
use serin_primitives::{lease::LeaseRange, traits::CoreReservations};

/// How often winners are determined again because a lease failed. What fails after that stays unsold.
pub(crate) const MAX_WALK_BACKS: u32 = 3;

/// The log of a range up to the lead that stands for it, which is the last one here, as far back as the page begins.
struct Standing<AccountId> {
    number: PageNumber,
    leads: Vec<Lead<AccountId>>,
}

type Standings<T> = BTreeMap<LeaseRange, Standing<<T as frame_system::Config>::AccountId>>;

impl<T: Config> Pallet<T> {
    /// Ends an auction whose bids are closed. Cannot fail: what cannot be leased stays unsold.
    pub(crate) fn settle_with(id: AuctionId, mut auction: Auction, seed: Seed) {
        let candle_block = candle::draw(&seed, auction.ending_start, auction.ending_blocks);
        Self::deposit_event(Event::Settled { id, candle_block, seed });
        Results::<T>::insert(id, Self::lease_to_winners(id, &auction, candle_block));
        T::Cores::release(auction.core, auction.window);
        auction.state = AuctionState::Settled { candle_block, seed, at: Self::now() };
        Records::<T>::insert(id, auction);
        Self::leave_live(id);
    }

    /// Who wins if the candle went out at `candle_block`, with leases where they can be had.
    pub(crate) fn lease_to_winners(
        id: AuctionId,
        auction: &Auction,
        candle_block: BlockNumber,
    ) -> Winners<T::AccountId> {
        let mut standings = Self::standings(id, candle_block);
        for _ in 0..MAX_WALK_BACKS {
            let winners = match Self::try_leases(id, auction, &standings) {
                Ok(winners) => return winners,
                Err(winners) => winners,
            };
            for winner in winners {
                let LeaseOutcome::Failed(reason) = winner.lease else { continue };
                if let Some(standing) = standings.get_mut(&winner.range) {
                    Self::walk_back(id, winner.range, standing);
                }
                let Winner { range, bidder, para, .. } = winner;
                Self::deposit_event(Event::LeadPassedOver { id, range, bidder, para, reason });
            }
        }
        Self::lease_what_can_be(id, auction, &standings)
    }

    /// The leads of a block.
    pub(crate) fn leads_at(
        id: AuctionId,
        block: BlockNumber,
    ) -> impl Iterator<Item = (LeaseRange, Lead<T::AccountId>)> {
        Self::standings(id, block).into_iter().filter_map(|(range, mut standing)| Some((range, standing.leads.pop()?)))
    }

    fn standings(id: AuctionId, block: BlockNumber) -> Standings<T> {
        let index = LogIndices::<T>::get(id);
        let standing = |range| {
            let number = index.page_of(range, block);
            let mut leads = Leads::<T>::get(id, (range, number)).into_inner();
            leads.truncate(leads.partition_point(|lead| lead.since <= block));
            (range, Standing { number, leads })
        };
        LeaseRange::all().map(standing).collect()
    }

    /// The lead before takes the place of the one that stands. Before the first there is none.
    fn walk_back(id: AuctionId, range: LeaseRange, standing: &mut Standing<T::AccountId>) {
        standing.leads.pop();
        if let Some(number) = standing.number.checked_sub(1).filter(|_| standing.leads.is_empty()) {
            *standing = Standing { number, leads: Leads::<T>::get(id, (range, number)).into_inner() };
        }
    }

    /// Leases to all winners, or to none: then `Err` says of each whether it could have had a lease.
    fn try_leases(
        id: AuctionId,
        auction: &Auction,
        standings: &Standings<T>,
    ) -> Result<Winners<T::AccountId>, Winners<T::AccountId>> {
        // Inside of it there is no other transaction than that of `lease`, so that the nesting is bounded.
        with_transaction_unchecked(|| {
            let winners = Self::lease_what_can_be(id, auction, standings);
            if winners.iter().all(|winner| winner.lease == LeaseOutcome::Leased) {
                TransactionOutcome::Commit(Ok(winners))
            } else {
                TransactionOutcome::Rollback(Err(winners))
            }
        })
    }

    fn lease_what_can_be(id: AuctionId, auction: &Auction, standings: &Standings<T>) -> Winners<T::AccountId> {
        let standing = |range| standings.get(&range)?.leads.last();
        let best = best_combination(|range| Some(standing(range)?.amount));
        let winners = best.ranges.into_iter().filter_map(|range| {
            let lead = standing(range)?;
            let lease = Self::lease(id, auction, range, lead);
            Some(Winner { range, bidder: lead.bidder.clone(), para: lead.para, amount: lead.amount, lease })
        });
        // Ranges that share no period are at most as many as there are periods.
        Winners::truncate_from(winners.collect::<Vec<_>>())
    }

    /// Turns the pledge of a winner into a lease and a core; if one of the three fails nothing is changed.
    fn lease(id: AuctionId, auction: &Auction, range: LeaseRange, lead: &Lead<T::AccountId>) -> LeaseOutcome {
        let leased = with_transaction_unchecked(|| match Self::lease_steps(id, auction, range, lead) {
            Ok(()) => TransactionOutcome::Commit(Ok(())),
            Err(failure) => TransactionOutcome::Rollback(Err(failure)),
        });
        let (bidder, para, amount) = (lead.bidder.clone(), lead.para, lead.amount);
        match leased {
            Ok(()) => {
                let periods = auction.window.periods(range);
                let (first_period, last_period) = (*periods.start(), *periods.end());
                Self::deposit_event(Event::Leased { id, bidder, para, first_period, last_period, amount });
                LeaseOutcome::Leased
            }
            Err(reason) => {
                Self::deposit_event(Event::LeaseFailed { id, range, bidder, para, reason });
                LeaseOutcome::Failed(reason)
            }
        }
    }

    fn lease_steps(
        id: AuctionId,
        auction: &Auction,
        range: LeaseRange,
        lead: &Lead<T::AccountId>,
    ) -> Result<(), LeaseFailure> {
        // The leaser asks neither.
        if !Self::is_registered(lead.para) {
            return Err(LeaseFailure::ParaNotRegistered);
        }
        // An account that wins two ranges for a para has one pledge for both, released with the first.
        if let Some(pledge) = Pledges::<T>::take(id, (&lead.bidder, lead.para)) {
            Self::release(id, lead.bidder.clone(), lead.para, pledge).map_err(|_| LeaseFailure::Underfunded)?;
        }
        let periods = auction.window.periods(range);
        T::Leaser::lease_out(lead.para, &lead.bidder, lead.amount, *periods.start(), range.period_count().into())
            .map_err(|error| match error {
                LeaseError::ReserveFailed => LeaseFailure::Underfunded,
                LeaseError::AlreadyLeased => LeaseFailure::AlreadyLeased,
                LeaseError::AlreadyEnded => LeaseFailure::PeriodInPast,
                LeaseError::NoLeasePeriod => LeaseFailure::NoLeasePeriod,
            })?;
        T::Cores::occupy(auction.core, auction.window, lead.para, periods).map_err(|_| LeaseFailure::CoreUnavailable)
    }
}
