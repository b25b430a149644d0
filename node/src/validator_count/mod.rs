// SPDX-License-Identifier: GPL-3.0-only
//! The governed number of validators, as a node and its operator see it. What is decided, and when, is the runtime's:
//! `pallet-validator-count`.
//!
//! Reading order: [`words`] names what the pallet answers; [`api`] asks it over RPC, which [`command`] shows as `serin
//! validators status`, and [`record`] is what that prints; `chain_view` asks it inside of a node, which `metrics` publishes and
//! [`reporter`] reads before it proves to the chain that blocks are final.

pub mod api;
pub mod cli;
pub mod command;
mod error;
mod metrics;
pub mod record;
pub mod reporter;
pub mod words;

pub use error::{Error, Result};

use crate::chain_view::ChainView;
use metrics::Metrics;
use polkadot_service::NewFull;
use prometheus_endpoint::Registry;
use reporter::{Reporter, ReporterKey};

/// Has a relay node publish the plan as metrics, and report finality if it was given a key for that.
pub fn follow(node: &NewFull, registry: Option<&Registry>, key: Option<ReporterKey>) {
    let chain = ChainView::new(node.client.clone());
    let spawner = node.task_manager.spawn_handle();
    match registry.map(Metrics::register) {
        Some(Ok(metrics)) => spawner.spawn("validator-count-metrics", None, metrics.follow(chain.clone())),
        Some(Err(error)) => log::warn!("the validator count is not among the metrics: {error}"),
        None => {}
    }
    if let Some(key) = key {
        let reporter = Reporter::new(chain, key, node.rpc_handlers.clone());
        spawner.spawn("finality-reporter", None, reporter.run());
    }
}
