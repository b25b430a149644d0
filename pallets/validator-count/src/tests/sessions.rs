// SPDX-License-Identifier: GPL-3.0-only
//! What the health record holds.

use crate::{
    mock::{block, healthy_era, healthy_eras, Backed, Chain, Disabled, RuntimeOrigin, Session, System, Test, TestExt},
    AvailabilityVotes, ChainSignals, Pallet, RampedSessions, Record, Running, HISTORY_SESSIONS,
};
use frame_support::{assert_ok, dispatch::DispatchClass, parameter_types};
use pallet_session::SessionManager;

type ValidatorCount = Pallet<Test>;

#[test]
fn a_session_has_its_blocks_missed_slots_candidates_disputes_and_disabled_validators() {
    TestExt::default().execute(|| {
        healthy_era();
        let votes = AvailabilityVotes { seen: 7, possible: 10 };
        block(2, || ValidatorCount::note_included(|| votes));
        Backed::set(3);
        block(1, || {
            ValidatorCount::note_dispute();
            ValidatorCount::note_included(|| votes);
        });
        Backed::set(0);
        Disabled::set(4);
        healthy_era();

        let session = Record::<Test>::get()[2];
        // The first block of the session is the one that began the era.
        assert_eq!((session.session, session.era, session.validators), (2, 1, 10));
        let health = session.health;
        assert_eq!((health.blocks, health.missed, health.slots()), (7, 3, 10));
        assert_eq!((health.candidates_backed, health.candidates_included), (3, 2));
        assert_eq!((health.availability_seen, health.availability_possible), (7, 10));
        assert_eq!((health.disputes, health.disabled), (1, 4));
        assert_eq!(Record::<Test>::get()[3].health.disputes, 0);
    });
}

#[test]
fn one_included_candidate_of_sixteen_has_its_votes_counted() {
    TestExt::default().execute(|| {
        let mut asked = 0;
        for _ in 0..33 {
            ValidatorCount::note_included(|| {
                asked += 1;
                // More votes than there are validators cannot be.
                AvailabilityVotes { seen: 11, possible: 10 }
            });
        }
        assert_eq!(asked, 3);
        let health = Running::<Test>::get();
        assert_eq!((health.candidates_included, health.availability_seen, health.availability_possible), (33, 30, 30));
    });
}

#[test]
fn a_block_that_is_late_by_days_counts_as_one_session_missed() {
    TestExt::default().execute(|| {
        block(0, || ());
        block(100_000_000, || ());
        assert_eq!(Running::<Test>::get().missed, 10);
    });
}

#[test]
fn i5_the_record_holds_the_newest_sessions_only() {
    TestExt::default().execute(|| {
        healthy_eras(30);
        let record = Record::<Test>::get();
        assert_eq!(record.len() as u32, HISTORY_SESSIONS);
        let newest = Session::current_index() - 1;
        let sessions: Vec<_> = record.iter().map(|session| session.session).collect();
        assert_eq!(sessions, (newest + 1 - HISTORY_SESSIONS..=newest).collect::<Vec<_>>());
    });
}

#[test]
fn sessions_and_eras_are_charged_to_the_block_that_ends_them() {
    TestExt::default().execute(|| {
        let mandatory = || System::block_weight().get(DispatchClass::Mandatory).ref_time();
        block(0, || assert_eq!(mandatory(), 0));
        let before = Chain::active_era();
        let mut seen = Vec::new();
        while Chain::active_era() == before {
            block(0, || ());
            seen.push(mandatory());
        }
        // The election of an era is charged, too, to the block that begins its last session.
        let plain = seen.iter().filter(|weight| **weight == 0).count();
        assert_eq!((plain, seen.len()), (17, 19));
        assert_eq!(seen.last(), Some(&(11 + 13)));
    });
}

#[test]
fn validators_without_keys_are_not_in_the_set() {
    TestExt::default().execute(|| {
        healthy_era();
        assert_ok!(Session::purge_keys(RuntimeOrigin::signed(3)));
        healthy_era();
        assert_eq!(Chain::active_validators(), 9);
    });
}

parameter_types! {
    static Calls: Vec<&'static str> = Vec::new();
}

struct Inner;

impl SessionManager<u64> for Inner {
    fn new_session(new_index: u32) -> Option<Vec<u64>> {
        Calls::mutate(|calls| calls.push("new_session"));
        Some(vec![new_index.into()])
    }
    fn new_session_genesis(new_index: u32) -> Option<Vec<u64>> {
        Calls::mutate(|calls| calls.push("new_session_genesis"));
        Some(vec![u64::from(new_index) + 100])
    }
    fn end_session(end_index: u32) {
        assert_eq!(end_index, 3);
        Calls::mutate(|calls| calls.push("end_session"));
    }
    fn start_session(start_index: u32) {
        assert_eq!(start_index, 4);
        Calls::mutate(|calls| calls.push("start_session"));
    }
}

#[test]
fn the_session_manager_forwards_everything() {
    type Manager = RampedSessions<Test, Inner>;
    TestExt::default().execute(|| {
        assert_eq!(Manager::new_session_genesis(1), Some(vec![101]));
        assert_eq!(Manager::new_session(2), Some(vec![2]));
        Manager::end_session(3);
        Manager::start_session(4);
        assert_eq!(Calls::take(), ["new_session_genesis", "new_session", "end_session", "start_session"]);
    });
}
