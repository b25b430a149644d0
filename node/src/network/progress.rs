// SPDX-License-Identifier: GPL-3.0-only
//! What happens in a network, in order, with its time since the start of the command.

use super::{
    lock,
    manifest::{Milestone, Timings},
    snapshot::Progress,
};
use std::{
    collections::BTreeMap,
    fmt,
    path::PathBuf,
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
    /// A collator ended before it answered, and is started again.
    GaveUp {
        node: String,
        status: String,
    },
    /// A parachain's first candidate was backed by this block of the relay chain.
    FirstBacked {
        parachain: String,
        relay_block: u32,
    },
    /// The relay chain's block of this number included a parachain's first block.
    FirstIncluded {
        parachain: String,
        relay_block: u32,
    },
    /// The highest block of a parachain that the relay chain has included.
    Included {
        parachain: String,
        number: u32,
    },
    /// Another program answers on the node's RPC port.
    Foreign {
        node: String,
        detail: String,
    },
    /// Every node is being shut down for a snapshot.
    SnapshotBegun {
        file: PathBuf,
    },
    /// The nodes are started again, whether there is a snapshot or not.
    SnapshotEnded {
        outcome: String,
    },
    /// How much of a snapshot's files has been put into the base path.
    Unpacked {
        progress: Progress,
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
            Self::GaveUp { node, status } => write!(formatter, "{node}: ended before it answered ({status}), again"),
            Self::FirstBacked { parachain, relay_block } => {
                write!(formatter, "{parachain}: first block backed in relay block {relay_block}")
            }
            Self::FirstIncluded { parachain, relay_block } => {
                write!(formatter, "{parachain}: first block included in relay block {relay_block}")
            }
            Self::Included { parachain, number } => write!(formatter, "{parachain}: included {number}"),
            Self::Foreign { node, detail } => write!(formatter, "{node}: {detail}"),
            Self::SnapshotBegun { file } => write!(formatter, "nodes stop for the snapshot {}", file.display()),
            Self::SnapshotEnded { outcome } => write!(formatter, "nodes start again: {outcome}"),
            Self::Unpacked { progress } => write!(formatter, "unpacked {progress}"),
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
    parachains: BTreeMap<u32, ParachainMilestones>,
}

/// What happened to a parachain first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ParachainMilestones {
    pub first_backed: Option<Milestone>,
    pub first_included: Option<Milestone>,
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

    /// The number of the highest block that a validator has reported as final.
    pub fn highest_finalized(&self) -> u32 {
        lock(&self.milestones).highest_finalized
    }

    pub fn genesis_hash(&self) -> Option<String> {
        self.genesis_hash.get().cloned()
    }

    pub fn all_spawned(&self) {
        let now = self.millis();
        lock(&self.milestones).timings.spawned.get_or_insert(now);
    }

    /// `genesis_hash`: that of the relay chain, from a node of it.
    pub fn rpc_up(&self, node: &str, genesis_hash: Option<String>) {
        let now = self.millis();
        if let Some(genesis_hash) = genesis_hash {
            lock(&self.milestones).timings.first_rpc.get_or_insert(now);
            self.genesis_hash.get_or_init(|| genesis_hash);
        }
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

    pub fn parachain(&self, id: u32) -> ParachainMilestones {
        lock(&self.milestones).parachains.get(&id).copied().unwrap_or_default()
    }

    /// A candidate of the parachain was backed in that block of the relay chain.
    pub fn backed(&self, id: u32, parachain: &str, relay_block: u32) {
        if self.is_first(relay_block, |milestones| &mut milestones.parachains.entry(id).or_default().first_backed) {
            self.emit(&Event::FirstBacked { parachain: parachain.to_owned(), relay_block });
        }
    }

    /// A block of the parachain was included in that block of the relay chain.
    pub fn included(&self, id: u32, parachain: &str, relay_block: u32) {
        if self.is_first(relay_block, |milestones| &mut milestones.parachains.entry(id).or_default().first_included) {
            self.emit(&Event::FirstIncluded { parachain: parachain.to_owned(), relay_block });
        }
    }

    fn is_first(&self, relay_block: u32, place: impl FnOnce(&mut Milestones) -> &mut Option<Milestone>) -> bool {
        let ms = self.millis();
        let mut milestones = lock(&self.milestones);
        let place = place(&mut milestones);
        let is_first = place.is_none();
        place.get_or_insert(Milestone { relay_block, ms });
        is_first
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
        assert_eq!(timeline.highest_finalized(), 3);
        let timings = timeline.timings();
        assert!(timings.first_block.is_some() && timings.first_finalized.is_some());
        assert_eq!(timings.first_rpc, None);
    }

    #[test]
    fn a_parachains_first_block_is_told_with_its_place_on_the_relay_chain() {
        let events = Arc::new(Mutex::new(Vec::new()));
        let sink = events.clone();
        let observer: Observer = Arc::new(move |_, event| sink.lock().unwrap().push(event.to_string()));
        let timeline = Timeline::new(Instant::now(), Some(observer));

        timeline.backed(2_087, "picasso", 3);
        timeline.backed(2_087, "picasso", 4);
        timeline.included(2_087, "picasso", 4);
        timeline.rpc_up("picasso-1", None);

        let expected = [
            "picasso: first block backed in relay block 3",
            "picasso: first block included in relay block 4",
            "picasso-1: rpc up",
        ];
        assert_eq!(*events.lock().unwrap(), expected);
        let milestones = timeline.parachain(2_087);
        assert_eq!(milestones.first_backed.map(|milestone| milestone.relay_block), Some(3));
        assert_eq!(milestones.first_included.map(|milestone| milestone.relay_block), Some(4));
        assert_eq!(timeline.parachain(2_100), ParachainMilestones::default());
        // A collator's answer is none of the relay chain's.
        assert_eq!((timeline.timings().first_rpc, timeline.genesis_hash()), (None, None));
    }
}
