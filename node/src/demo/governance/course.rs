// SPDX-License-Identifier: GPL-3.0-only
//! The course of a plan, read from final blocks.

use super::{
    report::{HoldReport, NewcomerReport, Report, SetReport, StepReport},
    Story,
};
use crate::{
    demo::{
        candidate::{self, Candidate},
        chain::{Block, BlockId},
        error::Result,
        pulse::Pulse,
        runtimes::{AccountId, BlockNumber, Relay, Runtime},
    },
    network::authors::block_author,
    validator_count::words,
};
use pallet_validator_count::Event;
use serin_runtime::RuntimeEvent;

/// Follows a plan until its target is active and every newcomer has written a block.
pub struct Course<'a> {
    story: &'a Story<'a>,
    newcomers: Vec<Candidate>,
    report: &'a mut Report,
    /// The validators of the last block that was read.
    active: Vec<AccountId>,
    /// What holds the plan now.
    holds: Option<String>,
}

impl<'a> Course<'a> {
    pub const fn new(story: &'a Story<'a>, newcomers: Vec<Candidate>, report: &'a mut Report) -> Self {
        Self { story, newcomers, report, active: Vec::new(), holds: None }
    }

    /// `enacted`: the block in which the plan was set.
    pub async fn follow(mut self, enacted: BlockId) -> Result<()> {
        let chain = self.story.chain;
        self.active = candidate::active(chain, enacted.hash).await?;
        let mut pulse = self.story.pulse().await?;
        let mut next = enacted.number.saturating_add(1);
        loop {
            while let Some(block) = chain.next_finalized(&mut next).await? {
                self.look(&block, &mut pulse).await?;
                self.report.finalized = block.id.number;
            }
            if self.is_over() {
                return Ok(());
            }
            pulse.beat(&self.waits_for()).await?;
        }
    }

    async fn look(&mut self, block: &Block<Relay>, pulse: &mut Pulse<'_>) -> Result<()> {
        let (mut is_news, mut is_new_session) = (false, false);
        for record in &block.events {
            match &record.event {
                RuntimeEvent::ValidatorCount(event) => is_news |= self.note(event, block.id)?,
                RuntimeEvent::Session(pallet_session::Event::NewSession { .. }) => is_new_session = true,
                _ => {}
            }
        }
        if is_new_session {
            is_news |= self.look_at_set(block.id).await?;
        }
        is_news |= self.look_at_author(block.id.number).await?;
        if is_news {
            pulse.renew();
        }
        Ok(())
    }

    /// Tells of an event. Whether it is progress; an error if the plan has come to another end.
    fn note(&mut self, event: &Event<<Relay as Runtime>::Config>, block: BlockId) -> Result<bool> {
        let number = block.number;
        let ended = |how: String| Err(self.story.chain.refused("the plan", how));
        let text = match event {
            Event::StepApplied { era, from, to, active } => {
                self.report.steps.push(StepReport { block: number, era: *era, from: *from, to: *to });
                format!("block {number}, era {era}: the count goes from {from} to {to}; {active} are active")
            }
            Event::Held { era, reasons, health } => {
                let reasons = words::flags(*reasons).join(", ");
                let text = format!(
                    "block {number}, era {era}: the plan is held for {reasons}; the era before had {} blocks, {} slots without \
                     one, {} proofs of finality",
                    health.blocks, health.missed, health.finality_proofs
                );
                self.report.holds.push(HoldReport { block: number, era: *era, reasons: reasons.clone() });
                self.holds = Some(reasons);
                text
            }
            Event::Released { era } => {
                self.holds = None;
                format!("block {number}, era {era}: nothing holds the plan any more")
            }
            Event::Completed { era, count } => format!("block {number}, era {era}: the plan is done with {count}"),
            Event::RolledBack { from, to, reasons, .. } => {
                let reasons = words::flags(*reasons).join(", ");
                return ended(format!("it went back from {from} to {to} for {reasons} in block {number}"));
            }
            Event::Paused { .. } => return ended(format!("it was held for too long, and paused in block {number}")),
            Event::Stopped { .. } | Event::PlanSet { .. } => {
                return ended(format!("a vote stopped or replaced it in block {number}"))
            }
            Event::Overridden { found, .. } => {
                return ended(format!("somebody else set the count to {found} in block {number}"))
            }
            Event::CountForced { to, .. } => return ended(format!("root forced the count to {to} in block {number}")),
            Event::CountRefused { count, error } => {
                return ended(format!("staking refused the count of {count}: {}", Relay::error_name(*error)))
            }
            _ => return Ok(false),
        };
        self.story.narrator.tell(&text);
        Ok(true)
    }

    /// At the begin of a session: whether the set has grown.
    async fn look_at_set(&mut self, block: BlockId) -> Result<bool> {
        let active = candidate::active(self.story.chain, block.hash).await?;
        let before = std::mem::replace(&mut self.active, active);
        if self.active.len() <= before.len() {
            return Ok(false);
        }
        let era = self.story.count.status(block).await?.active_era;
        let size = super::length(&self.active);
        let fresh = self.active.iter().filter(|account| !before.contains(account));
        let names = fresh.map(|account| self.story.name(account)).collect::<Vec<_>>().join(", ");
        self.story.narrator.tell(&format!("block {}, era {era}: {size} validators, with {names}", block.number));
        self.report.sets.push(SetReport { block: block.number, era, size });
        Ok(true)
    }

    /// Whether the block is the first one of a newcomer.
    async fn look_at_author(&mut self, number: BlockNumber) -> Result<bool> {
        if self.newcomers.iter().all(|newcomer| !self.active.contains(&newcomer.account)) {
            return Ok(false);
        }
        let chain = self.story.chain;
        let author = block_author(chain.client(), chain.name(), number).await?;
        let is_author = |newcomer: &Candidate| AsRef::<[u8]>::as_ref(&newcomer.keys.babe) == author;
        let Some(place) = self.newcomers.iter().position(is_author) else { return Ok(false) };
        let newcomer = self.newcomers.remove(place);
        let name = self.story.name(&newcomer.account);
        self.story.narrator.tell(&format!("block {number}: the first one of {name}"));
        self.report.newcomers.push(NewcomerReport { account: newcomer.account.to_string(), name, first_block: number });
        Ok(true)
    }

    fn is_over(&self) -> bool {
        self.newcomers.is_empty() && super::length(&self.active) >= self.report.plan.target
    }

    fn waits_for(&self) -> String {
        if let Some(reasons) = &self.holds {
            return format!("end of what holds the plan ({reasons})");
        }
        let names = self.newcomers.iter().map(|newcomer| self.story.name(&newcomer.account)).collect::<Vec<_>>();
        format!("set of {} validators and first block of {}", self.report.plan.target, names.join(", "))
    }
}
