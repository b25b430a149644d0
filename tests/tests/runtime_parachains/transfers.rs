// SPDX-License-Identifier: GPL-3.0-only
//! Reserve transfers of the three kinds of tokens, in and out, through the queues.

use super::{
    root::processed,
    support::{apply, foreign, issued, own, relay, sibling, sovereign, Chain, PARA, SIBLING},
};
use serin_parachain_runtime::{
    constants::currency::UNIT, AccountId, Balance, Balances, CollatorSelection, Runtime, RuntimeCall,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, One};
use sp_runtime::DispatchError;
use xcm::{
    latest::{
        Asset, AssetFilter, AssetId, Assets, Fungibility, Instruction, Junction, Location, WeightLimit, WildAsset, Xcm,
    },
    VersionedAssetId, VersionedAssets, VersionedLocation, VersionedXcm,
};
use xcm_executor::traits::TransferType;

#[test]
fn ksm_comes_from_the_relay_chain_and_goes_back() {
    let mut chain = Chain::new();
    chain.send_down(reserve_deposit(relay(), 10 * UNIT, &Alice.to_account_id()));
    chain.advance_to(2);
    assert_eq!(processed(&chain), [true]);
    assert_eq!(chain.inspect(|| issued(&relay())), 10 * UNIT);

    chain.block(|| {
        let (fees, before) = (pot(), own(&Alice.to_account_id()));
        assert_eq!(apply(Alice, ksm_back(4 * UNIT, &Bob.to_account_id())), Ok(()));
        assert!(pot() > fees, "delivery is paid for");
        assert!(own(&Alice.to_account_id()) < before, "in the own token");
    });
    // Burnt here; the relay chain takes it out of this chain's account.
    assert_eq!(chain.inspect(|| issued(&relay())), 6 * UNIT);
    let message = only(chain.upward());
    assert_eq!(message.0.first(), Some(&Instruction::WithdrawAsset(assets(Location::here(), 4 * UNIT))));
    assert!(pays_and_deposits(message), "{message:?}");
}

/// `pallet-xcm` of this release looks at the name of the network. On one that is called Kusama it takes Asset Hub to become
/// the reserve of KSM, and refuses every call that would find the reserve out by itself. The call that names it is left.
#[test]
fn ksm_goes_back_only_by_the_call_that_names_its_reserve() {
    let mut chain = Chain::new();
    chain.send_down(reserve_deposit(relay(), 10 * UNIT, &Alice.to_account_id()));
    chain.advance_to(2);
    chain.block(|| {
        let refused: DispatchError = pallet_xcm::Error::<Runtime>::InvalidAssetUnknownReserve.into();
        assert_eq!(apply(Alice, transfer(relay(), relay(), 4 * UNIT, Bob.to_account_id())), Err(refused));
        assert_eq!(issued(&relay()), 10 * UNIT);
    });
}

#[test]
fn the_own_token_goes_to_a_sibling_and_comes_back() {
    let mut chain = Chain::new();
    chain.open_channels(SIBLING);
    chain.block(|| ());
    let issuance = chain.inspect(Balances::total_issuance);

    chain.block(|| {
        assert_eq!(apply(Alice, transfer(sibling(SIBLING), Location::here(), 7 * UNIT, Bob.to_account_id())), Ok(()));
        // The reserve is kept in the sibling's account here.
        assert_eq!(own(&sovereign(&sibling(SIBLING))), 7 * UNIT);
    });
    assert_eq!(chain.inspect(Balances::total_issuance), issuance);
    let (recipient, message) = only(chain.sideways());
    assert_eq!(*recipient, SIBLING);
    assert_eq!(message.0.first(), Some(&Instruction::ReserveAssetDeposited(assets(sibling(PARA), 7 * UNIT))));
    assert!(pays_and_deposits(message), "{message:?}");

    let back = received(Instruction::WithdrawAsset(assets(Location::here(), 5 * UNIT)), Location::here(), 5 * UNIT);
    chain.send_from(SIBLING, back(&One.to_account_id()));
    chain.advance_to(4);
    assert_eq!(processed(&chain), [true]);
    chain.inspect(|| {
        assert_eq!(own(&sovereign(&sibling(SIBLING))), 2 * UNIT);
        let arrived = own(&One.to_account_id());
        assert!(arrived > 4 * UNIT && arrived < 5 * UNIT, "{arrived}");
    });
}

#[test]
fn a_siblings_token_comes_and_goes_back() {
    let mut chain = Chain::new();
    chain.open_channels(SIBLING);
    chain.block(|| ());
    chain.send_from(SIBLING, reserve_deposit(sibling(SIBLING), 10 * UNIT, &Alice.to_account_id()));
    chain.advance_to(3);
    assert_eq!(processed(&chain), [true]);
    assert!(chain.inspect(|| foreign(&sibling(SIBLING), &Alice.to_account_id())) > 9 * UNIT);

    chain.block(|| {
        let back = transfer(sibling(SIBLING), sibling(SIBLING), 3 * UNIT, Bob.to_account_id());
        assert_eq!(apply(Alice, back), Ok(()));
    });
    assert_eq!(chain.inspect(|| issued(&sibling(SIBLING))), 7 * UNIT);
    let (_, message) = only(chain.sideways());
    assert_eq!(message.0.first(), Some(&Instruction::WithdrawAsset(assets(Location::here(), 3 * UNIT))));
}

