// SPDX-License-Identifier: GPL-3.0-only
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::arithmetic_side_effects,
        clippy::panic
    )
)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod heads;
mod hooks;
#[cfg(test)]
mod mock;
pub mod runtime_api;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod weights;

pub use pallet::*;
pub use types::{CleanUp, HeadFault};
pub use weights::WeightInfo;

// Generated code casts the indices of variants, and expects.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::{CleanUp, HeadFault, WeightInfo};
    use frame_support::{pallet_prelude::*, traits::Contains};
    use frame_system::pallet_prelude::{BlockNumberFor, OriginFor};
    use polkadot_parachain_primitives::primitives::Id as ParaId;
    use serin_primitives::xcmp::LatestRoot;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who may make a parachain's commitment unknown.
        type ClearOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// The paras that the relay chain knows, in whatever state of their lives.
        type KnownParas: Contains<ParaId>;
        /// How many entries one block looks at while it cleans up after a session.
        #[pallet::constant]
        type CleanUpEntriesPerBlock: Get<u32>;
        type WeightInfo: WeightInfo;
    }

    /// The newest commitment of each parachain that takes part. Receivers read it in proofs of this chain's state:
    /// name, key and value are part of the protocol. The hasher keeps ids apart that somebody chose, and shows the id
    /// in the key.
    #[pallet::storage]
    pub type Latest<T> = StorageMap<_, Twox64Concat, ParaId, LatestRoot, OptionQuery>;

    /// With which generation a cleared parachain goes on. Taken by its next root.
    #[pallet::storage]
    pub type NextGeneration<T> = StorageMap<_, Twox64Concat, ParaId, u32, OptionQuery>;

    /// How far the clean-up after a session came; absent when there is none under way.
    #[pallet::storage]
    pub type PendingCleanUp<T> = StorageValue<_, CleanUp, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A parachain committed to other messages than before.
        RootUpdated { para: ParaId, root: LatestRoot },
        /// A parachain that takes part has a head without a readable root. Its stored root stays.
        RootFrozen { para: ParaId, fault: HeadFault },
        /// Governance made a parachain's root unknown.
        RootCleared { para: ParaId },
        /// A para is gone, and its root with it.
        RootRemoved { para: ParaId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The parachain has no root here. Look at `Latest` for the ones that have.
        NoRoot,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            Self::continue_clean_up()
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Forgets the root of `para` until its next head is included, and begins a new generation.
        ///
        /// For the batch that sets a parachain back to an older head, or after a dispute that came too late: until then
        /// receivers could still prove messages of the blocks that were given up.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::clear())]
        pub fn clear(origin: OriginFor<T>, para: ParaId) -> DispatchResult {
            T::ClearOrigin::ensure_origin(origin)?;
            Self::do_clear(para)?;
            Ok(())
        }
    }
}
