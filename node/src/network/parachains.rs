// SPDX-License-Identifier: GPL-3.0-only
//! The parachains of a network, as its relay chain knows them.

use super::{
    cluster::Cluster,
    manifest::{ParachainRecord, Role},
    node::{Node, ParachainReport},
    progress::Event,
    rpc, Error, Result,
};
use codec::Decode;
use futures::future::join_all;
use jsonrpsee::{core::client::Error as RpcError, ws_client::WsClient};
use polkadot_primitives::{well_known_keys, CandidateEvent, Hash, HeadData, Header};
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use tokio::{sync::watch, task::JoinHandle, time::sleep};

type RpcResult = std::result::Result<(), RpcError>;

/// How long to wait for another node after one that followed the relay chain has gone.
const RECONNECT_INTERVAL: Duration = Duration::from_millis(100);
/// The first block that can have a candidate.
const FIRST_BLOCK: u32 = 1;

/// The parachains of a network, and their blocks that the relay chain has included.
pub struct Parachains {
    records: Vec<ParachainRecord>,
    included: watch::Sender<BTreeMap<u32, u32>>,
}

impl Parachains {
    pub fn new(records: Vec<ParachainRecord>) -> Self {
        let included = records.iter().map(|record| (record.id, 0)).collect();
        Self { records, included: watch::Sender::new(included) }
    }

    pub fn records(&self) -> &[ParachainRecord] {
        &self.records
    }

    pub fn record(&self, id: u32) -> Result<&ParachainRecord> {
        self.records.iter().find(|record| record.id == id).ok_or_else(|| Error::UnknownParachain {
            id,
            known: match self.records.as_slice() {
                [] => "none".to_owned(),
                records => records.iter().map(|record| record.id.to_string()).collect::<Vec<_>>().join(", "),
            },
        })
    }

    /// The number of the last block that the relay chain has included, as far as it was reported.
    pub fn included(&self, id: u32) -> Result<u32> {
        self.record(id)?;
        Ok(self.included.borrow().get(&id).copied().unwrap_or(0))
    }

    pub fn reports(&self) -> Vec<ParachainReport> {
        let included = self.included.borrow();
        let report = |record: &ParachainRecord| ParachainReport {
            id: record.id,
            name: record.name.clone(),
            kind: record.kind,
            included: included.get(&record.id).copied().unwrap_or(0),
        };
        self.records.iter().map(report).collect()
    }

    async fn wait_included(&self, id: u32, number: u32) {
        let mut included = self.included.subscribe();
        // The sender lives as long as this.
        let _ = included.wait_for(|included| included.get(&id).is_some_and(|found| *found >= number)).await;
    }
}

/// Waits until the relay chain has included the parachain's block of that number. Fails when all of its collators have
/// ended by themselves.
pub async fn wait_included(cluster: &Cluster, id: u32, number: u32, timeout: Duration) -> Result<()> {
    let name = &cluster.parachains.record(id)?.name;
    let collators = cluster.nodes().into_iter().filter(|node| node.para() == Some(id)).collect::<Vec<_>>();
    let outcome = tokio::select! {
        outcome = tokio::time::timeout(timeout, cluster.parachains.wait_included(id, number)) => outcome,
        error = all_failed(&collators) => return Err(error),
    };
    outcome.map_err(|_| {
        let log = collators.first().map_or_else(|| cluster.base_path.clone(), |node| node.log().to_owned());
        Error::Timeout {
            what: format!("block {number} of {name} on the relay chain"),
            seconds: timeout.as_secs(),
            lagging: format!("the last one included is {}", cluster.parachains.included(id).unwrap_or(0)),
            log,
            tail: collators.first().map_or_else(String::new, |node| node.log_tail()),
        }
    })
}

/// Returns when none of these nodes is left and none was ended on purpose.
async fn all_failed(nodes: &[Arc<Node>]) -> Error {
    let failures = nodes.iter().map(|node| async move {
        let mut status = node.subscribe();
        let found = status.wait_for(|status| status.state.has_failed()).await.map(|status| status.clone());
        node.error(&found.unwrap_or_else(|_| node.status()))
    });
    match join_all(failures).await.into_iter().next() {
        Some(error) => error,
        // A parachain without a collator may yet get one.
        None => std::future::pending().await,
    }
}

/// Follows the relay chain until the returned task is aborted. `is_new`: whether its first block is still to come.
pub fn follow(cluster: Arc<Cluster>, is_new: bool) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut next = is_new.then_some(FIRST_BLOCK);
        if cluster.parachains.records.is_empty() {
            return;
        }
        loop {
            let validators = cluster.nodes().into_iter().filter(|node| node.role() == Role::Validator);
            if let Some(client) = validators.filter_map(|node| node.client()).next() {
                // An error means that the node has gone; another one goes on where it stopped.
                let _ = follow_connection(&cluster, &client, &mut next).await;
            }
            sleep(RECONNECT_INTERVAL).await;
        }
    })
}

