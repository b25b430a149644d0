// SPDX-License-Identifier: GPL-3.0-only
//! XCM as a relay chain runs it: which location owns which account, which messages are let in, whose assets are
//! believed, and what running and sending cost.
//!
//! Children below id 2000 are system chains: only Root can register them, and they alone are trusted. No message from
//! any other para can raise the total issuance.

use crate::{
    configs::balances::TransactionByteFee,
    constants::{currency::CENTS, fee::WeightToFee},
    weights::xcm::XcmWeight,
    AccountId, AllPalletsWithSystem, Balance, Balances, Dmp, Runtime, RuntimeCall, RuntimeOrigin, Treasury, XcmPallet,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, Contains, ContainsPair, Equals, Everything, Nothing},
};
use pallet_xcm::XcmPassthrough;
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::{
    xcm_sender::{ChildParachainRouter, ExponentialPrice},
    ToAuthor,
};
use polkadot_runtime_parachains::origin::Origin as ParachainOrigin;
use xcm::latest::{Asset, AssetId, Fungibility, InteriorLocation, Junction, Location, NetworkId};
use xcm_builder::{
    AccountId32Aliases, AliasChildLocation, AllowExplicitUnpaidExecutionFrom, AllowKnownQueryResponses,
    AllowSubscriptionsFrom, AllowTopLevelPaidExecutionFrom, ChildParachainAsNative, ChildParachainConvertsVia,
    DescribeAllTerminal, DescribeFamily, FrameTransactionalProcessor, FungibleAdapter, HashedDescription,
    IsChildSystemParachain, IsConcrete, MintLocation, SendXcmFeeToAccount, SignedAccountId32AsNative,
    SignedToAccountId32, SovereignSignedViaLocation, TakeWeightCredit, TrailingSetTopicAsId, UsingComponents,
    WeightInfoBounds, WithComputedOrigin, WithUniqueTopic, XcmFeeManagerFromComponents,
};

parameter_types! {
    /// The chain itself.
    pub const RootLocation: Location = Location::here();
    /// KSM, as this chain names it: the asset of the chain itself.
    pub const TokenLocation: Location = Location::here();
    /// A name, not a genesis hash: one blob serves every network and cannot know the hash of its own genesis.
    pub const ThisNetwork: NetworkId = NetworkId::Kusama;
    pub UniversalLocation: InteriorLocation = Junction::GlobalConsensus(ThisNetwork::get()).into();
    /// KSM that is out on system chains. It is minted here, so no more can come back than has left.
    pub TeleportTracking: Option<(AccountId, MintLocation)> =
        Some((XcmPallet::check_account(), MintLocation::Local));
}

/// The account that a location owns.
pub type SovereignAccountOf = (
    // A child parachain: the account derived from its id.
    ChildParachainConvertsVia<ParaId, AccountId>,
    // An account of this chain: itself.
    AccountId32Aliases<ThisNetwork, AccountId>,
    // An account, pallet or body on a child parachain: a hash of its description.
    HashedDescription<AccountId, DescribeFamily<DescribeAllTerminal>>,
);

/// Moves KSM, the only asset known here.
pub type LocalAssetTransactor =
    FungibleAdapter<Balances, IsConcrete<TokenLocation>, SovereignAccountOf, AccountId, TeleportTracking>;

/// The origin that a `Transact` gets. No location becomes Root: governance is at home here.
pub type LocalOriginConverter = (
    // `SovereignAccount`: signed by the account that the location owns.
    SovereignSignedViaLocation<SovereignAccountOf, RuntimeOrigin>,
    // `Native` from a child parachain: the parachain origin, with which it opens channels.
    ChildParachainAsNative<ParachainOrigin, RuntimeOrigin>,
    // `Native` from an account of this chain: signed by it.
    SignedAccountId32AsNative<ThisNetwork, RuntimeOrigin>,
    // `Xcm`: the location itself.
    XcmPassthrough<RuntimeOrigin>,
);

/// The location of a signed origin. Root is the chain itself without being named here.
pub type LocalOriginToLocation = SignedToAccountId32<RuntimeOrigin, AccountId, ThisNetwork>;

parameter_types! {
    /// Delivery is paid in KSM.
    pub FeeAssetId: AssetId = AssetId(TokenLocation::get());
    /// What delivering a message costs, before its length.
    pub const BaseDeliveryFee: Balance = 3 * CENTS;
}

/// The longer a parachain lets its queue grow, the dearer a message to it gets.
pub type PriceForChildParachainDelivery = ExponentialPrice<FeeAssetId, BaseDeliveryFee, TransactionByteFee, Dmp>;

