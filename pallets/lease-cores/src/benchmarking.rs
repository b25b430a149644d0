// SPDX-License-Identifier: GPL-3.0-only
//! The worst case of each call, and of the hook.

// Runs on no chain: what fails here ends the benchmark.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used)]

use super::*;
use alloc::vec::Vec;
use frame_benchmarking::v2::*;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::traits::Leaser;
use serin_primitives::traits::CoreIndex;
use sp_runtime::traits::Zero;

/// The para of the core at a position.
fn para(position: u32) -> ParaId {
    // Bounded by `MaxCores`.
    ParaId::from(2_000u32.saturating_add(position))
}

/// In the first block of lease period 1, so many cores, each with a full calendar, where there may be all that there can be.
fn fill<T: Config>(count: u32) -> Vec<CoreIndex> {
    let clock = T::Clock::get();
    frame_system::Pallet::<T>::set_block_number(clock.first_block(1).unwrap().into());
    let served = T::Scheduler::configured_cores() + T::MaxCores::get();
    T::Scheduler::set_validators(served * T::ValidatorsPerCore::get());
    for position in 0..count {
        lease::<T>(para(position), 1, T::MaxClaims::get());
        let core = Pallet::<T>::add_core().unwrap();
        let periods = 1..=T::MaxClaims::get();
        Pallet::<T>::settle_on_core(core, &[(para(position), periods)], None).unwrap();
    }
    Cores::<T>::get().into_inner()
}

fn lease<T: Config>(para: ParaId, first: u32, count: u32) {
    let leaser: T::AccountId = whitelisted_caller();
    T::Leaser::lease_out(para, &leaser, Zero::zero(), first.into(), count.into()).unwrap();
}

/// Whatever the scheduler was told is forgotten.
fn forget_assignments<T: Config>(core: CoreIndex) {
    Records::<T>::mutate(core, |record| record.as_mut().unwrap().assignments = Assignments::default());
}

#[benchmarks]
mod benchmarks {
    use super::*;

    /// Both periods of the last core must be told, and all later leases have lapsed, each of another para.
    #[benchmark]
    fn sync() {
        let core = *fill::<T>(T::MaxCores::get()).last().unwrap();
        ScheduleCursor::<T>::mutate(|cursor| cursor.as_mut().unwrap().period = 3);
        Pallet::<T>::edit_core(core, |record| {
            for period in 3..=T::MaxClaims::get() {
                record.calendar.withdraw(period..=period, para(T::MaxCores::get() - 1));
                let gone = para(T::MaxCores::get() + period);
                record.calendar.claim(period..=period, None, Claim::Leased(gone)).unwrap();
            }
        });
        forget_assignments::<T>(core);
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), core);

        assert_eq!(Records::<T>::get(core).unwrap().calendar.paras().len(), 1);
        assert!(Records::<T>::get(core).unwrap().assignments.get(2).is_some());
    }

    /// Every core is looked at, and the last that there can be is added and told both periods. For each later one the para is
    /// on another core.
    #[benchmark]
    fn place() {
        let cores = fill::<T>(T::MaxCores::get() - 1);
        ScheduleCursor::<T>::mutate(|cursor| cursor.as_mut().unwrap().period = 3);
        let newcomer = para(T::MaxCores::get());
        lease::<T>(newcomer, 1, T::MaxClaims::get());
        for (position, period) in (0..).zip(3..=T::MaxClaims::get()) {
            Pallet::<T>::edit_core(cores[usize::try_from(position).unwrap()], |record| {
                record.calendar.withdraw(period..=period, para(position));
                record.calendar.claim(period..=period, None, Claim::Leased(newcomer)).unwrap();
            });
        }
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), newcomer);

        let added = Cores::<T>::get().last().copied().unwrap();
        assert!(!cores.contains(&added) && CoresOf::<T>::get(newcomer).contains(&added));
        assert!(Records::<T>::get(added).unwrap().assignments.get(2).is_some());
    }

    #[benchmark]
    fn schedule_idle() {
        fill::<T>(T::MaxCores::get());
        ScheduleCursor::<T>::put(Cursor { period: 2, position: 0, due: u32::MAX });
        #[block]
        {
            Pallet::<T>::schedule_ahead(0);
        }
        assert_eq!(ScheduleCursor::<T>::get().unwrap().period, 2);
    }

    /// All cores there can be have a full calendar, and as many of them are told what to do.
    #[benchmark]
    fn schedule_ahead(c: Linear<1, { T::CoresPerBlock::get().min(T::MaxCores::get()) }>) {
        let cores = fill::<T>(T::MaxCores::get());
        let position = u32::try_from(cores.len()).unwrap() - c;
        ScheduleCursor::<T>::put(Cursor { period: 2, position, due: 0 });

        #[block]
        {
            Pallet::<T>::schedule_ahead(Pallet::<T>::now());
        }

        let told = cores.iter().filter(|core| Records::<T>::get(core).unwrap().assignments.get(2).is_some()).count();
        assert_eq!(told, usize::try_from(c).unwrap());
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::new_test_ext(), crate::mock::Test);
}
