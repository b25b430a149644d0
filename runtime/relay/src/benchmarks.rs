// SPDX-License-Identifier: GPL-3.0-only
//! What `make weights` measures: the pallets that publish no weight of their own, and ours.
//!
//! A pallet's path in this list names the file in `weights/` that its figures go to.

use crate::{
    configs::{
        auctions::{MAX_CLAIMS, MAX_LEASE_CORES},
        staking::MAX_VALIDATORS,
    },
    AccountId, AllPalletsWithSystem, Auctions, Configuration, Coretime, Hrmp, Initializer, LeaseCores,
    OnDemandAssignmentProvider, ParaInclusion, ParaInherent, Paras, ParasDisputes, Registrar, Runtime, RuntimeOrigin,
    System, ValidatorCount, Xcmp,
};
use alloc::{string::String, vec, vec::Vec};
use frame_benchmarking::{account, define_benchmarks, BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::{
    assert_ok,
    traits::{Get, StorageInfo, StorageInfoTrait, WhitelistedStorageKeys},
    WeakBoundedVec,
};
use pallet_lease_cores::{CoreScheduler, CoretimeScheduler, Cursor, ScheduleCursor};
use pallet_staking::{ActiveEra, ActiveEraInfo, ValidatorPrefs};
use pallet_validator_count::AuthoritySet;
use polkadot_primitives::{HeadData, Id as ParaId, ValidationCode};
use polkadot_runtime_common::{slots::Leases, traits::Registrar as RegistrarTrait};
use serin_primitives::{
    lease::{LeasePeriod, LeaseWindow, PERIODS_PER_AUCTION},
    traits::{CoreIndex, CoreReservations},
};

define_benchmarks!(
    [pallet_auctions, Auctions]
    [pallet_lease_cores, LeaseCores]
    [pallet_validator_count, ValidatorCount]
    [pallet_xcmp, Xcmp]
    [polkadot_runtime_common::paras_registrar, Registrar]
    [polkadot_runtime_parachains::configuration, Configuration]
    [polkadot_runtime_parachains::coretime, Coretime]
    [polkadot_runtime_parachains::disputes, ParasDisputes]
    [polkadot_runtime_parachains::hrmp, Hrmp]
    [polkadot_runtime_parachains::inclusion, ParaInclusion]
    [polkadot_runtime_parachains::initializer, Initializer]
    [polkadot_runtime_parachains::on_demand, OnDemandAssignmentProvider]
    [polkadot_runtime_parachains::paras, Paras]
    [polkadot_runtime_parachains::paras_inherent, ParaInherent]
);

/// The benchmarks of each pallet, and the storage that they may touch.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs one benchmark. What every block touches in any case, as the account of its author, is not counted.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}

/// States that the benchmarks of `pallet_auctions` begin in.
pub struct AuctionStates;

impl pallet_auctions::BenchmarkHelper<AccountId> for AuctionStates {
    fn register(para: ParaId, manager: &AccountId) {
        let code = ValidationCode(vec![0; 64]);
        // Otherwise validators would vote on it first.
        assert_ok!(Paras::add_trusted_validation_code(RuntimeOrigin::root(), code.clone()));
        assert_ok!(<Registrar as RegistrarTrait>::register(manager.clone(), para, HeadData(vec![0]), code));
        <Registrar as RegistrarTrait>::execute_pending_transitions();
    }

    fn fill_cores(window: LeaseWindow) {
        CoretimeScheduler::<Runtime>::set_validators(MAX_VALIDATORS);
        for _ in 1..MAX_LEASE_CORES {
            assert_ok!(LeaseCores::reserve(window));
        }
    }

    fn scatter(paras: &[ParaId], window: LeaseWindow) {
        let later = LeaseWindow::new(window.last().saturating_add(1)).expect("far from the last period; qed");
        // The first of those that `window` has: all of them are free later.
        let cores: Vec<_> = (0..MAX_CLAIMS).map(|_| LeaseCores::reserve(later).expect("free; qed")).collect();
        let (first, second) = cores.split_at(PERIODS_PER_AUCTION.into());
        put_on(first, paras, window);
        put_on(second, paras, later);

        let now = <Runtime as pallet_lease_cores::Config>::Clock::get().first_block(window.first());
        System::set_block_number(now.expect("far from the last block; qed"));
        // Nothing is due any more, the next period included.
        let period = window.first().saturating_add(2);
        ScheduleCursor::<Runtime>::put(Cursor { period, position: 0, due: u32::MAX });
        let landlord = account::<AccountId>("landlord", 0, 0);
        for para in paras {
            Leases::<Runtime>::insert(para, vec![Some((landlord.clone(), 0)); cores.len()]);
        }
        for core in pallet_lease_cores::Cores::<Runtime>::get() {
            assert_ok!(LeaseCores::sync(RuntimeOrigin::root(), core));
        }
        for (position, para) in paras.iter().enumerate() {
            Leases::<Runtime>::mutate(para, |leases| *leases.get_mut(position).expect("one of sixteen; qed") = None);
        }
    }
}

/// Puts each of `paras` on each of as many `cores`, in another period of `window` on each. On the first core the para at
/// position `n` has the period `n`.
fn put_on(cores: &[CoreIndex], paras: &[ParaId], window: LeaseWindow) {
    for (shift, core) in (0..).zip(cores) {
        for (position, para) in (0..).zip(paras) {
            let offset: LeasePeriod = (position + shift) % LeasePeriod::from(PERIODS_PER_AUCTION);
            let period = window.first().saturating_add(offset);
            assert_ok!(LeaseCores::occupy(*core, window, &[(*para, period..=period)]));
        }
    }
}

/// States that the benchmarks of `pallet_validator_count` begin in.
pub struct ValidatorCountStates;

impl pallet_validator_count::BenchmarkHelper for ValidatorCountStates {
    fn prepare_plan() {
        ActiveEra::<Runtime>::put(ActiveEraInfo { index: 1, start: None });
        // The genesis has as many candidates as validators; a plan needs one more.
        pallet_staking::Validators::<Runtime>::insert(
            account::<AccountId>("candidate", 0, 0),
            ValidatorPrefs::default(),
        );
    }

    fn set_finalizers(authority_set: AuthoritySet) {
        let authorities = WeakBoundedVec::force_from(authority_set.authorities, None);
        pallet_grandpa::Authorities::<Runtime>::put(authorities);
        pallet_grandpa::CurrentSetId::<Runtime>::put(authority_set.set_id);
    }
}
