// SPDX-License-Identifier: GPL-3.0-only
//! Two chains with the same accounts, paras and operations: one with this pallet, one with the SDK's auctions, unchanged,
//! over the SDK's leases. In the parity profile, without minimum raise, with samples of one block, both must accept the
//! same bids and, whichever block is drawn, have the same leases and balances when all is refunded.
//!
//! Intended differences that the operations meet, besides that a bid which leads nothing is an error here:
//! a lead that can no longer be drawn is released at once, there only in the starting period. A bid that only this
//! chain has the funds for, because of it, is therefore not made.

use super::{
    peer::{self, peer_advance_to, peer_chain, Peer, PeerEndingBlocks, PeerRandomness},
    *,
};
use crate::mock;
use polkadot_runtime_common::{
    auctions::{self, ReservedAmounts, Winning},
    slots,
};
use rand::{rngs::StdRng, Rng, SeedableRng};
use sp_io::TestExternalities;
use sp_runtime::{BuildStorage, Permill};
use std::collections::BTreeMap;

const BIDDERS: AccountId = 8;
const FIRST_PERIOD: LeasePeriod = 1;

#[derive(Default)]
struct Counts {
    auctions: u32,
    accepted: u32,
    refused_by_both: u32,
    without_effect_by_both: u32,
    not_made: u32,
    outcomes: u32,
    winners: u32,
}

/// What one chain says of all accounts: free and reserved, holds included.
type AccountBalances = Vec<(Balance, Balance)>;

struct Chains {
    ours: TestExternalities,
    peer: TestExternalities,
    starting_blocks: BlockNumber,
    ending_blocks: BlockNumber,
}

impl Chains {
    fn new(rng: &mut StdRng) -> Self {
        // Some have much, some little.
        let balances: Vec<_> =
            (1..=BIDDERS).map(|who| (who, if who % 2 == 0 { 100_000 } else { rng.gen_range(1..300) })).collect();
        let genesis = mock::RuntimeGenesisConfig {
            balances: pallet_balances::GenesisConfig { balances: balances.clone(), ..Default::default() },
            ..Default::default()
        };
        let mut ours = TestExternalities::new(genesis.build_storage().unwrap());
        let mut peer = peer_chain(balances);
        let (starting_blocks, ending_blocks) = (rng.gen_range(0..6), rng.gen_range(1..12));
        PeerEndingBlocks::set(ending_blocks);
        MinimumRaise::set(Permill::zero());
        MinimumBid::set(0);
        ours.execute_with(|| {
            System::set_block_number(1);
            NextSeed::set(None);
            (0..10).for_each(|para| Managers::insert(ParaId::from(para), MANAGER));
            open_all_paras();
            new_auction(starting_blocks, ending_blocks, FIRST_PERIOD);
        });
        peer.execute_with(|| {
            let created = auctions::Pallet::<Peer>::new_auction(
                peer::RuntimeOrigin::signed(ADMIN),
                starting_blocks,
                FIRST_PERIOD,
            );
            assert_ok!(created);
        });
        Self { ours, peer, starting_blocks, ending_blocks }
    }

    fn closes_at(&self) -> BlockNumber {
        1 + self.starting_blocks + self.ending_blocks
    }

    /// Makes the same bid on both.
    fn bid(&mut self, rng: &mut StdRng, counts: &mut Counts) {
        let who = rng.gen_range(1..=BIDDERS);
        let para = rng.gen_range(0..5u32);
        let first = rng.gen_range(0..8);
        let periods = (FIRST_PERIOD + first, FIRST_PERIOD + rng.gen_range(first..8));
        let (leading, funds_there) = self.peer.execute_with(|| {
            let reserved = ReservedAmounts::<Peer>::get((who, ParaId::from(para))).unwrap_or_default();
            (peer_leading(periods), peer::Balances::free_balance(who) + reserved)
        });
        // Mostly a raise, sometimes too little. What is beyond the account's funds is mostly not tried: operations that
        // both refuse compare nothing.
        let amount = match rng.gen_range(0..100) {
            0..=84 => leading.map_or(0, |leading| leading + rng.gen_range(1..9)),
            85..=96 => leading.unwrap_or(0).saturating_sub(rng.gen_range(0..3)),
            _ => rng.gen_range(0..400),
        };
        if amount >= funds_there && !rng.gen_ratio(1, 50) {
            return;
        }
        let funds_here = self.ours.execute_with(|| {
            let pledge = Pledges::<Test>::get(AuctionId(1), (who, ParaId::from(para))).unwrap_or_default();
            Balances::free_balance(who) + pledge.held
        });
        if amount >= funds_there && amount < funds_here {
            counts.not_made += 1;
            return;
        }

        let here = self.ours.execute_with(|| bid(who, AuctionId(1), para, periods, amount));
        let there = self.peer.execute_with(|| {
            let origin = peer::RuntimeOrigin::signed(who);
            let result = auctions::Pallet::<Peer>::bid(origin, para.into(), 1, periods.0, periods.1, amount);
            result.map(|()| peer_leading(periods) != leading)
        });
        match (here, there) {
            (Ok(()), Ok(true)) => counts.accepted += 1,
            (Err(error), Ok(false)) => {
                assert_eq!(error, Error::<Test>::BidTooLow.into());
                counts.without_effect_by_both += 1;
            }
            (Err(_), Err(_)) => counts.refused_by_both += 1,
            (here, there) => panic!("here {here:?}, there {there:?}: {who} {para} {periods:?} {amount}"),
        }
    }

