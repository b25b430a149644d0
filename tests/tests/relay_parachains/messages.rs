// SPDX-License-Identifier: GPL-3.0-only
//! Senders, messages, and what becomes of a message.

use super::support::{genesis_parachains, Chain};
use codec::Encode;
use frame_support::{
    assert_ok,
    traits::{fungible::Mutate, ProcessMessage, ProcessMessageError},
    weights::{Weight, WeightMeter},
};
use polkadot_runtime_parachains::inclusion::{AggregateMessageOrigin, UmpQueueId};
use serin_runtime::{
    configs::{
        messaging::UmpProcessor,
        xcm_config::{SovereignAccountOf, XcmConfig},
    },
    constants::currency::UNITS,
    genesis_config_presets::Preset,
    AccountId, Authorship, Balance, Balances, Hash, RuntimeCall, System, XcmPallet,
};
use serin_tests::rollback::rolled_back;
use sp_keyring::Sr25519Keyring::{self, Bob};
use xcm::{
    latest::{
        Asset, AssetFilter, Assets, Error, ExecuteXcm, Fungibility, Instruction, InstructionError, Junction, Location,
        MaybeErrorCode, OriginKind, Outcome, WeightLimit, WildAsset, Xcm,
    },
    VersionedAssets, VersionedXcm,
};
use xcm_executor::{traits::ConvertLocation, XcmExecutor};

/// A system chain: below 2000, and so registered by Root.
pub const SYSTEM: u32 = 1_000;
/// A parachain like any other.
pub const PARA: u32 = 2_000;
pub const OTHER: u32 = 2_001;
/// A child that nobody registered.
pub const UNKNOWN: u32 = 2_999;

/// What every sender has.
pub const FUNDS: Balance = 1_000 * UNITS;
/// What is out on system chains, and so can come back.
pub const TELEPORTED_OUT: Balance = 100 * UNITS;
/// What a message puts into holding, and at most pays with: more than any of these tests costs.
pub const PAYS: Balance = 10 * UNITS;

pub type Instructions = Vec<Instruction<RuntimeCall>>;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The barrier did not let it in.
    Refused,
    /// It was let in, and an instruction failed.
    Failed(Error),
    /// It ran to its end, and nobody paid.
    Free,
    /// It ran to its end, and the author of the block was paid.
    Paid,
}

/// What is left to see of a message whose effects were taken back.
pub struct After {
    pub verdict: Verdict,
    pub issued: Balance,
    /// What the sender has, if it can have anything.
    pub funds: Balance,
    /// Whether it did what Root alone may do.
    pub was_root: bool,
}

/// A chain with these children.
pub fn chain() -> Chain {
    Chain::with_genesis(Preset::Local, 4, genesis_parachains(&[SYSTEM, PARA, OTHER]))
}

/// Runs `test` in a block of a chain on which every sender has money, so that a refusal is not for want of it.
pub fn with_money(test: impl FnOnce()) {
    chain().block(|| {
        fund();
        test();
    });
}

/// Gives every child its funds, and the account that counts teleported KSM what is out.
pub fn fund() {
    for id in [SYSTEM, PARA, OTHER, UNKNOWN] {
        give(&sovereign(&child(id)), FUNDS);
    }
    give(&XcmPallet::check_account(), TELEPORTED_OUT);
}

pub fn give(account: &AccountId, amount: Balance) {
    assert_ok!(<Balances as Mutate<AccountId>>::mint_into(account, amount));
}

/// Runs `message` as the queue would, or with weight that was paid for, and takes back what it did.
pub fn attempt(origin: &Location, message: Instructions, paid_weight: Weight) -> After {
    rolled_back(|| {
        let author = Authorship::author().expect("every block has an author");
        let before = Balances::free_balance(&author);
        let outcome = XcmExecutor::<XcmConfig>::prepare_and_execute(
            origin.clone(),
            Xcm::<RuntimeCall>(message),
            &mut [0; 32],
            Weight::MAX,
            paid_weight,
        );
        After {
            verdict: verdict(outcome, Balances::free_balance(&author) > before),
            issued: Balances::total_issuance(),
            funds: funds(origin),
            was_root: System::authorized_upgrade().is_some(),
        }
    })
}

/// Runs what `child` sent, from its bytes on, as the runtime's queue does. Whether it ran to its end.
pub fn process(child: u32, message: &[u8]) -> Result<bool, ProcessMessageError> {
    process_within(Weight::MAX, child, message)
}

