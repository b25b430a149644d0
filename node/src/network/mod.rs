// SPDX-License-Identifier: GPL-3.0-only
//! Local networks of real processes: the library behind `serin network ...` and behind the tests.
//!
//! ```text
//! use serin_node::network::LocalNetwork;
//! use std::time::Duration;
//!
//! let network = LocalNetwork::builder().validators(4).para(2087, "picasso").start().await?;
//! network.wait_finalized(1, Duration::from_secs(120)).await?;
//! network.wait_included(2087, 1, Duration::from_secs(120)).await?;
//! network.kill("bob").await?;
//! network.restart("bob").await?;
//! network.snapshot("before.snapshot").await?;
//! network.stop().await?;
//! let network = LocalNetwork::restore("before.snapshot").start().await?;
//! ```
//!
//! Reading order: [`LocalNetworkBuilder`] plans a network and starts it; [`LocalNetwork`] is the handle of a running one;
//! `cluster` holds its nodes and changes them; `node` is one of them, validator or collator, and `process` its
//! operating-system process; `parachains` is what the relay chain says of its parachains, `relayers` what carries
//! messages between them; `snapshot` is a network as a file.
//!
//! # What keeps a network from outliving its launcher
//!
//! - [`LocalNetwork::stop`], and its `Drop` when a panic or an early return skips it;
//! - `SIGINT`, `SIGTERM` and `SIGHUP`, which `serin network up` turns into a stop;
//! - the parent-death signal each node asks the kernel for, when the launcher is killed with `SIGKILL`.

mod addresses;
mod arguments;
pub(crate) mod authors;
mod builder;
mod chains;
pub mod cli;
mod cluster;
pub mod command;
mod condition;
mod control;
mod error;
mod follower;
pub mod keys;
mod local_network;
mod log_file;
mod manifest;
mod node;
mod parachains;
mod ports;
mod process;
mod progress;
mod ready;
mod registry;
mod relayers;
mod reporter;
pub mod rpc;
mod snapshot;
mod supervisor;

pub use arguments::RelayChainAccess;
pub use builder::LocalNetworkBuilder;
pub use condition::Condition;
pub use error::{Error, Result};
pub use local_network::LocalNetwork;
pub use manifest::{
    Account, Manifest, Milestone, NetworkBackend, NodeRecord, ParachainRecord, RelayerRecord, Role, StartOptions,
    StatePruning, SyncMode, Timings,
};
pub use node::{NetworkStatus, NodeReport, NodeState, NodeStatus, ParachainReport};
pub use ports::NodePorts;
pub use progress::Event;
pub use registry::{Entry, Registry};
pub use snapshot::{Progress, SnapshotReport};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The guard of `mutex`, also after a panic of another holder: what these locks protect is replaced whole, never half.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
