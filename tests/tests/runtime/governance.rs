// SPDX-License-Identifier: GPL-3.0-only
use super::{
    referenda::{enacted, place_decision_deposit, submit, try_submit, vote},
    support::Chain,
};
use frame_system::RawOrigin;
use pallet_referenda::{ReferendumIndex, ReferendumInfo, ReferendumInfoFor, TracksInfo};
use pallet_validator_count::Policy;
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::slots;
use serin_runtime::{
    configs::governance::origins::pallet_custom_origins::Origin,
    constants::currency::{GRAND, QUID, UNITS},
    genesis_config_presets::Preset,
    Balance, BlockNumber, OriginCaller, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin,
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Dispatchable, DispatchError, MultiAddress, Perbill};

/// What each account votes with, of the million that it has.
const VOTE: Balance = 900_000 * UNITS;

/// The first block of the second era of `local`.
const SECOND_ERA: BlockNumber = 21;
/// How many validators the genesis has, and how many are asked for.
const VALIDATORS: u32 = 5;
const FEWER_VALIDATORS: u32 = 4;

/// What root writes, and what auction admins plan.
const ROOT_KEY: &[u8] = b"governance test";
const PLANNED: BlockNumber = 1_000;
const LEASED: u32 = 2_100;

/// Asks of the chain what any healthy one does.
const POLICY: Policy = Policy {
    min_eras_between: 2,
    max_missed_permille: 100,
    min_availability_permille: 800,
    max_disputes: 0,
    max_disabled: 0,
    max_finality_lag: 30,
    proofs_per_era: 0,
    max_inherent_weight_percent: 30,
    supply_margin: 0,
    max_hold_eras: 10,
};

/// The referenda that others put an end to.
const CANCELLED: ReferendumIndex = 0;
const KILLED: ReferendumIndex = 1;
const FIRST_OF_CASES: ReferendumIndex = 2;

/// A track, and something that its origin alone, or hardly anybody else, may do.
struct Case {
    track: u16,
    origin: OriginCaller,
    call: RuntimeCall,
    has_happened: fn() -> bool,
}

/// All at the same time: a referendum on each track is submitted, paid for, voted through, confirmed, approved and
/// enacted with the origin of its track.
#[test]
fn a_referendum_on_every_track_passes_and_does_what_its_origin_may() {
    let mut chain = Chain::new(Preset::Local, VALIDATORS);
    // A plan for the validator count is measured against an era that has ended.
    chain.advance_to(SECOND_ERA);
    let tracks = chain.inspect(|| <Tracks as TracksInfo<Balance, BlockNumber>>::track_ids().collect::<Vec<_>>());
    assert_eq!(cases().map(|case| case.track).to_vec(), tracks, "every track has its case");

    chain.transact(|| {
        for _ in [CANCELLED, KILLED] {
            submit(OriginCaller::system(RawOrigin::Root), remark());
        }
        for (index, case) in (FIRST_OF_CASES..).zip(cases()) {
            assert!(!(case.has_happened)(), "track {}", case.track);
            submit(case.origin, case.call);
            place_decision_deposit(index);
            vote_by_all(index);
        }
    });
    for (index, case) in (FIRST_OF_CASES..).zip(cases()) {
        let submitted = chain.events().iter().any(|(_, event)| {
            matches!(event, RuntimeEvent::Referenda(pallet_referenda::Event::Submitted { index: of, track, .. })
                if *of == index && *track == case.track)
        });
        assert!(submitted, "referendum {index} is not on track {}", case.track);
    }

    // The longest: one block to prepare, four to confirm, two before enactment, and a few to notice.
    chain.advance_to(SECOND_ERA + 20);
    for (index, case) in (FIRST_OF_CASES..).zip(cases()) {
        let track = case.track;
        let approved = chain.inspect(|| ReferendumInfoFor::<Runtime>::get(index));
        assert!(matches!(approved, Some(ReferendumInfo::Approved(..))), "track {track}: {approved:?}");
        let confirmed = chain.events().iter().any(|(_, event)| {
            matches!(event, RuntimeEvent::Referenda(pallet_referenda::Event::Confirmed { index: of, .. })
                if *of == index)
        });
        assert!(confirmed, "track {track}");
        assert_eq!(enacted(&chain, index), Some(Ok(())), "track {track}");
        assert!(chain.inspect(case.has_happened), "track {track} changed nothing");
    }
}

