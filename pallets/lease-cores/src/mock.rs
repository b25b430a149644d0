// SPDX-License-Identifier: GPL-3.0-only
//! A relay chain around the pallet: the parachain host, registrar and leases are the library's.

mod drive;
mod genesis;
mod host;

use crate as pallet_lease_cores;
use crate::{CoretimeScheduler, WeightInfo};
use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU128, ConstU32, Get},
    weights::Weight,
};
use frame_system::EnsureRoot;
use polkadot_primitives::BlockNumber;
use polkadot_runtime_common::{paras_registrar, slots};
use polkadot_runtime_parachains::{
    configuration, coretime, disputes, dmp, hrmp, inclusion, initializer, on_demand, origin, paras, paras_inherent,
    scheduler, session_info, shared,
};
use serin_primitives::lease::LeaseClock;

pub use drive::{advance_to, claim_queue, claim_queues, force_lease, place, sync};
pub use genesis::{new_test_ext, GENESIS_CORE_PARA, PARAS};
pub use host::{ValidatorCount, SESSION_BLOCKS};

pub type Block = frame_system::mocking::MockBlockU32<Test>;
pub type Balance = u128;

pub const PERIOD_BLOCKS: BlockNumber = 40;
/// How deep the claim queue is.
pub const LOOKAHEAD: BlockNumber = 3;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Babe: pallet_babe,
        Balances: pallet_balances,
        Origin: origin,
        Configuration: configuration,
        Shared: shared,
        Inclusion: inclusion,
        ParaInherent: paras_inherent,
        Scheduler: scheduler,
        Paras: paras,
        Initializer: initializer,
        Dmp: dmp,
        Hrmp: hrmp,
        SessionInfo: session_info,
        Disputes: disputes,
        OnDemand: on_demand,
        Coretime: coretime,
        // Behind the host, whose configuration the first session needs.
        Session: pallet_session,
        Registrar: paras_registrar,
        Slots: slots,
        LeaseCores: pallet_lease_cores,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
    type AccountStore = System;
}

impl paras_registrar::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type Currency = Balances;
    type OnSwap = (Slots, LeaseCores);
    type ParaDeposit = ConstU128<0>;
    type DataDepositPerByte = ConstU128<0>;
    type WeightInfo = paras_registrar::TestWeightInfo;
}

impl slots::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type Registrar = host::CalmRegistrar;
    type LeasePeriod = ConstU32<PERIOD_BLOCKS>;
    type LeaseOffset = LeaseOffset;
    type ForceOrigin = EnsureRoot<u64>;
    type WeightInfo = slots::TestWeightInfo;
}

parameter_types! {
    pub static MaxCores: u32 = 8;
    pub static LeaseOffset: BlockNumber = 0;
}

pub struct Clock;

impl Get<LeaseClock> for Clock {
    fn get() -> LeaseClock {
        LeaseClock { length_blocks: PERIOD_BLOCKS, offset_blocks: LeaseOffset::get() }
    }
}

pub struct TestWeights;

impl WeightInfo for TestWeights {
    fn sync() -> Weight {
        Weight::from_parts(1_000, 0)
    }
    fn place() -> Weight {
        Weight::from_parts(2_000, 0)
    }
    fn schedule_idle() -> Weight {
        Weight::from_parts(5, 0)
    }
    fn schedule_ahead(cores: u32) -> Weight {
        Weight::from_parts(10, 0).saturating_mul(u64::from(cores) + 1)
    }
}

impl pallet_lease_cores::Config for Test {
    type Leaser = Slots;
    type Clock = Clock;
    type Scheduler = CoretimeScheduler<Test>;
    type MaxCores = MaxCores;
    type MaxClaims = ConstU32<16>;
    type ValidatorsPerCore = ConstU32<2>;
    type CoresPerBlock = ConstU32<3>;
    type WeightInfo = TestWeights;
}