    fn advance(&mut self) {
        let block = self.ours.execute_with(|| {
            advance_to(System::block_number() + 1);
            System::block_number()
        });
        self.peer.execute_with(|| peer_advance_to(block));
    }

    /// The same leads, and the same funds, but for those of leads that can no longer be drawn.
    fn assert_same_leads(&mut self) {
        let (leads, in_starting_period, here) = self.ours.execute_with(|| {
            let leads = Auctions::leaders(AuctionId(1)).into_iter();
            let leads = leads.map(|(range, lead)| (range.index(), (lead.bidder, lead.para, lead.amount)));
            let auction = Records::<Test>::get(AuctionId(1)).unwrap();
            let phase = auction.phase_at(System::block_number());
            (leads.collect::<BTreeMap<_, _>>(), phase == Phase::Starting, balances_here())
        });
        let (leads_there, there) = self.peer.execute_with(|| (peer_leads(), balances_there()));
        assert_eq!(leads, leads_there);
        if in_starting_period {
            assert_eq!(here, there);
        }
        for ((_, reserved), (_, reserved_there)) in here.iter().zip(&there) {
            assert!(reserved <= reserved_there);
        }
    }

    /// Lets the candle go out at `offset` on both, then undoes it.
    fn assert_same_outcome(&mut self, offset: BlockNumber, counts: &mut Counts) {
        let closes_at = self.closes_at();
        let ending_blocks = self.ending_blocks;
        let (here, balances, winners) = in_a_transaction(&mut self.ours, || {
            NextSeed::set(Some((seed_for(offset, ending_blocks), closes_at)));
            advance_to(closes_at);
            NextSeed::set(None);
            for (bidder, para) in Pledges::<Test>::iter_key_prefix(AuctionId(1)).collect::<Vec<_>>() {
                assert_ok!(Auctions::refund(signed(9), AuctionId(1), bidder, para));
            }
            assert_ok!(Auctions::do_try_state());
            (sorted(slots::Leases::<Test>::iter()), balances_here(), Results::<Test>::get(AuctionId(1)).unwrap())
        });
        let (there, balances_there) = in_a_transaction(&mut self.peer, || {
            PeerRandomness::set((offset, closes_at));
            peer_advance_to(closes_at);
            PeerRandomness::set((0, 0));
            (sorted(slots::Leases::<Peer>::iter()), balances_there())
        });
        assert_eq!(here, there, "leases at offset {offset}");
        assert_eq!(balances, balances_there, "balances at offset {offset}");
        counts.outcomes += 1;
        counts.winners += u32::try_from(winners.len()).unwrap();
    }
}

/// Runs `operation` and undoes what it did.
fn in_a_transaction<R>(chain: &mut TestExternalities, operation: impl FnOnce() -> R) -> R {
    use frame_support::storage::{with_transaction_unchecked, TransactionOutcome};
    chain.execute_with(|| with_transaction_unchecked(|| TransactionOutcome::Rollback(operation())))
}

fn sorted<Lease>(leases: impl Iterator<Item = (ParaId, Lease)>) -> BTreeMap<ParaId, Lease> {
    leases.collect()
}

fn balances_here() -> AccountBalances {
    (1..=BIDDERS).map(|who| System::account(who).data).map(|data| (data.free, data.reserved)).collect()
}

fn balances_there() -> AccountBalances {
    (1..=BIDDERS).map(|who| peer::System::account(who).data).map(|data| (data.free, data.reserved)).collect()
}

/// The peer's leads by the position of their range.
fn peer_leads() -> BTreeMap<usize, (AccountId, ParaId, Balance)> {
    let latest = Winning::<Peer>::iter().max_by_key(|(offset, _)| *offset);
    let leads = latest.into_iter().flat_map(|(_, leads)| leads.into_iter().enumerate());
    leads.filter_map(|(index, lead)| Some((index, lead?))).collect()
}

fn peer_leading(periods: (LeasePeriod, LeasePeriod)) -> Option<Balance> {
    let offset = |period: LeasePeriod| u8::try_from(period - FIRST_PERIOD).unwrap();
    peer_leads().get(&range(offset(periods.0), offset(periods.1)).index()).map(|(_, _, amount)| *amount)
}

#[test]
fn the_same_operations_have_the_same_outcome_as_with_the_sdk() {
    let mut counts = Counts::default();
    for seed in 0..rounds(300, 5_000) {
        let rng = &mut StdRng::seed_from_u64(seed.into());
        let mut chains = Chains::new(rng);
        counts.auctions += 1;
        for _ in 1..chains.closes_at() {
            for _ in 0..rng.gen_range(0..12) {
                chains.bid(rng, &mut counts);
            }
            chains.assert_same_leads();
            if chains.ours.execute_with(System::block_number) + 1 < chains.closes_at() {
                chains.advance();
            }
        }
        for offset in 0..chains.ending_blocks {
            chains.assert_same_outcome(offset, &mut counts);
        }
    }
    let operations = counts.accepted + counts.without_effect_by_both + counts.refused_by_both;
    println!(
        "auctions={} operations={operations} accepted={} without_effect_by_both={} refused_by_both={} not_made={} \
         outcomes={} winners={}",
        counts.auctions,
        counts.accepted,
        counts.without_effect_by_both,
        counts.refused_by_both,
        counts.not_made,
        counts.outcomes,
        counts.winners
    );
    assert!(counts.refused_by_both * 100 < operations);
    assert!(counts.winners > counts.outcomes, "hardly anything was won");
}
