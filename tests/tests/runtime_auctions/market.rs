// SPDX-License-Identifier: GPL-3.0-only
//! A chain with paras that want a core, what their managers do, and what can be seen of it.

use super::support::{apply, Chain};
use frame_support::traits::{fungible::InspectHold, ReservableCurrency};
use pallet_auctions::{
    types::{Auction, AuctionState, LeaseOutcome, Winner},
    AuctionId, Series,
};
use polkadot_primitives::{HeadData, Id as ParaId, ValidationCode};
use polkadot_runtime_common::{crowdloan, paras_registrar, slots};
use polkadot_runtime_parachains::runtime_api_impl::v13;
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin,
    constants::currency::UNITS,
    genesis_config_presets::{GenesisParachain, ParachainKind, Preset, Transport},
    AccountId, Balance, Balances, BlockNumber, Runtime, RuntimeCall, RuntimeEvent, RuntimeHoldReason, RuntimeOrigin,
};
use sp_keyring::Sr25519Keyring::{self, AliceStash, Bob, BobStash, Charlie, CharlieStash, Dave, DaveStash};
use sp_runtime::{traits::Dispatchable, DispatchError};
use std::collections::{BTreeMap, BTreeSet};

/// Lease periods of `local`, in blocks.
pub const PERIOD: BlockNumber = 20;

/// The paras, registered at genesis, without a core, each with the manager at its place.
pub const PARAS: [u32; 7] = [2_001, 2_002, 2_003, 2_004, 2_005, 2_006, 2_007];
pub const MANAGERS: [Sr25519Keyring; 7] = [Bob, Charlie, Dave, AliceStash, BobStash, CharlieStash, DaveStash];

/// Two sessions after bids are closed, and the rest of the one in which they were.
const SEED_LIMIT: BlockNumber = 31;

pub type AuctionEvent = pallet_auctions::Event<Runtime>;
pub type AuctionError = pallet_auctions::Error<Runtime>;

pub fn chain(validators: u32) -> Chain {
    let parachains: Vec<_> = PARAS.into_iter().zip(MANAGERS).map(|(id, manager)| parachain(id, manager)).collect();
    Chain::with_genesis(
        Preset::Local,
        validators,
        Preset::Local.genesis_with_parachains(validators, &parachains, Transport::Xcmp),
    )
}

fn parachain(id: u32, manager: Sr25519Keyring) -> GenesisParachain {
    GenesisParachain {
        id: id.into(),
        head: HeadData(id.to_le_bytes().to_vec()),
        // The beginning of any module. It is never run.
        code: ValidationCode(b"\0asm\x01\0\0\0".to_vec()),
        manager: manager.to_account_id(),
        kind: ParachainKind::OnDemand,
    }
}

// --- What is done ---

pub fn submit(chain: &mut Chain, signer: Sr25519Keyring, call: RuntimeCall) -> Result<(), DispatchError> {
    chain.transact(|| apply(signer, call))
}

/// As a referendum that has passed dispatches it.
pub fn dispatch(chain: &mut Chain, origin: impl Into<RuntimeOrigin>, call: RuntimeCall) -> Result<(), DispatchError> {
    chain.transact(|| call.dispatch(origin.into()).map(|_| ()).map_err(|error| error.error))
}

pub fn new_auction(starting: BlockNumber, ending: BlockNumber, first_period: u32, series: Series) -> RuntimeCall {
    RuntimeCall::Auctions(pallet_auctions::Call::new_auction {
        starting_blocks: starting,
        ending_blocks: ending,
        first_period,
        series,
    })
}

/// Opens an auction of the series `Direct`.
pub fn open(chain: &mut Chain, starting: BlockNumber, ending: BlockNumber, first_period: u32) -> AuctionId {
    open_in(chain, starting, ending, first_period, Series::Direct)
}

pub fn open_in(
    chain: &mut Chain,
    starting: BlockNumber,
    ending: BlockNumber,
    first_period: u32,
    series: Series,
) -> AuctionId {
    let call = new_auction(starting, ending, first_period, series);
    assert_eq!(dispatch(chain, Origin::AuctionAdmin, call), Ok(()));
    last_auction(chain)
}

pub fn last_auction(chain: &mut Chain) -> AuctionId {
    chain.inspect(pallet_auctions::LastAuction::<Runtime>::get)
}

