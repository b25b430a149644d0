// SPDX-License-Identifier: GPL-3.0-only
//! Completes genesis where the library leaves it half done: session 0 of the parachain host, and who manages the
//! parachains.
//!
//! `Session` is built before `Configuration` and `Paras`, so the host's own genesis of session 0 sees the default
//! configuration and no parachain: no validator groups, no assignment keys, and a genesis parachain waits for session 1.
//! This pallet is built last and lets the host initialise session 0 once more, on complete state. Every write is an
//! overwrite, so running twice is the same as running once.
//!
//! Channels open from genesis on were announced in messages of block 0, which collators would leave out; they are taken back.
//!
//! The registrar learns of a parachain when somebody registers it. One of the genesis would have no manager for ever: nobody
//! could upgrade it, swap it or hand it over without Root.

use frame_support::storage::migration::clear_storage_prefix;

pub use pallet::*;

#[frame_support::pallet]
pub mod pallet {
    use crate::{Initializer, ParaSessionInfo, Runtime, SessionKeys};
    use alloc::vec::Vec;
    use frame_support::pallet_prelude::{BuildGenesisConfig, PhantomData};
    use pallet_session::SessionHandler;
    use polkadot_primitives::Id as ParaId;
    use polkadot_runtime_common::paras_registrar::{self, ParaInfo};

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
        /// The parachains of the genesis, each with the account that may do what its registrant may do elsewhere.
        pub managers: Vec<(ParaId, crate::AccountId)>,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for (id, manager) in &self.managers {
                // Nothing is reserved, so nothing is given back. Like any other it is locked with its first block.
                let info = ParaInfo { manager: manager.clone(), deposit: 0, locked: None };
                paras_registrar::Paras::<Runtime>::insert(id, info);
            }
            super::forget_notices();
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

/// Channels that are open from genesis on were announced to their parachains in block 0. Collators take a message of block
/// 0 for one that was read before the parachain began, and leave it out; the parachain then refuses the block, because the
/// queue's hash does not match. So there must be no such message.
fn forget_notices() {
    for item in ["DownwardMessageQueueHeads", "DownwardMessageQueueMeta", "DownwardMessageQueuePages"] {
        // Genesis has as many as it opens channels, and all of them go.
        let _ = clear_storage_prefix(b"Dmp", item.as_bytes(), &[], None, None);
    }
}

impl Config for crate::Runtime {}
