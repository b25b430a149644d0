// SPDX-License-Identifier: GPL-3.0-only
use super::world::Sender;
use crate::xcmp::{hash::MountainRange, BrokenExtension, Frontier, FrontierFull, MAX_COUNT, MAX_EXTENSION_NODES};
use mmr::Merge;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
use sp_core::H256;

fn messages(count: u64) -> Vec<H256> {
    (0..count).map(H256::from_low_u64_be).collect()
}

/// A frontier as it stands after `count` messages. What is below its peaks does not matter.
fn frontier(count: u64) -> Frontier {
    let peaks =
        (0..u64::from(count.count_ones())).map(|peak| H256::from_low_u64_be(1 << 32 | peak)).collect::<Vec<_>>();
    Frontier::new(count, peaks.try_into().unwrap()).unwrap()
}

proptest! {
    #[test]
    fn appending_in_parts_is_appending_at_once(parts in prop::collection::vec(0u64..40, 0..6)) {
        let all = messages(parts.iter().sum());
        let mut left = all.as_slice();
        let mut frontier = Frontier::default();
        for part in parts {
            let (now, later) = left.split_at(part as usize);
            frontier = frontier.append(now).unwrap();
            prop_assert!(frontier.is_sound());
            left = later;
        }
        prop_assert_eq!(frontier, Frontier::default().append(&all).unwrap());
    }

    #[test]
    fn a_proof_from_any_frontier_leads_on(start in 0u64..1 << 40, more in 0u64..60, from in 0u64..60) {
        let (base, new) = (frontier(start), messages(more));
        let from = from.min(more);
        let proof = base.prove_extension(&new, start + from).unwrap();
        let (early, late) = (base.append(&new[..from as usize]).unwrap(), base.append(&new).unwrap());
        prop_assert!(proof.len() <= MAX_EXTENSION_NODES as usize);
        prop_assert_eq!(early.ensure_extends_to(late.count(), late.root(), &proof), Ok(()));
    }

    #[test]
    fn arbitrary_proofs_neither_pass_nor_panic(
        start in 1u64..=MAX_COUNT,
        count in any::<u64>(),
        nodes in prop::collection::vec(any::<[u8; 32]>(), 0..70),
    ) {
        let nodes: Vec<_> = nodes.into_iter().map(H256).collect();
        prop_assert_eq!(
            frontier(start).ensure_extends_to(count, H256::repeat_byte(7), &nodes),
            Err(BrokenExtension)
        );
    }
}

#[test]
fn a_stream_ends_at_the_greatest_count() {
    let last = frontier(MAX_COUNT - 1);
    let full = last.append(&messages(1)).unwrap();
    assert_eq!(full.count(), MAX_COUNT);
    assert_eq!(full.append(&messages(1)), Err(FrontierFull));
    assert_eq!(last.append(&messages(2)), Err(FrontierFull));
    // One more would still be proved by its hash alone.
    let one = H256::repeat_byte(1);
    let root = MountainRange::merge_peaks(&one, &full.peaks()[0]).unwrap();
    assert_eq!(full.ensure_extends_to(MAX_COUNT + 1, root, &[one]), Err(BrokenExtension));
}

#[test]
fn peaks_match_the_count() {
    let peaks = |count: usize| vec![H256::zero(); count].try_into().unwrap();
    assert!(Frontier::new(5, peaks(2)).is_some());
    assert!(Frontier::new(5, peaks(1)).is_none());
    assert!(Frontier::new(5, peaks(3)).is_none());
    assert!(Frontier::new(MAX_COUNT + 1, peaks(2)).is_none());
    assert_eq!(Frontier::default().root(), H256::zero());
}

#[test]
fn nothing_is_proved_from_below_the_frontier() {
    let base = frontier(8);
    assert!(base.prove_extension(&messages(3), 7).is_none());
    assert!(base.prove_extension(&messages(3), 12).is_none());
    assert!(base.prove_extension(&messages(3), 11).unwrap().is_empty());
}

#[test]
fn a_shorter_range_extends_nothing() {
    let sender = Sender::new(1, 6, 1, 0);
    let (short, long) = (sender.frontier_at(4), sender.frontier_at(6));
    assert_eq!(long.ensure_extends_to(4, short.root(), &[]), Err(BrokenExtension));
    // The same count under another root is no extension either.
    assert_eq!(long.ensure_extends_to(6, short.root(), &[]), Err(BrokenExtension));
    assert_eq!(long.ensure_extends_to(6, long.root(), &[]), Ok(()));
}
