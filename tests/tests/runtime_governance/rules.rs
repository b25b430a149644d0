// SPDX-License-Identifier: GPL-3.0-only
//! Who may do what, and what a plan must keep to.

use super::{
    plans::{finish_era, POLICY},
    support::Chain,
};
use frame_system::RawOrigin;
use pallet_validator_count::{
    runtime_api::runtime_decl_for_validator_count_api::ValidatorCountApiV1, Bounds, Error, Policy, PolicyField,
    Violation,
};
use polkadot_primitives::Id as ParaId;
use serin_runtime::{
    configs::governance::origins::{pallet_custom_origins::Origin, VALIDATOR_COUNT_BOUNDS},
    genesis_config_presets::Preset,
    Block, Runtime, RuntimeCall, RuntimeOrigin,
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Dispatchable, DispatchError};
use std::collections::BTreeSet;
use xcm::latest::Location;

type Call = pallet_validator_count::Call<Runtime>;

#[test]
fn the_power_of_the_track_is_bounded() {
    assert_eq!(VALIDATOR_COUNT_BOUNDS, Bounds { floor: 4, ceiling: 1_200, max_step: 25 });
}

#[test]
fn plans_belong_to_their_track_and_force_to_root() {
    let calls = [
        ("set_plan", Call::set_plan { target: 5, step: 1, policy: POLICY }, "ValidatorCountAdmin"),
        ("stop", Call::stop {}, "ValidatorCountAdmin"),
        ("resume", Call::resume {}, "ValidatorCountAdmin"),
        ("force_set", Call::force_set { count: 5 }, "Root"),
        ("note_finality", Call::note_finality { justification: Default::default() }, "Signed"),
    ];
    for (call_name, call, may) in calls {
        for (origin_name, origin) in origins() {
            Chain::new(Preset::Local, 4).block(|| {
                let result = RuntimeCall::ValidatorCount(call.clone()).dispatch(origin);
                let refused = result.is_err_and(|error| error.error == DispatchError::BadOrigin);
                assert_eq!(!refused, origin_name == may, "{call_name} by {origin_name}");
            });
        }
    }
}

/// Every kind of origin that this chain knows.
fn origins() -> Vec<(String, RuntimeOrigin)> {
    let custom = [
        Origin::StakingAdmin,
        Origin::Treasurer,
        Origin::GeneralAdmin,
        Origin::AuctionAdmin,
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
    let parachain = polkadot_runtime_parachains::origin::Origin::Parachain(ParaId::new(1_000));
    let others = [
        ("None", RuntimeOrigin::from(RawOrigin::None)),
        ("Signed", RuntimeOrigin::signed(Sr25519Keyring::Alice.to_account_id())),
        ("Root", RuntimeOrigin::root()),
        ("Authorized", RuntimeOrigin::from(RawOrigin::Authorized)),
        ("Parachain", RuntimeOrigin::from(parachain)),
        ("Xcm", RuntimeOrigin::from(pallet_xcm::Origin::Xcm(Location::here()))),
        ("Response", RuntimeOrigin::from(pallet_xcm::Origin::Response(Location::here()))),
    ];
    let custom = custom.map(|origin| (format!("{origin:?}"), RuntimeOrigin::from(origin)));
    others.map(|(name, origin)| (name.to_string(), origin)).into_iter().chain(custom).collect()
}

#[test]
fn a_dry_run_names_every_broken_rule_at_once() {
    let nonsense = Policy {
        min_eras_between: 1,
        max_missed_permille: 1_001,
        min_availability_permille: 1_001,
        max_inherent_weight_percent: 101,
        max_hold_eras: 0,
        ..POLICY
    };
    let mut chain = Chain::new(Preset::Local, 4);
    let found = chain.inspect(|| dry_run(1_201, 26, nonsense));
    let expected = [
        Violation::TargetAboveCeiling { target: 1_201, ceiling: 1_200 },
        Violation::StepOutOfBounds { step: 26, max_step: 25 },
        Violation::Policy(PolicyField::MinErasBetween),
        Violation::Policy(PolicyField::MaxMissedPermille),
        Violation::Policy(PolicyField::MinAvailabilityPermille),
        Violation::Policy(PolicyField::MaxInherentWeightPercent),
        Violation::Policy(PolicyField::MaxHoldEras),
        Violation::NoBaseline,
        Violation::AboveMaxValidatorSet { target: 1_201, max: 1_200 },
        Violation::AboveMaxWinners { target: 1_201, max: 1_200 },
        Violation::TooFewCandidates { candidates: 4, needed: 1_201 },
    ];
    assert_eq!(found, expected);
    let first: DispatchError = Error::<Runtime>::TargetOutOfBounds.into();
    assert_eq!(chain.block(|| set_plan(1_201, 26, nonsense)), Err(first));
}

#[test]
fn what_a_dry_run_finds_nothing_against_can_be_set() {
    let mut chain = Chain::new(Preset::Local, 5);
    assert_eq!(chain.inspect(|| dry_run(4, 1, POLICY)), [Violation::NoBaseline]);
    let no_baseline: DispatchError = Error::<Runtime>::NoBaseline.into();
    assert_eq!(chain.block(|| set_plan(4, 1, POLICY)), Err(no_baseline));

    finish_era(&mut chain, &BTreeSet::new());
    assert_eq!(chain.inspect(|| dry_run(4, 1, POLICY)), Vec::new());
    assert_eq!(chain.block(|| set_plan(4, 1, POLICY)), Ok(()));
}

/// A thousand and two hundred bitfields take about a third of a block.
#[test]
fn the_weight_of_bitfields_limits_the_target() {
    let frugal = Policy { max_inherent_weight_percent: 10, ..POLICY };
    let too_heavy = |policy| {
        let found = dry_run(1_200, 1, policy);
        found.iter().any(|violation| matches!(violation, Violation::InherentTooHeavy { .. }))
    };
    Chain::new(Preset::Local, 4).inspect(|| {
        assert!(too_heavy(frugal));
        assert!(!too_heavy(POLICY));
    });
}

/// Block one has no parent with a slot: the chain does not begin with three hundred million slots missed.
#[test]
fn the_first_block_misses_no_slot() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.block(|| ());
    let slot = chain.slot() + 3;
    chain.block_at(slot, || ());
    let health = chain.inspect(|| <Runtime as ValidatorCountApiV1<Block>>::status().era_so_far);
    assert_eq!((health.blocks, health.missed), (2, 2));
}

fn dry_run(target: u32, step: u32, policy: Policy) -> Vec<Violation> {
    <Runtime as ValidatorCountApiV1<Block>>::dry_run(target, step, policy)
}

fn set_plan(target: u32, step: u32, policy: Policy) -> Result<(), DispatchError> {
    let call = RuntimeCall::ValidatorCount(Call::set_plan { target, step, policy });
    call.dispatch(RuntimeOrigin::from(Origin::ValidatorCountAdmin)).map(|_| ()).map_err(|error| error.error)
}
