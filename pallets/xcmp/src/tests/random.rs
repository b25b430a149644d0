// SPDX-License-Identifier: GPL-3.0-only
//! Seeded random operations, with every invariant after each.

use super::{head, latest, root};
use crate::mock::{end_session, include, next_block, run, RuntimeOrigin, System, Xcmp};
use rand::{rngs::StdRng, Rng, SeedableRng};
use std::collections::BTreeMap;

/// How many operations the tier asks for.
fn rounds(tier: &str) -> u32 {
    match tier {
        "prove" | "soak" => 1_000_000,
        _ => 50_000,
    }
}

#[test]
fn random_operations_keep_the_invariants() {
    let tier = std::env::var("SERIN_TIER").unwrap_or_else(|_| "test".into());
    let rounds = rounds(&tier);
    let seed: u64 = std::env::var("SERIN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(rand::random);
    println!("rounds={rounds} tier={tier} seed={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    run(|| {
        // What I3 promises, seen from outside: a generation never falls.
        let mut generations = BTreeMap::<u32, u32>::new();
        let mut left = Vec::new();
        for _ in 0..rounds {
            let para = random.gen_range(2_000..2_012);
            match random.gen_range(0..10) {
                // A para that left has no blocks.
                0..=4 if !left.contains(&para) => {
                    include(para, head(random.gen_range(0..50), root(random.gen_range(0..8))));
                }
                5 if !left.contains(&para) => {
                    let bytes = (0..random.gen_range(0..200)).map(|_| random.gen()).collect();
                    include(para, bytes);
                }
                6 => drop(Xcmp::clear(RuntimeOrigin::root(), para.into())),
                7 if left.len() < 6 && random.gen_ratio(1, 100) => {
                    end_session(&[para]);
                    left.push(para);
                }
                8 if random.gen_ratio(1, 10) => end_session(&[]),
                _ => drop(next_block()),
            }
            System::reset_events();
            Xcmp::do_try_state().unwrap();
            if let Some(latest) = latest(para) {
                let before = generations.insert(para, latest.generation).unwrap_or_default();
                assert!(before <= latest.generation, "I3: the generation of {para} fell");
            }
        }
    });
}