/// The only way out: DMP, to a child parachain. The topic makes a message traceable.
pub type XcmRouter = WithUniqueTopic<ChildParachainRouter<Runtime, XcmPallet, PriceForChildParachainDelivery>>;

/// Child parachains with an id below 2000.
pub type SystemChildren = IsChildSystemParachain<ParaId>;

/// Any child parachain, as such: not an account or a pallet on it.
pub struct Children;

impl Contains<Location> for Children {
    fn contains(location: &Location) -> bool {
        matches!(location.unpack(), (0, [Junction::Parachain(_)]))
    }
}

/// KSM may be teleported from and to system chains. To other children it goes by reserve transfer.
pub struct KsmWithSystemChildren;

impl ContainsPair<Asset, Location> for KsmWithSystemChildren {
    fn contains(asset: &Asset, location: &Location) -> bool {
        let is_ksm = asset.id.0 == TokenLocation::get() && matches!(asset.fun, Fungibility::Fungible(_));
        is_ksm && SystemChildren::contains(location)
    }
}

/// How deep a message may descend into its sender before it says how it pays.
type MaxOriginPrefixes = ConstU32<8>;

/// Which messages run. One rule has to hold; all else is refused before it costs anything.
pub type Barrier = TrailingSetTopicAsId<(
    // Its weight was paid for before, as with a message that an account has run here.
    TakeWeightCredit,
    // It answers a question of ours.
    AllowKnownQueryResponses<XcmPallet>,
    WithComputedOrigin<
        (
            // It starts by buying its execution, whoever sent it.
            AllowTopLevelPaidExecutionFrom<Everything>,
            // A child parachain wants to hear of our XCM version, or no longer.
            AllowSubscriptionsFrom<Children>,
            // A system chain says that it does not pay.
            AllowExplicitUnpaidExecutionFrom<SystemChildren>,
        ),
        UniversalLocation,
        MaxOriginPrefixes,
    >,
)>;

parameter_types! {
    /// A bound on the work of weighing a message.
    pub const MaxInstructions: u32 = 100;
    /// How many assets a message may hold at once.
    pub const MaxAssetsIntoHolding: u32 = 64;
    /// Fees for delivery go to the treasury.
    pub DeliveryFeeAccount: AccountId = Treasury::account_id();
}

/// What an instruction costs, as measured.
pub type Weigher = WeightInfoBounds<XcmWeight<RuntimeCall>, RuntimeCall, MaxInstructions>;

/// Pay neither for execution nor for delivery: governance, and system chains, which it answers for.
pub type WaivedLocations = (Equals<RootLocation>, SystemChildren);

/// Everything the executor has to know.
pub struct XcmConfig;

impl xcm_executor::Config for XcmConfig {
    type RuntimeCall = RuntimeCall;
    type XcmSender = XcmRouter;
    type XcmEventEmitter = XcmPallet;
    type AssetTransactor = LocalAssetTransactor;
    type OriginConverter = LocalOriginConverter;
    // This chain is the reserve of its only asset; nobody keeps one for it.
    type IsReserve = ();
    type IsTeleporter = KsmWithSystemChildren;
    // What `DescendOrigin` can do: a location speaks for what is inside it.
    type Aliasers = AliasChildLocation;
    type UniversalLocation = UniversalLocation;
    type Barrier = Barrier;
    type Weigher = Weigher;
    // Weight has the price that it has in a transaction, and the block's author is paid for the work.
    type Trader = UsingComponents<WeightToFee, TokenLocation, AccountId, Balances, ToAuthor<Runtime>>;
    type ResponseHandler = XcmPallet;
    type AssetTrap = XcmPallet;
    type AssetLocker = ();
    type AssetExchanger = ();
    type SubscriptionService = XcmPallet;
    type PalletInstancesInfo = AllPalletsWithSystem;
    type MaxAssetsIntoHolding = MaxAssetsIntoHolding;
    type FeeManager =
        XcmFeeManagerFromComponents<WaivedLocations, SendXcmFeeToAccount<Self::AssetTransactor, DeliveryFeeAccount>>;
    // There are no bridges.
    type MessageExporter = ();
    type UniversalAliases = Nothing;
    type CallDispatcher = RuntimeCall;
    // A call has its origin's rights and its weight is paid for: the runtime's own filter is enough.
    type SafeCallFilter = Everything;
    type TransactionalProcessor = FrameTransactionalProcessor;
    // Notices about channels go from the relay chain to parachains, never to it.
    type HrmpNewChannelOpenRequestHandler = ();
    type HrmpChannelAcceptedHandler = ();
    type HrmpChannelClosingHandler = ();
    type XcmRecorder = XcmPallet;
}
