// SPDX-License-Identifier: GPL-3.0-only
//! A referendum, as the holders of a running network carry it through: what they send, and which events tell of it.

use super::{
    chain::{Block, BlockId, Chain},
    error::Result,
    pulse::Pulse,
    runtimes::{AccountId, Balance, BlockNumber, Relay, Runtime},
    Narrator,
};
use codec::Encode;
use frame_support::traits::{schedule::DispatchTime, Bounded};
use futures::stream::select_all;
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::ReferendumIndex;
use serin_runtime::{constants::currency::UNITS, OriginCaller, RuntimeCall, RuntimeEvent};
use sp_crypto_hashing::blake2_256;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    traits::{BlakeTwo256, Hash},
    DispatchError,
};
use std::{fmt, time::Duration};

/// What each account votes with, of the million that genesis gave it: far from a majority of the issuance.
pub const VOTE: Balance = 900_000 * UNITS;
/// Who votes. The first one also submits and pays the deposit.
pub const VOTERS: [Sr25519Keyring; 3] = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];

/// What holders decide on: a call, and as whom it is dispatched, which says on which track.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub origin: OriginCaller,
    pub call: RuntimeCall,
}

/// Where a referendum is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Submitted,
    DecisionStarted,
    ConfirmationStarted,
    ConfirmationAborted,
    Confirmed,
    /// The call was dispatched. That it failed is no failure of the referendum.
    Enacted(Result<(), DispatchError>),
    Rejected,
    TimedOut,
}

/// A referendum whose call was dispatched without an error.
#[derive(Clone, Debug)]
pub struct Enactment {
    pub index: ReferendumIndex,
    pub submitted: BlockId,
    pub enacted: BlockId,
    /// All that happened between these two blocks, and in them.
    pub events: Vec<RuntimeEvent>,
}

/// The first voter notes the call as a preimage, submits it and pays for its decision; all of them vote aye. Returns once
/// the call was dispatched and that is final. `timeout`: how long to wait for any one stage.
pub async fn enact(
    chain: &Chain<Relay>,
    proposal: Proposal,
    narrator: &Narrator,
    timeout: Duration,
) -> Result<Enactment> {
    let [first, second, third] = VOTERS.map(Sr25519Keyring::pair);
    let submission = chain.submit(&first, submission(proposal)).await?;
    let index = submission.events.iter().find_map(submitted_index);
    let index = index.ok_or_else(|| chain.answer("the events of a submission", "no referendum was submitted"))?;
    let submitted = submission.block;
    narrator.tell(&format!("referendum {index} submitted in block {}; {} vote", submitted.number, VOTERS.len()));

    let deposit = RuntimeCall::Referenda(pallet_referenda::Call::place_decision_deposit { index });
    tokio::try_join!(
        chain.submit(&first, batch(vec![deposit, vote(index)])),
        chain.submit(&second, vote(index)),
        chain.submit(&third, vote(index)),
    )?;

    let mut pulse = Pulse::new(select_all([chain.finalized_heads().await?]), narrator, timeout);
    let mut path = Path { index, events: Vec::new() };
    let mut next = submitted.number;
    loop {
        while let Some(block) = chain.next_finalized(&mut next).await? {
            for stage in path.follow(&block) {
                pulse.renew();
                narrator.tell(&format!("referendum {index}: {stage} in block {}", block.id.number));
                match stage {
                    Stage::Enacted(Ok(())) => {
                        return Ok(Enactment { index, submitted, enacted: block.id, events: path.events })
                    }
                    Stage::Enacted(Err(error)) => {
                        return Err(chain.refused("what the referendum decided", Relay::error_name(error)))
                    }
                    Stage::Rejected | Stage::TimedOut => {
                        return Err(chain.refused(&format!("referendum {index}"), stage.to_string()))
                    }
                    _ => {}
                }
            }
        }
        pulse.beat(&format!("next stage of referendum {index}")).await?;
    }
}

