// SPDX-License-Identifier: GPL-3.0-only
//! Builds the chain, and runs it block by block.

use super::{
    AccountId, AllPalletsWithSystem, Backed, Block, Chain, Disabled, Finalizers, LimitsNow, MaxValidatorSet, Missed,
    RuntimeGenesisConfig, RuntimeOrigin, SessionBegun, SessionKeys, SessionsPerEra, Slot, SlotsPerSession, System,
    Test, Timestamp, ValidatorCount, LIMITS, REFERENDUM,
};
use crate::{AuthoritySet, ChainSignals, Event, Policy};
use frame_support::{
    parameter_types,
    traits::{OnFinalize, OnInitialize},
};
use pallet_staking::StakerStatus;
use sp_core::H256;
use sp_runtime::{
    traits::{Block as BlockT, Header as HeaderT},
    BuildStorage, DispatchResult,
};

const BALANCE: u128 = 1_000_000;
const SLOT_MILLIS: u64 = 6_000;

parameter_types! {
    pub static LastHash: H256 = H256::zero();
    pub static Events: Vec<Event<Test>> = Vec::new();
}

/// A chain whose candidates are the accounts from one on. The earlier ones have more at stake: the set is always the
/// first so many of them.
pub struct TestExt {
    pub count: u32,
    pub candidates: u32,
    pub slots_per_session: u32,
    pub sessions_per_era: u32,
}

impl Default for TestExt {
    fn default() -> Self {
        Self { count: 10, candidates: 40, slots_per_session: 10, sessions_per_era: 2 }
    }
}

impl TestExt {
    pub fn execute<R>(self, test: impl FnOnce() -> R) -> R {
        self.build().execute_with(test)
    }

    fn build(self) -> sp_io::TestExternalities {
        Slot::set(0);
        SessionBegun::set(0);
        Disabled::set(0);
        Backed::set(0);
        Finalizers::set(AuthoritySet::default());
        LimitsNow::set(LIMITS);
        MaxValidatorSet::set(LIMITS.max_validator_set);
        LastHash::set(H256::zero());
        Events::set(Vec::new());
        SlotsPerSession::set(self.slots_per_session);
        SessionsPerEra::set(self.sessions_per_era);
        sp_io::TestExternalities::new(self.genesis().build_storage().unwrap())
    }

    fn genesis(&self) -> RuntimeGenesisConfig {
        let accounts = 1..=AccountId::from(self.candidates);
        RuntimeGenesisConfig {
            balances: pallet_balances::GenesisConfig {
                balances: accounts.clone().map(|account| (account, BALANCE)).collect(),
                ..Default::default()
            },
            staking: pallet_staking::GenesisConfig {
                validator_count: self.count,
                minimum_validator_count: 1,
                stakers: accounts
                    .clone()
                    .map(|account| (account, account, BALANCE / 2 - u128::from(account), StakerStatus::Validator))
                    .collect(),
                ..Default::default()
            },
            session: pallet_session::GenesisConfig {
                keys: accounts.map(|account| (account, account, SessionKeys { key: account.into() })).collect(),
                ..Default::default()
            },
            ..Default::default()
        }
    }
}

/// The chain at genesis, with a store for the keys that finalize its blocks.
#[cfg(feature = "runtime-benchmarks")]
pub fn benchmark_externalities() -> sp_io::TestExternalities {
    let mut externalities = TestExt::default().build();
    externalities.register_extension(sp_keystore::KeystoreExt::new(sp_keystore::testing::MemoryKeystore::new()));
    externalities
}

/// A block after `missed` slots without one, with `calls` in it. The invariants are checked after it.
pub fn block(missed: u32, calls: impl FnOnce()) {
    let number = System::block_number() + 1;
    let slot = Slot::get() + 1 + u64::from(missed);
    let parent = LastHash::get();
    Slot::set(slot);
    Missed::set(if number == 1 { 0 } else { missed });

    System::initialize(&number, &parent, &Default::default());
    AllPalletsWithSystem::on_initialize(number);
    Timestamp::set_timestamp(slot * SLOT_MILLIS);
    calls();
    AllPalletsWithSystem::on_finalize(number);

    // Nobody looks at the roots, and computing them takes longer than all else.
    let header = <Block as BlockT>::Header::new(number, H256::zero(), H256::zero(), parent, Default::default());
    LastHash::set(header.hash());
    let ours = System::read_events_for_pallet::<Event<Test>>();
    Events::mutate(|events| events.extend(ours));
    // Which walks through all that was ever written.
    if System::event_count() > 0 {
        System::reset_events();
    }
    ValidatorCount::do_try_state().unwrap();
}

/// Blocks until an era has begun; `next` says how many slots are missed before each, and may call what it likes. What is
/// called comes between two blocks.
pub fn era(mut next: impl FnMut() -> u32) {
    let before = Chain::active_era();
    while Chain::active_era() == before {
        block(next(), || ());
    }
}

pub fn healthy_era() {
    era(|| 0);
}

pub fn healthy_eras(eras: u32) {
    (0..eras).for_each(|_| healthy_era());
}

/// An era in which every other slot is missed.
pub fn sick_era() {
    era(|| 1);
}

/// The plan is set as a referendum would.
pub fn set_plan(target: u32, step: u32, policy: Policy) -> DispatchResult {
    ValidatorCount::set_plan(RuntimeOrigin::signed(REFERENDUM), target, step, policy)
}

/// What the pallet has told since the last time.
pub fn take_events() -> Vec<Event<Test>> {
    let mut events = Events::take();
    events.extend(System::read_events_for_pallet::<Event<Test>>());
    System::reset_events();
    events
}
