// SPDX-License-Identifier: GPL-3.0-only
//! What `serin auction watch` prints: a record for programs, and the picture that people see of it.

use crate::demo::{
    chain::BlockId,
    report::amount,
    runtimes::{AccountId, Balance},
};
use pallet_auctions::{
    runtime_api::WinShare,
    types::{Auction, AuctionState, Lead, LeaseOutcome, Phase, Winners},
    AuctionId,
};
use serde::{Deserialize, Serialize};
use serin_primitives::lease::{LeaseRange, LeaseWindow};
use std::fmt::{self, Display, Formatter};

const TOKEN: &str = "KSM";

/// Where an auction stands. Amounts are in planck, as decimal strings: JSON's numbers do not hold them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuctionRecord {
    /// The block after which all of this was so.
    pub block: u32,
    pub block_hash: String,
    pub id: u32,
    /// `starting`, `ending`, `awaiting_seed`, `settled` or `cancelled`.
    pub phase: String,
    pub first_period: u32,
    pub last_period: u32,
    pub core: u32,
    /// The first block that the candle may go out at, and the first that takes no bids.
    pub ending_start: u32,
    pub closes_at: u32,
    /// All 36 ranges of periods, in order.
    pub ranges: Vec<RangeRecord>,
    /// The winners: as settled, or else as they would be if the candle went out at this block.
    pub outcome: Vec<WinnerRecord>,
    /// None until the auction is settled.
    pub draw: Option<DrawRecord>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeRecord {
    pub first_period: u32,
    pub last_period: u32,
    pub lead: Option<LeadRecord>,
    /// The smallest bid for each period that takes the lead, and wins if nobody bids after it. None when bids are closed.
    pub to_win: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadRecord {
    pub para: u32,
    pub bidder: String,
    /// For each period.
    pub amount: String,
    /// The block of the bid.
    pub since: u32,
    /// At how many of a thousand blocks of the ending period, up to now, this lead would win.
    pub won_permille: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WinnerRecord {
    pub first_period: u32,
    pub last_period: u32,
    pub para: u32,
    pub bidder: String,
    /// For each period.
    pub amount: String,
    /// Why it gets no lease; none if it gets one.
    pub failure: Option<String>,
}

/// What anybody can draw again: the candle block from the seed, the seed from the randomness of the epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawRecord {
    pub candle_block: u32,
    pub seed: String,
    pub settled_at: u32,
}

/// What the chain answered.
pub struct Answers {
    pub block: BlockId,
    pub id: AuctionId,
    pub auction: Auction,
    pub leaders: Vec<(LeaseRange, Lead<AccountId>)>,
    pub to_win: Vec<(LeaseRange, Option<Balance>)>,
    pub outcome: Winners<AccountId>,
    pub shares: Vec<WinShare<AccountId>>,
}

impl From<Answers> for AuctionRecord {
    fn from(answers: Answers) -> Self {
        let Answers { block, id, auction, leaders, to_win, outcome, shares } = answers;
        let window = auction.window;
        let phase = auction.phase_at(block.number);
        let range = |(range, to_win): (LeaseRange, Option<Balance>)| {
            let (first_period, last_period) = window.periods(range).into_inner();
            let lead = leaders.iter().find(|(led, _)| *led == range).map(|(_, lead)| lead_record(range, lead, &shares));
            let to_win = to_win.filter(|_| phase.takes_bids()).map(|amount| amount.to_string());
            RangeRecord { first_period, last_period, lead, to_win }
        };
        Self {
            block: block.number,
            block_hash: format!("{:?}", block.hash),
            id: id.0,
            phase: phase_name(phase).to_owned(),
            first_period: window.first(),
            last_period: window.last(),
            core: auction.core.into(),
            ending_start: auction.ending_start,
            closes_at: auction.closes_at(),
            ranges: to_win.into_iter().map(range).collect(),
            outcome: winner_records(window, &outcome),
            draw: draw_record(&auction.state),
        }
    }
}

impl AuctionRecord {
    /// Whether nothing changes any more.
    pub fn is_over(&self) -> bool {
        self.draw.is_some() || self.phase == phase_name(Phase::Cancelled)
    }

    /// How far the phase has gone, in a few words.
    fn progress(&self) -> String {
        match self.phase.as_str() {
            "starting" => {
                format!("the ending period begins in {} blocks", self.ending_start.saturating_sub(self.block))
            }
            "ending" => {
                let passed = self.block.saturating_sub(self.ending_start).saturating_add(1);
                let length = self.closes_at.saturating_sub(self.ending_start);
                format!("block {passed} of the {length} that the candle may go out at")
            }
            "awaiting_seed" => {
                "bids are closed; the draw needs an epoch that began after that, and has ended".to_owned()
            }
            _ => "over".to_owned(),
        }
    }
}

/// The name of a phase in records.
pub const fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Starting => "starting",
        Phase::Ending { .. } => "ending",
        Phase::AwaitingSeed { .. } => "awaiting_seed",
        Phase::Settled => "settled",
        Phase::Cancelled => "cancelled",
    }
}

