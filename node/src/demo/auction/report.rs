// SPDX-License-Identifier: GPL-3.0-only
//! What `serin demo auction` found out: the record that `--json` prints. Every block named here is final.

use crate::demo::{
    report::amount,
    runtimes::{Balance, BlockNumber},
};
use serde::{Deserialize, Serialize};

/// Within how many blocks of the auction's creation the winner's first block must be included.
pub const GATE: BlockNumber = 60;
const TOKEN: &str = "KSM";

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub network: String,
    /// Whether everything was as it should be.
    pub succeeded: bool,
    /// What was not, a sentence each.
    pub missing: Vec<String>,
    /// The para that must win in each round.
    pub para: u32,
    /// The auction; with `--full` a second one follows, after the lease of the first.
    pub rounds: Vec<Round>,
    /// The account of the crowdloan that bids in the first auction.
    pub crowdloan: String,
    pub refund: Option<Refund>,
    pub absence: Option<Absence>,
    pub milliseconds: u64,
}

/// One auction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    pub referendum: u32,
    /// The block of the referendum's submission.
    pub submitted: BlockNumber,
    /// The block that enacted it, and created the auction.
    pub created: BlockNumber,
    pub auction: u32,
    pub core: u32,
    pub first_period: u32,
    pub ending_start: BlockNumber,
    pub closes_at: BlockNumber,
    /// Each bid that took a lead, in order.
    pub bids: Vec<Bid>,
    /// Blocks before the settlement in which the para had a claim to a core, or was served by one.
    pub too_early: Vec<BlockNumber>,
    /// As the chain told it.
    pub settled: Option<Settlement>,
    /// As drawn again.
    pub drawn: Option<Draw>,
    /// Who got a lease, as the chain told it, by first period.
    pub winners: Vec<Bid>,
    /// Who should have, by the bids and the block drawn again.
    pub expected: Vec<Bid>,
    /// The relay chain's block that included the para's first one after the settlement.
    pub first_block: Option<BlockNumber>,
}

/// A bid that took the lead, or won.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bid {
    pub block: BlockNumber,
    pub first_period: u32,
    pub last_period: u32,
    pub para: u32,
    pub bidder: String,
    /// In planck, for each period.
    pub amount: Balance,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    pub block: BlockNumber,
    pub candle_block: BlockNumber,
    pub seed: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draw {
    pub seed: String,
    pub candle_block: BlockNumber,
    /// The first blocks of the epoch whose revelations count, and of the one in which the auction was settled.
    pub epoch_starts: [BlockNumber; 2],
}

/// What a loser got back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    pub bidder: String,
    /// What was promised, and what came.
    pub refundable: Balance,
    pub returned: Balance,
    /// What is still held from all who bid by themselves.
    pub still_held: Balance,
}

/// The para between its leases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// The first block after the lease.
    pub lease_end: BlockNumber,
    /// Up to which block it was looked at.
    pub until: BlockNumber,
    /// In how many of these blocks it had a claim to a core.
    pub claims: u32,
    /// How many of its blocks were included, after those that were on their way.
    pub blocks: u32,
}

impl Bid {
    /// In a few words.
    pub fn words(&self) -> String {
        let Self { first_period, last_period, para, bidder, .. } = self;
        let per_period = amount(self.amount, TOKEN);
        format!("{per_period} for each of the periods {first_period} to {last_period}, for {para} by {bidder}")
    }

    fn range(&self) -> (u32, u32) {
        (self.first_period, self.last_period)
    }

    fn is_same_offer(&self, other: &Self) -> bool {
        (self.range(), self.para, &self.bidder, self.amount) == (other.range(), other.para, &other.bidder, other.amount)
    }
}

impl Round {
    /// How many blocks after the creation of the auction the para's first one was included.
    pub fn blocks_to_first(&self) -> Option<BlockNumber> {
        Some(self.first_block?.saturating_sub(self.created))
    }

    /// Whether some range was led by one at the begin of the ending period, and by another at its end.
    fn has_contest(&self) -> bool {
        self.bids.iter().any(|late| {
            let is_before =
                |bid: &Bid| bid.range() == late.range() && bid.block < self.ending_start && bid.bidder != late.bidder;
            late.block > self.ending_start && self.bids.iter().any(is_before)
        })
    }

    fn judge(&self, para: u32, missing: &mut Vec<String>) {
        let auction = self.auction;
        let mut fail = |text: String| missing.push(format!("auction {auction}: {text}"));
        if !self.too_early.is_empty() {
            fail(format!("{para} had a core before the settlement, in blocks {:?}", self.too_early));
        }
        let led_early = self.bids.iter().any(|bid| bid.para == para && bid.block < self.ending_start);
        if !led_early {
            fail(format!("{para} did not lead before the ending period"));
        }
        match (&self.settled, &self.drawn) {
            (Some(settled), Some(drawn)) => {
                if (&settled.seed, settled.candle_block) != (&drawn.seed, drawn.candle_block) {
                    fail(format!("the chain drew {settled:?}, and its headers say {drawn:?}"));
                }
                if drawn.epoch_starts[0] < self.closes_at {
                    fail(format!("the epoch of the seed began in block {}, with bids open", drawn.epoch_starts[0]));
                }
            }
            _ => fail("it was never settled".to_owned()),
        }
        let agree = self.winners.len() == self.expected.len()
            && self.winners.iter().zip(&self.expected).all(|(won, should)| won.is_same_offer(should));
        if !agree {
            fail(format!("the chain leased to {:?}, and by the bids it is {:?}", self.winners, self.expected));
        }
        if !self.winners.iter().any(|won| won.para == para) {
            fail(format!("{para} won nothing"));
        }
        match self.blocks_to_first() {
            None => fail(format!("{para} wrote no block")),
            Some(blocks) if blocks > GATE => {
                fail(format!("the first block of {para} came {blocks} blocks after the auction, not within {GATE}"));
            }
            Some(_) => {}
        }
    }
}

