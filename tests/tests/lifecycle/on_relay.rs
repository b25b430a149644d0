// SPDX-License-Identifier: GPL-3.0-only
//! A parachain, as the finalized blocks of the relay chain tell of it.

use super::LIMIT;
use anyhow::{ensure, Context, Result};
use codec::Decode;
use frame_system::AccountInfo;
use pallet_balances::AccountData;
use polkadot_primitives::{HeadData, Id as ParaId, SessionIndex, ValidationCodeHash};
use polkadot_runtime_common::paras_registrar::{self, ParaInfo};
use polkadot_runtime_parachains::{paras, shared};
use serin_parachain_runtime::Header;
use serin_runtime::{
    AccountId, Balance, BlockNumber, Hash, Nonce, Runtime, RuntimeCall, RuntimeEvent, UncheckedExtrinsic,
};
use serin_tests::chain::{BlockId, Chain};
use sp_keyring::Sr25519Keyring;
use std::{collections::BTreeSet, ops::RangeInclusive};

pub struct OnRelay<'a> {
    pub chain: &'a Chain,
    pub id: ParaId,
}

impl OnRelay<'_> {
    pub async fn head(&self, at: Hash) -> Result<Option<HeadData>> {
        self.chain.read(&self.head_key(), at).await
    }

    /// The number of its last block that was included up to the last finalized one.
    pub async fn included(&self) -> Result<u32> {
        let at = self.chain.finalized().await?.hash;
        let head = self.head(at).await?.with_context(|| format!("the relay chain has no head of {:?}", self.id))?;
        number(&head).with_context(|| format!("the head of {:?} is no header", self.id))
    }

    /// Waits until its block of that number is included, and that is final.
    pub async fn wait_included(&self, wanted: u32) -> Result<BlockId> {
        let what = format!("block {wanted} of {:?} on the relay chain", self.id);
        let is_there = |head: &HeadData| number(head).is_some_and(|found| found >= wanted);
        Ok(self.chain.wait_value(&what, &self.head_key(), LIMIT, is_there).await?.0)
    }

    /// The first of these blocks after which the relay chain has a head of it.
    pub async fn first_with_head(&self, blocks: RangeInclusive<BlockNumber>) -> Result<BlockId> {
        for number in blocks.clone() {
            let block = self.chain.block_at(number).await?;
            if self.head(block.hash).await?.is_some() {
                return Ok(block);
            }
        }
        anyhow::bail!("no head of {:?} in blocks {blocks:?}", self.id)
    }

    pub async fn code_hash(&self, at: Hash) -> Result<Option<ValidationCodeHash>> {
        self.chain.read(&paras::CurrentCodeHash::<Runtime>::hashed_key_for(self.id), at).await
    }

    /// What the registrar knows of it.
    pub async fn registration(&self, at: Hash) -> Result<ParaInfo<AccountId, Balance>> {
        let key = paras_registrar::Paras::<Runtime>::hashed_key_for(self.id);
        let info = self.chain.read(&key, at).await?;
        info.with_context(|| format!("the registrar does not know {:?}", self.id))
    }

    /// Waits until the validators have accepted its code, which they must have voted on from block `from` on.
    pub async fn wait_accepted(&self, code: ValidationCodeHash, from: BlockNumber) -> Result<BlockId> {
        let (started, accepted) =
            (paras::Event::PvfCheckStarted(code, self.id), paras::Event::PvfCheckAccepted(code, self.id));
        let (started, accepted) = (RuntimeEvent::Paras(started), RuntimeEvent::Paras(accepted));
        let seen = |wanted: RuntimeEvent| move |event: &RuntimeEvent| (*event == wanted).then_some(());
        let (first, ()) = self.chain.wait_event("check of its code", from, LIMIT, seen(started)).await?;
        let what = "end of the vote on its code";
        let (last, ()) = self.chain.wait_event(what, first.number, LIMIT, seen(accepted)).await?;
        let voters = voters(self.chain, first.number..=last.number, code).await?;
        let total = self.validators(last.hash).await?;
        println!(
            "the check of code {code:?} began in block {}, and {} of {total} validators accepted it until block {}",
            first.number,
            voters.len(),
            last.number
        );
        // More than two thirds.
        ensure!(3 * voters.len() > 2 * total, "only {voters:?} voted for the code");
        Ok(last)
    }

    async fn validators(&self, at: Hash) -> Result<usize> {
        let key = shared::ActiveValidatorKeys::<Runtime>::hashed_key();
        let keys = self.chain.read::<Vec<polkadot_primitives::ValidatorId>>(&key, at).await?;
        Ok(keys.context("the parachain host has no validators")?.len())
    }

    fn head_key(&self) -> Vec<u8> {
        paras::Heads::<Runtime>::hashed_key_for(self.id)
    }
}

/// The session of the parachain host after the block `at`.
pub async fn session(chain: &Chain, at: Hash) -> Result<SessionIndex> {
    let key = shared::CurrentSessionIndex::<Runtime>::hashed_key();
    Ok(chain.read(&key, at).await?.unwrap_or_default())
}

/// What is reserved of the account's funds after the block `at`.
pub async fn reserved(chain: &Chain, account: Sr25519Keyring, at: Hash) -> Result<Balance> {
    let key = frame_system::Account::<Runtime>::hashed_key_for(account.to_account_id());
    let info = chain.read::<AccountInfo<Nonce, AccountData<Balance>>>(&key, at).await?;
    Ok(info.map_or(0, |info| info.data.reserved))
}

/// The validators, by session and index, whose votes for the code are in these blocks.
async fn voters(chain: &Chain, blocks: RangeInclusive<BlockNumber>, code: ValidationCodeHash) -> Result<BTreeSet<u32>> {
    let mut voters = BTreeSet::new();
    let mut session = 0;
    for number in blocks {
        for extrinsic in &chain.content(number).await?.body {
            let extrinsic = UncheckedExtrinsic::decode(&mut extrinsic.as_slice())?;
            let RuntimeCall::Paras(paras::Call::include_pvf_check_statement { stmt, .. }) = extrinsic.function else {
                continue;
            };
            if stmt.subject != code || !stmt.accept {
                continue;
            }
            // With a new session the vote begins anew.
            if stmt.session_index != session {
                session = stmt.session_index;
                voters.clear();
            }
            voters.insert(stmt.validator_index.0);
        }
    }
    Ok(voters)
}

/// The number in a head.
fn number(head: &HeadData) -> Option<u32> {
    Some(Header::decode(&mut head.0.as_slice()).ok()?.number)
}
