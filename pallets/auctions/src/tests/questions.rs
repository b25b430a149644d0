// SPDX-License-Identifier: GPL-3.0-only
//! What the runtime API answers.

use super::*;
use crate::runtime_api::{AuctionOnSale, WinShare};
use sp_runtime::Perbill;

#[test]
fn live_lists_auctions_as_they_are_settled() {
    on_open_chain(|| {
        let late = new_auction(20, 3, 1);
        let early = new_auction(0, 3, 2);
        let phase = Phase::Ending { offset: 0 };
        let (series, first_period, core) = (Series::Direct, 2, 1);
        let first = AuctionOnSale { id: early, phase, series, first_period, core, ending_start: 1, closes_at: 4 };
        let listed = Auctions::live();
        assert_eq!(listed[0], first);
        assert_eq!((listed[1].id, listed[1].phase, listed.len()), (late, Phase::Starting, 2));
    });
}

#[test]
fn leaders_and_history_show_the_log() {
    on_open_chain(|| {
        let id = new_auction(0, 9, 1);
        for (block, amount) in [(1, 2), (2, 4), (4, 6)] {
            advance_to(block);
            assert_ok!(bid(5, id, 5, (1, 2), amount));
        }
        assert_ok!(bid(6, id, 6, (1, 8), 1));
        let lead = |bidder: AccountId, amount, since| Lead {
            bidder,
            para: u32::try_from(bidder).unwrap().into(),
            amount,
            since,
        };
        assert_eq!(Auctions::leaders(id), [(range(0, 1), lead(5, 6, 4)), (range(0, 7), lead(6, 1, 4))]);
        let of_range = [(range(0, 1), lead(5, 4, 2)), (range(0, 1), lead(5, 6, 4))];
        assert_eq!(Auctions::history(id, Some(range(0, 1)), 1, 10), of_range);
        assert_eq!(Auctions::history(id, None, 0, 1), [(range(0, 1), lead(5, 2, 1)), (range(0, 7), lead(6, 1, 4))]);
        assert_eq!(Auctions::history(AuctionId(2), None, 0, 10), []);
    });
}

#[test]
fn the_outcome_of_each_block_is_what_settlement_decides() {
    let scenario = || {
        let id = new_auction(1, 4, 1);
        assert_ok!(bid(2, id, 2, (1, 4), 2));
        assert_ok!(bid(3, id, 3, (5, 8), 3));
        advance_to(3);
        assert_ok!(bid(4, id, 4, (1, 8), 4));
        advance_to(5);
        assert_ok!(bid(5, id, 5, (3, 6), 20));
        Managers::remove(ParaId::from(5));
        id
    };
    for offset in 0..4 {
        on_open_chain(|| {
            let id = scenario();
            let before = sp_io::storage::root(sp_runtime::StateVersion::V1);
            let predicted = Auctions::outcome_if_closed_at(id, 2 + offset);
            assert_eq!(sp_io::storage::root(sp_runtime::StateVersion::V1), before);
            settle_at(id, offset);
            assert!(!predicted.is_empty());
            assert_eq!(Results::<Test>::get(id), Some(predicted.clone()));
            assert_eq!(Auctions::outcome_if_closed_at(id, 2 + offset), predicted);
        });
    }
}

#[test]
fn the_minimum_bid_leads_and_the_winning_bid_wins() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_eq!(Auctions::minimum_bid(id, 1, 4), Some(1));
        assert_eq!(Auctions::min_bid_to_win(id, 0, 4), None);
        assert_eq!(Auctions::min_bid_to_win(AuctionId(2), 1, 4), None);
        assert_ok!(bid(2, id, 2, (1, 8), 10));
        assert_ok!(bid(3, id, 3, (5, 8), 5));
        // Eight periods at ten, of which four are worth five to somebody else.
        assert_eq!(Auctions::minimum_bid(id, 1, 4), Some(1));
        assert_eq!(Auctions::min_bid_to_win(id, 1, 4), Some(16));
        assert_ok!(bid(4, id, 4, (1, 4), 16));
        let winners: Vec<_> = Auctions::outcome_if_closed_at(id, 6).into_iter().map(|winner| winner.bidder).collect();
        assert_eq!(winners, [4, 3]);
    });
}

#[test]
fn the_share_of_blocks_that_each_lead_would_win() {
    on_open_chain(|| {
        let id = new_auction(1, 8, 1);
        assert_eq!(Auctions::win_share(id), []);
        assert_ok!(bid(2, id, 2, (1, 4), 2));
        assert_ok!(bid(3, id, 3, (5, 8), 3));
        advance_to(4);
        assert_ok!(bid(4, id, 4, (1, 4), 4));
        // Blocks 2 and 3 have passed for account 2, block 4 for account 4.
        advance_to(5);
        let share = |bidder: AccountId, first, last, blocks| WinShare {
            bidder,
            para: u32::try_from(bidder).unwrap().into(),
            range: range(first, last),
            share: Perbill::from_rational(blocks, 3u32),
        };
        assert_eq!(Auctions::win_share(id), [share(2, 0, 3, 2), share(3, 4, 7, 3), share(4, 0, 3, 1)]);
    });
}

#[test]
fn refundable_lists_what_refund_gives_back() {
    on_open_chain(|| {
        let id = new_auction(0, 3, 1);
        assert_ok!(bid(2, id, 2, (1, 4), 5));
        advance_to(2);
        assert_ok!(bid(3, id, 3, (1, 4), 9));
        assert_eq!(Auctions::refundable(2), []);
        settle_at(id, 2);
        assert_eq!(Auctions::refundable(2), [(id, 2.into(), 5)]);
        assert_eq!(Auctions::refundable(3), []);
        assert_ok!(Auctions::refund(signed(2), id, 2, 2.into()));
        assert_eq!(Auctions::refundable(2), []);
    });
}
