// SPDX-License-Identifier: GPL-3.0-only
use crate::{Pallet, PendingCleanUp};
use core::cell::RefCell;
use frame_support::{
    derive_impl, parameter_types,
    traits::{Contains, Hooks},
    weights::Weight,
};
use frame_system::EnsureRoot;
use polkadot_parachain_primitives::primitives::{HeadData, Id as ParaId};
use polkadot_runtime_parachains::{
    initializer::{OnNewSession, SessionChangeNotification},
    paras::OnNewHead,
};
use sp_runtime::BuildStorage;
use std::collections::BTreeSet;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        // The name is a part of the protocol: receivers prove keys below it.
        Xcmp: crate,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
}

parameter_types! {
    pub const CleanUpEntriesPerBlock: u32 = 4;
}

impl crate::Config for Test {
    type ClearOrigin = EnsureRoot<u64>;
    type KnownParas = KnownParas;
    type CleanUpEntriesPerBlock = CleanUpEntriesPerBlock;
    type WeightInfo = ();
}

thread_local! {
    static OFFBOARDED: RefCell<BTreeSet<ParaId>> = const { RefCell::new(BTreeSet::new()) };
}

/// All paras but those that a test sent off, and the ids that benchmarks take.
pub struct KnownParas;

impl Contains<ParaId> for KnownParas {
    fn contains(para: &ParaId) -> bool {
        u32::from(*para) < 1 << 31 && OFFBOARDED.with_borrow(|offboarded| !offboarded.contains(para))
    }
}

pub fn externalities() -> sp_io::TestExternalities {
    let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
    let mut externalities = sp_io::TestExternalities::new(storage);
    externalities.execute_with(|| System::set_block_number(1));
    externalities
}

/// Runs a test, and then checks what must hold after each.
pub fn run(test: impl FnOnce()) {
    OFFBOARDED.with_borrow_mut(BTreeSet::clear);
    externalities().execute_with(|| {
        test();
        Xcmp::do_try_state().unwrap();
    });
}

/// What `paras` does when a candidate is included.
pub fn include(para: u32, head: Vec<u8>) -> Weight {
    <Pallet<Test> as OnNewHead>::on_new_head(para.into(), &HeadData(head))
}

/// The end of a session, in which these paras leave.
pub fn end_session(offboarded: &[u32]) {
    OFFBOARDED.with_borrow_mut(|gone| gone.extend(offboarded.iter().map(|para| ParaId::from(*para))));
    <Pallet<Test> as OnNewSession<u32>>::on_new_session(&SessionChangeNotification {
        validators: Vec::new(),
        queued: Vec::new(),
        prev_config: Default::default(),
        new_config: Default::default(),
        random_seed: [0; 32],
        session_index: 1,
    });
    assert!(PendingCleanUp::<Test>::exists());
}

/// Starts the next block, and returns the weight of its beginning.
pub fn next_block() -> Weight {
    let next = System::block_number() + 1;
    System::set_block_number(next);
    <Pallet<Test> as Hooks<u32>>::on_initialize(next)
}
