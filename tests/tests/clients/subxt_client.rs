// SPDX-License-Identifier: GPL-3.0-only
//! What the scripts of `tests/clients` do, with subxt: types come from the chain's metadata, none are generated.

use super::transfer::Transfer;
use anyhow::{Context, Result};
use serde_json::{json, Value};
use std::{
    str::FromStr,
    time::{Duration, Instant},
};
use subxt::{
    config::RpcConfigFor,
    dynamic::{self, At},
    rpcs::{LegacyRpcMethods, RpcClient},
    utils::{AccountId32, MultiAddress},
    OnlineClient, OnlineClientAtBlock, SubstrateConfig,
};
use subxt_signer::{sr25519::Keypair, SecretUri};

/// As long as the scripts have.
const LIMIT: Duration = Duration::from_secs(270);

/// Connects to a node, reads metadata, constants and balances, sends the transfer and waits for its finalization: a report
/// as the scripts write it.
pub async fn run(url: &str, transfer: &Transfer) -> Result<Value> {
    let in_time = tokio::time::timeout(LIMIT, read_and_transfer(url, transfer)).await;
    in_time.with_context(|| format!("no result within {} s", LIMIT.as_secs()))?
}

async fn read_and_transfer(url: &str, transfer: &Transfer) -> Result<Value> {
    let begun = Instant::now();
    let rpc = RpcClient::from_insecure_url(url).await?;
    let client = OnlineClient::<SubstrateConfig>::from_rpc_client(rpc.clone()).await.context("connecting")?;
    let connect_millis = millis(begun);

    let begun = Instant::now();
    let now = client.at_current_block().await.context("loading metadata")?;
    let metadata_millis = millis(begun);

    let ss58 = now.constants().entry(dynamic::constant::<u16>("System", "SS58Prefix"))?;
    let (pallet, constant) = match now.metadata_ref().pallet_by_name("Babe") {
        Some(_) => ("Babe", "ExpectedBlockTime"),
        None => ("Aura", "SlotDuration"),
    };
    let slot_millis = now.constants().entry(dynamic::constant::<u64>(pallet, constant))?;
    let methods = LegacyRpcMethods::<RpcConfigFor<SubstrateConfig>>::new(rpc);
    let properties = methods.system_properties().await?;

    let signer = Keypair::from_uri(&SecretUri::from_str(&transfer.signer.to_seed())?)?;
    let sender = signer.public_key().0;
    let receiver: [u8; 32] = transfer.receiver.clone().into();
    let before = balance(&now, sender).await.context("reading the signer's balance")?;

    let begun = Instant::now();
    let dest = MultiAddress::<AccountId32, ()>::Id(AccountId32(receiver));
    let call = dynamic::transaction("Balances", "transfer_keep_alive", (dest, transfer.amount));
    let progress = now.transactions().sign_and_submit_then_watch_default(&call, &signer).await?;
    let finalized = progress.wait_for_finalized().await.context("waiting for the finalization")?;
    let finalized_millis = millis(begun);
    finalized.wait_for_success().await.context("the outcome of the transfer")?;

    let then = finalized.at().await?;
    Ok(json!({
        "client": "subxt",
        "chain": methods.system_chain().await?,
        "specVersion": now.spec_version(),
        "ss58": ss58,
        "symbol": properties.get("tokenSymbol"),
        "decimals": properties.get("tokenDecimals"),
        "slotMillis": slot_millis,
        "spent": before.saturating_sub(balance(&then, sender).await?).to_string(),
        "received": balance(&then, receiver).await?.to_string(),
        "finalizedIn": format!("{:?}", finalized.block_hash()),
        "connectMillis": connect_millis,
        "metadataMillis": metadata_millis,
        "finalizedMillis": finalized_millis,
    }))
}

async fn balance(at: &OnlineClientAtBlock<SubstrateConfig>, account: [u8; 32]) -> Result<u128> {
    let address = dynamic::storage::<([u8; 32],), dynamic::Value>("System", "Account");
    let info = at.storage().fetch(address, (account,)).await?.decode()?;
    info.at("data").at("free").and_then(|free| free.as_u128()).with_context(|| format!("an account is {info}"))
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
