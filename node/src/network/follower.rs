// SPDX-License-Identifier: GPL-3.0-only
//! The task that follows one node's process: its heads over RPC, and its end.

use super::{
    manifest::Role,
    node::{Node, NodeState},
    process::Process,
    progress::{Event, Timeline},
    rpc,
};
use jsonrpsee::core::client::Error as RpcError;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::time::sleep;

/// A refused connection costs nothing, and the time to the first answer is a figure that is measured.
const RECONNECT_INTERVAL: Duration = Duration::from_millis(25);
/// A node that syncs announces no best blocks; after this silence its heads are asked for.
const SILENCE: Duration = Duration::from_secs(2);

/// Follows `process` to its end.
pub async fn follow(node: Arc<Node>, process: Arc<Process>, timeline: Arc<Timeline>) {
    tokio::select! {
        exit = process.wait() => if !node.start_again(&process, exit, &timeline) {
            node.note_exit(&process, exit, &timeline);
        },
        never = follow_heads(&node, &process, &timeline) => match never {},
    }
}

async fn follow_heads(node: &Node, process: &Arc<Process>, timeline: &Timeline) -> Infallible {
    loop {
        // An error means that the node does not answer yet, or not any more. Its end is noticed elsewhere.
        let _ = follow_connection(node, process, timeline).await;
        node.set_client(None);
        node.publish(process, |status| {
            if status.state == NodeState::Running {
                status.state = NodeState::Starting;
            }
        });
        sleep(RECONNECT_INTERVAL).await;
    }
}

async fn follow_connection(node: &Node, process: &Arc<Process>, timeline: &Timeline) -> Result<(), RpcError> {
    let client = Arc::new(rpc::connect(node.rpc_url()).await?);
    let peer_id = rpc::local_peer_id(&client).await?;
    if peer_id != node.peer_id() {
        // A node whose RPC port is taken chooses another by itself: who answers here is someone else.
        let detail = format!("{} is answered by peer {peer_id}, not {}", node.rpc_url(), node.peer_id());
        node.publish(process, |status| status.state = NodeState::Foreign(detail.clone()));
        timeline.emit(&Event::Foreign { node: node.name().to_owned(), detail });
        std::future::pending::<()>().await;
    }
    let genesis_hash = rpc::block_hash(&client, 0).await?.unwrap_or_default();
    let mut best_heads = rpc::best_heads(&client).await?;
    let mut finalized_heads = rpc::finalized_heads(&client).await?;

    node.set_client(Some(client.clone()));
    node.publish(process, |status| status.state = NodeState::Running);
    // The milestones are those of the relay chain.
    let is_relay_chain = node.role() == Role::Validator;
    timeline.rpc_up(node.name(), is_relay_chain.then_some(genesis_hash));

    let report = |best: Option<u32>, finalized: Option<u32>| {
        node.publish(process, |status| {
            status.best = best.unwrap_or(status.best);
            status.finalized = finalized.unwrap_or(status.finalized);
        });
        if is_relay_chain {
            best.into_iter().for_each(|number| timeline.best(node.name(), number));
            finalized.into_iter().for_each(|number| timeline.finalized(node.name(), number));
        }
    };
    loop {
        tokio::select! {
            head = best_heads.next() => match head {
                Some(head) => report(Some(head?.number), None),
                None => return Ok(()),
            },
            head = finalized_heads.next() => match head {
                Some(head) => report(None, Some(head?.number)),
                None => return Ok(()),
            },
            () = sleep(SILENCE) => report(Some(rpc::best(&client).await?), Some(rpc::finalized(&client).await?)),
        }
    }
}
