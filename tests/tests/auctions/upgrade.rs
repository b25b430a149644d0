// SPDX-License-Identifier: GPL-3.0-only
//! The runtime is replaced while the candle burns, and the auction goes on as if nothing had happened.

use super::{connect, on_relay, sale, KILT, LIMIT};
use anyhow::{ensure, Context, Result};
use frame_system::{LastRuntimeUpgrade, LastRuntimeUpgradeInfo, RawOrigin};
use futures::future::try_join_all;
use pallet_auctions::{AuctionId, BidderPolicy, Event, Series};
use serin_chain_spec::parachain::MANAGER;
use serin_node::{
    auctions::api::Candle,
    demo::{
        auction::{
            draw::{self, Drawn},
            on_relay::{held_for_bids, lease_clock},
            report::{Bid, Round, Settlement},
            BLOCKS_TO_SEED,
        },
        referendum::Proposal,
    },
    network::LocalNetwork,
};
use serin_runtime::{
    constants::currency::UNITS, Balance, BlockNumber, Hash, OriginCaller, Runtime, RuntimeCall, RuntimeEvent,
};
use serin_tests::{
    chain::{BlockId, Chain},
    referendum::enact,
    upgrade::{apply, authorize, next_runtime, updated},
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::traits::{BlakeTwo256, Hash as HashT};

/// Enough for bids that are sent when the block that created the auction is final.
const STARTING_BLOCKS: BlockNumber = 12;
/// Enough for three transactions, each of which is sent when the one before is final.
const ENDING_BLOCKS: BlockNumber = 24;
/// From the submission of a referendum on the track root to its enactment it takes fewer on local networks.
const BLOCKS_TO_AUCTION: BlockNumber = 48;

/// kilt's manager leads the first range from the beginning on, so it wins whatever block is drawn.
const OWN_AMOUNT: Balance = 1_000 * UNITS;
/// They outbid each other for the second range: the first before the ending period, the second in it, and the first again
/// when the runtime has been replaced.
const PATRONS: [Sr25519Keyring; 2] = [Sr25519Keyring::Dave, Sr25519Keyring::Eve];
const AMOUNTS: [Balance; 3] = [200 * UNITS, 250 * UNITS, 300 * UNITS];
/// How many lease periods each range has.
const PERIODS: u32 = 2;
/// Applies the runtime, and asks for the loser's money: it is nobody's privilege.
const ANYONE: Sr25519Keyring = Sr25519Keyring::Ferdie;

pub async fn story(network: &LocalNetwork) -> Result<()> {
    let code = next_runtime()?;
    let chain = connect(network).await?;
    let mut round = open(&chain, BlakeTwo256::hash(&code)).await?;
    let (own, contest) = ranges(&chain, &round).await?;
    let [first, second] = PATRONS;
    let [early, later, last] = AMOUNTS;

    tokio::try_join!(bid(&chain, &round, MANAGER, own, OWN_AMOUNT), bid(&chain, &round, first, contest, early))?;
    network.wait_finalized(round.ending_start, LIMIT).await?;
    bid(&chain, &round, second, contest, later).await?;
    let upgraded = replace_runtime(network, &chain, code).await?;
    bid(&chain, &round, first, contest, last).await.context("a bid after the upgrade")?;

    follow_to_settlement(&chain, &mut round).await?;
    bids_were_made_on_both_sides(&round, upgraded)?;
    no_auction_was_changed(&chain, upgraded).await?;
    every_candle_block_would_have_the_right_winners(network, &chain, &round).await?;
    winners_have_leases_and_the_loser_its_money(&chain, &round).await?;
    network.wait_included(KILT, 1, LIMIT).await.context("the winner's first block")?;
    Ok(())
}

/// One referendum opens the auction and authorizes the runtime. Before it kilt's manager lets the patrons bid.
async fn open(chain: &Chain, code_hash: Hash) -> Result<Round> {
    let patrons = PATRONS.map(Sr25519Keyring::to_account_id).to_vec();
    let policy = BidderPolicy::Only(patrons.try_into().ok().context("they are few")?);
    let set_bidders = pallet_auctions::Call::set_bidders { para: KILT.into(), policy };
    let now = chain.submit(&MANAGER.pair(), RuntimeCall::Auctions(set_bidders)).await?.block;

    let clock = lease_clock(chain.library(), now.hash).await?;
    let closes_by = now.number + BLOCKS_TO_AUCTION + STARTING_BLOCKS + ENDING_BLOCKS;
    let new_auction = pallet_auctions::Call::new_auction {
        starting_blocks: STARTING_BLOCKS,
        ending_blocks: ENDING_BLOCKS,
        first_period: clock.period_at(closes_by).context("periods have begun")?,
        series: Series::Crowdloans,
    };
    let calls = vec![authorize(code_hash), RuntimeCall::Auctions(new_auction)];
    let call = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls });
    let enactment = enact(chain, Proposal { origin: OriginCaller::system(RawOrigin::Root), call }).await?;
    let created = enactment.events.iter().find_map(|event| match event {
        RuntimeEvent::Auctions(Event::AuctionCreated { id, first_period, ending_start, ending_blocks, .. }) => {
            Some(Round {
                created: enactment.enacted.number,
                auction: id.0,
                first_period: *first_period,
                ending_start: *ending_start,
                closes_at: ending_start + ending_blocks,
                ..Round::default()
            })
        }
        _ => None,
    });
    created.context("no auction was created")
}

