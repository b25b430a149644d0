// SPDX-License-Identifier: GPL-3.0-only
//! The client libraries that people use, against a relay chain and a parachain: each reads, signs, submits and sees its
//! transaction finalized; the light client too, which knows the chains by their specs and asks nobody over RPC.

mod clients {
    pub mod light_client;
    pub mod script;
    pub mod subxt_client;
    pub mod transfer;
}

use anyhow::{ensure, Context, Result};
use clients::{
    light_client, script, subxt_client,
    transfer::{ensure_final, Expected, Transfer},
};
use rand::rngs::StdRng;
use serde_json::Value;
use serin_node::network::LocalNetwork;
use serin_parachain_runtime::constants::{currency::TOKEN_SYMBOL, time::SLOT_MILLIS};
use serin_runtime::genesis_config_presets::Preset;
use serin_tests::{chain::Chain, seeded_rng};
use sp_keyring::Sr25519Keyring;
use std::{path::Path, time::Duration};

const PARA: u32 = 2_087;
const PARA_NAME: &str = "picasso";
const VALIDATORS: u32 = 4;
/// The nodes that are asked over RPC.
const VALIDATOR: &str = "alice";
const COLLATOR: &str = "picasso-1";
/// Bounds each wait: many times what it takes on two cores.
const LIMIT: Duration = Duration::from_secs(600);

/// One of the two chains, as the node that is asked knows it.
struct Side {
    name: &'static str,
    node: &'static str,
    url: String,
    chain: Chain,
    expected: Expected,
}

/// Only on the tier `prove`: twelve transactions, one after the other, each until its block is final.
#[tokio::test(flavor = "multi_thread")]
async fn prove_every_client_library_reads_signs_and_submits_on_relay_chain_and_parachain() {
    let mut rng = seeded_rng();
    let network = LocalNetwork::builder()
        .validators(VALIDATORS)
        .chain(Preset::Local.name())
        .para(PARA, PARA_NAME)
        .timeout(LIMIT)
        .start()
        .await;
    let network = network.unwrap_or_else(|error| panic!("{error}"));
    if let Err(error) = story(&network, &mut rng).await {
        // Not returned: when a panic drops the network, it shows the ends of the logs.
        panic!("{error:?}");
    }
    network.stop().await.unwrap_or_else(|error| panic!("{error}"));
}

async fn story(network: &LocalNetwork, rng: &mut StdRng) -> Result<()> {
    network.wait_included(PARA, 1, LIMIT).await?;
    let (relay_chain, parachain) = sides(network).await?;
    for side in [&relay_chain, &parachain] {
        over_rpc(side, rng).await.with_context(|| format!("on the {}", side.name))?;
    }
    with_a_light_client(network, &relay_chain, &parachain, rng).await
}

async fn sides(network: &LocalNetwork) -> Result<(Side, Side)> {
    let side = |name, node, expected| async move {
        let url = network.node(node)?.rpc_url;
        Ok::<_, anyhow::Error>(Side { name, node, chain: Chain::connect(&url).await?, url, expected })
    };
    let of_relay_chain = Expected::of_relay_chain(Preset::Local, serin_runtime::VERSION.spec_version);
    let of_parachain = Expected {
        spec_version: serin_parachain_runtime::VERSION.spec_version,
        symbol: TOKEN_SYMBOL,
        slot_millis: SLOT_MILLIS,
    };
    Ok((side("relay chain", VALIDATOR, of_relay_chain).await?, side("parachain", COLLATOR, of_parachain).await?))
}

/// Each with a signer of its own, so that no nonce depends on what another client did. None is Alice, who is a collator and
/// earns fees.
async fn over_rpc(side: &Side, rng: &mut StdRng) -> Result<()> {
    let scripts =
        [("polkadot-js", Sr25519Keyring::Bob), ("papi", Sr25519Keyring::Charlie), ("dedot", Sr25519Keyring::Dave)];
    for (client, signer) in scripts {
        let transfer = Transfer::random(signer, rng);
        let arguments = ["--url".to_owned(), side.url.clone()].into_iter().chain(transfer.arguments());
        let report = script::run(&format!("{client}.mjs"), arguments).await;
        check(side, &transfer, report).await.context(client)?;
    }
    let transfer = Transfer::random(Sr25519Keyring::Eve, rng);
    let report = subxt_client::run(&side.url, &transfer).await;
    check(side, &transfer, report).await.context("subxt").map(drop)
}

async fn with_a_light_client(
    network: &LocalNetwork,
    relay_chain: &Side,
    parachain: &Side,
    rng: &mut StdRng,
) -> Result<()> {
    let directory = tempfile::tempdir()?;
    let para_spec = light_client::of_parachain(network, PARA, directory.path())?;

    let genesis = light_client::from_genesis(network, directory.path())?;
    let outcome = smoldot(network, relay_chain, &genesis, None, rng).await;
    outcome.context("smoldot from genesis")?;
    let outcome = smoldot(network, parachain, &genesis, Some(&para_spec), rng).await;
    outcome.context("smoldot on the parachain, from genesis")?;

    let checkpoint = light_client::from_checkpoint(network, &relay_chain.chain, directory.path(), LIMIT).await?;
    let outcome = smoldot(network, relay_chain, &checkpoint, None, rng).await;
    outcome.context("smoldot from a checkpoint")?;
    let outcome = smoldot(network, parachain, &checkpoint, Some(&para_spec), rng).await;
    outcome.context("smoldot on the parachain, from a checkpoint of the relay chain")
}

/// `spec`: the relay chain's. The light client has to come at least to where the full node is now.
async fn smoldot(
    network: &LocalNetwork,
    side: &Side,
    spec: &Path,
    para_spec: Option<&Path>,
    rng: &mut StdRng,
) -> Result<()> {
    let transfer = Transfer::random(Sr25519Keyring::Ferdie, rng);
    let at_least = side.chain.finalized().await?.number;
    let path = |path: &Path| path.display().to_string();
    let mut arguments = vec!["--spec".to_owned(), path(spec), "--at-least".to_owned(), at_least.to_string()];
    if let Some(para_spec) = para_spec {
        arguments.extend(["--para-spec".to_owned(), path(para_spec)]);
    }
    arguments.extend(transfer.arguments());
    let report = script::run("smoldot.mjs", arguments).await?;

    // The light client may have heard of the finality from another node, and earlier.
    let last = side.chain.block(serde_json::from_value(report["finalizedIn"].clone())?).await?;
    network.wait_finalized_on(side.node, last.number, LIMIT).await?;
    let report = check(side, &transfer, Ok(report)).await?;
    let block = ensure_final(&side.chain, serde_json::from_value(report["syncedHash"].clone())?).await?;
    ensure!(report["syncedTo"] == block.number, "it calls block {block:?} by another number: {report}");
    ensure!(block.number >= at_least, "it came to block {block:?} only, not to {at_least}");
    Ok(())
}

/// Prints the report, times and all.
async fn check(side: &Side, transfer: &Transfer, report: Result<Value>) -> Result<Value> {
    let report = report?;
    println!("{}: {report}", side.name);
    transfer.ensure_made(&side.chain, &side.expected, &report).await?;
    Ok(report)
}
