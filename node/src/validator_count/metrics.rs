// SPDX-License-Identifier: GPL-3.0-only
//! The plan for the validator count, among the node's metrics.

use super::words;
use crate::chain_view::ChainView;
use futures::{FutureExt, StreamExt};
use pallet_validator_count::{Flag, Status};
use prometheus_endpoint::{register, Gauge, GaugeVec, Opts, PrometheusError, Registry, I64, U64};
use std::time::Duration;
use tokio::time::sleep;

/// One runtime call answers for all gauges, and there is at most one in this time, however fast blocks become final.
const MIN_INTERVAL: Duration = Duration::from_secs(2);
/// What the gauge of the lag says when it is unknown.
const UNKNOWN: i64 = -1;

/// What is published, as of the last finalized block.
pub struct Metrics {
    count: Gauge<U64>,
    active: Gauge<U64>,
    target: Gauge<U64>,
    finality_lag: Gauge<I64>,
    states: GaugeVec<U64>,
    flags: GaugeVec<U64>,
}

impl Metrics {
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let count = Gauge::new("serin_validator_count", "Validators that the next election chooses")?;
        let active = Gauge::new("serin_validators_active", "Validators in the active set")?;
        let target = Gauge::new("serin_validator_count_target", "The count that the plan leads to; 0 without a plan")?;
        let lag = "serin_validator_count_finality_lag";
        let finality_lag = Gauge::new(lag, "How many blocks the finality proven on chain is behind; -1 is unknown")?;
        let states =
            Opts::new("serin_validator_count_plan_state", "1 for the state that the plan is in, 0 for all others");
        let flags = Opts::new("serin_validator_count_flag", "1 for each flag that holds the plan, 0 for all others");
        Ok(Self {
            count: register(count, registry)?,
            active: register(active, registry)?,
            target: register(target, registry)?,
            finality_lag: register(finality_lag, registry)?,
            states: register(GaugeVec::new(states, &["state"])?, registry)?,
            flags: register(GaugeVec::new(flags, &["flag"])?, registry)?,
        })
    }

    /// Follows the chain to the end of the node.
    pub async fn follow(self, chain: ChainView) {
        let mut finalized = chain.finality_notifications();
        while let Some(mut newest) = finalized.next().await {
            while let Some(Some(newer)) = finalized.next().now_or_never() {
                newest = newer;
            }
            match chain.status(newest.hash) {
                Ok(status) => self.publish(&status),
                // A block from before the runtime had the API, while the node catches up.
                Err(error) => log::debug!("no metrics of the validator count: {error}"),
            }
            // The notification pins its block.
            drop(newest);
            sleep(MIN_INTERVAL).await;
        }
    }

    fn publish(&self, status: &Status) {
        let plan = status.plan.as_ref();
        self.count.set(status.count.into());
        self.active.set(status.active.into());
        self.target.set(plan.map_or(0, |plan| plan.target.into()));
        self.finality_lag.set(status.finality_lag.map_or(UNKNOWN, i64::from));
        for state in words::STATES {
            self.states.with_label_values(&[state]).set(u64::from(state == words::state(plan)));
        }
        let reasons = words::reasons(plan);
        for flag in Flag::ALL {
            self.flags.with_label_values(&[words::flag(flag)]).set(u64::from(reasons.contains(flag)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_plan_there_is_no_target_and_no_flag() {
        let registry = Registry::new();
        let metrics = Metrics::register(&registry).expect("an empty registry takes them");
        metrics.publish(&Status {
            count: 4,
            active: 3,
            active_era: 0,
            plan: None,
            next_step_era: None,
            done_era: None,
            finality_lag: None,
            era_so_far: Default::default(),
            not_judged: Vec::new(),
        });
        assert_eq!((metrics.count.get(), metrics.active.get(), metrics.target.get()), (4, 3, 0));
        assert_eq!(metrics.finality_lag.get(), UNKNOWN);
        assert_eq!(metrics.states.with_label_values(&["none"]).get(), 1);
        assert_eq!(metrics.states.with_label_values(&["ramping"]).get(), 0);
        assert!(Flag::ALL.iter().all(|flag| metrics.flags.with_label_values(&[words::flag(*flag)]).get() == 0));
        // Two metrics of one name would be an error at the node's start.
        assert!(Metrics::register(&registry).is_err());
    }
}
