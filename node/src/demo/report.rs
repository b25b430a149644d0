// SPDX-License-Identifier: GPL-3.0-only
//! What a demonstration found out: the record that `--json` prints, and what people read of it.

use super::{
    chains::{Chains, Place},
    error::Result,
    runtimes::Balance,
    trace::{Step, StepEvent, Trace},
    transfer::Plan,
};
use serde::{Deserialize, Serialize};
use xcm::latest::Location;

/// Both tokens have twelve decimals.
const UNIT: Balance = 1_000_000_000_000;
/// How far an actual fee may be from the predicted one, as a part of it: prices move a little with the queues.
const TOLERANCE: Balance = 10;

/// What a demonstration found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub network: String,
    /// Whether everything was as it should be.
    pub held: bool,
    /// What was not, a sentence each.
    pub missing: Vec<String>,
    /// The relay block that was final in the end. All blocks named here are final with it. None when it did not come to that.
    pub finalized: Option<u32>,
    pub milliseconds: u64,
    pub messages: Vec<MessageReport>,
}

/// One message. Amounts are in the smallest unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageReport {
    pub name: String,
    pub what: String,
    /// None when it was not sent.
    pub id: Option<String>,
    /// What it carried.
    pub sent: Balance,
    /// What of it the beneficiary got. None when it did not arrive.
    pub arrived: Option<Balance>,
    pub hops: Vec<HopReport>,
    /// In the order of the chains: the delivery, then what each chain that ran the message took.
    pub fees: Vec<FeeReport>,
    pub missing: Vec<String>,
}

/// Something that happened in a block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HopReport {
    pub event: HopEvent,
    pub chain: String,
    pub height: u32,
    pub hash: String,
    /// The block of a parachain that was included.
    pub candidate: Option<CandidateReport>,
    /// From the start of the demonstration until it was seen first.
    pub milliseconds: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HopEvent {
    Sent,
    Included,
    Processed,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CandidateReport {
    pub chain: String,
    pub height: u32,
}

/// What a chain took.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeeReport {
    pub chain: String,
    pub token: String,
    pub predicted: Balance,
    /// None when the message did not get there.
    pub actual: Option<Balance>,
}

impl MessageReport {
    pub fn new(plan: &Plan) -> Self {
        Self {
            name: plan.name.to_owned(),
            what: plan.what.clone(),
            id: None,
            sent: plan.carried,
            arrived: None,
            hops: Vec::new(),
            fees: Vec::new(),
            missing: Vec::new(),
        }
    }

    /// Notes what the chains predicted.
    pub fn predict(&mut self, chains: &Chains, plan: &Plan, fees: Vec<Balance>) {
        let source = (chains.get(plan.from).name(), chains.get(plan.from).token());
        let hops = plan.hops.iter().map(|hop| (chains.get(hop.at).name(), hop.token));
        let report = |((chain, token), predicted): ((&str, &str), Balance)| FeeReport {
            chain: chain.to_owned(),
            token: token.to_owned(),
            predicted,
            actual: None,
        };
        self.fees = std::iter::once(source).chain(hops).zip(fees).map(report).collect();
    }

    /// Notes the steps that a trace has. Returns those that are news.
    pub fn note(&mut self, chains: &Chains, trace: &Trace, milliseconds: u64) -> Vec<HopReport> {
        let seen = std::mem::take(&mut self.hops);
        let is_known = |fresh: &HopReport| seen.iter().find(|hop| hop.hash == fresh.hash && hop.event == fresh.event);
        let mut news = Vec::new();
        for step in &trace.steps {
            let fresh = hop_report(chains, step, milliseconds);
            let known = is_known(&fresh).cloned();
            if known.is_none() {
                news.push(fresh.clone());
            }
            self.hops.push(known.unwrap_or(fresh));
        }
        self.id = self.hops.first().map(|_| format!("{:?}", trace.message));
        news
    }

    /// Reads from the states around the blocks of a message that has arrived what it moved and what it cost.
    pub async fn measure(&mut self, chains: &Chains, plan: &Plan, trace: &Trace) -> Result<()> {
        let Some(sent) = trace.steps.first() else { return Ok(()) };
        let own = chains.get(plan.from).change(&Location::here(), &plan.account(), sent.block).await?;
        let delivery = (-own) - signed(plan.own_amount) - signed(trace.transaction_fee);
        let mut fees = vec![unsigned(delivery)];
        let mut carried = signed(plan.carried);
        for (hop, block) in plan.hops.iter().zip(trace.processed()) {
            let change = chains.get(hop.at).change(&hop.asset, &hop.account, block).await?;
            fees.push(unsigned(carried - change));
            carried = if plan.carried == 0 { 0 } else { change };
        }
        for (fee, actual) in self.fees.iter_mut().zip(fees) {
            fee.actual = Some(actual);
        }
        self.arrived = Some(unsigned(carried));
        Ok(())
    }

