// SPDX-License-Identifier: GPL-3.0-only
//! The draw and its outcome, computed again: the seed from the headers of the chain, the winners from the bids. Nothing here
//! asks the pallet, or uses its code.

use super::report::{Bid, Draw};
use crate::{
    demo::{
        chain::Chain,
        error::Result,
        runtimes::{Balance, BlockNumber, Relay},
    },
    network::rpc::{self, Header},
};
use codec::{Decode, Encode};
use sp_crypto_hashing::blake2_256;
use sp_runtime::DigestItem;

/// BABE's consensus engine id, and the variant of its log that announces the epoch after next.
const BABE: [u8; 4] = *b"BABE";
const NEXT_EPOCH_DATA: u8 = 1;
/// What the seed is asked for, before the auction's id and the block that took no more bids.
const SUBJECT: &[u8; 14] = b"candle auction";

/// An auction, as far as it matters to its draw.
#[derive(Clone, Copy, Debug)]
pub struct Drawn {
    pub id: u32,
    pub ending_start: BlockNumber,
    pub closes_at: BlockNumber,
    pub settled_in: BlockNumber,
}

/// Draws again.
pub async fn draw(chain: &Chain<Relay>, drawn: &Drawn) -> Result<Draw> {
    let (epoch_start, randomness) = epoch_before(chain, drawn.settled_in).await?;
    let (last_epoch_start, _) = epoch_before(chain, epoch_start.saturating_sub(1)).await?;
    let seed = seed(drawn, &randomness);
    Ok(Draw {
        seed: format!("0x{}", hex::encode(seed)),
        candle_block: candle_block(&seed, drawn.ending_start, drawn.closes_at),
        epoch_starts: [last_epoch_start, epoch_start],
    })
}

/// Whose ranges share no period and are worth most together, of the leads at the end of the block `candle`.
pub fn winners(bids: &[Bid], candle: BlockNumber) -> Vec<Bid> {
    let is_lead = |(index, bid): &(usize, &Bid)| {
        let is_overtaken = |later: &Bid| {
            (later.first_period, later.last_period) == (bid.first_period, bid.last_period) && later.block <= candle
        };
        bid.block <= candle && !bids.iter().skip(index.saturating_add(1)).any(is_overtaken)
    };
    let leads = bids.iter().enumerate().filter(is_lead).map(|(_, bid)| bid).collect::<Vec<_>>();
    let mut best = best_from(&leads, 0).1;
    best.sort_by_key(|bid| bid.first_period);
    best.into_iter().cloned().collect()
}

/// All combinations of leads that begin at the period `from` or later, and what the best of them is worth.
fn best_from<'a>(leads: &[&'a Bid], from: u32) -> (Balance, Vec<&'a Bid>) {
    let mut best = (0, Vec::new());
    for lead in leads.iter().filter(|lead| lead.first_period >= from) {
        let (rest, mut combination) = best_from(leads, lead.last_period.saturating_add(1));
        let periods = Balance::from(lead.last_period.saturating_sub(lead.first_period).saturating_add(1));
        let value = rest.saturating_add(lead.amount.saturating_mul(periods));
        if value > best.0 {
            combination.push(lead);
            best = (value, combination);
        }
    }
    best
}

/// The first block of the epoch that the block `number` is in, and the randomness that it has announced: a hash of what the
/// blocks of the epoch before revealed.
async fn epoch_before(chain: &Chain<Relay>, number: BlockNumber) -> Result<(BlockNumber, [u8; 32])> {
    for number in (1..=number).rev() {
        let hash = chain.hash_at(number).await?.map(|hash| format!("{hash:?}"));
        let header = rpc::header(chain.client(), hash.as_deref()).await.map_err(|error| chain.rpc(error))?;
        if let Some(randomness) = header.as_ref().and_then(announced_randomness) {
            return Ok((number, randomness));
        }
    }
    Err(chain.answer("headers", format!("no block up to {number} begins an epoch")))
}

