// SPDX-License-Identifier: GPL-3.0-only
//! What people do with accounts: indices, identities, proxies, multisigs, batches.

use super::governance::origins::GeneralAdmin;
use crate::{
    constants::{
        currency::{deposit, CENTS},
        time::DAYS,
    },
    AccountId, AccountIndex, Balance, Balances, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, Signature, System,
    Treasury,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    parameter_types,
    traits::{ConstU32, EitherOf, InstanceFilter},
};
use frame_system::EnsureRoot;
use pallet_identity::legacy::IdentityInfo;
use pallet_timing::Scaled;
use polkadot_runtime_common::paras_registrar;
use scale_info::TypeInfo;
use sp_runtime::traits::{BlakeTwo256, Verify};

parameter_types! {
    pub const IndexDeposit: Balance = 100 * CENTS;
}

impl pallet_indices::Config for Runtime {
    type AccountIndex = AccountIndex;
    type Currency = Balances;
    type Deposit = IndexDeposit;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_indices::weights::SubstrateWeight<Runtime>;
}

/// How long an account has to accept a username, in blocks.
const PENDING_USERNAME_EXPIRATION: u32 = 7 * DAYS;

/// How long a username that its authority took back stays in use, in blocks.
const USERNAME_GRACE_PERIOD: u32 = 30 * DAYS;

parameter_types! {
    /// For the 258 bytes of an identity without additional fields.
    pub const IdentityBasicDeposit: Balance = 1_000 * CENTS;
    pub const IdentityByteDeposit: Balance = deposit(0, 1);
    pub const UsernameDeposit: Balance = deposit(0, 32);
    /// For the 53 bytes of a sub-account.
    pub const SubAccountDeposit: Balance = 200 * CENTS;
}

impl pallet_identity::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type BasicDeposit = IdentityBasicDeposit;
    type ByteDeposit = IdentityByteDeposit;
    type UsernameDeposit = UsernameDeposit;
    type SubAccountDeposit = SubAccountDeposit;
    type MaxSubAccounts = ConstU32<100>;
    // Up to 100 additional fields.
    type IdentityInformation = IdentityInfo<ConstU32<100>>;
    type MaxRegistrars = ConstU32<20>;
    type Slashed = Treasury;
    type ForceOrigin = EitherOf<EnsureRoot<AccountId>, GeneralAdmin>;
    type RegistrarOrigin = EitherOf<EnsureRoot<AccountId>, GeneralAdmin>;
    type OffchainSignature = Signature;
    type SigningPublicKey = <Signature as Verify>::Signer;
    type UsernameAuthorityOrigin = EnsureRoot<AccountId>;
    type PendingUsernameExpiration = Scaled<Runtime, ConstU32<PENDING_USERNAME_EXPIRATION>>;
    type UsernameGracePeriod = Scaled<Runtime, ConstU32<USERNAME_GRACE_PERIOD>>;
    // In bytes.
    type MaxSuffixLength = ConstU32<7>;
    type MaxUsernameLength = ConstU32<32>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
    type WeightInfo = pallet_identity::weights::SubstrateWeight<Runtime>;
}

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = pallet_utility::weights::SubstrateWeight<Runtime>;
}

parameter_types! {
    /// One item: a key of 32 bytes, a value of 56.
    pub const MultisigDepositBase: Balance = deposit(1, 88);
    /// One account more in the value.
    pub const MultisigDepositFactor: Balance = deposit(0, 32);
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = MultisigDepositBase;
    type DepositFactor = MultisigDepositFactor;
    type MaxSignatories = ConstU32<100>;
    type WeightInfo = pallet_multisig::weights::SubstrateWeight<Runtime>;
    type BlockNumberProvider = System;
}

parameter_types! {
    /// One item, whose value holds a balance of 8 bytes.
    pub const ProxyDepositBase: Balance = deposit(1, 8);
    /// One proxy more: an account and a type.
    pub const ProxyDepositFactor: Balance = deposit(0, 33);
    pub const AnnouncementDepositBase: Balance = deposit(1, 8);
    /// One announcement more: an account, a hash and a block.
    pub const AnnouncementDepositFactor: Balance = deposit(0, 66);
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ProxyDepositBase;
    type ProxyDepositFactor = ProxyDepositFactor;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = pallet_proxy::weights::SubstrateWeight<Runtime>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = AnnouncementDepositBase;
    type AnnouncementDepositFactor = AnnouncementDepositFactor;
    type BlockNumberProvider = System;
}

