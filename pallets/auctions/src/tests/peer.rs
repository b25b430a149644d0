// SPDX-License-Identifier: GPL-3.0-only
//! The SDK's auctions, unchanged, over the SDK's leases: what this pallet is compared with.

use crate::mock::{AccountId, Managers, Paras, ADMIN};
use frame_support::{
    derive_impl, ord_parameter_types, parameter_types,
    traits::{ConstU128, ConstU32, EitherOfDiverse, OnInitialize, Randomness},
    weights::constants::RocksDbWeight,
};
use frame_system::{EnsureRoot, EnsureSignedBy};
use polkadot_core_primitives::{Balance, BlockNumber, Hash};
use polkadot_runtime_common::{auctions, slots};
use sp_runtime::BuildStorage;

frame_support::construct_runtime!(
    pub enum Peer {
        System: frame_system,
        Balances: pallet_balances,
        Slots: slots,
        Auctions: auctions,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Peer {
    type Block = frame_system::mocking::MockBlockU32<Peer>;
    type AccountData = pallet_balances::AccountData<Balance>;
    type DbWeight = RocksDbWeight;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Peer {
    type AccountStore = System;
    type Balance = Balance;
    type ExistentialDeposit = ConstU128<1>;
}

parameter_types! {
    pub static PeerLeasePeriodBlocks: BlockNumber = 1_000;
    pub static PeerEndingBlocks: BlockNumber = 3;
    /// The offset that is drawn, and since when it is known.
    pub static PeerRandomness: (BlockNumber, BlockNumber) = (0, 0);
}
ord_parameter_types! { pub const Admin: AccountId = ADMIN; }

impl slots::Config for Peer {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type Registrar = Paras;
    type LeasePeriod = PeerLeasePeriodBlocks;
    type LeaseOffset = ConstU32<0>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type WeightInfo = slots::TestWeightInfo;
}

impl auctions::Config for Peer {
    type RuntimeEvent = RuntimeEvent;
    type Leaser = Slots;
    type Registrar = Paras;
    type EndingPeriod = PeerEndingBlocks;
    type SampleLength = ConstU32<1>;
    type Randomness = FixedRandomness;
    type InitiateOrigin = EitherOfDiverse<EnsureRoot<AccountId>, EnsureSignedBy<Admin, AccountId>>;
    type WeightInfo = auctions::TestWeightInfo;
}

pub struct FixedRandomness;
impl Randomness<Hash, BlockNumber> for FixedRandomness {
    fn random(_: &[u8]) -> (Hash, BlockNumber) {
        let (offset, known_since) = PeerRandomness::get();
        let mut hash = Hash::zero();
        hash.0[..4].copy_from_slice(&offset.to_le_bytes());
        (hash, known_since)
    }
}

/// A chain of the peer at block 1 with these balances and the paras 0 to 9.
pub fn peer_chain(balances: Vec<(AccountId, Balance)>) -> sp_io::TestExternalities {
    let balances = pallet_balances::GenesisConfig { balances, ..Default::default() };
    let genesis = RuntimeGenesisConfig { balances, ..Default::default() };
    let mut chain = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
    chain.execute_with(|| {
        System::set_block_number(1);
        (0..10u32).for_each(|para| Managers::insert(polkadot_parachain_primitives::primitives::Id::from(para), ADMIN));
        PeerRandomness::set((0, 0));
    });
    chain
}

/// Runs the hooks of all blocks up to `block`.
pub fn peer_advance_to(block: BlockNumber) {
    while System::block_number() < block {
        System::set_block_number(System::block_number() + 1);
        AllPalletsWithoutSystem::on_initialize(System::block_number());
    }
}
