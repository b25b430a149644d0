// SPDX-License-Identifier: GPL-3.0-only
//! KSM is made by this chain alone: whatever parachains send, in whatever order, none comes into being, and none of it is
//! anybody else's. Messages are drawn at random, and go the way from their bytes on that the queue's go.

use super::messages::{
    account, account_junction, authorize_upgrade, child, encoded, everything, give, here, ksm, ksm_in, process, remark,
    sovereign, with_money, Instructions, FUNDS, OTHER, PARA, PAYS, SYSTEM, UNKNOWN,
};
use codec::Encode;
use frame_support::{traits::ProcessMessageError, weights::Weight};
use pallet_xcm::Call as XcmCall;
use polkadot_primitives::HrmpChannelId;
use polkadot_runtime_parachains::hrmp;
use rand::{rngs::StdRng, seq::SliceRandom, Rng};
use serin_runtime::{
    constants::currency::{EXISTENTIAL_DEPOSIT, UNITS},
    AccountId, Balance, Balances, Runtime, RuntimeCall, RuntimeEvent, System, Treasury, XcmPallet,
};
use serin_tests::{rollback::rolled_back, rounds, seeded_rng};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use sp_runtime::MultiAddress;
use xcm::{
    latest::{
        Asset, AssetFilter, AssetId, AssetTransferFilter, Assets, Hint, Instruction, Junction, Junctions, Location,
        NetworkId, OriginKind, QueryResponseInfo, WeightLimit, WildAsset, WildFungibility, Xcm,
    },
    VersionedAssetId, VersionedAssets, VersionedLocation, VersionedXcm,
};
use xcm_executor::traits::TransferType;

/// None of them is trusted. The last is not even registered.
const SENDERS: [u32; 3] = [PARA, OTHER, UNKNOWN];
/// Of what the messages of one sequence are made, at most.
const MESSAGES: usize = 8;
const INSTRUCTIONS: usize = 8;
/// How often an appendix, a batch or a message in a call holds one of its kind.
const DEPTH: u32 = 2;

#[test]
fn no_messages_of_parachains_make_money() {
    let mut rng = seeded_rng();
    let mut tally = Tally::default();
    with_money(|| {
        for id in SENDERS {
            give(&sovereign(&inside(id)), FUNDS);
        }
        for round in 0..rounds(200, 20_000) {
            rolled_back(|| sequence(&mut rng, round, &mut tally));
        }
    });
    println!("{tally:?}");
    let Tally { messages, ran, failed, claims } = tally;
    assert!(ran * 20 > messages && failed * 20 > messages, "hardly any ran to its end, or hardly any failed");
    assert!(claims > 0, "none claimed what was left behind");
}

