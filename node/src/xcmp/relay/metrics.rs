// SPDX-License-Identifier: GPL-3.0-only
//! What a relayer counts, for each direction between two parachains.

use polkadot_primitives::Id as ParaId;
use prometheus_endpoint::{register, Counter, CounterVec, Gauge, GaugeVec, Opts, PrometheusError, Registry, U64};

const LABELS: [&str; 2] = ["from", "to"];

pub struct Metrics {
    submitted: CounterVec<U64>,
    refused: CounterVec<U64>,
    received: CounterVec<U64>,
    waiting: GaugeVec<U64>,
    connected: GaugeVec<U64>,
}

/// Those of one direction.
pub struct LaneMetrics {
    /// Deliveries that a pool took.
    pub submitted: Counter<U64>,
    /// Deliveries that a pool refused.
    pub refused: Counter<U64>,
    /// Messages that the receiver took in meanwhile, whoever delivered them.
    pub received: Counter<U64>,
    /// Messages that were sent and not received.
    pub waiting: Gauge<U64>,
    /// 1 while both nodes answer.
    pub connected: Gauge<U64>,
}

impl Metrics {
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let counter = |name: &str, help: &str| register(CounterVec::new(Opts::new(name, help), &LABELS)?, registry);
        let gauge = |name: &str, help: &str| register(GaugeVec::new(Opts::new(name, help), &LABELS)?, registry);
        Ok(Self {
            submitted: counter("serin_xcmp_deliveries_submitted", "Deliveries that the receiver's pool took")?,
            refused: counter("serin_xcmp_deliveries_refused", "Deliveries that the receiver's pool refused")?,
            received: counter("serin_xcmp_messages_received", "Messages received, whoever delivered them")?,
            waiting: gauge("serin_xcmp_messages_waiting", "Messages that were sent and not received")?,
            connected: gauge("serin_xcmp_relay_connected", "1 while the nodes of sender and receiver answer")?,
        })
    }

    pub fn lane(&self, from: ParaId, to: ParaId) -> LaneMetrics {
        let (from, to) = (u32::from(from).to_string(), u32::from(to).to_string());
        let labels = [from.as_str(), to.as_str()];
        LaneMetrics {
            submitted: self.submitted.with_label_values(&labels),
            refused: self.refused.with_label_values(&labels),
            received: self.received.with_label_values(&labels),
            waiting: self.waiting.with_label_values(&labels),
            connected: self.connected.with_label_values(&labels),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directions_are_counted_apart() {
        let registry = Registry::new();
        let metrics = Metrics::register(&registry).expect("an empty registry takes them");
        let there = metrics.lane(2_087.into(), 2_100.into());
        there.received.inc_by(3);
        assert_eq!(metrics.lane(2_087.into(), 2_100.into()).received.get(), 3);
        assert_eq!(metrics.lane(2_100.into(), 2_087.into()).received.get(), 0);
    }
}