#[test]
fn a_referendum_without_votes_is_rejected_and_never_enacted() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.transact(|| {
        submit(OriginCaller::Origins(Origin::SmallTipper), remark());
        place_decision_deposit(0);
    });
    // One block to prepare, fourteen to decide.
    chain.advance_to(20);
    let info = chain.inspect(|| ReferendumInfoFor::<Runtime>::get(0));
    assert!(matches!(info, Some(ReferendumInfo::Rejected(..))), "{info:?}");
    chain.advance_to(30);
    assert_eq!(enacted(&chain, 0), None);
}

#[test]
fn a_referendum_whose_deposit_nobody_pays_times_out() {
    let mut chain = Chain::new(Preset::Local, 4);
    chain.transact(|| {
        submit(OriginCaller::Origins(Origin::SmallTipper), remark());
        vote_by_all(0);
    });
    chain.advance_to(35);
    let info = chain.inspect(|| ReferendumInfoFor::<Runtime>::get(0));
    assert!(matches!(info, Some(ReferendumInfo::TimedOut(..))), "{info:?}");
    assert_eq!(enacted(&chain, 0), None);
}

#[test]
fn an_origin_without_a_track_cannot_be_asked_for() {
    Chain::new(Preset::Local, 4).transact(|| {
        for origin in [RawOrigin::None, RawOrigin::Signed(Sr25519Keyring::Alice.to_account_id())] {
            let no_track: DispatchError = pallet_referenda::Error::<Runtime>::NoTrack.into();
            assert_eq!(try_submit(OriginCaller::system(origin), remark()), Err(no_track));
        }
    });
}

#[test]
fn nobody_spends_more_than_his_track_allows() {
    let too_much: DispatchError = pallet_treasury::Error::<Runtime>::InsufficientPermission.into();
    for (origin, limit) in [
        (Origin::SmallTipper, 250 * QUID),
        (Origin::BigTipper, GRAND),
        (Origin::SmallSpender, 10 * GRAND),
        (Origin::MediumSpender, 100 * GRAND),
        (Origin::BigSpender, 1_000 * GRAND),
        (Origin::Treasurer, 10_000 * GRAND),
    ] {
        Chain::new(Preset::Local, 4).block(|| {
            assert_eq!(dispatch(spend(limit + 1), origin), Err(too_much), "{origin:?}");
            assert_eq!(dispatch(spend(limit), origin), Ok(()), "{origin:?}");
        });
    }
    for origin in [
        Origin::StakingAdmin,
        Origin::GeneralAdmin,
        Origin::AuctionAdmin,
        Origin::LeaseAdmin,
        Origin::ValidatorCountAdmin,
    ] {
        Chain::new(Preset::Local, 4).block(|| {
            assert_eq!(dispatch(spend(1), origin), Err(DispatchError::BadOrigin), "{origin:?}");
        });
    }
}

type Tracks = <Runtime as pallet_referenda::Config>::Tracks;