/// The property above can fail.
#[test]
fn money_out_of_nothing_is_noticed() {
    type Case = (&'static str, fn(&AccountId));
    let para = || sovereign(&child(PARA));
    let cases: [Case; 3] = [
        ("issued", |para| give(para, 1)),
        ("not even issued", |para| {
            frame_system::Account::<Runtime>::mutate(para, |account| account.data.free += 1);
        }),
        ("another's", |para| {
            use frame_support::traits::{fungible::Mutate, tokens::Preservation::Expendable};
            <Balances as Mutate<AccountId>>::transfer(&Alice.to_account_id(), para, 1, Expendable)
                .expect("Alice has it");
        }),
    ];
    with_money(|| {
        let before = Ledger::read();
        assert_eq!(Ledger::read().fault(&before), None);
        for (kind, fraud) in cases {
            let fault = rolled_back(|| {
                fraud(&para());
                Ledger::read().fault(&before)
            });
            assert!(fault.is_some(), "money that was {kind} went unnoticed");
        }
    });
}

#[derive(Debug, Default)]
struct Tally {
    messages: u32,
    ran: u32,
    failed: u32,
    claims: u32,
}

/// Where all the money is.
struct Ledger {
    issued: Balance,
    /// In all accounts.
    held: Balance,
    /// Left behind by messages, to be claimed.
    left_behind: Balance,
    /// With those who sent nothing.
    bystanders: Vec<(&'static str, Balance)>,
}

impl Ledger {
    fn read() -> Self {
        let bystanders = [
            ("Alice", Alice.to_account_id()),
            ("Bob", Bob.to_account_id()),
            ("a system chain", sovereign(&child(SYSTEM))),
            ("the account that counts teleports", XcmPallet::check_account()),
            ("the treasury", Treasury::account_id()),
        ];
        Self {
            issued: Balances::total_issuance(),
            held: frame_system::Account::<Runtime>::iter().map(|(_, info)| info.data.free + info.data.reserved).sum(),
            left_behind: left_behind(),
            bystanders: bystanders.map(|(name, account)| (name, total(&account))).to_vec(),
        }
    }

    /// What must not have come to pass since `before`.
    fn fault(&self, before: &Self) -> Option<String> {
        if self.issued > before.issued {
            return Some(format!("{} was issued", self.issued - before.issued));
        }
        // By how much accounts have more than there is. It may be anything, but the same.
        let excess = |ledger: &Self| {
            let accounted = i128::try_from(ledger.held + ledger.left_behind).expect("it fits");
            accounted - i128::try_from(ledger.issued).expect("it fits")
        };
        if excess(self) != excess(before) {
            return Some(format!("{} came from nowhere", excess(self) - excess(before)));
        }
        let lost = self.bystanders.iter().zip(&before.bystanders).find(|((_, now), (_, then))| now < then);
        lost.map(|((name, now), (_, then))| format!("{name} lost {}", then - now))
    }
}

/// Runs one sequence of messages. The money is counted after each.
fn sequence(rng: &mut StdRng, round: u32, tally: &mut Tally) {
    for _ in 0..rng.gen_range(1..=MESSAGES) {
        let sender = one_of(rng, &SENDERS);
        let message = message(rng, DEPTH);
        let before = Ledger::read();
        let outcome = process(sender, &encoded(message.clone()));
        if let Some(fault) = Ledger::read().fault(&before) {
            panic!("round {round}, from {sender}: {fault}, by {message:?}, which became {outcome:?}");
        }
        assert!(System::authorized_upgrade().is_none(), "round {round}, from {sender}: Root, by {message:?}");
        tally.count(outcome);
    }
    let is_claim =
        |event: &RuntimeEvent| matches!(event, RuntimeEvent::XcmPallet(pallet_xcm::Event::AssetsClaimed { .. }));
    let claims = System::events().iter().filter(|record| is_claim(&record.event)).count();
    tally.claims += u32::try_from(claims).expect("they are few");
}

impl Tally {
    fn count(&mut self, outcome: Result<bool, ProcessMessageError>) {
        self.messages += 1;
        match outcome {
            Ok(true) => self.ran += 1,
            Ok(false) => self.failed += 1,
            Err(_) => {}
        }
    }
}

fn total(account: &AccountId) -> Balance {
    let data = System::account(account).data;
    data.free + data.reserved
}

/// By the events of the block.
fn left_behind() -> Balance {
    System::events().into_iter().fold(0, |sum, record| match record.event {
        RuntimeEvent::XcmPallet(pallet_xcm::Event::AssetsTrapped { assets, .. }) => sum + ksm_in(assets),
        RuntimeEvent::XcmPallet(pallet_xcm::Event::AssetsClaimed { assets, .. }) => sum - ksm_in(assets),
        _ => sum,
    })
}

// --- Drawing ---

/// Most begin as they must to be let in.
fn message(rng: &mut StdRng, depth: u32) -> Instructions {
    let start = match rng.gen_range(0..10) {
        0..=5 => vec![Instruction::WithdrawAsset(ksm(PAYS).into()), pays(rng, PAYS)],
        6 | 7 => {
            let amount = left(rng);
            vec![claim(amount), pays(rng, amount)]
        }
        8 => vec![Instruction::WithdrawAsset(assets(rng)), pays(rng, PAYS)],
        _ => Vec::new(),
    };
    [start, instructions(rng, depth)].concat()
}

fn pays(rng: &mut StdRng, amount: Balance) -> Instruction<RuntimeCall> {
    if rng.gen() {
        return Instruction::PayFees { asset: ksm(amount) };
    }
    Instruction::BuyExecution { fees: ksm(amount), weight_limit: WeightLimit::Unlimited }
}

fn claim(amount: Balance) -> Instruction<RuntimeCall> {
    Instruction::ClaimAsset { assets: ksm(amount).into(), ticket: here() }
}

/// How much one of the messages left behind, not always of the one who claims it.
fn left(rng: &mut StdRng) -> Balance {
    let events = System::events().into_iter();
    let left = events.filter_map(|record| match record.event {
        RuntimeEvent::XcmPallet(pallet_xcm::Event::AssetsTrapped { assets, .. }) => Some(ksm_in(assets)),
        _ => None,
    });
    left.collect::<Vec<_>>().choose(rng).copied().unwrap_or(PAYS)
}

fn instructions(rng: &mut StdRng, depth: u32) -> Instructions {
    let count = rng.gen_range(0..INSTRUCTIONS);
    (0..count).map(|_| if rng.gen_bool(0.85) { usual(rng, depth) } else { unusual(rng, depth) }).collect()
}

/// What can work.
fn usual(rng: &mut StdRng, depth: u32) -> Instruction<RuntimeCall> {
    let inner = |rng: &mut StdRng| Xcm(depth.checked_sub(1).map_or_else(Vec::new, |depth| instructions(rng, depth)));
    match rng.gen_range(0..22) {
        0 => Instruction::WithdrawAsset(ksm(some(rng)).into()),
        1 | 2 => Instruction::DepositAsset { assets: filter(rng), beneficiary: location(rng) },
        3 => Instruction::TransferAsset { assets: ksm(some(rng)).into(), beneficiary: location(rng) },
        4 => {
            let (assets, dest) = (ksm(some(rng)).into(), child(one_of(rng, &[SYSTEM, PARA, OTHER])));
            Instruction::TransferReserveAsset { assets, dest, xcm: remote(rng) }
        }
        5 => {
            let (assets, dest) = (filter(rng), child(one_of(rng, &[SYSTEM, PARA, OTHER])));
            Instruction::DepositReserveAsset { assets, dest, xcm: remote(rng) }
        }
        6 => Instruction::InitiateTeleport { assets: filter(rng), dest: child(SYSTEM), xcm: remote(rng) },
        7 => initiate_transfer(rng),
        8..=10 => transact(rng, depth),
        11 => pays(rng, UNITS),
        12 => Instruction::RefundSurplus,
        13 => Instruction::SetAppendix(inner(rng)),
        14 => Instruction::SetErrorHandler(inner(rng)),
        15 => Instruction::SetFeesMode { jit_withdraw: rng.gen() },
        16 => Instruction::BurnAsset(ksm(some(rng)).into()),
        17 => Instruction::ReportHolding { response_info: response_info(rng), assets: filter(rng) },
        18 => Instruction::DescendOrigin(account_junction(Alice).into()),
        19 => Instruction::ClearOrigin,
        20 => {
            let hints = vec![Hint::AssetClaimer { location: location(rng) }];
            Instruction::SetHints { hints: hints.try_into().expect("it is one") }
        }
        _ => claim(left(rng)),
    }
}

/// What must fail, or might do harm.
fn unusual(rng: &mut StdRng, depth: u32) -> Instruction<RuntimeCall> {
    match rng.gen_range(0..18) {
        0 | 1 => Instruction::ReceiveTeleportedAsset(assets(rng)),
        2 | 3 => Instruction::ReserveAssetDeposited(assets(rng)),
        4 => Instruction::WithdrawAsset(assets(rng)),
        5 => Instruction::ClaimAsset { assets: assets(rng), ticket: location(rng) },
        6 => Instruction::InitiateTeleport { assets: filter(rng), dest: location(rng), xcm: remote(rng) },
        7 => Instruction::InitiateReserveWithdraw { assets: filter(rng), reserve: location(rng), xcm: remote(rng) },
        8 => Instruction::ExchangeAsset { give: filter(rng), want: assets(rng), maximal: rng.gen() },
        9 => Instruction::LockAsset { asset: ksm(amount(rng)), unlocker: location(rng) },
        10 => Instruction::UnlockAsset { asset: ksm(amount(rng)), target: location(rng) },
        11 => Instruction::AliasOrigin(location(rng)),
        12 => Instruction::UniversalOrigin(Junction::GlobalConsensus(NetworkId::Kusama)),
        13 => Instruction::Trap(1),
        14 => Instruction::UnpaidExecution { weight_limit: WeightLimit::Unlimited, check_origin: None },
        15 => Instruction::ReportError(response_info(rng)),
        16 => {
            Instruction::ExportMessage { network: NetworkId::Polkadot, destination: Junctions::Here, xcm: remote(rng) }
        }
        _ => {
            let xcm = Xcm(depth.checked_sub(1).map_or_else(Vec::new, |depth| instructions(rng, depth)));
            Instruction::ExecuteWithOrigin { descendant_origin: None, xcm }
        }
    }
}

fn initiate_transfer(rng: &mut StdRng) -> Instruction<RuntimeCall> {
    let way = |rng: &mut StdRng| match rng.gen_range(0..3) {
        0 => AssetTransferFilter::Teleport(filter(rng)),
        1 => AssetTransferFilter::ReserveDeposit(filter(rng)),
        _ => AssetTransferFilter::ReserveWithdraw(filter(rng)),
    };
    let remote_fees = rng.gen_bool(0.5).then(|| way(rng));
    let assets = (0..rng.gen_range(0..3)).map(|_| way(rng)).collect::<Vec<_>>();
    Instruction::InitiateTransfer {
        destination: child(one_of(rng, &[SYSTEM, PARA, OTHER])),
        remote_fees,
        preserve_origin: rng.gen(),
        assets: assets.try_into().expect("they are few"),
        remote_xcm: remote(rng),
    }
}

fn transact(rng: &mut StdRng, depth: u32) -> Instruction<RuntimeCall> {
    use OriginKind::{Native, SovereignAccount, Superuser, Xcm as XcmItself};
    let origin_kind =
        one_of(rng, &[SovereignAccount, SovereignAccount, SovereignAccount, Native, Superuser, XcmItself]);
    Instruction::Transact { origin_kind, fallback_max_weight: None, call: call(rng, depth).encode().into() }
}

fn call(rng: &mut StdRng, depth: u32) -> RuntimeCall {
    let account = |rng: &mut StdRng| MultiAddress::Id(someone(rng));
    match rng.gen_range(0..16) {
        0 | 1 => {
            let (dest, value) = (account(rng), some(rng));
            RuntimeCall::Balances(pallet_balances::Call::transfer_allow_death { dest, value })
        }
        2 => {
            let (dest, keep_alive) = (account(rng), rng.gen());
            RuntimeCall::Balances(pallet_balances::Call::transfer_all { dest, keep_alive })
        }
        3 => RuntimeCall::Balances(pallet_balances::Call::burn { value: some(rng), keep_alive: rng.gen() }),
        4 => {
            let (who, new_free) = (account(rng), amount(rng));
            RuntimeCall::Balances(pallet_balances::Call::force_set_balance { who, new_free })
        }
        5 => {
            let (source, dest, value) = (account(rng), account(rng), some(rng));
            RuntimeCall::Balances(pallet_balances::Call::force_transfer { source, dest, value })
        }
        6 | 7 if depth > 0 => {
            let message = Box::new(VersionedXcm::from(Xcm(instructions(rng, depth - 1))));
            RuntimeCall::XcmPallet(XcmCall::execute {
                message,
                max_weight: Weight::from_parts(10_000_000_000, 1_000_000),
            })
        }
        8 => RuntimeCall::XcmPallet(XcmCall::limited_teleport_assets {
            dest: versioned(child(one_of(rng, &[SYSTEM, PARA]))),
            beneficiary: versioned(location(rng)),
            assets: Box::new(VersionedAssets::from(Assets::from(ksm(some(rng))))),
            fee_asset_item: 0,
            weight_limit: WeightLimit::Unlimited,
        }),
        9 => transfer_by(rng),
        10 => RuntimeCall::XcmPallet(XcmCall::claim_assets {
            assets: Box::new(VersionedAssets::from(Assets::from(ksm(left(rng))))),
            beneficiary: versioned(location(rng)),
        }),
        11 | 12 => channel(rng),
        13 => RuntimeCall::Preimage(pallet_preimage::Call::note_preimage { bytes: vec![rng.gen()] }),
        14 if depth > 0 => {
            let calls = (0..rng.gen_range(0..4)).map(|_| call(rng, depth - 1)).collect();
            RuntimeCall::Utility(pallet_utility::Call::batch { calls })
        }
        15 => authorize_upgrade(),
        _ => remark(),
    }
}

fn transfer_by(rng: &mut StdRng) -> RuntimeCall {
    let ways = [
        TransferType::LocalReserve,
        TransferType::DestinationReserve,
        TransferType::Teleport,
        TransferType::RemoteReserve(VersionedLocation::from(child(SYSTEM))),
    ];
    RuntimeCall::XcmPallet(XcmCall::transfer_assets_using_type_and_then {
        dest: versioned(child(one_of(rng, &[SYSTEM, PARA, OTHER, UNKNOWN]))),
        assets: Box::new(VersionedAssets::from(Assets::from(ksm(some(rng))))),
        assets_transfer_type: Box::new(ways.choose(rng).expect("there are ways").clone()),
        remote_fees_id: Box::new(VersionedAssetId::from(AssetId(here()))),
        fees_transfer_type: Box::new(ways.choose(rng).expect("there are ways").clone()),
        custom_xcm_on_dest: Box::new(VersionedXcm::from(remote(rng))),
        weight_limit: WeightLimit::Unlimited,
    })
}

fn channel(rng: &mut StdRng) -> RuntimeCall {
    let (sender, recipient) = (one_of(rng, &[PARA, OTHER]).into(), one_of(rng, &[PARA, OTHER, SYSTEM]).into());
    let channel_id = HrmpChannelId { sender, recipient };
    RuntimeCall::Hrmp(match rng.gen_range(0..6) {
        0 => hrmp::Call::hrmp_init_open_channel { recipient, proposed_max_capacity: 1, proposed_max_message_size: 1 },
        1 => hrmp::Call::hrmp_accept_open_channel { sender },
        2 => hrmp::Call::hrmp_close_channel { channel_id },
        3 => hrmp::Call::hrmp_cancel_open_request { channel_id, open_requests: 100 },
        4 => hrmp::Call::establish_channel_with_system { target_system_chain: SYSTEM.into() },
        _ => hrmp::Call::poke_channel_deposits { sender, recipient },
    })
}

/// What another chain is to do with what it gets.
fn remote(rng: &mut StdRng) -> Xcm<()> {
    Xcm(match rng.gen_range(0..3) {
        0 => Vec::new(),
        1 => vec![Instruction::DepositAsset { assets: everything(), beneficiary: account(Bob) }],
        _ => vec![Instruction::ClearError; rng.gen_range(0..4)],
    })
}

fn response_info(rng: &mut StdRng) -> QueryResponseInfo {
    QueryResponseInfo { destination: location(rng), query_id: rng.gen(), max_weight: Weight::zero() }
}

fn assets(rng: &mut StdRng) -> Assets {
    let count = rng.gen_range(1..=2);
    let draw = |rng: &mut StdRng| match rng.gen_range(0..4) {
        0 => Asset::from((location(rng), amount(rng))),
        1 => Asset::from((here(), [1_u8; 4])),
        _ => ksm(amount(rng)),
    };
    (0..count).map(|_| draw(rng)).collect::<Vec<_>>().into()
}

fn filter(rng: &mut StdRng) -> AssetFilter {
    match rng.gen_range(0..5) {
        0 => everything(),
        1 => AssetFilter::Wild(WildAsset::AllCounted(rng.gen_range(0..3))),
        2 => AssetFilter::Wild(WildAsset::AllOf { id: AssetId(here()), fun: WildFungibility::Fungible }),
        3 => AssetFilter::Definite(assets(rng)),
        _ => AssetFilter::Definite(ksm(some(rng)).into()),
    }
}

/// Mostly those that own something here.
fn location(rng: &mut StdRng) -> Location {
    match rng.gen_range(0..12) {
        0 => here(),
        1 => Location::parent(),
        2 => Location::new(1, Junction::Parachain(PARA)),
        3 => child(SYSTEM),
        4 | 5 => child(PARA),
        6 => child(OTHER),
        7 => child(UNKNOWN),
        8 => inside(PARA),
        9 | 10 => account(Alice),
        _ => account(Bob),
    }
}

fn someone(rng: &mut StdRng) -> AccountId {
    match rng.gen_range(0..6) {
        0 => XcmPallet::check_account(),
        1 => Treasury::account_id(),
        2 => sovereign(&child(SYSTEM)),
        3 => sovereign(&child(PARA)),
        4 => sovereign(&inside(PARA)),
        _ => Alice.to_account_id(),
    }
}

/// An account on a child.
fn inside(id: u32) -> Location {
    Location::new(0, [Junction::Parachain(id), account_junction(Alice)])
}

/// An amount that there mostly is.
fn some(rng: &mut StdRng) -> Balance {
    if rng.gen_bool(0.9) {
        rng.gen_range(EXISTENTIAL_DEPOSIT..UNITS)
    } else {
        amount(rng)
    }
}

/// Amounts at which something might change.
fn amount(rng: &mut StdRng) -> Balance {
    let drawn = rng.gen_range(0..2 * FUNDS);
    one_of(rng, &[0, 1, EXISTENTIAL_DEPOSIT - 1, EXISTENTIAL_DEPOSIT, UNITS, PAYS, FUNDS, drawn, Balance::MAX])
}

fn versioned(location: Location) -> Box<VersionedLocation> {
    Box::new(location.into())
}

fn one_of<T: Copy>(rng: &mut StdRng, all: &[T]) -> T {
    *all.choose(rng).expect("there is one")
}
