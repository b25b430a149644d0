// SPDX-License-Identifier: GPL-3.0-only
//! `CandleApi`, asked over RPC.

use super::Result;
use crate::{
    demo::{
        self,
        chain::{BlockId, Chain},
        runtimes::{AccountId, Balance, BlockNumber, Relay},
    },
    relay_node,
};
use codec::Encode;
use pallet_auctions::{
    runtime_api::{AuctionOnSale, WinShare},
    types::{Auction, Lead, Winners},
    AuctionId,
};
use polkadot_primitives::Id as ParaId;
use serin_primitives::lease::LeaseRange;
use serin_runtime::Runtime;

/// The trait's name.
const API: &str = "CandleApi";

/// A relay-chain node that answers for auctions.
pub struct Candle<'a> {
    chain: &'a Chain<Relay>,
}

impl<'a> Candle<'a> {
    /// Fails when the node follows another chain, or one without the API. `url` names it in the error.
    pub async fn of(chain: &'a Chain<Relay>, url: &str) -> Result<Self> {
        relay_node::require_api(chain, url, API).await?;
        Ok(Self { chain })
    }

    /// The auctions that are neither settled nor cancelled, the next to be settled first.
    pub async fn live(&self, at: BlockId) -> demo::Result<Vec<AuctionOnSale>> {
        self.chain.call_at("CandleApi_live", &[], at.hash).await
    }

    /// All that is stored of an auction but its log; none if it never was, or is pruned.
    pub async fn auction(&self, at: BlockId, id: AuctionId) -> demo::Result<Option<Auction>> {
        self.chain.read(&pallet_auctions::Records::<Runtime>::hashed_key_for(id), at.hash).await
    }

    /// The present lead of each range that has one.
    pub async fn leaders(&self, at: BlockId, id: AuctionId) -> demo::Result<Vec<(LeaseRange, Lead<AccountId>)>> {
        self.chain.call_at("CandleApi_leaders", &id.encode(), at.hash).await
    }

    /// What settlement would decide after the block `at` if the candle went out at `candle_block`. What it has decided, if the
    /// auction is settled.
    pub async fn outcome(
        &self,
        at: BlockId,
        id: AuctionId,
        candle_block: BlockNumber,
    ) -> demo::Result<Winners<AccountId>> {
        self.chain.call_at("CandleApi_outcome_if_closed_at", &(id, candle_block).encode(), at.hash).await
    }

    /// The smallest bid that takes the lead of the periods `first` to `last` and, if nobody bids after it, wins.
    pub async fn min_bid_to_win(
        &self,
        at: BlockId,
        id: AuctionId,
        (first, last): (u32, u32),
    ) -> demo::Result<Option<Balance>> {
        self.chain.call_at("CandleApi_min_bid_to_win", &(id, first, last).encode(), at.hash).await
    }

    /// At which share of the ending period's blocks, up to now, each lead would win.
    pub async fn win_share(&self, at: BlockId, id: AuctionId) -> demo::Result<Vec<WinShare<AccountId>>> {
        self.chain.call_at("CandleApi_win_share", &id.encode(), at.hash).await
    }

    /// What can be refunded to an account.
    pub async fn refundable(&self, at: BlockId, who: &AccountId) -> demo::Result<Vec<(AuctionId, ParaId, Balance)>> {
        self.chain.call_at("CandleApi_refundable", &who.encode(), at.hash).await
    }
}
