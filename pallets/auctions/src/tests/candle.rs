// SPDX-License-Identifier: GPL-3.0-only
use super::seed_for;
use crate::{
    candle::{draw, subject, CandleSeed, EpochSeed},
    types::AuctionId,
};
use frame_support::{parameter_types, traits::Randomness};
use polkadot_core_primitives::{BlockNumber, Hash};
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use sp_io::hashing::blake2_256;

parameter_types! {
    static LastEpoch: BlockNumber = 0;
    static EpochBefore: BlockNumber = 0;
}

/// As BABE has them: the same value for both, known since the start of this epoch and of the last.
struct OneEpochAgo;
impl Randomness<Hash, BlockNumber> for OneEpochAgo {
    fn random(subject: &[u8]) -> (Hash, BlockNumber) {
        (blake2_256(subject).into(), LastEpoch::get())
    }
}
struct TwoEpochsAgo;
impl Randomness<Hash, BlockNumber> for TwoEpochsAgo {
    fn random(_: &[u8]) -> (Hash, BlockNumber) {
        (Hash::zero(), EpochBefore::get())
    }
}

#[test]
fn a_seed_counts_once_all_that_made_it_was_revealed_after_the_last_bid() {
    let seed = || EpochSeed::<OneEpochAgo, TwoEpochsAgo>::seed(b"subject", 100);
    // The epoch that revealed it began before bids closed, even if it ended after: the SDK's auctions would take it.
    LastEpoch::set(100);
    EpochBefore::set(99);
    assert_eq!(seed(), None);
    LastEpoch::set(200);
    EpochBefore::set(100);
    assert_eq!(seed(), Some(blake2_256(b"subject")));
}

#[test]
fn auctions_draw_independently() {
    let subjects = [(1, 100), (2, 100), (1, 101)].map(|(id, closed_at)| subject(AuctionId(id), closed_at));
    assert!(subjects[0] != subjects[1] && subjects[0] != subjects[2] && subjects[1] != subjects[2]);
}

#[test]
fn the_first_and_the_last_seed_draw_the_first_and_the_last_block() {
    assert_eq!(draw(&[0; 32], 1_000, 72_000), 1_000);
    assert_eq!(draw(&[u8::MAX; 32], 1_000, 72_000), 72_999);
}

#[test]
fn every_block_is_drawn_equally_often() {
    const BLOCKS: usize = 24;
    const DRAWS: u32 = 240_000;
    let mut count = [0u32; BLOCKS];
    for number in 0..DRAWS {
        let block = draw(&blake2_256(&number.to_le_bytes()), 0, 24);
        count[usize::try_from(block).unwrap()] += 1;
    }
    // The chi-squared statistic with 23 degrees of freedom is above 58 once in ten thousand; the seeds are fixed.
    let expected = f64::from(DRAWS) / 24.0;
    let chi_squared: f64 = count.iter().map(|n| (f64::from(*n) - expected).powi(2) / expected).sum();
    println!("chi-squared={chi_squared:.1}, 23 degrees of freedom, {DRAWS} draws");
    assert!(chi_squared < 58.0);
}

proptest! {
    #[test]
    fn the_candle_goes_out_in_the_ending_period(seed in any::<[u8; 32]>(), start in 0..1_000_000u32, blocks in 1..u32::MAX / 2) {
        prop_assert!((start..start + blocks).contains(&draw(&seed, start, blocks)));
    }

    #[test]
    fn there_is_a_seed_for_every_block(blocks in 1..u32::MAX, offset in any::<u32>()) {
        let offset = offset % blocks;
        prop_assert_eq!(draw(&seed_for(offset, blocks), 0, blocks), offset);
    }
}
