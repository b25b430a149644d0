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
use frame_support::storage::{with_storage_layer, with_transaction_unchecked, TransactionOutcome};
use polkadot_core_primitives::BlockNumber;
use polkadot_runtime_common::traits::{LeaseError, Leaser, Registrar};
use serin_primitives::{
    lease::{LeaseRange, PERIODS_PER_AUCTION},
    traits::CoreReservations,
};

/// How often winners are determined again because leases failed. What fails after that stays unsold.
pub(crate) const MAX_WALK_BACKS: u32 = 2;

/// How many leads are passed over in all of that: enough for all winners once.
pub(crate) const MAX_PASSED_OVER: usize = PERIODS_PER_AUCTION as usize;

/// The log of a range up to the lead that stands for it, which is the last one here, as far back as the page begins.
struct Standing<AccountId> {
    number: PageNumber,
    leads: Vec<Lead<AccountId>>,
}

/// Winners that could get no lease, and why.
type Failures<T> = Vec<(Winner<<T as frame_system::Config>::AccountId>, LeaseFailure)>;

type Standings<T> = BTreeMap<LeaseRange, Standing<<T as frame_system::Config>::AccountId>>;

impl<T: Config> Pallet<T> {
    /// Ends an auction whose bids are closed. Cannot fail: what cannot be leased stays unsold.
    pub(crate) fn settle_with(id: AuctionId, mut auction: Auction, seed: Seed) {
        let candle_block = candle::draw(&seed, auction.ending_start, auction.ending_blocks);
        Self::deposit_event(Event::Settled { id, candle_block, seed });
        let winners = Self::lease_to_winners(id, &auction, candle_block);
        Self::conclude(id, &auction, &winners);
        Results::<T>::insert(id, winners);
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
        let mut to_pass_over = MAX_PASSED_OVER;
        for _ in 0..MAX_WALK_BACKS {
            let failures = match Self::try_leases(id, auction, &standings) {
                Ok(winners) => return winners,
                Err(failures) => failures,
            };
            let Some(rest) = to_pass_over.checked_sub(failures.len()) else { break };
            to_pass_over = rest;
            for (Winner { range, bidder, para, .. }, reason) in failures {
                if let Some(standing) = standings.get_mut(&range) {
                    Self::walk_back(id, range, standing);
                }
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

    /// Leases to all winners, or to none: then `Err` has those that could get none.
    fn try_leases(
        id: AuctionId,
        auction: &Auction,
        standings: &Standings<T>,
    ) -> Result<Winners<T::AccountId>, Failures<T>> {
        // Inside of it there is no other transaction than that of `lease`, so that the nesting is bounded.
        with_transaction_unchecked(|| {
            let winners = Self::lease_what_can_be(id, auction, standings);
            let failure = |winner: &Winner<_>| Some((winner.clone(), winner.lease.failure()?));
            let failures: Vec<_> = winners.iter().filter_map(failure).collect();
            if failures.is_empty() {
                TransactionOutcome::Commit(Ok(winners))
            } else {
                TransactionOutcome::Rollback(Err(failures))
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

    /// Turns the pledge of a winner into a lease; if one of the two fails nothing is changed.
    fn lease(id: AuctionId, auction: &Auction, range: LeaseRange, lead: &Lead<T::AccountId>) -> LeaseOutcome {
        with_transaction_unchecked(|| match Self::lease_steps(id, auction, range, lead) {
            Ok(()) => TransactionOutcome::Commit(LeaseOutcome::Leased),
            Err(failure) => TransactionOutcome::Rollback(LeaseOutcome::Failed(failure)),
        })
    }

    fn lease_steps(
        id: AuctionId,
        auction: &Auction,
        range: LeaseRange,
        lead: &Lead<T::AccountId>,
    ) -> Result<(), LeaseFailure> {
        // The leaser does not ask. It was registered when the bid was made, and deregistering takes its manager away at
        // once, its lifecycle later.
        if T::Registrar::manager_of(lead.para).is_none() {
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
            })
    }

    /// Says who has won what, gives the winners the periods of the core that they have leased, and all others back.
    ///
    /// Once, when all leases are settled: what the scheduler is told is dear, and who wins does not depend on it.
    fn conclude(id: AuctionId, auction: &Auction, winners: &Winners<T::AccountId>) {
        let Auction { core, window, .. } = *auction;
        let mut leases = Vec::new();
        for Winner { range, bidder, para, amount, lease } in winners.iter().cloned() {
            let periods = window.periods(range);
            Self::deposit_event(match lease {
                LeaseOutcome::Leased => {
                    let (first_period, last_period) = (*periods.start(), *periods.end());
                    leases.push((para, periods));
                    Event::Leased { id, bidder, para, first_period, last_period, amount }
                }
                LeaseOutcome::Failed(reason) => Event::LeaseFailed { id, range, bidder, para, reason },
            });
        }
        if !leases.is_empty() {
            if let Err(reason) = with_storage_layer(|| T::Cores::occupy(core, window, &leases)) {
                Self::deposit_event(Event::CoreNotOccupied { id, core, reason });
            }
        }
        T::Cores::release(core, window);
    }
}