fn cases() -> [Case; 14] {
    let bob = Sr25519Keyring::Bob.to_account_id();
    [
        Case {
            track: 0,
            origin: OriginCaller::system(RawOrigin::Root),
            call: RuntimeCall::System(frame_system::Call::set_storage { items: vec![(ROOT_KEY.to_vec(), vec![1])] }),
            has_happened: || sp_io::storage::get(ROOT_KEY).is_some(),
        },
        case(
            10,
            Origin::StakingAdmin,
            RuntimeCall::Staking(pallet_staking::Call::set_min_commission { new: Perbill::from_percent(3) }),
            || pallet_staking::MinCommission::<Runtime>::get() == Perbill::from_percent(3),
        ),
        case(11, Origin::Treasurer, spend(10_000 * GRAND), || is_spent(10_000 * GRAND)),
        case(
            12,
            Origin::LeaseAdmin,
            RuntimeCall::Slots(slots::Call::force_lease {
                para: LEASED.into(),
                leaser: bob.clone(),
                amount: UNITS,
                period_begin: 5,
                period_count: 1,
            }),
            || !slots::Leases::<Runtime>::get(ParaId::from(LEASED)).is_empty(),
        ),
        case(
            14,
            Origin::GeneralAdmin,
            RuntimeCall::Identity(pallet_identity::Call::add_registrar { account: MultiAddress::Id(bob) }),
            || pallet_identity::Registrars::<Runtime>::get().len() == 1,
        ),
        case(
            15,
            Origin::AuctionAdmin,
            RuntimeCall::Scheduler(pallet_scheduler::Call::schedule {
                when: PLANNED,
                maybe_periodic: None,
                priority: 0,
                call: Box::new(remark()),
            }),
            || pallet_scheduler::Agenda::<Runtime>::get(PLANNED).len() == 1,
        ),
        case(
            16,
            Origin::ValidatorCountAdmin,
            RuntimeCall::ValidatorCount(pallet_validator_count::Call::set_plan {
                target: FEWER_VALIDATORS,
                step: 1,
                policy: POLICY,
            }),
            || {
                pallet_validator_count::CurrentPlan::<Runtime>::get()
                    .is_some_and(|plan| plan.target == FEWER_VALIDATORS)
            },
        ),
        case(
            20,
            Origin::ReferendumCanceller,
            RuntimeCall::Referenda(pallet_referenda::Call::cancel { index: CANCELLED }),
            || matches!(ReferendumInfoFor::<Runtime>::get(CANCELLED), Some(ReferendumInfo::Cancelled(..))),
        ),
        case(
            21,
            Origin::ReferendumKiller,
            RuntimeCall::Referenda(pallet_referenda::Call::kill { index: KILLED }),
            || matches!(ReferendumInfoFor::<Runtime>::get(KILLED), Some(ReferendumInfo::Killed(..))),
        ),
        case(30, Origin::SmallTipper, spend(250 * QUID), || is_spent(250 * QUID)),
        case(31, Origin::BigTipper, spend(GRAND), || is_spent(GRAND)),
        case(32, Origin::SmallSpender, spend(10 * GRAND), || is_spent(10 * GRAND)),
        case(33, Origin::MediumSpender, spend(100 * GRAND), || is_spent(100 * GRAND)),
        case(34, Origin::BigSpender, spend(1_000 * GRAND), || is_spent(1_000 * GRAND)),
    ]
}

fn case(track: u16, origin: Origin, call: RuntimeCall, has_happened: fn() -> bool) -> Case {
    Case { track, origin: OriginCaller::Origins(origin), call, has_happened }
}

fn remark() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::remark { remark: Vec::new() })
}

fn spend(amount: Balance) -> RuntimeCall {
    RuntimeCall::Treasury(pallet_treasury::Call::spend {
        asset_kind: Box::new(()),
        amount,
        beneficiary: Box::new(Sr25519Keyring::Bob.to_account_id()),
        valid_from: None,
    })
}

fn is_spent(amount: Balance) -> bool {
    pallet_treasury::Spends::<Runtime>::iter_values().any(|spend| spend.amount == amount)
}

fn dispatch(call: RuntimeCall, origin: Origin) -> Result<(), DispatchError> {
    call.dispatch(RuntimeOrigin::from(origin)).map(|_| ()).map_err(|error| error.error)
}

/// Every development account says aye, without conviction: nine tenths of the issuance.
fn vote_by_all(index: ReferendumIndex) {
    for voter in Sr25519Keyring::well_known() {
        vote(voter, index, true, VOTE);
    }
}
