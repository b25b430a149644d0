// SPDX-License-Identifier: GPL-3.0-only
//! The relay chain and two of its parachains, as one thing that is asked by place.

use super::{
    chain::{Block, BlockId, Chain},
    error::{Error, Result},
    pulse::Heads,
    runtimes::{AccountId, Balance, BlockNumber, Hash, Note, Parachain, Relay, Runtime},
    transfer::Action,
    xcm_api::Tried,
};
use crate::network::{Manifest, ParachainRecord, Role};
use frame_support::weights::Weight;
use futures::stream::select_all;
use serin_chain_spec::ParachainKind;
use serin_parachain_runtime::constants::currency::TOKEN_SYMBOL as PARACHAIN_TOKEN;
use sp_core::sr25519;
use xcm::latest::{Junction, Location, Xcm};

/// One of the three chains. `First` and `Second` are in the network's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Relay,
    First,
    Second,
}

/// A transaction that sent a message, in its block.
#[derive(Clone, Copy, Debug)]
pub struct Sending {
    pub block: BlockId,
    pub message: Hash,
    /// What the transaction cost, without the delivery of its message.
    pub fee: Balance,
}

/// The relay chain and two parachains that have channels with each other.
pub struct Chains {
    pub relay: Chain<Relay>,
    parachains: [(u32, Chain<Parachain>); 2],
}

/// A chain whose runtime is known when it is asked.
#[derive(Clone, Copy)]
pub enum AnyChain<'a> {
    Relay(&'a Chain<Relay>),
    Parachain(&'a Chain<Parachain>),
}

/// The same expression for a chain of either runtime.
macro_rules! either {
    ($any:expr, $chain:ident => $body:expr) => {
        match $any {
            AnyChain::Relay($chain) => $body,
            AnyChain::Parachain($chain) => $body,
        }
    };
}

impl Chains {
    /// Connects to a validator, and to a collator of each of the first two parachains with a core. `start`: the command that
    /// starts a network which has them.
    pub async fn connect(network: &Manifest, start: &'static str) -> Result<Self> {
        let [first, second] = Self::first_two(network, start)?;
        let parachain = |id: u32, name: &str| {
            let url = network.running(|node| node.para == Some(id)).map(|node| node.rpc_url.clone());
            let name = name.to_owned();
            async move { Ok::<_, Error>((id, Chain::connect(&name, &url?).await?)) }
        };
        let validator = network.running(|node| node.role == Role::Validator)?;
        Ok(Self {
            relay: Chain::connect("the relay chain", &validator.rpc_url).await?,
            parachains: [parachain(first.id, &first.name).await?, parachain(second.id, &second.name).await?],
        })
    }

    /// The ids of the two parachains that [`Self::connect`] connects to.
    pub fn ids(network: &Manifest, start: &'static str) -> Result<[u32; 2]> {
        Self::first_two(network, start).map(|parachains| parachains.map(|parachain| parachain.id))
    }

    fn first_two<'a>(network: &'a Manifest, start: &'static str) -> Result<[&'a ParachainRecord; 2]> {
        let with_core = network.parachains.iter().filter(|para| para.kind == ParachainKind::WithCore);
        let with_core = with_core.collect::<Vec<_>>();
        match with_core.as_slice() {
            [first, second, ..] => Ok([first, second]),
            few => Err(Error::TooFewParachains { network: network.name.clone(), count: few.len(), start }),
        }
    }

    pub const fn get(&self, place: Place) -> AnyChain<'_> {
        let [(_, first), (_, second)] = &self.parachains;
        match place {
            Place::Relay => AnyChain::Relay(&self.relay),
            Place::First => AnyChain::Parachain(first),
            Place::Second => AnyChain::Parachain(second),
        }
    }

    /// The location of one chain as another sees it. Its own token has this name too.
    pub fn location(&self, of: Place, seen_from: Place) -> Location {
        let [(first, _), (second, _)] = &self.parachains;
        let parents = u8::from(seen_from != Place::Relay);
        match of {
            _ if of == seen_from => Location::here(),
            Place::Relay => Location::parent(),
            Place::First => Location::new(parents, Junction::Parachain(*first)),
            Place::Second => Location::new(parents, Junction::Parachain(*second)),
        }
    }

    /// The heads of all three chains, beginning with the current ones.
    pub async fn heads(&self) -> Result<Heads> {
        let [(_, first), (_, second)] = &self.parachains;
        Ok(select_all([self.relay.best_heads().await?, first.best_heads().await?, second.best_heads().await?]))
    }

    /// The relay chain's block that included this block of a parachain; none as long as it has not.
    pub async fn inclusion(&self, from: BlockNumber, block: Hash) -> Result<Option<BlockId>> {
        let found = self.relay.find(from, |relay| relay.notes().find(|note| *note == Note::Included(block)));
        Ok(found.await?.map(|(id, _)| id))
    }
}

