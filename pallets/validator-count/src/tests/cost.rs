// SPDX-License-Identifier: GPL-3.0-only
//! What the pallet costs by itself in a chain of a thousand validators, without what storage costs on a disk.

use crate::{
    mock::{set_plan, Chain, SlotsPerSession, Test, TestExt, ValidatorCount, POLICY},
    AvailabilityVotes, ChainSignals, CountStore, CurrentPlan, Plan, Record, SessionHealth, HISTORY_SESSIONS,
};
use frame_support::assert_ok;
use std::time::{Duration, Instant};

const ROUNDS: u32 = 1_000;
/// As many as there are cores that Kusama has sold, and more.
const CANDIDATES_PER_BLOCK: u32 = 160;

#[test]
fn bench_a_block_a_session_and_an_era_with_a_thousand_validators() {
    let chain = TestExt { count: 900, candidates: 1_000, slots_per_session: 600, sessions_per_era: 6 };
    chain.execute(|| {
        let votes =
            || AvailabilityVotes { seen: (0..900).filter(|index| index % 10 != 0).count() as u32, possible: 900 };
        let block = mean(|| {
            ValidatorCount::note_block();
            (0..CANDIDATES_PER_BLOCK).for_each(|_| ValidatorCount::note_included(votes));
            ValidatorCount::note_backed();
        });
        (0..HISTORY_SESSIONS).for_each(|session| {
            ValidatorCount::session_ended(session);
        });
        let session = mean(|| {
            ValidatorCount::session_ended(HISTORY_SESSIONS);
        });

        // The whole record is of one era that has ended, which is as bad as it gets.
        let sessions = Record::<Test>::get().into_iter().map(|session| SessionHealth { era: 0, ..session });
        Record::<Test>::put(crate::History::truncate_from(sessions.collect()));
        frame_system::Pallet::<Test>::set_block_number(1);
        pallet_staking::ActiveEra::<Test>::put(pallet_staking::ActiveEraInfo { index: 1, start: None });
        assert_ok!(set_plan(1_000, 25, POLICY));
        let plan = CurrentPlan::<Test>::get().unwrap();
        let era = mean(|| {
            // Each round takes the same step.
            CurrentPlan::<Test>::put(Plan { changed_in: None, count: 900, ..plan.clone() });
            assert_ok!(Chain::set_count(900));
            ValidatorCount::era_ended(0, 2);
        });
        assert_eq!(Chain::count(), 925);
        assert_eq!((Chain::active_validators(), SlotsPerSession::get()), (900, 600));
        println!("block with {CANDIDATES_PER_BLOCK} candidates {block:?}, session {session:?}, era {era:?}");
    });
}

fn mean(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..ROUNDS).for_each(|_| work());
    start.elapsed() / ROUNDS
}
