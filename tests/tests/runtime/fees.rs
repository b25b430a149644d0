// SPDX-License-Identifier: GPL-3.0-only
use super::support::{apply_extrinsic, signed_with_tip, Chain};
use codec::Encode;
use serin_runtime::{
    constants::currency::{CENTS, MILLICENTS, UNITS},
    genesis_config_presets::Preset,
    AccountId, Authorship, Balance, Balances, RuntimeCall, TransactionPayment, Treasury,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, One};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    MultiAddress,
};

#[test]
fn a_transfer_costs_what_was_announced_and_the_treasury_gets_four_fifths() {
    for tip in [0, 7 * CENTS] {
        Chain::new(Preset::Local, 4).transact(|| {
            let author = Authorship::author().expect("the block has an author");
            let treasury = Treasury::account_id();
            let accounts = [Alice.to_account_id(), Bob.to_account_id(), author, treasury];
            let [alice, bob, author, treasury] = accounts.each_ref().map(balance);

            let transfer = signed_with_tip(Alice, transfer(UNITS), tip);
            let length = u32::try_from(transfer.encoded_size()).expect("a transfer is short");
            let fee = TransactionPayment::query_info(transfer.clone(), length).partial_fee;
            assert!(fee > 0);
            assert_eq!(apply_extrinsic(transfer), Ok(Ok(())));

            let to_treasury = fee * 80 / 100;
            let expected =
                [alice - UNITS - fee - tip, bob + UNITS, author + (fee - to_treasury) + tip, treasury + to_treasury];
            assert_eq!(accounts.each_ref().map(balance), expected, "tip {tip}");
        });
    }
}

#[test]
fn the_lightest_transaction_costs_at_least_a_tenth_of_a_cent() {
    Chain::new(Preset::Local, 4).transact(|| {
        let remark = RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() });
        let extrinsic = signed_with_tip(Alice, remark, 0);
        let length = u32::try_from(extrinsic.encoded_size()).expect("a remark is short");
        let details = TransactionPayment::query_fee_details(extrinsic, length).inclusion_fee.expect("it is signed");
        // The base fee is rounded from a fraction of the base weight.
        let tenth = CENTS / 10;
        assert!(details.base_fee.abs_diff(tenth) <= tenth / 1_000, "{} is not {tenth}", details.base_fee);
        assert_eq!(details.len_fee, Balance::from(length) * 10 * MILLICENTS);
    });
}

#[test]
fn an_account_that_cannot_pay_the_fee_is_turned_away() {
    Chain::new(Preset::Local, 4).transact(|| {
        assert_eq!(balance(&One.to_account_id()), 0);
        let refused = Err(TransactionValidityError::Invalid(InvalidTransaction::Payment));
        assert_eq!(apply_extrinsic(signed_with_tip(One, transfer(UNITS), 0)), refused);
    });
}

fn balance(account: &AccountId) -> Balance {
    Balances::free_balance(account)
}

fn transfer(value: Balance) -> RuntimeCall {
    let dest = MultiAddress::Id(Bob.to_account_id());
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value })
}
