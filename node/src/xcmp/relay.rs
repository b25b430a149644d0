// SPDX-License-Identifier: GPL-3.0-only
//! The relayer: asks the nodes of senders for messages with their proofs, and hands those to the nodes of receivers. It keeps
//! nothing: what is to be done next is read from the two chains each time, so that it can be killed at any moment, and several
//! of them do no harm to each other.

mod endpoint;
mod lane;
mod metrics;
mod pause;

pub use metrics::Metrics;

use super::{parachain::Parachain, Error, Result};
use crate::demo::Narrator;
use endpoint::Endpoint;
use lane::Lane;
use pause::Pause;
use polkadot_primitives::Id as ParaId;
use prometheus_endpoint::{init_prometheus, Registry};
use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    net::Ipv4Addr,
    sync::Arc,
};
use tokio::{
    sync::mpsc::{unbounded_channel, UnboundedSender},
    task::JoinSet,
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Nodes of parachains that send.
    pub from: Vec<String>,
    /// Nodes of parachains that receive.
    pub to: Vec<String>,
    /// Of 127.0.0.1.
    pub metrics_port: Option<u16>,
}

/// Relays until something is wrong with what was asked for. Nodes that do not answer are waited for.
pub async fn run(options: &Options, narrator: Narrator) -> Result<()> {
    let mut relayer = Relayer::new(options, narrator)?;
    if let Some(port) = options.metrics_port {
        relayer.tasks.spawn(serve_metrics(port, relayer.registry.clone()));
    }
    let nodes = options.from.iter().chain(&options.to).collect::<BTreeSet<_>>();
    let mut unknown = nodes.len();
    let (sender, mut found) = unbounded_channel();
    for url in nodes {
        relayer.tasks.spawn(find(url.clone(), sender.clone(), relayer.narrator.clone()));
    }
    loop {
        tokio::select! {
            Some(node) = found.recv() => {
                unknown = unknown.saturating_sub(1);
                relayer.add(options, &node);
                if unknown == 0 {
                    relayer.ensure_two_ends(node.para)?;
                }
            },
            Some(outcome) = relayer.tasks.join_next() => outcome.map_err(std::io::Error::other)??,
        }
    }
}

/// A node, and whose it is.
struct Found {
    url: String,
    para: ParaId,
}

struct Relayer {
    narrator: Arc<Narrator>,
    registry: Registry,
    metrics: Metrics,
    senders: BTreeMap<ParaId, Arc<Endpoint>>,
    receivers: BTreeMap<ParaId, Arc<Endpoint>>,
    /// One ends only by an error, or when it has nothing left to do.
    tasks: JoinSet<Result<()>>,
}

impl Relayer {
    fn new(options: &Options, narrator: Narrator) -> Result<Self> {
        let registry = Registry::new();
        let failed = |reason: String| Error::Metrics { port: options.metrics_port.unwrap_or(0), reason };
        let metrics = Metrics::register(&registry).map_err(|error| failed(error.to_string()))?;
        Ok(Self {
            narrator: Arc::new(narrator),
            registry,
            metrics,
            senders: BTreeMap::new(),
            receivers: BTreeMap::new(),
            tasks: JoinSet::new(),
        })
    }

    /// Puts the node to use, and begins to relay between its parachain and those that are known already.
    fn add(&mut self, options: &Options, Found { url, para }: &Found) {
        self.narrator.tell(&format!("{url} is a node of parachain {para}"));
        if options.from.contains(url) && join(&mut self.senders, *para, url) {
            let receivers = self.receivers.keys().copied().collect::<Vec<_>>();
            receivers.into_iter().for_each(|to| self.open(*para, to));
        }
        if options.to.contains(url) && join(&mut self.receivers, *para, url) {
            let senders = self.senders.keys().copied().collect::<Vec<_>>();
            senders.into_iter().for_each(|from| self.open(from, *para));
        }
    }

    fn open(&mut self, from: ParaId, to: ParaId) {
        let (Some(sender), Some(receiver)) = (self.senders.get(&from), self.receivers.get(&to)) else { return };
        if from == to {
            return;
        }
        let lane = Lane::new(
            (from, sender.clone()),
            (to, receiver.clone()),
            self.narrator.clone(),
            self.metrics.lane(from, to),
        );
        self.tasks.spawn(async move { match lane.run().await {} });
    }

    /// All nodes are known.
    fn ensure_two_ends(&self, para: ParaId) -> Result<()> {
        let is_alone = self.senders.keys().chain(self.receivers.keys()).all(|other| *other == para);
        if is_alone {
            return Err(Error::OneParachain { para: para.into() });
        }
        Ok(())
    }
}

/// Whether the parachain is a new one.
fn join(ends: &mut BTreeMap<ParaId, Arc<Endpoint>>, para: ParaId, url: &str) -> bool {
    match ends.get(&para) {
        Some(known) => {
            known.add(url);
            false
        }
        None => {
            ends.insert(para, Arc::new(Endpoint::new(url)));
            true
        }
    }
}

/// Waits until the node answers, and tells whose it is. Fails when it can be of no use.
async fn find(url: String, found: UnboundedSender<Found>, narrator: Arc<Narrator>) -> Result<()> {
    let mut pause = Pause::default();
    loop {
        match Parachain::connect(&url).await {
            Ok(parachain) => {
                // Nobody listens only when the relayer ends.
                let _ = found.send(Found { url, para: parachain.id });
                return Ok(());
            }
            Err(error @ (Error::NoXcmp { .. } | Error::Metadata { .. })) => return Err(error),
            Err(error) => {
                if pause.is_fresh() {
                    narrator.tell(&format!("{error}; trying again"));
                }
                pause.take().await;
            }
        }
    }
}

async fn serve_metrics(port: u16, registry: Registry) -> Result<()> {
    let served = init_prometheus((Ipv4Addr::LOCALHOST, port).into(), registry).await;
    served.map_err(|error| Error::Metrics { port, reason: error.to_string() })
}

/// What a lane never returns.
type Never = Infallible;
