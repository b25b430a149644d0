// SPDX-License-Identifier: GPL-3.0-only
//! `serin demo auction`: a registered parachain without a core wins one in a candle auction, and writes its first block.
//!
//! The holders of the chain open the auction by a referendum. kilt bids for its first periods before the ending period and is
//! never overtaken, so it wins whatever block is drawn. Two patrons of the other parachain outbid each other while the candle
//! burns, so there the draw decides, and a crowdloan bids for that parachain by itself. The story follows final blocks, draws
//! again from the headers of the chain, and has the loser's money given back.

mod course;
pub mod draw;
pub mod on_relay;
pub mod report;

use super::{
    chain::Chain,
    error::{Error, Result},
    pulse::Pulse,
    referendum::{self, Enactment, Proposal},
    runtimes::{AccountId, Balance, BlockNumber, Relay},
    Narrator,
};
use crate::{
    auctions::api::Candle,
    network::{Manifest, ParachainRecord, Role},
};
use course::{Course, Overbid};
use futures::{
    future::{try_join, try_join_all},
    stream::select_all,
};
use pallet_auctions::{AuctionId, BidderPolicy, Event, Series};
use polkadot_runtime_common::crowdloan;
use report::{Absence, Refund, Report, Round};
use serin_chain_spec::{parachain::MANAGER, ParachainKind};
use serin_primitives::lease::LeaseClock;
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, constants::currency::UNITS, OriginCaller, RuntimeCall,
    RuntimeEvent,
};
use sp_core::sr25519;
use sp_keyring::Sr25519Keyring;
use std::time::Duration;

/// The command that starts a network with a parachain that wants a core, and one with patrons.
pub const START: &str = "serin network up --on-demand 2086:kilt --on-demand 2100:subsocial";
/// Bounds each wait, many times what it takes on a local network.
pub const TIMEOUT: Duration = Duration::from_secs(600);
/// The para that wins.
pub const PARA: u32 = 2_086;

/// Enough for bids that are sent when the block that created the auction is final.
const STARTING_BLOCKS: BlockNumber = 12;
const ENDING_BLOCKS: BlockNumber = 12;
/// The seed is known at most two epochs after the last bid: so many blocks on local networks, and some more for luck.
pub const BLOCKS_TO_SEED: BlockNumber = 22;
/// From the first transaction of the story to the auction it takes about twenty blocks, and hardly ever more than this.
const BLOCKS_TO_AUCTION: BlockNumber = 36;
/// How many lease periods each of the three offers is for.
const PERIODS: u32 = 2;
/// From which period of the auction on: kilt comes first and may have to wait for a period, two are left to it for that.
const CROWDLOAN_FROM: u32 = 4;
const CONTEST_FROM: u32 = 6;

const PARA_AMOUNT: Balance = 1_000 * UNITS;
/// The patrons, and what each offers: the second one only in the ending period.
const PATRONS: [(Sr25519Keyring, Balance); 2] =
    [(Sr25519Keyring::Dave, 200 * UNITS), (Sr25519Keyring::Eve, 250 * UNITS)];
/// Who gives how much to the crowdloan. None of them votes, since votes are signed at the same time.
const CONTRIBUTIONS: [(Sr25519Keyring, Balance); 2] =
    [(Sr25519Keyring::Ferdie, 60 * UNITS), (Sr25519Keyring::Eve, 40 * UNITS)];
const CROWDLOAN_CAP: Balance = 1_000 * UNITS;
/// Asks for the loser's money: it is nobody's privilege.
const BYSTANDER: Sr25519Keyring = Sr25519Keyring::Ferdie;
/// After so many blocks nothing of what a parachain wrote on its last core is on its way any more.
const ON_ITS_WAY: BlockNumber = 6;
/// For how long the absence of a parachain is looked at.
const ABSENCE: BlockNumber = 10;

