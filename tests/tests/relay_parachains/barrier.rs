// SPDX-License-Identifier: GPL-3.0-only
//! Which messages run: sender by kind of message. Every child has money here, so that a refusal is not for want of it.

use super::{
    messages::{
        account, account_junction, acts, attempt, authorize_upgrade, buy_execution, chain, child, deposit,
        does_not_pay, encoded, everything, fund, funds, here, ksm, ksm_in, paid, process, queue_of, remark, same,
        unpaid, with_money, withdraw, Instructions, Verdict, FUNDS, OTHER, PARA, PAYS, SYSTEM, TELEPORTED_OUT, UNKNOWN,
    },
    support::Chain,
};
use frame_support::{
    traits::{EnqueueMessage, ProcessMessageError},
    weights::Weight,
    BoundedSlice,
};
use polkadot_runtime_parachains::{coretime, hrmp};
use serin_runtime::{Balance, Balances, BlockNumber, MessageQueue, RuntimeCall, RuntimeEvent, System, XcmPallet};
use serin_tests::rollback::rolled_back;
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use xcm::latest::{
    Asset, Assets, Error, Instruction, Junction, Junctions, Location, NetworkId, OriginKind, QueryResponseInfo,
    Response, WeightLimit, Xcm,
};
use xcm_executor::traits::QueryHandler;
use Verdict::{Failed, Free, Paid, Refused};

