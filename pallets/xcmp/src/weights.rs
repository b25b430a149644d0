// SPDX-License-Identifier: GPL-3.0-only
//! What is weighed. The runtime's implementation is measured by `make weights`.

use frame_support::weights::Weight;

pub trait WeightInfo {
    /// A head of `bytes` bytes whose root is new.
    fn note_head(bytes: u32) -> Weight;
    /// A block while no clean-up is under way.
    fn no_clean_up() -> Weight;
    /// A block of a clean-up that looks at `entries` entries and removes all of them, and the mark that began it.
    fn clean_up(entries: u32) -> Weight;
    fn clear() -> Weight;
}

/// For mocks: different figures, so that a test sees which was taken.
#[cfg(test)]
impl WeightInfo for () {
    fn note_head(bytes: u32) -> Weight {
        Weight::from_parts(1_000, 10).saturating_add(Weight::from_parts(1, 0).saturating_mul(bytes.into()))
    }

    fn no_clean_up() -> Weight {
        Weight::from_parts(1, 1)
    }

    fn clean_up(entries: u32) -> Weight {
        Weight::from_parts(100, 1).saturating_mul(u64::from(entries).saturating_add(1))
    }

    fn clear() -> Weight {
        Weight::from_parts(10, 1)
    }
}