/// The periods of the manager's bid, none of which is over at the settlement, and those of the patrons' behind them.
async fn ranges(chain: &Chain, round: &Round) -> Result<((u32, u32), (u32, u32))> {
    let clock = lease_clock(chain.library(), chain.finalized().await?.hash).await?;
    let settled_in = clock.period_at(round.closes_at + BLOCKS_TO_SEED).context("periods have begun")?;
    let own = settled_in.max(round.first_period);
    let contest = own + PERIODS;
    Ok(((own, contest - 1), (contest, contest + PERIODS - 1)))
}

async fn bid(
    chain: &Chain,
    round: &Round,
    bidder: Sr25519Keyring,
    (first_period, last_period): (u32, u32),
    amount: Balance,
) -> Result<()> {
    let (id, para) = (AuctionId(round.auction), KILT.into());
    let call = pallet_auctions::Call::bid { id, para, first_period, last_period, amount };
    chain.submit(&bidder.pair(), RuntimeCall::Auctions(call)).await.map(drop)
}

/// Returns the block that put the code in its place, when the next one, which is the first to run it, is final.
async fn replace_runtime(network: &LocalNetwork, chain: &Chain, code: Vec<u8>) -> Result<BlockNumber> {
    let code_hash = BlakeTwo256::hash(&code);
    let applied = chain.submit(&ANYONE.pair(), apply(code)).await.context("applying the runtime")?;
    ensure!(applied.events.contains(&updated(code_hash)), "the code was not updated: {:?}", applied.events);
    network.wait_finalized(applied.block.number + 1, LIMIT).await.context("after the upgrade")?;
    Ok(applied.block.number)
}

/// Notes bids and draw as the chain tells them, and the draw and the winners as they should be.
async fn follow_to_settlement(chain: &Chain, round: &mut Round) -> Result<()> {
    let ours = AuctionId(round.auction);
    let settlement = |event: &RuntimeEvent| match event {
        RuntimeEvent::Auctions(Event::Settled { id, candle_block, seed }) if *id == ours => {
            Some((*candle_block, *seed))
        }
        _ => None,
    };
    let (BlockId { number: settled_in, .. }, (candle_block, seed)) =
        chain.wait_event("settlement of the auction", round.closes_at, LIMIT, settlement).await?;
    let events = chain.events_of(round.created..=settled_in).await?;
    round.bids = events.iter().filter_map(|(block, event)| placed(*block, event, ours)).collect();

    let Round { auction: id, ending_start, closes_at, .. } = *round;
    let drawn = draw::draw(chain.library(), &Drawn { id, ending_start, closes_at, settled_in }).await?;
    let seed = format!("0x{}", hex::encode(seed));
    ensure!(
        (&drawn.seed, drawn.candle_block) == (&seed, candle_block),
        "the chain drew block {candle_block} by {seed}, and its headers say {drawn:?}"
    );
    ensure!(drawn.epoch_starts[0] >= closes_at, "bids were open when the epoch of the seed began: {drawn:?}");
    round.expected = draw::winners(&round.bids, candle_block);
    round.drawn = Some(drawn);
    round.settled = Some(Settlement { block: settled_in, candle_block, seed });
    Ok(())
}

fn placed(block: BlockNumber, event: &RuntimeEvent, ours: AuctionId) -> Option<Bid> {
    match event {
        RuntimeEvent::Auctions(Event::BidPlaced { id, bidder, para, first_period, last_period, amount })
            if *id == ours =>
        {
            Some(Bid {
                block,
                first_period: *first_period,
                last_period: *last_period,
                para: (*para).into(),
                bidder: bidder.to_string(),
                amount: *amount,
            })
        }
        _ => None,
    }
}

/// Or else the test would show nothing.
fn bids_were_made_on_both_sides(round: &Round, upgraded: BlockNumber) -> Result<()> {
    let Round { ending_start, closes_at, .. } = *round;
    println!(
        "the runtime was replaced in block {upgraded}, of {ending_start} to {} at which the candle could go out; drawn: {:?}",
        closes_at - 1,
        round.drawn
    );
    let blocks = round.bids.iter().map(|bid| bid.block).collect::<Vec<_>>();
    let [own, early, later, last] = *blocks else { anyhow::bail!("bids were made in {blocks:?}") };
    ensure!(own.max(early) < ending_start && later >= ending_start, "bids were made in {blocks:?}");
    ensure!(later < upgraded && upgraded < last, "bids were made in {blocks:?}");
    ensure!(last < closes_at, "bids were taken in block {last}");
    Ok(())
}

