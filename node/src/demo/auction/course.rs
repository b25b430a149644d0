// SPDX-License-Identifier: GPL-3.0-only
//! The course of an auction, read from final blocks.

use super::{
    draw::{self, Drawn},
    on_relay,
    report::{Bid, Round, Settlement},
    Story,
};
use crate::demo::{
    chain::Block,
    error::Result,
    runtimes::{AccountId, Balance, Relay, Runtime},
};
use pallet_auctions::{AuctionId, Event};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::crowdloan;
use serin_runtime::RuntimeEvent;
use sp_core::sr25519;

/// A bid that is sent when the candle has burned for some blocks.
pub struct Overbid {
    pub patron: sr25519::Pair,
    pub periods: (u32, u32),
    pub amount: Balance,
}

/// After so many blocks of the ending period the second patron bids: so each of the two leads at some of its blocks.
const OVERBID_AFTER: u32 = 3;

/// Follows an auction until its winner has written a block.
pub struct Course<'a> {
    story: &'a Story<'a>,
    round: &'a mut Round,
    overbid: Option<Overbid>,
}

impl<'a> Course<'a> {
    pub const fn new(story: &'a Story<'a>, round: &'a mut Round, overbid: Option<Overbid>) -> Self {
        Self { story, round, overbid }
    }

    pub async fn follow(mut self) -> Result<()> {
        let chain = self.story.chain;
        let mut pulse = self.story.pulse().await?;
        let mut next = self.round.created;
        loop {
            self.overbid_in_time().await?;
            while let Some(block) = chain.next_finalized(&mut next).await? {
                if self.look(&block).await? {
                    pulse.renew();
                }
                if self.round.first_block.is_some() {
                    return Ok(());
                }
            }
            pulse.beat(&self.waits_for()).await?;
        }
    }

    /// Not in the first blocks of the ending period, so that they have another leader.
    async fn overbid_in_time(&mut self) -> Result<()> {
        let due = self.round.ending_start.saturating_add(OVERBID_AFTER);
        if self.overbid.is_none() || self.story.chain.best().await?.number < due {
            return Ok(());
        }
        if let Some(Overbid { patron, periods, amount }) = self.overbid.take() {
            let id = AuctionId(self.round.auction);
            self.story.bid(&patron, id, self.story.other.id, periods, amount).await?;
        }
        Ok(())
    }

    /// Whether the block has news.
    async fn look(&mut self, block: &Block<Relay>) -> Result<bool> {
        let mut is_news = false;
        for record in &block.events {
            match &record.event {
                RuntimeEvent::Auctions(event) => is_news |= self.note(event, block),
                RuntimeEvent::Crowdloan(crowdloan::Event::HandleBidResult { result: Err(error), .. }) => {
                    let (number, reason) = (block.id.number, Relay::error_name(*error));
                    self.story
                        .narrator
                        .tell(&format!("block {number}: the bid of the crowdloan was refused: {reason}"));
                }
                _ => {}
            }
        }
        let para = self.story.para.id;
        match &self.round.settled {
            None => {
                let is_claimed = on_relay::is_claimed(self.story.chain, para, block.id.hash).await?;
                if is_claimed || on_relay::is_served(block, para) {
                    self.round.too_early.push(block.id.number);
                }
            }
            Some(settled) if settled.block == block.id.number => self.draw_again(settled.block).await?,
            Some(_) if on_relay::includes(block, para) => {
                let (name, number, created) = (&self.story.para.name, block.id.number, self.round.created);
                self.round.first_block = Some(number);
                let blocks = number.saturating_sub(created);
                self.story.narrator.tell(&format!(
                    "block {number}: the first one of {name} is included, {blocks} blocks after the auction began"
                ));
                is_news = true;
            }
            Some(_) => {}
        }
        Ok(is_news)
    }

    /// Tells of an event of this auction. Whether it was one.
    fn note(&mut self, event: &Event<<Relay as Runtime>::Config>, block: &Block<Relay>) -> bool {
        let (ours, number) = (AuctionId(self.round.auction), block.id.number);
        let bid = |bidder: &AccountId, para: &ParaId, first_period: &u32, last_period: &u32, amount: &Balance| Bid {
            block: number,
            first_period: *first_period,
            last_period: *last_period,
            para: (*para).into(),
            bidder: bidder.to_string(),
            amount: *amount,
        };
        let text = match event {
            Event::BidPlaced { id, bidder, para, first_period, last_period, amount } if *id == ours => {
                let bid = bid(bidder, para, first_period, last_period, amount);
                let text = format!("block {number}: {} leads", bid.words());
                self.round.bids.push(bid);
                text
            }
            Event::Settled { id, candle_block, seed } if *id == ours => {
                let seed = format!("0x{}", hex::encode(seed));
                self.round.settled = Some(Settlement { block: number, candle_block: *candle_block, seed });
                format!("block {number}: settled; the candle went out at block {candle_block}")
            }
            Event::Leased { id, bidder, para, first_period, last_period, amount } if *id == ours => {
                let won = bid(bidder, para, first_period, last_period, amount);
                let text = format!("block {number}: {} wins", won.words());
                self.round.winners.push(won);
                self.round.winners.sort_by_key(|won| won.first_period);
                text
            }
            Event::LeaseFailed { id, para, reason, .. } if *id == ours => {
                format!("block {number}: there is no lease for {}: {reason:?}", u32::from(*para))
            }
            _ => return false,
        };
        self.story.narrator.tell(&text);
        true
    }

    async fn draw_again(&mut self, settled_in: u32) -> Result<()> {
        let Round { auction, ending_start, closes_at, .. } = *self.round;
        let drawn = Drawn { id: auction, ending_start, closes_at, settled_in };
        let drawn = draw::draw(self.story.chain, &drawn).await?;
        self.round.expected = draw::winners(&self.round.bids, drawn.candle_block);
        let [last_epoch, _] = drawn.epoch_starts;
        self.story.narrator.tell(&format!(
            "drawn again from the headers: what the epoch from block {last_epoch} on revealed makes it block {}, and {} winners",
            drawn.candle_block,
            self.round.expected.len()
        ));
        self.round.drawn = Some(drawn);
        Ok(())
    }

    fn waits_for(&self) -> String {
        let (auction, name) = (self.round.auction, &self.story.para.name);
        match &self.round.settled {
            None => format!("settlement of auction {auction}"),
            Some(_) => format!("first block of {name}"),
        }
    }
}
