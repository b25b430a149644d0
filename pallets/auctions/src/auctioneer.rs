// SPDX-License-Identifier: GPL-3.0-only
//! Auctions as the SDK's crowdloans see them: one at a time, without an id.

use crate::{
    pallet::*,
    types::{LiveAuction, Phase, Series},
};
use frame_support::{
    pallet_prelude::{DispatchResult, Get},
    storage::with_storage_layer,
};
use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use polkadot_runtime_common::traits::{AuctionStatus, Auctioneer, Leaser};
use serin_primitives::lease::LeasePeriod;

impl<T: Config> Auctioneer<BlockNumber> for Pallet<T> {
    type AccountId = T::AccountId;
    type LeasePeriod = LeasePeriod;
    type Currency = T::Currency;

    fn new_auction(duration: BlockNumber, lease_period_index: LeasePeriod) -> DispatchResult {
        let ending_blocks = T::EndingBlocks::get();
        with_storage_layer(|| Self::do_new_auction(duration, ending_blocks, lease_period_index, Series::Crowdloans))
    }

    fn auction_status(now: BlockNumber) -> AuctionStatus<BlockNumber> {
        Self::current_for_crowdloans(now).map_or(AuctionStatus::NotStarted, |auction| match auction.phase_at(now) {
            Phase::Starting => AuctionStatus::StartingPeriod,
            // Each block is a sample of its own.
            Phase::Ending { offset } => AuctionStatus::EndingPeriod(offset, 0),
            Phase::AwaitingSeed { blocks } => AuctionStatus::VrfDelay(blocks),
            Phase::Settled | Phase::Cancelled => AuctionStatus::NotStarted,
        })
    }

    /// Does not ask who may bid for the para: a crowdloan is opened by the manager.
    fn place_bid(
        bidder: T::AccountId,
        para: ParaId,
        first_slot: LeasePeriod,
        last_slot: LeasePeriod,
        amount: Balance,
    ) -> DispatchResult {
        let current = Self::current_for_crowdloans(Self::now()).ok_or(Error::<T>::NoSuchAuction)?;
        // Hooks call this, and undo nothing by themselves.
        with_storage_layer(|| Self::do_bid(current.id, bidder, para, first_slot, last_slot, amount))
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn lease_period_length() -> (BlockNumber, BlockNumber) {
        T::Leaser::lease_period_length()
    }

    fn lease_period_index(block: BlockNumber) -> Option<(LeasePeriod, bool)> {
        T::Leaser::lease_period_index(block)
    }

    fn has_won_an_auction(para: ParaId, bidder: &T::AccountId) -> bool {
        T::Leaser::deposit_held(para, bidder) > 0
    }
}

impl<T: Config> Pallet<T> {
    /// The auction that crowdloans are concerned with: the one in its ending period, of which there is never a second;
    /// otherwise the next to be settled, whose winner may be a crowdloan; otherwise the next to end.
    fn current_for_crowdloans(now: BlockNumber) -> Option<LiveAuction> {
        let live = Live::<T>::get();
        let series = || live.iter().filter(|auction| auction.series == Series::Crowdloans);
        let ending = series().find(|auction| matches!(auction.phase_at(now), Phase::Ending { .. }));
        ending.or_else(|| series().next()).copied()
    }
}
