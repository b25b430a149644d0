// SPDX-License-Identifier: GPL-3.0-only
//! One rule for missed slots, at every scale.

use super::tier;
use crate::{
    judge::{judge_era, misses_more_than, Share},
    mock::POLICY,
    Baseline, Flag, Health, History, Plan, Policy,
};
use proptest::prelude::{prop_assert_eq, prop_assume, proptest};
use rand::{rngs::StdRng, Rng, SeedableRng};

fn health(slots: u32, missed: u32) -> Health {
    Health { blocks: slots - missed, missed, ..Health::default() }
}

/// The rule as it is written down, in fractions. `None` if they are too coarse to tell.
fn in_fractions(slots: u32, missed: u32, p: Share) -> Option<bool> {
    let p = p.part as f64 / p.of as f64;
    let expected = f64::from(slots) * p;
    let bound = (4.0 * (expected * (1.0 - p)).sqrt()).max(3.0);
    let excess = f64::from(missed) - expected;
    ((excess - bound).abs() > 1e-6).then_some(excess > bound)
}

proptest! {
    #[test]
    fn whole_numbers_agree_with_fractions(
        slots in 1_u32..200_000, permille in 0_u32..=1_000, of in 1_u64..2_000_000, share in 0.0_f64..=1.0,
    ) {
        let missed = (u64::from(slots) * u64::from(permille) / 1_000) as u32;
        let p = Share { part: (of as f64 * share) as u64, of };
        let expected = in_fractions(slots, missed, p);
        prop_assume!(expected.is_some());
        prop_assert_eq!(misses_more_than(&health(slots, missed), p), expected.unwrap());
    }
}

#[test]
fn it_holds_at_the_ends_of_the_scale() {
    let never = Share { part: 0, of: 14_400 };
    let always = Share { part: 14_400, of: 14_400 };
    let nothing = Share { part: 0, of: 0 };
    for slots in [10, 20, 3_600, u32::MAX] {
        assert!(!misses_more_than(&health(slots, 3), never));
        assert!(misses_more_than(&health(slots, 4), never));
        assert!(!misses_more_than(&health(slots, slots), always));
        assert!(!misses_more_than(&health(slots, slots), nothing));
        assert!(misses_more_than(&health(slots, slots), Share { part: 1, of: 1 << 38 }));
    }
}

/// How often a chain that is as healthy as before is held. Each era has its own baseline, which is as uncertain as a real
/// one: 24 sessions, here four eras' worth of slots.
#[test]
fn a_healthy_era_is_held_less_than_once_in_a_hundred() {
    let rounds = tier::rounds(3_000, 100_000);
    for slots in [20, 3_600] {
        for permille in [0, 1, 5, 10, 30, 50, 100] {
            let mut rng = StdRng::seed_from_u64(u64::from(slots * 1_000 + permille));
            let share = f64::from(permille) / 1_000.0;
            let held = (0..rounds).filter(|_| {
                let before = missed_of(&mut rng, 4 * slots, share);
                let baseline = Share { part: before.into(), of: (4 * slots).into() };
                misses_more_than(&health(slots, missed_of(&mut rng, slots, share)), baseline)
            });
            let held = held.count();
            println!("slots={slots} missed_permille={permille} held={held} of {rounds}");
            assert!(held * 100 < rounds, "{held} of {rounds} eras held: slots={slots} missed_permille={permille}");
        }
    }
}

/// How many of `slots` are missed if each is with probability `share`: the gaps between them are drawn, not the slots.
fn missed_of(rng: &mut StdRng, slots: u32, share: f64) -> u32 {
    if share == 0.0 {
        return 0;
    }
    let mut missed = 0;
    let mut slot = 0.0;
    loop {
        let gap: f64 = rng.gen_range(f64::EPSILON..1.0);
        slot += 1.0 + (gap.ln() / (1.0 - share).ln()).floor();
        if slot > f64::from(slots) {
            return missed;
        }
        missed += 1;
    }
}

#[test]
fn one_slot_in_a_hundred_is_seen_in_an_era_of_thousands_and_three_in_one_of_twenty_are_not() {
    let judged = |slots, missed| {
        let baseline = Baseline { sessions: 24, slots: 14_400, missed: 0 };
        let plan = Plan::new(10, 20, 5, POLICY, baseline, 10, None);
        let session = crate::SessionHealth {
            session: 0,
            era: 0,
            validators: 10,
            health: health(slots, missed),
            flags: crate::Flags::NONE,
        };
        judge_era(&mut History::truncate_from(vec![session]), 0, &plan).1.contains(Flag::Missed)
    };
    assert!(judged(3_600, 36));
    assert!(!judged(20, 3));
    assert!(judged(20, 4));
}

#[test]
fn what_the_policy_calls_the_most_is_never_exceeded_by_a_baseline() {
    let policy = Policy { max_missed_permille: 100, ..POLICY };
    let baseline = Baseline { sessions: 24, slots: 14_400, missed: 7_200 };
    let plan = Plan::new(10, 20, 5, policy, baseline, 10, None);
    let session = |missed| crate::SessionHealth {
        session: 0,
        era: 0,
        validators: 10,
        health: health(3_600, missed),
        flags: crate::Flags::NONE,
    };
    // 360 expected, and four standard deviations of 18.
    let flagged = |missed| !judge_era(&mut History::truncate_from(vec![session(missed)]), 0, &plan).1.is_empty();
    assert!(!flagged(432));
    assert!(flagged(433));
}
