// SPDX-License-Identifier: GPL-3.0-only
//! A Merkle mountain range of which only the peaks are kept: enough to append to it, and to check that a longer one
//! begins with it. All arithmetic is that of `polkadot-ckb-merkle-mountain-range`.

use super::{hash::MountainRange, MAX_EXTENSION_NODES};
use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use mmr::{
    ancestry_proof::{ancestry_proof_positions, bagging_peaks_hashes},
    helper::get_peaks,
    leaf_index_to_mmr_size, MMRStoreReadOps, NodeMerkleProof, MMR,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::{traits::ConstU32, BoundedVec};

/// No stream gets longer, so that positions never overflow. At a million messages a second it would take 146,000 years.
pub const MAX_COUNT: u64 = 1 << 62;

/// How many messages a stream has, and the peaks over them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Frontier {
    count: u64,
    /// One for each set bit of the count, the highest first.
    peaks: BoundedVec<H256, ConstU32<64>>,
}

/// The stream is [`MAX_COUNT`] messages long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrontierFull;

/// A range does not begin with the frontier, or its proof is not what the two counts ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BrokenExtension;

/// The nodes that a range leads on with, as a proof holds them.
pub type Extension = BoundedVec<H256, ConstU32<MAX_EXTENSION_NODES>>;

impl Frontier {
    /// A frontier from outside, such as governance. `None` when the count does not ask for this many peaks.
    pub fn new(count: u64, peaks: BoundedVec<H256, ConstU32<64>>) -> Option<Self> {
        Some(Self { count, peaks }).filter(Self::is_sound)
    }

    pub const fn count(&self) -> u64 {
        self.count
    }

    pub fn peaks(&self) -> &[H256] {
        &self.peaks
    }

    /// Whether there is one peak for each set bit of the count.
    pub fn is_sound(&self) -> bool {
        self.count <= MAX_COUNT && u32::try_from(self.peaks.len()) == Ok(self.count.count_ones())
    }

    /// The root of the range; zero when it is empty.
    pub fn root(&self) -> H256 {
        match self.count {
            0 => H256::zero(),
            // Bagging fails on an empty list alone.
            _ => bagging_peaks_hashes::<_, MountainRange>(self.peaks.to_vec()).unwrap_or_default(),
        }
    }

    /// The frontier after these messages, by their hashes.
    pub fn append(&self, messages: &[H256]) -> Result<Self, FrontierFull> {
        let range = self.range_with(messages).ok_or(FrontierFull)?;
        let count = self.count_with(messages).ok_or(FrontierFull)?;
        if range.is_empty() {
            return Ok(Self::default());
        }
        let (peaks, _root) = range.get_ancestor_peaks_and_root(range.mmr_size()).map_err(|_| FrontierFull)?;
        Ok(Self { count, peaks: peaks.try_into().map_err(|_| FrontierFull)? })
    }

    /// Whether the range of `count` messages under `root` begins with this one.
    ///
    /// Which nodes the proof must have follows from the two counts; it holds their hashes and nothing more.
    pub fn ensure_extends_to(&self, count: u64, root: H256, proof: &[H256]) -> Result<(), BrokenExtension> {
        if count > MAX_COUNT {
            return Err(BrokenExtension);
        }
        if count == self.count {
            return ensure(proof.is_empty() && self.root() == root);
        }
        if self.count == 0 {
            // Every range begins with the empty one.
            return ensure(proof.is_empty());
        }
        let (own_size, size) = (mmr_size(self.count), mmr_size(count));
        // Also refuses to lead from a longer range to a shorter one.
        let positions = ancestry_proof_positions(own_size, size).map_err(|_| BrokenExtension)?;
        ensure(positions.len() == proof.len())?;
        let nodes = positions.into_iter().zip(proof.iter().copied()).collect();
        let peaks = get_peaks(own_size).into_iter().zip(self.peaks.iter().copied()).collect();
        let calculated = NodeMerkleProof::<_, MountainRange>::new(size, nodes).calculate_root(peaks);
        ensure(calculated == Ok(root))
    }

    /// The proof that the range of this frontier and `messages` begins with its first `from` messages.
    ///
    /// `None` when `from` lies before this frontier, as the nodes below the peaks are gone, or behind the last message.
    pub fn prove_extension(&self, messages: &[H256], from: u64) -> Option<Extension> {
        let count = self.count_with(messages)?;
        if from < self.count || from > count {
            return None;
        }
        if from == 0 || from == count {
            return Some(Extension::default());
        }
        let proof = self.range_with(messages)?.gen_ancestry_proof(mmr_size(from)).ok()?;
        let nodes: Vec<_> = proof.prev_peaks_proof.proof_items().iter().map(|(_position, node)| *node).collect();
        nodes.try_into().ok()
    }

    fn count_with(&self, messages: &[H256]) -> Option<u64> {
        let count = self.count.checked_add(u64::try_from(messages.len()).ok()?)?;
        (count <= MAX_COUNT).then_some(count)
    }

    /// The range over this frontier and `messages`, with every node that is not below a peak of this frontier.
    fn range_with(&self, messages: &[H256]) -> Option<MMR<H256, MountainRange, Peaks>> {
        self.count_with(messages)?;
        let size = mmr_size(self.count);
        let peaks = Peaks(get_peaks(size).into_iter().zip(self.peaks.iter().copied()).collect());
        let mut range = MMR::new(size, peaks);
        messages.iter().try_for_each(|message| range.push(*message).map(drop)).ok()?;
        Some(range)
    }
}

/// How many nodes a range over `count` messages has.
fn mmr_size(count: u64) -> u64 {
    count.checked_sub(1).map_or(0, leaf_index_to_mmr_size)
}

fn ensure(condition: bool) -> Result<(), BrokenExtension> {
    condition.then_some(()).ok_or(BrokenExtension)
}

/// The store of a range that knows its peaks and nothing below them. Appending and leading on ask for no more.
struct Peaks(Vec<(u64, H256)>);

impl MMRStoreReadOps<H256> for Peaks {
    fn get_elem(&self, position: u64) -> mmr::Result<Option<H256>> {
        Ok(self.0.iter().find(|(at, _)| *at == position).map(|(_, peak)| *peak))
    }
}
