// SPDX-License-Identifier: GPL-3.0-only
//! What is weighed. The runtime's implementation is measured by `make weights`.

use frame_support::weights::Weight;

pub trait WeightInfo {
    fn set_acceptance() -> Weight;
    /// Checking a delivery, in `authorize`.
    fn check_delivery(messages: u32, bytes: u32) -> Weight;
    /// Checking it again, putting its messages into the queue, and removing `acknowledged` messages of the other
    /// direction.
    fn deliver(messages: u32, bytes: u32, acknowledged: u32) -> Weight;
    fn set_received() -> Weight;
    fn remove_channel(messages: u32) -> Weight;
    /// Reading the root of each of `peers` peers, of which `forgotten` begin a new generation with a full ring.
    fn observe_roots(peers: u32, forgotten: u32) -> Weight;
    /// The beginning and the end of a block with `peers` peers.
    fn deposit_root(peers: u32) -> Weight;
}

/// For mocks: different figures, so that a test sees which was taken.
#[cfg(test)]
impl WeightInfo for () {
    fn set_acceptance() -> Weight {
        Weight::from_parts(1, 1)
    }

    fn check_delivery(messages: u32, bytes: u32) -> Weight {
        Weight::from_parts(u64::from(messages) * 10 + u64::from(bytes), 1)
    }

    fn deliver(messages: u32, bytes: u32, acknowledged: u32) -> Weight {
        Weight::from_parts(u64::from(messages) * 20 + u64::from(bytes) + u64::from(acknowledged) * 1_000, 1)
    }

    fn set_received() -> Weight {
        Weight::from_parts(2, 1)
    }

    fn remove_channel(messages: u32) -> Weight {
        Weight::from_parts(u64::from(messages) * 100, 1)
    }

    fn observe_roots(peers: u32, forgotten: u32) -> Weight {
        Weight::from_parts(u64::from(peers) * 7 + u64::from(forgotten) * 100, 1)
    }

    fn deposit_root(peers: u32) -> Weight {
        Weight::from_parts(u64::from(peers) * 3, 1)
    }
}
