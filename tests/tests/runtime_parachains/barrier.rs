// SPDX-License-Identifier: GPL-3.0-only
//! Which messages run: origin by kind of message. Every origin has money here, so that a refusal is not for want of it.

use super::support::{issued, relay, sibling, sovereign, Chain, SIBLING};
use codec::Encode;
use frame_support::{
    assert_ok,
    storage::{with_transaction, TransactionOutcome},
    traits::{fungible::Mutate as MutateOwn, fungibles::Mutate as MutateForeign},
    weights::Weight,
};
use serin_parachain_runtime::{
    configs::xcm_config::XcmConfig, constants::currency::UNIT, AccountId, Balances, ForeignAssets, Hash, RuntimeCall,
    System,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::DispatchError;
use xcm::latest::{
    Asset, AssetFilter, Assets, Error, ExecuteXcm, Instruction, InstructionError, Junction, Location, NetworkId,
    OriginKind, Outcome, Response, WeightLimit, WildAsset, Xcm,
};
use xcm_executor::XcmExecutor;

type Instructions = Vec<Instruction<RuntimeCall>>;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// The barrier did not let it in.
    Refused,
    /// It was let in, and an instruction failed.
    Failed(Error),
    Done,
}
use Verdict::{Done, Failed, Refused};

/// From whom a message comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    Relay,
    Sibling,
    SystemPara,
}

impl Sender {
    const ALL: [Self; 3] = [Self::Relay, Self::Sibling, Self::SystemPara];

    fn location(self) -> Location {
        match self {
            Self::Relay => relay(),
            Self::Sibling => sibling(SIBLING),
            Self::SystemPara => sibling(1_000),
        }
    }
}

