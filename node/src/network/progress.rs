// SPDX-License-Identifier: GPL-3.0-only
//! What happens in a network, in order, with its time since the start of the command.

use super::{lock, manifest::Timings};
use std::{
    fmt,
    sync::{Arc, Mutex, OnceLock},
    time::{Duration, Instant},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    SpecReady {
        chain: String,
    },
    Spawned {
        node: String,
        pid: u32,
    },
    /// The node answered over RPC for the first time since its process started.
    RpcUp {
        node: String,
    },
    /// The first block above genesis, reported first by this node.
    FirstBlock {
        node: String,
    },
    /// The network's highest finalized block, reported first by this node.
    Finalized {
        node: String,
        number: u32,
    },
    Killed {
        node: String,
    },
    /// The node ended without being told to.
    Exited {
        node: String,
        status: String,
    },
    /// Another program answers on the node's RPC port.
    Foreign {
        node: String,
        detail: String,
    },
}

impl fmt::Display for Event {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SpecReady { chain } => write!(formatter, "spec of {chain} built"),
            Self::Spawned { node, pid } => write!(formatter, "{node}: started, pid {pid}"),
            Self::RpcUp { node } => write!(formatter, "{node}: rpc up"),
            Self::FirstBlock { node } => write!(formatter, "{node}: first block"),
            Self::Finalized { node, number } => write!(formatter, "{node}: finalized {number}"),
            Self::Killed { node } => write!(formatter, "{node}: killed"),
            Self::Exited { node, status } => write!(formatter, "{node}: ended by itself ({status})"),
            Self::Foreign { node, detail } => write!(formatter, "{node}: {detail}"),
        }
    }
}

/// Called at each event, with the time since the start. It must not block.
pub type Observer = Arc<dyn Fn(Duration, &Event) + Send + Sync>;

/// The clock and the milestones of one network.
pub struct Timeline {
    started: Instant,
    observer: Option<Observer>,
    milestones: Mutex<Milestones>,
    genesis_hash: OnceLock<String>,
}

#[derive(Default)]
struct Milestones {
    timings: Timings,
    highest_finalized: u32,
}

impl Timeline {
    pub fn new(started: Instant, observer: Option<Observer>) -> Self {
        Self { started, observer, milestones: Mutex::default(), genesis_hash: OnceLock::new() }
    }

    pub fn emit(&self, event: &Event) {
        if let Some(observer) = &self.observer {
            observer(self.started.elapsed(), event);
        }
    }

    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    pub fn timings(&self) -> Timings {
        lock(&self.milestones).timings
    }

    pub fn genesis_hash(&self) -> Option<String> {
        self.genesis_hash.get().cloned()
    }

    pub fn all_spawned(&self) {
        let now = self.millis();
        lock(&self.milestones).timings.spawned.get_or_insert(now);
    }

    pub fn rpc_up(&self, node: &str, genesis_hash: String) {
        let now = self.millis();
        lock(&self.milestones).timings.first_rpc.get_or_insert(now);
        self.genesis_hash.get_or_init(|| genesis_hash);
        self.emit(&Event::RpcUp { node: node.to_owned() });
    }

    pub fn best(&self, node: &str, number: u32) {
        let now = self.millis();
        let is_first = {
            let timings = &mut lock(&self.milestones).timings;
            let is_first = number > 0 && timings.first_block.is_none();
            if is_first {
                timings.first_block = Some(now);
            }
            is_first
        };
        if is_first {
            self.emit(&Event::FirstBlock { node: node.to_owned() });
        }
    }

    pub fn finalized(&self, node: &str, number: u32) {
        let now = self.millis();
        let is_higher = {
            let mut milestones = lock(&self.milestones);
            let is_higher = number > milestones.highest_finalized;
            if is_higher {
                milestones.highest_finalized = number;
                milestones.timings.first_finalized.get_or_insert(now);
            }
            is_higher
        };
        if is_higher {
            self.emit(&Event::Finalized { node: node.to_owned(), number });
        }
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milestones_are_kept_from_their_first_time_and_told_once() {
        let events = Arc::new(Mutex::new(Vec::new()));
        let sink = events.clone();
        let observer: Observer = Arc::new(move |_, event| sink.lock().unwrap().push(event.to_string()));
        let timeline = Timeline::new(Instant::now(), Some(observer));

        timeline.best("alice", 0);
        timeline.best("alice", 1);
        timeline.best("bob", 1);
        timeline.finalized("bob", 1);
        timeline.finalized("alice", 1);
        timeline.finalized("alice", 3);

        let expected = ["alice: first block", "bob: finalized 1", "alice: finalized 3"];
        assert_eq!(*events.lock().unwrap(), expected);
        let timings = timeline.timings();
        assert!(timings.first_block.is_some() && timings.first_finalized.is_some());
        assert_eq!(timings.first_rpc, None);
    }
}
