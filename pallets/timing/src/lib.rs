// SPDX-License-Identifier: GPL-3.0-only
#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]

mod adapters;
mod parameters;
#[cfg(test)]
mod tests;

pub use adapters::{
    BondingEras, BondingSessions, BondingSlots, EpochSlots, GovernancePeriodDivisor, HalfSlotMillis, LeaseOffsetBlocks,
    LeasePeriodBlocks, Scaled, SessionsPerEra, SlashDeferEras, SlotMillis,
};
pub use pallet::*;
pub use parameters::{InvalidTiming, TimingParameters};

#[frame_support::pallet]
pub mod pallet {
    use super::TimingParameters;
    use frame_support::pallet_prelude::{BuildGenesisConfig, Hooks, OptionQuery, PhantomData, StorageValue};
    use frame_system::pallet_prelude::BlockNumberFor;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config {}

    /// The durations of this chain. Written by genesis alone; absent, the `serin` values hold.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type Parameters<T> = StorageValue<_, TimingParameters, OptionQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The durations; `None` leaves the record out.
        pub parameters: Option<TimingParameters>,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let Some(parameters) = &self.parameters else { return };
            if let Err(invalid) = parameters.ensure_valid() {
                // Genesis has no way to report but this, and no chain exists yet that it could harm.
                panic!("timing.parameters: {invalid}");
            }
            Parameters::<T>::put(parameters);
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    impl<T: Config> Pallet<T> {
        /// Checks I1.
        #[cfg(any(test, feature = "try-runtime"))]
        pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
            let valid = Parameters::<T>::get().map_or(Ok(()), |parameters| parameters.ensure_valid());
            valid.map_err(|_| "I1: the stored timing parameters are not valid".into())
        }
    }
}
