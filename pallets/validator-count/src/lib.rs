// SPDX-License-Identifier: GPL-3.0-only
#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod feasibility;
mod finality;
mod flags;
mod health;
mod hooks;
mod judge;
#[cfg(test)]
mod mock;
mod ramp;
pub mod runtime_api;
mod session_manager;
mod status;
#[cfg(test)]
mod tests;
mod traits;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod weights;

pub use bp_header_chain::AuthoritySet;
pub use feasibility::MAX_POLICY_ERAS;
pub use hooks::AVAILABILITY_SAMPLE;
pub use pallet::*;
pub use session_manager::RampedSessions;
#[cfg(feature = "runtime-benchmarks")]
pub use traits::BenchmarkHelper;
pub use traits::{ChainSignals, CountStore, FinalityAuthorities};
pub use types::{
    AvailabilityVotes, Baseline, Bounds, Flag, Flags, Health, History, Limits, NotJudged, Plan, PlanState, Policy,
    PolicyField, ProjectedStep, SessionHealth, Status, Supply, Violation, HISTORY_SESSIONS,
};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use super::{
        Bounds, ChainSignals, CountStore, FinalityAuthorities, Flags, Health, History, Plan, Policy, WeightInfo,
    };
    use frame_support::{
        dispatch::DispatchResultWithPostInfo,
        pallet_prelude::{
            BoundedVec, DispatchError, DispatchResult, EnsureOrigin, Get, Hooks, OptionQuery, StorageValue,
            StorageVersion, ValueQuery, Weight,
        },
    };
    use frame_system::pallet_prelude::{ensure_root, ensure_signed, BlockNumberFor, OriginFor};
    use sp_staking::EraIndex;

    /// The layout of what is stored. Whoever changes it writes the migration, and raises this.
    const STORAGE_VERSION: StorageVersion = StorageVersion::new(1);

    #[pallet::pallet]
    #[pallet::storage_version(STORAGE_VERSION)]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Who sets, stops and resumes plans, and how far that power reaches.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin, Success = Bounds>;
        /// What the chain tells of itself.
        type Signals: ChainSignals;
        /// Where the count is kept.
        type Count: CountStore;
        /// Who finalizes blocks.
        type Finality: FinalityAuthorities;
        /// By how many blocks a proof of finality must advance what is proven to be free and to count.
        #[pallet::constant]
        type ProofSpacing: Get<BlockNumberFor<Self>>;
        /// The longest justification, in bytes.
        #[pallet::constant]
        type MaxJustificationBytes: Get<u32>;
        type WeightInfo: WeightInfo;
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: super::BenchmarkHelper;
    }

    /// The plan (I4: at most one). Stays when it is done, as the record of what happened, until the next is set.
    #[pallet::storage]
    pub type CurrentPlan<T> = StorageValue<_, Plan, OptionQuery>;

    /// The era in which a plan last changed the count, whatever became of that plan (I2).
    #[pallet::storage]
    pub type LastChange<T> = StorageValue<_, EraIndex, OptionQuery>;

    /// The health of the session that runs.
    #[pallet::storage]
    pub type Running<T> = StorageValue<_, Health, ValueQuery>;

    /// The health of the sessions before (I5: bounded).
    #[pallet::storage]
    pub type Record<T> = StorageValue<_, History, ValueQuery>;

    /// The highest block that was proven to be final.
    #[pallet::storage]
    pub type ProvenBlock<T> = StorageValue<_, BlockNumberFor<T>, OptionQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(super) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A plan is in force; `replaced` another one.
        PlanSet { base: u32, target: u32, step: u32, replaced: bool },
        /// The count was changed in `era`. The set of that size is active from the next era on.
        StepApplied { era: EraIndex, from: u32, to: u32, active: u32 },
        /// The plan takes no step, for `reasons` found in the `health` of the era before `era`.
        Held { era: EraIndex, reasons: Flags, health: Health },
        /// Nothing holds the plan any more.
        Released { era: EraIndex },
        /// The chain broke under `from`, so `to` is the count again.
        RolledBack { era: EraIndex, from: u32, to: u32, reasons: Flags },
        /// The plan was held for too long; `resume` or `stop` decides.
        Paused { era: EraIndex },
        /// The plan goes on by a vote.
        Resumed,
        /// The plan is gone; the count stays at `count`.
        Stopped { count: u32 },
        /// The count was changed by somebody else than the plan, which is gone therefore.
        Overridden { planned: u32, found: u32 },
        /// The target was active for an era without a flag.
        Completed { era: EraIndex, count: u32 },
        /// Root set the count, past every rule.
        CountForced { from: u32, to: u32 },
        /// Staking did not take the count; the plan is paused.
        CountRefused { count: u32, error: DispatchError },
        /// `block` is final, and was `lag` blocks behind when that was proven.
        FinalityProved { block: BlockNumberFor<T>, lag: u32, set_id: u64 },
    }

    /// A refused plan names the first rule that it breaks. `ValidatorCountApi::dry_run` lists all of them, with figures.
    #[pallet::error]
    pub enum Error<T> {
        /// The target is the count already. Nothing to do.
        TargetIsCount,
        /// The target is outside of what this origin may ask for. Choose one within its floor and ceiling.
        TargetOutOfBounds,
        /// The step is zero or above what this origin may ask for. Choose a smaller one.
        StepOutOfBounds,
        /// A value of the policy is out of its range; `dry_run` says which.
        PolicyOutOfBounds,
        /// Staking, an election or a consensus pallet cannot hold so many. Lower the target.
        TargetAboveLimits,
        /// Too few candidates, less the policy's margin. Wait for more, or lower the target.
        TooFewCandidates,
        /// A block has no room for so many bitfields. Lower the target, or the number of validators of parachains.
        InherentTooHeavy,
        /// The cores need more validators than the target. Raise it, or give up cores.
        TooFewForCores,
        /// More voters than an election looks at. Raise staking's least bond of a nominator, and have the rest chilled.
        TooManyVoters,
        /// An election of so many takes too long. Lower the target.
        ElectionTooHeavy,
        /// No healthy session to compare with. Wait for an era to end; if all are flagged by a plan, stop that first.
        NoBaseline,
        /// There is no plan.
        NoPlan,
        /// The plan is not paused.
        NotPaused,
        /// The bytes are no justification, or more than one.
        JustificationMalformed,
        /// The justification is not for a block of this chain that is recent enough to have its hash on record.
        BlockUnknown,
        /// The block, or a later one, is proven already. Submit a newer one.
        BlockNotNewer,
        /// The signatures do not make the block final: too few, too many, wrong, or of another authority set. Reduce
        /// the justification to what its threshold needs before it is submitted.
        JustificationInvalid,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            Self::note_block()
        }

        fn on_finalize(_now: BlockNumberFor<T>) {
            Self::note_backed();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sets the plan: towards `target`, by `step` at most, under `policy`. A plan in progress is replaced.
        ///
        /// Origin: `AdminOrigin`. Errors: the first rule that the plan breaks; `ValidatorCountApi::dry_run` lists all.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_plan())]
        pub fn set_plan(origin: OriginFor<T>, target: u32, step: u32, policy: Policy) -> DispatchResult {
            let bounds = T::AdminOrigin::ensure_origin(origin)?;
            Self::do_set_plan(bounds, target, step, policy)
        }

        /// Ends the plan, whatever its state. The count stays as it is.
        ///
        /// Origin: `AdminOrigin`. Errors: `NoPlan`.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::stop())]
        pub fn stop(origin: OriginFor<T>) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_stop()
        }

        /// Lets a paused plan go on.
        ///
        /// Origin: `AdminOrigin`. Errors: `NoPlan`, `NotPaused`.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::resume())]
        pub fn resume(origin: OriginFor<T>) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_resume()
        }

        /// Sets the count at once, past all rules but staking's own, and ends the plan.
        ///
        /// Origin: Root. Errors: staking's.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::force_set())]
        pub fn force_set(origin: OriginFor<T>, count: u32) -> DispatchResult {
            ensure_root(origin)?;
            Self::do_force_set(count)
        }

        /// Proves a block to be final, by the encoded GRANDPA justification of the current authority set, without a vote
        /// more than its threshold needs. Free if it advances what is proven by `ProofSpacing` blocks.
        ///
        /// Origin: signed. Errors: `JustificationMalformed`, `BlockUnknown`, `BlockNotNewer`, `JustificationInvalid`.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::note_finality(Pallet::<T>::precommits_at_most(justification)))]
        pub fn note_finality(
            origin: OriginFor<T>,
            justification: BoundedVec<u8, T::MaxJustificationBytes>,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::do_note_finality(&justification)
        }
    }
}
