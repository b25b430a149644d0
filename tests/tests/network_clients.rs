// SPDX-License-Identifier: GPL-3.0-only
//! What users do with a running network over RPC: they use a client library in another language, and they govern its
//! runtime.

mod clients {
    pub mod bad_runtimes;
    pub mod script;
    pub mod transfer;
}

use anyhow::{ensure, Context, Result};
use clients::{
    bad_runtimes, script,
    transfer::{Expected, Transfer},
};
use codec::Decode;
use serin_node::network::{rpc, LocalNetwork};
use serin_runtime::{genesis_config_presets::Preset, BlockNumber, Hash, Runtime, RuntimeCall, RuntimeEvent, VERSION};
use serin_tests::{
    chain::{BlockId, Chain},
    referendum::enact_as_root,
    seeded_rng,
    upgrade::{apply, authorize, authorized, next_runtime, updated},
};
use sp_consensus_babe::digests::CompatibleDigestItem;
use sp_core::storage::well_known_keys::CODE;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    traits::{BlakeTwo256, Hash as HashT},
    DigestItem, DispatchError,
};
use std::{fs, time::Duration};

type SystemError = frame_system::Error<Runtime>;
type SystemEvent = frame_system::Event<Runtime>;

/// Over how many blocks after an upgrade missed slots are counted, and how many there may be.
const WATCHED_BLOCKS: BlockNumber = 10;
const MISSED_SLOTS: u64 = 2;
/// Bounds each wait: many times what it takes on two cores.
const LIMIT: Duration = Duration::from_secs(300);

/// Whether the sender's signature covers the hash of the metadata that it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MetadataHash {
    Signed,
    Left,
}

