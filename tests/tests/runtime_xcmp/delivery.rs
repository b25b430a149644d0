// SPDX-License-Identifier: GPL-3.0-only
//! The way of a message from one parachain to another.

use super::{
    para::{apply, validate},
    para_support::{self, foreign, own, sibling, sovereign},
    world::{channel, refused, World, A, B},
};
use frame_support::weights::Weight;
use pallet_xcmp_channels::MessageOrigin;
use serin_parachain_runtime::{constants::currency::UNIT, Balances, Runtime, RuntimeCall, RuntimeEvent, XcmpChannels};
use serin_runtime::{genesis_config_presets::Transport, Xcmp};
use sp_keyring::Sr25519Keyring::{Alice, Bob};
use xcm::{
    latest::{Asset, Junction, Location, WeightLimit},
    VersionedAssets, VersionedLocation,
};

#[test]
fn a_transfer_leaves_is_noted_proved_taken_in_for_free_and_run_once() {
    let mut world = World::new(Transport::Xcmp);
    world.step(|| assert_eq!(para_support::apply(Alice, transfer(7 * UNIT)), Ok(())), || ());
    assert_eq!(world.a.inspect(|| own(&sovereign(&sibling(B)))), 7 * UNIT, "the reserve is kept");
    let delivery = world.leaving_a();
    assert_eq!(delivery.payloads.len(), 1);

    let noted = world.relay.chain.inspect(|| Xcmp::latest_root(A.into())).expect("its head was included");
    assert_eq!((noted.root, noted.number), (delivery.root, 1));
    assert!(!world.b.inspect(|| XcmpChannels::knows_root(A.into(), noted.root)), "no block of B has seen it");
    world.step(|| (), || ());
    assert!(world.b.inspect(|| XcmpChannels::knows_root(A.into(), noted.root)));

    let again = delivery.clone();
    let paid = world.b.inspect(Balances::total_issuance);
    world.step(
        || (),
        || {
            let valid = validate(delivery.clone()).expect("the pool takes it");
            assert!(valid.propagate && valid.priority == 1, "{valid:?}");
            assert_eq!(apply(delivery), Ok(Ok(())));
            assert_eq!(apply(again.clone()), Err(refused(pallet_xcmp_channels::Error::BeyondCount)), "in its block");
        },
    );
    world.step(
        || (),
        || assert_eq!(apply(again), Err(refused(pallet_xcmp_channels::Error::BeyondCount)), "in the next block"),
    );
    assert_eq!(world.b.inspect(Balances::total_issuance), paid, "nobody paid, nothing was burnt");
    let arrived = world.b.inspect(|| foreign(&sibling(A), &Bob.to_account_id()));
    // What running it costs goes to the author, who may be Bob.
    assert!(arrived > 6 * UNIT && arrived <= 7 * UNIT, "{arrived}");
    assert_eq!(channel(&mut world.b, A).received.count(), 1);
}

#[test]
fn an_acknowledgement_comes_back_and_frees_the_message() {
    let mut world = World::new(Transport::Xcmp);
    world.step(|| assert!(super::para::send(B, 1_000)), || ());
    world.step(|| (), || ());
    let delivery = world.leaving_a();
    world.step(|| (), || assert_eq!(apply(delivery), Ok(Ok(()))));
    assert_eq!(channel(&mut world.a, B).messages_under_way(), 1, "A has not heard of it");

    world.step(|| (), || ());
    let acknowledgement = world.leaving_b();
    assert!(acknowledgement.payloads.is_empty());
    world.step(|| assert_eq!(apply(acknowledgement), Ok(Ok(()))), || ());
    assert_eq!(channel(&mut world.a, B).messages_under_way(), 0);
    let left = world.a.inspect(|| pallet_xcmp_channels::Messages::<Runtime>::iter_keys().count());
    assert_eq!(left, 0, "its body is gone");
}

#[test]
fn what_is_no_message_is_dropped_by_the_queue_and_stops_nothing() {
    let mut world = World::new(Transport::Xcmp);
    world.step(|| assert!(super::para::send(B, 100) && super::para::send(B, 102_400)), || ());
    world.step(|| (), || ());
    let delivery = world.leaving_a();
    world.step(|| (), || assert_eq!(apply(delivery), Ok(Ok(()))));
    world.step(|| assert_eq!(para_support::apply(Alice, transfer(UNIT)), Ok(())), || ());
    world.step(|| (), || ());
    let delivery = world.leaving_a();
    world.step(|| (), || assert_eq!(apply(delivery), Ok(Ok(()))));
    world.step(|| (), || ());
    assert!(world.b.inspect(|| foreign(&sibling(A), &Bob.to_account_id())) > 0);
}

