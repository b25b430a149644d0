// SPDX-License-Identifier: GPL-3.0-only
//! The parachain host of the test runtime: the library's, with nothing behind its seams.

use super::*;
use frame_support::{
    dispatch::DispatchResult,
    traits::{ConstU64, ValidatorSet, ValidatorSetWithIdentification},
    PalletId,
};
use polkadot_primitives::{AuthorityDiscoveryId, HeadData, Id as ParaId, SessionIndex, ValidationCode};
use polkadot_runtime_common::traits::Registrar as RegistrarApi;
use sp_runtime::{
    traits::{Convert, ConvertInto},
    FixedU128,
};
use xcm::latest::InteriorLocation;

pub const SESSION_BLOCKS: BlockNumber = 5;

type UncheckedExtrinsic = frame_system::mocking::MockUncheckedExtrinsic<Test>;

impl<C> frame_system::offchain::CreateTransactionBase<C> for Test
where
    RuntimeCall: From<C>,
{
    type Extrinsic = UncheckedExtrinsic;
    type RuntimeCall = RuntimeCall;
}

impl<C> frame_system::offchain::CreateBare<C> for Test
where
    RuntimeCall: From<C>,
{
    fn create_bare(call: RuntimeCall) -> UncheckedExtrinsic {
        UncheckedExtrinsic::new_bare(call)
    }
}

// Babe asks for it as a type. Without inherents of its own it stays out of the runtime.
#[derive_impl(pallet_timestamp::config_preludes::TestDefaultConfig)]
impl pallet_timestamp::Config for Test {}

impl pallet_babe::Config for Test {
    type EpochDuration = ConstU64<10>;
    type ExpectedBlockTime = ConstU64<6_000>;
    type EpochChangeTrigger = pallet_babe::ExternalTrigger;
    type DisabledValidators = ();
    type WeightInfo = ();
    type MaxAuthorities = ConstU32<100>;
    type MaxNominators = ConstU32<0>;
    type KeyOwnerProof = sp_core::Void;
    type EquivocationReportSystem = ();
}

sp_runtime::impl_opaque_keys! {
    pub struct SessionKeys {
        pub para_validator: Initializer,
    }
}

parameter_types! {
    /// How many validators the next session has.
    pub static ValidatorCount: u64 = 20;
    pub const NoDeposit: Balance = 0;
}

type Sessions = pallet_session::PeriodicSessions<ConstU32<SESSION_BLOCKS>, ConstU32<0>>;

pub struct CountedValidators;

impl pallet_session::SessionManager<u64> for CountedValidators {
    fn new_session(_: SessionIndex) -> Option<Vec<u64>> {
        Some((1..=ValidatorCount::get()).collect())
    }
    fn start_session(_: SessionIndex) {}
    fn end_session(_: SessionIndex) {}
}

impl pallet_session::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = u64;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = Sessions;
    type NextSessionRotation = Sessions;
    type SessionManager = CountedValidators;
    type SessionHandler = (Initializer,);
    type Keys = SessionKeys;
    type DisablingStrategy = ();
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = NoDeposit;
}

impl origin::Config for Test {}

impl configuration::Config for Test {
    type WeightInfo = configuration::TestWeightInfo;
}

impl shared::Config for Test {
    type DisabledValidators = ();
}

impl inclusion::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type DisputesHandler = Disputes;
    type RewardValidators = ();
    type MessageQueue = ();
    type WeightInfo = ();
}

impl paras_inherent::Config for Test {
    type WeightInfo = paras_inherent::TestWeightInfo;
}

impl scheduler::Config for Test {}

impl paras::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = paras::TestWeightInfo;
    type UnsignedPriority = ConstU64<0>;
    type QueueFootprinter = ();
    type NextSessionRotation = Sessions;
    type OnNewHead = ();
    type AssignCoretime = Scheduler;
    type Fungible = Balances;
    type CooldownRemovalMultiplier = ConstU128<1>;
    type AuthorizeCurrentCodeOrigin = EnsureRoot<u64>;
}

impl initializer::Config for Test {
    type Randomness = pallet_babe::RandomnessFromOneEpochAgo<Test>;
    type ForceOrigin = EnsureRoot<u64>;
    type CoretimeOnNewSession = ();
    type WeightInfo = ();
}

