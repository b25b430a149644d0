// SPDX-License-Identifier: GPL-3.0-only
//! The pallet among the SDK's own leases and crowdloans; the tests decide about paras, cores and seeds.

use crate::{types::Seed, WeightInfo};
pub use doubles::{Managers, Occupied, Paras, Reservations, ReservedCores, TestSeed};
use frame_support::{
    assert_ok, derive_impl, ord_parameter_types, parameter_types,
    traits::{ConstU128, ConstU32, ConstU8, EitherOfDiverse, OnInitialize},
    weights::Weight,
    PalletId,
};
use frame_system::{EnsureRoot, EnsureSignedBy};
use polkadot_core_primitives::{Balance, BlockNumber};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use polkadot_runtime_common::{crowdloan, slots};
use serin_primitives::traits::CoreIndex;
use sp_runtime::{BuildStorage, Permill};

#[path = "tests/doubles.rs"]
mod doubles;

pub type AccountId = u64;
/// Creates auctions.
pub const ADMIN: AccountId = 6;
/// The manager of all paras.
pub const MANAGER: AccountId = 1;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Slots: slots,
        Auctions: crate,
        Crowdloan: crowdloan,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
    type AccountData = pallet_balances::AccountData<Balance>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
}

parameter_types! {
    pub static LeasePeriodBlocks: BlockNumber = 1_000;
    pub static MinimumBid: Balance = 1;
    pub static MinimumRaise: Permill = Permill::from_percent(1);
    pub static HistoryBlocks: BlockNumber = 20;
    /// What the draw is made from, and the first block at which nobody knew it.
    pub static NextSeed: Option<(Seed, BlockNumber)> = None;
    /// How many cores can be reserved.
    pub static Cores: CoreIndex = 40;
    pub const CrowdloanId: PalletId = PalletId(*b"py/cfund");
}
ord_parameter_types! { pub const Admin: AccountId = ADMIN; }

impl slots::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type Registrar = Paras;
    type LeasePeriod = LeasePeriodBlocks;
    type LeaseOffset = ConstU32<0>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type WeightInfo = slots::TestWeightInfo;
}

impl crate::Config for Test {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Leaser = Slots;
    type Registrar = Paras;
    type Cores = ReservedCores;
    type CandleSeed = TestSeed;
    type AdminOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureSignedBy<Admin, AccountId>>;
    type MinimumBid = MinimumBid;
    type MinimumRaise = MinimumRaise;
    type MaxLive = ConstU32<32>;
    type EndingBlocks = ConstU32<3>;
    type HistoryBlocks = HistoryBlocks;
    type WeightInfo = TestWeights;
}

impl crowdloan::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type PalletId = CrowdloanId;
    type SubmissionDeposit = ConstU128<1>;
    type MinContribution = ConstU128<1>;
    type RemoveKeysLimit = ConstU32<10>;
    type Registrar = Paras;
    type Auctioneer = Auctions;
    type MaxMemoLength = ConstU8<32>;
    type WeightInfo = crowdloan::TestWeightInfo;
}

/// All are different.
pub struct TestWeights;

impl WeightInfo for TestWeights {
    fn new_auction() -> Weight {
        Weight::from_parts(1_000, 0)
    }
    fn bid() -> Weight {
        Weight::from_parts(2_000, 0)
    }
    fn settle() -> Weight {
        Weight::from_parts(3_000, 0)
    }
    fn refund() -> Weight {
        Weight::from_parts(4_000, 0)
    }
    fn cancel() -> Weight {
        Weight::from_parts(5_000, 0)
    }
    fn prune(n: u32) -> Weight {
        Weight::from_parts(6_000, 0).saturating_mul(u64::from(n) + 1)
    }
    fn set_bidders() -> Weight {
        Weight::from_parts(7_000, 0)
    }
    fn clear_bidders() -> Weight {
        Weight::from_parts(8_000, 0)
    }
    fn on_initialize_idle() -> Weight {
        Weight::from_parts(1, 1)
    }
    fn on_initialize_awaiting_seed() -> Weight {
        Weight::from_parts(2, 2)
    }
    fn on_initialize_settle() -> Weight {
        Weight::from_parts(3, 3)
    }
}

/// A chain at block 1 with ten accounts, the account `n` with `10 * n`, and the paras 0 to 9. The invariants are
/// checked after the test.
pub fn on_chain(test: impl FnOnce()) {
    on_chain_with((1..=10).map(|account| (account, 10 * Balance::from(account))).collect(), test);
}

pub fn on_chain_with(balances: Vec<(AccountId, Balance)>, test: impl FnOnce()) {
    let balances = pallet_balances::GenesisConfig { balances, ..Default::default() };
    let genesis = RuntimeGenesisConfig { balances, ..Default::default() };
    sp_io::TestExternalities::new(genesis.build_storage().unwrap()).execute_with(|| {
        reset();
        System::set_block_number(1);
        (0..10).for_each(|para| Managers::insert(ParaId::from(para), MANAGER));
        test();
        assert_ok!(Auctions::do_try_state());
    });
}

/// Tests that share a thread do not share what they set.
fn reset() {
    LeasePeriodBlocks::set(1_000);
    MinimumBid::set(1);
    MinimumRaise::set(Permill::from_percent(1));
    HistoryBlocks::set(20);
    NextSeed::set(None);
    Cores::set(40);
}

/// Runs the hooks of all blocks up to `block`.
pub fn advance_to(block: BlockNumber) {
    while System::block_number() < block {
        System::set_block_number(System::block_number() + 1);
        AllPalletsWithoutSystem::on_initialize(System::block_number());
    }
}
