// SPDX-License-Identifier: GPL-3.0-only
//! Years of sessions with random faults and votes, and with candidates that come and go. The invariants of a single state
//! are checked after every block by the mock; those that need two states, here.

use super::tier;
use crate::{
    mock::{
        authority_set, block, prove, set_plan, take_events, Backed, Chain, Disabled, Finalizers, RuntimeOrigin,
        Session, Staking, System, Test, TestExt, ValidatorCount, POLICY, REFERENDUM,
    },
    AvailabilityVotes, CountStore, CurrentPlan, Event, Plan, PlanState, Policy, Record,
};
use rand::{rngs::StdRng, Rng, SeedableRng};
use sp_runtime::DispatchResult;
use sp_staking::EraIndex;
use std::collections::BTreeMap;

const SEED: u64 = 9_001_000;
const CANDIDATES: u64 = 40;

#[test]
fn invariants_hold_through_random_faults_votes_and_candidates() {
    let sessions = tier::rounds(500, 10_000) as u32;
    println!("seed={SEED}");
    let chain = TestExt { count: 10, candidates: CANDIDATES as u32, slots_per_session: 6, sessions_per_era: 2 };
    chain.execute(|| {
        Finalizers::set(authority_set(0, 4, 1));
        let mut simulation = Simulation::new();
        while Session::current_index() < sessions {
            simulation.session();
        }
        simulation.report();
    });
}

/// What the network is like, for some sessions on end.
#[derive(Clone, Copy)]
enum Weather {
    Fair,
    /// Slots are missed.
    Rain,
    /// Finality lags.
    Fog,
    /// Both.
    Storm,
}

struct Simulation {
    rng: StdRng,
    weather: Weather,
    /// How often each kind of event came, so that a simulation in which nothing happens does not pass.
    seen: BTreeMap<&'static str, u32>,
    votes_passed: u32,
    votes_refused: u32,
    /// When a plan last wrote the count.
    last_change: Option<EraIndex>,
}

impl Simulation {
    fn new() -> Self {
        let rng = StdRng::seed_from_u64(SEED);
        Self {
            rng,
            weather: Weather::Fair,
            seen: BTreeMap::new(),
            votes_passed: 0,
            votes_refused: 0,
            last_change: None,
        }
    }

    fn session(&mut self) {
        if self.rng.gen_ratio(1, 4) {
            self.weather = match self.rng.gen_range(0..10) {
                0 => Weather::Rain,
                1 => Weather::Fog,
                2 | 3 => Weather::Storm,
                _ => Weather::Fair,
            };
        }
        Disabled::set(u32::from(self.rng.gen_ratio(1, 30)));
        Backed::set(self.rng.gen_range(0..3));
        self.votes();
        if self.rng.gen_ratio(1, 4) {
            self.candidate();
        }
        let session = Session::current_index();
        while Session::current_index() == session {
            self.block();
        }
    }

    /// Votes that are enacted before a session. A plan that moves is mostly left alone, or none would come to its end.
    fn votes(&mut self) {
        let state = CurrentPlan::<Test>::get().map(|plan| plan.state);
        let referendum = RuntimeOrigin::signed(REFERENDUM);
        if self.rng.gen_ratio(1, 25) {
            let count = self.rng.gen_range(4..30);
            let outcome = match self.rng.gen_range(0..4) {
                0 => ValidatorCount::stop(referendum.clone()),
                1 => ValidatorCount::resume(referendum.clone()),
                2 => ValidatorCount::force_set(RuntimeOrigin::root(), count),
                _ => Staking::set_validator_count(RuntimeOrigin::root(), count),
            };
            self.count_vote(outcome);
        }
        if matches!(state, Some(PlanState::Paused { .. })) && self.rng.gen_ratio(1, 3) {
            self.count_vote(ValidatorCount::resume(referendum));
        }
        let is_moving = matches!(state, Some(PlanState::Ramping | PlanState::Held { .. }));
        if self.rng.gen_ratio(1, if is_moving { 40 } else { 4 }) {
            let outcome = self.propose();
            self.count_vote(outcome);
        }
    }

    /// A plan, which may be absurd.
    fn propose(&mut self) -> DispatchResult {
        let policy = Policy {
            min_eras_between: self.rng.gen_range(1..4),
            max_missed_permille: self.rng.gen_range(100..300),
            max_finality_lag: 4,
            proofs_per_era: self.rng.gen_range(0..2),
            max_hold_eras: self.rng.gen_range(1..8),
            ..POLICY
        };
        let target = (Chain::count() + self.rng.gen_range(0..20)).saturating_sub(10);
        set_plan(target, self.rng.gen_range(0..6), policy)
    }

