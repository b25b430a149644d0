// SPDX-License-Identifier: GPL-3.0-only
//! The invariants of the README, checked against storage.

use crate::{
    lead_log::{LogIndex, PAGE_LEADS},
    pallet::*,
    types::{Auction, AuctionId, AuctionState, Lead, LeaseOutcome, Pledge},
};
use alloc::{collections::BTreeMap, vec::Vec};
use frame_support::{ensure, pallet_prelude::Get, traits::fungible::InspectHold};
use polkadot_core_primitives::Balance;
use polkadot_parachain_primitives::primitives::Id as ParaId;
use serin_primitives::lease::LeaseRange;
use sp_runtime::TryRuntimeError;

type Check = Result<(), TryRuntimeError>;
type Secured<T> = BTreeMap<(<T as frame_system::Config>::AccountId, ParaId), (u32, Balance)>;

impl<T: Config> Pallet<T> {
    /// Checks I1 to I8.
    pub fn do_try_state() -> Check {
        Self::check_holds()?;
        for (id, auction) in Records::<T>::iter() {
            let secured = Self::check_log(id, &auction)?;
            Self::check_pledges(id, &auction, secured)?;
            Self::check_result(id, &auction)?;
        }
        Self::check_cores()?;
        Self::check_live()
    }

    /// I1, and that no pledge outlives its auction.
    fn check_holds() -> Check {
        let mut pledged = BTreeMap::<T::AccountId, Balance>::new();
        for (id, (bidder, _), pledge) in Pledges::<T>::iter() {
            ensure!(Records::<T>::contains_key(id), "I1: a pledge in an auction that does not exist");
            let sum = pledged.entry(bidder).or_default();
            *sum = sum.saturating_add(pledge.held);
        }
        for (bidder, sum) in pledged {
            let held = T::Currency::balance_on_hold(&HoldReason::Bid.into(), &bidder);
            ensure!(held <= sum, "I1: more is held than the pledges can release");
        }
        Ok(())
    }

    /// I2. Returns how many leads each pledge must secure, and the largest amount among them.
    fn check_log(id: AuctionId, auction: &Auction) -> Result<Secured<T>, TryRuntimeError> {
        let mut secured = Secured::<T>::new();
        let index = LogIndices::<T>::get(id);
        for range in LeaseRange::all() {
            let mut before = None;
            for lead in Self::check_pages(id, auction, range, &index)? {
                ensure!(lead.since < auction.closes_at(), "I2: a lead from after the end of bids");
                let grows = before.is_none_or(|(since, amount)| since < lead.since && amount < lead.amount);
                ensure!(grows, "I2: block and amount do not grow along the log");
                before = Some((lead.since, lead.amount));
                let (leads, largest) = secured.entry((lead.bidder, lead.para)).or_default();
                *leads = leads.saturating_add(1);
                *largest = lead.amount.max(*largest);
            }
        }
        let has_end = Leads::<T>::iter_key_prefix(id).all(|(range, number)| number <= index.last_page(range));
        ensure!(has_end, "I2: pages beyond the end of the log");
        Ok(secured)
    }

    /// I2, of the pages of one range. Returns their leads.
    fn check_pages(
        id: AuctionId,
        auction: &Auction,
        range: LeaseRange,
        index: &LogIndex,
    ) -> Result<Vec<Lead<T::AccountId>>, TryRuntimeError> {
        let last = index.last_page(range);
        let mut leads = Vec::new();
        for number in 0..=last {
            let page = Leads::<T>::get(id, (range, number)).into_inner();
            let Some(first) = page.first() else {
                // Pruning removes pages in no order.
                let may_miss = last == 0 || auction.finished_at().is_some();
                ensure!(may_miss, "I2: a page of an open auction's log is missing");
                continue;
            };
            let is_full = u32::try_from(page.len()) == Ok(PAGE_LEADS);
            ensure!(is_full || number == last, "I2: a page before the last has room");
            let begins = number == 0 || index.page_of(range, first.since.saturating_sub(1)) < number;
            let found = page.iter().all(|lead| index.page_of(range, lead.since) == number);
            ensure!(begins && found, "I2: the index leads to another page");
            leads.extend(page);
        }
        Ok(leads)
    }

    /// I3, I4, I6.
    fn check_pledges(id: AuctionId, auction: &Auction, secured: Secured<T>) -> Check {
        let mut pledges: BTreeMap<_, Pledge> = Pledges::<T>::iter_prefix(id).collect();
        if auction.state != AuctionState::Open {
            let winners = Results::<T>::get(id).unwrap_or_default();
            let all_released = winners.iter().all(|winner| {
                let is_leased = winner.lease == LeaseOutcome::Leased;
                !is_leased || !pledges.contains_key(&(winner.bidder.clone(), winner.para))
            });
            ensure!(all_released, "I6: a winner's pledge is held beside the lease");
            return Ok(());
        }
        for (key, (leads, largest)) in secured {
            let pledge = pledges.remove(&key).ok_or("I3: a lead without a pledge")?;
            ensure!(pledge.leads == leads, "I3: a pledge does not count its leads");
            ensure!(pledge.held.saturating_add(pledge.credit) >= largest, "I4: a lead that is not secured");
        }
        ensure!(pledges.is_empty(), "I3: a pledge without a lead");
        Ok(())
    }

    /// I5, but for the optimum, which the tests compare with all combinations.
    fn check_result(id: AuctionId, auction: &Auction) -> Check {
        let is_settled = matches!(auction.state, AuctionState::Settled { .. });
        let Some(winners) = Results::<T>::get(id) else {
            ensure!(!is_settled, "I5: a settled auction without a result");
            return Ok(());
        };
        ensure!(is_settled, "I5: a result of an auction that is not settled");
        let share_no_period = winners.windows(2).all(|pair| match pair {
            [one, next] => one.range.last() < next.range.first(),
            _ => false,
        });
        ensure!(share_no_period, "I5: winners overlap");
        Ok(())
    }

    /// I7.
    fn check_cores() -> Check {
        let open: Vec<Auction> = Records::<T>::iter_values().filter(|a| a.state == AuctionState::Open).collect();
        for (position, one) in open.iter().enumerate() {
            let sold_twice = open.iter().skip(position.saturating_add(1)).any(|other| {
                let overlap = one.window.first() <= other.window.last() && other.window.first() <= one.window.last();
                one.core == other.core && overlap
            });
            ensure!(!sold_twice, "I7: two auctions sell the same core in the same period");
        }
        Ok(())
    }

    /// I8.
    fn check_live() -> Check {
        let live = Live::<T>::get();
        ensure!(live.len() <= usize::try_from(T::MaxLive::get()).unwrap_or(usize::MAX), "I8: too many live auctions");
        ensure!(live.is_sorted(), "I8: live auctions are out of order");
        for entry in &live {
            let auction = Records::<T>::get(entry.id).ok_or("I8: a live auction that does not exist")?;
            ensure!(auction.state == AuctionState::Open, "I8: a live auction that is over");
            let agrees = auction.ending_start == entry.ending_start && auction.closes_at() == entry.closes_at;
            ensure!(agrees, "I8: a live auction with other blocks than its record");
        }
        let open = Records::<T>::iter_values().filter(|auction| auction.state == AuctionState::Open);
        ensure!(open.count() == live.len(), "I8: an open auction is not live");
        Ok(())
    }
}
