// SPDX-License-Identifier: GPL-3.0-only
//! Money: the chain's own token, what transactions pay in it, and the tokens of other chains.

use crate::{
    constants::{
        currency::{deposit, EXISTENTIAL_DEPOSIT},
        fee::{WeightToFee, FEE_PER_BYTE},
    },
    AccountId, Balance, Balances, Runtime, RuntimeEvent, RuntimeFreezeReason, RuntimeHoldReason, System,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, ConstU8, VariantCountOf},
    weights::ConstantMultiplier,
};
use frame_system::{EnsureNever, EnsureRoot};
use pallet_transaction_payment::FungibleAdapter;
use polkadot_runtime_common::{impls::ToAuthor, SlowAdjustingFeeUpdate};
use xcm::latest::Location;

parameter_types! {
    pub const ExistentialDeposit: Balance = EXISTENTIAL_DEPOSIT;
}

impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = pallet_balances::weights::SubstrateWeight<Runtime>;
    type Balance = Balance;
    // Dust is burnt.
    type DustRemoval = ();
    type ExistentialDeposit = ExistentialDeposit;
    type AccountStore = System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

parameter_types! {
    pub const FeePerByte: Balance = FEE_PER_BYTE;
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    // Fee and tip go to the collator that wrote the block: there is no treasury.
    type OnChargeTransaction = FungibleAdapter<Balances, ToAuthor<Runtime>>;
    type WeightToFee = WeightToFee;
    type LengthToFee = ConstantMultiplier<Balance, FeePerByte>;
    type FeeMultiplierUpdate = SlowAdjustingFeeUpdate<Runtime>;
    // An operational transaction gets this many times its tip as virtual priority.
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = pallet_transaction_payment::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// An account's balance of an asset that cannot keep the account alive by itself.
    pub AssetAccountDeposit: Balance = deposit(1, 16);
    /// Somebody else's right to spend.
    pub ApprovalDeposit: Balance = deposit(1, 80);
    /// Only the owner of an asset names it, and owners are chains.
    pub MetadataDepositBase: Balance = deposit(1, 68);
    pub MetadataDepositPerByte: Balance = deposit(0, 1);
    /// Nobody creates an asset for a deposit.
    pub const AssetDeposit: Balance = 0;
}

/// Tokens whose reserve another chain keeps: KSM, which the relay chain keeps, and the own tokens of siblings. An asset is
/// named by where its chain is, as seen from here. Its owner here is the sovereign account of that chain.
impl pallet_assets::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type AssetId = Location;
    type AssetIdParameter = Location;
    // A token has one reserve, its own chain: nothing to store.
    type ReserveData = ();
    type Currency = Balances;
    // Which chains are trusted as reserves is for Root to say, with `force_create`.
    type CreateOrigin = EnsureNever<AccountId>;
    type ForceOrigin = EnsureRoot<AccountId>;
    type AssetDeposit = AssetDeposit;
    type AssetAccountDeposit = AssetAccountDeposit;
    type MetadataDepositBase = MetadataDepositBase;
    type MetadataDepositPerByte = MetadataDepositPerByte;
    type ApprovalDeposit = ApprovalDeposit;
    type StringLimit = ConstU32<50>;
    type RemoveItemsLimit = ConstU32<500>;
    type Freezer = ();
    type Holder = ();
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = pallet_assets::weights::SubstrateWeight<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = SiblingTokens;
}

/// Names assets for benchmarks.
#[cfg(feature = "runtime-benchmarks")]
pub struct SiblingTokens;

#[cfg(feature = "runtime-benchmarks")]
impl pallet_assets::BenchmarkHelper<Location, ()> for SiblingTokens {
    fn create_asset_id_parameter(id: u32) -> Location {
        Location::new(1, xcm::latest::Junction::Parachain(id))
    }

    fn create_reserve_id_parameter(_: u32) {}
}