    /// Adds what is not as it should be in a message that has arrived.
    pub fn judge(&mut self) {
        let mut missing = Vec::new();
        let relay = self.hops.iter().filter(|hop| hop.event == HopEvent::Included);
        let heights = relay.map(|hop| hop.height).collect::<Vec<_>>();
        if heights.windows(2).any(|pair| pair[0] >= pair[1]) {
            missing.push(format!("the relay chain included in the order of {heights:?}"));
        }
        for FeeReport { chain, token, predicted, actual } in &self.fees {
            let actual = actual.unwrap_or(0);
            if actual.abs_diff(*predicted) > *predicted / TOLERANCE {
                let (predicted, actual) = (amount(*predicted, token), amount(actual, token));
                missing.push(format!("{chain} took {actual} and not {predicted}"));
            }
        }
        if self.sent > 0 && self.arrived.unwrap_or(0) == 0 {
            missing.push("nothing arrived".to_owned());
        }
        self.missing.extend(missing);
    }

    /// What it came to, in a line.
    pub fn summary(&self) -> String {
        let fees = self.fees.iter().map(|fee| {
            let actual = fee.actual.map_or_else(|| "none".to_owned(), |actual| amount(actual, &fee.token));
            format!("{} took {actual} (predicted {})", fee.chain, amount(fee.predicted, &fee.token))
        });
        let fees = fees.collect::<Vec<_>>().join(", ");
        match (self.sent, self.arrived, self.fees.last()) {
            (0, ..) | (_, None, _) | (.., None) => format!("{}: {fees}", self.what),
            (_, Some(arrived), Some(last)) => {
                format!("{}: {} arrived; {fees}", self.what, amount(arrived, &last.token))
            }
        }
    }
}

impl HopReport {
    /// In a line.
    pub fn line(&self, what: &str, id: &str) -> String {
        let place = format!("{} #{}", self.chain, self.height);
        match (self.event, &self.candidate) {
            (HopEvent::Included, Some(candidate)) => {
                format!("{place}: includes {} #{} ({what})", candidate.chain, candidate.height)
            }
            (HopEvent::Processed, _) => format!("{place}: runs the message ({what})"),
            _ => format!("{place}: sends {what}, message {id}"),
        }
    }
}

/// An amount of a token, with what of its decimals says something.
pub fn amount(amount: Balance, token: &str) -> String {
    let (whole, rest) = (amount / UNIT, format!("{:012}", amount % UNIT));
    match rest.trim_end_matches('0') {
        "" => format!("{whole} {token}"),
        decimals => format!("{whole}.{decimals} {token}"),
    }
}

fn hop_report(chains: &Chains, step: &Step, milliseconds: u64) -> HopReport {
    let name = |place: Place| chains.get(place).name().to_owned();
    let (event, candidate) = match step.event {
        StepEvent::Sent => (HopEvent::Sent, None),
        StepEvent::Processed => (HopEvent::Processed, None),
        StepEvent::Included { parachain, block } => {
            (HopEvent::Included, Some(CandidateReport { chain: name(parachain), height: block.number }))
        }
    };
    HopReport {
        event,
        chain: name(step.at),
        height: step.block.number,
        hash: format!("{:?}", step.block.hash),
        candidate,
        milliseconds,
    }
}

/// Issuance is far below what the signed type holds.
fn signed(amount: Balance) -> i128 {
    i128::try_from(amount).unwrap_or(i128::MAX)
}

/// A fee below nothing is none, which is not what was predicted.
fn unsigned(amount: i128) -> Balance {
    Balance::try_from(amount).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(actual: Balance, arrived: Balance, heights: [u32; 2]) -> MessageReport {
        let hop = |height| HopReport {
            event: HopEvent::Included,
            chain: "the relay chain".into(),
            height,
            hash: String::new(),
            candidate: None,
            milliseconds: 0,
        };
        let fee = FeeReport { chain: "picasso".into(), token: "KSM".into(), predicted: 100, actual: Some(actual) };
        MessageReport {
            name: "x".into(),
            what: "some KSM".into(),
            id: None,
            sent: 1_000,
            arrived: Some(arrived),
            hops: heights.map(hop).into(),
            fees: vec![fee],
            missing: Vec::new(),
        }
    }

    fn missing(mut report: MessageReport) -> Vec<String> {
        report.judge();
        report.missing
    }

    #[test]
    fn amounts_have_the_decimals_that_say_something() {
        assert_eq!(amount(10 * UNIT, "KSM"), "10 KSM");
        assert_eq!(amount(UNIT / 4, "KSM"), "0.25 KSM");
        assert_eq!(amount(UNIT + 1, "UNIT"), "1.000000000001 UNIT");
        assert_eq!(amount(0, "KSM"), "0 KSM");
    }

    #[test]
    fn a_report_is_judged() {
        assert_eq!(missing(report(100, 900, [3, 4])), Vec::<String>::new());
        assert_eq!(missing(report(110, 900, [3, 4])), Vec::<String>::new());
        assert!(missing(report(111, 900, [3, 4]))[0].contains("picasso took"));
        assert!(missing(report(100, 900, [4, 4]))[0].contains("[4, 4]"));
        assert_eq!(missing(report(100, 0, [3, 4])), ["nothing arrived"]);
    }

    #[test]
    fn a_summary_tells_what_arrived_and_what_it_cost() {
        let summary = report(100, 900, [3, 4]).summary();
        assert!(summary.contains("0.0000000009 KSM arrived"), "{summary}");
        assert!(summary.contains("picasso took 0.0000000001 KSM (predicted 0.0000000001 KSM)"), "{summary}");
    }
}
