// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_validator_count`.

use super::{data_bytes, declared, large_value, nanos_each, SIGNATURE_MICROS};
use crate::configs::staking::MAX_VALIDATORS;
use core::marker::PhantomData;
use frame_support::weights::{constants::WEIGHT_REF_TIME_PER_MICROS, Weight};

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_validator_count::WeightInfo for WeightInfo<T> {
    /// The record read for the baseline, the count, the sizes of staking's lists, and the host's configuration.
    fn set_plan() -> Weight {
        declared::<T>(100, 12, 3).saturating_add(data_bytes(RECORD_BYTES))
    }

    fn stop() -> Weight {
        declared::<T>(20, 3, 2)
    }

    fn resume() -> Weight {
        declared::<T>(20, 3, 2)
    }

    fn force_set() -> Weight {
        declared::<T>(30, 4, 3)
    }

    /// The authorities decoded and sorted, each vote's signature checked, the block's hash looked up.
    fn note_finality(precommits: u32) -> Weight {
        const AUTHORITY_BYTES: u32 = 40;
        const AUTHORITY_NANOS: u64 = 1_500;
        // Beside the signature: the voter looked up among the authorities and among those that have voted already.
        const VOTE_MICROS: u64 = SIGNATURE_MICROS + 6;

        let votes = Weight::from_parts(VOTE_MICROS * WEIGHT_REF_TIME_PER_MICROS, 0).saturating_mul(precommits.into());
        declared::<T>(100, 7, 3)
            .saturating_add(large_value(MAX_VALIDATORS * AUTHORITY_BYTES))
            .saturating_add(nanos_each(AUTHORITY_NANOS, MAX_VALIDATORS.into()))
            .saturating_add(votes)
    }

    /// The lateness, the running record in both hooks, how many candidates were backed; of one candidate in sixteen the
    /// availability votes counted.
    fn block() -> Weight {
        declared::<T>(30, 9, 1)
    }

    fn session_ended() -> Weight {
        declared::<T>(40, 9, 4).saturating_add(data_bytes(RECORD_BYTES))
    }

    /// The record read and written once more, the next step decided as a plan is, the count written.
    fn era_ended() -> Weight {
        declared::<T>(150, 18, 8).saturating_add(data_bytes(RECORD_BYTES))
    }
}

/// The record of 48 sessions, decoded and encoded: at most 64 bytes each.
const RECORD_BYTES: u32 = 2 * 48 * 64;
