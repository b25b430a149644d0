// SPDX-License-Identifier: GPL-3.0-only
//! One network of four validators through everything that happens to validators: kills and restarts, one at a time and
//! all at once; a newcomer that is elected, works and leaves. At the end nobody has been slashed.

use anyhow::{ensure, Context, Result};
use pallet_timing::TimingParameters;
use rand::{rngs::StdRng, seq::SliceRandom, Rng};
use serin_node::{
    demo::candidate,
    network::{rpc, LocalNetwork, SyncMode},
};
use serin_runtime::{
    constants::currency::UNITS,
    genesis_config_presets::{stash, validator_name, Preset},
    AccountId, Balance, BlockNumber, RuntimeCall, RuntimeEvent,
};
use serin_tests::{
    chain::Chain,
    rounds, seeded_rng, tier,
    validators::{self, author_name, finality_goes_on, wait_active, wait_author, BLOCK_LIMIT},
    Tier,
};
use sp_core::Pair;
use sp_keyring::Sr25519Keyring;
use std::time::Duration;

const VALIDATORS: u32 = 4;
const PRESET: Preset = Preset::Fast;
const TIMING: TimingParameters = PRESET.timing();

/// The first genesis validator: the one that is asked, where nothing else matters.
const FIRST: &str = "alice";

/// Bounds the wait for a change of the validator set, which may be two eras away.
const ELECTION_LIMIT: Duration = Duration::from_secs(900);

/// More than any genesis validator has at stake, so that an election prefers the newcomer to one of them.
const NEWCOMERS_STAKE: Balance = 100_000 * UNITS;

/// What the SDK logs when every part of the sandbox around its PVF workers is in force, and when a warp sync is done.
const SANDBOX_IS_ON: &str = "Running in Secure Validator Mode";
const WARP_IS_DONE: &str = "Warp sync is complete";

/// A genesis validator.
struct Validator {
    node: String,
    stash: AccountId,
}

#[tokio::test(flavor = "multi_thread")]
async fn validators_survive_kills_and_the_set_changes_at_run_time() {
    let mut rng = seeded_rng();
    let network = LocalNetwork::builder().validators(VALIDATORS).chain(PRESET.name()).start().await;
    let network = network.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = story(&network, &mut rng).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn story(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    all_author_and_finalize(network).await.context("at the start")?;
    kill_one_at_a_time(network, rng).await?;
    kill_all_at_once(network, rng).await?;
    for sync in sync_modes() {
        a_newcomer_validates_and_leaves(network, *sync).await.with_context(|| format!("{} sync", sync.name()))?;
    }
    nobody_was_slashed(network).await?;
    every_sandbox_is_on(network)
}

fn sync_modes() -> &'static [SyncMode] {
    match tier() {
        Tier::Test => &[SyncMode::Full],
        Tier::Prove | Tier::Soak | Tier::Bench => &[SyncMode::Full, SyncMode::Warp],
    }
}

/// Which of them vote for finality shows later: with one of four dead, none of the others can be missed.
async fn all_author_and_finalize(network: &LocalNetwork) -> Result<()> {
    for validator in genesis_validators() {
        let number = wait_author(network, &validator.node, &validator.node, 1).await?;
        network.wait_finalized(number, BLOCK_LIMIT).await?;
    }
    Ok(())
}

async fn kill_one_at_a_time(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    println!("kills of one validator:");
    let mut victims = Vec::new();
    for round in 1..=rounds(3, 20) {
        if victims.is_empty() {
            // Each in turn, in a random order: two rounds show the vote of every validator.
            victims = genesis_validators();
            victims.shuffle(rng);
        }
        let victim = victims.pop().context("there are validators")?;
        kill_one(network, rng, &victim).await.with_context(|| format!("round {round}: {}", victim.node))?;
        println!("round {round}: {} is back", victim.node);
    }
    Ok(())
}

