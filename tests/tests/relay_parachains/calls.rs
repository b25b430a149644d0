// SPDX-License-Identifier: GPL-3.0-only
//! What accounts and governance of this chain can have done through the calls of `pallet-xcm`.

use super::{
    messages::{
        account, acts, authorize_upgrade, chain, child, deposit, everything, funds, here, ksm, remark, sovereign,
        withdraw, Instructions, OTHER, PARA, PAYS, SYSTEM, UNKNOWN,
    },
    support::apply,
};
use codec::DecodeAll;
use frame_support::weights::Weight;
use frame_system::RawOrigin;
use pallet_xcm::{Call, Error, ExecutionError};
use polkadot_runtime_parachains::runtime_api_impl::v13;
use serin_runtime::{Balance, Balances, Runtime, RuntimeCall, RuntimeOrigin, System, Treasury, XcmPallet};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::{traits::Dispatchable, DispatchError};
use xcm::{
    latest::{Asset, AssetId, Assets, Instruction, Location, OriginKind, WeightLimit, Xcm},
    VersionedAssetId, VersionedAssets, VersionedLocation, VersionedXcm,
};
use xcm_executor::traits::TransferType;

type Outcome = Result<(), DispatchError>;

/// More than any of these messages weighs.
const ENOUGH: Weight = Weight::from_parts(20_000_000_000, 1_000_000);

#[test]
fn outcomes_of_what_an_account_calls() {
    use OriginKind::{Native, SovereignAccount, Superuser, Xcm as XcmItself};
    let cases: Vec<(&str, RuntimeCall, Outcome)> = vec![
        // KSM is teleported with system chains and nobody else.
        ("teleport to a system chain", teleport(child(SYSTEM), ksm(PAYS)), Ok(())),
        ("teleport to a parachain", teleport(child(PARA), ksm(PAYS)), error(Error::Filtered)),
        ("teleport to a sibling", teleport(sibling(), ksm(PAYS)), error(Error::Filtered)),
        ("teleport of another token", teleport(child(SYSTEM), (child(SYSTEM), PAYS).into()), error(UNKNOWN_RESERVE)),
        ("teleport to a chain that is not there", teleport(child(1_001), ksm(PAYS)), error(Error::SendFailure)),
        ("teleport of what it does not have", teleport(child(SYSTEM), ksm(Balance::MAX / 2)), no_money()),
        // `pallet-xcm` of this release takes a network called Kusama to keep its reserve on Asset Hub, and refuses every
        // call that would find the reserve of KSM out by itself. The call that names it is left.
        ("transfer to a system chain", transfer(child(SYSTEM)), Ok(())),
        ("transfer to a parachain", transfer(child(PARA)), error(UNKNOWN_RESERVE)),
        ("reserve transfer to a parachain", reserve_transfer(child(PARA)), error(UNKNOWN_RESERVE)),
        ("reserve transfer to a system chain", reserve_transfer(child(SYSTEM)), error(Error::Filtered)),
        ("this chain as reserve", transfer_by(child(PARA), TransferType::LocalReserve), Ok(())),
        // The money then waits on that chain's account here: the chain itself takes this one for no reserve.
        ("this chain as reserve, to a system chain", transfer_by(child(SYSTEM), TransferType::LocalReserve), Ok(())),
        ("this chain as reserve, nobody there", transfer_by(child(UNKNOWN), TransferType::LocalReserve), not_sent()),
        ("a parachain as teleporter", transfer_by(child(PARA), TransferType::Teleport), error(Error::Filtered)),
        ("a system chain as teleporter", transfer_by(child(SYSTEM), TransferType::Teleport), Ok(())),
        ("a parachain as reserve", transfer_by(child(PARA), TransferType::DestinationReserve), unsupported_reserve()),
        ("a system chain as reserve", transfer_by(child(PARA), reserve_at(SYSTEM)), failed(2, NOT_ITS_RESERVE)),
        // Messages that it writes itself.
        ("acts as itself", execute(acts(SovereignAccount, remark())), Ok(())),
        ("acts as itself, natively", execute(acts(Native, remark())), Ok(())),
        ("spends its own", execute(vec![withdraw(), deposit()]), Ok(())),
        ("superuser", execute(acts(Superuser, authorize_upgrade())), failed(0, ExecutionError::BadOrigin)),
        ("a call of Root's", execute(acts(Native, authorize_upgrade())), failed(1, ExecutionError::ExpectationFalse)),
        ("a call, as a location", execute(acts(XcmItself, remark())), failed(1, ExecutionError::ExpectationFalse)),
        (
            "becomes this chain",
            execute(vec![Instruction::AliasOrigin(here())]),
            failed(0, ExecutionError::NoPermission),
        ),
        ("becomes Bob", execute(vec![Instruction::AliasOrigin(account(Bob))]), failed(0, ExecutionError::NoPermission)),
        ("teleports in", execute(vec![teleported_in()]), failed(0, ExecutionError::UntrustedTeleportLocation)),
        ("keeps for this chain", execute(vec![kept()]), failed(0, NOT_ITS_RESERVE)),
        ("sends to a reserve", execute(send_on(child(PARA))), Ok(())),
        ("more weight than it paid for", execute_within(Weight::zero(), acts(Native, remark())), too_heavy()),
        ("claims what was not left behind", claim(), failed(0, ExecutionError::UnknownClaim)),
        // Messages to others.
        ("sends to a parachain", send(child(PARA)), Ok(())),
        ("sends to a chain that is not there", send(child(UNKNOWN)), error(Error::SendFailure)),
        ("sends to a sibling", send(sibling()), error(Error::Unreachable)),
        // What Root alone decides, and what nobody may.
        ("sets a version", force_version(), Err(DispatchError::BadOrigin)),
        ("sets the default version", force_default_version(), Err(DispatchError::BadOrigin)),
        ("asks for a version", force_subscribe(), Err(DispatchError::BadOrigin)),
        ("lets another location be it", authorize_alias(), Err(DispatchError::Other("Disabled"))),
    ];
    let mut chain = chain();
    for (kind, call, expected) in cases {
        chain.transact(|| {
            let issued = Balances::total_issuance();
            assert_eq!(apply(Alice, call), expected, "{kind}");
            assert!(Balances::total_issuance() <= issued, "{kind}");
            assert!(System::authorized_upgrade().is_none(), "{kind}");
        });
    }
}

