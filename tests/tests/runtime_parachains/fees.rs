// SPDX-License-Identifier: GPL-3.0-only
use super::{
    support::{apply_extrinsic, foreign, issued, own, relay, signed, Chain},
    transfers::reserve_deposit,
};
use codec::Encode;
use frame_support::weights::{Weight, WeightToFee as WeightToFeeT};
use serin_parachain_runtime::{
    configs::system::MaxBlockWeight,
    constants::{
        currency::{MICRO_UNIT, MILLI_UNIT, UNIT},
        fee::WeightToFee,
    },
    Authorship, Balance, RuntimeCall, TransactionPayment,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie, One};
use sp_runtime::{
    transaction_validity::{InvalidTransaction, TransactionValidityError},
    MultiAddress,
};

#[test]
fn a_transfer_costs_what_was_announced_and_the_collator_gets_it() {
    for tip in [0, 7 * MILLI_UNIT] {
        Chain::new().block(|| {
            // The author is one of the collators; the sender must not be.
            let author = Authorship::author().expect("the block has an author");
            let accounts = [Charlie.to_account_id(), One.to_account_id(), author];
            let [charlie, one, author] = accounts.each_ref().map(own);

            let transfer = signed(Charlie, transfer(UNIT), tip);
            let length = u32::try_from(transfer.encoded_size()).expect("a transfer is short");
            let fee = TransactionPayment::query_info(transfer.clone(), length).partial_fee;
            assert!(fee > Balance::from(length) * MICRO_UNIT, "{fee}");
            assert_eq!(apply_extrinsic(transfer), Ok(Ok(())));

            let expected = [charlie - UNIT - fee - tip, one + UNIT, author + fee + tip];
            assert_eq!(accounts.each_ref().map(own), expected, "tip {tip}");
        });
    }
}

#[test]
fn an_account_that_cannot_pay_the_fee_is_turned_away() {
    Chain::new().block(|| {
        assert_eq!(own(&One.to_account_id()), 0);
        let refused = Err(TransactionValidityError::Invalid(InvalidTransaction::Payment));
        assert_eq!(apply_extrinsic(signed(One, transfer(UNIT), 0)), refused);
    });
}

#[test]
fn time_and_proof_of_a_full_block_cost_the_same() {
    let full = MaxBlockWeight::get();
    let time = fee(Weight::from_parts(full.ref_time(), 0));
    let proof = fee(Weight::from_parts(0, full.proof_size()));
    assert_eq!(time, 2 * UNIT);
    assert!(proof.abs_diff(time) < time / 10_000, "{proof} is not {time}");
    assert_eq!(fee(full), time.max(proof), "the dearer one is paid, not both");
}

/// All that is paid in KSM stays here: what the receiver lacks is the author's.
#[test]
fn a_message_pays_for_its_weight_in_the_token_that_it_brings() {
    let mut chain = Chain::new();
    chain.send_down(reserve_deposit(relay(), 10 * UNIT, &One.to_account_id()));
    chain.advance_to(2);
    chain.inspect(|| {
        let received = foreign(&relay(), &One.to_account_id());
        let authors = [Alice, Bob].map(|key| foreign(&relay(), &key.to_account_id()));
        let paid = authors.iter().sum::<Balance>();
        assert!(received > 9 * UNIT && received < 10 * UNIT, "{received}");
        assert!(paid > MILLI_UNIT, "{paid}");
        assert_eq!(received + paid, 10 * UNIT);
        assert_eq!(issued(&relay()), 10 * UNIT);
    });
}

fn fee(weight: Weight) -> Balance {
    WeightToFee::weight_to_fee(&weight)
}

fn transfer(value: Balance) -> RuntimeCall {
    let dest = MultiAddress::Id(One.to_account_id());
    RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive { dest, value })
}
