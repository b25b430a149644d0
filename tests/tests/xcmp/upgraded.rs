// SPDX-License-Identifier: GPL-3.0-only
//! The receiver's runtime is replaced while messages come. Which roots a collator proves to a block is asked of the code in the
//! state before it: whichever of the two that is, no root is left out.

use crate::{
    lifecycle::{
        on_relay::OnRelay,
        upgrade::{self, Upgrade, BLOCKS_ON},
    },
    xcmp::traffic::{Direction, AT_ONCE},
    FIRST,
};
use anyhow::{ensure, Context, Result};
use codec::Encode;
use cumulus_primitives_core::{RelayProofRequest, RelayStorageKey};
use jsonrpsee::{core::client::ClientT, rpc_params};
use serde_json::Value;
use serin_node::network::{rpc, LocalNetwork};
use serin_primitives::xcmp::latest_root_key;
use serin_tests::chain::Chain;
use std::sync::atomic::{AtomicBool, Ordering};

pub async fn loses_nothing(network: &LocalNetwork, direction: &Direction) -> Result<()> {
    let code = upgrade::next_runtime()?;
    let chain = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    let parachain = direction.far(network).await?;
    let para = OnRelay { chain: &chain, id: direction.to.into() };
    let is_over = AtomicBool::new(false);
    let upgrade = async {
        let outcome = upgrade::upgrade(&para, &parachain, code).await.context("the upgrade");
        is_over.store(true, Ordering::SeqCst);
        outcome
    };
    let (outcome, sent) = tokio::join!(upgrade, send_until(network, direction, &is_over));
    let (outcome, sent) = (outcome?, sent?);
    direction.expect(network, sent).await?;
    println!("{sent} messages arrived, in their order and once");
    no_key_is_left_out(network, direction, &outcome).await
}

async fn send_until(network: &LocalNetwork, direction: &Direction, is_over: &AtomicBool) -> Result<u32> {
    let mut sent = 0;
    while !is_over.load(Ordering::SeqCst) {
        direction.send(network, sent + 1..=sent + AT_ONCE).await?;
        sent += AT_ONCE;
    }
    Ok(sent)
}

/// Before each block around the upgrade, and by the code that its state had.
async fn no_key_is_left_out(network: &LocalNetwork, direction: &Direction, upgrade: &Upgrade) -> Result<()> {
    let node = &direction.receiving_node;
    let client = network.rpc(node).await?;
    let key = RelayStorageKey::Top(latest_root_key(direction.from.into()).to_vec());
    let wanted = RelayProofRequest { keys: vec![key] }.encode();
    let mut versions = Vec::new();
    for number in upgrade.announced.saturating_sub(1)..=upgrade.switched + BLOCKS_ON {
        let hash = network.block_hash(node, number).await?.context("the receiver has the block")?;
        let function = "KeyToIncludeInRelayProof_keys_to_prove";
        let asked = rpc::state_call::<RelayProofRequest>(&client, function, &[], Some(&hash)).await?.encode();
        ensure!(asked == wanted, "after block {number} the parachain asks for {asked:?}");
        let version: Value = client.request("state_getRuntimeVersion", rpc_params![hash]).await?;
        versions.push((number, version["specVersion"].as_u64().context("the runtime has a version")?));
    }
    println!("the code that was asked after each block: {versions:?}");
    let by_version = versions.chunk_by(|one, next| one.1 == next.1).map(|blocks| (blocks[0].0, blocks[0].1));
    let by_version = by_version.collect::<Vec<_>>();
    ensure!(by_version.len() == 2, "the code answered from these blocks on: {by_version:?}");
    Ok(())
}
