// SPDX-License-Identifier: GPL-3.0-only
//! Messages that are sent, followed and judged together: what the scenarios about messages share.

use super::{
    chain::BlockId,
    chains::{Chains, Place},
    error::{Error, Result},
    pulse::Pulse,
    report::{amount, MessageReport, Report},
    runtimes::{AccountId, Balance},
    trace::Watch,
    transfer::{Action, Plan},
    Narrator,
};
use crate::network::Manifest;
use sp_core::{crypto::Ss58Codec, sr25519};
use std::time::Duration;
use xcm::latest::Location;

/// A message, and what became of it.
pub struct Told {
    pub plan: Plan,
    pub watch: Option<Watch>,
    pub report: MessageReport,
}

/// The chains, and who tells of them.
pub struct Story<'a> {
    pub chains: Chains,
    pub narrator: &'a Narrator,
    /// Bounds each wait.
    pub timeout: Duration,
}

// What has to be there before.
impl Story<'_> {
    pub fn name(&self, place: Place) -> &str {
        self.chains.get(place).name()
    }

    pub async fn wait_for_first_blocks(&self) -> Result<()> {
        let mut pulse = self.pulse().await?;
        let mut heights = Vec::new();
        for place in [Place::Relay, Place::First, Place::Second] {
            let chain = self.chains.get(place);
            let best = loop {
                match chain.best().await?.number {
                    0 => pulse.beat(&format!("first block of {}", chain.name())).await?,
                    best => break best,
                }
            };
            heights.push(format!("{} #{best}", chain.name()));
        }
        self.narrator.tell(&heights.join(", "));
        Ok(())
    }

    /// Gives an account what its calls cost there, unless it has half of that.
    pub async fn fund(&self, at: Place, account: &AccountId, funds: Balance, funder: &sr25519::Pair) -> Result<()> {
        let chain = self.chains.get(at);
        let has = || async { chain.balance(&Location::here(), account, chain.best().await?.hash).await };
        if has().await? >= funds / 2 {
            return Ok(());
        }
        chain.act(funder, &Action::Give { beneficiary: account.clone(), amount: funds }).await?;
        let given = format!("{} on {} for the calls of another chain", amount(funds, chain.token()), chain.name());
        let mut pulse = self.pulse().await?;
        while has().await? < funds / 2 {
            pulse.beat(&given).await?;
        }
        self.narrator.tell(&format!("{} has {given}", account.to_ss58check()));
        Ok(())
    }

    /// Every account has to have what it sends, and its fees.
    pub async fn ensure_funds(&self, needed: &[(Place, AccountId, Balance)]) -> Result<()> {
        for (place, account, needs) in needed {
            let chain = self.chains.get(*place);
            let has = chain.balance(&Location::here(), account, chain.best().await?.hash).await?;
            if has < *needs {
                return Err(Error::Funds {
                    account: account.to_ss58check(),
                    chain: chain.name().to_owned(),
                    has: amount(has, chain.token()),
                    needs: amount(*needs, chain.token()),
                });
            }
        }
        Ok(())
    }
}

