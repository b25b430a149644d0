// SPDX-License-Identifier: GPL-3.0-only
//! What `serin demo governance` found out: the record that `--json` prints. Every block named here is final.

use crate::demo::{referendum::Enactment, runtimes::BlockNumber};
use serde::{Deserialize, Serialize};

/// Within how many eras of its enactment a vote must have made the set larger, whatever was promised.
const ERAS_TO_FIRST_SET: u32 = 2;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub network: String,
    /// Whether everything was as it should be.
    pub succeeded: bool,
    /// What was not, a sentence each.
    pub missing: Vec<String>,
    pub plan: PlanReport,
    pub referendum: u32,
    pub submitted: BlockNumber,
    pub enacted: BlockNumber,
    pub promise: Promise,
    pub steps: Vec<StepReport>,
    pub holds: Vec<HoldReport>,
    /// Each larger set.
    pub sets: Vec<SetReport>,
    /// In the order of their first blocks.
    pub newcomers: Vec<NewcomerReport>,
    /// The last block that was read.
    pub finalized: BlockNumber,
    pub milliseconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReport {
    pub base: u32,
    pub target: u32,
    pub step: u32,
}

/// What the chain said when the plan was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// The era in which it was set.
    pub enacted_in: u32,
    /// The era from which the first larger set is active, if nothing holds the plan.
    pub first_set_in: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepReport {
    pub block: BlockNumber,
    pub era: u32,
    pub from: u32,
    pub to: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldReport {
    pub block: BlockNumber,
    pub era: u32,
    pub reasons: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetReport {
    /// The first block of that set.
    pub block: BlockNumber,
    pub era: u32,
    pub size: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewcomerReport {
    pub account: String,
    /// The name of its node, where that is known.
    pub name: String,
    pub first_block: BlockNumber,
}

impl Report {
    pub fn new(network: String, plan: PlanReport, enactment: &Enactment, promise: Promise) -> Self {
        Self {
            network,
            succeeded: false,
            missing: Vec::new(),
            plan,
            referendum: enactment.index,
            submitted: enactment.submitted.number,
            enacted: enactment.enacted.number,
            promise,
            steps: Vec::new(),
            holds: Vec::new(),
            sets: Vec::new(),
            newcomers: Vec::new(),
            finalized: enactment.enacted.number,
            milliseconds: 0,
        }
    }

    /// Adds what is not as it should be.
    pub fn judge(&mut self) {
        let Promise { enacted_in, first_set_in } = self.promise;
        let latest = first_set_in.min(enacted_in.saturating_add(ERAS_TO_FIRST_SET));
        match self.sets.first() {
            None => self.missing.push("the set never grew".to_owned()),
            Some(SetReport { era, .. }) if *era > latest => {
                self.missing.push(format!("the first larger set came in era {era}, not by era {latest}"));
            }
            Some(_) => {}
        }
        let PlanReport { target, step, .. } = self.plan;
        for StepReport { from, to, block, .. } in &self.steps {
            if to.abs_diff(*from) > step {
                self.missing.push(format!("block {block} went from {from} to {to}, by more than {step}"));
            }
        }
        if self.sets.last().is_none_or(|set| set.size != target) {
            self.missing.push(format!("the set never had {target} validators"));
        }
        self.succeeded = self.missing.is_empty();
    }

    /// What it came to, in a line.
    pub fn summary(&self) -> String {
        let PlanReport { base, target, .. } = self.plan;
        if self.succeeded {
            let (steps, newcomers) = (self.steps.len(), self.newcomers.len());
            format!("from {base} to {target} validators in {steps} step(s); {newcomers} newcomer(s) write blocks")
        } else {
            "not everything is as it should be".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::chain::BlockId;

    fn report(sets: &[(u32, u32)], steps: &[(u32, u32)]) -> Report {
        report_promised(4, sets, steps)
    }

    fn report_promised(first_set_in: u32, sets: &[(u32, u32)], steps: &[(u32, u32)]) -> Report {
        let block = BlockId { number: 40, hash: Default::default() };
        let promise = Promise { enacted_in: 2, first_set_in };
        let enactment = Enactment { index: 0, submitted: block, enacted: block, events: Vec::new() };
        let mut report = Report::new("n".into(), PlanReport { base: 4, target: 6, step: 1 }, &enactment, promise);
        report.sets = sets.iter().map(|(era, size)| SetReport { block: 60, era: *era, size: *size }).collect();
        report.steps = steps.iter().map(|(from, to)| StepReport { block: 50, era: 3, from: *from, to: *to }).collect();
        report.judge();
        report
    }

    #[test]
    fn the_first_larger_set_must_come_when_it_was_promised() {
        assert_eq!(report(&[(4, 5), (6, 6)], &[(4, 5), (5, 6)]).missing, Vec::<String>::new());
        assert!(report(&[(5, 5), (7, 6)], &[(4, 5), (5, 6)]).missing[0].contains("era 5"));
        assert!(report(&[], &[]).missing[0].contains("never grew"));
    }

    #[test]
    fn no_promise_is_later_than_two_eras_after_the_vote() {
        let late = report_promised(5, &[(5, 5), (7, 6)], &[(4, 5), (5, 6)]);
        assert!(late.missing[0].contains("not by era 4"), "{:?}", late.missing);
    }

    #[test]
    fn steps_are_small_and_lead_to_the_target() {
        let hasty = report(&[(4, 6)], &[(4, 6)]);
        assert!(!hasty.succeeded && hasty.missing[0].contains("by more than 1"), "{:?}", hasty.missing);
        assert!(report(&[(4, 5)], &[(4, 5)]).missing[0].contains("never had 6"));
    }

    #[test]
    fn a_record_reads_back_as_it_was_written() {
        let report = report(&[(4, 5)], &[(4, 5)]);
        let text = serde_json::to_string(&report).expect("serializes");
        assert_eq!(serde_json::from_str::<Report>(&text).expect("reads back"), report);
    }
}
