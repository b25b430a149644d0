// SPDX-License-Identifier: GPL-3.0-only
//! What `serin demo auction` tells is true, also while a validator restarts in the ending period.

use super::{
    connect, on_relay,
    watch::{self, Watched},
    FIRST, KILT, LIMIT, SUBSOCIAL,
};
use anyhow::{ensure, Context, Result};
use codec::Decode;
use pallet_auctions::{
    types::{AuctionState, LeaseOutcome},
    Event,
};
use serin_chain_spec::parachain::MANAGER;
use serin_node::{
    demo::{
        auction::{
            self,
            report::{Report, Round},
            Options,
        },
        Narrator, Voice,
    },
    network::LocalNetwork,
};
use serin_runtime::{BlockNumber, RuntimeCall, RuntimeEvent, UncheckedExtrinsic};
use serin_tests::{chain::Chain, metrics, process::run_serin, referendum::ensure_path, validators};
use tokio::task::block_in_place;

pub async fn story(network: &LocalNetwork) -> Result<()> {
    nothing_is_on_sale_yet(network);
    let chain = connect(network).await?;
    let manifest = network.manifest();
    let options = Options { full: false, timeout: LIMIT };
    let narrator = Narrator::new(Voice::Stdout);
    let told = async { Ok(auction::run(&manifest, &options, &narrator).await?) };
    let (report, watched) = tokio::try_join!(told, watch::with_a_restart(network))?;
    println!("{}", serde_json::to_string(&report)?);
    ensure!(report.succeeded && report.missing.is_empty(), "{:?}", report.missing);

    let round = report.rounds.first().context("there was an auction")?;
    the_chain_tells_the_same(&chain, &report, round).await?;
    nobody_went_past_the_auction(&chain, round).await?;
    the_watch_saw_it(&watched, round)?;
    the_victim_agrees(network, &watched, round).await?;
    metrics_agree(network, round).await?;
    a_second_telling_is_refused(network);
    // Its launcher has followed the chain by itself.
    network.wait_included(KILT, 2, LIMIT).await?;
    Ok(())
}

fn nothing_is_on_sale_yet(network: &LocalNetwork) {
    let refused = block_in_place(|| run_serin(["auction", "watch", "--network", network.name()]));
    refused.expect_error(&["no auction is live", "auction_admin", "serin demo auction", "--id"]);
    let refused = block_in_place(|| run_serin(["auction", "watch", "--network", network.name(), "--id", "7"]));
    refused.expect_error(&["there is no auction 7"]);
}

/// Reads the referendum, the auction, the leases and the parachain's head from the chain, by other means than the story.
async fn the_chain_tells_the_same(chain: &Chain, report: &Report, round: &Round) -> Result<()> {
    let events = chain.events_of(round.submitted..=round.created).await?;
    let events = events.into_iter().map(|(_, event)| event).collect::<Vec<_>>();
    ensure_path(&events, round.referendum)?;
    let is_created = |event: &RuntimeEvent| matches!(event, RuntimeEvent::Auctions(Event::AuctionCreated { .. }));
    ensure!(events.iter().filter(|event| is_created(event)).count() == 1, "not one auction was created");

    let settled = the_right_ones_won(chain, round).await?;
    let leases = on_relay::leases(chain, KILT, settled).await?;
    let tenants = leases.iter().flatten().map(|(tenant, _)| tenant).collect::<Vec<_>>();
    ensure!(tenants == [&MANAGER.to_account_id(); 2], "kilt's leases are {leases:?}");
    let leases = on_relay::leases(chain, SUBSOCIAL, settled).await?;
    let from_fund = leases.iter().flatten().filter(|(tenant, _)| tenant.to_string() == report.crowdloan).count();
    ensure!(from_fund == 2, "subsocial's leases are {leases:?}");

    let first_block = round.first_block.context("kilt wrote a block")?;
    let before = on_relay::head_number(chain, KILT, first_block - 1).await?;
    let after = on_relay::head_number(chain, KILT, first_block).await?;
    ensure!(before == 0 && after >= 1, "kilt's head went from {before} to {after} in block {first_block}");
    Ok(())
}

