// SPDX-License-Identifier: GPL-3.0-only
//! XCM: which location owns which account, which messages are let in, whose assets are believed, and what running and
//! sending cost.
//!
//! Three rules carry the rest:
//! - **A chain is the reserve of its own token and of nothing else.** The relay chain sends KSM, a sibling sends its token, and
//!   both are minted here as what they are. Nobody is trusted with teleports, so no message can create this chain's own token.
//! - **Whoever wants something done pays for it**, in the own token or in a foreign one that Root has declared sufficient. The
//!   relay chain alone need not.
//! - **Root is the relay chain's Root.** There is no governance on this chain and no sudo key. A referendum on the relay chain
//!   sends a `Transact` with the origin kind `Superuser`; only the relay chain itself, not an account on it, can.

use crate::{
    configs::balances::FeePerByte,
    constants::{currency::MILLI_UNIT, fee::WeightToFee},
    weights::{self, xcm::XcmWeight},
    AccountId, AllPalletsWithSystem, Balance, Balances, CollatorSelection, ForeignAssets, ParachainInfo,
    ParachainSystem, PolkadotXcm, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, XcmpChannels, XcmpQueue,
};
use alloc::vec::Vec;
use cumulus_primitives_utility::{ParentAsUmp, TakeFirstAssetTrader};
use frame_support::{
    parameter_types,
    traits::{tokens::imbalance::MaybeResolveAssetTo, ConstU32, Contains, Disabled, Equals, Everything, Nothing},
};
use frame_system::EnsureRoot;
use pallet_assets::BalanceToAssetBalance;
use pallet_xcm::XcmPassthrough;
use parachains_common::{
    impls::BlockAuthor,
    xcm_config::{AssetFeeAsExistentialDepositMultiplier, ParentRelayOrSiblingParachains},
};
use polkadot_parachain_primitives::primitives::Sibling;
use polkadot_runtime_common::{impls::ToAuthor, xcm_sender::ExponentialPrice};
use sp_runtime::traits::{ConvertInto, Identity, TryConvertInto};
use xcm::latest::{AssetId, InteriorLocation, Junction, Location, NetworkId};
use xcm_builder::{
    AccountId32Aliases, AliasChildLocation, AllowExplicitUnpaidExecutionFrom, AllowHrmpNotificationsFromRelayChain,
    AllowKnownQueryResponses, AllowSubscriptionsFrom, AllowTopLevelPaidExecutionFrom, DescribeAllTerminal,
    DescribeFamily, EnsureXcmOrigin, FrameTransactionalProcessor, FungibleAdapter, FungiblesAdapter, HashedDescription,
    IsConcrete, MatchedConvertedConcreteId, NativeAsset, NoChecking, ParentAsSuperuser, ParentIsPreset,
    SendXcmFeeToAccount, SiblingParachainConvertsVia, SignedAccountId32AsNative, SignedToAccountId32,
    SovereignSignedViaLocation, TakeWeightCredit, TrailingSetTopicAsId, UsingComponents, WeightInfoBounds,
    WithComputedOrigin, WithUniqueTopic, XcmFeeManagerFromComponents,
};
use xcm_executor::XcmExecutor;

parameter_types! {
    /// The chain itself.
    pub const RootLocation: Location = Location::here();
    /// The own token, as this chain names it: the asset of the chain itself.
    pub const TokenLocation: Location = Location::here();
    /// The relay chain, and with it KSM.
    pub const RelayLocation: Location = Location::parent();
    /// The relay chain's name for its network.
    pub const RelayNetwork: NetworkId = NetworkId::Kusama;
    pub UniversalLocation: InteriorLocation =
        [Junction::GlobalConsensus(RelayNetwork::get()), Junction::Parachain(ParachainInfo::parachain_id().into())].into();
}

/// The account that a location owns.
pub type SovereignAccountOf = (
    // The relay chain: one fixed account.
    ParentIsPreset<AccountId>,
    // A sibling: the account derived from its id.
    SiblingParachainConvertsVia<Sibling, AccountId>,
    // An account of this chain: itself.
    AccountId32Aliases<RelayNetwork, AccountId>,
    // An account, pallet or body on the relay chain or a sibling: a hash of its description.
    HashedDescription<AccountId, DescribeFamily<DescribeAllTerminal>>,
);

/// Locations outside of this chain.
pub struct Foreign;

impl Contains<Location> for Foreign {
    fn contains(location: &Location) -> bool {
        location.parent_count() > 0
    }
}

/// A foreign asset has its location as id in `ForeignAssets`.
type ForeignAssetMatcher = MatchedConvertedConcreteId<Location, Balance, Foreign, Identity, TryConvertInto>;

