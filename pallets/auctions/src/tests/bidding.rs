// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use frame_support::assert_noop;
use sp_runtime::{Permill, TokenError};

#[test]
fn a_bid_leads_and_is_held() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        events();
        assert_ok!(bid(2, id, 7, (1, 4), 5));
        assert_eq!(leader(id, (1, 4)), Some((2, 7.into(), 5)));
        assert_eq!((held(2), Balances::free_balance(2)), (5, 15));
        let (first_period, last_period) = (1, 4);
        assert_eq!(
            events(),
            [Event::BidPlaced { id, bidder: 2, para: 7.into(), first_period, last_period, amount: 5 }]
        );
    });
}

#[test]
fn a_bid_must_exceed_the_lead_by_the_minimum_raise() {
    on_open_chain(|| {
        MinimumRaise::set(Permill::from_percent(10));
        MinimumBid::set(3);
        let id = new_auction(5, 3, 1);
        assert_noop!(bid(2, id, 0, (1, 4), 2), Error::<Test>::BidTooLow);
        assert_ok!(bid(2, id, 0, (1, 4), 3));
        // Never less than one planck.
        assert_noop!(bid(3, id, 0, (1, 4), 3), Error::<Test>::BidTooLow);
        assert_ok!(bid(3, id, 0, (1, 4), 11));
        // Rounded up.
        assert_noop!(bid(4, id, 0, (1, 4), 12), Error::<Test>::BidTooLow);
        assert_ok!(bid(4, id, 0, (1, 4), 13));
        // Each range has a lead of its own.
        assert_ok!(bid(5, id, 0, (1, 3), 3));
    });
}

#[test]
fn a_bid_is_for_periods_on_sale() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 2);
        for periods in [(1, 2), (2, 10), (5, 4), (0, 0), (10, 10)] {
            assert_noop!(bid(2, id, 0, periods, 5), Error::<Test>::NotOnSale);
        }
        assert_ok!(bid(2, id, 0, (2, 9), 5));
    });
}

#[test]
fn a_bid_is_for_a_registered_para() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        Managers::remove(ParaId::from(7));
        assert_noop!(bid(2, id, 7, (1, 4), 5), Error::<Test>::ParaNotRegistered);
    });
}

#[test]
fn a_bid_is_in_time() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_noop!(bid(2, AuctionId(2), 0, (1, 4), 5), Error::<Test>::NoSuchAuction);
        advance_to(8);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        advance_to(9);
        assert_noop!(bid(2, id, 0, (1, 4), 9), Error::<Test>::BidsClosed);
        settle_at(id, 0);
        assert_noop!(bid(2, id, 0, (1, 4), 9), Error::<Test>::BidsClosed);
    });
}

#[test]
fn a_bid_needs_the_funds() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_noop!(bid(2, id, 0, (1, 4), 21), TokenError::FundsUnavailable);
        // The account must live on.
        assert_noop!(bid(2, id, 0, (1, 4), 20), TokenError::FundsUnavailable);
        assert_ok!(bid(2, id, 0, (1, 4), 19));
    });
}

#[test]
fn bids_of_an_account_for_a_para_share_one_pledge() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 1), 3));
        assert_ok!(bid(2, id, 0, (4, 4), 8));
        assert_eq!(held(2), 8);
        assert_ok!(bid(2, id, 0, (5, 5), 5));
        assert_eq!(held(2), 8);
        // Another para is another lease.
        assert_ok!(bid(2, id, 1, (6, 6), 5));
        assert_eq!(held(2), 13);
    });
}

#[test]
fn a_bid_for_leased_periods_is_refused() {
    on_open_chain(|| {
        let first = new_auction(5, 3, 1);
        assert_ok!(bid(2, first, 0, (2, 3), 5));
        settle_at(first, 0);
        let second = new_auction(5, 3, 1);
        for periods in [(1, 4), (1, 2), (3, 4), (2, 3)] {
            assert_noop!(bid(3, second, 0, periods, 5), Error::<Test>::AlreadyLeased);
        }
        assert_ok!(bid(3, second, 0, (1, 1), 5));
        assert_ok!(bid(3, second, 0, (4, 8), 5));
    });
}