#[derive(Clone, Debug)]
pub struct Options {
    /// Whether the story goes on to the end of the lease, and to another auction.
    pub full: bool,
    /// Bounds each wait.
    pub timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { full: false, timeout: TIMEOUT }
    }
}

/// Tells the story. An error means that there was no auction; what went wrong with it is in the report.
pub async fn run(network: &Manifest, options: &Options, narrator: &Narrator) -> Result<Report> {
    let url = &network.running(|node| node.role == Role::Validator)?.rpc_url;
    let chain = Chain::connect("the relay chain", url).await?;
    let candle = Candle::of(&chain, url).await.map_err(Box::new)?;
    let (para, other) = bidders(network)?;
    let at = chain.finalized().await?.hash;
    let clock = on_relay::lease_clock(&chain, at).await?;
    let story = Story { network, chain: &chain, candle, clock, para, other, options, narrator };
    story.refuse_what_is_sold().await?;

    let mut report = Report { network: network.name.clone(), para: para.id, ..Report::default() };
    if let Err(error) = story.tell(&mut report).await {
        if report.rounds.is_empty() {
            return Err(error);
        }
        report.missing.push(error.to_string());
    }
    report.judge(options.full);
    report.milliseconds = narrator.milliseconds();
    narrator.tell(&report.summary());
    Ok(report)
}

struct Story<'a> {
    network: &'a Manifest,
    chain: &'a Chain<Relay>,
    candle: Candle<'a>,
    clock: LeaseClock,
    /// The parachain that wins a core.
    para: &'a ParachainRecord,
    /// The one whose patrons and crowdloan bid.
    other: &'a ParachainRecord,
    options: &'a Options,
    narrator: &'a Narrator,
}

