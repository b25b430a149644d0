// SPDX-License-Identifier: GPL-3.0-only
//! What the calls do: check, read, decide, write, tell.

use crate::{
    candle, lead_log,
    log_end::LogEnd,
    pallet::*,
    types::{Auction, AuctionId, AuctionState, BidderPolicy, Lead, LiveAuction, Seed, Series},
    CandleSeed,
};
use frame_support::{
    ensure,
    pallet_prelude::{DispatchError, DispatchResult, Get},
};

use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use polkadot_runtime_common::traits::{Leaser, Registrar};
use serin_primitives::{
    lease::{LeasePeriod, LeaseWindow},
    traits::CoreReservations,
};
use sp_runtime::traits::AccountIdConversion;

impl<T: Config> Pallet<T> {
    pub(crate) fn do_new_auction(
        starting_blocks: BlockNumber,
        ending_blocks: BlockNumber,
        first_period: LeasePeriod,
        series: Series,
    ) -> DispatchResult {
        ensure!(ending_blocks > 0, Error::<T>::NoEndingPeriod);
        let window = LeaseWindow::new(first_period).ok_or(Error::<T>::TooFarInFuture)?;
        let ending_start = Self::now().checked_add(starting_blocks).ok_or(Error::<T>::TooFarInFuture)?;
        let closes_at = ending_start.checked_add(ending_blocks).ok_or(Error::<T>::TooFarInFuture)?;
        let over_at_close = T::Leaser::lease_period_index(closes_at).is_some_and(|(current, _)| first_period < current);
        ensure!(!over_at_close, Error::<T>::LeasePeriodInPast);

        let id = AuctionId(LastAuction::<T>::get().0.checked_add(1).ok_or(Error::<T>::TooFarInFuture)?);
        Self::enter_live(LiveAuction { closes_at, id, ending_start, series })?;
        let core = T::Cores::reserve(window)?;

        LastAuction::<T>::put(id);
        let state = AuctionState::Open;
        Records::<T>::insert(id, Auction { window, core, ending_start, ending_blocks, state });
        Self::deposit_event(Event::AuctionCreated { id, core, first_period, ending_start, ending_blocks, series });
        Ok(())
    }

    /// `bid`, but that the caller decides whether the bidder may bid for the para.
    pub(crate) fn do_bid(
        id: AuctionId,
        bidder: T::AccountId,
        para: ParaId,
        first_period: LeasePeriod,
        last_period: LeasePeriod,
        amount: Balance,
    ) -> DispatchResult {
        let now = Self::now();
        let auction = Self::auction(id)?;
        ensure!(auction.phase_at(now).takes_bids(), Error::<T>::BidsClosed);
        ensure!(Self::is_registered(para), Error::<T>::ParaNotRegistered);
        let range = auction.window.range(first_period, last_period).ok_or(Error::<T>::NotOnSale)?;
        ensure!(!T::Leaser::already_leased(para, first_period, last_period), Error::<T>::AlreadyLeased);

        let log = LogEnd::<T>::read(id, range);
        ensure!(amount >= Self::next_amount(log.leading()), Error::<T>::BidTooLow);

        // The new lead is secured before the old one is given up, since both may be of the same pledge.
        Self::secure(id, &bidder, para, amount)?;
        let lead = Lead { bidder: bidder.clone(), para, amount, since: now };
        if let Some(gone) = log.write(lead, auction.ending_start)? {
            Self::unsecure(id, gone.bidder, gone.para)?;
        }
        Self::deposit_event(Event::BidPlaced { id, bidder, para, first_period, last_period, amount });
        Ok(())
    }

    pub(crate) fn do_settle(id: AuctionId) -> DispatchResult {
        let auction = Self::open_auction(id)?;
        ensure!(!auction.phase_at(Self::now()).takes_bids(), Error::<T>::BidsOpen);
        // Which of two is settled first may decide which of them a para wins: nobody may choose that.
        let is_next = Live::<T>::get().first().is_some_and(|next| next.id == id);
        ensure!(is_next, Error::<T>::NotNextToSettle);
        let seed = Self::seed(id, auction.closes_at()).ok_or(Error::<T>::SeedNotKnown)?;
        Self::settle_with(id, auction, seed);
        Ok(())
    }

    pub(crate) fn do_refund(id: AuctionId, bidder: T::AccountId, para: ParaId) -> DispatchResult {
        ensure!(Self::auction(id)?.finished_at().is_some(), Error::<T>::NotFinished);
        let pledge = Pledges::<T>::take(id, (&bidder, para)).ok_or(Error::<T>::NoSuchPledge)?;
        Self::release(id, bidder, para, pledge)
    }

    pub(crate) fn do_cancel(id: AuctionId) -> DispatchResult {
        let mut auction = Self::open_auction(id)?;
        auction.state = AuctionState::Cancelled { at: Self::now() };
        Self::leave_live(id);
        T::Cores::release(auction.core, auction.window);
        Records::<T>::insert(id, auction);
        Self::deposit_event(Event::Cancelled { id });
        Ok(())
    }

