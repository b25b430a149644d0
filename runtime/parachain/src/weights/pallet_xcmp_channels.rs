// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_xcmp_channels`.

use super::{declared, each, nanos_each, DATA_BYTE_NANOS, PAGE_BYTES};
use crate::configs::xcmp::MAX_PEERS;
use core::marker::PhantomData;
use frame_support::weights::Weight;
use pallet_xcmp_channels::KNOWN_ROOTS;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_xcmp_channels::WeightInfo for WeightInfo<T> {
    /// The channel and all leaves read and written; the peaks of both its streams hashed.
    fn set_acceptance() -> Weight {
        declared::<T>(450, 3, 3).saturating_add(leaves(MAX_PEERS))
    }

    /// The channel, what the block took in, the root, both queues, the HRMP channel; a path and an extension of the
    /// greatest length; each message hashed, and joined to the stream.
    fn check_delivery(messages: u32, bytes: u32) -> Weight {
        declared::<T>(150, 8, 0)
            .saturating_add(each::<T>(messages, MESSAGE_MICROS, 0, 0))
            .saturating_add(nanos_each(DATA_BYTE_NANOS, bytes.into()))
    }

    /// Checked again; the queue's book and its neighbours in the ring of queues written, and each page; the messages of the
    /// other direction removed with their records.
    fn deliver(messages: u32, bytes: u32, acknowledged: u32) -> Weight {
        let heard = Self::check_delivery(messages, bytes)
            .saturating_add(declared::<T>(50, 8, 8))
            .saturating_add(leaves(MAX_PEERS))
            .saturating_add(each_message_removed::<T>(acknowledged));
        if messages == 0 {
            return heard;
        }
        heard.saturating_add(enqueued::<T>(bytes))
    }

    fn set_received() -> Weight {
        declared::<T>(350, 3, 3).saturating_add(leaves(MAX_PEERS))
    }

    /// The ring of the sibling's roots goes with it. Of the messages nothing is left, so that they pay for no neighbours: the
    /// call comes by an XCM, and has to fit into what the queue may use.
    fn remove_channel(messages: u32) -> Weight {
        let removed = each_message_removed::<T>(messages);
        let emptied = PROOF_BYTES_IN_EMPTIED_SUBTRIE.saturating_mul(ENTRIES_OF_MESSAGE).saturating_mul(messages.into());
        // The way to the two subtries is two reads.
        declared::<T>(50, 7, 4)
            .saturating_add(leaves(MAX_PEERS))
            .saturating_add(ring_emptied::<T>())
            .saturating_add(removed.set_proof_size(emptied))
    }

    /// For each peer its key looked up in the proof, what was last seen, a root put over the oldest one in the ring.
    fn observe_roots(peers: u32, forgotten: u32) -> Weight {
        declared::<T>(10, 1, 0)
            .saturating_add(leaves(peers))
            .saturating_add(each::<T>(peers, 70, 4, 4))
            .saturating_add(ring_emptied::<T>().saturating_mul(forgotten.into()))
    }

    /// The leaves twice: their number, and the tree over them.
    fn deposit_root(peers: u32) -> Weight {
        declared::<T>(20, 2, 2).saturating_add(leaves(peers)).saturating_add(leaves(peers))
    }
}

/// A message hashed, and its hash joined to the peaks before it, some twice.
const MESSAGE_MICROS: u64 = 6;
/// A leaf's hash under its ParaId, and two hashes more on its level of the tree.
const LEAF_BYTES: u64 = 36;
const LEAF_NANOS: u64 = 2_000;
/// Proof of an entry below a prefix that is proved already: two nodes with all branches, and the entry.
const PROOF_BYTES_IN_SUBTRIE: u64 = 1_300;

/// Proof of an entry in a subtrie of which all entries are proved: itself, at most one node with branches, and the hashes of
/// both in the nodes above.
const PROOF_BYTES_IN_EMPTIED_SUBTRIE: u64 = 160;
/// The message and its record.
const ENTRIES_OF_MESSAGE: u64 = 2;

/// All leaves read and decoded.
fn leaves(peers: u32) -> Weight {
    nanos_each(LEAF_NANOS, peers.into()).saturating_add(Weight::from_parts(0, LEAF_BYTES.saturating_mul(peers.into())))
}

/// Messages put into the queue. At worst each page is left half empty, and the first one was begun before: that one is read.
fn enqueued<T: frame_system::Config>(bytes: u32) -> Weight {
    let pages = u64::from(bytes).saturating_mul(2).saturating_div(PAGE_BYTES).saturating_add(2);
    declared::<T>(20, 0, 1)
        .saturating_mul(pages)
        .saturating_add(nanos_each(DATA_BYTE_NANOS, PAGE_BYTES))
        .saturating_add(Weight::from_parts(0, PAGE_BYTES))
        .saturating_add(nanos_each(DATA_BYTE_NANOS, bytes.into()))
}

/// A message removed without being read, and its record read and removed: neighbours of others that go with it.
fn each_message_removed<T: frame_system::Config>(count: u32) -> Weight {
    neighbour::<T>(25, 1, 2, ENTRIES_OF_MESSAGE).saturating_mul(count.into())
}

/// A full ring of a sender's roots: each read and removed in the two maps.
fn ring_emptied<T: frame_system::Config>() -> Weight {
    declared::<T>(10, 2, 0).saturating_add(neighbour::<T>(18, 1, 2, 2).saturating_mul(KNOWN_ROOTS))
}

/// As `declared`, with `entries` in the proof that stand beside each other.
fn neighbour<T: frame_system::Config>(micros: u64, reads: u64, writes: u64, entries: u64) -> Weight {
    let time = declared::<T>(micros, reads, writes);
    Weight::from_parts(time.ref_time(), PROOF_BYTES_IN_SUBTRIE.saturating_mul(entries))
}
