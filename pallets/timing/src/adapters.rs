// SPDX-License-Identifier: GPL-3.0-only
//! One `Get` for each duration that another pallet asks for.

use crate::{pallet::Parameters, Config, TimingParameters};
use core::marker::PhantomData;
use frame_support::traits::Get;

/// The record in force: the stored one, or else the `serin` values (I2).
fn parameters<T: Config>() -> TimingParameters {
    // A native integrity test runs outside of externalities, where a storage read panics.
    #[cfg(feature = "std")]
    if sp_externalities::with_externalities(|_| ()).is_none() {
        return TimingParameters::SERIN;
    }
    Parameters::<T>::get().unwrap_or(TimingParameters::SERIN)
}

macro_rules! adapters {
    ($($(#[$doc:meta])* $name:ident: $output:ty = |$parameters:ident| $value:expr;)*) => {
        $(
            $(#[$doc])*
            pub struct $name<T>(PhantomData<T>);

            impl<T: Config> Get<$output> for $name<T> {
                fn get() -> $output {
                    let $parameters = parameters::<T>();
                    $value
                }
            }
        )*
    };
}

adapters! {
    /// Length of a slot, in milliseconds.
    SlotMillis: u64 = |p| p.slot_millis;
    /// Half a slot, in milliseconds: what `pallet-timestamp` calls the minimum period.
    HalfSlotMillis: u64 = |p| (p.slot_millis / 2).max(1);
    /// Length of an epoch, in slots.
    EpochSlots: u64 = |p| u64::from(p.epoch_slots);
    /// Length of an era, in sessions.
    SessionsPerEra: u32 = |p| p.sessions_per_era;
    /// How long unbonded stake stays slashable, in eras.
    BondingEras: u32 = |p| p.bonding_eras;
    /// How long a slash can still be cancelled, in eras.
    SlashDeferEras: u32 = |p| p.slash_defer_eras;
    /// The bonding duration, in sessions.
    BondingSessions: u64 = |p| bonding_sessions(&p);
    /// The bonding duration, in slots: how long an equivocation can be reported.
    BondingSlots: u64 = |p| bonding_sessions(&p).saturating_mul(u64::from(p.epoch_slots));
    /// Length of a lease period, in blocks.
    LeasePeriodBlocks: u32 = |p| p.lease_period_blocks;
    /// First block of lease period zero.
    LeaseOffsetBlocks: u32 = |p| p.lease_offset_blocks;
    /// What governance periods are divided by.
    GovernancePeriodDivisor: u32 = |p| p.governance_period_divisor.max(1);
}

/// Both factors are `u32`, so their product always fits.
fn bonding_sessions(parameters: &TimingParameters) -> u64 {
    u64::from(parameters.bonding_eras).saturating_mul(u64::from(parameters.sessions_per_era))
}

/// `Blocks`, divided by the governance divisor, at least one block.
pub struct Scaled<T, Blocks>(PhantomData<(T, Blocks)>);

impl<T: Config, Blocks: Get<u32>> Get<u32> for Scaled<T, Blocks> {
    fn get() -> u32 {
        Blocks::get().checked_div(GovernancePeriodDivisor::<T>::get()).unwrap_or(1).max(1)
    }
}
