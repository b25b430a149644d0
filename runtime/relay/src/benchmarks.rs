// SPDX-License-Identifier: GPL-3.0-only
//! What `make weights` measures: the pallets that publish no weight of their own, and ours.
//!
//! A pallet's path in this list names the file in `weights/` that its figures go to.

use crate::{
    AccountId, AllPalletsWithSystem, Auctions, Configuration, Coretime, Hrmp, Initializer, LeaseCores,
    OnDemandAssignmentProvider, ParaInclusion, ParaInherent, Paras, ParasDisputes, Registrar, Runtime, ValidatorCount,
    Xcmp,
};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{account, define_benchmarks, BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::{
    traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys},
    WeakBoundedVec,
};
use pallet_staking::ValidatorPrefs;
use pallet_validator_count::{AuthoritySet, BenchmarkHelper};

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

/// States that the benchmarks of `pallet_validator_count` begin in.
pub struct ValidatorCountStates;

impl BenchmarkHelper for ValidatorCountStates {
    fn prepare_plan() {
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
