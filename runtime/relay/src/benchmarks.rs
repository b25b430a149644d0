// SPDX-License-Identifier: GPL-3.0-only
//! What `make weights` measures: the pallets that publish no weight of their own.
//!
//! A pallet's path in this list names the file in `weights/` that its figures go to.

use crate::{
    configs::{
        balances::ExistentialDeposit,
        xcm_config::{PriceForChildParachainDelivery, TokenLocation, XcmConfig},
    },
    AllPalletsWithSystem, Configuration, Coretime, Crowdloan, Dmp, Hrmp, Initializer, OnDemandAssignmentProvider,
    ParaInclusion, ParaInherent, Paras, ParasDisputes, Registrar, Runtime, RuntimeCall, Slots,
};
use alloc::{boxed::Box, string::String, vec::Vec};
use frame_benchmarking::{define_benchmarks, BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::{
    parameter_types,
    traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys},
};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::xcm_sender::ToParachainDeliveryHelper;
use xcm::latest::{Asset, Assets, Junction, Location};

type XcmPallet = pallet_xcm::benchmarking::Pallet<Runtime>;

define_benchmarks!(
    [pallet_xcm, XcmPallet]
    [polkadot_runtime_common::crowdloan, Crowdloan]
    [polkadot_runtime_common::paras_registrar, Registrar]
    [polkadot_runtime_common::slots, Slots]
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

parameter_types! {
    /// A system chain: the only kind that KSM can be teleported to.
    pub const SystemChain: ParaId = ParaId::new(1000);
    pub KsmOfAnAccount: Asset = (TokenLocation::get(), ExistentialDeposit::get()).into();
    pub SomeKsm: Option<Asset> = Some(KsmOfAnAccount::get());
}

fn system_chain() -> Location {
    Junction::Parachain(SystemChain::get().into()).into()
}

impl pallet_xcm::benchmarking::Config for Runtime {
    type DeliveryHelper =
        ToParachainDeliveryHelper<XcmConfig, SomeKsm, PriceForChildParachainDelivery, SystemChain, Dmp>;

    fn reachable_dest() -> Option<Location> {
        Some(system_chain())
    }

    fn teleportable_asset_and_dest() -> Option<(Asset, Location)> {
        Some((KsmOfAnAccount::get(), system_chain()))
    }

    /// To a system chain too, which is as far as to any other.
    fn reserve_transferable_asset_and_dest() -> Option<(Asset, Location)> {
        Some((KsmOfAnAccount::get(), system_chain()))
    }

    /// A teleport, the dearer of the two ways.
    fn set_up_complex_asset_transfer() -> Option<(Assets, u32, Location, Box<dyn FnOnce()>)> {
        pallet_xcm::benchmarking::helpers::native_teleport_as_asset_transfer::<Runtime>(
            TokenLocation::get(),
            system_chain(),
        )
    }

    fn get_asset() -> Asset {
        KsmOfAnAccount::get()
    }

    fn batch_call(calls: Vec<RuntimeCall>) -> Option<RuntimeCall> {
        Some(pallet_utility::Call::batch { calls }.into())
    }
}