/// The chain has drawn that block, and leased to whom the bids up to it say. Returns the block of the settlement.
pub async fn the_right_ones_won(chain: &Chain, round: &Round) -> Result<BlockNumber> {
    let settled = round.settled.as_ref().context("it is settled")?;
    let (auction, winners) = on_relay::auction(chain, round.auction, settled.block).await?;
    let AuctionState::Settled { candle_block, at, .. } = auction.state else {
        anyhow::bail!("it is {:?}", auction.state)
    };
    ensure!((candle_block, at) == (settled.candle_block, settled.block), "the record is {auction:?}");
    let stored = winners.iter().map(|winner| {
        let periods = auction.window.periods(winner.range);
        (*periods.start(), u32::from(winner.para), winner.bidder.to_string(), winner.amount)
    });
    let told = round.expected.iter().map(|won| (won.first_period, won.para, won.bidder.clone(), won.amount));
    ensure!(stored.eq(told), "{winners:?} won, and {:?} should have", round.expected);
    ensure!(winners.iter().all(|winner| winner.lease == LeaseOutcome::Leased), "a lease failed: {winners:?}");
    Ok(settled.block)
}

/// Every transaction of the story's blocks: none has a call that would put kilt on a core past the auction.
async fn nobody_went_past_the_auction(chain: &Chain, round: &Round) -> Result<()> {
    let last = round.first_block.context("kilt wrote a block")?;
    for number in 1..=last {
        for bytes in &chain.content(number).await?.body {
            let transaction = UncheckedExtrinsic::decode(&mut bytes.as_slice()).context("a transaction")?;
            ensure!(!goes_past_the_auction(&transaction.function), "block {number} has {:?}", transaction.function);
        }
    }
    Ok(())
}

fn goes_past_the_auction(call: &RuntimeCall) -> bool {
    match call {
        RuntimeCall::Coretime(..) | RuntimeCall::LeaseCores(..) | RuntimeCall::Slots(..) => true,
        RuntimeCall::Utility(pallet_utility::Call::batch_all { calls }) => calls.iter().any(goes_past_the_auction),
        _ => false,
    }
}

fn the_watch_saw_it(watched: &Watched, round: &Round) -> Result<()> {
    let last = watched.ensure_whole()?;
    let draw = last.draw.as_ref().context("it has a draw")?;
    let settled = round.settled.as_ref().context("it is settled")?;
    ensure!((draw.candle_block, &draw.seed) == (settled.candle_block, &settled.seed), "the watch saw {draw:?}");
    let shown = last.outcome.iter().map(|won| (won.first_period, won.para, won.bidder.clone(), won.amount.clone()));
    let told = round.winners.iter().map(|won| (won.first_period, won.para, won.bidder.clone(), won.amount.to_string()));
    ensure!(shown.eq(told), "the watch saw {:?}", last.outcome);
    // What was shown for the block that was drawn is what came of it.
    let drawn = watched.records.iter().rev().find(|record| record.block == settled.candle_block);
    if let Some(drawn) = drawn {
        ensure!(drawn.outcome == last.outcome, "at block {} the watch saw {:?}", drawn.block, drawn.outcome);
    }
    Ok(())
}

/// The validator that was restarted in the ending period has the same auction, and goes on.
async fn the_victim_agrees(network: &LocalNetwork, watched: &Watched, round: &Round) -> Result<()> {
    let Watched { killed_in, victim, .. } = *watched;
    ensure!((round.ending_start..round.closes_at).contains(&killed_in), "{victim} was killed in block {killed_in}");
    let first_block = round.first_block.context("kilt wrote a block")?;
    network.wait_finalized_on(victim, first_block, LIMIT).await?;
    let settled = round.settled.as_ref().context("it is settled")?.block;
    let chain = Chain::connect(&network.node(victim)?.rpc_url).await?;
    let own = on_relay::auction(&chain, round.auction, settled).await?;
    let others = on_relay::auction(&connect(network).await?, round.auction, settled).await?;
    ensure!(own == others, "{victim} has {own:?}, and {FIRST} has {others:?}");
    validators::finality_goes_on(network, victim).await
}

async fn metrics_agree(network: &LocalNetwork, round: &Round) -> Result<()> {
    let node = network.node(FIRST)?;
    let metrics = block_in_place(|| metrics::fetch(&node.prometheus_url))?;
    let bids = u32::try_from(round.bids.len())?;
    for (name, value) in
        [("serin_auctions_live", 0), ("serin_cores_leased", 1), ("serin_auction_lead_changes_total", bids)]
    {
        let found = metrics::sum(&metrics, name, "");
        ensure!(found == f64::from(value), "{name} is {found}, not {value}");
    }
    Ok(())
}

fn a_second_telling_is_refused(network: &LocalNetwork) {
    let refused = block_in_place(|| run_serin(["demo", "auction", "--network", network.name()]));
    refused.expect_error(&["kilt has a lease or a crowdloan already", "serin network up --on-demand 2086:kilt"]);
}
