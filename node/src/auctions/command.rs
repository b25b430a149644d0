// SPDX-License-Identifier: GPL-3.0-only
//! `serin auction ...`: one function per subcommand.

use super::{
    api::Candle,
    cli::{AuctionAction, AuctionCmd, WatchCmd},
    record::{Answers, AuctionRecord},
    Error, Result,
};
use crate::{
    demo::{
        self,
        chain::{BlockId, Chain},
        runtimes::Relay,
    },
    relay_node,
};
use futures::future::{try_join, try_join_all};
use pallet_auctions::AuctionId;
use serin_primitives::lease::LeaseRange;
use std::io::{self, IsTerminal, Write};

/// Moves to the upper left corner of a terminal, and clears all from there on.
const REDRAW: &str = "\x1b[H\x1b[J";

/// Runs the subcommand.
pub fn run(command: &AuctionCmd) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match &command.action {
        AuctionAction::Watch(command) => runtime.block_on(watch(command)),
    }
}

async fn watch(command: &WatchCmd) -> Result<()> {
    let url = command.node.url()?;
    let chain = relay_node::connect(&url).await?;
    let candle = Candle::of(&chain, &url).await?;
    let id = choose(&chain, &candle, command.id).await?;
    let style = match (command.json || !io::stdout().is_terminal(), command.once) {
        (true, _) => Style::Json,
        (false, true) => Style::Text,
        (false, false) => Style::Live,
    };
    let mut heads = chain.best_heads().await?;
    let mut shown = None;
    loop {
        let block = chain.best().await?;
        if shown != Some(block.hash) {
            let record = look(&candle, id, block).await?;
            if !print(&record, style)? || command.once || record.is_over() {
                return Ok(());
            }
            shown = Some(block.hash);
        }
        match heads.next().await {
            Some(Ok(_)) => {}
            _ => {
                let reason = "it ended its reports of blocks".to_owned();
                return Err(relay_node::Error::NoNode { url, reason }.into());
            }
        }
    }
}

/// What the node at `url` says of the auction after its best block; without an id, of the next to be settled.
pub async fn ask(url: &str, id: Option<u32>) -> Result<AuctionRecord> {
    let chain = relay_node::connect(url).await?;
    let candle = Candle::of(&chain, url).await?;
    let id = choose(&chain, &candle, id).await?;
    look(&candle, id, chain.best().await?).await
}

async fn choose(chain: &Chain<Relay>, candle: &Candle<'_>, id: Option<u32>) -> Result<AuctionId> {
    if let Some(id) = id {
        return Ok(AuctionId(id));
    }
    let live = candle.live(chain.best().await?).await?;
    live.first().map(|auction| auction.id).ok_or(Error::NoneLive)
}

async fn look(candle: &Candle<'_>, id: AuctionId, block: BlockId) -> Result<AuctionRecord> {
    let auction = candle.auction(block, id).await?.ok_or(Error::Unknown { id: id.0 })?;
    let window = auction.window;
    let to_win = LeaseRange::all().map(|range| async move {
        let (first, last) = window.periods(range).into_inner();
        Ok::<_, demo::Error>((range, candle.min_bid_to_win(block, id, (first, last)).await?))
    });
    let (to_win, leaders) = try_join(try_join_all(to_win), candle.leaders(block, id)).await?;
    let (outcome, shares) = try_join(candle.outcome(block, id, block.number), candle.win_share(block, id)).await?;
    Ok(AuctionRecord::from(Answers { block, id, auction, leaders, to_win, outcome, shares }))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Json,
    Text,
    /// Text in the place of the last one.
    Live,
}

/// False when the reader has gone.
fn print(record: &AuctionRecord, style: Style) -> Result<bool> {
    let text = match style {
        Style::Json => format!("{}\n", serde_json::to_string(record).map_err(io::Error::from)?),
        Style::Text => record.to_string(),
        Style::Live => format!("{REDRAW}{record}"),
    };
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        outcome => Ok(outcome.map(|()| true)?),
    }
}
