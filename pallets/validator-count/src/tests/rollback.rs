// SPDX-License-Identifier: GPL-3.0-only
//! When a plan is rolled back, and when not.

use crate::{
    mock::{
        authority_set, block, era, healthy_era, healthy_eras, prove, set_plan, sick_era, take_events, Chain,
        Finalizers, System, Test, TestExt, ValidatorCount, POLICY,
    },
    ChainSignals, CountStore, CurrentPlan, Event, Flag, Flags, PlanState, Policy,
};
use frame_support::assert_ok;

const BROKEN: Flags = Flags::NONE.with(Flag::FinalityLag).with(Flag::Missed);

fn state() -> PlanState {
    CurrentPlan::<Test>::get().unwrap().state
}

/// Slots are missed, or not, and in each session somebody proves that finality is eleven blocks behind.
fn lagging_era(missed: u32) {
    era(|| {
        // Each proof is of a block that is newer than the one before, as the pallet asks for.
        if System::block_number().is_multiple_of(5) {
            block(missed, || {
                assert_ok!(prove(System::block_number() - 11));
            });
        }
        missed
    });
}

/// A plan from 10 to 25 whose first step, to 15, was judged good, and whose second, to 20, is active.
fn at_twenty(test: impl FnOnce()) {
    TestExt::default().execute(|| {
        Finalizers::set(authority_set(0, 4, 1));
        healthy_era();
        assert_ok!(set_plan(25, 5, POLICY));
        healthy_eras(4);
        assert_eq!((Chain::active_era(), Chain::count(), Chain::active_validators()), (5, 20, 20));
        assert_eq!(CurrentPlan::<Test>::get().unwrap().last_good, 15);
        take_events();
        test();
    });
}

#[test]
fn i7_two_broken_eras_lead_back_to_the_last_good_count() {
    at_twenty(|| {
        lagging_era(1);
        assert_eq!((state(), Chain::count()), (PlanState::Held { since: 6, reasons: BROKEN }, 20));
        lagging_era(1);
        assert_eq!((state(), Chain::count()), (PlanState::RolledBack { in_era: 7, reasons: BROKEN }, 15));
        let told = Event::RolledBack { era: 7, from: 20, to: 15, reasons: BROKEN };
        assert_eq!(take_events().last(), Some(&told));
        healthy_era();
        assert_eq!(Chain::active_validators(), 15);

        // It stays there, however healthy the chain is, until there is a new vote.
        healthy_eras(4);
        assert_eq!((Chain::count(), take_events()), (15, vec![]));
        assert_ok!(set_plan(20, 5, POLICY));
    });
}

#[test]
fn before_any_step_was_good_the_base_is_the_last_good_count() {
    TestExt::default().execute(|| {
        Finalizers::set(authority_set(0, 4, 1));
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        healthy_era();
        assert_eq!(Chain::count(), 15);
        lagging_era(1);
        lagging_era(1);
        assert_eq!((state(), Chain::count()), (PlanState::RolledBack { in_era: 4, reasons: BROKEN }, 10));
    });
}

#[test]
fn a_chain_that_breaks_before_the_first_step_has_nothing_to_roll_back() {
    TestExt::default().execute(|| {
        Finalizers::set(authority_set(0, 4, 1));
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        (0..3).for_each(|_| lagging_era(1));
        assert_eq!((state(), Chain::count()), (PlanState::Held { since: 2, reasons: BROKEN }, 10));
    });
}

#[test]
fn nothing_less_than_lag_and_harm_two_eras_on_end_rolls_back() {
    let dispute = || {
        era(|| {
            ValidatorCount::note_dispute();
            0
        });
    };
    let sequences: [&[&dyn Fn()]; 4] = [
        // Harm without lag.
        &[&sick_era, &sick_era, &sick_era],
        &[&dispute, &dispute, &dispute],
        // Lag without harm.
        &[&|| lagging_era(0), &|| lagging_era(0), &|| lagging_era(0)],
        // One era of both, twice, with another in between.
        &[&|| lagging_era(1), &|| lagging_era(0), &|| lagging_era(1)],
    ];
    for sequence in sequences {
        at_twenty(|| {
            sequence.iter().for_each(|era| era());
            assert!(matches!(state(), PlanState::Held { since: 6, .. }), "{:?}", state());
            assert_eq!(Chain::count(), 20);
        });
    }
}

#[test]
fn a_dispute_beside_a_lag_rolls_back_as_well() {
    at_twenty(|| {
        for _ in 0..2 {
            ValidatorCount::note_dispute();
            lagging_era(0);
        }
        let reasons = Flags::NONE.with(Flag::FinalityLag).with(Flag::Dispute);
        assert_eq!((state(), Chain::count()), (PlanState::RolledBack { in_era: 7, reasons }, 15));
    });
}

#[test]
fn unknown_finality_holds_and_then_pauses_but_never_rolls_back() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(set_plan(20, 5, POLICY));
        healthy_era();
        // From now on nobody proves anything, and slots are missed.
        CurrentPlan::<Test>::mutate(|plan| {
            let plan = plan.as_mut().unwrap();
            plan.policy = Policy { proofs_per_era: 1, ..plan.policy };
        });
        (0..8).for_each(|_| sick_era());
        assert!(matches!(state(), PlanState::Paused { .. }));
        assert_eq!(Chain::count(), 15);
    });
}