impl<'a> AnyChain<'a> {
    pub fn name(self) -> &'a str {
        either!(self, chain => chain.name())
    }

    /// The symbol of its own token.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Relay(_) => "KSM",
            Self::Parachain(_) => PARACHAIN_TOKEN,
        }
    }

    pub async fn best(self) -> Result<BlockId> {
        either!(self, chain => chain.best().await)
    }

    pub async fn balance(self, asset: &Location, account: &AccountId, at: Hash) -> Result<Balance> {
        either!(self, chain => chain.balance(asset, account, at).await)
    }

    /// The account that belongs to a location, as this chain sees it.
    pub async fn account_of(self, location: &Location) -> Result<AccountId> {
        either!(self, chain => chain.account_of(location).await)
    }

    /// By how much an account's balance is higher after the block than before it.
    pub async fn change(self, asset: &Location, account: &AccountId, block: BlockId) -> Result<i128> {
        let parent = either!(self, chain => chain.hash_at(block.number.saturating_sub(1)).await?);
        let parent = parent.ok_or_else(|| either!(self, chain => chain.answer("a block", "it has no parent")))?;
        let before = self.balance(asset, account, parent).await?;
        let after = self.balance(asset, account, block.hash).await?;
        // Issuance is far below what the signed type holds.
        Ok(i128::try_from(after).unwrap_or(i128::MAX) - i128::try_from(before).unwrap_or(i128::MAX))
    }

    /// The message that the call would send to `destination`.
    pub async fn try_action(self, signer: &AccountId, action: &Action, destination: &Location) -> Result<Xcm<()>> {
        either!(self, chain => chain.try_call(signer, &call_of(chain, action), destination).await)
    }

    pub async fn try_message(self, origin: &Location, message: &Xcm<()>, next: Option<&Location>) -> Result<Tried> {
        either!(self, chain => chain.try_message(origin, message, next).await)
    }

    pub async fn price_of_weight(self, weight: Weight, asset: &Location) -> Result<Balance> {
        either!(self, chain => chain.price_of_weight(weight, asset).await)
    }

    pub async fn price_of_delivery(self, destination: &Location, message: &Xcm<()>) -> Result<Balance> {
        either!(self, chain => chain.price_of_delivery(destination, message).await)
    }

    /// Signs and sends; returns the encoded transaction.
    pub async fn act(self, signer: &sr25519::Pair, action: &Action) -> Result<Vec<u8>> {
        either!(self, chain => {
            let extrinsic = chain.sign(signer, call_of(chain, action)).await?;
            chain.send(&extrinsic).await?;
            Ok(extrinsic)
        })
    }

    /// The transaction in a block; none as long as it is in none. Fails when it failed, or sent nothing.
    pub async fn sending(self, from: BlockNumber, extrinsic: &[u8]) -> Result<Option<Sending>> {
        either!(self, chain => sending(chain, from, extrinsic).await)
    }

    /// The block that ran the message; none as long as none did. Fails when it was not run to its end.
    pub async fn processing(self, from: BlockNumber, message: Hash) -> Result<Option<BlockId>> {
        either!(self, chain => processing(chain, from, message).await)
    }

    /// Whether the account put a remark on the chain in that block.
    pub async fn has_remark_of(self, account: &AccountId, block: BlockId) -> Result<bool> {
        let remark = Note::Remarked(account.clone());
        either!(self, chain => Ok(chain.block(block).await?.notes().any(|note| note == remark)))
    }
}

/// The action as a call of that chain's runtime.
fn call_of<R: Runtime>(_: &Chain<R>, action: &Action) -> R::Call {
    action.call::<R>()
}

async fn sending<R: Runtime>(chain: &Chain<R>, from: BlockNumber, extrinsic: &[u8]) -> Result<Option<Sending>> {
    let pick = |block: &Block<R>| Some(block.events_of(extrinsic)?.filter_map(R::note).collect::<Vec<_>>());
    let Some((block, notes)) = chain.find(from, pick).await? else { return Ok(None) };
    let (mut message, mut fee) = (None, 0);
    for note in notes {
        match note {
            Note::Failed(reason) => return Err(chain.refused("the transaction in its block", reason)),
            Note::Sent(id) => message = Some(id),
            Note::FeePaid(amount) => fee = amount,
            _ => {}
        }
    }
    let message = message.ok_or_else(|| chain.refused("the transaction in its block", "it sent no message"))?;
    Ok(Some(Sending { block, message, fee }))
}

async fn processing<R: Runtime>(chain: &Chain<R>, from: BlockNumber, message: Hash) -> Result<Option<BlockId>> {
    let pick = |block: &Block<R>| {
        let outcome = block.notes().find_map(|note| match note {
            Note::Processed { id, success } if id == message => Some(success),
            _ => None,
        })?;
        let reason = block.notes().find_map(|note| match note {
            Note::NotProcessed { id, reason } if id == message => Some(reason),
            _ => None,
        });
        Some((outcome, reason))
    };
    match chain.find(from, pick).await? {
        Some((block, (true, _))) => Ok(Some(block)),
        Some((block, (false, reason))) => {
            let reason = reason.unwrap_or_else(|| "the block tells no reason".to_owned());
            Err(chain.refused(&format!("message {message:?} in block {}", block.number), reason))
        }
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Manifest;

    fn network(parachains: &str) -> Manifest {
        serde_json::from_str(&format!(
            r#"{{"name": "n", "base_path": "/b", "temporary": true, "chain": "local", "chain_spec": "/b/c.json",
            "genesis_hash": null, "launcher_pid": 1, "control_socket": "/b/s", "nodes": [], "parachains": {parachains},
            "accounts": [], "timings_ms": {{}}}}"#
        ))
        .unwrap()
    }

    #[tokio::test]
    async fn a_network_needs_two_parachains_with_a_core() {
        let on_demand = r#"[{"id": 2086, "name": "kilt", "kind": "on-demand", "collators": 1, "manager": "5G",
            "chain_spec": "/b/2086.json", "first_backed": null, "first_included": null}]"#;
        for parachains in ["[]", on_demand] {
            let error = Chains::connect(&network(parachains), "serin network up --para 1").await.err().unwrap();
            let message = error.to_string();
            assert!(message.contains("has 0 parachains") && message.contains("--para 1"), "{message}");
        }
    }
}