impl Story<'_> {
    async fn refuse_what_is_sold(&self) -> Result<()> {
        let at = self.chain.finalized().await?.hash;
        for para in [self.para, self.other] {
            let is_sold = on_relay::has_lease(self.chain, para.id, at).await?
                || on_relay::fund_account(self.chain, para.id, at).await?.is_some();
            if is_sold {
                let (network, para) = (self.network.name.clone(), para.name.clone());
                return Err(Error::Sold { network, para, start: START });
            }
        }
        Ok(())
    }

    async fn tell(&self, report: &mut Report) -> Result<()> {
        let first_period = self.next_first_period().await?;
        report.crowdloan = self.open_crowdloan(first_period).await?.to_string();
        let (enactment, ()) = try_join(self.open_auction(first_period), self.contribute()).await?;
        report.rounds.push(self.round(&enactment)?);
        if let Some(round) = report.rounds.last_mut() {
            self.follow(round, Some(first_period.saturating_add(CONTEST_FROM))).await?;
        }
        report.refund = self.refund(report).await?;
        if self.options.full {
            self.lose_core_and_return(report).await?;
        }
        Ok(())
    }

    /// The lease period in which bids are closed at the latest, in an auction that is proposed now. An earlier one could be
    /// over by then.
    async fn next_first_period(&self) -> Result<u32> {
        let now = self.chain.best().await?.number;
        let blocks = BLOCKS_TO_AUCTION.saturating_add(STARTING_BLOCKS).saturating_add(ENDING_BLOCKS);
        Ok(self.period_at(now.saturating_add(blocks)))
    }

    fn period_at(&self, block: BlockNumber) -> u32 {
        self.clock.period_at(block).unwrap_or_default()
    }

    /// The manager of the other parachain allows two patrons to bid for it, and opens a crowdloan. Returns its account.
    async fn open_crowdloan(&self, first_period: u32) -> Result<AccountId> {
        let (name, index) = (&self.other.name, self.other.id.into());
        let (first, last) = periods_from(first_period.saturating_add(CROWDLOAN_FROM));
        let patrons = PATRONS.map(|(patron, _)| patron.to_account_id()).to_vec();
        let policy = BidderPolicy::Only(patrons.try_into().unwrap_or_default());
        // Its last block is the last one at which a lease from that period on can be won.
        let after = self.clock.first_block(first.saturating_add(1)).unwrap_or(BlockNumber::MAX);
        let create = crowdloan::Call::create {
            index,
            cap: CROWDLOAN_CAP,
            first_period: first,
            last_period: last,
            end: after.saturating_sub(1),
            verifier: None,
        };
        let calls = vec![
            RuntimeCall::Auctions(pallet_auctions::Call::set_bidders { para: index, policy }),
            RuntimeCall::Crowdloan(create),
        ];
        let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls });
        let block = self.chain.submit(&MANAGER.pair(), batch).await?.block;
        self.narrator.tell(&format!(
            "block {}: two patrons may bid for {name}, and a crowdloan collects for its periods {first} to {last}",
            block.number
        ));
        let account = on_relay::fund_account(self.chain, self.other.id, block.hash).await?;
        account.ok_or_else(|| self.chain.answer("the crowdloan", "there is none"))
    }

    async fn contribute(&self) -> Result<()> {
        let give = |(who, value): (Sr25519Keyring, Balance)| async move {
            let call = crowdloan::Call::contribute { index: self.other.id.into(), value, signature: None };
            self.chain.submit(&who.pair(), RuntimeCall::Crowdloan(call)).await.map(drop)
        };
        try_join_all(CONTRIBUTIONS.map(give)).await.map(drop)
    }

    async fn open_auction(&self, first_period: u32) -> Result<Enactment> {
        self.narrator.tell(&format!(
            "the proposal: an auction of a core for eight lease periods from {first_period} on, with {STARTING_BLOCKS} blocks \
             for bids and {ENDING_BLOCKS} more, at any of which the candle may go out"
        ));
        let call = pallet_auctions::Call::new_auction {
            starting_blocks: STARTING_BLOCKS,
            ending_blocks: ENDING_BLOCKS,
            first_period,
            series: Series::Crowdloans,
        };
        let proposal =
            Proposal { origin: OriginCaller::Origins(Origin::AuctionAdmin), call: RuntimeCall::Auctions(call) };
        referendum::enact(self.chain, proposal, self.narrator, self.options.timeout).await
    }

    /// The auction that the referendum has created.
    fn round(&self, enactment: &Enactment) -> Result<Round> {
        let created = enactment.events.iter().find_map(|event| match event {
            RuntimeEvent::Auctions(Event::AuctionCreated {
                id,
                core,
                first_period,
                ending_start,
                ending_blocks,
                ..
            }) => Some(Round {
                referendum: enactment.index,
                submitted: enactment.submitted.number,
                created: enactment.enacted.number,
                auction: id.0,
                core: (*core).into(),
                first_period: *first_period,
                ending_start: *ending_start,
                closes_at: ending_start.saturating_add(*ending_blocks),
                ..Round::default()
            }),
            _ => None,
        });
        let round =
            created.ok_or_else(|| self.chain.answer("the events of the referendum", "no auction was created"))?;
        let Round { auction, core, created, ending_start, closes_at, .. } = round;
        self.narrator.tell(&format!(
            "block {created}: auction {auction} sells core {core}; the candle burns from block {ending_start} on, and bids are \
             closed in block {closes_at}"
        ));
        Ok(round)
    }

    /// Bids, and follows the auction to the first block of its winner. `contest`: the first period that the patrons want.
    async fn follow(&self, round: &mut Round, contest: Option<u32>) -> Result<()> {
        let id = AuctionId(round.auction);
        // Not over when it is settled, or else there would be no lease.
        let settled_by = round.closes_at.saturating_add(BLOCKS_TO_SEED);
        let (first, last) = periods_from(self.period_at(settled_by).max(round.first_period));
        let manager = MANAGER.pair();
        let own = self.bid(&manager, id, self.para.id, (first, last), PARA_AMOUNT);
        let [(early, early_amount), (late, late_amount)] = PATRONS;
        let overbid = match contest.map(periods_from) {
            Some(periods) => {
                let early = early.pair();
                try_join(own, self.bid(&early, id, self.other.id, periods, early_amount)).await?;
                Some(Overbid { patron: late.pair(), periods, amount: late_amount })
            }
            None => {
                own.await?;
                None
            }
        };
        Course::new(self, round, overbid).follow().await
    }

    async fn bid(
        &self,
        bidder: &sr25519::Pair,
        id: AuctionId,
        para: u32,
        (first_period, last_period): (u32, u32),
        amount: Balance,
    ) -> Result<()> {
        let call = pallet_auctions::Call::bid { id, para: para.into(), first_period, last_period, amount };
        self.chain.submit(bidder, RuntimeCall::Auctions(call)).await.map(drop)
    }

    /// Has somebody else ask for what the losing patron is owed. None if no patron lost.
    async fn refund(&self, report: &Report) -> Result<Option<Refund>> {
        let Some(round) = report.rounds.first() else { return Ok(None) };
        let lost = |bidder: &AccountId| round.winners.iter().all(|won| won.bidder != bidder.to_string());
        let patrons = PATRONS.map(|(patron, _)| patron.to_account_id());
        let Some(loser) = patrons.iter().find(|patron| lost(patron)) else { return Ok(None) };
        let before = self.chain.finalized().await?;
        let owed = self.candle.refundable(before, loser).await?;
        let refundable = owed.iter().filter(|(id, ..)| id.0 == round.auction).map(|(.., amount)| amount).sum();
        let call = pallet_auctions::Call::refund {
            id: AuctionId(round.auction),
            bidder: loser.clone(),
            para: self.other.id.into(),
        };
        let after = self.chain.submit(&BYSTANDER.pair(), RuntimeCall::Auctions(call)).await?.block;
        let held = |account: AccountId, at| async move { on_relay::held_for_bids(self.chain, &account, at).await };
        let returned = held(loser.clone(), before.hash).await?.saturating_sub(held(loser.clone(), after.hash).await?);
        let own = patrons.iter().cloned().chain([MANAGER.to_account_id()]);
        let still_held = try_join_all(own.map(|account| held(account, after.hash))).await?.into_iter().sum();
        self.narrator.tell(&format!(
            "block {}: {} gets back {} of the {} that its bid had held",
            after.number,
            loser,
            super::report::amount(returned, "KSM"),
            super::report::amount(refundable, "KSM")
        ));
        Ok(Some(Refund { bidder: loser.to_string(), refundable, returned, still_held }))
    }

    /// Waits until the para has left its core with the end of its lease, and has it win another one.
    async fn lose_core_and_return(&self, report: &mut Report) -> Result<()> {
        let won = report.rounds.first().and_then(|round| round.winners.iter().find(|won| won.para == self.para.id));
        // The report tells what is missing.
        let Some(won) = won else { return Ok(()) };
        let lease_end = self.clock.first_block(won.last_period.saturating_add(1)).unwrap_or(BlockNumber::MAX);
        self.narrator.tell(&format!("the lease of {} ends before block {lease_end}", self.para.name));
        report.absence = Some(self.look_at_absence(lease_end).await?);

        let first_period = self.next_first_period().await?;
        let enactment = self.open_auction(first_period).await?;
        report.rounds.push(self.round(&enactment)?);
        match report.rounds.last_mut() {
            Some(round) => self.follow(round, None).await,
            None => Ok(()),
        }
    }

    async fn look_at_absence(&self, lease_end: BlockNumber) -> Result<Absence> {
        let until = lease_end.saturating_add(ON_ITS_WAY).saturating_add(ABSENCE);
        let mut absence = Absence { lease_end, until, claims: 0, blocks: 0 };
        let mut pulse = self.pulse().await?;
        let mut next = self.chain.finalized().await?.number;
        loop {
            while let Some(block) = self.chain.next_finalized(&mut next).await? {
                pulse.renew();
                let number = block.id.number;
                if number < lease_end {
                    continue;
                }
                absence.claims += u32::from(on_relay::is_claimed(self.chain, self.para.id, block.id.hash).await?);
                let is_late = number > lease_end.saturating_add(ON_ITS_WAY);
                absence.blocks += u32::from(is_late && on_relay::includes(&block, self.para.id));
                if number >= until {
                    let Absence { claims, blocks, .. } = absence;
                    self.narrator.tell(&format!(
                        "blocks {lease_end} to {until}: {} has a claim to a core in {claims} of them, and wrote {blocks} block(s)",
                        self.para.name
                    ));
                    return Ok(absence);
                }
            }
            pulse.beat(&format!("blocks after the lease, up to {until}")).await?;
        }
    }

    async fn pulse(&self) -> Result<Pulse<'_>> {
        let heads = select_all([self.chain.best_heads().await?]);
        Ok(Pulse::new(heads, self.narrator, self.options.timeout))
    }
}