#[test]
fn a_token_that_root_has_not_let_in_does_not_come() {
    let mut chain = Chain::new();
    chain.open_channels(2_086);
    chain.block(|| ());
    chain.send_from(2_086, reserve_deposit(sibling(2_086), 10 * UNIT, &Alice.to_account_id()));
    chain.advance_to(3);
    assert_eq!(processed(&chain), [false]);
    assert_eq!(chain.inspect(|| issued(&sibling(2_086))), 0);
}

#[test]
fn nothing_leaves_without_a_channel() {
    let mut chain = Chain::with_id(PARA, &[]);
    chain.block(|| ());
    chain.block(|| {
        let before = Balances::total_issuance();
        let refused = apply(Alice, transfer(sibling(SIBLING), Location::here(), 7 * UNIT, Bob.to_account_id()));
        assert!(refused.is_err(), "{refused:?}");
        assert_eq!(own(&sovereign(&sibling(SIBLING))), 0);
        assert_eq!(Balances::total_issuance(), before);
    });
    assert!(chain.sideways().is_empty(), "{:?}", chain.sideways());
}

/// The call with which a wallet sends `amount` of `token` to `beneficiary` on `destination`.
pub fn transfer(destination: Location, token: Location, amount: Balance, beneficiary: AccountId) -> RuntimeCall {
    RuntimeCall::PolkadotXcm(pallet_xcm::Call::transfer_assets {
        dest: Box::new(VersionedLocation::from(destination)),
        beneficiary: Box::new(VersionedLocation::from(account(&beneficiary))),
        assets: Box::new(VersionedAssets::from(assets(token, amount))),
        fee_asset_item: 0,
        weight_limit: WeightLimit::Unlimited,
    })
}

/// The call with which a wallet sends KSM back to the relay chain, to `beneficiary` there.
pub fn ksm_back(amount: Balance, beneficiary: &AccountId) -> RuntimeCall {
    let deposit = Xcm::<()>(vec![Instruction::DepositAsset {
        assets: AssetFilter::Wild(WildAsset::AllCounted(1)),
        beneficiary: account(beneficiary),
    }]);
    RuntimeCall::PolkadotXcm(pallet_xcm::Call::transfer_assets_using_type_and_then {
        dest: Box::new(VersionedLocation::from(relay())),
        assets: Box::new(VersionedAssets::from(assets(relay(), amount))),
        assets_transfer_type: Box::new(TransferType::DestinationReserve),
        remote_fees_id: Box::new(VersionedAssetId::from(AssetId(relay()))),
        fees_transfer_type: Box::new(TransferType::DestinationReserve),
        custom_xcm_on_dest: Box::new(VersionedXcm::from(deposit)),
        weight_limit: WeightLimit::Unlimited,
    })
}

/// The message by which the chain that keeps the reserve of `token` tells of a transfer to `beneficiary`.
pub fn reserve_deposit(token: Location, amount: Balance, beneficiary: &AccountId) -> Xcm<()> {
    received(Instruction::ReserveAssetDeposited(assets(token.clone(), amount)), token, amount)(beneficiary)
}

/// A message that begins with assets which `first` puts into holding, pays with them, and gives the rest to somebody.
fn received(first: Instruction<()>, token: Location, amount: Balance) -> impl FnOnce(&AccountId) -> Xcm<()> {
    move |beneficiary| {
        Xcm(vec![
            first,
            Instruction::ClearOrigin,
            Instruction::BuyExecution { fees: (token, amount).into(), weight_limit: WeightLimit::Unlimited },
            Instruction::DepositAsset {
                assets: AssetFilter::Wild(WildAsset::AllCounted(1)),
                beneficiary: account(beneficiary),
            },
        ])
    }
}

fn account(account: &AccountId) -> Location {
    Location::new(0, Junction::AccountId32 { network: None, id: account.clone().into() })
}

fn assets(token: Location, amount: Balance) -> Assets {
    Asset { id: token.into(), fun: Fungibility::Fungible(amount) }.into()
}

/// What the collators' pot holds.
fn pot() -> Balance {
    own(&CollatorSelection::account_id())
}

fn only<T: std::fmt::Debug>(sent: &[T]) -> &T {
    assert_eq!(sent.len(), 1, "{sent:?}");
    &sent[0]
}

/// What every transfer ends with: it pays where it arrives, and names who gets the rest.
fn pays_and_deposits(message: &Xcm<()>) -> bool {
    let pays = message.0.iter().any(|instruction| matches!(instruction, Instruction::BuyExecution { .. }));
    let deposits = message.0.iter().any(|instruction| matches!(instruction, Instruction::DepositAsset { .. }));
    pays && deposits
}
