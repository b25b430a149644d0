// SPDX-License-Identifier: GPL-3.0-only
//! Auctions, among the node's metrics.

use crate::chain_view::{self, ChainView};
use futures::StreamExt;
use pallet_auctions::Event;
use prometheus_endpoint::{register, Counter, Gauge, PrometheusError, Registry, U64};
use serin_runtime::{BlockNumber, Hash, RuntimeEvent};

/// What is published, as of the last finalized block.
pub struct Metrics {
    live: Gauge<U64>,
    leased_cores: Gauge<U64>,
    lead_changes: Counter<U64>,
}

impl Metrics {
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let live = Gauge::new("serin_auctions_live", "Auctions that are neither settled nor cancelled")?;
        let leased_cores = Gauge::new("serin_cores_leased", "Cores that work for a para which has leased them")?;
        let changes = "serin_auction_lead_changes_total";
        let lead_changes = Counter::new(changes, "Bids that took the lead of a range, since the node started")?;
        Ok(Self {
            live: register(live, registry)?,
            leased_cores: register(leased_cores, registry)?,
            lead_changes: register(lead_changes, registry)?,
        })
    }

    /// Follows the chain to the end of the node.
    pub async fn follow(self, chain: ChainView) {
        let mut finalized = chain.finality_notifications();
        while let Some(newest) = finalized.next().await {
            for hash in newest.tree_route.iter().copied().chain([newest.hash]) {
                // A block whose state is pruned, or from before the runtime had auctions, while the node catches up.
                if let Err(error) = self.count_changes(&chain, hash) {
                    log::debug!("lead changes of a block are not counted: {error}");
                }
            }
            if let Err(error) = self.publish(&chain, newest.hash, newest.header.number) {
                log::debug!("no metrics of auctions: {error}");
            }
        }
    }

    fn count_changes(&self, chain: &ChainView, at: Hash) -> chain_view::Result<()> {
        let events = chain.events(at)?;
        let is_lead = |event: &RuntimeEvent| matches!(event, RuntimeEvent::Auctions(Event::BidPlaced { .. }));
        for _ in events.iter().filter(|record| is_lead(&record.event)) {
            self.lead_changes.inc();
        }
        Ok(())
    }

    fn publish(&self, chain: &ChainView, at: Hash, number: BlockNumber) -> chain_view::Result<()> {
        self.live.set(u64::try_from(chain.live_auctions(at)?.len()).unwrap_or(u64::MAX));
        self.leased_cores.set(chain.leased_cores(at, number)?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_metric_has_a_name_of_its_own() {
        let registry = Registry::new();
        Metrics::register(&registry).expect("an empty registry takes them");
        let names = registry.gather().iter().map(|family| family.get_name().to_owned()).collect::<Vec<_>>();
        assert_eq!(names, ["serin_auction_lead_changes_total", "serin_auctions_live", "serin_cores_leased"]);
    }
}