parameter_types! {
    /// Assets that are teleported would be counted in this account. None are.
    pub UnusedCheckingAccount: AccountId = PolkadotXcm::check_account();
}

/// Moves assets: the own token, and the foreign ones that Root has created.
pub type AssetTransactors = (
    FungibleAdapter<Balances, IsConcrete<TokenLocation>, SovereignAccountOf, AccountId, ()>,
    FungiblesAdapter<
        ForeignAssets,
        ForeignAssetMatcher,
        SovereignAccountOf,
        AccountId,
        NoChecking,
        UnusedCheckingAccount,
    >,
);

/// The origin that a `Transact` gets.
pub type LocalOriginConverter = (
    // `SovereignAccount`: signed by the account that the location owns.
    SovereignSignedViaLocation<SovereignAccountOf, RuntimeOrigin>,
    // `Superuser` from the relay chain: Root. Authorizing an upgrade comes this way.
    ParentAsSuperuser<RuntimeOrigin>,
    // `Native` from an account of this chain: signed by it.
    SignedAccountId32AsNative<RelayNetwork, RuntimeOrigin>,
    // `Xcm`: the location itself.
    XcmPassthrough<RuntimeOrigin>,
);

/// The location of a signed origin. Root is the chain itself without being named here.
pub type LocalOriginToLocation = SignedToAccountId32<RuntimeOrigin, AccountId, RelayNetwork>;

parameter_types! {
    /// Delivery is paid in the own token.
    pub FeeAssetId: AssetId = AssetId(TokenLocation::get());
    /// What delivering a message costs, before its length.
    pub const BaseDeliveryFee: Balance = 10 * MILLI_UNIT;
}

/// The longer the queue, the dearer a message.
pub type PriceForParentDelivery = ExponentialPrice<FeeAssetId, BaseDeliveryFee, FeePerByte, ParachainSystem>;
pub type PriceForSiblingDelivery = ExponentialPrice<FeeAssetId, BaseDeliveryFee, FeePerByte, XcmpQueue>;

/// The ways out: UMP to the relay chain, XCMP or HRMP to siblings. The topic makes a message traceable.
pub type XcmRouter = WithUniqueTopic<(
    ParentAsUmp<ParachainSystem, PolkadotXcm, PriceForParentDelivery>,
    // Passes on to HRMP what does not go by XCMP: an HRMP channel is open, or the sibling takes nothing.
    XcmpChannels,
    // Fails where no channel is open.
    XcmpQueue,
)>;

/// How deep a message may descend into its sender before it says how it pays.
type MaxOriginPrefixes = ConstU32<8>;

/// Which messages run. One rule has to hold; all else is refused before it costs anything.
pub type Barrier = TrailingSetTopicAsId<(
    // Its weight was paid for before, as with a message that an account has run here.
    TakeWeightCredit,
    // It answers a question of ours.
    AllowKnownQueryResponses<PolkadotXcm>,
    WithComputedOrigin<
        (
            // It starts by buying its execution, whoever sent it.
            AllowTopLevelPaidExecutionFrom<Everything>,
            // The relay chain says that it does not pay. What its accounts send descends into them first, and pays.
            AllowExplicitUnpaidExecutionFrom<Equals<RelayLocation>>,
            // The relay chain or a sibling wants to hear of our XCM version, or no longer.
            AllowSubscriptionsFrom<ParentRelayOrSiblingParachains>,
            // The relay chain tells what happened to a channel.
            AllowHrmpNotificationsFromRelayChain,
        ),
        UniversalLocation,
        MaxOriginPrefixes,
    >,
)>;

/// Weight paid in the own token, at the price that it has in a transaction.
type OwnTokenTrader = UsingComponents<WeightToFee, TokenLocation, AccountId, Balances, ToAuthor<Runtime>>;

/// Weight paid in a foreign asset. Its price is that in the own token, times the asset's minimum balance, divided by the
/// existential deposit. So Root sets the rate when it creates the asset, and only for those that it declares sufficient.
type ForeignAssetTrader = TakeFirstAssetTrader<
    AccountId,
    AssetFeeAsExistentialDepositMultiplier<
        Runtime,
        WeightToFee,
        BalanceToAssetBalance<Balances, Runtime, ConvertInto>,
        (),
    >,
    ForeignAssetMatcher,
    ForeignAssets,
    MaybeResolveAssetTo<BlockAuthor<Runtime>, ForeignAssets, AccountId>,
>;

