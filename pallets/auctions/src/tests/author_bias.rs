// SPDX-License-Identifier: GPL-3.0-only
//! What an adversary gains that has a third of the slots: by the bids that it lets into the ending period's blocks, and
//! by the blocks that it withholds when the seed is made.

use super::rounds;
use crate::candle::draw;
use rand::{rngs::StdRng, Rng, SeedableRng};
use sp_io::hashing::blake2_256;

const ENDING_BLOCKS: u32 = 600;

#[derive(Clone, Copy, PartialEq)]
enum Strategy {
    /// Bids like everybody else.
    Honest,
    /// Bids always, and in its own blocks comes last.
    Reorder,
    /// Moreover leaves the others' bids out of its own blocks.
    Drop,
    /// Moreover bids in its own blocks alone, where nobody sees the bid before it leads.
    Snipe,
}

/// At which blocks of the ending period the adversary leads, if it and an honest bidder both want the lead at any price.
fn blocks_led(rng: &mut StdRng, strategy: Strategy) -> Vec<bool> {
    let mut adversary_leads = false;
    let block = |_| {
        let is_author = rng.gen_ratio(1, 3);
        let adversary_is_last = if is_author && strategy != Strategy::Honest { true } else { rng.gen() };
        let adversary_bids = strategy != Strategy::Snipe || is_author;
        let honest_bids = !is_author || matches!(strategy, Strategy::Honest | Strategy::Reorder);
        adversary_leads = match (adversary_bids, honest_bids) {
            (true, true) => adversary_is_last,
            (true, false) => true,
            (false, true) => false,
            (false, false) => adversary_leads,
        };
        adversary_leads
    };
    (0..ENDING_BLOCKS).map(block).collect()
}

/// The share of auctions that the adversary wins, and what it can expect of it, if it can choose among as many seeds as
/// its run of last slots of an epoch allows.
fn share_won(strategy: Strategy, withholds: bool, auctions: u32) -> f64 {
    let wins = |number: &u32| {
        let rng = &mut StdRng::seed_from_u64(u64::from(*number));
        let led = blocks_led(rng, strategy);
        let mut last_slots = 0;
        while withholds && last_slots < 10 && rng.gen_ratio(1, 3) {
            last_slots += 1;
        }
        let mut seeds = (0..1u32 << last_slots).map(|_| blake2_256(&rng.gen::<[u8; 32]>()));
        seeds.any(|seed| led[usize::try_from(draw(&seed, 0, ENDING_BLOCKS)).unwrap()])
    };
    (0..auctions).filter(wins).count() as f64 / f64::from(auctions)
}

#[test]
fn an_author_of_a_third_of_the_blocks_gains_no_more_than_these_blocks_and_the_last_slots_give() {
    let auctions = rounds(2_000, 100_000);
    // Three deviations of the larger of two shares, each from its own draws.
    let tolerance = 3.0 * (2.0 * 0.25 / f64::from(auctions)).sqrt();
    let honest = share_won(Strategy::Honest, false, auctions);
    println!("nothing: wins {honest:.3}");
    let strategies = [("reorder", Strategy::Reorder), ("drop", Strategy::Drop), ("snipe", Strategy::Snipe)];
    for (name, strategy) in strategies {
        let share = share_won(strategy, false, auctions);
        println!("{name} bids: wins {share:.3}, gain {:+.3}", share - honest);
        // At worst it leads at all blocks of its own; at the others it has what it had.
        assert!(share <= honest + (1.0 - honest) / 3.0 + tolerance);
    }
    let share = share_won(Strategy::Honest, true, auctions);
    // With `m` last slots, which it has with probability 2/3 * 3^-m, it chooses among 2^m seeds.
    let expected: f64 =
        (0..=10).map(|slots| 2.0 / 3.0 * 3f64.powi(-slots) * (1.0 - (1.0 - honest).powi(1 << slots))).sum();
    println!("withhold blocks: wins {share:.3}, expected {expected:.3}, gain {:+.3}", share - honest);
    assert!((share - expected).abs() <= tolerance);
}