#[tokio::test(flavor = "multi_thread")]
async fn polkadot_js_transfers_and_a_referendum_authorizes_runtimes_of_which_bad_ones_are_refused() {
    let preset = Preset::Fast;
    let network = LocalNetwork::builder().validators(2).chain(preset.name()).start().await;
    let network = network.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = clients_and_refusals(&network, preset).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

/// Only on the tier `prove`: the next runtime takes its own build.
#[tokio::test(flavor = "multi_thread")]
async fn prove_a_referendum_enacts_the_next_runtime() {
    let network = LocalNetwork::builder()
        .validators(4)
        .chain(Preset::Local.name())
        .arguments(["--log", "wasm-runtime=debug"])
        .start()
        .await;
    let network = network.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = upgrade(&network).await {
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn clients_and_refusals(network: &LocalNetwork, preset: Preset) -> Result<()> {
    let chain = connect(network).await?;

    let expected = Expected::of_relay_chain(preset, VERSION.spec_version);
    polkadot_js(network, &chain, &expected, MetadataHash::Left).await.context("polkadot-js")?;

    let running = running_code(&chain).await?;
    bad_runtimes_are_refused_when_authorized(&chain, &running).await?;
    what_is_authorized_is_open_to_anyone_and_checked(&chain, running).await
}

/// One referendum: root authorizes each bad runtime and applies it at once; at last it authorizes the running one.
async fn bad_runtimes_are_refused_when_authorized(chain: &Chain, running: &[u8]) -> Result<()> {
    let bad = [
        (bad_runtimes::garbage(), SystemError::FailedToExtractRuntimeVersion),
        (bad_runtimes::with_version("kusama", VERSION.spec_version + 1), SystemError::InvalidSpecName),
        (bad_runtimes::with_version("serin", VERSION.spec_version - 1), SystemError::SpecVersionNeedsToIncrease),
    ];
    let mut calls = Vec::new();
    let mut expected = Vec::new();
    for (code, error) in bad {
        let code_hash = BlakeTwo256::hash(&code);
        calls.extend([authorize(code_hash), apply(code)]);
        expected.extend([authorized(code_hash), rejected(code_hash, error)]);
    }
    let running_hash = BlakeTwo256::hash(running);
    calls.push(authorize(running_hash));
    expected.push(authorized(running_hash));

    let events = enact_as_root(chain, RuntimeCall::Utility(pallet_utility::Call::batch_all { calls })).await?;
    let upgrades = events.into_iter().filter(is_about_upgrades).collect::<Vec<_>>();
    ensure!(upgrades == expected, "instead of {expected:?} there was {upgrades:?}");
    Ok(())
}

async fn what_is_authorized_is_open_to_anyone_and_checked(chain: &Chain, running: Vec<u8>) -> Result<()> {
    let anyone = Sr25519Keyring::Dave.pair();
    let refused = |outcome: Result<_>, name: &str| {
        let told = outcome.map_or_else(|error| format!("{error:#}"), |_| "success".to_owned());
        ensure!(told.contains(&format!("System({name})")), "{told} in place of {name}");
        Ok(())
    };
    refused(chain.submit(&anyone, apply(bad_runtimes::garbage())).await, "Unauthorized")?;

    let hash = BlakeTwo256::hash(&running);
    let sent = chain.submit(&anyone, apply(running)).await?;
    let rejection = rejected(hash, SystemError::SpecVersionNeedsToIncrease);
    ensure!(sent.events.contains(&rejection), "the running version was not rejected: {:?}", sent.events);

    refused(chain.submit(&anyone, apply(bad_runtimes::garbage())).await, "NothingAuthorized")?;
    let (spec_version, _) = chain.runtime_version().await?;
    ensure!(spec_version == VERSION.spec_version, "the runtime is at {spec_version} now");
    Ok(())
}

async fn upgrade(network: &LocalNetwork) -> Result<()> {
    let code = next_runtime()?;
    let code_hash = BlakeTwo256::hash(&code);
    let chain = connect(network).await?;
    let (before, _) = chain.runtime_version().await?;

    let events = enact_as_root(&chain, authorize(code_hash)).await?;
    ensure!(events.contains(&authorized(code_hash)), "the referendum authorized nothing");
    let applied = chain.submit(&Sr25519Keyring::Dave.pair(), apply(code)).await.context("applying the runtime")?;
    ensure!(applied.events.contains(&updated(code_hash)), "the code was not updated: {:?}", applied.events);

    let first = applied.block.number;
    network.wait_finalized(first + WATCHED_BLOCKS, LIMIT).await.context("after the upgrade")?;
    let (after, _) = chain.runtime_version().await?;
    ensure!(after > before, "the runtime is at {after} still");
    // Signed for the new version.
    let remark = RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() });
    chain.submit(&Sr25519Keyring::Dave.pair(), remark).await.context("a transaction after the upgrade")?;

    let slots = slot(&chain, first + WATCHED_BLOCKS).await? - slot(&chain, first).await?;
    let missed = slots - u64::from(WATCHED_BLOCKS);
    println!("spec_version {before} -> {after} in block {first}: {missed} slots missed within {slots}");
    print_compile_times(network, after)?;
    ensure!(missed <= MISSED_SLOTS, "{missed} slots were missed after the upgrade, more than {MISSED_SLOTS}");

    let expected = Expected::of_relay_chain(Preset::Local, after);
    let outcome = polkadot_js(network, &chain, &expected, MetadataHash::Signed).await;
    outcome.context("polkadot-js with the metadata's hash")
}

/// Sends a transfer with it, and checks what it says of it.
async fn polkadot_js(network: &LocalNetwork, chain: &Chain, expected: &Expected, hash: MetadataHash) -> Result<()> {
    let transfer = Transfer::random(Sr25519Keyring::Alice, &mut seeded_rng());
    let mut arguments = vec!["--url".to_owned(), network.node("alice")?.rpc_url];
    arguments.extend(transfer.arguments());
    if hash == MetadataHash::Signed {
        arguments.push("--metadata-hash".to_owned());
    }
    let report = script::run("polkadot-js.mjs", arguments).await?;
    println!("polkadot-js: {report}");
    transfer.ensure_made(chain, expected, &report).await
}

fn rejected(code_hash: Hash, error: SystemError) -> RuntimeEvent {
    let error = DispatchError::from(error);
    RuntimeEvent::System(SystemEvent::RejectedInvalidAuthorizedUpgrade { code_hash, error })
}

fn is_about_upgrades(event: &RuntimeEvent) -> bool {
    let RuntimeEvent::System(event) = event else { return false };
    matches!(
        event,
        SystemEvent::UpgradeAuthorized { .. }
            | SystemEvent::RejectedInvalidAuthorizedUpgrade { .. }
            | SystemEvent::CodeUpdated { .. }
    )
}

async fn connect(network: &LocalNetwork) -> Result<Chain> {
    Chain::connect(&network.node("alice")?.rpc_url).await
}

async fn running_code(chain: &Chain) -> Result<Vec<u8>> {
    let at = chain.finalized().await?.hash;
    chain.storage(CODE, at).await?.context("the chain has no code")
}

/// The slot of the block of that number.
async fn slot(chain: &Chain, number: BlockNumber) -> Result<u64> {
    let BlockId { hash, .. } = chain.block_at(number).await?;
    let header = rpc::header(chain.client(), Some(&format!("{hash:?}"))).await?.context("it has a header")?;
    let items = header.digest.logs.iter().filter_map(|log| {
        let bytes = rpc::from_hex(log)?;
        DigestItem::decode(&mut bytes.as_slice()).ok()
    });
    let claim = items.filter_map(|item| item.as_babe_pre_digest()).next();
    Ok(*claim.with_context(|| format!("block {number} has no slot"))?.slot())
}

/// What each node's log says about how long it took to compile the runtime of that version.
fn print_compile_times(network: &LocalNetwork, spec_version: u32) -> Result<()> {
    for node in network.nodes() {
        let log = String::from_utf8_lossy(&fs::read(&node.log)?).into_owned();
        let version = format!("spec_version: {spec_version},");
        let compiled = log.lines().filter(|line| line.contains("Prepared new runtime") && line.contains(&version));
        let times = compiled.filter_map(|line| Some(line.rsplit_once(" in ")?.1)).collect::<Vec<_>>();
        println!("{} compiled it in {}", node.name, times.join(", "));
    }
    Ok(())
}