parameter_types! {
    /// A bound on the work of weighing a message.
    pub const MaxInstructions: u32 = 100;
    /// How many assets a message may hold at once. The executor lets it be twice as many for a moment.
    pub const MaxAssetsIntoHolding: u32 = 8;
    /// Fees for delivery go to the collators.
    pub DeliveryFeeAccount: AccountId = CollatorSelection::account_id();
}

/// What an instruction costs.
pub type Weigher = WeightInfoBounds<XcmWeight<RuntimeCall>, RuntimeCall, MaxInstructions>;

/// Everything the executor has to know.
pub struct XcmConfig;

impl xcm_executor::Config for XcmConfig {
    type RuntimeCall = RuntimeCall;
    type XcmSender = XcmRouter;
    type XcmEventEmitter = PolkadotXcm;
    type AssetTransactor = AssetTransactors;
    type OriginConverter = LocalOriginConverter;
    // The asset and the chain that sends it have the same location.
    type IsReserve = NativeAsset;
    type IsTeleporter = ();
    // What `DescendOrigin` can do: a location speaks for what is inside it.
    type Aliasers = AliasChildLocation;
    type UniversalLocation = UniversalLocation;
    type Barrier = Barrier;
    type Weigher = Weigher;
    type Trader = (OwnTokenTrader, ForeignAssetTrader);
    type ResponseHandler = PolkadotXcm;
    type AssetTrap = PolkadotXcm;
    type AssetLocker = ();
    type AssetExchanger = ();
    type SubscriptionService = PolkadotXcm;
    type PalletInstancesInfo = AllPalletsWithSystem;
    type MaxAssetsIntoHolding = MaxAssetsIntoHolding;
    // Root alone sends without a fee.
    type FeeManager = XcmFeeManagerFromComponents<
        Equals<RootLocation>,
        SendXcmFeeToAccount<Self::AssetTransactor, DeliveryFeeAccount>,
    >;
    // There are no bridges.
    type MessageExporter = ();
    type UniversalAliases = Nothing;
    type CallDispatcher = RuntimeCall;
    // A call has its origin's rights and its weight is paid for: no further filter is needed.
    type SafeCallFilter = Everything;
    type TransactionalProcessor = FrameTransactionalProcessor;
    // Channels are opened and accepted by Root, which hears of requests on the relay chain.
    type HrmpNewChannelOpenRequestHandler = ();
    type HrmpChannelAcceptedHandler = ();
    type HrmpChannelClosingHandler = ();
    type XcmRecorder = PolkadotXcm;
}

impl pallet_xcm::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Currency = Balances;
    // Assets are neither locked for other chains nor by them.
    type CurrencyMatcher = ();
    // Aliases are a matter of `XcmConfig::Aliasers`; accounts cannot authorize further ones.
    type AuthorizedAliasConsideration = Disabled;
    // Signed accounts and Root. A message carries its sender's location, and its delivery is paid for.
    type SendXcmOrigin = EnsureXcmOrigin<RuntimeOrigin, LocalOriginToLocation>;
    type XcmRouter = XcmRouter;
    type ExecuteXcmOrigin = EnsureXcmOrigin<RuntimeOrigin, LocalOriginToLocation>;
    type XcmExecuteFilter = Everything;
    type XcmExecutor = XcmExecutor<XcmConfig>;
    // Whom teleports are trusted with is decided in one place, `XcmConfig::IsTeleporter`.
    type XcmTeleportFilter = Everything;
    type XcmReserveTransferFilter = Everything;
    type Weigher = Weigher;
    type UniversalLocation = UniversalLocation;
    type RuntimeOrigin = RuntimeOrigin;
    type RuntimeCall = RuntimeCall;
    /// How many chains whose XCM version is unknown are remembered, to be asked for it.
    const VERSION_DISCOVERY_QUEUE_SIZE: u32 = 100;
    type AdvertisedXcmVersion = pallet_xcm::CurrentXcmVersion;
    type AdminOrigin = EnsureRoot<AccountId>;
    type TrustedLockers = ();
    type SovereignAccountOf = SovereignAccountOf;
    type MaxLockers = ConstU32<8>;
    type MaxRemoteLockConsumers = ConstU32<0>;
    type RemoteLockConsumerIdentifier = ();
    type WeightInfo = weights::pallet_xcm::WeightInfo<Runtime>;
}

/// What execution can be paid in, the own token first.
pub fn payment_assets() -> Vec<AssetId> {
    let sufficient =
        pallet_assets::Asset::<Runtime>::iter().filter(|(_, details)| details.is_sufficient).map(|(id, _)| AssetId(id));
    core::iter::once(AssetId(TokenLocation::get())).chain(sufficient).collect()
}
