// SPDX-License-Identifier: GPL-3.0-only
//! What the block costs that ends an auction, by the number of bidders that were outbid in the ending period and may
//! still have won: here and with the SDK's auctions, unchanged, after the same bids.

use super::{
    peer::{self, peer_advance_to, peer_chain, Peer, PeerEndingBlocks, PeerLeasePeriodBlocks, PeerRandomness},
    *,
};
use crate::mock;
use frame_support::traits::Hooks;
use polkadot_runtime_common::auctions;
use serin_primitives::lease::RANGE_COUNT;
use sp_io::TestExternalities;
use sp_runtime::{BuildStorage, Permill};
use sp_trie::recorder::Recorder;
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// As many as 50,000 bidders need if each leads for one block, 36 of them at once.
const ENDING_BLOCKS: BlockNumber = 1_400;
const CLOSES_AT: BlockNumber = 1 + ENDING_BLOCKS;
const FIRST_BIDDER: AccountId = 100;

struct Cost {
    reads: usize,
    writes: usize,
    proof_bytes: usize,
    time: Duration,
}

/// The bids of one block: bidder, para, range and amount. Each leads until the next block that has bids, and the
/// eight ranges of one period win.
fn bids_of_block(block: u32, bidders: u32) -> impl Iterator<Item = (AccountId, u32, LeaseRange, Balance)> {
    let ranges = u32::try_from(RANGE_COUNT).unwrap();
    let first = block * ranges;
    let bid = move |(number, range): (u32, LeaseRange)| {
        let amount = Balance::from(block + 1) * if range.period_count() == 1 { 2 } else { 1 };
        (FIRST_BIDDER + AccountId::from(number), number % 10, range, amount)
    };
    (first..bidders.min(first + ranges)).zip(LeaseRange::all()).map(bid)
}

fn balances(bidders: u32) -> Vec<(AccountId, Balance)> {
    (0..bidders).map(|number| (FIRST_BIDDER + AccountId::from(number), 1 << 30)).collect()
}

fn absolute(range: LeaseRange) -> (LeasePeriod, LeasePeriod) {
    (1 + u32::from(range.first()), 1 + u32::from(range.last()))
}

fn cost_here(bidders: u32) -> Cost {
    let balances = pallet_balances::GenesisConfig { balances: balances(bidders), ..Default::default() };
    let genesis = mock::RuntimeGenesisConfig { balances, ..Default::default() };
    let mut chain = TestExternalities::new(genesis.build_storage().unwrap());
    chain.execute_with(|| {
        System::set_block_number(1);
        NextSeed::set(None);
        MinimumRaise::set(Permill::zero());
        LeasePeriodBlocks::set(10_000);
        (0..10).for_each(|para| Managers::insert(ParaId::from(para), MANAGER));
        open_all_paras();
        let id = new_auction(0, ENDING_BLOCKS, 1);
        for block in 0..ENDING_BLOCKS {
            for (who, para, range, amount) in bids_of_block(block, bidders) {
                assert_ok!(bid(who, id, para, absolute(range), amount));
            }
            advance_to(block + 2);
        }
        assert_eq!(Pledges::<Test>::iter_prefix(id).count(), usize::try_from(bidders).unwrap());
        NextSeed::set(Some(([u8::MAX; 32], CLOSES_AT)));
    });
    let cost = cost_of(&mut chain, || {
        Auctions::on_initialize(CLOSES_AT);
    });
    chain.execute_with(|| assert_eq!(leases().len(), if bidders == 0 { 0 } else { 8 }));
    cost
}

fn cost_there(bidders: u32) -> Cost {
    let mut chain = peer_chain(balances(bidders));
    chain.execute_with(|| {
        PeerEndingBlocks::set(ENDING_BLOCKS);
        PeerLeasePeriodBlocks::set(10_000);
        let origin = peer::RuntimeOrigin::signed(ADMIN);
        assert_ok!(auctions::Pallet::<Peer>::new_auction(origin, 0, 1));
        for block in 0..ENDING_BLOCKS {
            for (who, para, range, amount) in bids_of_block(block, bidders) {
                let origin = peer::RuntimeOrigin::signed(who);
                let (first, last) = absolute(range);
                assert_ok!(auctions::Pallet::<Peer>::bid(origin, para.into(), 1, first, last, amount));
            }
            if block + 1 < ENDING_BLOCKS {
                peer_advance_to(block + 2);
            }
        }
        assert_eq!(auctions::ReservedAmounts::<Peer>::iter().count(), usize::try_from(bidders).unwrap());
        peer::System::set_block_number(CLOSES_AT);
        PeerRandomness::set((ENDING_BLOCKS - 1, CLOSES_AT));
    });
    cost_of(&mut chain, || {
        auctions::Pallet::<Peer>::on_initialize(CLOSES_AT);
    })
}

/// Keys of the state that `close` reads and those it changes, and the time that it takes.
fn cost_of(chain: &mut TestExternalities, close: impl FnOnce()) -> Cost {
    chain.commit_all().unwrap();
    let before = chain.execute_with(state);
    let recorder = Recorder::default();
    let time = chain.execute_with_recorder(recorder.clone(), || {
        let start = Instant::now();
        close();
        start.elapsed()
    });
    let reads = recorder.recorded_keys().values().map(|keys| keys.len()).sum();
    let proof_bytes = recorder.estimate_encoded_size();
    let after = chain.execute_with(state);
    let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
    let writes = keys.filter(|key| before.get(*key) != after.get(*key)).count();
    Cost { reads, writes, proof_bytes, time }
}

fn state() -> BTreeMap<Vec<u8>, Vec<u8>> {
    let next = |key: &Vec<u8>| sp_io::storage::next_key(key);
    let keys = std::iter::successors(next(&Vec::new()), next);
    keys.map(|key| (key.clone(), sp_io::storage::get(&key).unwrap().to_vec())).collect()
}

#[test]
fn the_cost_of_closing_does_not_grow_with_the_bidders() {
    let most = rounds(1_000, 50_000);
    println!("bidders | here: reads writes proof time | SDK: reads writes proof time");
    for bidders in [0, 36, 1_000, 10_000, 50_000].into_iter().filter(|bidders| *bidders <= most) {
        let (here, there) = (cost_here(bidders), cost_there(bidders));
        let line = |cost: &Cost| format!("{} {} {} B {:?}", cost.reads, cost.writes, cost.proof_bytes, cost.time);
        println!("{bidders} | {} | {}", line(&here), line(&there));
        // What the weight is declared for.
        assert!(here.reads <= 36 + 1 + 8 * 6 + 4 && here.writes <= 8 * 5 + 4 + 2 * 8);
        assert!(there.writes >= usize::try_from(bidders.max(ENDING_BLOCKS)).unwrap());
    }
}