/// What a proxy may do. The indices are Kusama's; the ones left out belong there to pallets that this chain does not
/// have, and to spokespersons.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
)]
pub enum ProxyType {
    /// Everything.
    #[default]
    #[codec(index = 0)]
    Any,
    /// Everything but moving funds, or what stands for funds, to somebody else.
    #[codec(index = 1)]
    NonTransfer,
    #[codec(index = 2)]
    Governance,
    #[codec(index = 3)]
    Staking,
    /// Refuses announcements of other proxies.
    #[codec(index = 5)]
    CancelProxy,
    #[codec(index = 6)]
    Auction,
    /// Reserves and registers parachains.
    #[codec(index = 10)]
    ParaRegistration,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    // The calls inside a batch are filtered one by one, so `Utility` widens nothing.
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::NonTransfer => is_non_transfer(call),
            Self::Governance => matches!(
                call,
                RuntimeCall::Treasury(..)
                    | RuntimeCall::Bounties(..)
                    | RuntimeCall::ConvictionVoting(..)
                    | RuntimeCall::Referenda(..)
                    | RuntimeCall::Utility(..)
            ),
            Self::Staking => matches!(
                call,
                RuntimeCall::Staking(..)
                    | RuntimeCall::Session(..)
                    | RuntimeCall::VoterList(..)
                    | RuntimeCall::Utility(..)
            ),
            Self::CancelProxy => matches!(
                call,
                RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. })
                    | RuntimeCall::Utility(..)
                    | RuntimeCall::Multisig(..)
            ),
            Self::Auction => {
                matches!(
                    call,
                    RuntimeCall::Auctions(..)
                        | RuntimeCall::Crowdloan(..)
                        | RuntimeCall::Registrar(..)
                        | RuntimeCall::Slots(..)
                )
            }
            Self::ParaRegistration => matches!(
                call,
                RuntimeCall::Registrar(paras_registrar::Call::reserve { .. } | paras_registrar::Call::register { .. })
                    | RuntimeCall::Utility(
                        pallet_utility::Call::batch { .. }
                            | pallet_utility::Call::batch_all { .. }
                            | pallet_utility::Call::force_batch { .. }
                    )
                    | RuntimeCall::Proxy(pallet_proxy::Call::remove_proxy { .. })
            ),
        }
    }

    // A proxy may add and remove proxies of the types below its own. `Auction` is not below `NonTransfer`: it swaps
    // parachains.
    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) => true,
            (Self::NonTransfer, below) => !matches!(below, Self::Any | Self::Auction),
            _ => self == other,
        }
    }
}

/// Named one by one, so that a pallet that joins the runtime is closed to such proxies until somebody decides.
/// Left out on purpose: handing over an index, all of `Balances`, swapping parachains, and XCM.
fn is_non_transfer(call: &RuntimeCall) -> bool {
    matches!(
        call,
        RuntimeCall::System(..)
            | RuntimeCall::Babe(..)
            | RuntimeCall::Timestamp(..)
            | RuntimeCall::Indices(
                pallet_indices::Call::claim { .. }
                    | pallet_indices::Call::free { .. }
                    | pallet_indices::Call::freeze { .. }
            )
            | RuntimeCall::Staking(..)
            | RuntimeCall::Session(..)
            | RuntimeCall::Grandpa(..)
            | RuntimeCall::Treasury(..)
            | RuntimeCall::ConvictionVoting(..)
            | RuntimeCall::Referenda(..)
            | RuntimeCall::Utility(..)
            | RuntimeCall::Identity(..)
            | RuntimeCall::Scheduler(..)
            | RuntimeCall::Proxy(..)
            | RuntimeCall::Multisig(..)
            | RuntimeCall::Bounties(..)
            | RuntimeCall::VoterList(..)
            | RuntimeCall::Registrar(
                paras_registrar::Call::reserve { .. }
                    | paras_registrar::Call::register { .. }
                    | paras_registrar::Call::deregister { .. }
            )
            | RuntimeCall::Slots(..)
            | RuntimeCall::Auctions(..)
            | RuntimeCall::Crowdloan(..)
            | RuntimeCall::LeaseCores(..)
            | RuntimeCall::ValidatorCount(..)
    )
}
