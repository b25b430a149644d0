// SPDX-License-Identifier: GPL-3.0-only
use crate::lead_log::{last_until, next_amount, stays_drawable};
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use sp_runtime::Permill;

proptest! {
    #[test]
    fn the_entry_of_a_block_is_found_as_by_reading_all(mut log in prop::collection::btree_set(0..500u32, 0..60), block in 0..510u32) {
        let entries: Vec<u32> = std::mem::take(&mut log).into_iter().collect();
        let found = last_until(entries.len().try_into().unwrap(), block, |index| entries.get(usize::from(index)).copied());
        let read = entries.iter().rposition(|since| *since <= block).map(|index| u16::try_from(index).unwrap());
        prop_assert_eq!(found, read);
    }

    #[test]
    fn a_lead_is_drawable_if_some_block_of_the_ending_period_ends_with_it(since in 0..20u32, start in 0..20u32, later in 0..20u32) {
        let now = since + later;
        let ends_with_it = (start..40).any(|candle| since <= candle && candle < now);
        prop_assert_eq!(stays_drawable(since, start, now), ends_with_it);
    }

    #[test]
    fn the_next_amount_is_a_raise_by_the_share_and_by_one(leading in 0..1u128 << 100, percent in 0..100u32, minimum in 0..1_000u128) {
        let next = next_amount(Some(leading), minimum, Permill::from_percent(percent));
        prop_assert!(next > leading && next >= minimum);
        prop_assert!((next - leading) * 100 >= leading * u128::from(percent));
        prop_assert!(next == minimum || (next - leading - 1) * 100 < leading.max(1) * u128::from(percent).max(1));
    }
}

#[test]
fn searching_1620_entries_reads_eleven() {
    let most = (0..1_620u32)
        .map(|block| {
            let reads = std::cell::Cell::new(0);
            last_until(1_620, block, |index| {
                reads.set(reads.get() + 1);
                Some(index.into())
            });
            reads.get()
        })
        .max();
    assert_eq!(most, Some(11));
}

#[test]
fn a_raise_of_one_percent_bounds_the_log() {
    let raise = Permill::from_percent(1);
    // From a thousand plancks, where rounding up no longer matters much, to ten million times as much.
    let amounts = std::iter::successors(Some(1_000u128), |leading| Some(next_amount(Some(*leading), 0, raise)));
    assert!(amounts.take_while(|amount| *amount <= 10_000_000_000).count() <= 1_621);
}