pub fn process_within(limit: Weight, child: u32, message: &[u8]) -> Result<bool, ProcessMessageError> {
    UmpProcessor::process_message(message, queue_of(child), &mut WeightMeter::with_limit(limit), &mut [0; 32])
}

/// The queue of the messages from `child`.
pub fn queue_of(child: u32) -> AggregateMessageOrigin {
    AggregateMessageOrigin::Ump(UmpQueueId::Para(child.into()))
}

/// The text in an error is for the log.
pub fn same(verdict: Verdict, expected: Verdict) -> bool {
    use Verdict::Failed;
    let both_failed_to_transact = matches!(
        (verdict, expected),
        (Failed(Error::FailedToTransactAsset(_)), Failed(Error::FailedToTransactAsset(_)))
    );
    both_failed_to_transact || verdict == expected
}

fn verdict(outcome: Outcome, author_was_paid: bool) -> Verdict {
    match outcome {
        Outcome::Complete { .. } if author_was_paid => Verdict::Paid,
        Outcome::Complete { .. } => Verdict::Free,
        Outcome::Incomplete { error: InstructionError { index: 0, error: Error::Barrier }, .. } => Verdict::Refused,
        Outcome::Incomplete { error, .. } | Outcome::Error(error) => Verdict::Failed(error.error),
    }
}

pub fn here() -> Location {
    Location::here()
}

pub fn child(id: u32) -> Location {
    Location::new(0, Junction::Parachain(id))
}

pub fn account(key: Sr25519Keyring) -> Location {
    Location::new(0, account_junction(key))
}

pub fn account_junction(key: Sr25519Keyring) -> Junction {
    Junction::AccountId32 { network: None, id: key.to_account_id().into() }
}

/// The account that belongs to `location`.
pub fn sovereign(location: &Location) -> AccountId {
    SovereignAccountOf::convert_location(location).unwrap_or_else(|| panic!("{location:?} has no account"))
}

/// What the account of `location` has, if there is one.
pub fn funds(location: &Location) -> Balance {
    SovereignAccountOf::convert_location(location).map_or(0, Balances::free_balance)
}

pub fn ksm(amount: Balance) -> Asset {
    (here(), amount).into()
}

/// How much of `assets` is KSM.
pub fn ksm_in(assets: VersionedAssets) -> Balance {
    let assets = Assets::try_from(assets).expect("its version is known").into_inner().into_iter();
    let amounts = assets.map(|asset| match (asset.id.0, asset.fun) {
        (id, Fungibility::Fungible(amount)) if id == here() => amount,
        _ => 0,
    });
    amounts.sum()
}

pub fn withdraw() -> Instruction<RuntimeCall> {
    Instruction::WithdrawAsset(ksm(PAYS).into())
}

pub fn buy_execution() -> Instruction<RuntimeCall> {
    Instruction::BuyExecution { fees: ksm(PAYS), weight_limit: WeightLimit::Unlimited }
}

/// All that is held, to Bob.
pub fn deposit() -> Instruction<RuntimeCall> {
    Instruction::DepositAsset { assets: everything(), beneficiary: account(Bob) }
}

pub fn everything() -> AssetFilter {
    AssetFilter::Wild(WildAsset::All)
}

pub fn paid(rest: Instructions) -> Instructions {
    [withdraw(), buy_execution()].into_iter().chain(rest).collect()
}

pub fn unpaid(rest: Instructions) -> Instructions {
    [does_not_pay()].into_iter().chain(rest).collect()
}

pub fn does_not_pay() -> Instruction<RuntimeCall> {
    Instruction::UnpaidExecution { weight_limit: WeightLimit::Unlimited, check_origin: None }
}

/// Makes the call, and fails unless it went well: `Transact` by itself does not tell.
pub fn acts(origin_kind: OriginKind, call: RuntimeCall) -> Instructions {
    let transact = Instruction::Transact { origin_kind, fallback_max_weight: None, call: call.encode().into() };
    vec![transact, Instruction::ExpectTransactStatus(MaybeErrorCode::Success)]
}

/// A call that any account may make.
pub fn remark() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark_with_event { remark: vec![1] })
}

/// A call that Root alone may make.
pub fn authorize_upgrade() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash: Hash::repeat_byte(1) })
}

/// The bytes that a parachain sends.
pub fn encoded(message: Instructions) -> Vec<u8> {
    VersionedXcm::from(Xcm(message)).encode()
}
