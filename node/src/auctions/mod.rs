// SPDX-License-Identifier: GPL-3.0-only
//! Auctions of cores, as a bidder and a node see them. What is decided, and when, is the runtime's: `pallet-auctions`.
//!
//! Reading order: [`api`] asks the chain over RPC; [`record`] is what `serin auction watch` prints of the answers, as a record
//! and as a picture; [`command`] prints it again with every block. `metrics` publishes what a node sees inside of itself.

pub mod api;
pub mod cli;
pub mod command;
mod error;
mod metrics;
pub mod record;

pub use error::{Error, Result};

use crate::chain_view::ChainView;
use metrics::Metrics;
use polkadot_service::NewFull;
use prometheus_endpoint::Registry;

/// Has a relay node publish how many auctions and leased cores there are, and how often leads change.
pub fn follow(node: &NewFull, registry: Option<&Registry>) {
    match registry.map(Metrics::register) {
        Some(Ok(metrics)) => {
            let chain = ChainView::new(node.client.clone());
            node.task_manager.spawn_handle().spawn("auction-metrics", None, metrics.follow(chain));
        }
        Some(Err(error)) => log::warn!("auctions are not among the metrics: {error}"),
        None => {}
    }
}