fn lead_record(range: LeaseRange, lead: &Lead<AccountId>, shares: &[WinShare<AccountId>]) -> LeadRecord {
    let is_share =
        |share: &&WinShare<AccountId>| share.range == range && share.bidder == lead.bidder && share.para == lead.para;
    LeadRecord {
        para: lead.para.into(),
        bidder: lead.bidder.to_string(),
        amount: lead.amount.to_string(),
        since: lead.since,
        won_permille: shares.iter().find(is_share).map_or(0, |share| share.share * 1_000),
    }
}

fn winner_records(window: LeaseWindow, winners: &Winners<AccountId>) -> Vec<WinnerRecord> {
    let record = |winner: &pallet_auctions::types::Winner<AccountId>| {
        let (first_period, last_period) = window.periods(winner.range).into_inner();
        WinnerRecord {
            first_period,
            last_period,
            para: winner.para.into(),
            bidder: winner.bidder.to_string(),
            amount: winner.amount.to_string(),
            failure: match winner.lease {
                LeaseOutcome::Leased => None,
                LeaseOutcome::Failed(reason) => Some(format!("{reason:?}")),
            },
        }
    };
    winners.iter().map(record).collect()
}

fn draw_record(state: &AuctionState) -> Option<DrawRecord> {
    match state {
        AuctionState::Settled { candle_block, seed, at } => {
            Some(DrawRecord { candle_block: *candle_block, seed: format!("0x{}", hex::encode(seed)), settled_at: *at })
        }
        AuctionState::Open | AuctionState::Cancelled { .. } => None,
    }
}

impl Display for AuctionRecord {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { block, id, core, first_period, last_period, .. } = self;
        writeln!(f, "auction {id}   core {core}, lease periods {first_period} to {last_period}   block {block}")?;
        writeln!(f, "{}: {}", self.phase.replace('_', " "), self.progress())?;
        writeln!(
            f,
            "\n{:<10}{:<7}{:<16}{:>18}{:>8}{:>9}{:>18}",
            "periods", "para", "leader", "per period", "since", "won", "to win"
        )?;
        for range in &self.ranges {
            if let Some(lead) = &range.lead {
                writeln!(
                    f,
                    "{:<10}{:<7}{:<16}{:>18}{:>8}{:>9}{:>18}",
                    periods(range.first_period, range.last_period),
                    lead.para,
                    short(&lead.bidder),
                    told(&lead.amount),
                    lead.since,
                    format!("{}.{} %", lead.won_permille / 10, lead.won_permille % 10),
                    range.to_win.as_deref().map_or_else(String::new, told)
                )?;
            }
        }
        self.fmt_free(f)?;
        self.fmt_outcome(f)
    }
}

impl AuctionRecord {
    /// What the ranges that nobody leads cost.
    fn fmt_free(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let free = self.ranges.iter().filter(|range| range.lead.is_none());
        let prices = free.filter_map(|range| Some((range.to_win.as_ref()?.parse::<Balance>().ok()?, range)));
        let Some((price, range)) = prices.min_by_key(|(price, _)| *price) else { return Ok(()) };
        let cheapest = periods(range.first_period, range.last_period);
        writeln!(f, "nobody leads the other ranges; the cheapest is {cheapest}, from {} on", amount(price, TOKEN))
    }

