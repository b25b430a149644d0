// SPDX-License-Identifier: GPL-3.0-only
//! What the relay chain's state has of parachains, leases and accounts, as far as the story asks for it.

use crate::demo::{
    chain::{Block, Chain},
    error::Result,
    runtimes::{AccountId, Balance, Hash, Relay},
};
use frame_support::traits::tokens::IdAmount;
use pallet_timing::TimingParameters;
use polkadot_primitives::{CoreIndex, Id as ParaId};
use polkadot_runtime_common::{crowdloan, slots};
use polkadot_runtime_parachains::inclusion;
use serin_primitives::lease::LeaseClock;
use serin_runtime::{BlockNumber, Runtime, RuntimeEvent, RuntimeHoldReason};
use std::collections::{BTreeMap, VecDeque};

type Fund = crowdloan::FundInfo<AccountId, Balance, BlockNumber, BlockNumber>;

/// Whether a core is going to serve the parachain, after the block.
pub async fn is_claimed(chain: &Chain<Relay>, para: u32, at: Hash) -> Result<bool> {
    type ClaimQueue = BTreeMap<CoreIndex, VecDeque<ParaId>>;
    let claims = chain.call_at::<ClaimQueue>("ParachainHost_claim_queue", &[], at).await?;
    Ok(claims.values().flatten().any(|claim| *claim == ParaId::from(para)))
}

/// Whether a block of the parachain was backed or included in this one.
pub fn is_served(block: &Block<Relay>, para: u32) -> bool {
    block.events.iter().any(|record| match &record.event {
        RuntimeEvent::ParaInclusion(
            inclusion::Event::CandidateBacked(receipt, ..) | inclusion::Event::CandidateIncluded(receipt, ..),
        ) => receipt.descriptor.para_id() == ParaId::from(para),
        _ => false,
    })
}

/// Whether a block of the parachain was included in this one.
pub fn includes(block: &Block<Relay>, para: u32) -> bool {
    block.events.iter().any(|record| match &record.event {
        RuntimeEvent::ParaInclusion(inclusion::Event::CandidateIncluded(receipt, ..)) => {
            receipt.descriptor.para_id() == ParaId::from(para)
        }
        _ => false,
    })
}

/// When lease periods begin.
pub async fn lease_clock(chain: &Chain<Relay>, at: Hash) -> Result<LeaseClock> {
    let timing = chain.read(&pallet_timing::Parameters::<Runtime>::hashed_key(), at).await?;
    let timing: TimingParameters = timing.unwrap_or(TimingParameters::SERIN);
    Ok(LeaseClock { length_blocks: timing.lease_period_blocks, offset_blocks: timing.lease_offset_blocks })
}

/// Whether the parachain has a lease, now or later.
pub async fn has_lease(chain: &Chain<Relay>, para: u32, at: Hash) -> Result<bool> {
    let key = slots::Leases::<Runtime>::hashed_key_for(ParaId::from(para));
    let leases = chain.read::<Vec<Option<(AccountId, Balance)>>>(&key, at).await?;
    Ok(leases.is_some_and(|leases| leases.iter().any(Option::is_some)))
}

/// The account of the parachain's crowdloan; none if there is no crowdloan.
pub async fn fund_account(chain: &Chain<Relay>, para: u32, at: Hash) -> Result<Option<AccountId>> {
    let fund = chain.read::<Fund>(&crowdloan::Funds::<Runtime>::hashed_key_for(ParaId::from(para)), at).await?;
    Ok(fund.map(|fund| crowdloan::Pallet::<Runtime>::fund_account_id(fund.fund_index)))
}

/// What is held from the account for bids.
pub async fn held_for_bids(chain: &Chain<Relay>, account: &AccountId, at: Hash) -> Result<Balance> {
    let key = pallet_balances::Holds::<Runtime>::hashed_key_for(account);
    let holds = chain.read::<Vec<IdAmount<RuntimeHoldReason, Balance>>>(&key, at).await?.unwrap_or_default();
    let for_bids = holds.iter().filter(|hold| hold.id == RuntimeHoldReason::Auctions(pallet_auctions::HoldReason::Bid));
    Ok(for_bids.map(|hold| hold.amount).sum())
}
