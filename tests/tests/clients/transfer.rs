// SPDX-License-Identifier: GPL-3.0-only
//! A transfer as each client library makes one, and what has to be true of it afterwards.

use anyhow::{ensure, Context, Result};
use jsonrpsee::{core::client::ClientT, rpc_params};
use rand::{rngs::StdRng, Rng};
use serde::Deserialize;
use serde_json::Value;
use serin_node::network::keys;
use serin_runtime::{
    constants::currency::UNITS, genesis_config_presets::Preset, AccountId, Balance, Hash, Moment, Runtime,
};
use serin_tests::chain::{BlockId, Chain};
use sp_keyring::Sr25519Keyring;

/// Of every Serin address, on the relay chain as on parachains.
const SS58_PREFIX: u16 = 42;

/// To an account that nothing else ever sends to.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub signer: Sr25519Keyring,
    pub receiver: AccountId,
    pub amount: Balance,
}

/// What a client must read from a chain.
#[derive(Clone, Debug)]
pub struct Expected {
    pub spec_version: u32,
    pub symbol: &'static str,
    pub slot_millis: Moment,
}

/// What every client reports, whatever else it has to say.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    chain: String,
    spec_version: u32,
    ss58: u16,
    symbol: String,
    decimals: u32,
    slot_millis: Moment,
    /// By how much the signer's balance is lower now. In decimal, as JavaScript's numbers do not hold it.
    spent: String,
    /// The receiver's balance afterwards.
    received: String,
    finalized_in: Hash,
}

impl Transfer {
    /// Above the existential deposit of both chains.
    pub fn random(signer: Sr25519Keyring, rng: &mut StdRng) -> Self {
        Self { signer, receiver: AccountId::new(rng.gen()), amount: UNITS + rng.gen_range(0..UNITS) }
    }

    /// The options of every script.
    pub fn arguments(&self) -> [String; 6] {
        [
            "--signer".to_owned(),
            self.signer.to_seed(),
            "--receiver".to_owned(),
            keys::address(&self.receiver),
            "--amount".to_owned(),
            self.amount.to_string(),
        ]
    }

    /// Fails unless the client read what the chain says, and the transfer is in the final block that it names.
    pub async fn ensure_made(&self, chain: &Chain, expected: &Expected, report: &Value) -> Result<()> {
        let said = serde_json::from_value::<Report>(report.clone()).with_context(|| format!("report {report}"))?;
        let name: String = chain.client().request("system_chain", rpc_params![]).await?;
        ensure!(said.chain == name, "it read another name than {name}: {report}");
        ensure!(said.spec_version == expected.spec_version, "it read another version: {report}");
        ensure!(said.slot_millis == expected.slot_millis, "it read another slot length: {report}");
        ensure!(said.symbol == expected.symbol && said.decimals == 12, "it read another token: {report}");
        ensure!(said.ss58 == SS58_PREFIX, "it read another SS58 prefix: {report}");
        ensure!(said.received == self.amount.to_string(), "it read another balance of the receiver: {report}");
        let spent = said.spent.parse::<Balance>().with_context(|| format!("report {report}"))?;
        ensure!(spent > self.amount, "the signer paid {spent} for {} and the fee: {report}", self.amount);

        let block = ensure_final(chain, said.finalized_in).await?;
        ensure!(self.received(chain, block.hash).await? == self.amount, "block {block:?} does not have the transfer");
        let parent = chain.block_at(block.number - 1).await?;
        ensure!(self.received(chain, parent.hash).await? == 0, "the transfer was made before block {block:?}");
        Ok(())
    }

    /// The receiver's balance after the block `at`, as it lies in the storage of relay chain and parachain alike.
    async fn received(&self, chain: &Chain, at: Hash) -> Result<Balance> {
        type AccountInfo = frame_system::AccountInfo<serin_runtime::Nonce, pallet_balances::AccountData<Balance>>;
        let key = frame_system::Account::<Runtime>::hashed_key_for(&self.receiver);
        Ok(chain.read::<AccountInfo>(&key, at).await?.map_or(0, |account| account.data.free))
    }
}

impl Expected {
    pub fn of_relay_chain(preset: Preset, spec_version: u32) -> Self {
        Self { spec_version, symbol: "KSM", slot_millis: preset.timing().slot_millis }
    }
}

/// The block of that hash. Fails unless it is final on the node's chain.
pub async fn ensure_final(chain: &Chain, hash: Hash) -> Result<BlockId> {
    let block = chain.block(hash).await?;
    let is_final = block.number <= chain.finalized().await?.number && chain.block_at(block.number).await? == block;
    ensure!(is_final, "block {block:?} is not final");
    Ok(block)
}
