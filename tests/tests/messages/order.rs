// SPDX-License-Identifier: GPL-3.0-only
//! Numbered messages from one parachain to another, while the relay chain between them loses a validator and gets it back.

use crate::{LIMIT, PICASSO, SUBSOCIAL};
use anyhow::{ensure, Context, Result};
use rand::{rngs::StdRng, seq::SliceRandom};
use serin_node::{
    demo::{
        runtimes::{Parachain, Runtime, Terms},
        transfer::Action,
    },
    network::{rpc, LocalNetwork, Role},
};
use serin_parachain_runtime::{constants::currency::UNIT, Balance, RuntimeCall, RuntimeEvent};
use serin_tests::{chain::Chain, rounds};
use sp_keyring::Sr25519Keyring;
use std::ops::RangeInclusive;
use tokio::time::timeout;
use xcm::latest::{Junction, Location};
use xcm_executor::traits::TransferType;

const SENDING_COLLATOR: &str = "picasso-1";
const RECEIVING_COLLATOR: &str = "subsocial-1";
/// Sends nothing else, and gets nothing else.
const SENDER: Sr25519Keyring = Sr25519Keyring::Charlie;
const RECEIVER: Sr25519Keyring = Sr25519Keyring::Dave;
/// How many are sent with each new block of the sending chain.
const AT_ONCE: u32 = 3;
/// In how many blocks something that came a second time would show.
const BLOCKS_ON: u32 = 6;

/// Each message arrives once, and after those that were sent before it. A third of them is sent with all validators, a third
/// without one of them, and a third with it back.
pub async fn is_kept(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    let picasso = Chain::connect_to_parachain(&network.node(SENDING_COLLATOR)?.rpc_url).await?;
    let subsocial = Chain::connect_to_parachain(&network.node(RECEIVING_COLLATOR)?.rpc_url).await?;
    let validators = network.nodes().into_iter().filter(|node| node.role == Role::Validator);
    let validators = validators.map(|node| node.name).collect::<Vec<_>>();
    let victim = validators.choose(rng).context("there are validators")?;

    let third = AT_ONCE * rounds(2, 10);
    let last = 3 * third;
    send(&picasso, 1..=third).await?;
    network.kill(victim).await?;
    send(&picasso, third + 1..=2 * third).await.with_context(|| format!("without {victim}"))?;
    network.restart(victim).await?;
    send(&picasso, 2 * third + 1..=last).await.with_context(|| format!("with {victim} back"))?;

    let arrived = arrivals(network, &subsocial, last).await?;
    let numbers = arrived.iter().map(|(_, number)| *number).collect::<Vec<_>>();
    println!(
        "{victim} was killed after message {third} and came back after {}; block and message: {arrived:?}",
        2 * third
    );
    ensure!(numbers.iter().copied().eq(1..=last), "the messages 1 to {last} arrived as {numbers:?}");

    let best = network.best(victim).await?;
    Ok(network.wait_finalized_on(victim, best, LIMIT).await?)
}

/// Some with each block, so that messages share a block and follow each other over blocks.
async fn send(chain: &Chain<Parachain>, numbers: RangeInclusive<u32>) -> Result<()> {
    let mut heads = rpc::best_heads(chain.client()).await?;
    let (spec_version, transaction_version) = chain.runtime_version().await?;
    for number in numbers {
        if number % AT_ONCE == 1 {
            let head = timeout(LIMIT, heads.next()).await.context("there is no new block of picasso")?;
            head.context("the node ended the subscription to new blocks")??;
        }
        // The account's first transaction has nonce 0.
        let nonce = number - 1;
        let terms = Terms { nonce, genesis_hash: chain.genesis_hash(), spec_version, transaction_version };
        let extrinsic = Parachain::sign(&SENDER.pair(), transfer(number), &terms);
        chain.send(&extrinsic).await.with_context(|| format!("sending message {number}"))?;
    }
    Ok(())
}

/// The numbers of the messages in the finalized blocks of the receiving chain, and in which of these.
async fn arrivals(network: &LocalNetwork, chain: &Chain<Parachain>, count: u32) -> Result<Vec<(u32, u32)>> {
    let mut found = Vec::new();
    let find = |event: &RuntimeEvent| {
        found.extend(number_of(event));
        u32::try_from(found.len()).is_ok_and(|found| found >= count).then_some(())
    };
    let waited = chain.wait_event("arrival of every message", 1, LIMIT, find).await;
    let (last, ()) = waited.with_context(|| format!("of {count} messages there arrived {found:?}"))?;

    network.wait_finalized_on(RECEIVING_COLLATOR, last.number + BLOCKS_ON, LIMIT).await?;
    let events = chain.events_of(1..=chain.finalized().await?.number).await?;
    Ok(events.iter().filter_map(|(block, event)| Some((*block, number_of(event)?))).collect())
}

/// The message of that number moves as many of the sender's token.
fn transfer(number: u32) -> RuntimeCall {
    let action = Action::Transfer {
        destination: Location::new(1, Junction::Parachain(SUBSOCIAL)),
        asset: Location::here(),
        amount: Balance::from(number) * UNIT,
        kind: Box::new(TransferType::LocalReserve),
        beneficiary: RECEIVER.to_account_id(),
    };
    action.call::<Parachain>()
}

/// The number of the message that paid this out: less than one token of it was taken as fee.
fn number_of(event: &RuntimeEvent) -> Option<u32> {
    let token = Location::new(1, Junction::Parachain(PICASSO));
    match event {
        RuntimeEvent::ForeignAssets(pallet_assets::Event::Deposited { asset_id, who, amount })
            if *asset_id == token && *who == RECEIVER.to_account_id() =>
        {
            u32::try_from(amount.div_ceil(UNIT)).ok()
        }
        _ => None,
    }
}
