// SPDX-License-Identifier: GPL-3.0-only
//! A chain with the real session and staking pallets, whose elections are Phragmen's. Slots, faults and everything that
//! the parachain host or GRANDPA would say are set by the test.

mod answers;
mod driver;
mod grandpa;

pub use answers::{
    Backed, Chain, Clock, Disabled, Finalizers, LimitsNow, Missed, MockWeight, Referendum, SessionBegun, Slot,
    SlotsPerSession, BOUNDS, LIMITS, POLICY, REFERENDUM,
};
#[cfg(feature = "runtime-benchmarks")]
pub use driver::benchmark_externalities;
pub use driver::{block, era, healthy_era, healthy_eras, set_plan, sick_era, take_events, TestExt};
pub use grandpa::{authority_set, justification, key, prove, signed, Justification};

use crate::RampedSessions;
use frame_election_provider_support::{
    bounds::{ElectionBounds, ElectionBoundsBuilder},
    onchain, SequentialPhragmen,
};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstBool, ConstU32, ConstU64},
};
use frame_system::EnsureRoot;
use pallet_session::disabling::UpToLimitWithReEnablingDisablingStrategy;
use sp_runtime::{testing::UintAuthorityId, traits::ConvertInto, Perbill};

pub type AccountId = u64;
pub type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timestamp: pallet_timestamp,
        Balances: pallet_balances,
        Staking: pallet_staking,
        Session: pallet_session,
        ValidatorCount: crate,
    }
);

sp_runtime::impl_opaque_keys! {
    pub struct SessionKeys {
        pub key: UintAuthorityId,
    }
}

parameter_types! {
    pub static SessionsPerEra: u32 = 2;
    pub static MaxValidatorSet: u32 = 1_200;
    pub ElectionLimits: ElectionBounds = ElectionBoundsBuilder::default().build();
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<u128>;
}

#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = u128;
    type AccountStore = System;
}

pub struct Election;

impl onchain::Config for Election {
    type Sort = ConstBool<true>;
    type System = Test;
    type Solver = SequentialPhragmen<AccountId, Perbill>;
    type DataProvider = Staking;
    type WeightInfo = ();
    type MaxWinnersPerPage = ConstU32<1_200>;
    type MaxBackersPerWinner = ConstU32<1_000>;
    type Bounds = ElectionLimits;
}

#[derive_impl(pallet_staking::config_preludes::TestDefaultConfig)]
impl pallet_staking::Config for Test {
    type OldCurrency = Balances;
    type Currency = Balances;
    type UnixTime = Timestamp;
    type AdminOrigin = EnsureRoot<AccountId>;
    type EraPayout = ();
    type SessionsPerEra = SessionsPerEra;
    type NextNewSession = Session;
    type ElectionProvider = onchain::OnChainExecution<Election>;
    type GenesisElectionProvider = onchain::OnChainExecution<Election>;
    type VoterList = pallet_staking::UseNominatorsAndValidatorsMap<Self>;
    type TargetList = pallet_staking::UseValidatorsMap<Self>;
    type MaxValidatorSet = MaxValidatorSet;
}

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Clock;
    type NextSessionRotation = ();
    type SessionManager = RampedSessions<Self, Staking>;
    type SessionHandler = pallet_session::TestSessionHandler;
    type Keys = SessionKeys;
    type DisablingStrategy = UpToLimitWithReEnablingDisablingStrategy;
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = ();
}

impl crate::Config for Test {
    type AdminOrigin = Referendum;
    type Signals = Chain;
    type Count = Chain;
    type Finality = Chain;
    type ProofSpacing = ConstU64<5>;
    type MaxJustificationBytes = ConstU32<{ 256 * 1_024 }>;
    type WeightInfo = MockWeight;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = Chain;
}