/// The stage of that referendum that the event tells of.
pub fn stage(event: &RuntimeEvent, index: ReferendumIndex) -> Option<Stage> {
    use pallet_referenda::Event;

    // The name under which the referenda pallet plans the enactment.
    let name = (*b"assembly", "enactment", index).using_encoded(blake2_256);
    match event {
        RuntimeEvent::Referenda(Event::Submitted { index: of, .. }) if *of == index => Some(Stage::Submitted),
        RuntimeEvent::Referenda(Event::DecisionStarted { index: of, .. }) if *of == index => {
            Some(Stage::DecisionStarted)
        }
        RuntimeEvent::Referenda(Event::ConfirmStarted { index: of }) if *of == index => {
            Some(Stage::ConfirmationStarted)
        }
        RuntimeEvent::Referenda(Event::ConfirmAborted { index: of }) if *of == index => {
            Some(Stage::ConfirmationAborted)
        }
        RuntimeEvent::Referenda(Event::Confirmed { index: of, .. }) if *of == index => Some(Stage::Confirmed),
        RuntimeEvent::Referenda(Event::Rejected { index: of, .. }) if *of == index => Some(Stage::Rejected),
        RuntimeEvent::Referenda(Event::TimedOut { index: of, .. }) if *of == index => Some(Stage::TimedOut),
        RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { id: Some(id), result, .. }) if *id == name => {
            Some(Stage::Enacted(*result))
        }
        _ => None,
    }
}

/// Who voted on that referendum, if the event tells of a vote.
pub fn voter(event: &RuntimeEvent, index: ReferendumIndex) -> Option<AccountId> {
    match event {
        RuntimeEvent::ConvictionVoting(pallet_conviction_voting::Event::Voted { who, poll_index, .. })
            if *poll_index == index =>
        {
            Some(who.clone())
        }
        _ => None,
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Submitted => "submitted",
            Self::DecisionStarted => "decision started",
            Self::ConfirmationStarted => "confirmation started",
            Self::ConfirmationAborted => "confirmation aborted",
            Self::Confirmed => "confirmed",
            Self::Enacted(Ok(())) => "enacted",
            Self::Enacted(Err(_)) => "enacted, and the call failed",
            Self::Rejected => "rejected",
            Self::TimedOut => "timed out for want of a deposit",
        })
    }
}

/// What happened on the way of a referendum up to now.
struct Path {
    index: ReferendumIndex,
    events: Vec<RuntimeEvent>,
}

impl Path {
    /// Keeps what happened in the block; returns the stages that the referendum reached in it.
    fn follow(&mut self, block: &Block<Relay>) -> Vec<Stage> {
        let events = block.events.iter().map(|record| &record.event);
        self.events.extend(events.clone().cloned());
        events.filter_map(|event| stage(event, self.index)).filter(|stage| *stage != Stage::Submitted).collect()
    }
}

fn submission(Proposal { origin, call }: Proposal) -> RuntimeCall {
    let preimage = call.encode();
    let len = u32::try_from(preimage.len()).unwrap_or(u32::MAX);
    let proposal = Bounded::Lookup { hash: BlakeTwo256::hash(&preimage), len };
    batch(vec![
        RuntimeCall::Preimage(pallet_preimage::Call::note_preimage { bytes: preimage }),
        RuntimeCall::Referenda(pallet_referenda::Call::submit {
            proposal_origin: Box::new(origin),
            proposal,
            enactment_moment: DispatchTime::After(BlockNumber::default()),
        }),
    ])
}

fn submitted_index(event: &RuntimeEvent) -> Option<ReferendumIndex> {
    match event {
        RuntimeEvent::Referenda(pallet_referenda::Event::Submitted { index, .. }) => Some(*index),
        _ => None,
    }
}

fn vote(index: ReferendumIndex) -> RuntimeCall {
    let vote = Vote { aye: true, conviction: Conviction::Locked1x };
    RuntimeCall::ConvictionVoting(pallet_conviction_voting::Call::vote {
        poll_index: index,
        vote: AccountVote::Standard { vote, balance: VOTE },
    })
}

fn batch(calls: Vec<RuntimeCall>) -> RuntimeCall {
    RuntimeCall::Utility(pallet_utility::Call::batch_all { calls })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_those_of_the_referendum_asked_for() {
        let confirmed = RuntimeEvent::Referenda(pallet_referenda::Event::ConfirmStarted { index: 3 });
        assert_eq!(stage(&confirmed, 3), Some(Stage::ConfirmationStarted));
        assert_eq!(stage(&confirmed, 4), None);
    }

    #[test]
    fn an_enactment_is_told_by_its_name_in_the_schedule() {
        let name = |index: ReferendumIndex| (*b"assembly", "enactment", index).using_encoded(blake2_256);
        let dispatched = |id, result| {
            RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { task: (1, 0), id: Some(id), result })
        };
        assert_eq!(stage(&dispatched(name(3), Ok(())), 3), Some(Stage::Enacted(Ok(()))));
        let failed = Err(DispatchError::BadOrigin);
        assert_eq!(stage(&dispatched(name(3), failed), 3), Some(Stage::Enacted(failed)));
        assert_eq!(stage(&dispatched(name(4), Ok(())), 3), None);
    }
}