/// The first block of the new runtime runs its migrations. It has no bid, so whatever it changes of auctions is a fault.
async fn no_auction_was_changed(chain: &Chain, upgraded: BlockNumber) -> Result<()> {
    let (before, after) = (chain.block_at(upgraded).await?.hash, chain.block_at(upgraded + 1).await?.hash);
    let (old, new) = (run_since(chain, before).await?, run_since(chain, after).await?);
    ensure!(new > old, "block {} still ran the runtime {new}", upgraded + 1);

    let stored = chain.state_of("Auctions", before).await?;
    ensure!(!stored.is_empty(), "nothing is stored of auctions");
    ensure!(chain.state_of("Auctions", after).await? == stored, "the upgrade has changed what is stored of auctions");
    let bidders = [MANAGER, PATRONS[0], PATRONS[1]].map(Sr25519Keyring::to_account_id);
    for bidder in bidders {
        let held = held_for_bids(chain.library(), &bidder, before).await?;
        let still = held_for_bids(chain.library(), &bidder, after).await?;
        ensure!(held > 0 && still == held, "of {held} that secured bids of {bidder}, {still} is held");
    }
    Ok(())
}

/// The `spec_version` whose migrations were the last to run.
async fn run_since(chain: &Chain, at: Hash) -> Result<u32> {
    let last = chain.read::<LastRuntimeUpgradeInfo>(&LastRuntimeUpgrade::<Runtime>::hashed_key(), at).await?;
    Ok(last.context("no runtime has run")?.spec_version.0)
}

/// Asked of the new runtime before the settlement: bids from before the upgrade count, and those from after it.
async fn every_candle_block_would_have_the_right_winners(
    network: &LocalNetwork,
    chain: &Chain,
    round: &Round,
) -> Result<()> {
    let node = network.node(super::FIRST)?;
    let candle = Candle::of(chain.library(), &node.rpc_url).await?;
    let asked = chain.block_at(round.closes_at).await?;
    for block in round.ending_start..round.closes_at {
        let outcome = candle.outcome(asked, AuctionId(round.auction), block).await?;
        let told = outcome.iter().map(|winner| (winner.bidder.to_string(), winner.amount));
        let expected = draw::winners(&round.bids, block).into_iter().map(|bid| (bid.bidder, bid.amount));
        ensure!(told.eq(expected), "if the candle went out at {block}, these would win: {outcome:?}");
    }
    Ok(())
}

async fn winners_have_leases_and_the_loser_its_money(chain: &Chain, round: &Round) -> Result<()> {
    let settled = sale::the_right_ones_won(chain, round).await?;
    let leases = on_relay::leases(chain, KILT, settled).await?;
    let leases = leases.iter().flatten().map(|(tenant, deposit)| (tenant.to_string(), *deposit)).collect::<Vec<_>>();
    let won = |bid: &Bid| (bid.first_period..=bid.last_period).map(|_| (bid.bidder.clone(), bid.amount)).collect();
    let expected = round.expected.iter().flat_map(|bid| -> Vec<_> { won(bid) }).collect::<Vec<_>>();
    ensure!(leases == expected, "kilt's leases are {leases:?}, not {expected:?}");
    ensure!(expected.len() == 2 * PERIODS as usize, "not both ranges were won: {expected:?}");

    let has_won =
        |patron: &Sr25519Keyring| expected.iter().any(|(bidder, _)| *bidder == patron.to_account_id().to_string());
    let loser = PATRONS.into_iter().find(|patron| !has_won(patron)).context("both patrons won")?.to_account_id();
    let owed = round.bids.iter().filter(|bid| bid.bidder == loser.to_string()).map(|bid| bid.amount).max();
    let at = chain.block_at(settled).await?.hash;
    let held = held_for_bids(chain.library(), &loser, at).await?;
    ensure!(Some(held) == owed, "{held} is held from {loser}, not {owed:?}");
    let (id, para) = (AuctionId(round.auction), KILT.into());
    let refund = pallet_auctions::Call::refund { id, bidder: loser, para };
    let refunded = chain.submit(&ANYONE.pair(), RuntimeCall::Auctions(refund)).await.context("the refund")?.block;
    let bidders = [MANAGER, PATRONS[0], PATRONS[1]].map(Sr25519Keyring::to_account_id);
    let held = bidders.iter().map(|bidder| held_for_bids(chain.library(), bidder, refunded.hash));
    let held = try_join_all(held).await?;
    ensure!(held == [0, 0, 0], "still held for bids: {held:?}");
    Ok(())
}
