// SPDX-License-Identifier: GPL-3.0-only
//! From HRMP to XCMP and back, between two parachains that go on sending. Closing an HRMP channel drops what is in it, so that has
//! to be empty then; opening one drops nothing, whatever is under way by XCMP.

use crate::{xcmp::traffic::Direction, FIRST, LIMIT, PICASSO, SENDER, SUBSOCIAL};
use anyhow::{bail, ensure, Context, Result};
use polkadot_runtime_parachains::hrmp;
use serin_node::{demo, network::LocalNetwork, xcmp::parachain::Parachain};
use serin_runtime::RuntimeCall;
use serin_tests::{chain::Chain, referendum::enact_as_root};
use std::sync::atomic::{AtomicBool, Ordering};

/// Enough for all that is sent.
const CAPACITY: u32 = 100;
const MESSAGE_BYTES: u32 = 10_240;
/// What a sender says while messages by XCMP have not arrived and HRMP is open.
const DRAINING: &str = "SendFailure";
/// After so many blocks each parachain has seen what the relay chain says of channels.
const BLOCKS_ON: u32 = 4;

/// The channels are open at first. `share`: how many messages are sent each time.
pub async fn keeps_order(network: &LocalNetwork, direction: &Direction, share: u32) -> Result<()> {
    direction.send(network, 1..=share).await?;
    direction.expect(network, share).await.context("by HRMP")?;
    ensure!(sent_by_xcmp(network, direction).await? == 0, "a message went by XCMP beside an open HRMP channel");

    let chain = Chain::connect(&network.node(FIRST)?.rpc_url).await?;
    close_hrmp(network, &chain).await?;
    direction.send(network, share + 1..=2 * share).await?;
    direction.expect(network, 2 * share).await.context("by XCMP")?;
    ensure!(sent_by_xcmp(network, direction).await? == u64::from(share), "not all went by XCMP");

    let is_open = AtomicBool::new(false);
    let open = async {
        let outcome = enact_as_root(&chain, open()).await.context("opening an HRMP channel");
        is_open.store(true, Ordering::SeqCst);
        outcome
    };
    let (outcome, last) = tokio::join!(open, send_on(network, direction, 2 * share, share, &is_open));
    let last = last.context("while the HRMP channel is opened")?;
    outcome?;
    direction.expect(network, last).await.context("by both")?;
    let by_xcmp = sent_by_xcmp(network, direction).await?;
    println!("of {last} messages {share} went by HRMP, then {by_xcmp} by XCMP, and the rest by HRMP again");
    ensure!(by_xcmp > u64::from(share), "nothing went by XCMP while the referendum was on");
    ensure!(by_xcmp < u64::from(last - share), "nothing went by HRMP in the end");
    Ok(())
}

/// Closes the channels, which have to be empty, and waits until the parachains have seen it.
pub async fn close_hrmp(network: &LocalNetwork, chain: &Chain) -> Result<()> {
    enact_as_root(chain, close()).await.context("closing the HRMP channels")?;
    for id in [PICASSO, SUBSOCIAL] {
        network.wait_included(id, network.included(id)? + BLOCKS_ON, LIMIT).await?;
    }
    Ok(())
}

/// How many messages the stream of XCMP has ever had.
pub async fn sent_by_xcmp(network: &LocalNetwork, direction: &Direction) -> Result<u64> {
    let parachain = Parachain::connect(&network.node(&direction.sending_node)?.rpc_url).await?;
    let channel = parachain.channel(direction.to.into(), None).await?;
    Ok(channel.context("there is an XCMP channel")?.sent.count())
}

/// Sends one message after the other, each when the one before it is final, until `further` were sent by HRMP after the channel
/// is open. One that the sender does not take is sent again. Returns the number of the last.
async fn send_on(
    network: &LocalNetwork,
    direction: &Direction,
    sent: u32,
    further: u32,
    is_open: &AtomicBool,
) -> Result<u32> {
    let chain = direction.near(network).await?;
    let (mut last, mut by_hrmp) = (sent, 0);
    while by_hrmp < further {
        let before = sent_by_xcmp(network, direction).await?;
        let next = direction.message(last + 1);
        match chain.library().submit(&SENDER.pair(), next).await {
            Ok(_) => {
                last += 1;
                let went_by_hrmp = sent_by_xcmp(network, direction).await? == before;
                ensure!(!went_by_hrmp || is_open.load(Ordering::SeqCst), "message {last} went by HRMP too early");
                by_hrmp += u32::from(went_by_hrmp);
            }
            Err(demo::Error::Refused { reason, .. }) if reason.contains(DRAINING) => {
                println!("message {} waits for those under way: {reason}", last + 1);
            }
            Err(error) => bail!("message {}: {error}", last + 1),
        }
    }
    Ok(last)
}

/// All channels of the first parachain.
fn close() -> RuntimeCall {
    RuntimeCall::Hrmp(hrmp::Call::force_clean_hrmp { para: PICASSO.into(), num_inbound: 1, num_outbound: 1 })
}

fn open() -> RuntimeCall {
    RuntimeCall::Hrmp(hrmp::Call::force_open_hrmp_channel {
        sender: PICASSO.into(),
        recipient: SUBSOCIAL.into(),
        max_capacity: CAPACITY,
        max_message_size: MESSAGE_BYTES,
    })
}