/// Looks at each block of the best chain, from `next` or the best one on.
async fn follow_connection(cluster: &Cluster, client: &WsClient, next: &mut Option<u32>) -> RpcResult {
    let mut heads = rpc::best_heads(client).await?;
    while let Some(head) = heads.next().await {
        let best = head?.number;
        let mut number = next.unwrap_or(best).min(best.saturating_add(1));
        while number <= best {
            // A node that has gone back to a shorter fork has no such block; the next head will tell.
            let Some(hash) = rpc::block_hash(client, number).await? else { break };
            note_events(cluster, client, number, &hash).await?;
            if number == best {
                note_heads(cluster, client, &hash).await?;
            }
            number = number.saturating_add(1);
            *next = Some(number);
        }
    }
    Ok(())
}

/// Milestones are taken from events: they tell the block in which something happened.
async fn note_events(cluster: &Cluster, client: &WsClient, number: u32, hash: &str) -> RpcResult {
    let call = "ParachainHost_candidate_events";
    for event in rpc::state_call::<Vec<CandidateEvent<Hash>>>(client, call, &[], Some(hash)).await? {
        let (receipt, is_included) = match &event {
            CandidateEvent::CandidateBacked(receipt, ..) => (receipt, false),
            CandidateEvent::CandidateIncluded(receipt, ..) => (receipt, true),
            CandidateEvent::CandidateTimedOut(..) => continue,
        };
        let id = u32::from(receipt.descriptor.para_id());
        // One that was registered at run time is not in the record.
        let Ok(record) = cluster.parachains.record(id) else { continue };
        if is_included {
            cluster.timeline.included(id, &record.name, number);
        } else {
            cluster.timeline.backed(id, &record.name, number);
        }
    }
    Ok(())
}

/// Heads are taken from the state: it is right also after a change of forks and for a network that is continued.
async fn note_heads(cluster: &Cluster, client: &WsClient, hash: &str) -> RpcResult {
    for record in &cluster.parachains.records {
        let key = well_known_keys::para_head(record.id.into());
        let head = rpc::storage(client, &key, hash).await?.and_then(|value| block_number(&value));
        let Some(number) = head else { continue };
        let is_news = cluster.parachains.included.send_if_modified(|included| {
            let before = included.insert(record.id, number);
            before != Some(number)
        });
        if is_news {
            cluster.timeline.emit(&Event::Included { parachain: record.name.clone(), number });
        }
    }
    Ok(())
}

/// The number in a stored head; none when the parachain's head is not a header of Substrate's kind.
fn block_number(mut value: &[u8]) -> Option<u32> {
    let head = HeadData::decode(&mut value).ok()?;
    Some(Header::decode(&mut head.0.as_slice()).ok()?.number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::manifest::tests::parachain_record;
    use codec::Encode;
    use sp_runtime::traits::Header as _;

    #[test]
    fn a_parachain_is_known_by_its_id() {
        let parachains =
            Parachains::new(vec![parachain_record(2_087, "picasso"), parachain_record(2_100, "subsocial")]);
        assert_eq!(parachains.record(2_100).unwrap().name, "subsocial");
        assert_eq!(parachains.included(2_087).unwrap(), 0);
        let message = parachains.included(2_086).unwrap_err().to_string();
        assert!(message.contains("2086") && message.contains("2087, 2100"), "{message}");
        let message = Parachains::new(Vec::new()).record(2_086).unwrap_err().to_string();
        assert!(message.contains("--para"), "{message}");
    }

    #[test]
    fn a_head_is_a_header_within_bytes() {
        let header = Header::new(7, Hash::default(), Hash::default(), Hash::default(), Default::default());
        assert_eq!(block_number(&HeadData(header.encode()).encode()), Some(7));
        assert_eq!(block_number(&HeadData(vec![1]).encode()), None);
        assert_eq!(block_number(&[]), None);
    }

    #[tokio::test]
    async fn a_wait_ends_with_the_block_it_is_for() {
        let parachains = Parachains::new(vec![parachain_record(2_087, "picasso")]);
        parachains.wait_included(2_087, 0).await;
        parachains.included.send_modify(|included| {
            included.insert(2_087, 4);
        });
        parachains.wait_included(2_087, 3).await;
        assert_eq!(parachains.reports()[0].included, 4);
    }
}