/// The parachain that wins, and the one whose patrons bid.
fn bidders(network: &Manifest) -> Result<(&ParachainRecord, &ParachainRecord)> {
    let without_core = || network.parachains.iter().filter(|para| para.kind == ParachainKind::OnDemand);
    let para = without_core().find(|para| para.id == PARA);
    match (para, without_core().find(|para| para.id != PARA)) {
        (Some(para), Some(other)) => Ok((para, other)),
        _ => Err(Error::NoBidders { network: network.name.clone(), start: START }),
    }
}

const fn periods_from(first: u32) -> (u32, u32) {
    (first, first.saturating_add(PERIODS).saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serin_primitives::lease::PERIODS_PER_AUCTION;

    /// Lease periods of `local`.
    const CLOCK: LeaseClock = LeaseClock { length_blocks: 20, offset_blocks: 0 };

    #[test]
    fn offers_share_no_period_and_are_all_on_sale() {
        let (_, last_of_crowdloan) = periods_from(CROWDLOAN_FROM);
        let (_, last_of_contest) = periods_from(CONTEST_FROM);
        assert!(last_of_crowdloan < CONTEST_FROM && last_of_contest < PERIODS_PER_AUCTION.into());
    }

    #[test]
    fn whenever_the_vote_ends_the_periods_are_right() {
        for proposed in 100..120 {
            let latest_close = proposed + BLOCKS_TO_AUCTION + STARTING_BLOCKS + ENDING_BLOCKS;
            let first_period = CLOCK.period_at(latest_close).expect("periods have begun");
            for created in proposed + 14..=proposed + BLOCKS_TO_AUCTION {
                let closes_at = created + STARTING_BLOCKS + ENDING_BLOCKS;
                assert!(CLOCK.period_at(closes_at).is_some_and(|period| period <= first_period), "over at its close");
                let own = CLOCK.period_at(closes_at + BLOCKS_TO_SEED).expect("later").max(first_period);
                let (_, last) = periods_from(own - first_period);
                assert!(last < CROWDLOAN_FROM, "kilt and the crowdloan want the same period");
                let begin = CLOCK.first_block(own).expect("a block");
                assert!(begin <= created + 48, "it would begin {} blocks after the auction", begin - created);
            }
        }
    }

    #[test]
    fn a_network_needs_two_parachains_without_a_core() {
        let network = serde_json::from_str(
            r#"{"name": "n", "base_path": "/b", "temporary": true, "chain": "local", "chain_spec": "/b/c.json",
            "genesis_hash": null, "launcher_pid": 1, "control_socket": "/b/s", "nodes": [], "accounts": [], "timings_ms": {},
            "parachains": [{"id": 2086, "name": "kilt", "kind": "on-demand", "collators": 1, "manager": "5G",
            "chain_spec": "/b/2086.json", "first_backed": null, "first_included": null}]}"#,
        );
        let told = bidders(&network.expect("a manifest")).unwrap_err().to_string();
        assert!(told.contains("'n'") && told.contains(START), "{told}");
    }
}
