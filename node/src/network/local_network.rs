// SPDX-License-Identifier: GPL-3.0-only
//! The handle of a running local network.

use super::{
    authors,
    cluster::{wait_for, Cluster},
    keys, log_file,
    manifest::{Manifest, NodeRecord, ParachainRecord, SyncMode},
    node::{NetworkStatus, NodeStatus, TAIL_LINES},
    parachains, rpc,
    snapshot::SnapshotReport,
    Condition, Error, LocalNetworkBuilder, Result,
};
use jsonrpsee::ws_client::WsClient;
use std::{
    collections::BTreeMap,
    fmt,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tokio::task::JoinHandle;

/// A running network. Dropping it kills every node, removes a temporary base path and takes the network off the list.
pub struct LocalNetwork {
    cluster: Arc<Cluster>,
    /// What serves the network beside its nodes.
    tasks: Vec<JoinHandle<()>>,
}

impl LocalNetwork {
    pub fn builder() -> LocalNetworkBuilder {
        LocalNetworkBuilder::new(Instant::now())
    }

    /// The network of a snapshot, to be started in a new or empty directory, or in a temporary one.
    pub fn restore(snapshot: impl Into<PathBuf>) -> LocalNetworkBuilder {
        Self::builder().snapshot(snapshot)
    }

    pub(super) fn new(cluster: Arc<Cluster>, tasks: Vec<JoinHandle<()>>) -> Self {
        Self { cluster, tasks }
    }

    pub(super) fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    pub fn name(&self) -> &str {
        &self.cluster.name
    }

    pub fn base_path(&self) -> &Path {
        &self.cluster.base_path
    }

    /// The raw spec file of the relay chain, which all validators share.
    pub fn chain_spec(&self) -> &Path {
        &self.cluster.options.chain_spec
    }

    /// What `network.json` says.
    pub fn manifest(&self) -> Manifest {
        self.cluster.manifest()
    }

    pub fn nodes(&self) -> Vec<NodeRecord> {
        self.cluster.nodes().iter().map(|node| node.record()).collect()
    }

    pub fn node(&self, name: &str) -> Result<NodeRecord> {
        Ok(self.cluster.node(name)?.record())
    }

    /// The parachains of the genesis, with what has happened to them.
    pub fn parachains(&self) -> Vec<ParachainRecord> {
        self.cluster.parachain_records()
    }

    /// The number of the parachain's last block that the relay chain has included, as far as it was reported.
    pub fn included(&self, para: u32) -> Result<u32> {
        self.cluster.parachains.included(para)
    }

    /// What the node has reported last, without asking it.
    pub fn node_status(&self, name: &str) -> Result<NodeStatus> {
        Ok(self.cluster.node(name)?.status())
    }

    /// All nodes, with their peers asked now.
    pub async fn status(&self) -> NetworkStatus {
        self.cluster.status().await
    }

    /// A new connection to the node.
    pub async fn rpc(&self, name: &str) -> Result<WsClient> {
        let node = self.cluster.node(name)?;
        if node.process().is_none() {
            return Err(node.error(&node.status()));
        }
        rpc::connect(node.rpc_url()).await.map_err(Error::rpc(name))
    }

    /// The number of the node's best block, asked now.
    pub async fn best(&self, name: &str) -> Result<u32> {
        rpc::best(&self.rpc(name).await?).await.map_err(Error::rpc(name))
    }

    /// The number of the node's finalized block, asked now.
    pub async fn finalized(&self, name: &str) -> Result<u32> {
        rpc::finalized(&self.rpc(name).await?).await.map_err(Error::rpc(name))
    }

    /// The hash of the block of that number on the node's best chain; none when there is no such block yet.
    pub async fn block_hash(&self, name: &str, number: u32) -> Result<Option<String>> {
        rpc::block_hash(&self.rpc(name).await?, number).await.map_err(Error::rpc(name))
    }

    /// How many of these blocks each validator authored: by node name, or by BABE key in hex where the key is not of a
    /// genesis validator.
    pub async fn authors(&self, name: &str, blocks: RangeInclusive<u32>) -> Result<BTreeMap<String, u32>> {
        let known = self.babe_keys();
        let client = self.rpc(name).await?;
        let mut counts = BTreeMap::new();
        for number in blocks {
            let key = authors::block_author(&client, name, number).await?;
            let author = known.get(&key).cloned().unwrap_or_else(|| format!("0x{}", hex::encode(key)));
            *counts.entry(author).or_insert(0) += 1;
        }
        Ok(counts)
    }

    /// Waits until the relay chain has included the parachain's block of that number. Fails when its collators have all
    /// ended by themselves.
    pub async fn wait_included(&self, para: u32, number: u32, timeout: Duration) -> Result<()> {
        parachains::wait_included(&self.cluster, para, number, timeout).await
    }

    /// Waits until every running validator has finalized the block of that number.
    pub async fn wait_finalized(&self, number: u32, timeout: Duration) -> Result<()> {
        let what = format!("finalized block {number}");
        self.wait_for(&what, timeout, move |status| status.finalized >= number).await
    }

    /// Waits until every running validator has a best block of at least that number.
    pub async fn wait_best(&self, number: u32, timeout: Duration) -> Result<()> {
        let what = format!("best block {number}");
        self.wait_for(&what, timeout, move |status| status.best >= number).await
    }

    /// Waits until one node has finalized the block of that number, of its own chain.
    pub async fn wait_finalized_on(&self, name: &str, number: u32, timeout: Duration) -> Result<()> {
        let what = format!("finalized block {number}");
        self.wait_for_node(name, &what, timeout, move |status| status.finalized >= number).await
    }

    /// Waits until one node answers over RPC.
    pub async fn wait_rpc(&self, name: &str, timeout: Duration) -> Result<()> {
        let is_up = |status: &NodeStatus| Condition::Rpc.is_met(status);
        self.wait_for_node(name, "answer over RPC", timeout, is_up).await
    }

    /// Waits until `predicate` holds for every validator; `what` names it in the error. Fails when one has ended by itself;
    /// one that was stopped or killed, now or meanwhile, does not count.
    pub async fn wait_for(
        &self,
        what: &str,
        timeout: Duration,
        predicate: impl Fn(&NodeStatus) -> bool + Send + Sync,
    ) -> Result<()> {
        Cluster::wait_for_all(self.cluster.validators(), what, timeout, &predicate).await
    }

    /// Waits until `predicate` holds for one node. Fails when the node ends first.
    pub async fn wait_for_node(
        &self,
        name: &str,
        what: &str,
        timeout: Duration,
        predicate: impl Fn(&NodeStatus) -> bool + Send + Sync,
    ) -> Result<()> {
        let node = self.cluster.node(name)?;
        wait_for(&node, what, timeout, &predicate).await
    }

    /// Ends a node with SIGKILL, its workers too. Returns once it is gone.
    pub async fn kill(&self, name: &str) -> Result<()> {
        self.cluster.kill(&[name]).await
    }

    /// Ends all running nodes with SIGKILL, at once.
    pub async fn kill_all(&self) -> Result<()> {
        let nodes = self.nodes();
        let running = nodes.iter().filter(|node| node.pid.is_some()).map(|node| node.name.as_str());
        self.cluster.kill(&running.collect::<Vec<_>>()).await
    }

    /// Starts a node again on its database; one that runs is shut down first. Returns once the process exists.
    pub async fn restart(&self, name: &str) -> Result<()> {
        self.cluster.restart(&[name]).await
    }

    /// Starts all nodes again.
    pub async fn restart_all(&self) -> Result<()> {
        let nodes = self.nodes();
        self.cluster.restart(&nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>()).await
    }

    /// Starts a validator that the chain does not know: no session keys, an empty database. Returns once it answers.
    pub async fn add_validator(&self, name: Option<&str>, sync: SyncMode) -> Result<NodeRecord> {
        self.cluster.add_validator(name, sync).await
    }

    /// Starts a collator that its parachain does not know: no keys, an empty database. Returns once it answers.
    pub async fn add_collator(&self, para: u32, name: Option<&str>) -> Result<NodeRecord> {
        self.cluster.add_collator(para, name).await
    }

    /// Writes what the network is and has to `file`, which must not exist yet. Its nodes are shut down meanwhile; returns
    /// once those that ran answer again. See [`Self::restore`].
    pub async fn snapshot(&self, file: impl AsRef<Path>) -> Result<SnapshotReport> {
        self.cluster.snapshot(file.as_ref(), false, Arc::new(|_| true)).await
    }

    /// Shuts all nodes down, kills those that do not follow, and gives back what the network holds.
    pub async fn stop(&self) -> Result<()> {
        self.cluster.stop().await
    }

    /// Returns when another process has stopped the network (`serin network stop`).
    pub async fn stopped_by_request(&self) {
        let mut stopped = self.cluster.stopped_by_request.subscribe();
        // The sender lives in the cluster, which this handle keeps alive.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

    fn babe_keys(&self) -> BTreeMap<[u8; 32], String> {
        let nodes = self.cluster.validators();
        let keyed =
            nodes.iter().filter_map(|node| Some((keys::babe_key(node.session_keys()?), node.name().to_owned())));
        keyed.collect()
    }
}

impl Drop for LocalNetwork {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
        if self.cluster.is_stopped() {
            return;
        }
        if thread::panicking() {
            // The logs may go away with the base path, and a failed test is explained by them.
            for node in self.cluster.nodes() {
                eprintln!("--- end of {}:\n{}", node.log().display(), node.log_tail());
            }
            for relayer in self.cluster.relayers.records() {
                eprintln!("--- end of {}:\n{}", relayer.log.display(), log_file::tail(&relayer.log, TAIL_LINES));
            }
        }
        self.cluster.stop_now();
    }
}

impl fmt::Debug for LocalNetwork {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes = self.cluster.nodes().iter().map(|node| node.name().to_owned()).collect::<Vec<_>>();
        formatter
            .debug_struct("LocalNetwork")
            .field("name", &self.cluster.name)
            .field("base_path", &self.cluster.base_path)
            .field("nodes", &nodes)
            .finish_non_exhaustive()
    }
}
