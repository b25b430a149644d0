// SPDX-License-Identifier: GPL-3.0-only
//! Numbered messages from one parachain to another: transfers of the sender's token and paid calls in turn, so that each tells
//! its number when it is run.

use crate::{LIMIT, RECEIVER, SENDER};
use anyhow::{ensure, Context, Result};
use codec::Encode;
use serin_node::{
    demo::{
        runtimes::{Parachain, Runtime, Terms},
        transfer::{account_junction, paid_call, Action},
    },
    network::{rpc, LocalNetwork},
};
use serin_parachain_runtime::{constants::currency::UNIT, AccountId, Balance, Hash, RuntimeCall, RuntimeEvent};
use serin_tests::chain::Chain;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _},
    MultiAddress,
};
use std::{collections::HashMap, ops::RangeInclusive};
use tokio::time::timeout;
use xcm::latest::{Junction, Location};
use xcm_executor::traits::TransferType;

/// How many are sent with each new block of the sending chain.
pub const AT_ONCE: u32 = 3;
/// In how many blocks something that came a second time would show.
const BLOCKS_ON: u32 = 4;
/// Pays on the receiving chain for what the account of the calls needs there.
const FUNDER: Sr25519Keyring = Sr25519Keyring::Eve;
const FUNDS: Balance = 100_000 * UNIT;
/// What one call may cost.
const CALL_FEES: Balance = UNIT;

/// One direction. Its nodes are asked anew each time, as they may have been restarted.
pub struct Direction {
    pub from: u32,
    pub to: u32,
    pub sending_node: String,
    pub receiving_node: String,
    /// The account on the receiving chain that belongs to the sender.
    caller: AccountId,
}