fn announced_randomness(header: &Header) -> Option<[u8; 32]> {
    type Announced = (Vec<([u8; 32], u64)>, [u8; 32]);
    header.digest.logs.iter().find_map(|log| match DigestItem::decode(&mut rpc::from_hex(log)?.as_slice()).ok()? {
        DigestItem::Consensus(BABE, data) => {
            let (variant, rest) = data.split_first()?;
            let (_, randomness) = Announced::decode(&mut &*rest).ok().filter(|_| *variant == NEXT_EPOCH_DATA)?;
            Some(randomness)
        }
        _ => None,
    })
}

fn seed(drawn: &Drawn, randomness: &[u8; 32]) -> [u8; 32] {
    blake2_256(&(SUBJECT, drawn.id, drawn.closes_at, randomness).encode())
}

/// The first eight bytes as a fraction of all that they can be, of the ending period.
fn candle_block(seed: &[u8; 32], ending_start: BlockNumber, closes_at: BlockNumber) -> BlockNumber {
    let length = u128::from(closes_at.saturating_sub(ending_start));
    let fraction = seed.iter().take(8).rev().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
    ending_start.saturating_add(u32::try_from(fraction.saturating_mul(length) >> 64).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::rpc::Digest;

    fn bid(block: BlockNumber, first_period: u32, last_period: u32, amount: Balance) -> Bid {
        Bid { block, first_period, last_period, para: 1, bidder: block.to_string(), amount }
    }

    fn values(bids: &[Bid], candle: BlockNumber) -> Vec<Balance> {
        winners(bids, candle).iter().map(|bid| bid.amount).collect()
    }

    #[test]
    fn winners_are_the_leads_of_the_block_that_are_worth_most() {
        let bids = [bid(1, 0, 1, 10), bid(2, 2, 2, 9), bid(4, 2, 2, 12), bid(5, 0, 3, 8)];
        assert_eq!(values(&bids, 3), [10, 9]);
        assert_eq!(values(&bids, 4), [10, 12]);
        // 2 * 10 + 12 equals 4 * 8: what was found first stays.
        assert_eq!(values(&bids, 5), [10, 12]);
        assert_eq!(values(&bids, 0), Vec::<Balance>::new());
    }

    #[test]
    fn every_block_of_the_ending_period_can_be_drawn() {
        let with_first = |bytes: [u8; 8]| {
            let mut seed = [0x55; 32];
            seed[..8].copy_from_slice(&bytes);
            candle_block(&seed, 100, 110)
        };
        assert_eq!(with_first([0; 8]), 100);
        assert_eq!(with_first([0xff; 8]), 109);
        // The last of them counts most.
        assert_eq!(with_first([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]), 104);
        assert_eq!(with_first([0, 0, 0, 0, 0, 0, 0, 0x80]), 105);
    }

    #[test]
    fn the_draw_is_that_of_the_pallet() {
        let drawn = Drawn { id: 3, ending_start: 40, closes_at: 52, settled_in: 70 };
        let subject = pallet_auctions::candle::subject(pallet_auctions::AuctionId(3), 52);
        for number in 0..100_u8 {
            let seed = seed(&drawn, &[number; 32]);
            assert_eq!(seed, blake2_256(&[subject.as_slice(), &[number; 32]].concat()));
            assert_eq!(candle_block(&seed, 40, 52), pallet_auctions::candle::draw(&seed, 40, 12));
        }
    }

    #[test]
    fn randomness_is_read_from_the_header_that_begins_an_epoch() {
        let header = |item: DigestItem| Header {
            number: 1,
            digest: Digest { logs: vec![format!("0x{}", hex::encode(item.encode()))] },
        };
        let announced = (vec![([1_u8; 32], 1_u64)], [9_u8; 32]).encode();
        let log = |variant: u8| DigestItem::Consensus(BABE, [vec![variant], announced.clone()].concat());
        assert_eq!(announced_randomness(&header(log(NEXT_EPOCH_DATA))), Some([9; 32]));
        assert_eq!(announced_randomness(&header(log(2))), None);
        assert_eq!(announced_randomness(&header(DigestItem::Seal(BABE, announced.clone()))), None);
    }
}
