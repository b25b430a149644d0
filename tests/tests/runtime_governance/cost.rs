// SPDX-License-Identifier: GPL-3.0-only
//! What the pallet costs the chain: declared weights, storage accesses as counted, and the time that the native runtime
//! takes, which is printed and not judged.

use super::{
    accesses::counted,
    plans::{active, enact_plan, POLICY},
    support::Chain,
};
use frame_support::{
    traits::{OnFinalize, OnInitialize},
    weights::Weight,
};
use pallet_session::SessionManager;
use pallet_staking::ActiveEra;
use pallet_validator_count::{RampedSessions, WeightInfo};
use serin_runtime::{AccountId, Runtime, Session, System, ValidatorCount};
use serin_tests::rollback::rolled_back;
use sp_staking::SessionIndex;
use std::time::{Duration, Instant};

type Weights = <Runtime as pallet_validator_count::Config>::WeightInfo;

/// A piece of work that the pallet does by itself.
struct Phase {
    name: &'static str,
    declared: Weight,
    run: fn(),
    /// Writes that are the measurement's own.
    foreign_writes: usize,
}

fn phases() -> [Phase; 3] {
    [
        Phase { name: "a block", declared: Weights::block(), run: one_block, foreign_writes: 0 },
        Phase {
            name: "the end of a session",
            declared: Weights::session_ended(),
            run: one_session_end,
            foreign_writes: 0,
        },
        Phase {
            name: "the end of an era, with a step",
            declared: Weights::era_ended(),
            run: one_step,
            foreign_writes: 1,
        },
    ]
}

/// Prints the cost of each phase on this chain, and checks that the declared weight pays for the storage accesses.
pub fn print(chain: &mut Chain) {
    let validators = active(chain);
    // So that the end of an era has something to decide.
    enact_plan(chain, validators + 2, 2, POLICY);
    chain.inspect(|| {
        for Phase { name, declared, run, foreign_writes } in phases() {
            let accesses = rolled_back(|| counted(run).1);
            let (reads, writes) = (accesses.reads(), accesses.writes() - foreign_writes);
            println!(
                "{validators} validators, {name}: {reads} reads, {writes} writes ({} of its own storage); declared {} us; \
                 native {:.1?} (median of {RUNS})",
                accesses.of_pallet("ValidatorCount"),
                declared.ref_time() / 1_000_000,
                median_time(run),
            );
            let storage = storage_weight(reads, writes);
            assert!(declared.ref_time() >= storage.ref_time(), "{name}: {accesses:?} cost {storage:?} alone");
        }
    });
}

fn storage_weight(reads: usize, writes: usize) -> Weight {
    let count = |accesses: usize| u64::try_from(accesses).expect("few accesses");
    <Runtime as frame_system::Config>::DbWeight::get().reads_writes(count(reads), count(writes))
}

const RUNS: usize = 101;

fn median_time(run: fn()) -> Duration {
    let mut times = (0..RUNS)
        .map(|_| {
            rolled_back(|| {
                let began = Instant::now();
                run();
                began.elapsed()
            })
        })
        .collect::<Vec<_>>();
    times.sort();
    times[RUNS / 2]
}

fn one_block() {
    let next = System::block_number() + 1;
    ValidatorCount::on_initialize(next);
    ValidatorCount::on_finalize(next);
}

/// With nothing behind the pallet's session manager.
fn one_session_end() {
    <RampedSessions<Runtime, ()> as SessionManager<AccountId>>::end_session(Session::current_index());
}

fn one_step() {
    let before = pallet_staking::ValidatorCount::<Runtime>::get();
    <RampedSessions<Runtime, ErasPass> as SessionManager<AccountId>>::start_session(Session::current_index() + 1);
    assert_ne!(pallet_staking::ValidatorCount::<Runtime>::get(), before, "there was no step");
}

/// Stands for staking. With each session as many eras pass as a plan has to wait for.
struct ErasPass;

impl SessionManager<AccountId> for ErasPass {
    fn new_session(_: SessionIndex) -> Option<Vec<AccountId>> {
        None
    }

    fn end_session(_: SessionIndex) {}

    fn start_session(_: SessionIndex) {
        ActiveEra::<Runtime>::mutate(|era| {
            if let Some(era) = era {
                era.index += POLICY.min_eras_between;
            }
        });
    }
}
