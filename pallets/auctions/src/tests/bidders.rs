// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use frame_support::assert_noop;
use sp_runtime::traits::AccountIdConversion;

const PARA: u32 = 7;

fn only(accounts: &[AccountId]) -> BidderPolicy<AccountId> {
    BidderPolicy::Only(accounts.to_vec().try_into().unwrap())
}

#[test]
fn only_the_manager_and_the_para_itself_bid_for_it() {
    let sovereign = ParaId::from(PARA).into_account_truncating();
    on_chain_with(vec![(MANAGER, 100), (2, 100), (sovereign, 100)], || {
        let id = new_auction(5, 3, 1);
        assert_noop!(bid(2, id, PARA, (1, 1), 5), Error::<Test>::BidderNotAllowed);
        assert_ok!(bid(MANAGER, id, PARA, (1, 1), 5));
        assert_ok!(bid(sovereign, id, PARA, (2, 2), 5));
    });
}

#[test]
fn listed_accounts_bid_too() {
    on_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(Auctions::set_bidders(signed(MANAGER), PARA.into(), only(&[2, 3])));
        assert_eq!(events().last(), Some(&Event::BiddersSet { para: PARA.into(), policy: only(&[2, 3]) }));
        assert_ok!(bid(2, id, PARA, (1, 1), 5));
        assert_ok!(bid(3, id, PARA, (1, 1), 6));
        assert_ok!(bid(MANAGER, id, PARA, (2, 2), 5));
        assert_noop!(bid(4, id, PARA, (1, 1), 9), Error::<Test>::BidderNotAllowed);
        assert_noop!(bid(2, id, 1, (1, 1), 9), Error::<Test>::BidderNotAllowed);
    });
}

#[test]
fn a_para_opts_into_bids_of_anyone() {
    on_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_ok!(Auctions::set_bidders(signed(MANAGER), PARA.into(), BidderPolicy::Anyone));
        assert_ok!(bid(4, id, PARA, (1, 1), 9));
    });
}

#[test]
fn nobody_else_decides_who_bids() {
    on_chain(|| {
        let sovereign = ParaId::from(PARA).into_account_truncating();
        let set = |who, para: u32| Auctions::set_bidders(signed(who), para.into(), BidderPolicy::Anyone);
        assert_noop!(set(2, PARA), Error::<Test>::NotParaOwner);
        assert_noop!(set(MANAGER, 77), Error::<Test>::ParaNotRegistered);
        assert_ok!(set(sovereign, PARA));
        assert_noop!(Auctions::clear_bidders(signed(2), PARA.into()), Error::<Test>::NotParaOwner);
    });
}

#[test]
fn a_list_is_taken_back() {
    on_chain(|| {
        let id = new_auction(5, 3, 1);
        assert_noop!(Auctions::clear_bidders(signed(MANAGER), PARA.into()), Error::<Test>::NoBidderPolicy);
        assert_ok!(Auctions::set_bidders(signed(MANAGER), PARA.into(), BidderPolicy::Anyone));
        assert_ok!(Auctions::clear_bidders(signed(MANAGER), PARA.into()));
        assert_eq!(events().last(), Some(&Event::BiddersCleared { para: PARA.into() }));
        assert_noop!(bid(4, id, PARA, (1, 1), 9), Error::<Test>::BidderNotAllowed);
    });
}

#[test]
fn what_a_deregistered_para_left_is_removed_by_anybody() {
    on_chain(|| {
        assert_ok!(Auctions::set_bidders(signed(MANAGER), PARA.into(), BidderPolicy::Anyone));
        Managers::remove(ParaId::from(PARA));
        assert_ok!(Auctions::clear_bidders(signed(2), PARA.into()));
        assert!(!Bidders::<Test>::contains_key(ParaId::from(PARA)));
    });
}
