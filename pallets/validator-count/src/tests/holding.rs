// SPDX-License-Identifier: GPL-3.0-only
//! What holds a plan, and what lets it go.

use crate::{
    mock::{
        authority_set, block, era, healthy_era, healthy_eras, prove, set_plan, sick_era, take_events, Chain, Disabled,
        Finalizers, LimitsNow, RuntimeOrigin, Session, Staking, System, Test, TestExt, ValidatorCount, LIMITS, POLICY,
        REFERENDUM,
    },
    AvailabilityVotes, ChainSignals, CountStore, CurrentPlan, Error, Event, Flag, Flags, Limits, PlanState, Policy,
};
use frame_support::{assert_noop, assert_ok};

/// One fault: what happens in the era that has it, and what ends it.
struct Fault {
    flag: Flag,
    policy: Policy,
    begin: fn(),
    end: fn(),
}

impl Fault {
    fn new(flag: Flag, begin: fn()) -> Self {
        Self { flag, policy: POLICY, begin, end: || () }
    }
}

fn state() -> PlanState {
    CurrentPlan::<Test>::get().unwrap().state
}

fn prove_newest() {
    assert_ok!(prove(System::block_number() - 1));
}

fn faults() -> Vec<Fault> {
    let needs_proof = Policy { proofs_per_era: 1, ..POLICY };
    vec![
        Fault::new(Flag::Missed, || (0..4).for_each(|_| block(1, || ()))),
        Fault::new(Flag::Availability, || {
            ValidatorCount::note_included(|| AvailabilityVotes { seen: 799, possible: 1_000 });
        }),
        Fault::new(Flag::Dispute, ValidatorCount::note_dispute),
        Fault { end: || Disabled::set(0), ..Fault::new(Flag::Disabled, || Disabled::set(1)) },
        Fault::new(Flag::FinalityLag, || {
            block(0, || {
                assert_ok!(prove(System::block_number() - 11));
            });
        }),
        Fault { policy: needs_proof, end: || block(0, prove_newest), ..Fault::new(Flag::FinalityUnknown, || ()) },
        Fault {
            end: || (15..=40).for_each(validate),
            ..Fault::new(Flag::Supply, || {
                (15..=40).for_each(|account| {
                    assert_ok!(Staking::chill(RuntimeOrigin::signed(account)));
                });
            })
        },
        Fault {
            end: || LimitsNow::set(LIMITS),
            ..Fault::new(Flag::Weight, || LimitsNow::set(Limits { max_election_steps: 15 * 40 - 1, ..LIMITS }))
        },
    ]
}

fn validate(account: u64) {
    assert_ok!(Staking::validate(RuntimeOrigin::signed(account), Default::default()));
}

#[test]
fn i3_each_flag_alone_holds_and_its_end_releases() {
    assert_eq!(faults().iter().map(|fault| fault.flag).collect::<Vec<_>>(), Flag::ALL);
    for fault in faults() {
        TestExt::default().execute(|| {
            Finalizers::set(authority_set(0, 4, 1));
            healthy_era();
            assert_ok!(set_plan(20, 5, fault.policy));
            take_events();

            (fault.begin)();
            healthy_era();
            // The first step would be due.
            let reasons = Flags::NONE.with(fault.flag);
            assert_eq!(state(), PlanState::Held { since: 2, reasons }, "{:?}", fault.flag);
            assert_eq!(Chain::count(), 10);

            (fault.end)();
            healthy_era();
            assert_eq!((state(), Chain::count()), (PlanState::Ramping, 15), "{:?}", fault.flag);
            let mut events = take_events();
            events.retain(|event| !matches!(event, Event::FinalityProved { .. }));
            assert!(
                matches!(events[..], [
                Event::Held { era: 2, reasons: held_for, .. },
                Event::Released { era: 3 },
                Event::StepApplied { era: 3, from: 10, to: 15, active: 10 },
            ] if held_for == reasons),
                "{events:?}"
            );
        });
    }
}

#[test]
fn what_the_policy_still_allows_does_not_hold() {
    TestExt::default().execute(|| {
        Finalizers::set(authority_set(0, 4, 1));
        healthy_era();
        let policy = Policy { max_disputes: 1, max_disabled: 1, proofs_per_era: 1, supply_margin: 25, ..POLICY };
        assert_ok!(set_plan(15, 5, policy));
        (0..3).for_each(|_| block(1, || ()));
        ValidatorCount::note_included(|| AvailabilityVotes { seen: 800, possible: 1_000 });
        ValidatorCount::note_dispute();
        Disabled::set(1);
        block(0, || {
            assert_ok!(prove(System::block_number() - 10));
        });
        healthy_era();
        assert_eq!((state(), Chain::count()), (PlanState::Ramping, 15));
    });
}

#[test]
fn a_set_smaller_than_the_count_holds() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        healthy_era();
        // Elected, but without keys: the session pallet leaves it out.
        assert_ok!(Session::purge_keys(RuntimeOrigin::signed(12)));
        healthy_era();
        assert_eq!((Chain::count(), Chain::active_validators()), (15, 14));
        let reasons = Flags::NONE.with(Flag::Supply);
        assert_eq!(state(), PlanState::Held { since: 3, reasons });
        // The next step would be due.
        healthy_era();
        assert_eq!((state(), Chain::count()), (PlanState::Held { since: 3, reasons }, 15));
    });
}

#[test]
fn unknown_finality_does_not_hold_a_policy_that_asks_for_no_proof_and_the_status_says_so() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(15, 5, POLICY));
        healthy_era();
        assert_eq!(Chain::count(), 15);
        assert!(ValidatorCount::status().not_judged.contains(&crate::NotJudged::FinalityUnknown));
    });
}

#[test]
fn a_hold_tells_its_figures_once_and_again_when_its_reasons_change() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        take_events();
        sick_era();
        sick_era();
        era(|| {
            ValidatorCount::note_dispute();
            1
        });
        let events = take_events();
        let [Event::Held { era: 2, reasons, health }, Event::Held { era: 4, reasons: later, .. }] = events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(reasons, Flags::NONE.with(Flag::Missed));
        // The first block of the era was still in time.
        assert_eq!((health.blocks, health.missed), (10, 9));
        assert_eq!(later, reasons.with(Flag::Dispute));
    });
}

#[test]
fn a_plan_held_for_too_long_pauses_until_a_vote_resumes_it() {
    TestExt::default().execute(|| {
        let referendum = || RuntimeOrigin::signed(REFERENDUM);
        healthy_era();
        assert_ok!(set_plan(15, 5, POLICY));
        sick_era();
        assert!(matches!(state(), PlanState::Held { since: 2, .. }));
        (0..4).for_each(|_| sick_era());
        assert!(matches!(state(), PlanState::Held { since: 2, .. }));
        assert_noop!(ValidatorCount::resume(referendum()), Error::<Test>::NotPaused);
        sick_era();
        assert_eq!(state(), PlanState::Paused { since: 7 });
        assert_eq!(take_events().last(), Some(&Event::Paused { era: 7 }));

        // Health alone does not bring it back.
        healthy_eras(3);
        assert_eq!((state(), Chain::count()), (PlanState::Paused { since: 7 }, 10));
        assert_ok!(ValidatorCount::resume(referendum()));
        healthy_eras(3);
        assert_eq!(state(), PlanState::Done { in_era: 13 });
        assert_eq!(Chain::count(), 15);
    });
}
