// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::disputes::slashing`.

use super::{declared, key_ownership_checked, nanos_each, offence_reported};
use core::marker::PhantomData;
use frame_support::{traits::Get, weights::Weight};
use polkadot_runtime_parachains::initializer::ValidatorSetCount;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: pallet_staking::Config> polkadot_runtime_parachains::disputes::slashing::WeightInfo for WeightInfo<T> {
    /// Up to `validator_count` keys wait to be reported for one candidate; they are decoded and stored again. One of
    /// them is reported, with as many nominators as a report of BABE or GRANDPA counts.
    fn report_dispute_lost_unsigned(validator_count: ValidatorSetCount) -> Weight {
        declared::<T>(80, 4, 2)
            .saturating_add(nanos_each(400, validator_count.into()))
            .saturating_add(key_ownership_checked::<T>(validator_count))
            .saturating_add(offence_reported::<T>(T::MaxExposurePageSize::get()))
    }
}