pub fn bid_call(id: AuctionId, para: u32, periods: (u32, u32), amount: Balance) -> RuntimeCall {
    let (first_period, last_period) = periods;
    RuntimeCall::Auctions(pallet_auctions::Call::bid { id, para: para.into(), first_period, last_period, amount })
}

/// The manager of the para at `place` bids so many units for it.
pub fn bid(
    chain: &mut Chain,
    place: usize,
    id: AuctionId,
    periods: (u32, u32),
    units: Balance,
) -> Result<(), DispatchError> {
    submit(chain, MANAGERS[place], bid_call(id, PARAS[place], periods, units * UNITS))
}

pub fn refund_call(id: AuctionId, bidder: AccountId, para: u32) -> RuntimeCall {
    RuntimeCall::Auctions(pallet_auctions::Call::refund { id, bidder, para: para.into() })
}

/// Anybody gives the manager at `place` back what it has pledged.
pub fn refund(chain: &mut Chain, place: usize, id: AuctionId) -> Result<(), DispatchError> {
    submit(chain, Sr25519Keyring::Alice, refund_call(id, account(place), PARAS[place]))
}

/// Builds blocks until the auction is settled.
pub fn pass_settlement(chain: &mut Chain, id: AuctionId) {
    let limit = chain.number().max(auction(chain, id).closes_at()) + SEED_LIMIT;
    while auction(chain, id).finished_at().is_none() {
        assert!(chain.number() < limit, "{id:?} is not settled by block {limit}");
        chain.block(|| ());
    }
}

/// Both managers agree on a swap.
pub fn swap(chain: &mut Chain, one: usize, other: usize) {
    for (one, other) in [(one, other), (other, one)] {
        let call = paras_registrar::Call::swap { id: PARAS[one].into(), other: PARAS[other].into() };
        assert_eq!(submit(chain, MANAGERS[one], RuntimeCall::Registrar(call)), Ok(()));
    }
}

pub fn force_lease(place: usize, first_period: u32, count: u32) -> RuntimeCall {
    RuntimeCall::Slots(slots::Call::force_lease {
        para: PARAS[place].into(),
        leaser: account(place),
        amount: UNITS,
        period_begin: first_period,
        period_count: count,
    })
}

pub fn deregister(place: usize) -> RuntimeCall {
    RuntimeCall::Registrar(paras_registrar::Call::deregister { id: PARAS[place].into() })
}

pub fn create_loan(place: usize, units: Balance, periods: (u32, u32), end: BlockNumber) -> RuntimeCall {
    RuntimeCall::Crowdloan(crowdloan::Call::create {
        index: PARAS[place].into(),
        cap: units * UNITS,
        first_period: periods.0,
        last_period: periods.1,
        end,
        verifier: None,
    })
}

pub fn contribute(place: usize, units: Balance) -> RuntimeCall {
    RuntimeCall::Crowdloan(crowdloan::Call::contribute {
        index: PARAS[place].into(),
        value: units * UNITS,
        signature: None,
    })
}

/// The account that holds what was contributed for the para at `place`.
pub fn pot(chain: &mut Chain, place: usize) -> AccountId {
    let fund = chain.inspect(|| crowdloan::Funds::<Runtime>::get(ParaId::from(PARAS[place]))).expect("there is a loan");
    crowdloan::Pallet::<Runtime>::fund_account_id(fund.fund_index)
}

// --- What is seen ---

pub fn account(place: usize) -> AccountId {
    MANAGERS[place].to_account_id()
}

pub fn auction(chain: &mut Chain, id: AuctionId) -> Auction {
    chain.inspect(|| pallet_auctions::Records::<Runtime>::get(id)).expect("the auction is not pruned")
}

pub fn candle_block(chain: &mut Chain, id: AuctionId) -> BlockNumber {
    match auction(chain, id).state {
        AuctionState::Settled { candle_block, .. } => candle_block,
        other => panic!("{id:?} is {other:?}"),
    }
}

/// Who has won, and leases.
pub fn winners(chain: &mut Chain, id: AuctionId) -> Vec<(ParaId, AccountId, Balance)> {
    let winners = chain.inspect(|| pallet_auctions::Results::<Runtime>::get(id)).unwrap_or_default().into_iter();
    let leased = winners.filter(|winner| winner.lease == LeaseOutcome::Leased);
    leased.map(|Winner { para, bidder, amount, .. }| (para, bidder, amount)).collect()
}