/// A kind of message, and what becomes of it: from a system chain, from another child, from one that is not registered.
type Row = (&'static str, fn() -> Instructions, [Verdict; 3]);

const SENDERS: [u32; 3] = [SYSTEM, PARA, UNKNOWN];

const NO_TELEPORT: Verdict = Failed(Error::UntrustedTeleportLocation);
const NO_RESERVE: Verdict = Failed(Error::UntrustedReserveLocation);
/// The sender has no such origin here.
const NO_ORIGIN: Verdict = Failed(Error::BadOrigin);
/// It has the origin, which may not make this call.
const NO_RIGHT: Verdict = Failed(Error::ExpectationFalse);
const NO_ALIAS: Verdict = Failed(Error::NoPermission);
const NO_MONEY: Verdict = Failed(Error::FailedToTransactAsset(""));

#[test]
fn verdicts_by_sender_and_kind() {
    use OriginKind::{Native, SovereignAccount, Superuser, Xcm as XcmItself};
    let rows: &[Row] = &[
        // Paid.
        ("pays with what it has", || paid(vec![deposit()]), [Paid; 3]),
        ("pays with `PayFees`", pays_with_pay_fees, [Paid; 3]),
        ("pays and acts as its account", || paid(acts(SovereignAccount, remark())), [Paid; 3]),
        ("pays less than it costs", pays_too_little, [Failed(Error::TooExpensive); 3]),
        ("pays for less weight than it has", pays_for_no_weight, [Refused; 3]),
        ("pays with nothing", pays_with_nothing, [Failed(Error::NotHoldingFees); 3]),
        ("pays with more than it has", || withdraws(ksm(FUNDS + 1)), [NO_MONEY; 3]),
        ("pays with another token", || withdraws(token(PARA)), [Failed(Error::AssetNotFound); 3]),
        ("pays after more assets than a fee needs", pays_with_three_assets, [Refused; 3]),
        ("pays too late", pays_too_late, [Refused; 3]),
        // Unpaid.
        ("does not pay and does not say so", || acts(SovereignAccount, remark()), [Refused; 3]),
        ("does not pay and says so", || unpaid(acts(SovereignAccount, remark())), [Free, Refused, Refused]),
        ("does not pay, in another's name", unpaid_as_another, [NO_ORIGIN, Refused, Refused]),
        ("withdraws without paying", || vec![withdraw(), deposit()], [Refused; 3]),
        ("withdraws, does not pay and says so", withdraws_unpaid, [Free, Refused, Refused]),
        // Calls.
        ("superuser, unpaid", || unpaid(acts(Superuser, authorize_upgrade())), [NO_ORIGIN, Refused, Refused]),
        ("superuser, paid", || paid(acts(Superuser, authorize_upgrade())), [NO_ORIGIN; 3]),
        ("a call of Root's, natively", || paid(acts(Native, authorize_upgrade())), [NO_RIGHT; 3]),
        ("a call of Root's, as its account", || paid(acts(SovereignAccount, authorize_upgrade())), [NO_RIGHT; 3]),
        ("a call of Root's, as a location", || paid(acts(XcmItself, authorize_upgrade())), [NO_RIGHT; 3]),
        ("a call of accounts, natively", || paid(acts(Native, remark())), [NO_RIGHT; 3]),
        ("asks for a channel, natively", || paid(acts(Native, open_channel())), [Paid; 3]),
        ("asks for a channel, as its account", || paid(acts(SovereignAccount, open_channel())), [NO_RIGHT; 3]),
        ("asks for cores, natively", || paid(acts(Native, request_cores())), [NO_RIGHT; 3]),
        ("asks for a channel, as an account inside", || paid(inside(acts(Native, open_channel()))), [NO_ORIGIN; 3]),
        // KSM from elsewhere. Only this chain makes it.
        ("teleports KSM in", || teleported(ksm(PAYS)), [Paid, NO_TELEPORT, NO_TELEPORT]),
        ("teleports KSM in, unpaid", teleported_unpaid, [Free, Refused, Refused]),
        (
            "teleports in more than is out",
            teleports_too_much,
            [Failed(Error::NotWithdrawable), NO_TELEPORT, NO_TELEPORT],
        ),
        ("teleports another token in", || teleported(token(SYSTEM)), [NO_TELEPORT; 3]),
        ("keeps KSM for this chain", || kept(ksm(PAYS)), [NO_RESERVE; 3]),
        ("keeps a token for this chain", || kept(token(PARA)), [NO_RESERVE; 3]),
        ("claims what was not left behind", claims_nothing, [Failed(Error::UnknownClaim); 3]),
        // KSM to elsewhere.
        ("sends KSM on to a parachain", || paid(vec![reserve_deposit()]), [Paid; 3]),
        ("teleports KSM to a parachain", || paid(vec![teleport_to(OTHER)]), [NO_TELEPORT; 3]),
        ("teleports KSM to a system chain", || paid(vec![teleport_to(SYSTEM)]), [Paid; 3]),
        ("has another chain pay out a reserve", || paid(vec![reserve_withdraw()]), [NO_RESERVE; 3]),
        ("has its holding reported to another", || paid(vec![report_holding()]), [Paid; 3]),
        // What nobody does here.
        ("exchanges", || paid(vec![exchange()]), [Failed(Error::NoDeal); 3]),
        ("locks", || paid(vec![lock()]), [Failed(Error::AssetNotFound); 3]),
        ("unlocks", || paid(vec![unlock()]), [Failed(Error::AssetNotFound); 3]),
        ("tells of a lock", || paid(vec![note_unlockable()]), [Failed(Error::AssetNotFound); 3]),
        ("exports over a bridge", || paid(vec![export()]), [Failed(Error::Unroutable); 3]),
        ("runs a part with another origin", || paid(vec![with_origin()]), [Failed(Error::Unimplemented); 3]),
        // Origins that change.
        ("an account inside, unpaid", || inside(unpaid(vec![deposit()])), [Refused; 3]),
        ("an account inside asks for our version", || inside(vec![Instruction::UnsubscribeVersion]), [Refused; 3]),
        ("descends deeper than is followed", descends_too_deep, [Refused; 3]),
        ("the network itself, superuser", || as_of_network(vec![]), [Refused; 3]),
        ("a system chain by way of the network", by_way_of_network, [Failed(Error::InvalidLocation); 3]),
        ("another network, paid", as_another_network, [Failed(Error::InvalidLocation); 3]),
        ("alias of a system chain, unpaid", || alias_unpaid(child(SYSTEM)), [Refused; 3]),
        ("alias of a system chain, paid", || alias_paid(child(SYSTEM)), [Paid, NO_ALIAS, NO_ALIAS]),
        ("alias of this chain", || alias_paid(here()), [NO_ALIAS; 3]),
        ("alias of an account of this chain", || alias_paid(account(Alice)), [NO_ALIAS; 3]),
        ("alias of another parachain", || alias_paid(child(OTHER)), [NO_ALIAS; 3]),
        // Notices.
        ("asks for our version", || vec![subscribe()], [Free, Free, Failed(Error::Unroutable)]),
        ("no longer asks for our version", || vec![Instruction::UnsubscribeVersion], [Free; 3]),
        ("asks for our version, and more", asks_and_acts, [Refused; 3]),
        ("tells of a channel asked for", || vec![channel_asked_for()], [Refused; 3]),
        ("tells of a channel accepted", || vec![channel_accepted()], [Refused; 3]),
        ("tells of a channel closing", || vec![channel_closing()], [Refused; 3]),
        ("tells of a channel, paid: nobody listens", || paid(vec![channel_asked_for()]), [Paid; 3]),
        ("answers what was not asked", || vec![answer(0, Some(here()))], [Refused; 3]),
        ("does nothing, which is free", Vec::new, [Free; 3]),
        ("more instructions than are weighed", too_many, [Failed(Error::ExceedsStackLimit); 3]),
    ];

    with_money(|| {
        for (kind, message, verdicts) in rows {
            for (id, expected) in SENDERS.into_iter().zip(*verdicts) {
                let issued = Balances::total_issuance();
                let after = attempt(&child(id), message(), Weight::zero());
                assert!(same(after.verdict, expected), "{kind}, from {id}: {:?}, not {expected:?}", after.verdict);
                assert!(after.issued <= issued, "{kind}, from {id}: made {}", after.issued - issued);
                assert!(!after.was_root, "{kind}, from {id}: it became Root");
                assert!(expected != Refused || after.funds == FUNDS, "{kind}, from {id}: it was refused, and acted");
                let ran = rolled_back(|| process(id, &encoded(message()))) == Ok(true);
                assert_eq!(ran, matches!(expected, Paid | Free), "{kind}, from {id}, by the queue's processor");
            }
        }
    });
}

/// Origins that no message from a child has, and that the barrier does not let in either.
#[test]
fn verdicts_of_origins_that_no_child_has() {
    let origins = [
        here(),
        account(Alice),
        Location::parent(),
        Location::new(1, Junction::Parachain(PARA)),
        Location::new(1, Junction::GlobalConsensus(NetworkId::Polkadot)),
    ];
    let unpaid_call = || unpaid(acts(OriginKind::SovereignAccount, remark()));
    let superuser = || unpaid(acts(OriginKind::Superuser, authorize_upgrade()));
    let rows: [(&str, Instructions, [Verdict; 5]); 9] = [
        // An account pays for itself. The others own nothing here.
        ("pays", paid(vec![deposit()]), [NO_MONEY, Paid, NO_MONEY, NO_MONEY, NO_MONEY]),
        ("does not pay and says so", unpaid_call(), [Refused; 5]),
        ("superuser, unpaid", superuser(), [Refused; 5]),
        ("teleports KSM in", teleported(ksm(PAYS)), [NO_TELEPORT; 5]),
        ("keeps KSM for this chain", kept(ksm(PAYS)), [NO_RESERVE; 5]),
        ("asks for our version", vec![subscribe()], [Refused; 5]),
        ("tells of a channel asked for", vec![channel_asked_for()], [Refused; 5]),
        ("answers what was not asked", vec![answer(0, Some(here()))], [Refused; 5]),
        ("does nothing, which is free", Vec::new(), [Free; 5]),
    ];
    with_money(|| {
        for (kind, message, verdicts) in rows {
            for (origin, expected) in origins.iter().zip(verdicts) {
                let issued = Balances::total_issuance();
                let after = attempt(origin, message.clone(), Weight::zero());
                let verdict = after.verdict;
                assert!(same(verdict, expected), "{kind}, from {origin:?}: {verdict:?}, not {expected:?}");
                assert!(after.issued <= issued && !after.was_root, "{kind}, from {origin:?}");
            }
        }
    });
}

#[test]
fn an_answer_is_let_in_from_whom_was_asked_alone() {
    with_money(|| {
        let id = XcmPallet::new_query(child(PARA), BlockNumber::MAX, here());
        let verdict = |from, message| attempt(&child(from), message, Weight::zero()).verdict;
        assert_eq!(verdict(PARA, vec![answer(id, Some(here()))]), Free);
        assert_eq!(verdict(OTHER, vec![answer(id, Some(here()))]), Refused);
        assert_eq!(verdict(SYSTEM, vec![answer(id, Some(here()))]), Refused);
        assert_eq!(verdict(PARA, vec![answer(id + 1, Some(here()))]), Refused, "another question");
        assert_eq!(verdict(PARA, vec![answer(id, Some(account(Alice)))]), Refused, "another asker");
        assert_eq!(verdict(PARA, vec![answer(id, None)]), Refused, "no asker");
        let and_more = [vec![answer(id, Some(here()))], acts(OriginKind::SovereignAccount, remark())].concat();
        assert_eq!(verdict(PARA, and_more), Refused);
        assert_eq!(verdict(PARA, inside(vec![answer(id, Some(here()))])), Refused, "an account inside");
    });
}

#[test]
fn a_topic_at_the_end_changes_no_verdict() {
    let with_topic = |mut message: Instructions| {
        message.push(Instruction::SetTopic([1; 32]));
        message
    };
    with_money(|| {
        let call = || acts(OriginKind::SovereignAccount, remark());
        for (message, verdicts) in [
            (unpaid(call()), [Free, Refused, Refused]),
            (paid(call()), [Paid; 3]),
            (vec![Instruction::UnsubscribeVersion], [Free; 3]),
            (vec![channel_asked_for()], [Refused; 3]),
        ] {
            for (id, expected) in SENDERS.into_iter().zip(verdicts) {
                let after = attempt(&child(id), with_topic(message.clone()), Weight::zero());
                assert_eq!(after.verdict, expected, "{message:?}, from {id}");
            }
        }
    });
}

/// What was left in holding is kept for its owner, counts as issued all the while, and comes back once.
#[test]
fn what_is_left_behind_can_be_claimed_by_its_owner_once() {
    with_money(|| {
        let issued = Balances::total_issuance();
        let leaves = vec![withdraw(), Instruction::PayFees { asset: ksm(PAYS / 2) }, Instruction::Trap(1)];
        // The fee's remainder goes back into holding before it is kept.
        let before = funds(&child(PARA));
        assert_eq!(process(PARA, &encoded(leaves)), Ok(false));
        assert_eq!(funds(&child(PARA)), before - PAYS);
        assert_eq!(Balances::total_issuance(), issued);

        let kept = trapped();
        let claim = || {
            let fees = Instruction::BuyExecution { fees: ksm(kept), weight_limit: WeightLimit::Unlimited };
            vec![Instruction::ClaimAsset { assets: ksm(kept).into(), ticket: here() }, fees, deposit()]
        };
        assert_eq!(process(OTHER, &encoded(claim())), Ok(false), "another's");
        let bob = funds(&account(Bob));
        assert_eq!(process(PARA, &encoded(claim())), Ok(true));
        assert!(funds(&account(Bob)) > bob);
        assert_eq!(process(PARA, &encoded(claim())), Ok(false), "twice");
        assert_eq!(Balances::total_issuance(), issued);
    });
}

/// The whole way: the queue takes messages in, runs them in order, and a bad one holds up none of the others.
#[test]
fn the_queue_runs_messages_in_order() {
    let mut chain = chain();
    let bob = chain.inspect(|| funds(&account(Bob)));
    chain.block(|| {
        fund();
        for message in [
            encoded(paid(vec![deposit()])),
            encoded(unpaid(acts(OriginKind::SovereignAccount, remark()))),
            vec![0xff; 32],
            encoded(paid(acts(OriginKind::Superuser, authorize_upgrade()))),
            encoded(vec![Instruction::UnsubscribeVersion]),
        ] {
            let message = BoundedSlice::try_from(&message[..]).expect("it fits a page");
            MessageQueue::enqueue_message(message, queue_of(PARA));
        }
    });
    chain.block(|| ());
    let expected = [Ok(true), Ok(false), Err(ProcessMessageError::Corrupt), Ok(false), Ok(true)];
    assert_eq!(processed(&chain), expected);
    chain.inspect(|| {
        assert!(funds(&account(Bob)) > bob);
        assert!(System::authorized_upgrade().is_none());
    });
}

/// Of each message that left the queue, what became of it.
fn processed(chain: &Chain) -> Vec<Result<bool, ProcessMessageError>> {
    let events = chain.events().iter();
    events
        .filter_map(|(_, event)| match event {
            RuntimeEvent::MessageQueue(pallet_message_queue::Event::Processed { success, .. }) => Some(Ok(*success)),
            RuntimeEvent::MessageQueue(pallet_message_queue::Event::ProcessingFailed { error, .. }) => {
                Some(Err(*error))
            }
            _ => None,
        })
        .collect()
}

/// How much KSM the last message left behind.
fn trapped() -> Balance {
    let amount = System::events().into_iter().rev().find_map(|record| match record.event {
        RuntimeEvent::XcmPallet(pallet_xcm::Event::AssetsTrapped { assets, .. }) => Some(ksm_in(assets)),
        _ => None,
    });
    amount.expect("something was left behind")
}

/// The token of a child.
fn token(id: u32) -> Asset {
    (child(id), PAYS).into()
}

fn open_channel() -> RuntimeCall {
    let (proposed_max_capacity, proposed_max_message_size) = (1, 1);
    RuntimeCall::Hrmp(hrmp::Call::hrmp_init_open_channel {
        recipient: OTHER.into(),
        proposed_max_capacity,
        proposed_max_message_size,
    })
}

/// The broker chain alone may, and none has its id here.
fn request_cores() -> RuntimeCall {
    RuntimeCall::Coretime(coretime::Call::request_core_count { count: 50 })
}

fn inside(rest: Instructions) -> Instructions {
    [Instruction::DescendOrigin(account_junction(Alice).into())].into_iter().chain(rest).collect()
}

fn withdraws(asset: Asset) -> Instructions {
    vec![Instruction::WithdrawAsset(asset.into()), buy_execution(), deposit()]
}

fn pays_with_pay_fees() -> Instructions {
    vec![withdraw(), Instruction::PayFees { asset: ksm(PAYS) }, deposit()]
}

fn pays_too_little() -> Instructions {
    let fees = Instruction::BuyExecution { fees: ksm(1), weight_limit: WeightLimit::Unlimited };
    vec![withdraw(), fees, deposit()]
}

fn pays_for_no_weight() -> Instructions {
    let weight_limit = WeightLimit::Limited(Weight::from_parts(1, 1));
    vec![withdraw(), Instruction::BuyExecution { fees: ksm(PAYS), weight_limit }, deposit()]
}

fn pays_with_nothing() -> Instructions {
    [vec![Instruction::WithdrawAsset(Assets::new()), buy_execution()], acts(OriginKind::SovereignAccount, remark())]
        .concat()
}

fn pays_with_three_assets() -> Instructions {
    vec![Instruction::WithdrawAsset(vec![ksm(PAYS), token(PARA), token(OTHER)].into()), buy_execution(), deposit()]
}

fn pays_too_late() -> Instructions {
    [vec![withdraw()], acts(OriginKind::SovereignAccount, remark()), vec![buy_execution(), deposit()]].concat()
}

fn unpaid_as_another() -> Instructions {
    vec![Instruction::UnpaidExecution { weight_limit: WeightLimit::Unlimited, check_origin: Some(child(OTHER)) }]
}

fn withdraws_unpaid() -> Instructions {
    vec![withdraw(), does_not_pay(), deposit()]
}

fn teleported(asset: Asset) -> Instructions {
    arrived(Instruction::ReceiveTeleportedAsset(asset.into()))
}

fn kept(asset: Asset) -> Instructions {
    arrived(Instruction::ReserveAssetDeposited(asset.into()))
}

/// As chains tell of a transfer.
fn arrived(first: Instruction<RuntimeCall>) -> Instructions {
    vec![first, Instruction::ClearOrigin, buy_execution(), deposit()]
}

fn teleported_unpaid() -> Instructions {
    vec![Instruction::ReceiveTeleportedAsset(ksm(PAYS).into()), does_not_pay(), deposit()]
}

fn teleports_too_much() -> Instructions {
    teleported(ksm(TELEPORTED_OUT + FUNDS))
}

fn claims_nothing() -> Instructions {
    vec![Instruction::ClaimAsset { assets: ksm(PAYS).into(), ticket: here() }, buy_execution(), deposit()]
}

fn reserve_deposit() -> Instruction<RuntimeCall> {
    Instruction::DepositReserveAsset { assets: everything(), dest: child(OTHER), xcm: Xcm::new() }
}

fn teleport_to(id: u32) -> Instruction<RuntimeCall> {
    Instruction::InitiateTeleport { assets: everything(), dest: child(id), xcm: Xcm::new() }
}

fn reserve_withdraw() -> Instruction<RuntimeCall> {
    Instruction::InitiateReserveWithdraw { assets: everything(), reserve: child(OTHER), xcm: Xcm::new() }
}

fn report_holding() -> Instruction<RuntimeCall> {
    let response_info = QueryResponseInfo { destination: child(OTHER), query_id: 1, max_weight: Weight::zero() };
    Instruction::ReportHolding { response_info, assets: everything() }
}

fn exchange() -> Instruction<RuntimeCall> {
    Instruction::ExchangeAsset { give: everything(), want: ksm(2 * PAYS).into(), maximal: true }
}

fn lock() -> Instruction<RuntimeCall> {
    Instruction::LockAsset { asset: ksm(PAYS), unlocker: child(OTHER) }
}

fn unlock() -> Instruction<RuntimeCall> {
    Instruction::UnlockAsset { asset: ksm(PAYS), target: account(Bob) }
}

fn note_unlockable() -> Instruction<RuntimeCall> {
    Instruction::NoteUnlockable { asset: ksm(PAYS), owner: account(Bob) }
}

fn export() -> Instruction<RuntimeCall> {
    Instruction::ExportMessage { network: NetworkId::Polkadot, destination: Junctions::Here, xcm: Xcm::new() }
}

fn with_origin() -> Instruction<RuntimeCall> {
    Instruction::ExecuteWithOrigin {
        descendant_origin: None,
        xcm: Xcm(acts(OriginKind::Superuser, authorize_upgrade())),
    }
}

fn descends_too_deep() -> Instructions {
    let descend = Instruction::DescendOrigin(Junction::PalletInstance(1).into());
    std::iter::repeat_n(descend, 9).chain(paid(vec![deposit()])).collect()
}

/// For the barrier this computes to the relay chain, and to what comes `then` inside of it. No origin may say it.
fn as_of_network(then: Instructions) -> Instructions {
    let network = Instruction::UniversalOrigin(Junction::GlobalConsensus(NetworkId::Kusama));
    [vec![network], then, unpaid(acts(OriginKind::Superuser, authorize_upgrade()))].concat()
}

fn by_way_of_network() -> Instructions {
    as_of_network(vec![Instruction::DescendOrigin(Junction::Parachain(SYSTEM).into())])
}

fn as_another_network() -> Instructions {
    let network = Instruction::UniversalOrigin(Junction::GlobalConsensus(NetworkId::Polkadot));
    [vec![network], paid(vec![deposit()])].concat()
}

fn alias_unpaid(target: Location) -> Instructions {
    [vec![Instruction::AliasOrigin(target)], unpaid(vec![withdraw(), deposit()])].concat()
}

fn alias_paid(target: Location) -> Instructions {
    paid(vec![Instruction::AliasOrigin(target), deposit()])
}

fn subscribe() -> Instruction<RuntimeCall> {
    Instruction::SubscribeVersion { query_id: 1, max_response_weight: Weight::zero() }
}

fn asks_and_acts() -> Instructions {
    [vec![subscribe()], acts(OriginKind::SovereignAccount, remark())].concat()
}

fn channel_asked_for() -> Instruction<RuntimeCall> {
    Instruction::HrmpNewChannelOpenRequest { sender: OTHER, max_message_size: 1, max_capacity: 1 }
}

fn channel_accepted() -> Instruction<RuntimeCall> {
    Instruction::HrmpChannelAccepted { recipient: OTHER }
}

fn channel_closing() -> Instruction<RuntimeCall> {
    Instruction::HrmpChannelClosing { initiator: OTHER, sender: OTHER, recipient: PARA }
}

fn answer(query_id: u64, querier: Option<Location>) -> Instruction<RuntimeCall> {
    Instruction::QueryResponse { query_id, response: Response::Null, max_weight: Weight::zero(), querier }
}

fn too_many() -> Instructions {
    paid(vec![Instruction::ClearError; 100])
}
