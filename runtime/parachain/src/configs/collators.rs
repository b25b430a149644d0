// SPDX-License-Identifier: GPL-3.0-only
//! Who writes blocks, and when.
//!
//! Collators are not trusted with anything but progress: validators execute every block anew. So there is no stake and no
//! election here. Genesis names the collators, Root changes the list (`collatorSelection.setInvulnerables`), and each of
//! them may change its key (`session.setKeys`). They take turns, one Aura slot each; one alone is enough.
//!
//! `pallet-collator-selection` also lets anybody become a collator for a bond. That stays closed until Root opens places
//! with `setDesiredCandidates`.

use crate::{
    constants::time::{MINUTES, SLOT_MILLIS},
    AccountId, Aura, AuraId, Balances, BlockNumber, CollatorSelection, Moment, Runtime, RuntimeEvent, Session,
    SessionKeys,
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64},
    PalletId,
};
use frame_system::EnsureRoot;
use pallet_collator_selection::IdentityCollator;
use pallet_session::{FindAccountFromAuthorIndex, PeriodicSessions};
use sp_runtime::traits::OpaqueKeys;

impl pallet_timestamp::Config for Runtime {
    type Moment = Moment;
    type OnTimestampSet = Aura;
    // Two blocks of one slot have the same time. `ConsensusHook` is what keeps blocks apart.
    type MinimumPeriod = ConstU64<0>;
    type WeightInfo = pallet_timestamp::weights::SubstrateWeight<Runtime>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = FindAccountFromAuthorIndex<Runtime, Aura>;
    type EventHandler = CollatorSelection;
}

parameter_types! {
    /// Collects delivery fees. Each author of a block gets half of what is in it.
    pub const CollatorPotId: PalletId = PalletId(*b"PotStake");
    /// A change of collators or of a key takes effect after two sessions. The block that ends a session has no room for
    /// users' transactions; this makes it one in a hundred.
    pub const SessionBlocks: BlockNumber = 10 * MINUTES;
    pub const SessionOffset: BlockNumber = 0;
}

impl pallet_collator_selection::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type UpdateOrigin = EnsureRoot<AccountId>;
    type PotId = CollatorPotId;
    type MaxCandidates = ConstU32<20>;
    type MinEligibleCollators = ConstU32<1>;
    type MaxInvulnerables = ConstU32<20>;
    type KickThreshold = SessionBlocks;
    type ValidatorId = AccountId;
    type ValidatorIdOf = IdentityCollator;
    type ValidatorRegistration = Session;
    type WeightInfo = pallet_collator_selection::weights::SubstrateWeight<Runtime>;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = IdentityCollator;
    type ShouldEndSession = PeriodicSessions<SessionBlocks, SessionOffset>;
    type NextSessionRotation = PeriodicSessions<SessionBlocks, SessionOffset>;
    type SessionManager = CollatorSelection;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    // A collator that does nothing costs its slots; there is no offence to disable it for.
    type DisablingStrategy = ();
    type WeightInfo = pallet_session::weights::SubstrateWeight<Runtime>;
    type Currency = Balances;
    // Keys are few: only collators keep an entry that is of use to anybody.
    type KeyDeposit = ();
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type DisabledValidators = ();
    // Invulnerables and candidates together.
    type MaxAuthorities = ConstU32<40>;
    // A block may be built on one that is not yet included, in the same slot.
    type AllowMultipleBlocksPerSlot = ConstBool<true>;
    type SlotDuration = ConstU64<SLOT_MILLIS>;
}

impl cumulus_pallet_aura_ext::Config for Runtime {}