/// The periods that the para at `place` has leased, by whom and for how many units.
pub fn leases(chain: &mut Chain, place: usize) -> BTreeMap<u32, (AccountId, Balance)> {
    let current = chain.number() / PERIOD;
    let leases = chain.inspect(|| slots::Leases::<Runtime>::get(ParaId::from(PARAS[place])));
    let numbered = (current..).zip(leases);
    numbered.filter_map(|(period, lease)| lease.map(|(leaser, amount)| (period, (leaser, amount / UNITS)))).collect()
}

/// What `leases` shows if `leaser` has all of these periods.
pub fn lease(periods: (u32, u32), leaser: &AccountId, units: Balance) -> BTreeMap<u32, (AccountId, Balance)> {
    (periods.0..=periods.1).map(|period| (period, (leaser.clone(), units))).collect()
}

/// Units held for bids.
pub fn held(chain: &mut Chain, who: &AccountId) -> Balance {
    let reason = RuntimeHoldReason::Auctions(pallet_auctions::HoldReason::Bid);
    chain.inspect(|| Balances::balance_on_hold(&reason, who)) / UNITS
}

/// Units reserved, which is how leases are secured; holds are not counted.
pub fn reserved(chain: &mut Chain, who: &AccountId) -> Balance {
    chain.inspect(|| {
        let holds: Balance = pallet_balances::Holds::<Runtime>::get(who).iter().map(|hold| hold.amount).sum();
        <Balances as ReservableCurrency<_>>::reserved_balance(who) - holds
    }) / UNITS
}

/// The paras that each core is for within the next blocks.
pub fn claims(chain: &mut Chain) -> BTreeMap<u16, BTreeSet<u32>> {
    let queues = chain.inspect(v13::claim_queue::<Runtime>).into_iter();
    let claims = queues.map(|(core, queue)| {
        let core = u16::try_from(core.0).expect("there are few cores");
        (core, queue.into_iter().map(u32::from).collect::<BTreeSet<_>>())
    });
    claims.filter(|(_, queue)| !queue.is_empty()).collect()
}

/// Whether some core is for the para at `place`.
pub fn has_core(chain: &mut Chain, place: usize) -> bool {
    claims(chain).values().any(|queue| queue.contains(&PARAS[place]))
}

pub fn auction_events(chain: &Chain) -> Vec<AuctionEvent> {
    let of_pallet = |(_, event): &(BlockNumber, RuntimeEvent)| match event {
        RuntimeEvent::Auctions(event) => Some(event.clone()),
        _ => None,
    };
    chain.events().iter().filter_map(of_pallet).collect()
}

/// Checks what must hold in every state: the invariants of both pallets that can be seen from outside.
pub fn ensure_invariants(chain: &mut Chain) {
    chain.inspect(|| {
        let reason = RuntimeHoldReason::Auctions(pallet_auctions::HoldReason::Bid);
        let mut pledged = BTreeMap::<AccountId, Balance>::new();
        for (_, (bidder, _), pledge) in pallet_auctions::Pledges::<Runtime>::iter() {
            *pledged.entry(bidder).or_default() += pledge.held;
        }
        for (bidder, pledged) in pledged {
            assert!(pledged >= Balances::balance_on_hold(&reason, &bidder), "I1: {bidder} has {pledged} pledged");
        }

        let live = pallet_auctions::Live::<Runtime>::get();
        assert!(live.is_sorted(), "I8: {live:?}");
        let is_open = |auction: &Auction| auction.state == AuctionState::Open;
        let open: BTreeSet<_> = pallet_auctions::Records::<Runtime>::iter()
            .filter_map(|(id, auction)| is_open(&auction).then_some(id))
            .collect();
        assert_eq!(live.iter().map(|entry| entry.id).collect::<BTreeSet<_>>(), open, "I8");

        let cores = pallet_lease_cores::Cores::<Runtime>::get();
        assert!(cores.is_sorted(), "lease cores, I1: {cores:?}");
        let mut placed = BTreeSet::new();
        for core in cores {
            let record = pallet_lease_cores::Records::<Runtime>::get(core).expect("lease cores, I1");
            for para in record.calendar.paras() {
                let listed = pallet_lease_cores::CoresOf::<Runtime>::get(para).contains(&core);
                assert!(listed, "lease cores, I3: {para:?} on {core}");
                for period in record.calendar.periods_of(para) {
                    assert!(placed.insert((para, period)), "lease cores, I2: {para:?} has two cores in {period}");
                }
            }
        }
    });
}
