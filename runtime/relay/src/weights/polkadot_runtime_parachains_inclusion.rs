// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::inclusion`.

use super::{code_bytes, declared, each};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use polkadot_primitives::MAX_CODE_SIZE;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_parachains::inclusion::WeightInfo for WeightInfo<T> {
    /// A candidate that has become available takes effect: its backers' era points (a map of all validators), its
    /// head, downward messages it has read, `u` messages to the relay chain, `h` to other parachains, new code if `c`
    /// is one.
    ///
    /// Taking a message out of a channel once it was read is paid for with sending it: the trait counts the candidate's
    /// own messages, not the channels that it has read from.
    fn enact_candidate(u: u32, h: u32, c: u32) -> Weight {
        let new_code = declared::<T>(100, 10, 10).saturating_add(code_bytes(MAX_CODE_SIZE));

        declared::<T>(1_500, 16, 12)
            .saturating_add(each::<T>(u, UPWARD_MICROS, 2, 3))
            .saturating_add(each::<T>(h, HORIZONTAL_MICROS, 6, 7))
            .saturating_add(new_code.saturating_mul(c.into()))
    }
}

/// A message of 64 KiB copied into a page of the queue that is as long again.
const UPWARD_MICROS: u64 = 800;
/// A message of 100 KiB hashed, appended to a channel, and later decoded with all others in it.
const HORIZONTAL_MICROS: u64 = 1_200;