impl Report {
    /// Adds what is not as it should be.
    pub fn judge(&mut self, full: bool) {
        let mut missing = Vec::new();
        self.rounds.iter().for_each(|round| round.judge(self.para, &mut missing));
        match self.rounds.first() {
            None => missing.push("there was no auction".to_owned()),
            Some(first) => {
                if !first.has_contest() {
                    missing.push("no lead changed in the ending period, so the draw decided nothing".to_owned());
                }
                if !first.winners.iter().any(|won| won.bidder == self.crowdloan) {
                    missing.push("the crowdloan won nothing".to_owned());
                }
            }
        }
        match &self.refund {
            None => missing.push("nobody got anything back".to_owned()),
            Some(Refund { bidder, refundable, returned, still_held }) => {
                if returned != refundable || *refundable == 0 {
                    missing.push(format!("{bidder} got back {returned} of {refundable}"));
                }
                if *still_held > 0 {
                    missing.push(format!("{still_held} is held for bids after the refund"));
                }
            }
        }
        if full {
            match &self.absence {
                Some(Absence { claims: 0, blocks: 0, .. }) => {}
                other => missing.push(format!("it did not leave its core: {other:?}")),
            }
            if self.rounds.len() != 2 {
                missing.push("there was no second auction".to_owned());
            }
        }
        self.missing.append(&mut missing);
        self.succeeded = self.missing.is_empty();
    }

    /// What it came to, in a line.
    pub fn summary(&self) -> String {
        if !self.succeeded {
            return "not everything is as it should be".to_owned();
        }
        let times = self.rounds.iter().filter_map(Round::blocks_to_first).map(|blocks| blocks.to_string());
        let times = times.collect::<Vec<_>>().join(" and ");
        format!("{} won a core and wrote its first block {times} blocks after the auction began", self.para)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KILT: u32 = 2_086;

    fn bid(block: BlockNumber, first_period: u32, para: u32, bidder: &str) -> Bid {
        Bid { block, first_period, last_period: first_period + 1, para, bidder: bidder.to_owned(), amount: 7 }
    }

    fn round() -> Round {
        let bids = vec![bid(12, 5, KILT, "a"), bid(13, 9, 1, "d"), bid(20, 7, 1, "fund"), bid(24, 9, 1, "e")];
        let winners = vec![bid(12, 5, KILT, "a"), bid(20, 7, 1, "fund"), bid(24, 9, 1, "e")];
        Round {
            created: 8,
            auction: 1,
            ending_start: 20,
            closes_at: 32,
            bids,
            settled: Some(Settlement { block: 50, candle_block: 25, seed: "0x01".to_owned() }),
            drawn: Some(Draw { seed: "0x01".to_owned(), candle_block: 25, epoch_starts: [40, 50] }),
            expected: winners.clone(),
            winners,
            first_block: Some(60),
            ..Round::default()
        }
    }

    fn missing(change: impl FnOnce(&mut Report)) -> Vec<String> {
        let refund = Refund { bidder: "d".to_owned(), refundable: 7, returned: 7, still_held: 0 };
        let mut report = Report {
            para: KILT,
            rounds: vec![round()],
            crowdloan: "fund".to_owned(),
            refund: Some(refund),
            ..Report::default()
        };
        change(&mut report);
        report.judge(false);
        assert_eq!(report.succeeded, report.missing.is_empty());
        report.missing
    }

    fn fails(told: &str, change: impl FnOnce(&mut Round)) {
        let missing = missing(|report| change(&mut report.rounds[0]));
        assert!(missing.iter().any(|text| text.contains(told)), "no {told} in {missing:?}");
    }

    #[test]
    fn nothing_is_missing_when_all_of_it_happened() {
        assert_eq!(missing(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn each_promise_is_judged() {
        fails("had a core before", |round| round.too_early.push(30));
        fails("headers say", |round| round.drawn.as_mut().unwrap().candle_block += 1);
        fails("with bids open", |round| round.drawn.as_mut().unwrap().epoch_starts[0] = 31);
        fails("by the bids it is", |round| round.expected[2].bidder = "d".to_owned());
        fails("not within 60", |round| round.first_block = Some(69));
        fails("wrote no block", |round| round.first_block = None);
        fails("never settled", |round| round.settled = None);
        fails("did not lead before", |round| round.bids[0].block = 21);
        fails("the draw decided nothing", |round| round.bids[3].block = 19);
        fails("the crowdloan won nothing", |round| round.winners[1].bidder = "x".to_owned());
    }

    #[test]
    fn money_comes_back_to_the_last_planck() {
        let told = missing(|report| report.refund.as_mut().unwrap().returned = 6);
        assert!(told[0].contains("d got back 6 of 7"), "{told:?}");
        let told = missing(|report| report.refund.as_mut().unwrap().still_held = 1);
        assert!(told[0].contains("1 is held"), "{told:?}");
    }

    #[test]
    fn the_full_story_has_an_absence_and_a_return() {
        let mut report = Report { para: KILT, rounds: vec![round()], ..Report::default() };
        report.judge(true);
        let told = report.missing.join("; ");
        assert!(told.contains("did not leave its core") && told.contains("no second auction"), "{told}");
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let report = Report { rounds: vec![round()], ..Report::default() };
        let text = serde_json::to_string(&report).expect("serializes");
        assert_eq!(serde_json::from_str::<Report>(&text).expect("reads back"), report);
    }
}