    /// Returns how many items it removed.
    pub(crate) fn do_prune(id: AuctionId, limit: u32) -> Result<u32, DispatchError> {
        let finished_at = Self::auction(id)?.finished_at().ok_or(Error::<T>::NotFinished)?;
        let kept_until = finished_at.saturating_add(T::HistoryBlocks::get());
        ensure!(kept_until <= Self::now(), Error::<T>::HistoryKept);

        ensure!(limit > 0, Error::<T>::NothingToPrune);

        let mut left = limit;
        // One iterator for all: a new one begins by passing over what was removed before in the same block.
        let mut pledges = Pledges::<T>::drain_prefix(id);
        let mut pages = Leads::<T>::drain_prefix(id);
        while let Some(fewer) = left.checked_sub(1) {
            left = fewer;
            if let Some(((bidder, para), pledge)) = pledges.next() {
                Self::release(id, bidder, para, pledge)?;
            } else if pages.next().is_none() {
                LogIndices::<T>::remove(id);
                Results::<T>::remove(id);
                Records::<T>::remove(id);
                Self::deposit_event(Event::Pruned { id });
                break;
            }
        }
        Ok(limit.saturating_sub(left))
    }

    pub(crate) fn do_set_bidders(
        para: ParaId,
        caller: T::AccountId,
        policy: BidderPolicy<T::AccountId>,
    ) -> DispatchResult {
        ensure!(T::Registrar::is_registered(para), Error::<T>::ParaNotRegistered);
        ensure!(Self::owns(para, &caller), Error::<T>::NotParaOwner);
        Bidders::<T>::insert(para, &policy);
        Self::deposit_event(Event::BiddersSet { para, policy });
        Ok(())
    }

    pub(crate) fn do_clear_bidders(para: ParaId, caller: T::AccountId) -> DispatchResult {
        let may_clear = Self::owns(para, &caller) || !T::Registrar::is_registered(para);
        ensure!(may_clear, Error::<T>::NotParaOwner);
        Bidders::<T>::take(para).ok_or(Error::<T>::NoBidderPolicy)?;
        Self::deposit_event(Event::BiddersCleared { para });
        Ok(())
    }

    pub(crate) fn ensure_may_bid(para: ParaId, bidder: &T::AccountId) -> DispatchResult {
        let is_allowed = || {
            Bidders::<T>::get(para).is_some_and(|policy| match policy {
                BidderPolicy::Anyone => true,
                BidderPolicy::Only(allowed) => allowed.contains(bidder),
            })
        };
        ensure!(Self::owns(para, bidder) || is_allowed(), Error::<T>::BidderNotAllowed);
        Ok(())
    }

    pub(crate) fn now() -> BlockNumber {
        frame_system::Pallet::<T>::block_number()
    }

    pub(crate) fn auction(id: AuctionId) -> Result<Auction, Error<T>> {
        Records::<T>::get(id).ok_or(Error::<T>::NoSuchAuction)
    }

    pub(crate) fn next_amount(leading: Option<&Lead<T::AccountId>>) -> Balance {
        lead_log::next_amount(leading.map(|lead| lead.amount), T::MinimumBid::get(), T::MinimumRaise::get())
    }

    pub(crate) fn seed(id: AuctionId, closes_at: BlockNumber) -> Option<Seed> {
        T::CandleSeed::seed(&candle::subject(id, closes_at), closes_at)
    }

    fn open_auction(id: AuctionId) -> Result<Auction, Error<T>> {
        let auction = Self::auction(id)?;
        ensure!(auction.state == AuctionState::Open, Error::<T>::AlreadyFinished);
        Ok(auction)
    }

    fn enter_live(entry: LiveAuction) -> DispatchResult {
        let mut live = Live::<T>::get();
        let overlaps = entry.series == Series::Crowdloans
            && live.iter().any(|other| other.series == Series::Crowdloans && other.ends_together_with(&entry));
        ensure!(!overlaps, Error::<T>::EndingPeriodsOverlap);
        let position = live.partition_point(|other| *other < entry);
        live.try_insert(position, entry).map_err(|_| Error::<T>::TooManyLive)?;
        Live::<T>::put(live);
        Ok(())
    }

    pub(crate) fn leave_live(id: AuctionId) {
        Live::<T>::mutate(|live| live.retain(|entry| entry.id != id));
    }

    /// Whether `para` is there to stay. One that is deregistered counts as registered until it is gone, two sessions
    /// later, but has no manager any more.
    pub(crate) fn is_registered(para: ParaId) -> bool {
        T::Registrar::is_registered(para) && T::Registrar::manager_of(para).is_some()
    }

    /// Whether `account` is the manager or the sovereign account of `para`.
    fn owns(para: ParaId, account: &T::AccountId) -> bool {
        let sovereign: T::AccountId = para.into_account_truncating();
        *account == sovereign || T::Registrar::manager_of(para).as_ref() == Some(account)
    }
}
