// SPDX-License-Identifier: GPL-3.0-only
//! Who may have a parachain, and for how long: registration, leases of slots, crowdloans.

use crate::{
    configs::governance::origins::LeaseAdmin,
    constants::currency::{deposit, CENTS, GRAND, UNITS},
    weights, AccountId, Auctions, Balance, Balances, Crowdloan, LeaseCores, Registrar, Runtime, RuntimeEvent,
    RuntimeOrigin, Slots,
};
use frame_support::{parameter_types, traits::EitherOf, PalletId};
use frame_system::EnsureRoot;
use pallet_timing::{LeaseOffsetBlocks, LeasePeriodBlocks};
use polkadot_runtime_common::{crowdloan, paras_registrar, slots};

parameter_types! {
    /// Held from a manager for a registration, beside the price of its code and head.
    pub const ParaDeposit: Balance = 4 * UNITS;
    /// Price of keeping one byte of a para's code or head.
    pub const RegistrarDataDepositPerByte: Balance = deposit(0, 1);
}

impl paras_registrar::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type Currency = Balances;
    // Two paras that swap take each other's fund, leases and cores along. Cores follow leases, so they come last.
    type OnSwap = (Crowdloan, Slots, LeaseCores);
    type ParaDeposit = ParaDeposit;
    type DataDepositPerByte = RegistrarDataDepositPerByte;
    type WeightInfo = weights::polkadot_runtime_common_paras_registrar::WeightInfo<Runtime>;
}

impl slots::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type Registrar = Registrar;
    type LeasePeriod = LeasePeriodBlocks<Runtime>;
    type LeaseOffset = LeaseOffsetBlocks<Runtime>;
    type ForceOrigin = EitherOf<EnsureRoot<AccountId>, LeaseAdmin>;
    type WeightInfo = weights::polkadot_runtime_common_slots::WeightInfo<Runtime>;
}

parameter_types! {
    pub const CrowdloanPalletId: PalletId = PalletId(*b"py/cfund");
    /// Held from the depositor of a crowdloan: about 100 KSM.
    pub const SubmissionDeposit: Balance = 3 * GRAND;
    /// The least contribution, about 1 KSM: every contributor is a stored item and has to be refunded.
    pub const MinContribution: Balance = 3_000 * CENTS;
    /// How many contributors one call refunds.
    pub const RemoveKeysLimit: u32 = 1_000;
    /// Room in a contribution for an account on the parachain, in bytes.
    pub const MaxMemoLength: u8 = 32;
}

impl crowdloan::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type PalletId = CrowdloanPalletId;
    type SubmissionDeposit = SubmissionDeposit;
    type MinContribution = MinContribution;
    type RemoveKeysLimit = RemoveKeysLimit;
    type Registrar = Registrar;
    type Auctioneer = Auctions;
    type MaxMemoLength = MaxMemoLength;
    type WeightInfo = weights::polkadot_runtime_common_crowdloan::WeightInfo<Runtime>;
}
