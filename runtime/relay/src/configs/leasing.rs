// SPDX-License-Identifier: GPL-3.0-only
//! Who may have a parachain, and for how long: registration, leases of slots, crowdloans.

use crate::{
    configs::governance::origins::LeaseAdmin,
    constants::currency::{deposit, CENTS, GRAND, UNITS},
    weights, AccountId, Balance, Balances, BlockNumber, Crowdloan, Registrar, Runtime, RuntimeEvent, RuntimeOrigin,
    Slots,
};
use frame_support::{dispatch::DispatchResult, parameter_types, traits::EitherOf, PalletId};
use frame_system::EnsureRoot;
use pallet_timing::{LeaseOffsetBlocks, LeasePeriodBlocks};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::{
    crowdloan, paras_registrar, slots,
    traits::{AuctionStatus, Auctioneer, Leaser},
};
use sp_runtime::DispatchError;

const NO_AUCTION_OPENED: DispatchError =
    DispatchError::Other("This runtime holds no auctions. Governance can lease a slot with `slots.force_lease`.");
const NO_BID_TAKEN: DispatchError =
    DispatchError::Other("This runtime holds no auctions, so no bid can be placed and no funds were taken.");

/// What crowdloans see of auctions: none runs, none was ever won, and no bid is taken.
///
/// Lease periods are real: they are those of the slots pallet.
pub struct NoAuctions;

impl Auctioneer<BlockNumber> for NoAuctions {
    type AccountId = AccountId;
    type LeasePeriod = BlockNumber;
    type Currency = Balances;

    fn new_auction(_duration: BlockNumber, _lease_period_index: BlockNumber) -> DispatchResult {
        Err(NO_AUCTION_OPENED)
    }

    fn auction_status(_now: BlockNumber) -> AuctionStatus<BlockNumber> {
        AuctionStatus::NotStarted
    }

    fn place_bid(
        _bidder: AccountId,
        _para: ParaId,
        _first_slot: BlockNumber,
        _last_slot: BlockNumber,
        _amount: Balance,
    ) -> DispatchResult {
        Err(NO_BID_TAKEN)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn lease_period_length() -> (BlockNumber, BlockNumber) {
        <Slots as Leaser<BlockNumber>>::lease_period_length()
    }

    fn lease_period_index(block: BlockNumber) -> Option<(BlockNumber, bool)> {
        <Slots as Leaser<BlockNumber>>::lease_period_index(block)
    }

    fn has_won_an_auction(_para: ParaId, _bidder: &AccountId) -> bool {
        false
    }
}

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
    // Two paras that swap take each other's fund and leases along.
    type OnSwap = (Crowdloan, Slots);
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
    type Auctioneer = NoAuctions;
    type MaxMemoLength = MaxMemoLength;
    type WeightInfo = weights::polkadot_runtime_common_crowdloan::WeightInfo<Runtime>;
}
