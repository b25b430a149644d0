// SPDX-License-Identifier: GPL-3.0-only
//! Gives session 0 what a real session change would have written for the parachain host.
//!
//! `Session` is built before `Configuration` and `Paras`, so the host's own genesis of session 0 sees the default
//! configuration and no parachain: no validator groups, no assignment keys, and a genesis parachain waits for session 1.
//! This pallet is built last and lets the host initialise session 0 once more, on complete state. Every write is an
//! overwrite, so running twice is the same as running once.

pub use pallet::*;

#[frame_support::pallet]
pub mod pallet {
    use crate::{Initializer, ParaSessionInfo, SessionKeys};
    use frame_support::pallet_prelude::{BuildGenesisConfig, PhantomData};
    use pallet_session::SessionHandler;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<AccountId = crate::AccountId>
        + pallet_session::Config<ValidatorId = crate::AccountId, Keys = SessionKeys>
    {
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            let queued = pallet_session::QueuedKeys::<T>::get();
            if queued.is_empty() {
                return;
            }
            // Only stores the assignment keys: for the host this is otherwise done by the first real session change.
            <(ParaSessionInfo,) as SessionHandler<crate::AccountId>>::on_new_session::<SessionKeys>(
                false, &queued, &queued,
            );
            <(Initializer,) as SessionHandler<crate::AccountId>>::on_genesis_session::<SessionKeys>(&queued);
        }
    }
}

impl Config for crate::Runtime {}
