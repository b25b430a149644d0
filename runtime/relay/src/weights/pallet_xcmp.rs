// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_xcmp`.

use super::{declared, each, nanos_each};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_xcmp::WeightInfo for WeightInfo<T> {
    /// The root read and written, its generation after a clearing, an event.
    fn note_head(bytes: u32) -> Weight {
        declared::<T>(20, 4, 3).saturating_add(nanos_each(HEAD_BYTE_NANOS, bytes.into()))
    }

    fn no_clean_up() -> Weight {
        declared::<T>(2, 1, 0)
    }

    /// The mark read, and written twice; of each entry its key found, the para looked up, two values removed, an event.
    fn clean_up(entries: u32) -> Weight {
        declared::<T>(20, 2, 2).saturating_add(each::<T>(entries, 10, 4, 3))
    }

    fn clear() -> Weight {
        declared::<T>(20, 3, 3)
    }
}

/// A head of digest items of one byte each: each becomes an item of its own in memory, and is looked at.
const HEAD_BYTE_NANOS: u64 = 40;
