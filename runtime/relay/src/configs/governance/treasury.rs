// SPDX-License-Identifier: GPL-3.0-only
//! The treasury, spent by referenda on its tracks, and bounties, which curators give out piece by piece.

use super::origins::{Spender, Treasurer};
use crate::{
    constants::{currency::CENTS, time::DAYS},
    AccountId, Balance, Balances, Bounties, Runtime, RuntimeEvent, System, Treasury,
};
use frame_support::{
    parameter_types,
    traits::{
        tokens::{PayFromAccount, UnityAssetBalanceConversion},
        ConstU32, EitherOf,
    },
    PalletId,
};
use frame_system::{EnsureRoot, EnsureRootWithSuccess};
use pallet_bounties::TransferFungible;
use pallet_timing::Scaled;
use pallet_treasury::TreasuryAccountId;
use sp_runtime::{traits::IdentityLookup, Permill};

/// The account that holds the treasury's funds.
pub type TreasuryAccount = TreasuryAccountId<Runtime>;

/// Root without a limit, the spending tracks each with its own.
pub type TreasurySpender = EitherOf<EnsureRootWithSuccess<AccountId, MaxBalance>, Spender>;

/// How often bounties are funded, in blocks.
const SPEND_PERIOD: u32 = 6 * DAYS;

/// How long an approved spend can be claimed, in blocks.
const PAYOUT_PERIOD: u32 = 90 * DAYS;

parameter_types! {
    pub const MaxBalance: Balance = Balance::MAX;
    pub const TreasuryPalletId: PalletId = PalletId(*b"py/trsry");
    /// Nothing: what a period does not spend stays for the next.
    pub const Burn: Permill = Permill::from_percent(0);
}

impl pallet_treasury::Config for Runtime {
    type Currency = Balances;
    type RejectOrigin = EitherOf<EnsureRoot<AccountId>, Treasurer>;
    type RuntimeEvent = RuntimeEvent;
    type SpendPeriod = Scaled<Runtime, ConstU32<SPEND_PERIOD>>;
    type Burn = Burn;
    type PalletId = TreasuryPalletId;
    type BurnDestination = ();
    type WeightInfo = pallet_treasury::weights::SubstrateWeight<Runtime>;
    type SpendFunds = Bounties;
    type MaxApprovals = ConstU32<100>;
    type SpendOrigin = TreasurySpender;
    // The chain's own currency is the only asset, paid out of the pot at once.
    type AssetKind = ();
    type Beneficiary = AccountId;
    type BeneficiaryLookup = IdentityLookup<AccountId>;
    type Paymaster = PayFromAccount<Balances, TreasuryAccount>;
    type BalanceConverter = UnityAssetBalanceConversion;
    type PayoutPeriod = Scaled<Runtime, ConstU32<PAYOUT_PERIOD>>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
    type BlockNumberProvider = System;
}

/// How long a curator may go without a sign of life, in blocks: ten years of twelve months of 30 days.
const BOUNTY_UPDATE_PERIOD: u32 = 10 * 12 * 30 * DAYS;

parameter_types! {
    pub const BountyDepositBase: Balance = 100 * CENTS;
    pub const BountyDataDepositPerByte: Balance = CENTS / 10;
    pub const BountyValueMinimum: Balance = 200 * CENTS;
    /// A curator stands in with half of the fee, within bounds.
    pub const CuratorDepositMultiplier: Permill = Permill::from_percent(50);
    pub const CuratorDepositMin: Balance = 10 * CENTS;
    pub const CuratorDepositMax: Balance = 500 * CENTS;
}

impl pallet_bounties::Config for Runtime {
    type BountyDepositBase = BountyDepositBase;
    // A true zero, and so not `Scaled`: an awarded bounty can be claimed in the same block.
    type BountyDepositPayoutDelay = ConstU32<0>;
    type BountyUpdatePeriod = Scaled<Runtime, ConstU32<BOUNTY_UPDATE_PERIOD>>;
    type CuratorDepositMultiplier = CuratorDepositMultiplier;
    type CuratorDepositMax = CuratorDepositMax;
    type CuratorDepositMin = CuratorDepositMin;
    type BountyValueMinimum = BountyValueMinimum;
    type DataDepositPerByte = BountyDataDepositPerByte;
    type RuntimeEvent = RuntimeEvent;
    // In bytes.
    type MaximumReasonLength = ConstU32<16_384>;
    type WeightInfo = pallet_bounties::weights::SubstrateWeight<Runtime>;
    type ChildBountyManager = ();
    type OnSlash = Treasury;
    // Not `()`, with which the funds of a closed bounty would stay behind in its account.
    type TransferAllAssets = TransferFungible<AccountId, Balances>;
}
