// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use frame_support::{assert_noop, assert_storage_noop};
use sp_runtime::{
    traits::{BadOrigin, Get},
    DispatchError,
};

#[test]
fn an_auction_is_created_by_the_admin_and_root_alone() {
    on_chain(|| {
        assert_noop!(Auctions::new_auction(signed(1), 5, 3, 1, Series::Direct), BadOrigin);
        assert_noop!(Auctions::new_auction(RuntimeOrigin::none(), 5, 3, 1, Series::Direct), BadOrigin);
        assert_ok!(Auctions::new_auction(signed(ADMIN), 5, 3, 1, Series::Direct));
        assert_ok!(Auctions::new_auction(RuntimeOrigin::root(), 5, 3, 2, Series::Crowdloans));

        let created = |id, core, first_period, series| Event::AuctionCreated {
            id: AuctionId(id),
            core,
            first_period,
            ending_start: 6,
            ending_blocks: 3,
            series,
        };
        assert_eq!(events(), [created(1, 0, 1, Series::Direct), created(2, 1, 2, Series::Crowdloans)]);
    });
}

#[test]
fn an_auction_passes_through_its_phases() {
    on_chain(|| {
        let id = new_auction(5, 3, 1);
        let phase = || Records::<Test>::get(id).unwrap().phase_at(System::block_number());
        for block in 1..6 {
            advance_to(block);
            assert_eq!(phase(), Phase::Starting);
        }
        for offset in 0..3 {
            advance_to(6 + offset);
            assert_eq!(phase(), Phase::Ending { offset });
        }
        for blocks in 0..3 {
            advance_to(9 + blocks);
            assert_eq!(phase(), Phase::AwaitingSeed { blocks });
        }
        settle_at(id, 0);
        assert_eq!(phase(), Phase::Settled);
    });
}

#[test]
fn an_auction_needs_an_ending_period() {
    on_chain(|| {
        let result = Auctions::new_auction(signed(ADMIN), 5, 0, 1, Series::Direct);
        assert_noop!(result, Error::<Test>::NoEndingPeriod);
    });
}

#[test]
fn an_auction_sells_no_period_that_is_over_when_bids_close() {
    on_chain(|| {
        LeasePeriodBlocks::set(10);
        let create = |starting_blocks| Auctions::new_auction(signed(ADMIN), starting_blocks, 3, 1, Series::Direct);
        // Bids close in block 20, the first of period 2.
        assert_noop!(create(16), Error::<Test>::LeasePeriodInPast);
        assert_ok!(create(15));
    });
}

#[test]
fn an_auction_is_not_beyond_the_last_numbers() {
    on_chain(|| {
        let create = |starting_blocks, ending_blocks, first_period| {
            Auctions::new_auction(signed(ADMIN), starting_blocks, ending_blocks, first_period, Series::Direct)
        };
        assert_noop!(create(5, 3, u32::MAX - 7), Error::<Test>::TooFarInFuture);
        assert_noop!(create(u32::MAX, 3, u32::MAX - 8), Error::<Test>::TooFarInFuture);
        assert_noop!(create(u32::MAX - 1, 3, u32::MAX - 8), Error::<Test>::TooFarInFuture);
        assert_ok!(create(5, 3, u32::MAX - 8));
    });
}

#[test]
fn i7_without_a_core_there_is_no_auction() {
    on_chain(|| {
        Cores::set(1);
        new_auction(5, 3, 1);
        let second = Auctions::new_auction(signed(ADMIN), 5, 3, 1, Series::Direct);
        assert_noop!(second, DispatchError::Other("no core is free"));
        assert_ok!(Auctions::cancel(signed(ADMIN), AuctionId(1)));
        new_auction(5, 3, 1);
    });
}

#[test]
fn i8_as_many_auctions_are_live_as_may_be() {
    on_chain(|| {
        let limit: u32 = <Test as Config>::MaxLive::get();
        assert_eq!(limit, 32);
        for _ in 0..limit {
            new_auction(5, 3, 1);
        }
        let one_more = || Auctions::new_auction(signed(ADMIN), 5, 3, 1, Series::Direct);
        assert_noop!(one_more(), Error::<Test>::TooManyLive);
        assert_ok!(Auctions::cancel(signed(ADMIN), AuctionId(7)));
        assert_ok!(one_more());
    });
}

#[test]
fn live_auctions_are_listed_as_they_close() {
    on_chain(|| {
        for starting_blocks in [50, 10, 30, 10] {
            new_auction(starting_blocks, 3, 1);
        }
        let ids: Vec<_> = Live::<Test>::get().iter().map(|entry| entry.id.0).collect();
        assert_eq!(ids, [2, 4, 3, 1]);
    });
}

#[test]
fn nothing_happens_on_a_chain_without_auctions() {
    on_chain(|| {
        advance_to(10);
        assert_storage_noop!(Auctions::settle_next(11));
        assert_eq!(events(), []);
    });
}
