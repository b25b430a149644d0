// SPDX-License-Identifier: GPL-3.0-only
//! Who may open and end auctions, and that nobody else may.

use super::market::{chain, dispatch, last_auction, new_auction, open, AuctionEvent};
use pallet_auctions::{AuctionId, Series};
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::DispatchError;

/// Every origin of a referendum but the one that auctions are for.
const OTHERS: [Origin; 12] = [
    Origin::StakingAdmin,
    Origin::Treasurer,
    Origin::GeneralAdmin,
    Origin::LeaseAdmin,
    Origin::ReferendumCanceller,
    Origin::ReferendumKiller,
    Origin::SmallTipper,
    Origin::BigTipper,
    Origin::SmallSpender,
    Origin::MediumSpender,
    Origin::BigSpender,
    Origin::ValidatorCountAdmin,
];

fn wrong() -> Vec<RuntimeOrigin> {
    let others = OTHERS.into_iter().map(RuntimeOrigin::from);
    others.chain([RuntimeOrigin::none(), RuntimeOrigin::signed(Alice.to_account_id())]).collect()
}

fn cancel(id: AuctionId) -> RuntimeCall {
    RuntimeCall::Auctions(pallet_auctions::Call::cancel { id })
}

#[test]
fn nobody_but_auction_admins_and_root_opens_or_ends_an_auction() {
    let mut chain = chain(4);
    let id = open(&mut chain, 50, 5, 10);
    for origin in wrong() {
        for call in [new_auction(50, 5, 10, Series::Direct), cancel(id)] {
            let told = dispatch(&mut chain, origin.clone(), call);
            assert_eq!(told, Err(DispatchError::BadOrigin), "{:?}", origin.caller);
        }
    }
    assert_eq!(last_auction(&mut chain), id);
    for origin in [RuntimeOrigin::root(), Origin::AuctionAdmin.into()] {
        assert_eq!(dispatch(&mut chain, origin.clone(), new_auction(50, 5, 10, Series::Direct)), Ok(()));
        let opened = last_auction(&mut chain);
        assert_eq!(dispatch(&mut chain, origin, cancel(opened)), Ok(()));
        let cancelled = RuntimeEvent::Auctions(AuctionEvent::Cancelled { id: opened });
        assert!(chain.events().iter().any(|(_, event)| *event == cancelled));
    }
}

#[test]
fn what_anybody_may_do_takes_a_signature() {
    let mut chain = chain(4);
    let id = open(&mut chain, 50, 5, 10);
    let (bidder, para) = (Alice.to_account_id(), 2_001.into());
    let policy = pallet_auctions::BidderPolicy::Anyone;
    type Call = pallet_auctions::Call<Runtime>;
    let calls = [
        Call::bid { id, para, first_period: 10, last_period: 10, amount: 1 },
        Call::settle { id },
        Call::refund { id, bidder, para },
        Call::prune { id, limit: 1 },
        Call::set_bidders { para, policy },
        Call::clear_bidders { para },
    ];
    for call in calls {
        for origin in OTHERS.into_iter().map(RuntimeOrigin::from).chain([RuntimeOrigin::none(), RuntimeOrigin::root()])
        {
            let told = dispatch(&mut chain, origin, RuntimeCall::Auctions(call.clone()));
            assert_eq!(told, Err(DispatchError::BadOrigin), "{call:?}");
        }
    }
}
