// SPDX-License-Identifier: GPL-3.0-only
//! The seam to who puts work on cores, and the relay chain's side of it.

use crate::Work;
use alloc::vec;
use core::{marker::PhantomData, ops::Range};
use frame_support::dispatch::DispatchResult;
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use polkadot_primitives::{BlockNumber, CoreIndex as HostCoreIndex};
use polkadot_runtime_parachains::{
    configuration::{self, ActiveConfig, PendingConfigs},
    coretime,
    scheduler::{CoreAssignment, CoreDescriptors, PartsOf57600, ValidatorGroups},
    shared,
};
use serin_primitives::traits::CoreIndex;
use sp_runtime::traits::UniqueSaturatedInto;

/// Who puts work on cores.
pub trait CoreScheduler {
    /// How many cores are configured, counting changes that are not in force yet.
    fn configured_cores() -> u32;

    /// How many cores this session serves.
    fn served_cores() -> u32;

    /// How many validators serve cores in this session.
    fn validators() -> u32;

    /// Configures `count` cores.
    fn configure_cores(count: u32) -> DispatchResult;

    /// The first core from `from` on that is not configured, and has no work yet; `None` if numbers have run out.
    fn unused_core(from: u32) -> Option<CoreIndex>;

    /// How many blocks before its first block an assignment must be known.
    fn notice_blocks() -> BlockNumber;

    /// The first block from which `core` can be given other work: what is in the claim queue stays, and what was assigned
    /// comes first.
    fn earliest_begin(core: CoreIndex) -> BlockNumber;

    /// Gives `core` work for `blocks`. They must not begin before [`Self::earliest_begin`].
    fn assign(core: CoreIndex, work: Work, blocks: Range<BlockNumber>) -> DispatchResult;

    /// Makes as many validators serve cores.
    #[cfg(feature = "runtime-benchmarks")]
    fn set_validators(count: u32);
}

/// The parachain host's coretime pallet as scheduler.
pub struct CoretimeScheduler<T>(PhantomData<T>);

impl<T: coretime::Config + shared::Config> CoreScheduler for CoretimeScheduler<T> {
    fn configured_cores() -> u32 {
        match PendingConfigs::<T>::get().last() {
            Some((_, pending)) => pending.scheduler_params.num_cores,
            None => ActiveConfig::<T>::get().scheduler_params.num_cores,
        }
    }

    fn served_cores() -> u32 {
        to_u32(ValidatorGroups::<T>::decode_len())
    }

    fn validators() -> u32 {
        to_u32(shared::ActiveValidatorIndices::<T>::decode_len())
    }

    fn configure_cores(count: u32) -> DispatchResult {
        configuration::Pallet::<T>::set_coretime_cores_unchecked(count)
    }

    fn unused_core(from: u32) -> Option<CoreIndex> {
        let busy = CoreDescriptors::<T>::get();
        let first = from.max(Self::configured_cores());
        let unused = (first..=CoreIndex::MAX.into()).find(|core| !busy.contains_key(&HostCoreIndex(*core)));
        unused.and_then(|core| core.try_into().ok())
    }

    fn notice_blocks() -> BlockNumber {
        // The claim queue begins with the next block.
        ActiveConfig::<T>::get().scheduler_params.lookahead.saturating_add(1)
    }

    fn earliest_begin(core: CoreIndex) -> BlockNumber {
        let now: BlockNumber = frame_system::Pallet::<T>::block_number().unique_saturated_into();
        let noticed = now.saturating_add(Self::notice_blocks());
        let cores = CoreDescriptors::<T>::get();
        let queue = cores.get(&HostCoreIndex(core.into())).and_then(|descriptor| descriptor.queue());
        // Two assignments that begin with the same block would share the core.
        let after_last = queue.map_or(0, |queue| {
            let last: BlockNumber = queue.last.unique_saturated_into();
            last.saturating_add(1)
        });
        noticed.max(after_last)
    }

    fn assign(core: CoreIndex, work: Work, blocks: Range<BlockNumber>) -> DispatchResult {
        let assignment = match work {
            Work::Pool => CoreAssignment::Pool,
            Work::Task(para) => CoreAssignment::Task(para.into()),
        };
        coretime::Pallet::<T>::assign_core(
            RawOrigin::Root.into(),
            core,
            BlockNumberFor::<T>::from(blocks.start),
            vec![(assignment, PartsOf57600::FULL)],
            Some(BlockNumberFor::<T>::from(blocks.end)),
        )
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn set_validators(count: u32) {
        let validators: vec::Vec<_> = (0..count).map(polkadot_primitives::ValidatorIndex).collect();
        shared::ActiveValidatorIndices::<T>::put(validators);
    }
}

/// Lengths of lists of validators, which are far from `u32::MAX`.
fn to_u32(length: Option<usize>) -> u32 {
    length.unwrap_or_default().unique_saturated_into()
}
