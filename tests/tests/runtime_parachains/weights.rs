// SPDX-License-Identifier: GPL-3.0-only
//! Relations that must survive every change of a declared weight.

use super::{
    support::{relay, sibling, Chain, SIBLING},
    transfers::{ksm_back, reserve_deposit, transfer},
};
use frame_support::{
    dispatch::{DispatchClass, GetDispatchInfo},
    weights::Weight,
};
use serin_parachain_runtime::{
    configs::{
        messaging::MessageQueueServiceWeight,
        system::{BlockLength, BlockWeights},
        xcm_config::Weigher,
    },
    constants::currency::UNIT,
    weights::xcm::XcmWeight,
    RuntimeCall,
};
use sp_keyring::Sr25519Keyring::Bob;
use xcm::latest::{AssetFilter, Assets, Location, WildAsset, Xcm, XcmWeightInfo};
use xcm_executor::traits::WeightBounds;

type Instructions = XcmWeight<RuntimeCall>;

#[test]
fn users_transfers_can_be_dispatched() {
    let limit = BlockWeights::get().get(DispatchClass::Normal).max_extrinsic.expect("set for this class");
    let calls =
        [transfer(sibling(SIBLING), Location::here(), UNIT, Bob.to_account_id()), ksm_back(UNIT, &Bob.to_account_id())];
    for call in calls {
        let weight = call.get_dispatch_info().call_weight;
        assert!(limit.all_gte(weight), "{call:?}: {weight:?} exceeds {limit:?}");
    }
}

#[test]
fn a_whole_runtime_fits_into_a_transaction() {
    let code = vec![0; 4 * 1024 * 1024];
    let length = u32::try_from(code.len()).expect("four MiB");
    let call = RuntimeCall::System(frame_system::Call::apply_authorized_upgrade { code });
    let info = call.get_dispatch_info();
    let limit = BlockWeights::get().get(info.class).max_extrinsic.expect("set for this class");
    assert!(limit.all_gte(info.call_weight), "{:?} exceeds {limit:?}", info.call_weight);
    assert!(*BlockLength::get().max.get(info.class) > length + BlockLength::get().max_header_size());
}

#[test]
fn a_block_runs_fifty_transfers_that_came_in() {
    Chain::new().inspect(|| {
        let message = reserve_deposit(relay(), UNIT, &Bob.to_account_id());
        let mut message: Xcm<RuntimeCall> = message.into();
        let weight = Weigher::weight(&mut message, Weight::MAX).expect("it can be weighed");
        let fifty = weight.saturating_mul(50);
        let share = MessageQueueServiceWeight::get();
        assert!(share.all_gte(fifty), "{fifty:?} exceeds {share:?}");
    });
}

#[test]
fn a_wildcard_is_as_much_as_can_be_held_and_nothing_is_free() {
    let one = deposit(AssetFilter::Wild(WildAsset::AllCounted(1)));
    let all = deposit(AssetFilter::Wild(WildAsset::All));
    assert_eq!(all, one.saturating_mul(16));
    assert_eq!(deposit(AssetFilter::Wild(WildAsset::AllCounted(u32::MAX))), all);
    assert_eq!(deposit(AssetFilter::Definite(Assets::new())), one);
    assert!(Instructions::clear_origin().ref_time() > 0);
}

fn deposit(filter: AssetFilter) -> Weight {
    Instructions::deposit_asset(&filter, &Location::here())
}