    fn count_vote(&mut self, outcome: DispatchResult) {
        if outcome.is_ok() {
            self.votes_passed += 1;
        } else {
            self.votes_refused += 1;
        }
        self.count_events(&take_events());
    }

    /// A candidate comes or goes; six always stay, so that there is somebody to elect.
    fn candidate(&mut self) {
        let account = self.rng.gen_range(7..=CANDIDATES);
        let origin = RuntimeOrigin::signed(account);
        let is_candidate = pallet_staking::Validators::<Test>::contains_key(account);
        let changed = if is_candidate { Staking::chill(origin) } else { Staking::validate(origin, Default::default()) };
        changed.unwrap();
    }

    fn block(&mut self) {
        let missed = match self.weather {
            Weather::Rain | Weather::Storm => self.rng.gen_range(0..3),
            Weather::Fair | Weather::Fog => u32::from(self.rng.gen_ratio(1, 60)),
        };
        let lag = if matches!(self.weather, Weather::Fog | Weather::Storm) { 5 } else { 1 };
        let is_disputed = self.rng.gen_ratio(1, 120);
        let is_withheld = self.rng.gen_ratio(1, 40);
        let seen = self.rng.gen_range(if is_withheld { 0..10 } else { 8..10 });
        let is_proven = self.rng.gen_ratio(1, 2);

        let before = (Chain::count(), CurrentPlan::<Test>::get());
        block(missed, || {
            ValidatorCount::note_included(|| AvailabilityVotes { seen, possible: 10 });
            if is_disputed {
                ValidatorCount::note_dispute();
            }
            if let Some(target) = System::block_number().checked_sub(lag).filter(|_| is_proven) {
                // Refused if it is no newer than the last one.
                let _ = prove(target);
            }
        });
        let events = take_events();
        if let (count, Some(plan)) = before {
            check_move(&plan, count, self.last_change, &events);
        }
        self.count_events(&events);
    }

    fn count_events(&mut self, events: &[Event<Test>]) {
        for event in events {
            match event {
                Event::StepApplied { era, .. } | Event::RolledBack { era, .. } => self.last_change = Some(*era),
                _ => {}
            }
            let name = match event {
                Event::PlanSet { replaced: false, .. } => "set",
                Event::PlanSet { replaced: true, .. } => "replaced",
                Event::StepApplied { from, to, .. } if from < to => "raised",
                Event::StepApplied { .. } => "lowered",
                Event::Held { .. } => "held",
                Event::Released { .. } => "released",
                Event::RolledBack { .. } => "rolled back",
                Event::Paused { .. } => "paused",
                Event::Resumed => "resumed",
                Event::Stopped { .. } => "stopped",
                Event::Overridden { .. } => "overridden",
                Event::Completed { .. } => "completed",
                Event::CountForced { .. } => "forced",
                Event::FinalityProved { .. } => "proved",
                Event::CountRefused { .. } | Event::__Ignore(..) => unreachable!("{event:?}"),
            };
            *self.seen.entry(name).or_default() += 1;
        }
    }

    /// Everything that can happen has happened.
    fn report(&self) {
        println!("votes passed {}, refused {}; events {:?}", self.votes_passed, self.votes_refused, self.seen);
        assert_eq!(self.seen.len(), 14, "{:?}", self.seen);
        assert!(self.votes_refused > 0);
    }
}

/// I2, I3 and I7 between two blocks, of which the first had `plan` and `count`, which was changed in `last_change`.
fn check_move(plan: &Plan, count: u32, last_change: Option<EraIndex>, events: &[Event<Test>]) {
    let after = Chain::count();
    let Some(now) = CurrentPlan::<Test>::get() else {
        assert_eq!(after, count, "a plan that ends leaves the count alone");
        return;
    };
    let rolled_back = events.iter().any(|event| matches!(event, Event::RolledBack { .. }));
    let stepped = events.iter().any(|event| matches!(event, Event::StepApplied { .. }));
    assert!(after == count || rolled_back || stepped, "{count} became {after} in silence: {events:?}");
    if stepped {
        assert!(after.abs_diff(count) <= plan.step, "I2");
        let is_spaced = |since| now.changed_in.is_some_and(|era| era >= since + plan.policy.min_eras_between);
        assert!(plan.changed_in.into_iter().chain(last_change).all(is_spaced), "I2");
        assert_eq!(now.state, PlanState::Ramping, "I3");
        let judged = Record::<Test>::get().last().unwrap().flags;
        assert!(judged.is_empty(), "I3: a step after {judged:?}");
    }
    if rolled_back {
        assert_eq!(after, plan.last_good, "I7");
    }
}
