// SPDX-License-Identifier: GPL-3.0-only
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]
#![doc = include_str!("../README.md")]

extern crate alloc;

mod assignments;
mod calendar;
mod calls;
mod cores;
mod hooks;
mod leases;
mod schedule;
mod scheduler;
mod types;
mod weights;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;

pub use calendar::{Calendar, Claim};
pub use pallet::*;
pub use scheduler::{CoreScheduler, CoretimeScheduler};
pub use types::{Assignments, CoreRecord, Cursor, Failure, Work};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use crate::{CoreRecord, CoreScheduler, Cursor, WeightInfo, Work};
    use frame_support::{pallet_prelude::*, BoundedBTreeSet};
    use frame_system::pallet_prelude::*;
    use polkadot_primitives::{BlockNumber, Id as ParaId};
    use polkadot_runtime_common::traits::Leaser;
    use serin_primitives::{
        lease::{LeaseClock, LeasePeriod, PERIODS_PER_AUCTION},
        traits::CoreIndex,
    };
    use sp_runtime::traits::UniqueSaturatedInto;

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who has leased what. Its hooks run before those of this pallet: what it says of the current period must be
        /// true already in the period's first block.
        type Leaser: Leaser<BlockNumberFor<Self>, AccountId = Self::AccountId, LeasePeriod = BlockNumberFor<Self>>;

        /// When lease periods begin, as [`Self::Leaser`] counts them.
        type Clock: Get<LeaseClock>;

        /// Who puts work on cores.
        type Scheduler: CoreScheduler;

        /// How many cores this pallet may have.
        #[pallet::constant]
        type MaxCores: Get<u32>;

        /// How many lease periods of one core can be reserved or leased at a time.
        #[pallet::constant]
        type MaxClaims: Get<u32>;

        /// A core is added only if all cores together then have this many validators each. Asked in that moment, so that it
        /// may follow a setting of the chain.
        type ValidatorsPerCore: Get<u32>;

        /// How many cores a block gives their work for the next period at most.
        #[pallet::constant]
        type CoresPerBlock: Get<u32>;

        type WeightInfo: WeightInfo;
    }

    /// The layout of what is stored. Whoever changes it writes the migration, and raises this.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    /// The cores of this pallet, ascending. None is ever given back: unleased, it serves orders on demand.
    #[pallet::storage]
    pub type Cores<T: Config> = StorageValue<_, BoundedVec<CoreIndex, T::MaxCores>, ValueQuery>;

    /// What each core is set aside for, and what the scheduler was told of it. Only Root and auctions add cores, so the
    /// numbers need no strong hash.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Twox64Concat, CoreIndex, CoreRecord<T::MaxClaims>, OptionQuery>;

    /// The cores whose calendar names a para. Numbers of paras are handed out in sequence, so they need no strong hash.
    #[pallet::storage]
    pub type CoresOf<T: Config> =
        StorageMap<_, Twox64Concat, ParaId, BoundedBTreeSet<CoreIndex, T::MaxCores>, ValueQuery>;

    /// How far cores have been told their work of the next period. Absent until there is a core.
    #[pallet::storage]
    pub type ScheduleCursor<T: Config> = StorageValue<_, Cursor, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// There was no free core, so one was added.
        CoreAdded { core: CoreIndex },
        /// The configured number of cores was raised. It is in force in two sessions.
        CoreCountRaised { count: u32 },
        /// An auction has the core for these periods, both included.
        CoreReserved { core: CoreIndex, first: LeasePeriod, last: LeasePeriod },
        /// What an auction did not sell of these periods is free again.
        CoreReleased { core: CoreIndex, first: LeasePeriod, last: LeasePeriod },
        /// The para has leased the core for these periods, both included.
        CoreOccupied { core: CoreIndex, para: ParaId, first: LeasePeriod, last: LeasePeriod },
        /// Leases that the core was set aside for are no more, in so many periods.
        ClaimsLapsed { core: CoreIndex, periods: u32 },
        /// The core does this work from the block `begin` up to, and without, the block `end`.
        CoreScheduled { core: CoreIndex, period: LeasePeriod, work: Work, begin: BlockNumber, end: BlockNumber },
        /// The core does this work only when the configured number of cores is in force: this session has fewer.
        CoreAwaited { core: CoreIndex, served: u32 },
        /// The core does not do this work, though it should. `sync` tries again.
        CoreMissing { core: CoreIndex, period: LeasePeriod, work: Work, reason: DispatchError },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No core is free in these periods, and [`Config::MaxCores`] are in use. Wait for a lease to end, or call `sync`
        /// for a core whose leases were cleared.
        NoCoreFree,
        /// With another core there would be less than [`Config::ValidatorsPerCore`] validators for each. Raise the number
        /// of validators first.
        TooFewValidators,
        /// The periods are not reserved, or already leased. Only what an auction has reserved can be occupied.
        NotReserved,
        /// This pallet has no such core. [`Cores`] lists those it has.
        UnknownCore,
        /// What the core does, and what it will, is what leases ask for. There is nothing to do.
        NothingToSync,
        /// The para has no lease in the periods ahead that is without a core. There is nothing to do.
        NothingToPlace,
        /// The first lease period has not begun. Wait for it.
        NoLeasePeriod,
        /// The period is over before the core could change its work: the claim queue must not change. The next period is
        /// scheduled in time.
        TooLate,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumberFor<T>) -> Weight {
            Self::schedule_ahead(now.unique_saturated_into())
        }

        fn integrity_test() {
            assert!(T::CoresPerBlock::get() > 0, "CoresPerBlock: no core would ever be scheduled");
            let window = u32::from(PERIODS_PER_AUCTION);
            assert!(T::MaxClaims::get() >= window, "MaxClaims: no core could ever be reserved for an auction");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes `core` do what leases ask for, now and in the next period: after `slots.clear_all_leases`, or when an
        /// assignment failed. Free if there was something to do.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::sync())]
        pub fn sync(origin: OriginFor<T>, core: CoreIndex) -> DispatchResultWithPostInfo {
            ensure_signed_or_root(origin)?;
            Self::do_sync(core)?;
            Ok(Pays::No.into())
        }

        /// Finds a core for a lease of `para` that has none, as `slots.force_lease` makes them: for the first run of such
        /// periods, or as much of it as a core is free for. Free if there was something to do.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::place())]
        pub fn place(origin: OriginFor<T>, para: ParaId) -> DispatchResultWithPostInfo {
            ensure_signed_or_root(origin)?;
            Self::do_place(para)?;
            Ok(Pays::No.into())
        }
    }
}
