// SPDX-License-Identifier: GPL-3.0-only
//! Parachains over time: one that comes to a running network, is given a core and changes its runtime, and two that keep
//! their pace. These take minutes, so they run on the tier `prove` alone.

mod lifecycle {
    pub mod collator;
    pub mod on_relay;
    pub mod pace;
    pub mod registration;
    pub mod upgrade;

    use sp_keyring::Sr25519Keyring;
    use std::time::Duration;

    /// Registers the parachain. It is neither a validator nor a voter.
    pub const FOUNDER: Sr25519Keyring = Sr25519Keyring::Ferdie;
    /// Sends what anybody may.
    pub const ANYONE: Sr25519Keyring = Sr25519Keyring::Dave;
    /// Bounds each wait: many times what it takes on two cores.
    pub const LIMIT: Duration = Duration::from_secs(600);
}

use anyhow::{ensure, Context, Result};
use lifecycle::{
    collator::Collator,
    on_relay::{reserved, OnRelay},
    pace,
    registration::{self, refused, Genesis},
    upgrade::{self, Upgrade},
    FOUNDER, LIMIT,
};
use polkadot_primitives::{CoreIndex, Id as ParaId};
use polkadot_runtime_common::paras_registrar;
use polkadot_runtime_parachains::{
    configuration, coretime,
    scheduler::{CoreAssignment, PartsOf57600},
};
use serin_node::network::LocalNetwork;
use serin_runtime::{genesis_config_presets::Preset, BlockNumber, Runtime, RuntimeCall, RuntimeEvent};
use serin_tests::{chain::Chain, referendum::enact_as_root, rounds};
use sp_runtime::traits::{BlakeTwo256, Hash};
use tokio::task::block_in_place;

const PRESET: Preset = Preset::Local;
const VALIDATORS: u32 = 4;
/// The validator that is asked, where nothing else matters.
const FIRST: &str = "alice";
/// The only core that somebody has.
const CORE: u16 = 0;
/// How many blocks show that a parachain goes on.
const BLOCKS_ON: u32 = 4;
/// Half an hour.
const WATCHED_BLOCKS: u32 = 300;

#[tokio::test(flavor = "multi_thread")]
async fn prove_a_parachain_registered_at_run_time_produces_blocks_and_is_upgraded() {
    // Without a parachain at genesis: code that the relay chain knows would not be voted on.
    let network = LocalNetwork::builder().validators(VALIDATORS).chain(PRESET.name()).timeout(LIMIT).start().await;
    let network = network.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = life(&network).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn prove_parachains_keep_their_pace() {
    let network = LocalNetwork::builder()
        .validators(VALIDATORS)
        .chain(PRESET.name())
        .para(2_087, "picasso")
        .para(2_100, "subsocial")
        .timeout(LIMIT);
    let network = network.start().await.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = keep_pace(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn life(network: &LocalNetwork) -> Result<()> {
    let next_runtime = upgrade::next_runtime()?;
    let chain = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    let id = registration::reserve(&chain).await?;
    let files = tempfile::tempdir()?;
    let genesis = block_in_place(|| Genesis::export(id, files.path()))?;
    let para = OnRelay { chain: &chain, id };
    tokio::try_join!(registration::register(&para, &genesis), registration::refusals(&chain, id, &genesis))?;

    let collator = block_in_place(|| Collator::start(network, &genesis.spec))?;
    let outcome = life_with_collator(&para, &collator, &genesis, next_runtime).await;
    outcome.with_context(|| format!("the end of the collator's log:\n{}", collator.log_tail()))
}

async fn life_with_collator(
    para: &OnRelay<'_>,
    collator: &Collator,
    genesis: &Genesis,
    next_runtime: Vec<u8>,
) -> Result<()> {
    let parachain = Chain::connect_to_parachain(&collator.url).await?;
    let (begin, registered) = (parachain.genesis_hash(), BlakeTwo256::hash(&genesis.head.0));
    ensure!(begin == registered, "{} begins with {begin:?}, not {registered:?}", collator.url);
    ensure!(para.included().await? == 0, "it has blocks, but no core");
    a_referendum_gives_a_core(para).await?;
    let block = para.wait_included(BLOCKS_ON).await?;
    println!("block {BLOCKS_ON} of the parachain was included and final by relay block {}", block.number);

    let Upgrade { announced, switched } =
        upgrade::upgrade(para, &parachain, next_runtime).await.context("the upgrade")?;
    ensure!(announced < switched, "the parachain did not wait for the relay chain's word");
    the_manager_is_locked_out(para).await?;
    // By now the sessions have passed after which a change of the configuration is in force.
    let at = para.chain.finalized().await?.hash;
    let key = configuration::ActiveConfig::<Runtime>::hashed_key();
    let host = para.chain.read::<configuration::HostConfiguration<BlockNumber>>(&key, at).await?;
    let cores = host.context("the host has no configuration")?.scheduler_params.num_cores;
    ensure!(cores == u32::from(CORE) + 1, "there are {cores} cores");
    Ok(())
}

async fn a_referendum_gives_a_core(para: &OnRelay<'_>) -> Result<()> {
    let new = u32::from(CORE) + 1;
    let assignment = vec![(CoreAssignment::Task(para.id.into()), PartsOf57600::FULL)];
    let calls = vec![
        RuntimeCall::Configuration(configuration::Call::set_coretime_cores { new }),
        // It begins in the past, so at once.
        RuntimeCall::Coretime(coretime::Call::assign_core { core: CORE, begin: 0, assignment, end_hint: None }),
    ];
    let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls });
    let events = enact_as_root(para.chain, batch).await.context("the referendum on a core")?;
    let core = CoreIndex(CORE.into());
    let assigned = RuntimeEvent::Coretime(coretime::Event::CoreAssigned { core });
    ensure!(events.contains(&assigned), "no core was assigned");
    Ok(())
}

/// The first block has locked the parachain: whoever registered it has no say any more, and no deposit back.
async fn the_manager_is_locked_out(para: &OnRelay<'_>) -> Result<()> {
    let (chain, id): (_, ParaId) = (para.chain, para.id);
    let before = chain.finalized().await?.hash;
    let registration = para.registration(before).await?;
    ensure!(registration.locked == Some(true), "the registrar has {registration:?}");
    let deregister = RuntimeCall::Registrar(paras_registrar::Call::deregister { id });
    refused(chain, &FOUNDER.pair(), deregister, "Registrar(ParaLocked)").await?;

    let after = chain.finalized().await?.hash;
    let held = reserved(chain, FOUNDER, after).await?;
    ensure!(held == registration.deposit, "{held} of {} is reserved still", registration.deposit);
    let included = para.included().await?;
    para.wait_included(included + BLOCKS_ON).await.context("after the refusal")?;
    Ok(())
}

async fn keep_pace(network: &LocalNetwork) -> Result<()> {
    let chain = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    for record in network.parachains() {
        network.wait_included(record.id, BLOCKS_ON, LIMIT).await?;
    }
    let slot_millis = u32::try_from(PRESET.timing().slot_millis)?;
    pace::watch(network, &chain, rounds(BLOCKS_ON, WATCHED_BLOCKS), slot_millis).await
}
