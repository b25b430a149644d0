// SPDX-License-Identifier: GPL-3.0-only
//! `serin demo governance`: three accounts vote the number of validators up, and the chain takes in those who wait.
//!
//! Nodes that have joined the network and that the chain does not know yet run for election first, as their operators would
//! have them do. Then a referendum on the track of the validator count sets a plan, and the story follows it through final
//! blocks: each step, each hold, each larger set, and each newcomer's first block.

mod course;
pub mod report;

use super::{
    candidate::{self, Candidate},
    chain::{BlockId, Chain},
    error::{Error, Result},
    pulse::Pulse,
    referendum::{self, Proposal},
    runtimes::{AccountId, Balance, Relay},
    Narrator,
};
use crate::{
    network::{Manifest, NodeRecord, Role},
    validator_count::{api::ValidatorCount, words},
};
use course::Course;
use futures::{future::try_join_all, stream::select_all};
use pallet_validator_count::{Policy, Status, Violation};
use report::{PlanReport, Promise, Report};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, constants::currency::UNITS, OriginCaller, RuntimeCall,
};
use sp_keyring::Sr25519Keyring;
use std::time::Duration;

/// The command that makes somebody wait.
pub const ADD: &str = "serin network add validator";
/// Bounds each wait: some eras of a local network, so that a hold can pass.
pub const TIMEOUT: Duration = Duration::from_secs(900);
/// How many validators come at once: one, so that every step is seen.
pub const STEP: u32 = 1;
/// What a newcomer has at stake: less than a genesis validator, so that it gets a seat more and not one of theirs.
const STAKE: Balance = 9_000 * UNITS;
/// Pays for that. It does not vote, so that it may have spent.
const FUNDER: Sr25519Keyring = Sr25519Keyring::Dave;

/// What the plan asks of a small chain with short eras, which one slow block may disturb.
pub const POLICY: Policy = Policy {
    min_eras_between: 2,
    max_missed_permille: 100,
    min_availability_permille: 600,
    max_disputes: 0,
    max_disabled: 0,
    // Two sessions.
    max_finality_lag: 20,
    proofs_per_era: 1,
    max_inherent_weight_percent: 50,
    supply_margin: 0,
    max_hold_eras: 20,
};

#[derive(Clone, Debug)]
pub struct Options {
    /// How many validators come at once, at most.
    pub step: u32,
    /// Bounds each wait.
    pub timeout: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self { step: STEP, timeout: TIMEOUT }
    }
}

/// Has the count raised and follows the plan. An error means that it could not be voted on; what went wrong with it is in the
/// report.
pub async fn run(network: &Manifest, options: &Options, narrator: &Narrator) -> Result<Report> {
    let url = &network.running(|node| node.role == Role::Validator)?.rpc_url;
    let chain = Chain::connect("the relay chain", url).await?;
    let count = ValidatorCount::of(&chain, url).await.map_err(Box::new)?;
    let story = Story { network, chain: &chain, count, options, narrator };
    story.have_nodes_run().await?;
    let newcomers = story.newcomers().await?;
    let status = story.status().await?.1;
    let (base, target) = (status.count, status.active.saturating_add(length(&newcomers)));
    story.tell_waiting(&newcomers);
    story.wait_until_allowed(target).await?;
    if let Some(plan) = &status.plan {
        narrator.tell(&format!("the plan from {} to {} is going to be replaced", plan.base, plan.target));
    }

    let plan = PlanReport { base, target, step: options.step };
    narrator.tell(&format!("the plan to vote on: from {base} to {target} validators, by {} at once", options.step));
    let enactment = referendum::enact(&chain, story.proposal(target), narrator, options.timeout).await?;
    let mut report = Report::new(network.name.clone(), plan, &enactment, story.promise(enactment.enacted).await?);
    let followed = Course::new(&story, newcomers, &mut report).follow(enactment.enacted).await;
    if let Err(error) = followed {
        report.missing.push(error.to_string());
    }
    report.judge();
    report.milliseconds = narrator.milliseconds();
    narrator.tell(&report.summary());
    Ok(report)
}

struct Story<'a> {
    network: &'a Manifest,
    chain: &'a Chain<Relay>,
    count: ValidatorCount<'a>,
    options: &'a Options,
    narrator: &'a Narrator,
}

