// SPDX-License-Identifier: GPL-3.0-only
//! A referendum on the root track, as the holders of a running network carry it through.

use anyhow::{anyhow, ensure, Context, Result};
use codec::Encode;
use frame_support::traits::{schedule::DispatchTime, Bounded};
use frame_system::RawOrigin;
use pallet_conviction_voting::{AccountVote, Conviction, Vote};
use pallet_referenda::ReferendumIndex;
use serin_runtime::{constants::currency::UNITS, AccountId, Balance, OriginCaller, Runtime, RuntimeCall, RuntimeEvent};
use serin_tests::chain::Chain;
use sp_crypto_hashing::blake2_256;
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::{BlakeTwo256, Hash};
use std::time::Duration;

const ROOT_TRACK: u16 = 0;
/// What each account votes with, of the million that it has.
const VOTE: Balance = 900_000 * UNITS;
const VOTERS: [Sr25519Keyring; 3] = [Sr25519Keyring::Alice, Sr25519Keyring::Bob, Sr25519Keyring::Charlie];
/// Bounds the wait for the decision, many times what the periods of local networks add up to.
const DECISION_LIMIT: Duration = Duration::from_secs(900);

/// The stages of a referendum that passes, each told by an event, in their order.
const PATH: [&str; 5] = ["submitted", "decision started", "confirmation started", "confirmed", "dispatched"];

/// Has root dispatch `call`: Alice notes it as a preimage, submits it and pays for its decision; the voters vote aye.
/// Returns all events from its submission to its dispatch, read from finalized blocks.
pub async fn enact(chain: &Chain, call: RuntimeCall) -> Result<Vec<RuntimeEvent>> {
    ensure_no_majority(chain).await?;
    let preimage = call.encode();
    let proposal = Bounded::Lookup {
        hash: BlakeTwo256::hash(&preimage),
        len: u32::try_from(preimage.len()).context("its length")?,
    };
    let submission = vec![
        RuntimeCall::Preimage(pallet_preimage::Call::note_preimage { bytes: preimage }),
        RuntimeCall::Referenda(pallet_referenda::Call::submit {
            proposal_origin: Box::new(OriginCaller::system(RawOrigin::Root)),
            proposal,
            enactment_moment: DispatchTime::After(0),
        }),
    ];
    let [alice, bob, charlie] = VOTERS.map(Sr25519Keyring::pair);
    let submitted = chain.submit(&alice, batch(submission)).await.context("submitting the referendum")?;
    let index = submitted.events.iter().find_map(submitted_on_root).context("no referendum on the root track")?;

    let deposit = RuntimeCall::Referenda(pallet_referenda::Call::place_decision_deposit { index });
    tokio::try_join!(
        chain.submit(&alice, batch(vec![deposit, vote(index)])),
        chain.submit(&bob, vote(index)),
        chain.submit(&charlie, vote(index)),
    )
    .context("voting")?;

    let first = submitted.block.number;
    let what = format!("dispatch of what referendum {index} decided");
    let (last, result) = chain.wait_event(&what, first, DECISION_LIMIT, |event| outcome(event, index)).await?;
    result?;
    let events = chain.events_of(first..=last.number).await?.into_iter().map(|(_, event)| event).collect::<Vec<_>>();
    ensure_path(&events, index)?;
    println!("referendum {index}: submitted in block {first}, dispatched in block {}", last.number);
    Ok(events)
}

async fn ensure_no_majority(chain: &Chain) -> Result<()> {
    let key = pallet_balances::TotalIssuance::<Runtime>::hashed_key();
    let issuance = chain.read::<Balance>(&key, chain.finalized().await?.hash).await?.unwrap_or_default();
    ensure!(2 * VOTE < issuance, "{VOTE} is a majority of {issuance}: the test would show nothing");
    Ok(())
}

/// Fails unless the referendum took its whole way, and exactly the voters voted.
fn ensure_path(events: &[RuntimeEvent], index: ReferendumIndex) -> Result<()> {
    let path = events.iter().filter_map(|event| stage(event, index)).collect::<Vec<_>>();
    ensure!(path == PATH, "referendum {index} went this way: {path:?}");

    let mut voters = events.iter().filter_map(|event| voter(event, index)).collect::<Vec<_>>();
    let mut expected = VOTERS.map(Sr25519Keyring::to_account_id).to_vec();
    voters.sort();
    expected.sort();
    ensure!(voters == expected, "referendum {index} was voted on by {voters:?}");
    Ok(())
}

fn stage(event: &RuntimeEvent, index: ReferendumIndex) -> Option<&'static str> {
    use pallet_referenda::Event;

    match event {
        RuntimeEvent::Referenda(Event::Submitted { index: of, .. }) if *of == index => Some("submitted"),
        RuntimeEvent::Referenda(Event::DecisionStarted { index: of, .. }) if *of == index => Some("decision started"),
        RuntimeEvent::Referenda(Event::ConfirmStarted { index: of }) if *of == index => Some("confirmation started"),
        RuntimeEvent::Referenda(Event::ConfirmAborted { index: of }) if *of == index => Some("confirmation aborted"),
        RuntimeEvent::Referenda(Event::Confirmed { index: of, .. }) if *of == index => Some("confirmed"),
        _ => outcome(event, index).map(|result| result.map_or("failed", |()| "dispatched")),
    }
}

/// How the referendum ended, if this event tells it.
fn outcome(event: &RuntimeEvent, index: ReferendumIndex) -> Option<Result<()>> {
    // The name under which the referenda pallet plans the enactment.
    let name = (*b"assembly", "enactment", index).using_encoded(blake2_256);
    match event {
        RuntimeEvent::Scheduler(pallet_scheduler::Event::Dispatched { id: Some(id), result, .. }) if *id == name => {
            Some(result.map_err(|error| anyhow!("the dispatch failed: {error:?}")))
        }
        RuntimeEvent::Referenda(pallet_referenda::Event::Rejected { index: of, .. }) if *of == index => {
            Some(Err(anyhow!("referendum {index} was rejected")))
        }
        RuntimeEvent::Referenda(pallet_referenda::Event::TimedOut { index: of, .. }) if *of == index => {
            Some(Err(anyhow!("referendum {index} timed out")))
        }
        _ => None,
    }
}

fn voter(event: &RuntimeEvent, index: ReferendumIndex) -> Option<AccountId> {
    match event {
        RuntimeEvent::ConvictionVoting(pallet_conviction_voting::Event::Voted { who, poll_index, .. })
            if *poll_index == index =>
        {
            Some(who.clone())
        }
        _ => None,
    }
}

fn submitted_on_root(event: &RuntimeEvent) -> Option<ReferendumIndex> {
    match event {
        RuntimeEvent::Referenda(pallet_referenda::Event::Submitted { index, track, .. }) if *track == ROOT_TRACK => {
            Some(*index)
        }
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
