// SPDX-License-Identifier: GPL-3.0-only
//! A message on its way. What is known of it is read anew from the best chains each time: what a fork takes back is not
//! remembered, and what was sent again in another block is found there.

use super::{
    chain::BlockId,
    chains::{Chains, Place},
    error::Result,
    runtimes::{Balance, BlockNumber, Hash},
    transfer::Plan,
};

/// A message that was sent.
pub struct Watch {
    extrinsic: Vec<u8>,
    /// The last blocks when it was sent: nothing that is looked for is older.
    heights: Vec<(Place, BlockNumber)>,
}

/// What is known of a message by now.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    pub steps: Vec<Step>,
    pub message: Hash,
    /// What the transaction cost by itself.
    pub transaction_fee: Balance,
    /// None when it has arrived.
    pub waits_for: Option<String>,
}

/// What happened, and in which block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub at: Place,
    pub block: BlockId,
    pub event: StepEvent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepEvent {
    Sent,
    Processed,
    /// The relay chain included that block of a parachain, which had sent the message or run it.
    Included {
        parachain: Place,
        block: BlockId,
    },
}

impl Watch {
    /// Signs and sends what the plan says.
    pub async fn begin(chains: &Chains, plan: &Plan) -> Result<Self> {
        let mut heights = Vec::new();
        for place in [Place::Relay, Place::First, Place::Second] {
            heights.push((place, chains.get(place).best().await?.number));
        }
        let extrinsic = chains.get(plan.from).act(&plan.signer, &plan.action).await?;
        Ok(Self { extrinsic, heights })
    }

    /// What the best chains have of the message now.
    pub async fn look(&self, chains: &Chains, plan: &Plan) -> Result<Trace> {
        let mut trace = Trace::default();
        let source = chains.get(plan.from);
        let Some(sending) = source.sending(self.height(plan.from), &self.extrinsic).await? else {
            return Ok(trace.waiting(format!("block of {} with the transaction", source.name())));
        };
        trace.message = sending.message;
        trace.transaction_fee = sending.fee;
        trace.steps.push(Step { at: plan.from, block: sending.block, event: StepEvent::Sent });

        let (mut at, mut block) = (plan.from, sending.block);
        for hop in &plan.hops {
            if !self.look_for_inclusion(chains, at, block, &mut trace).await? {
                return Ok(trace);
            }
            let chain = chains.get(hop.at);
            let Some(found) = chain.processing(self.height(hop.at), sending.message).await? else {
                return Ok(trace.waiting(format!("block of {} that runs the message", chain.name())));
            };
            (at, block) = (hop.at, found);
            trace.steps.push(Step { at, block, event: StepEvent::Processed });
        }
        self.look_for_inclusion(chains, at, block, &mut trace).await?;
        Ok(trace)
    }

    /// Whether the block counts: one of a parachain does when the relay chain has included it.
    async fn look_for_inclusion(&self, chains: &Chains, at: Place, block: BlockId, trace: &mut Trace) -> Result<bool> {
        if at == Place::Relay {
            return Ok(true);
        }
        let Some(found) = chains.inclusion(self.height(Place::Relay), block.hash).await? else {
            let name = chains.get(at).name();
            trace.waits_for = Some(format!("relay block that includes block {} of {name}", block.number));
            return Ok(false);
        };
        let event = StepEvent::Included { parachain: at, block };
        trace.steps.push(Step { at: Place::Relay, block: found, event });
        Ok(true)
    }

    fn height(&self, place: Place) -> BlockNumber {
        self.heights.iter().find(|(known, _)| *known == place).map_or(0, |(_, number)| *number)
    }
}

impl Trace {
    /// The last relay block that had a part in it; final when that is.
    pub fn last_relay_block(&self) -> BlockNumber {
        let relay = self.steps.iter().filter(|step| step.at == Place::Relay);
        relay.map(|step| step.block.number).max().unwrap_or(0)
    }

    /// The blocks that ran the message, in the order of the plan's hops.
    pub fn processed(&self) -> impl Iterator<Item = BlockId> + '_ {
        self.steps.iter().filter(|step| step.event == StepEvent::Processed).map(|step| step.block)
    }

    fn waiting(mut self, what: String) -> Self {
        self.waits_for = Some(what);
        self
    }
}