    fn fmt_outcome(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match (&self.draw, self.phase.as_str()) {
            (Some(draw), _) => {
                let DrawRecord { candle_block, seed, settled_at } = draw;
                writeln!(f, "\ndrawn: the candle went out at block {candle_block}, by the seed {seed}")?;
                writeln!(f, "settled in block {settled_at}:")?;
            }
            (None, "cancelled") => return writeln!(f, "\ncancelled: all pledges can be refunded"),
            (None, "awaiting_seed") => writeln!(f, "\nif the candle went out at the last block:")?,
            (None, _) => writeln!(f, "\nif the candle went out now:")?,
        }
        if self.outcome.is_empty() {
            writeln!(f, "  nothing is sold")?;
        }
        for winner in &self.outcome {
            let WinnerRecord { para, bidder, amount, .. } = winner;
            let (range, bidder) = (periods(winner.first_period, winner.last_period), short(bidder));
            write!(f, "  {range}: {para} for {bidder}, {} per period", told(amount))?;
            match &winner.failure {
                Some(reason) => writeln!(f, "; no lease: {reason}")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

fn periods(first: u32, last: u32) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    }
}

/// The begin and the end of an address.
fn short(address: &str) -> String {
    const KEPT: usize = 6;
    match (address.get(..KEPT), address.len().checked_sub(KEPT).and_then(|from| address.get(from..))) {
        (Some(begin), Some(end)) if address.len() > KEPT * 2 => format!("{begin}..{end}"),
        _ => address.to_owned(),
    }
}

/// An amount of the record, for people.
fn told(planck: &str) -> String {
    planck.parse().map_or_else(|_| planck.to_owned(), |planck| amount(planck, TOKEN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pallet_auctions::types::Winner;
    use serin_runtime::constants::currency::UNITS;
    use sp_keyring::Sr25519Keyring;
    use sp_runtime::Perbill;

    fn range(first: u8, last: u8) -> LeaseRange {
        LeaseRange::new(first, last).expect("a range")
    }

    fn record(state: AuctionState, block: u32) -> AuctionRecord {
        let (bidder, para) = (Sr25519Keyring::Alice.to_account_id(), 2_086.into());
        let lead = Lead { bidder: bidder.clone(), para, amount: 7 * UNITS, since: 90 };
        let winner =
            Winner { range: range(1, 2), bidder: bidder.clone(), para, amount: 7 * UNITS, lease: LeaseOutcome::Leased };
        AuctionRecord::from(Answers {
            block: BlockId { number: block, hash: Default::default() },
            id: AuctionId(3),
            auction: Auction {
                window: LeaseWindow::new(10).expect("a window"),
                core: 2,
                ending_start: 100,
                ending_blocks: 12,
                state,
            },
            leaders: vec![(range(1, 2), lead)],
            to_win: LeaseRange::all().map(|one| (one, Some(UNITS * u128::from(one.period_count())))).collect(),
            outcome: vec![winner].try_into().expect("one"),
            shares: vec![WinShare { bidder, para, range: range(1, 2), share: Perbill::from_percent(75) }],
        })
    }

    #[test]
    fn a_picture_has_leads_prices_and_what_would_come_of_it() {
        let record = record(AuctionState::Open, 103);
        assert_eq!((record.phase.as_str(), record.ranges.len()), ("ending", 36));
        let text = record.to_string();
        for part in [
            "block 4 of the 12",
            "11-12",
            "75.0 %",
            "the cheapest is 10, from 1 KSM",
            "if the candle went out now:",
            "11-12: 2086 for 5Grwva..GKutQY, 7 KSM per period",
        ] {
            assert!(text.contains(part), "no {part} in {text}");
        }
        assert!(!record.is_over());
    }

    #[test]
    fn a_settled_auction_tells_its_draw_and_no_price() {
        let record = record(AuctionState::Settled { candle_block: 104, seed: [7; 32], at: 130 }, 131);
        assert!(record.is_over());
        assert!(record.ranges.iter().all(|range| range.to_win.is_none()));
        let text = record.to_string();
        assert!(text.contains("the candle went out at block 104, by the seed 0x0707"), "{text}");
        assert!(text.contains("settled in block 130") && !text.contains("cheapest"), "{text}");
    }

    #[test]
    fn before_the_ending_period_and_after_it_the_phase_says_what_is_waited_for() {
        assert!(record(AuctionState::Open, 95).to_string().contains("starting: the ending period begins in 5 blocks"));
        assert!(record(AuctionState::Open, 112).to_string().contains("awaiting seed: bids are closed"));
        assert!(record(AuctionState::Cancelled { at: 99 }, 99).to_string().contains("all pledges can be refunded"));
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let record = record(AuctionState::Open, 103);
        let text = serde_json::to_string(&record).expect("serializes");
        assert_eq!(serde_json::from_str::<AuctionRecord>(&text).expect("reads back"), record);
    }
}
