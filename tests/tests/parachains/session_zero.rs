// SPDX-License-Identifier: GPL-3.0-only
//! What a network with parachains shows in its first session: a block of each at once, which validators have checked and
//! which is final before the session ends.

use anyhow::{bail, ensure, Context, Result};
use polkadot_primitives::{CandidateEvent, Hash};
use serin_chain_spec::ParachainKind;
use serin_node::network::{rpc, LocalNetwork, NodeRecord, Role};
use serin_runtime::BlockNumber;
use serin_tests::chain::Chain;
use std::{fs, time::Duration};

/// What validators are started with for [`candidates_were_checked`].
pub const ARGUMENTS: [&str; 2] = ["--log", "parachain::approval-voting=debug"];
const APPROVAL_LOG: &str = "parachain::approval-voting";
/// What a validator logs when it approves candidates without anybody having checked them.
const UNCHECKED: &str = "Insta-approving";

/// The relay block that has to include the first block of every parachain with a core.
const INCLUDED_BY: BlockNumber = 6;
/// Bounds each wait: many times what it takes on two cores.
const LIMIT: Duration = Duration::from_secs(600);

/// Returns the relay block by which the first block of each parachain with a core was included.
pub async fn first_blocks(network: &LocalNetwork) -> Result<BlockNumber> {
    let with_core = || network.parachains().into_iter().filter(|record| record.kind == ParachainKind::WithCore);
    for record in with_core() {
        network.wait_included(record.id, 1, LIMIT).await?;
    }
    let mut last = 0;
    for record in with_core() {
        let (backed, included) = (record.first_backed, record.first_included);
        let included = included.with_context(|| format!("nobody saw when {} was included", record.name))?;
        println!("{}: first backed {backed:?}, first included {included:?}", record.name);
        ensure!(
            included.relay_block <= INCLUDED_BY,
            "{}'s first block was included in relay block {}, not by {INCLUDED_BY}",
            record.name,
            included.relay_block
        );
        last = last.max(included.relay_block);
    }
    Ok(last)
}

/// Waits until the block is final, which needs the approval of its candidates, and the session is still the first.
pub async fn is_finalized(chain: &Chain, included: BlockNumber) -> Result<()> {
    let mut heads = rpc::finalized_heads(chain.client()).await?;
    let waited = tokio::time::timeout(LIMIT, async {
        while let Some(head) = heads.next().await {
            if head?.number >= included {
                return Ok(());
            }
        }
        bail!("the node ended the subscription to finalized blocks")
    });
    waited.await.with_context(|| format!("relay block {included} was not finalized"))??;
    let (best, session) = (rpc::best(chain.client()).await?, rpc::session_index(chain.client()).await?);
    println!("relay block {included} was final when the best was {best}, in session {session}");
    ensure!(session == 0, "candidates of session 0 were finalized in session {session} only");

    let hash = format!("{:?}", chain.block_at(included).await?.hash);
    let call = "ParachainHost_candidate_events";
    let events = rpc::state_call::<Vec<CandidateEvent<Hash>>>(chain.client(), call, &[], Some(&hash)).await?;
    let has_candidate = events.iter().any(|event| matches!(event, CandidateEvent::CandidateIncluded(..)));
    ensure!(has_candidate, "relay block {included} includes nothing: {events:?}");
    Ok(())
}

/// Fails when a validator has taken candidates for approved that nobody had checked.
pub fn candidates_were_checked(network: &LocalNetwork) -> Result<()> {
    for node in network.nodes().into_iter().filter(|node| node.role == Role::Validator) {
        let log = log(&node)?;
        ensure!(log.contains(APPROVAL_LOG), "{} does not log what it approves", node.name);
        ensure!(!log.contains(UNCHECKED), "{} approved candidates unchecked", node.name);
    }
    Ok(())
}

pub fn log(node: &NodeRecord) -> Result<String> {
    let bytes = fs::read(&node.log).with_context(|| format!("reading {}", node.log.display()))?;
    // A kill may have cut a character.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