async fn kill_one(network: &LocalNetwork, rng: &mut StdRng, victim: &Validator) -> Result<()> {
    let observer = genesis_validators().into_iter().map(|validator| validator.node).find(|node| *node != victim.node);
    let observer = observer.context("there are other validators")?;

    random_moment(network, rng, &victim.node).await?;
    let set = validators::active(&connect(network, &observer).await?).await?;
    ensure!(set.contains(&victim.stash), "it is not in the active set, so the round does not count");
    network.kill(&victim.node).await?;

    finality_goes_on(network, &observer).await.context("after the kill")?;
    comes_back(network, &observer, &victim.node).await
}

async fn kill_all_at_once(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    println!("kills of all validators:");
    for round in 1..=rounds(1, 5) {
        random_moment(network, rng, FIRST).await?;
        let finalized = finalized_hashes(network).await?;
        let best = highest_best(network).await?;
        network.kill_all().await?;
        network.restart_all().await?;

        // Above everything that was there: written, and voted for, after the restart.
        network
            .wait_finalized(best + 1, BLOCK_LIMIT)
            .await
            .with_context(|| format!("round {round}: restart of all"))?;
        for node in network.nodes() {
            let client = network.rpc(&node.name).await?;
            for (number, before) in (0..).zip(&finalized) {
                let now = rpc::block_hash(&client, number).await?;
                ensure!(
                    now.as_ref() == Some(before),
                    "round {round}: {} has {now:?} at {number}, not {before}",
                    node.name
                );
            }
        }
        println!("round {round}: all are back, {} finalized blocks are the same", finalized.len());
    }
    Ok(())
}

/// What an operator does: start an unknown node, let it sync, bond, make keys and prove that they are his, run for
/// election; later withdraw.
async fn a_newcomer_validates_and_leaves(network: &LocalNetwork, sync: SyncMode) -> Result<()> {
    let chain = connect(network, FIRST).await?;
    let node = network.add_validator(Some(&format!("newcomer-{}", sync.name())), sync).await?;
    network.wait_finalized_on(&node.name, network.finalized(FIRST).await?, BLOCK_LIMIT).await.context("its sync")?;
    if sync == SyncMode::Warp {
        ensure!(validators::log(&node)?.contains(WARP_IS_DONE), "its log does not tell of a warp sync");
    }

    let operator = candidate::operator(&node.name);
    let account = AccountId::from(operator.public());
    let library = chain.library();
    let funder = Sr25519Keyring::Alice.pair();
    candidate::fund(library, &funder, std::slice::from_ref(&account), NEWCOMERS_STAKE).await.context("its funds")?;
    let keys = candidate::run_for_election(library, &node.rpc_url, &operator, NEWCOMERS_STAKE).await;
    let author = author_name(&keys.context("its candidacy")?);
    let (elected, set) =
        wait_active(&chain, "newcomer in the active set", ELECTION_LIMIT, |set| set.contains(&account)).await?;
    ensure!(u32::try_from(set.len())? == VALIDATORS, "there are {} validators with the newcomer", set.len());
    wait_author(network, FIRST, &author, elected.number + 1).await.context("its first block")?;
    finality_needs_it(network, &chain).await.context("its votes")?;

    chain.submit(&operator, RuntimeCall::Staking(pallet_staking::Call::chill {})).await.context("its chill")?;
    let (left, set) =
        wait_active(&chain, "active set without the newcomer", ELECTION_LIMIT, |set| !set.contains(&account)).await?;
    let are_back = genesis_validators().iter().all(|validator| set.contains(&validator.stash));
    ensure!(are_back, "after its leave the active set is {set:?}");
    network
        .wait_finalized(left.number + TIMING.epoch_slots, BLOCK_LIMIT)
        .await
        .context("the session after its leave")?;
    println!("{}: active after block {}, gone after block {}", node.name, elected.number, left.number);
    Ok(())
}

/// With one other of the four dead, three votes are needed and three are left: the newcomer's is among them.
async fn finality_needs_it(network: &LocalNetwork, chain: &Chain) -> Result<()> {
    let set = validators::active(chain).await?;
    let mut others = genesis_validators().into_iter().skip(1);
    let victim = others.find(|validator| set.contains(&validator.stash)).context("one other is active")?;
    network.kill(&victim.node).await?;
    finality_goes_on(network, FIRST).await?;
    network.restart(&victim.node).await?;
    network.wait_finalized_on(&victim.node, network.finalized(FIRST).await?, BLOCK_LIMIT).await?;
    Ok(())
}

