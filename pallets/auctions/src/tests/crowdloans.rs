// SPDX-License-Identifier: GPL-3.0-only
//! The SDK's crowdloan pallet, unchanged, bidding here.

use super::*;
use frame_support::assert_noop;
use polkadot_runtime_common::{
    crowdloan,
    traits::{AuctionStatus, Auctioneer},
};

type Loans = crowdloan::Pallet<Test>;

const PARA: u32 = 7;

fn crowdloan_auction(starting_blocks: BlockNumber, ending_blocks: BlockNumber) -> AuctionId {
    let result = Auctions::new_auction(signed(ADMIN), starting_blocks, ending_blocks, 0, Series::Crowdloans);
    assert_ok!(result);
    LastAuction::<Test>::get()
}

fn open_loan(cap: Balance) -> AccountId {
    assert_ok!(Loans::create(signed(MANAGER), PARA.into(), cap, 0, 7, 90, None));
    Loans::fund_account_id(0)
}

#[test]
fn a_crowdloan_bids_all_it_has_in_the_ending_period_and_wins() {
    on_chain(|| {
        let id = crowdloan_auction(5, 3);
        let pot = open_loan(50);
        for who in [3, 4] {
            assert_ok!(Loans::contribute(signed(who), PARA.into(), 20, None));
        }
        assert_eq!(held(pot), 0);
        advance_to(6);
        // Nobody allowed the pot to bid: the manager has opened the crowdloan.
        assert_eq!((held(pot), Balances::free_balance(pot)), (40, 0));
        assert_eq!(leader(id, (0, 7)), Some((pot, PARA.into(), 40)));
        settle_at(id, 1);
        assert_eq!(leases(), lease(PARA, 0..=7, pot, 40));
        assert_eq!((held(pot), leased(pot)), (0, 40));
        assert!(<Auctions as Auctioneer<_>>::has_won_an_auction(PARA.into(), &pot));
    });
}

#[test]
fn a_crowdloan_raises_its_own_bid_with_later_contributions() {
    on_chain(|| {
        let id = crowdloan_auction(5, 3);
        let pot = open_loan(50);
        assert_ok!(Loans::contribute(signed(3), PARA.into(), 20, None));
        advance_to(6);
        assert_ok!(Loans::contribute(signed(4), PARA.into(), 10, None));
        advance_to(7);
        assert_eq!(leader(id, (0, 7)), Some((pot, PARA.into(), 30)));
        assert_eq!(held(pot), 30);
    });
}

#[test]
fn a_crowdloan_that_loses_refunds_its_contributors() {
    on_chain(|| {
        let id = crowdloan_auction(5, 3);
        let pot = open_loan(50);
        assert_ok!(Loans::contribute(signed(3), PARA.into(), 20, None));
        advance_to(8);
        assert_ok!(Auctions::set_bidders(signed(MANAGER), 1.into(), BidderPolicy::Anyone));
        assert_ok!(bid(10, id, 1, (0, 7), 90));
        settle_at(id, 2);
        assert_eq!(leases(), lease(1, 0..=7, 10, 90));

        advance_to(100);
        // As long as the pot's pledge is held it cannot pay back; anybody can release it.
        assert!(Loans::refund(signed(9), PARA.into()).is_err());
        assert_ok!(Auctions::refund(signed(9), id, pot, PARA.into()));
        assert_ok!(Loans::refund(signed(9), PARA.into()));
        assert_eq!(Balances::free_balance(3), 30);
        assert_ok!(Loans::dissolve(signed(MANAGER), PARA.into()));
    });
}

#[test]
fn crowdloans_see_the_phases_of_one_auction_after_the_other() {
    on_chain(|| {
        let status = || <Auctions as Auctioneer<_>>::auction_status(System::block_number());
        assert_eq!(status(), AuctionStatus::NotStarted);
        new_auction(0, 50, 1);
        assert_eq!(status(), AuctionStatus::NotStarted);
        crowdloan_auction(5, 3);
        assert_eq!(status(), AuctionStatus::StartingPeriod);
        crowdloan_auction(10, 3);
        for offset in 0..3 {
            advance_to(6 + offset);
            assert_eq!(status(), AuctionStatus::EndingPeriod(offset, 0));
        }
        advance_to(9);
        assert_eq!(status(), AuctionStatus::VrfDelay(0));
        // The second ends while the first waits for its seed.
        advance_to(11);
        assert_eq!(status(), AuctionStatus::EndingPeriod(0, 0));
        assert_eq!(crowdloan::EndingsCount::<Test>::get(), 2);
        advance_to(13);
        NextSeed::set(Some((seed_for(0, 3), 14)));
        advance_to(14);
        assert_eq!(status(), AuctionStatus::VrfDelay(0));
        advance_to(15);
        assert_eq!(status(), AuctionStatus::NotStarted);
    });
}

#[test]
fn ending_periods_for_crowdloans_do_not_overlap() {
    on_chain(|| {
        crowdloan_auction(10, 5);
        let create = |starting_blocks, ending_blocks, series| {
            Auctions::new_auction(signed(ADMIN), starting_blocks, ending_blocks, 0, series)
        };
        for (starting_blocks, ending_blocks) in [(10, 5), (14, 1), (6, 5), (0, 50)] {
            let result = create(starting_blocks, ending_blocks, Series::Crowdloans);
            assert_noop!(result, Error::<Test>::EndingPeriodsOverlap);
            assert_ok!(create(starting_blocks, ending_blocks, Series::Direct));
        }
        assert_ok!(create(15, 5, Series::Crowdloans));
        assert_ok!(create(5, 5, Series::Crowdloans));
    });
}

#[test]
fn through_the_trait_auctions_begin_and_bids_are_placed() {
    on_chain(|| {
        let no_auction = <Auctions as Auctioneer<_>>::place_bid(3, 1.into(), 0, 7, 5);
        assert_eq!(no_auction, Err(Error::<Test>::NoSuchAuction.into()));
        assert_ok!(<Auctions as Auctioneer<_>>::new_auction(5, 0));
        assert_ok!(<Auctions as Auctioneer<_>>::place_bid(3, 1.into(), 0, 7, 5));
        assert_eq!(leader(AuctionId(1), (0, 7)), Some((3, 1.into(), 5)));
        assert_eq!(Records::<Test>::get(AuctionId(1)).unwrap().closes_at(), 9);
        assert_eq!(<Auctions as Auctioneer<BlockNumber>>::lease_period_index(1_000), Some((1, true)));
    });
}
