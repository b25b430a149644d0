// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use crate::weights::WeightInfo;
use frame_support::{assert_noop, dispatch::Pays};

fn finish_with_two_pledges() -> AuctionId {
    let id = new_auction(0, 3, 1);
    assert_ok!(bid(2, id, 0, (1, 4), 5));
    advance_to(2);
    assert_ok!(bid(3, id, 1, (1, 4), 9));
    settle_at(id, 2);
    id
}

#[test]
fn in_the_starting_period_who_leads_nothing_is_released_at_once() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        assert_ok!(bid(2, id, 0, (2, 2), 3));
        assert_ok!(bid(3, id, 1, (1, 4), 6));
        assert_eq!((held(2), held(3)), (5, 6));
        events();
        assert_ok!(bid(3, id, 1, (2, 2), 6));
        assert_eq!((held(2), held(3)), (0, 6));
        assert!(events().contains(&Event::PledgeReleased { id, bidder: 2, para: 0.into(), amount: 5 }));
    });
}

#[test]
fn in_the_ending_period_who_may_still_be_drawn_stays_held() {
    on_open_chain(|| {
        let id = new_auction(0, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        advance_to(2);
        assert_ok!(bid(3, id, 1, (1, 4), 9));
        assert_eq!((held(2), held(3)), (5, 9));
        assert_noop!(Auctions::refund(signed(9), id, 2, 0.into()), Error::<Test>::NotFinished);
    });
}

#[test]
fn a_lead_overtaken_in_its_own_block_is_released_at_once() {
    on_open_chain(|| {
        let id = new_auction(0, 3, 1);
        advance_to(2);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        assert_ok!(bid(3, id, 1, (1, 4), 9));
        assert_eq!((held(2), held(3)), (0, 9));
    });
}

#[test]
fn a_lead_of_the_starting_period_overtaken_in_the_first_block_of_the_ending_period_is_released() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        advance_to(6);
        assert_ok!(bid(3, id, 1, (1, 4), 9));
        assert_eq!((held(2), held(3)), (0, 9));
        assert_eq!(Auctions::history(id, None, 0, 9).len(), 1);
    });
}

#[test]
fn an_account_that_overtakes_itself_keeps_its_pledge() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(bid(2, id, 0, (1, 4), 5));
        assert_ok!(bid(2, id, 0, (1, 4), 8));
        assert_eq!(held(2), 8);
        assert_eq!(Pledges::<Test>::get(id, (2, ParaId::from(0))).unwrap().leads, 1);
    });
}

#[test]
fn anybody_refunds_a_loser_for_free_and_once() {
    on_open_chain(|| {
        let id = finish_with_two_pledges();
        assert_eq!((held(2), held(3), leased(3)), (5, 0, 9));
        let refunded = Auctions::refund(signed(9), id, 2, 0.into()).unwrap();
        assert_eq!(refunded.pays_fee, Pays::No);
        assert_eq!((held(2), Balances::free_balance(2)), (0, 20));

        let again = Auctions::refund(signed(9), id, 2, 0.into()).unwrap_err();
        assert_eq!(again.error, Error::<Test>::NoSuchPledge.into());
        assert_eq!(again.post_info.pays_fee, Pays::Yes);
    });
}

#[test]
fn a_winner_has_nothing_to_refund() {
    on_open_chain(|| {
        let id = finish_with_two_pledges();
        assert_noop!(Auctions::refund(signed(3), id, 3, 1.into()), Error::<Test>::NoSuchPledge);
    });
}

#[test]
fn prune_removes_all_that_is_left_of_an_auction() {
    on_open_chain(|| {
        let before = storage_of_the_pallet();
        let id = finish_with_two_pledges();
        assert_noop!(Auctions::prune(signed(9), id, 10), Error::<Test>::HistoryKept);
        advance_to(System::block_number() + HistoryBlocks::get());
        assert_noop!(Auctions::prune(signed(9), id, 0), Error::<Test>::NothingToPrune);

        // The pledge first, then the page of both leads, then the auction.
        assert_ok!(Auctions::prune(signed(9), id, 1));
        assert_eq!(held(2), 0);
        assert_ok!(Auctions::do_try_state());
        assert_ok!(Auctions::prune(signed(9), id, 1));
        assert_ok!(Auctions::do_try_state());
        assert!(Leads::<Test>::iter_prefix(id).next().is_none());
        assert!(Records::<Test>::contains_key(id) && !events().contains(&Event::Pruned { id }));
        let pruned = Auctions::prune(signed(9), id, 10).unwrap();
        assert_eq!(pruned.pays_fee, Pays::No);
        assert_eq!(pruned.actual_weight, Some(<Test as Config>::WeightInfo::prune(1)));
        assert_eq!(events(), [Event::Pruned { id }]);
        assert_noop!(Auctions::prune(signed(9), id, 10), Error::<Test>::NoSuchAuction);

        LastAuction::<Test>::kill();
        Live::<Test>::kill();
        assert_eq!(storage_of_the_pallet(), before);
    });
}

#[test]
fn an_open_auction_is_not_pruned() {
    on_open_chain(|| {
        let id = new_auction(5, 3, 1);
        advance_to(100);
        assert_noop!(Auctions::prune(signed(9), id, 10), Error::<Test>::NotFinished);
    });
}

/// Every key that the pallet has in storage, but the version that each pallet has.
fn storage_of_the_pallet() -> Vec<Vec<u8>> {
    let prefix = sp_io::hashing::twox_128(b"Auctions").to_vec();
    let mut keys = Vec::new();
    let mut key = prefix.clone();
    while let Some(next) = sp_io::storage::next_key(&key).filter(|next| next.starts_with(&prefix)) {
        keys.push(next.clone());
        key = next;
    }
    keys
}