/// A kind of message, and what becomes of it: from the relay chain, from a sibling, from a system parachain.
type Row = (&'static str, fn() -> Instructions, [Verdict; 3]);

const NOT_ITS_RESERVE: Verdict = Failed(Error::UntrustedReserveLocation);
const NO_TELEPORT: Verdict = Failed(Error::UntrustedTeleportLocation);
const NO_SUPERUSER: Verdict = Failed(Error::BadOrigin);

#[test]
fn verdicts_by_origin_and_kind() {
    let rows: &[Row] = &[
        // Paid.
        ("pays with what it has of the own token", || paid(here(), vec![deposit()]), [Done, Done, Done]),
        ("pays with what it has of KSM", || paid(relay(), vec![deposit()]), [Done, Done, Done]),
        ("pays and acts as its account", || paid(here(), vec![remark(OriginKind::SovereignAccount)]), [Done; 3]),
        ("pays with `PayFees`", pays_with_pay_fees, [Done; 3]),
        ("pays less than it costs", pays_too_little, [Failed(Error::TooExpensive); 3]),
        ("pays with nothing", pays_with_nothing, [Failed(Error::NotHoldingFees); 3]),
        ("pays with an unknown token", pays_with_an_unknown_token, [Failed(Error::FailedToTransactAsset("")); 3]),
        ("pays after more assets than a fee needs", pays_with_three_assets, [Refused; 3]),
        ("pays too late", pays_too_late, [Refused; 3]),
        // Unpaid.
        ("does not pay and does not say so", || vec![remark(OriginKind::SovereignAccount)], [Refused; 3]),
        ("does not pay and says so", || unpaid(vec![remark(OriginKind::SovereignAccount)]), [Done, Refused, Refused]),
        ("withdraws without paying", || vec![withdraw(here()), deposit()], [Refused; 3]),
        ("withdraws and does not pay and says so", withdraws_unpaid, [Done, Refused, Refused]),
        // Root.
        ("superuser, unpaid", || unpaid(vec![authorize_upgrade()]), [Done, Refused, Refused]),
        ("superuser, paid", || paid(here(), vec![authorize_upgrade()]), [Done, NO_SUPERUSER, NO_SUPERUSER]),
        ("superuser, after a transfer", superuser_after_a_transfer, [NO_SUPERUSER, NOT_ITS_RESERVE, NOT_ITS_RESERVE]),
        // Assets from elsewhere.
        ("teleports the own token", || teleported(here()), [NO_TELEPORT; 3]),
        ("teleports KSM", || teleported(relay()), [NO_TELEPORT; 3]),
        ("keeps KSM", || kept(relay()), [Done, NOT_ITS_RESERVE, NOT_ITS_RESERVE]),
        ("keeps the sibling's token", || kept(sibling(SIBLING)), [NOT_ITS_RESERVE, Done, NOT_ITS_RESERVE]),
        ("keeps the own token", || kept(here()), [NOT_ITS_RESERVE; 3]),
        ("keeps KSM and the own token", keeps_both, [NOT_ITS_RESERVE; 3]),
        // Origins that change.
        ("an account inside, unpaid", || inside(unpaid(vec![deposit()])), [Refused; 3]),
        ("an account inside, superuser", || inside(unpaid(vec![authorize_upgrade()])), [Refused; 3]),
        ("an account inside asks for our version", || inside(vec![Instruction::UnsubscribeVersion]), [Refused; 3]),
        ("the network's root, superuser", as_the_network, [Failed(Error::InvalidLocation); 3]),
        ("alias of the relay chain, unpaid", as_the_relay_chain, [Refused; 3]),
        ("descends deeper than is followed", descends_too_deep, [Refused; 3]),
        // Notices.
        ("no longer asks for our version", || vec![Instruction::UnsubscribeVersion], [Done; 3]),
        ("tells of a channel", channel_notice, [Done, Refused, Refused]),
        ("tells of a channel, and more", channel_notice_and_more, [Refused; 3]),
        ("answers what was not asked", unasked_answer, [Refused; 3]),
        ("does nothing, which is free", Vec::new, [Done; 3]),
        ("more instructions than are weighed", too_many, [Failed(Error::ExceedsStackLimit); 3]),
    ];

    with_money(|| {
        for (kind, message, verdicts) in rows {
            for (from, expected) in Sender::ALL.into_iter().zip(*verdicts) {
                let before = Balances::total_issuance();
                let (verdict, after) = attempt(from.location(), message(), Weight::zero());
                assert!(same(verdict, expected), "{kind}, from {from:?}: {verdict:?}, not {expected:?}");
                assert!(after.own <= before, "{kind}, from {from:?}: made {} of the own token", after.own - before);
                let may_be_root = from == Sender::Relay && expected == Done;
                assert!(may_be_root || !after.upgrade_authorized, "{kind}, from {from:?}: it became Root");
            }
        }
    });
}

#[test]
fn what_an_account_runs_itself_has_its_rights_alone() {
    let account = Location::new(0, account_junction(Alice.to_account_id()));
    // What becomes of it when the extrinsic has paid for its weight, and when nobody has.
    let cases: [(&str, Instructions, [Verdict; 2]); 6] = [
        ("acts as itself", vec![remark(OriginKind::SovereignAccount)], [Done, Refused]),
        ("acts as itself, natively", vec![remark(OriginKind::Native)], [Done, Refused]),
        ("superuser", vec![authorize_upgrade()], [NO_SUPERUSER, Refused]),
        ("spends its own", vec![withdraw(here()), deposit()], [Done, Refused]),
        ("teleports in", teleported(here()), [NO_TELEPORT; 2]),
        ("keeps the own token", kept(here()), [NOT_ITS_RESERVE; 2]),
    ];
    with_money(|| {
        for (kind, message, verdicts) in cases {
            for (paid_weight, expected) in [Weight::MAX, Weight::zero()].into_iter().zip(verdicts) {
                let before = Balances::total_issuance();
                let (verdict, after) = attempt(account.clone(), message.clone(), paid_weight);
                assert!(same(verdict, expected), "{kind}, {paid_weight:?} paid: {verdict:?}, not {expected:?}");
                assert!(!after.upgrade_authorized, "{kind}");
                assert!(after.own <= before, "{kind}");
            }
        }
    });
}

#[test]
fn a_topic_at_the_end_changes_no_verdict() {
    let topic = || Instruction::SetTopic([1; 32]);
    with_money(|| {
        let mut message = unpaid(vec![authorize_upgrade()]);
        message.push(topic());
        assert_eq!(attempt(relay(), message.clone(), Weight::zero()).0, Done);
        assert_eq!(attempt(sibling(SIBLING), message, Weight::zero()).0, Refused);
    });
}

/// What is left to see of a message whose effects were taken back.
struct After {
    own: u128,
    upgrade_authorized: bool,
}

/// Runs `message` as the queue would, or with weight that was paid for, and takes back what it did.
fn attempt(origin: Location, message: Instructions, paid_weight: Weight) -> (Verdict, After) {
    with_transaction(|| {
        let mut id = [0; 32];
        let outcome = XcmExecutor::<XcmConfig>::prepare_and_execute(
            origin,
            Xcm::<RuntimeCall>(message),
            &mut id,
            Weight::MAX,
            paid_weight,
        );
        let after =
            After { own: Balances::total_issuance(), upgrade_authorized: System::authorized_upgrade().is_some() };
        TransactionOutcome::Rollback(Ok::<_, DispatchError>((verdict(outcome), after)))
    })
    .expect("it is always Ok")
}

fn verdict(outcome: Outcome) -> Verdict {
    match outcome {
        Outcome::Complete { .. } => Done,
        Outcome::Incomplete { error: InstructionError { index: 0, error: Error::Barrier }, .. } => Refused,
        Outcome::Incomplete { error, .. } | Outcome::Error(error) => Failed(error.error),
    }
}

/// The text in an error is for the log.
fn same(verdict: Verdict, expected: Verdict) -> bool {
    let both_failed_to_transact = matches!(
        (verdict, expected),
        (Failed(Error::FailedToTransactAsset(_)), Failed(Error::FailedToTransactAsset(_)))
    );
    both_failed_to_transact || verdict == expected
}

/// Runs `test` in a block of a chain on which every origin of these tests has both tokens.
fn with_money(test: impl FnOnce()) {
    let mut chain = Chain::new();
    chain.block(|| {
        let accounts = Sender::ALL.into_iter().map(|from| sovereign(&from.location()));
        for account in accounts.chain([Alice.to_account_id()]) {
            assert_ok!(<Balances as MutateOwn<AccountId>>::mint_into(&account, 1_000 * UNIT));
            assert_ok!(<ForeignAssets as MutateForeign<AccountId>>::mint_into(relay(), &account, 1_000 * UNIT));
        }
        assert!(issued(&relay()) > 0);
        test();
    });
}

fn here() -> Location {
    Location::here()
}

fn account_junction(account: AccountId) -> Junction {
    Junction::AccountId32 { network: None, id: account.into() }
}

fn amount(token: Location, amount: u128) -> Asset {
    (token, amount).into()
}

fn withdraw(token: Location) -> Instruction<RuntimeCall> {
    Instruction::WithdrawAsset(amount(token, 10 * UNIT).into())
}

fn buy_execution(token: Location) -> Instruction<RuntimeCall> {
    Instruction::BuyExecution { fees: amount(token, 10 * UNIT), weight_limit: WeightLimit::Unlimited }
}

/// All that is held, to Bob.
fn deposit() -> Instruction<RuntimeCall> {
    Instruction::DepositAsset {
        assets: AssetFilter::Wild(WildAsset::All),
        beneficiary: Location::new(0, account_junction(Bob.to_account_id())),
    }
}

fn transact(origin_kind: OriginKind, call: RuntimeCall) -> Instruction<RuntimeCall> {
    Instruction::Transact { origin_kind, fallback_max_weight: None, call: call.encode().into() }
}

/// A call that any account may make.
fn remark(origin_kind: OriginKind) -> Instruction<RuntimeCall> {
    transact(origin_kind, RuntimeCall::System(frame_system::Call::remark_with_event { remark: vec![1] }))
}

/// A call that Root alone may make.
fn authorize_upgrade() -> Instruction<RuntimeCall> {
    let call = frame_system::Call::authorize_upgrade { code_hash: Hash::repeat_byte(1) };
    transact(OriginKind::Superuser, RuntimeCall::System(call))
}

fn paid(token: Location, rest: Instructions) -> Instructions {
    [withdraw(token.clone()), buy_execution(token)].into_iter().chain(rest).collect()
}

fn unpaid(rest: Instructions) -> Instructions {
    let statement = Instruction::UnpaidExecution { weight_limit: WeightLimit::Unlimited, check_origin: None };
    [statement].into_iter().chain(rest).collect()
}

fn inside(rest: Instructions) -> Instructions {
    let descend = Instruction::DescendOrigin(account_junction(Alice.to_account_id()).into());
    [descend].into_iter().chain(rest).collect()
}

fn pays_with_pay_fees() -> Instructions {
    vec![withdraw(here()), Instruction::PayFees { asset: amount(here(), 10 * UNIT) }, deposit()]
}

fn pays_too_little() -> Instructions {
    let fees = amount(here(), 1);
    vec![withdraw(here()), Instruction::BuyExecution { fees, weight_limit: WeightLimit::Unlimited }, deposit()]
}

fn pays_with_nothing() -> Instructions {
    vec![Instruction::WithdrawAsset(Assets::new()), buy_execution(here()), remark(OriginKind::SovereignAccount)]
}

fn pays_with_an_unknown_token() -> Instructions {
    paid(sibling(2_086), vec![deposit()])
}

fn pays_with_three_assets() -> Instructions {
    let assets = vec![amount(here(), UNIT), amount(relay(), UNIT), amount(sibling(SIBLING), UNIT)];
    vec![Instruction::WithdrawAsset(assets.into()), buy_execution(here()), deposit()]
}

fn pays_too_late() -> Instructions {
    vec![withdraw(here()), remark(OriginKind::SovereignAccount), buy_execution(here()), deposit()]
}

fn withdraws_unpaid() -> Instructions {
    let statement = Instruction::UnpaidExecution { weight_limit: WeightLimit::Unlimited, check_origin: None };
    vec![withdraw(here()), statement, deposit()]
}

/// What an account on the relay chain can have it send: the origin is cleared before its own instructions.
fn superuser_after_a_transfer() -> Instructions {
    let received = Instruction::ReserveAssetDeposited(amount(relay(), 10 * UNIT).into());
    vec![received, Instruction::ClearOrigin, buy_execution(relay()), authorize_upgrade()]
}

fn teleported(token: Location) -> Instructions {
    let received = Instruction::ReceiveTeleportedAsset(amount(token.clone(), 10 * UNIT).into());
    vec![received, Instruction::ClearOrigin, buy_execution(token), deposit()]
}

fn kept(token: Location) -> Instructions {
    let received = Instruction::ReserveAssetDeposited(amount(token.clone(), 10 * UNIT).into());
    vec![received, Instruction::ClearOrigin, buy_execution(token), deposit()]
}

fn keeps_both() -> Instructions {
    let assets = vec![amount(relay(), 10 * UNIT), amount(here(), 10 * UNIT)];
    let received = Instruction::ReserveAssetDeposited(assets.into());
    vec![received, Instruction::ClearOrigin, buy_execution(relay()), deposit()]
}

/// From anybody this computes to the relay chain's location, for the barrier. No origin may say it.
fn as_the_network() -> Instructions {
    let global = Instruction::UniversalOrigin(Junction::GlobalConsensus(NetworkId::Kusama));
    [global].into_iter().chain(unpaid(vec![authorize_upgrade()])).collect()
}

fn as_the_relay_chain() -> Instructions {
    [Instruction::AliasOrigin(relay())].into_iter().chain(unpaid(vec![authorize_upgrade()])).collect()
}

fn descends_too_deep() -> Instructions {
    let descend = Instruction::DescendOrigin(Junction::PalletInstance(1).into());
    std::iter::repeat_n(descend, 9).chain(paid(here(), vec![deposit()])).collect()
}

fn channel_notice() -> Instructions {
    vec![Instruction::HrmpNewChannelOpenRequest { sender: SIBLING, max_message_size: 1, max_capacity: 1 }]
}

fn channel_notice_and_more() -> Instructions {
    channel_notice().into_iter().chain([remark(OriginKind::SovereignAccount)]).collect()
}

fn unasked_answer() -> Instructions {
    vec![Instruction::QueryResponse { query_id: 0, response: Response::Null, max_weight: Weight::MAX, querier: None }]
}

fn too_many() -> Instructions {
    unpaid(vec![Instruction::ClearError; 100])
}
