// SPDX-License-Identifier: GPL-3.0-only
//! What tests do to the chain, and ask of it.

use super::*;
use frame_support::{
    dispatch::Pays,
    traits::{OnFinalize, OnInitialize},
};
use polkadot_primitives::{Id as ParaId, InherentData};
use polkadot_runtime_parachains::runtime_api_impl::v13;
use serin_primitives::traits::CoreIndex;
use sp_runtime::{traits::Dispatchable, DispatchError};
use std::collections::BTreeMap;

/// Ends this block and executes empty ones up to `block`; the parachain host gets its inherent in each.
pub fn advance_to(block: BlockNumber) {
    while System::block_number() < block {
        // Genesis is no block, and had no inherent.
        if System::block_number() > 0 {
            AllPalletsWithSystem::on_finalize(System::block_number());
        }
        let parent_header = System::finalize();
        System::reset_events();
        let now = parent_header.number + 1;
        System::initialize(&now, &parent_header.hash(), &Default::default());
        AllPalletsWithSystem::on_initialize(now);
        let data =
            InherentData { bitfields: Vec::new(), backed_candidates: Vec::new(), disputes: Vec::new(), parent_header };
        ParaInherent::enter(RuntimeOrigin::none(), data).unwrap();
    }
}

/// What the runtime API says the next blocks of each core are for.
pub fn claim_queues() -> BTreeMap<CoreIndex, Vec<ParaId>> {
    let queues = v13::claim_queue::<Test>().into_iter();
    queues.map(|(core, queue)| (core.0.try_into().unwrap(), queue.into())).collect()
}

pub fn claim_queue(core: CoreIndex) -> Vec<ParaId> {
    claim_queues().remove(&core).unwrap_or_default()
}

/// Leases `count` periods from `first` on, as governance does.
pub fn force_lease(para: u32, first: u32, count: u32) {
    Slots::force_lease(RuntimeOrigin::root(), para.into(), 1, 1, first, count).unwrap();
}

/// Calls as anybody may, undone if it fails.
fn call(call: pallet_lease_cores::Call<Test>) -> Result<Pays, DispatchError> {
    let result = RuntimeCall::from(call).dispatch(RuntimeOrigin::signed(2));
    result.map(|info| info.pays_fee).map_err(|error| error.error)
}

pub fn place(para: u32) -> Result<Pays, DispatchError> {
    call(pallet_lease_cores::Call::place { para: para.into() })
}

pub fn sync(core: CoreIndex) -> Result<Pays, DispatchError> {
    call(pallet_lease_cores::Call::sync { core })
}
