// SPDX-License-Identifier: GPL-3.0-only
use super::{range, rounds};
use crate::winners::{best_combination, winning_amount};
use polkadot_core_primitives::Balance;
use rand::{rngs::StdRng, Rng, SeedableRng};
use serin_primitives::lease::{LeaseRange, RANGE_COUNT};

type Amounts = [Option<Balance>; RANGE_COUNT];

/// The largest value of all 128 ways to cut eight periods into ranges, of which those without a bid stay empty.
pub(super) fn best_of_all_cuts(amount: impl Fn(LeaseRange) -> Option<Balance>) -> Balance {
    let value_of_cut = |cuts: u32| {
        let mut value = 0;
        let mut first = 0;
        for last in 0..8u8 {
            if last == 7 || cuts & (1 << last) != 0 {
                value += amount(range(first, last)).unwrap_or(0) * Balance::from(last - first + 1);
                first = last + 1;
            }
        }
        value
    };
    (0..128).map(value_of_cut).max().unwrap()
}

fn random_amounts(rng: &mut StdRng) -> Amounts {
    let share = rng.gen_range(0.0..1.0);
    let largest = [2, 5, 1_000, 1 << 80][rng.gen_range(0..4)];
    std::array::from_fn(|_| rng.gen_bool(share).then(|| rng.gen_range(0..largest)))
}

fn value(amounts: &Amounts, ranges: &[LeaseRange]) -> Balance {
    ranges.iter().map(|range| amounts[range.index()].unwrap() * Balance::from(range.period_count())).sum()
}

#[test]
fn i5_no_combination_beats_the_winners() {
    for seed in 0..rounds(2_000, 100_000) {
        let amounts = random_amounts(&mut StdRng::seed_from_u64(seed.into()));
        let best = best_combination(|range| amounts[range.index()]);
        assert_eq!(best.value, best_of_all_cuts(|range| amounts[range.index()]), "seed {seed}");
        assert_eq!(best.value, value(&amounts, &best.ranges), "seed {seed}");
        assert!(best.ranges.windows(2).all(|pair| pair[0].last() < pair[1].first()), "seed {seed}");
    }
}

#[test]
fn the_winning_amount_wins_and_less_does_not_beat_the_best() {
    for seed in 0..rounds(2_000, 100_000) {
        let rng = &mut StdRng::seed_from_u64(seed.into());
        let amounts = random_amounts(rng);
        let range = LeaseRange::all().nth(rng.gen_range(0..RANGE_COUNT)).unwrap();
        let minimum = amounts[range.index()].map_or(1, |leading| leading + 1);
        let winning = winning_amount(range, minimum, |other| amounts[other.index()]);
        assert!(winning >= minimum, "seed {seed}");

        let with = |amount| {
            let mut amounts = amounts;
            amounts[range.index()] = Some(amount);
            best_combination(|other| amounts[other.index()])
        };
        assert!(with(winning).ranges.contains(&range), "seed {seed}");
        let best = best_combination(|other| amounts[other.index()]).value;
        assert!(winning == minimum || with(winning - 1).value <= best, "seed {seed}");
    }
}