impl dmp::Config for Test {
    type WeightInfo = ();
}

parameter_types! {
    pub const SystemChannel: (u32, u32) = (4, 1);
    pub BrokerPot: InteriorLocation = InteriorLocation::Here;
    pub const TrafficDefault: FixedU128 = FixedU128::from_u32(1);
    pub const OnDemandPot: PalletId = PalletId(*b"py/ondmd");
}

impl hrmp::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type ChannelManager = EnsureRoot<u64>;
    type Currency = Balances;
    type DefaultChannelSizeAndCapacityWithSystem = SystemChannel;
    type VersionWrapper = xcm::AlwaysLatest;
    type WeightInfo = hrmp::TestWeightInfo;
}

/// All validators as such, without anything to slash them by.
pub struct NobodyIdentified;

impl ValidatorSet<u64> for NobodyIdentified {
    type ValidatorId = u64;
    type ValidatorIdOf = ConvertInto;
    fn session_index() -> SessionIndex {
        Session::current_index()
    }
    fn validators() -> Vec<u64> {
        Session::validators()
    }
}

impl ValidatorSetWithIdentification<u64> for NobodyIdentified {
    type Identification = ();
    type IdentificationOf = Self;
}

impl Convert<u64, Option<()>> for NobodyIdentified {
    fn convert(_: u64) -> Option<()> {
        Some(())
    }
}

impl session_info::AuthorityDiscoveryConfig for Test {
    fn authorities() -> Vec<AuthorityDiscoveryId> {
        Vec::new()
    }
}

impl session_info::Config for Test {
    type ValidatorSet = NobodyIdentified;
}

impl disputes::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type RewardValidators = ();
    type SlashingHandler = ();
    type WeightInfo = disputes::TestWeightInfo;
}

impl on_demand::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    type WeightInfo = on_demand::TestWeightInfo;
    type TrafficDefaultValue = TrafficDefault;
    type MaxHistoricalRevenue = ConstU32<10>;
    type PalletId = OnDemandPot;
}

impl coretime::Config for Test {
    type RuntimeOrigin = RuntimeOrigin;
    type RuntimeEvent = RuntimeEvent;
    type BrokerId = ConstU32<1_005>;
    type BrokerPotLocation = BrokerPot;
    type WeightInfo = coretime::TestWeightInfo;
    type SendXcm = ();
    type AssetTransactor = ();
    type AccountToLocation = ();
    type MaxXcmTransactWeight = ();
}

/// The library's registrar, but a para whose lifecycle changes already is left alone, where the slots pallet's debug
/// assertion would end the test.
pub struct CalmRegistrar;

impl RegistrarApi for CalmRegistrar {
    type AccountId = u64;
    fn manager_of(id: ParaId) -> Option<u64> {
        <Registrar as RegistrarApi>::manager_of(id)
    }
    fn parachains() -> Vec<ParaId> {
        <Registrar as RegistrarApi>::parachains()
    }
    fn is_parathread(id: ParaId) -> bool {
        <Registrar as RegistrarApi>::is_parathread(id)
    }
    fn apply_lock(id: ParaId) {
        <Registrar as RegistrarApi>::apply_lock(id)
    }
    fn remove_lock(id: ParaId) {
        <Registrar as RegistrarApi>::remove_lock(id)
    }
    fn register(who: u64, id: ParaId, head: HeadData, code: ValidationCode) -> DispatchResult {
        <Registrar as RegistrarApi>::register(who, id, head, code)
    }
    fn deregister(id: ParaId) -> DispatchResult {
        <Registrar as RegistrarApi>::deregister(id)
    }
    fn make_parachain(id: ParaId) -> DispatchResult {
        let _ = <Registrar as RegistrarApi>::make_parachain(id);
        Ok(())
    }
    fn make_parathread(id: ParaId) -> DispatchResult {
        let _ = <Registrar as RegistrarApi>::make_parathread(id);
        Ok(())
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn worst_head_data() -> HeadData {
        <Registrar as RegistrarApi>::worst_head_data()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn worst_validation_code() -> ValidationCode {
        <Registrar as RegistrarApi>::worst_validation_code()
    }
    #[cfg(feature = "runtime-benchmarks")]
    fn execute_pending_transitions() {
        <Registrar as RegistrarApi>::execute_pending_transitions()
    }
}
