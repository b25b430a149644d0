// SPDX-License-Identifier: GPL-3.0-only
//! Parachains, leases and winners, as the state of the relay chain has them.

use anyhow::{Context, Result};
use codec::Decode;
use pallet_auctions::{
    types::{Auction, Winners},
    AuctionId,
};
use polkadot_primitives::{HeadData, Id as ParaId};
use polkadot_runtime_common::slots;
use polkadot_runtime_parachains::paras;
use serin_parachain_runtime::Header;
use serin_runtime::{AccountId, Balance, BlockNumber, Runtime};
use serin_tests::chain::Chain;

/// The number of the parachain's last block that was included up to that block.
pub async fn head_number(chain: &Chain, para: u32, block: BlockNumber) -> Result<u32> {
    let at = chain.block_at(block).await?.hash;
    let head = chain.read::<HeadData>(&paras::Heads::<Runtime>::hashed_key_for(ParaId::from(para)), at).await?;
    let head = head.with_context(|| format!("the relay chain has no head of {para}"))?;
    Ok(Header::decode(&mut head.0.as_slice()).context("the head is no header")?.number)
}

/// The accounts and deposits of the parachain's leases, from the current period on.
pub async fn leases(chain: &Chain, para: u32, block: BlockNumber) -> Result<Vec<Option<(AccountId, Balance)>>> {
    let at = chain.block_at(block).await?.hash;
    Ok(chain.read(&slots::Leases::<Runtime>::hashed_key_for(ParaId::from(para)), at).await?.unwrap_or_default())
}

/// The auction and its winners after that block.
pub async fn auction(chain: &Chain, id: u32, block: BlockNumber) -> Result<(Auction, Winners<AccountId>)> {
    let (id, at) = (AuctionId(id), chain.block_at(block).await?.hash);
    let auction = chain.read(&pallet_auctions::Records::<Runtime>::hashed_key_for(id), at).await?;
    let winners = chain.read(&pallet_auctions::Results::<Runtime>::hashed_key_for(id), at).await?;
    Ok((auction.context("there is no such auction")?, winners.unwrap_or_default()))
}
