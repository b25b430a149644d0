// SPDX-License-Identifier: GPL-3.0-only
//! The draw of the block at which the candle goes out.

use crate::types::{AuctionId, Seed};
use alloc::vec::Vec;
use codec::Encode;
use core::marker::PhantomData;
use frame_support::traits::Randomness;
use polkadot_core_primitives::{BlockNumber, Hash};

/// Where seeds come from. A random beacon could take the place of BABE here.
pub trait CandleSeed {
    /// The seed for `subject`, once nothing that it depends on was known to anybody before the block `bids_closed_at`.
    fn seed(subject: &[u8], bids_closed_at: BlockNumber) -> Option<Seed>;
}

/// Seeds from the randomness of the last epoch, once that whole epoch lies behind the last bid.
///
/// `OneEpochAgo` hashes what the authors of the last epoch revealed, `TwoEpochsAgo` knows when that epoch began.
/// The SDK's auctions ask only that it ended after the last bid, so that an author of the last bids may know the seed.
pub struct EpochSeed<OneEpochAgo, TwoEpochsAgo>(PhantomData<(OneEpochAgo, TwoEpochsAgo)>);

impl<OneEpochAgo, TwoEpochsAgo> CandleSeed for EpochSeed<OneEpochAgo, TwoEpochsAgo>
where
    OneEpochAgo: Randomness<Hash, BlockNumber>,
    TwoEpochsAgo: Randomness<Hash, BlockNumber>,
{
    fn seed(subject: &[u8], bids_closed_at: BlockNumber) -> Option<Seed> {
        let (_, last_epoch_began_at) = TwoEpochsAgo::random(subject);
        (last_epoch_began_at >= bids_closed_at).then(|| OneEpochAgo::random(subject).0.into())
    }
}

/// What a seed is asked for: auctions draw independently of each other and of everything else.
pub fn subject(id: AuctionId, bids_closed_at: BlockNumber) -> Vec<u8> {
    (b"candle auction", id, bids_closed_at).encode()
}

/// The block of the ending period at which the candle went out: each with a probability that is off by less than
/// 2^-47 of itself for periods below 2^17 blocks.
pub fn draw(seed: &Seed, ending_start: BlockNumber, ending_blocks: BlockNumber) -> BlockNumber {
    let (first_bytes, _) = seed.split_first_chunk().unwrap_or((&[0; 8], &[]));
    let scaled = u128::from(u64::from_le_bytes(*first_bytes)).saturating_mul(ending_blocks.into()) >> 64;
    // The product of 64 and 32 bits, without its lower 64, has 32.
    ending_start.saturating_add(BlockNumber::try_from(scaled).unwrap_or_default())
}