#[test]
fn a_root_that_the_relay_chain_cleared_is_believed_no_longer() {
    let mut world = World::new(Transport::Xcmp);
    world.step(|| assert!(super::para::send(B, 100)), || ());
    world.step(|| (), || ());
    let delivery = world.leaving_a();
    world.relay.chain.block(|| Xcmp::clear(serin_runtime::RuntimeOrigin::root(), A.into())).expect("it has a root");
    let outcome = world.b.included_block(&mut world.relay, || apply(delivery.clone()));
    assert_eq!(outcome, Err(refused(pallet_xcmp_channels::Error::UnknownRoot)));

    // With the next head of A there is a root again, of another generation.
    world.step(|| (), || ());
    world.step(|| (), || ());
    let latest = world.relay.chain.inspect(|| Xcmp::latest_root(A.into())).expect("its head was included");
    assert_eq!(latest.generation, 1);
    let delivery = world.leaving_a();
    world.step(|| (), || assert_eq!(apply(delivery), Ok(Ok(()))));
    assert_eq!(channel(&mut world.b, A).received.count(), 1);
}

#[test]
fn while_an_hrmp_channel_is_open_nothing_goes_by_xcmp() {
    let mut world = World::new(Transport::Hrmp);
    let (empty, ()) = world.a.block(&mut world.relay, || ());
    world.relay.include(&[empty]);
    let (candidate, ()) = world.a.block(&mut world.relay, || {
        assert_eq!(para_support::apply(Alice, transfer(UNIT)), Ok(()));
    });
    let recipients = candidate.commitments.horizontal_messages.iter().map(|page| u32::from(page.recipient));
    assert_eq!(recipients.collect::<Vec<_>>(), [B]);
    assert_eq!(channel(&mut world.a, B).sent.count(), 0);
}

#[test]
fn a_dry_run_shows_what_goes_by_xcmp() {
    use serin_parachain_runtime::{Block, OriginCaller};
    use xcm_runtime_apis::dry_run::runtime_decl_for_dry_run_api::DryRunApiV2;

    let mut world = World::new(Transport::Xcmp);
    // Was there before, and is no part of the answer.
    world.step(|| assert_eq!(para_support::apply(Alice, transfer(UNIT)), Ok(())), || ());
    let tried = world.a.inspect(|| {
        let origin = OriginCaller::system(frame_system::RawOrigin::Signed(Alice.to_account_id()));
        <Runtime as DryRunApiV2<Block, RuntimeCall, RuntimeEvent, OriginCaller>>::dry_run_call(
            origin,
            transfer(2 * UNIT),
            xcm::latest::VERSION,
        )
    });
    let forwarded = tried.expect("it can be tried").forwarded_xcms;
    let to_b = forwarded.iter().filter(|(location, _)| *location == VersionedLocation::from(sibling(B)));
    assert_eq!(to_b.map(|(_, messages)| messages.len()).collect::<Vec<_>>(), [1], "{forwarded:?}");
}

#[test]
fn a_sibling_is_the_same_place_by_either_transport() {
    for origin in [MessageOrigin::Sibling(B.into()), MessageOrigin::Xcmp(B.into())] {
        assert_eq!(Location::from(origin), sibling(B));
    }
}

/// A relayer that sends the largest delivery there can be must not be refused for its weight.
#[test]
fn the_largest_delivery_fits_into_a_transaction() {
    use frame_support::dispatch::DispatchClass;
    use pallet_xcmp_channels::WeightInfo;
    use serin_parachain_runtime::configs::{
        system::{BlockLength, BlockWeights},
        xcmp::BlockBudget,
    };
    type Weights = <Runtime as pallet_xcmp_channels::Config>::WeightInfo;

    let budget = BlockBudget::get();
    let limit = BlockWeights::get().get(DispatchClass::Normal).max_extrinsic.expect("set for this class");
    let length = Weight::from_parts(0, u64::from(budget.bytes) + 64 * 1024);
    let all = Weights::check_delivery(budget.messages, budget.bytes)
        .saturating_add(Weights::deliver(budget.messages, budget.bytes, budget.messages))
        .saturating_add(length);
    assert!(limit.all_gte(all), "{all:?} exceeds {limit:?}");
    assert!(*BlockLength::get().max.get(DispatchClass::Normal) > budget.bytes + 64 * 1024);
}

/// The call with which a wallet sends `amount` of A's token to Bob on B.
pub fn transfer(amount: u128) -> RuntimeCall {
    let bob = Location::new(0, Junction::AccountId32 { network: None, id: Bob.to_account_id().into() });
    RuntimeCall::PolkadotXcm(pallet_xcm::Call::transfer_assets {
        dest: Box::new(VersionedLocation::from(sibling(B))),
        beneficiary: Box::new(VersionedLocation::from(bob)),
        assets: Box::new(VersionedAssets::from(vec![Asset::from((Location::here(), amount))])),
        fee_asset_item: 0,
        weight_limit: WeightLimit::Unlimited,
    })
}