impl Direction {
    /// Gives the sender what its calls cost on the other chain.
    pub async fn open(network: &LocalNetwork, from: u32, to: u32) -> Result<Self> {
        let node = |para| {
            let nodes = network.nodes();
            let found = nodes.into_iter().find(|node| node.para == Some(para));
            found.map(|node| node.name).with_context(|| format!("parachain {para} has no collator"))
        };
        let (sending_node, receiving_node) = (node(from)?, node(to)?);
        let far = connect(network, &receiving_node).await?;
        let sender = Location::new(1, [Junction::Parachain(from), account_junction(&SENDER.to_account_id())]);
        let caller = far.library().account_of(&sender).await?;
        let dest = MultiAddress::Id(caller.clone());
        let gift = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value: FUNDS });
        far.submit(&FUNDER.pair(), gift).await?;
        Ok(Self { from, to, sending_node, receiving_node, caller })
    }

    pub async fn near(&self, network: &LocalNetwork) -> Result<Chain<Parachain>> {
        connect(network, &self.sending_node).await
    }

    pub async fn far(&self, network: &LocalNetwork) -> Result<Chain<Parachain>> {
        connect(network, &self.receiving_node).await
    }

    /// Some with each block, so that messages share a block and follow each other over blocks.
    pub async fn send(&self, network: &LocalNetwork, numbers: RangeInclusive<u32>) -> Result<()> {
        self.send_by(network, numbers, AT_ONCE).await
    }

    /// The same with so many in each block.
    pub async fn send_by(&self, network: &LocalNetwork, numbers: RangeInclusive<u32>, at_once: u32) -> Result<()> {
        let first = *numbers.start();
        let chain = self.near(network).await?;
        let mut heads = rpc::best_heads(chain.client()).await?;
        let mut next_head = async || -> Result<()> {
            let head = timeout(LIMIT, heads.next()).await.context("there is no new block of the sender")?;
            head.context("the node ended the subscription to new blocks")??;
            Ok(())
        };
        // The first one told is there already.
        next_head().await?;
        let (spec_version, transaction_version) = chain.runtime_version().await?;
        for number in numbers {
            if (number - first).is_multiple_of(at_once) {
                next_head().await?;
            }
            // The account's first transaction has nonce 0.
            let nonce = number - 1;
            let terms = Terms { nonce, genesis_hash: chain.genesis_hash(), spec_version, transaction_version };
            let extrinsic = Parachain::sign(&SENDER.pair(), self.message(number), &terms);
            chain.send(&extrinsic).await.with_context(|| format!("sending message {number}"))?;
        }
        Ok(())
    }

    /// Waits for as many messages, and then for some blocks more: they must be 1, 2, ... in this order, each once.
    pub async fn expect(&self, network: &LocalNetwork, count: u32) -> Result<()> {
        let numbers = self.arrivals(network, count, count).await?;
        ensure!(numbers.iter().copied().eq(1..=count), "the messages 1 to {count} arrived as {numbers:?}");
        Ok(())
    }

    /// Waits for as many messages with numbers up to `last`, and then for some blocks more. Returns the numbers as they arrived.
    pub async fn arrivals(&self, network: &LocalNetwork, count: u32, last: u32) -> Result<Vec<u32>> {
        let chain = self.far(network).await?;
        let (remarks, mut found) = (remarks(last), Vec::new());
        let find = |event: &RuntimeEvent| {
            found.extend(self.number_of(event, &remarks));
            u32::try_from(found.len()).is_ok_and(|found| found >= count).then_some(())
        };
        let waited = chain.wait_event("arrival of every message", 1, LIMIT, find).await;
        let (found_in, ()) =
            waited.with_context(|| format!("{} -> {}: of {count} there arrived {found:?}", self.from, self.to))?;

        network.wait_finalized_on(&self.receiving_node, found_in.number + BLOCKS_ON, LIMIT).await?;
        let events = chain.events_of(1..=chain.finalized().await?.number).await?;
        let arrived = events.iter().filter_map(|(block, event)| Some((*block, self.number_of(event, &remarks)?)));
        let arrived = arrived.collect::<Vec<_>>();
        let by_block = arrived.chunk_by(|one, next| one.0 == next.0).map(|messages| (messages[0].0, messages.len()));
        println!("{} -> {}: block and messages run in it: {:?}", self.from, self.to, by_block.collect::<Vec<_>>());
        Ok(arrived.iter().map(|(_, number)| *number).collect())
    }

    pub fn message(&self, number: u32) -> RuntimeCall {
        if number % 2 == 1 {
            self.transfer(number)
        } else {
            self.remark(number)
        }
    }

    fn transfer(&self, number: u32) -> RuntimeCall {
        let action = Action::Transfer {
            destination: self.destination(),
            asset: Location::here(),
            amount: Balance::from(number) * UNIT,
            kind: Box::new(TransferType::LocalReserve),
            beneficiary: RECEIVER.to_account_id(),
        };
        action.call::<Parachain>()
    }

    /// Sends the message of that number as a remark, which is the shorter one.
    pub fn remark(&self, number: u32) -> RuntimeCall {
        let call = RuntimeCall::System(frame_system::Call::remark_with_event { remark: number.encode() });
        let program = paid_call(call.encode(), &self.caller, CALL_FEES);
        Action::Send { destination: self.destination(), program }.call::<Parachain>()
    }

    fn destination(&self) -> Location {
        Location::new(1, Junction::Parachain(self.to))
    }

    /// The number of the message that left this event: less than one token of it was taken as fee, or it is in the remark.
    fn number_of(&self, event: &RuntimeEvent, remarks: &HashMap<Hash, u32>) -> Option<u32> {
        let token = Location::new(1, Junction::Parachain(self.from));
        match event {
            RuntimeEvent::ForeignAssets(pallet_assets::Event::Deposited { asset_id, who, amount })
                if *asset_id == token && *who == RECEIVER.to_account_id() =>
            {
                u32::try_from(amount.div_ceil(UNIT)).ok()
            }
            RuntimeEvent::System(frame_system::Event::Remarked { sender, hash }) if *sender == self.caller => {
                remarks.get(hash).copied()
            }
            _ => None,
        }
    }
}

/// The number in each remark, by the hash that an event has of it.
fn remarks(count: u32) -> HashMap<Hash, u32> {
    (1..=count).map(|number| (BlakeTwo256::hash(&number.encode()), number)).collect()
}

async fn connect(network: &LocalNetwork, node: &str) -> Result<Chain<Parachain>> {
    Chain::connect_to_parachain(&network.node(node)?.rpc_url).await
}
