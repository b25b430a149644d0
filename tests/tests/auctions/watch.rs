// SPDX-License-Identifier: GPL-3.0-only
//! What `serin auction watch` prints while an auction goes on, and what restarts a validator meanwhile.

use super::{FIRST, LIMIT};
use anyhow::{bail, ensure, Context, Result};
use serin_node::{
    auctions::{command, record::AuctionRecord, Error},
    network::LocalNetwork,
};
use serin_tests::process::{serin, Running};
use std::time::Instant;
use tokio::{
    task::spawn_blocking,
    time::{sleep, Duration},
};

/// Not the validator that the story asks, and not the one that reports finality.
const VICTIM: &str = "bob";
const POLL: Duration = Duration::from_secs(1);

/// What the command printed of an auction whose ending period saw a validator die and come back.
pub struct Watched {
    pub records: Vec<AuctionRecord>,
    /// The block of the kill.
    pub killed_in: u32,
    pub victim: &'static str,
}

/// Waits for an auction, has it watched to its end, and restarts a validator in its ending period.
pub async fn with_a_restart(network: &LocalNetwork) -> Result<Watched> {
    let live = wait_phase(network, &["starting", "ending"]).await?;
    let (name, id) = (network.name().to_owned(), live.id.to_string());
    let watch = spawn_blocking(move || {
        let command = serin(["auction", "watch", "--network", name.as_str(), "--id", id.as_str()]);
        Running::start(command).wait(LIMIT).expect_success()
    });

    let killed_in = wait_phase(network, &["ending"]).await?.block;
    network.kill(VICTIM).await?;
    network.restart(VICTIM).await?;

    let printed = watch.await.context("the watch")?.stdout;
    let records = printed.lines().map(serde_json::from_str::<AuctionRecord>).collect::<Result<Vec<_>, _>>();
    Ok(Watched { records: records.context("records of the watch")?, killed_in, victim: VICTIM })
}

/// Waits until the first live auction is in one of these phases.
async fn wait_phase(network: &LocalNetwork, phases: &[&str]) -> Result<AuctionRecord> {
    let url = network.node(FIRST)?.rpc_url;
    let begun = Instant::now();
    while begun.elapsed() < LIMIT {
        match command::ask(&url, None).await {
            Ok(record) if phases.contains(&record.phase.as_str()) => return Ok(record),
            Ok(_) | Err(Error::NoneLive) => sleep(POLL).await,
            Err(error) => return Err(error.into()),
        }
    }
    bail!("no auction in the phase {phases:?} within {} s", LIMIT.as_secs())
}

impl Watched {
    /// The phases came in order, and the last record has the draw.
    pub fn ensure_whole(&self) -> Result<&AuctionRecord> {
        const ORDER: [&str; 4] = ["starting", "ending", "awaiting_seed", "settled"];
        let place = |record: &AuctionRecord| ORDER.iter().position(|phase| *phase == record.phase);
        let places = self.records.iter().map(place).collect::<Option<Vec<_>>>().context("another phase")?;
        ensure!(places.is_sorted(), "the phases came as {places:?}");
        ensure!(places.contains(&1) && places.contains(&2), "ending and waiting were not shown: {places:?}");
        ensure!(self.records.iter().all(|record| record.ranges.len() == 36), "a record lacks ranges");
        let last = self.records.last().context("nothing was printed")?;
        ensure!(last.draw.is_some(), "the watch ended before the draw: {last}");
        Ok(last)
    }
}