// What becomes of it.
impl Story<'_> {
    /// Tells of messages of which each needs what the one before it brings.
    pub async fn one_by_one(&self, plans: impl IntoIterator<Item = Plan>) -> Vec<Told> {
        let mut told: Vec<Told> = Vec::new();
        for plan in plans {
            let stuck = told.last().filter(|last| !last.report.missing.is_empty()).map(|last| last.plan.name);
            told.push(match stuck {
                None => self.tell(plan).await,
                Some(name) => {
                    let mut report = MessageReport::new(&plan);
                    report.missing.push(format!("not sent, for want of what {name} should have brought"));
                    Told { plan, watch: None, report }
                }
            });
        }
        told
    }

    pub async fn tell(&self, plan: Plan) -> Told {
        let report = MessageReport::new(&plan);
        let mut told = Told { plan, watch: None, report };
        if let Err(error) = self.follow(&mut told).await {
            self.narrator.tell(&format!("{}: {error}", told.plan.what));
            told.report.missing.push(error.to_string());
        }
        told
    }

    /// Has the chains predict the fees, sends the message, and tells of each step until it has arrived.
    async fn follow(&self, told: &mut Told) -> Result<()> {
        let Told { plan, watch, report } = told;
        report.predict(&self.chains, plan, plan.predict(&self.chains).await?);
        let fees = report.fees.iter().map(|fee| format!("{} {}", fee.chain, amount(fee.predicted, &fee.token)));
        let fees = fees.collect::<Vec<_>>().join(", ");
        self.narrator.tell(&format!("{}: will cost on {fees}", plan.what));

        let watch = watch.insert(Watch::begin(&self.chains, plan).await?);
        let mut pulse = self.pulse().await?;
        loop {
            let trace = watch.look(&self.chains, plan).await?;
            let id = format!("{:?}", trace.message);
            for hop in report.note(&self.chains, &trace, self.narrator.milliseconds()) {
                self.narrator.tell(&hop.line(&plan.what, &id));
                pulse.renew();
            }
            let Some(what) = &trace.waits_for else {
                report.measure(&self.chains, plan, &trace).await?;
                self.narrator.tell(&report.summary());
                return Ok(());
            };
            pulse.beat(what).await?;
        }
    }

    /// Waits until all of it is final, and judges it.
    pub async fn end(&self, network: &Manifest, mut told: Vec<Told>) -> Report {
        let has_arrived = told.iter().all(|told| told.report.missing.is_empty());
        let settled = if has_arrived { self.settle(&mut told).await.map(Some) } else { Ok(None) };
        let (finalized, unsettled) = match settled {
            Ok(finalized) => (finalized, None),
            Err(error) => (None, Some(error.to_string())),
        };
        let judged = told.iter_mut().flat_map(|told| {
            if finalized.is_some() {
                told.report.judge();
            }
            let (what, missing) = (told.plan.what.clone(), told.report.missing.clone());
            missing.into_iter().map(move |missing| format!("{what}: {missing}"))
        });
        let missing = judged.chain(unsettled).collect::<Vec<_>>();
        let held = missing.is_empty();
        self.narrator.tell(if held { "everything arrived, and is final" } else { "not everything is as it should be" });
        Report {
            network: network.name.clone(),
            held,
            missing,
            finalized,
            milliseconds: self.narrator.milliseconds(),
            messages: told.into_iter().map(|told| told.report).collect(),
        }
    }

    /// Reads everything again once the last block of it is final. Returns the relay chain's final block.
    async fn settle(&self, told: &mut [Told]) -> Result<u32> {
        let mut pulse = self.pulse().await?;
        loop {
            // Asked for first: what is found up to this block is then on the chain that it ends.
            let finalized = self.chains.relay.finalized().await?.number;
            let (mut last, mut waits_for, mut traces) = (0, None, Vec::new());
            for Told { plan, watch, .. } in told.iter() {
                let Some(watch) = watch else { continue };
                let trace = watch.look(&self.chains, plan).await?;
                last = last.max(trace.last_relay_block());
                waits_for = waits_for.or_else(|| trace.waits_for.clone());
                traces.push(trace);
            }
            if waits_for.is_none() && last <= finalized {
                for (Told { plan, report, .. }, trace) in told.iter_mut().zip(traces) {
                    report.note(&self.chains, &trace, self.narrator.milliseconds());
                    report.measure(&self.chains, plan, &trace).await?;
                    self.check_remark(plan, report, trace.processed().last()).await?;
                }
                return Ok(finalized);
            }
            pulse.beat(&waits_for.unwrap_or_else(|| format!("final relay block {last}"))).await?;
        }
    }

    /// A message counts as run also when the call in it failed.
    async fn check_remark(&self, plan: &Plan, report: &mut MessageReport, block: Option<BlockId>) -> Result<()> {
        let (Some(hop), Some(block), true) = (plan.hops.last(), block, plan.remarks) else { return Ok(()) };
        let chain = self.chains.get(hop.at);
        if !chain.has_remark_of(&hop.account, block).await? {
            let account = hop.account.to_ss58check();
            report.missing.push(format!("block {} of {} has no remark of {account}", block.number, chain.name()));
        }
        Ok(())
    }

    async fn pulse(&self) -> Result<Pulse<'_>> {
        Ok(Pulse::new(self.chains.heads().await?, self.narrator, self.timeout))
    }
}