/// What leaves by a reserve transfer stays here, on the account of the parachain.
#[test]
fn a_reserve_transfer_and_a_teleport_leave_what_went_out_on_record() {
    let mut chain = chain();
    chain.block(|| {
        let (issued, counted) = (Balances::total_issuance(), Balances::free_balance(XcmPallet::check_account()));
        assert_eq!(apply(Alice, transfer_by(child(PARA), TransferType::LocalReserve)), Ok(()));
        assert_eq!(funds(&child(PARA)), PAYS);
        assert_eq!(apply(Alice, teleport(child(SYSTEM), ksm(PAYS))), Ok(()));
        assert_eq!(funds(&child(SYSTEM)), 0, "a system chain has no reserve here");
        assert_eq!(Balances::free_balance(XcmPallet::check_account()), counted + PAYS);
        assert!(Balances::total_issuance() <= issued);
    });
    let arrived = Instruction::ReserveAssetDeposited(Assets::from(Asset::from((Location::parent(), PAYS))));
    assert_eq!(chain.inspect(|| first_instruction(PARA)), arrived);
    let arrived = Instruction::ReceiveTeleportedAsset(Assets::from(Asset::from((Location::parent(), PAYS))));
    assert_eq!(chain.inspect(|| first_instruction(SYSTEM)), arrived);
}

/// A message says from whom it comes, and delivery is paid for.
#[test]
fn a_sent_message_carries_its_sender_and_is_paid_for() {
    let mut chain = chain();
    chain.block(|| {
        let treasury = || Balances::free_balance(Treasury::account_id());
        let before = treasury();
        assert_eq!(apply(Alice, send(child(PARA))), Ok(()));
        assert!(treasury() > before, "delivery is paid for");
    });
    let sender = chain.inspect(|| first_instruction(PARA));
    let Instruction::DescendOrigin(sender) = sender else { panic!("it starts with {sender:?}") };
    assert_eq!(sovereign(&Location::new(0, sender)), Alice.to_account_id());
}

/// Governance speaks for this chain, and even so has no way around the executor.
#[test]
fn roots_messages_come_from_the_chain_itself() {
    let root = |call: RuntimeCall| -> Outcome {
        call.dispatch(RuntimeOrigin::from(RawOrigin::Root)).map(|_| ()).map_err(|error| error.error)
    };
    let mut chain = chain();
    chain.block(|| {
        let issued = Balances::total_issuance();
        assert_eq!(root(send(child(OTHER))), Ok(()));
        assert_eq!(first_instruction(OTHER), Instruction::ClearError, "nothing is put before it");
        let superuser = execute(acts(OriginKind::Superuser, authorize_upgrade()));
        assert_eq!(root(superuser), failed(0, ExecutionError::BadOrigin));
        let spends = execute(vec![withdraw(), deposit()]);
        assert_eq!(root(spends), no_money(), "the chain owns no account");
        assert_eq!(root(execute(vec![kept()])), failed(0, NOT_ITS_RESERVE));
        assert_eq!(root(execute(vec![teleported_in()])), failed(0, ExecutionError::UntrustedTeleportLocation));
        assert_eq!(Balances::total_issuance(), issued);
    });
}