async fn nobody_was_slashed(network: &LocalNetwork) -> Result<()> {
    let chain = connect(network, FIRST).await?;
    let last = chain.finalized().await?;
    for (pallet, item) in [
        ("Staking", "SlashingSpans"),
        ("Staking", "UnappliedSlashes"),
        ("Staking", "ValidatorSlashInEra"),
        ("Staking", "NominatorSlashInEra"),
        ("Offences", "Reports"),
        ("ParasSlashing", "UnappliedSlashes"),
    ] {
        let count = chain.count_keys(pallet, item, last.hash).await?;
        ensure!(count == 0, "{pallet}.{item} has {count} entries");
    }
    for (number, event) in chain.events_of(1..=last.number).await? {
        let is_fault = matches!(
            event,
            RuntimeEvent::Staking(pallet_staking::Event::Slashed { .. } | pallet_staking::Event::SlashReported { .. })
                | RuntimeEvent::Session(pallet_session::Event::ValidatorDisabled { .. })
                | RuntimeEvent::Offences(_)
        );
        ensure!(!is_fault, "block {number}: {event:?}");
    }
    println!("no slash, no offence and nobody disabled in {} finalized blocks", last.number);
    Ok(())
}

fn every_sandbox_is_on(network: &LocalNetwork) -> Result<()> {
    for node in network.nodes() {
        ensure!(validators::log(&node)?.contains(SANDBOX_IS_ON), "{} does not run in Secure Validator Mode", node.name);
    }
    Ok(())
}

/// Waits for a random moment of the session that begins now, counted in its blocks, and of a slot.
async fn random_moment(network: &LocalNetwork, rng: &mut StdRng, node: &str) -> Result<()> {
    let number = network.best(node).await? + rng.gen_range(0..TIMING.epoch_slots);
    let millis = rng.gen_range(0..TIMING.slot_millis);
    let what = format!("best block {number}");
    network.wait_for_node(node, &what, BLOCK_LIMIT, move |status| status.best >= number).await?;
    tokio::time::sleep(Duration::from_millis(millis)).await;
    Ok(())
}

/// Starts a validator again, and waits until it has caught up and has written a block.
async fn comes_back(network: &LocalNetwork, observer: &str, validator: &str) -> Result<()> {
    let missed = network.best(observer).await?;
    network.restart(validator).await?;
    network.wait_finalized_on(validator, missed, BLOCK_LIMIT).await.context("after its restart")?;
    wait_author(network, observer, validator, missed + 1).await.context("after its restart")?;
    Ok(())
}

/// The hashes of all blocks from genesis to the highest that any node has finalized.
async fn finalized_hashes(network: &LocalNetwork) -> Result<Vec<String>> {
    let mut highest = (0, String::new());
    for node in network.nodes() {
        highest = highest.max((network.finalized(&node.name).await?, node.name));
    }
    let (finalized, name) = highest;
    let client = network.rpc(&name).await?;
    let mut hashes = Vec::new();
    for number in 0..=finalized {
        let hash = rpc::block_hash(&client, number).await?;
        hashes.push(hash.with_context(|| format!("{name} has no block {number}"))?);
    }
    Ok(hashes)
}

async fn highest_best(network: &LocalNetwork) -> Result<BlockNumber> {
    let mut highest = 0;
    for node in network.nodes() {
        highest = highest.max(network.best(&node.name).await?);
    }
    Ok(highest)
}

fn genesis_validators() -> Vec<Validator> {
    let names = (0..VALIDATORS).map(validator_name);
    names.map(|name| Validator { stash: stash(&name), node: name.to_lowercase() }).collect()
}

async fn connect(network: &LocalNetwork, node: &str) -> Result<Chain> {
    Chain::connect(&network.node(node)?.rpc_url).await
}
