// SPDX-License-Identifier: GPL-3.0-only
//! That `try_state`, which every other test ends with, finds what it is there to find.

use super::*;
use crate::lead_log::{LogPage, PAGE_LEADS};
use serin_primitives::lease::LeaseWindow;

const OPEN: AuctionId = AuctionId(1);
const SETTLED: AuctionId = AuctionId(2);

/// An open auction with two leads of account 2, and one that account 3 has won. Checks that after `damage` the state
/// is refused with a message that begins with `invariant`, then undoes it.
fn is_found(invariant: &str, damage: impl FnOnce()) {
    use frame_support::storage::{with_transaction_unchecked, TransactionOutcome};
    on_open_chain(|| {
        new_auction(50, 3, 2);
        new_auction(0, 3, 2);
        assert_ok!(bid(2, OPEN, 2, (2, 5), 5));
        assert_ok!(bid(2, OPEN, 2, (6, 6), 3));
        assert_ok!(bid(3, SETTLED, 3, (2, 5), 9));
        settle_at(SETTLED, 0);
        assert_ok!(Auctions::do_try_state());
        with_transaction_unchecked(|| {
            damage();
            let error = Auctions::do_try_state().unwrap_err();
            assert!(format!("{error:?}").contains(&format!("{invariant}:")), "{error:?}");
            TransactionOutcome::Rollback(())
        });
    });
}

fn change_record(id: AuctionId, change: impl FnOnce(&mut Auction)) {
    Records::<Test>::mutate(id, |auction| change(auction.as_mut().unwrap()));
}

/// Leads of so many blocks.
fn log(first_block: BlockNumber, count: u32) -> LogPage<AccountId> {
    let lead = |since: BlockNumber| Lead { bidder: 2, para: 2.into(), amount: since.into(), since };
    LogPage::truncate_from((first_block..).take(count.try_into().unwrap()).map(lead).collect())
}

fn change_pledge(change: impl FnOnce(&mut Pledge)) {
    Pledges::<Test>::mutate(OPEN, (2, ParaId::from(2)), |pledge| change(pledge.as_mut().unwrap()));
}

#[test]
fn i1_pledges_release_what_is_held() {
    is_found("I1", || change_pledge(|pledge| pledge.held -= 1));
    is_found("I1", || Pledges::<Test>::insert(AuctionId(9), (2, ParaId::from(2)), Pledge::default()));
}

#[test]
fn i2_logs_grow_without_gaps() {
    let key = (range(0, 3), 0);
    let open_page = |start| LogIndices::<Test>::mutate(OPEN, |index| index.open_page(range(0, 3), start).unwrap());
    is_found("I2", || Leads::<Test>::insert(OPEN, (range(0, 3), 1), Leads::<Test>::get(OPEN, key)));
    is_found("I2", || Leads::<Test>::mutate(OPEN, key, |page| page[0].since = 54));
    is_found("I2", || Leads::<Test>::mutate(OPEN, key, |page| page.try_push(page[0].clone()).unwrap()));
    // A page that is missing, one that should have been filled first, and one that the index has too early or too late.
    is_found("I2", || assert_eq!(open_page(2), 1));
    is_found("I2", || {
        let number = open_page(2);
        Leads::<Test>::insert(OPEN, (range(0, 3), number), log(2, 1));
    });
    for start in [34, 36] {
        is_found("I2", || {
            let number = open_page(start);
            Leads::<Test>::insert(OPEN, key, log(1, PAGE_LEADS));
            Leads::<Test>::insert(OPEN, (range(0, 3), number), log(35, 1));
        });
    }
}

#[test]
fn i3_pledges_count_their_leads() {
    is_found("I3", || change_pledge(|pledge| pledge.leads = 1));
    is_found("I3", || Pledges::<Test>::insert(OPEN, (4, ParaId::from(4)), Pledge::default()));
    is_found("I3", || Leads::<Test>::mutate(OPEN, (range(0, 3), 0), |page| page[0].bidder = 4));
    is_found("I3", || Leads::<Test>::remove(OPEN, (range(0, 3), 0)));
}

#[test]
fn i4_leads_are_covered() {
    is_found("I4", || Leads::<Test>::mutate(OPEN, (range(0, 3), 0), |page| page[0].amount = 6));
}

#[test]
fn i5_results_are_of_settled_auctions_and_share_no_period() {
    is_found("I5", || Results::<Test>::remove(SETTLED));
    is_found("I5", || Results::<Test>::insert(OPEN, Results::<Test>::get(SETTLED).unwrap()));
    is_found("I5", || {
        Results::<Test>::mutate(SETTLED, |winners| {
            let winners = winners.as_mut().unwrap();
            winners.try_push(winners[0].clone()).unwrap();
        });
    });
}

#[test]
fn i6_winners_have_no_pledge() {
    is_found("I6", || Pledges::<Test>::insert(SETTLED, (3, ParaId::from(3)), Pledge::default()));
}

#[test]
fn i7_cores_are_sold_once() {
    is_found("I7", || {
        let (core, window) = (Records::<Test>::get(OPEN).unwrap().core, LeaseWindow::new(9).unwrap());
        change_record(SETTLED, |auction| {
            (auction.core, auction.window, auction.state) = (core, window, AuctionState::Open);
        });
        Leads::<Test>::remove(SETTLED, (range(0, 3), 0));
        Results::<Test>::remove(SETTLED);
    });
}

#[test]
fn i8_live_auctions_are_those_that_are_open() {
    let change_live = |change: fn(&mut LiveAuction)| Live::<Test>::mutate(|live| change(&mut live[0]));
    is_found("I8", Live::<Test>::kill);
    is_found("I8", || change_live(|entry| entry.id = SETTLED));
    is_found("I8", || change_live(|entry| entry.id = AuctionId(9)));
    is_found("I8", || change_live(|entry| entry.closes_at += 1));
    is_found("I8", || {
        Live::<Test>::mutate(|live| live.try_push(LiveAuction { closes_at: 0, ..live[0] }).unwrap());
    });
}