impl Story<'_> {
    /// Has every node run for election that joined the network and is unknown to the chain.
    async fn have_nodes_run(&self) -> Result<()> {
        let known = candidate::candidates(self.chain, self.chain.finalized().await?.hash).await?;
        let is_unknown = |node: &&NodeRecord| {
            let account = operator(node);
            known.iter().all(|candidate| candidate.account != account)
        };
        let nodes = joined(self.network).filter(is_unknown).collect::<Vec<_>>();
        if nodes.is_empty() {
            return Ok(());
        }
        let names = nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>().join(", ");
        self.narrator.tell(&format!("unknown to the chain yet: {names}; bonding, making session keys, and running"));
        let accounts = nodes.iter().map(|node| operator(node)).collect::<Vec<_>>();
        candidate::fund(self.chain, &FUNDER.pair(), &accounts, STAKE).await?;
        let run = |node: &&NodeRecord| {
            let (url, operator) = (node.rpc_url.clone(), candidate::operator(&node.name));
            async move { candidate::run_for_election(self.chain, &url, &operator, STAKE).await }
        };
        try_join_all(nodes.iter().map(run)).await.map(drop)
    }

    /// The candidates that are not active.
    async fn newcomers(&self) -> Result<Vec<Candidate>> {
        let at = self.chain.finalized().await?.hash;
        let active = candidate::active(self.chain, at).await?;
        let candidates = candidate::candidates(self.chain, at).await?;
        let waiting = candidates.into_iter().filter(|candidate| !active.contains(&candidate.account));
        let waiting = waiting.collect::<Vec<_>>();
        if waiting.is_empty() {
            return Err(Error::NobodyWaits { network: self.network.name.clone(), add: ADD });
        }
        Ok(waiting)
    }

    fn tell_waiting(&self, newcomers: &[Candidate]) {
        let names = newcomers.iter().map(|candidate| self.name(&candidate.account)).collect::<Vec<_>>().join(", ");
        self.narrator.tell(&format!("waiting to validate: {names}"));
    }

    /// Waits for what time alone brings, above all a first era to compare later ones with. Tells every other rule that the plan
    /// breaks, and fails with them.
    async fn wait_until_allowed(&self, target: u32) -> Result<()> {
        let mut pulse = self.pulse().await?;
        loop {
            let block = self.chain.best().await?;
            let broken = self.count.dry_run(block, target, self.options.step, POLICY).await?;
            if broken.is_empty() {
                return Ok(());
            }
            let rules = broken.iter().map(words::violation).collect::<Vec<_>>();
            if !broken.iter().all(passes_by_itself) {
                rules.iter().for_each(|rule| self.narrator.tell(&format!("the plan breaks a rule: {rule}")));
                return Err(Error::PlanRefused { rules });
            }
            pulse.beat(&format!("time from which the plan is allowed: {}", rules.join("; "))).await?;
        }
    }

    fn proposal(&self, target: u32) -> Proposal {
        let step = self.options.step;
        Proposal {
            origin: OriginCaller::Origins(Origin::ValidatorCountAdmin),
            call: RuntimeCall::ValidatorCount(pallet_validator_count::Call::set_plan { target, step, policy: POLICY }),
        }
    }

    /// What the chain says of the plan's first step when the plan was set.
    async fn promise(&self, enacted: BlockId) -> Result<Promise> {
        let enacted_in = self.count.status(enacted).await?.active_era;
        let steps = self.count.projection(enacted).await?;
        let first = steps.first().ok_or_else(|| self.chain.answer("the projection of the plan", "it has no step"))?;
        self.narrator.tell(&format!(
            "the plan is in force since block {} in era {enacted_in}: {} validators are to be active from era {} on",
            enacted.number, first.count, first.active_from
        ));
        Ok(Promise { enacted_in, first_set_in: first.active_from })
    }

    async fn status(&self) -> Result<(BlockId, Status)> {
        let block = self.chain.finalized().await?;
        Ok((block, self.count.status(block).await?))
    }

    async fn pulse(&self) -> Result<Pulse<'_>> {
        let heads = select_all([self.chain.finalized_heads().await?]);
        Ok(Pulse::new(heads, self.narrator, self.options.timeout))
    }

    /// The name of the node that the account operates, or the account's address.
    fn name(&self, account: &AccountId) -> String {
        let node = joined(self.network).find(|node| operator(node) == *account);
        node.map_or_else(|| account.to_string(), |node| node.name.clone())
    }
}

/// The running nodes that were added to the network, and brought no keys of its genesis.
fn joined(network: &Manifest) -> impl Iterator<Item = &NodeRecord> {
    let nodes = network.nodes.iter();
    nodes.filter(|node| node.role == Role::Validator && node.session_keys.is_none() && node.pid.is_some())
}

fn operator(node: &NodeRecord) -> AccountId {
    use sp_core::Pair;

    candidate::operator(&node.name).public().into()
}

const fn passes_by_itself(violation: &Violation) -> bool {
    matches!(violation, Violation::NoBaseline)
}

fn length<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
