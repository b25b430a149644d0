// SPDX-License-Identifier: GPL-3.0-only
//! A parachain without a lease is not served, and with its next one it is.

use super::{connect, on_relay, KILT, LIMIT};
use anyhow::{ensure, Context, Result};
use serin_node::{
    demo::{
        auction::{self, Options},
        Narrator, Voice,
    },
    network::LocalNetwork,
};

pub async fn story(network: &LocalNetwork) -> Result<()> {
    let options = Options { full: true, timeout: LIMIT };
    let report = auction::run(&network.manifest(), &options, &Narrator::new(Voice::Stdout)).await?;
    println!("{}", serde_json::to_string(&report)?);
    ensure!(report.succeeded && report.missing.is_empty(), "{:?}", report.missing);

    let chain = connect(network).await?;
    let absence = report.absence.context("it was looked at")?;
    let [_, second] = report.rounds.as_slice() else { anyhow::bail!("there were {} auctions", report.rounds.len()) };
    let (settled, first_block) = (second.settled.as_ref(), second.first_block);
    let (settled, first_block) = (settled.context("it is settled")?.block, first_block.context("kilt wrote a block")?);
    let gone = on_relay::head_number(&chain, KILT, absence.until).await?;
    ensure!(gone > 1, "kilt wrote {gone} block(s) in its first lease");
    let leases = on_relay::leases(&chain, KILT, absence.until).await?;
    ensure!(leases.iter().all(Option::is_none), "kilt still has {leases:?}");
    let waiting = on_relay::head_number(&chain, KILT, settled).await?;
    ensure!(waiting == gone, "without a lease kilt's head went from {gone} to {waiting}");
    let back = on_relay::head_number(&chain, KILT, first_block).await?;
    ensure!(back > gone, "kilt's head is {back} in block {first_block}");
    Ok(())
}