const UNKNOWN_RESERVE: Error<Runtime> = Error::InvalidAssetUnknownReserve;
const NOT_ITS_RESERVE: ExecutionError = ExecutionError::UntrustedReserveLocation;

fn error(error: Error<Runtime>) -> Outcome {
    Err(error.into())
}

fn failed(index: u8, error: ExecutionError) -> Outcome {
    Err(Error::<Runtime>::LocalExecutionIncompleteWithError { index, error }.into())
}

fn no_money() -> Outcome {
    failed(0, ExecutionError::FailedToTransactAsset)
}

fn not_sent() -> Outcome {
    error(Error::SendFailure)
}

fn unsupported_reserve() -> Outcome {
    error(Error::InvalidAssetUnsupportedReserve)
}

fn too_heavy() -> Outcome {
    failed(0, ExecutionError::WeightLimitReached)
}

fn sibling() -> Location {
    Location::new(1, child(PARA).interior)
}

fn reserve_at(id: u32) -> TransferType {
    TransferType::RemoteReserve(VersionedLocation::from(child(id)))
}

fn teleport(dest: Location, asset: Asset) -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::limited_teleport_assets {
        dest: location(dest),
        beneficiary: location(account(Bob)),
        assets: assets(asset),
        fee_asset_item: 0,
        weight_limit: WeightLimit::Unlimited,
    })
}

fn reserve_transfer(dest: Location) -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::limited_reserve_transfer_assets {
        dest: location(dest),
        beneficiary: location(account(Bob)),
        assets: assets(ksm(PAYS)),
        fee_asset_item: 0,
        weight_limit: WeightLimit::Unlimited,
    })
}

fn transfer(dest: Location) -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::transfer_assets {
        dest: location(dest),
        beneficiary: location(account(Bob)),
        assets: assets(ksm(PAYS)),
        fee_asset_item: 0,
        weight_limit: WeightLimit::Unlimited,
    })
}

fn transfer_by(dest: Location, way: TransferType) -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::transfer_assets_using_type_and_then {
        dest: location(dest),
        assets: assets(ksm(PAYS)),
        assets_transfer_type: Box::new(way.clone()),
        remote_fees_id: Box::new(VersionedAssetId::from(AssetId(here()))),
        fees_transfer_type: Box::new(way),
        custom_xcm_on_dest: Box::new(VersionedXcm::from(Xcm::<()>(vec![Instruction::DepositAsset {
            assets: everything(),
            beneficiary: account(Bob),
        }]))),
        weight_limit: WeightLimit::Unlimited,
    })
}

fn execute(message: Instructions) -> RuntimeCall {
    execute_within(ENOUGH, message)
}

fn execute_within(max_weight: Weight, message: Instructions) -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::execute { message: Box::new(VersionedXcm::from(Xcm(message))), max_weight })
}

fn send(dest: Location) -> RuntimeCall {
    let message = Box::new(VersionedXcm::from(Xcm::<()>(vec![Instruction::ClearError])));
    RuntimeCall::XcmPallet(Call::send { dest: location(dest), message })
}

fn claim() -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::claim_assets { assets: assets(ksm(PAYS)), beneficiary: location(account(Bob)) })
}

fn force_version() -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::force_xcm_version { location: Box::new(child(PARA)), version: 4 })
}

fn force_default_version() -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::force_default_xcm_version { maybe_xcm_version: None })
}

fn force_subscribe() -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::force_subscribe_version_notify { location: location(child(PARA)) })
}

fn authorize_alias() -> RuntimeCall {
    RuntimeCall::XcmPallet(Call::add_authorized_alias { aliaser: location(child(PARA)), expires: None })
}

fn teleported_in() -> Instruction<RuntimeCall> {
    Instruction::ReceiveTeleportedAsset(ksm(PAYS).into())
}

fn kept() -> Instruction<RuntimeCall> {
    Instruction::ReserveAssetDeposited(ksm(PAYS).into())
}

fn send_on(dest: Location) -> Instructions {
    vec![withdraw(), Instruction::DepositReserveAsset { assets: everything(), dest, xcm: Xcm::new() }]
}

fn location(location: Location) -> Box<VersionedLocation> {
    Box::new(location.into())
}

fn assets(asset: Asset) -> Box<VersionedAssets> {
    Box::new(Assets::from(asset).into())
}

/// How the last message to a child starts.
fn first_instruction(id: u32) -> Instruction<()> {
    let message = v13::dmq_contents::<Runtime>(id.into()).pop().expect("it was sent something");
    let message = VersionedXcm::<()>::decode_all(&mut &message.msg[..]).expect("it is a message");
    let message = Xcm::<()>::try_from(message).expect("its version is known");
    message.0.into_iter().next().expect("it has an instruction")
}
