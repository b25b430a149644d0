// SPDX-License-Identifier: GPL-3.0-only
//! Validators of a running network: who is active, who writes, and that finality goes on.

use crate::chain::{BlockId, Chain};
use anyhow::{ensure, Context, Result};
use serin_node::{
    demo::candidate,
    network::{LocalNetwork, NodeRecord},
};
use serin_runtime::{AccountId, BlockNumber, Runtime, SessionKeys};
use std::{
    fs,
    time::{Duration, Instant},
};

/// Bounds each wait for blocks: many times what it takes on two cores.
pub const BLOCK_LIMIT: Duration = Duration::from_secs(300);

/// The name under which [`LocalNetwork::authors`] counts blocks of keys that are not of a genesis validator.
pub fn author_name(keys: &SessionKeys) -> String {
    format!("0x{}", hex::encode(AsRef::<[u8]>::as_ref(&keys.babe)))
}

/// The stashes of the session of the last finalized block.
pub async fn active(chain: &Chain) -> Result<Vec<AccountId>> {
    let at = chain.finalized().await?.hash;
    Ok(candidate::active(chain.library(), at).await?)
}

/// Waits until `is_met` holds for the active set. Returns the block it was seen after, and the set.
pub async fn wait_active(
    chain: &Chain,
    what: &str,
    limit: Duration,
    is_met: impl Fn(&Vec<AccountId>) -> bool,
) -> Result<(BlockId, Vec<AccountId>)> {
    chain.wait_value(what, &pallet_session::Validators::<Runtime>::hashed_key(), limit, is_met).await
}

/// Waits for a finalized block by `author`, from block `from` on, and returns its number.
pub async fn wait_author(
    network: &LocalNetwork,
    observer: &str,
    author: &str,
    from: BlockNumber,
) -> Result<BlockNumber> {
    let begun = Instant::now();
    let mut number = from;
    loop {
        let left = BLOCK_LIMIT.saturating_sub(begun.elapsed());
        ensure!(!left.is_zero(), "{author} wrote none of the blocks {from} to {number}");
        network.wait_finalized_on(observer, number, left).await?;
        if network.authors(observer, number..=number).await?.contains_key(author) {
            return Ok(number);
        }
        number += 1;
    }
}

/// Waits until a block is finalized that was written, and voted for, by those who run now.
pub async fn finality_goes_on(network: &LocalNetwork, observer: &str) -> Result<()> {
    // The first block above may have been on its way already.
    let number = network.best(observer).await? + 2;
    Ok(network.wait_finalized(number, BLOCK_LIMIT).await?)
}

/// The log of a node up to now.
pub fn log(node: &NodeRecord) -> Result<String> {
    let bytes = fs::read(&node.log).with_context(|| format!("reading {}", node.log.display()))?;
    // A kill may have cut a character.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
