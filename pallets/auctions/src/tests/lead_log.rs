// SPDX-License-Identifier: GPL-3.0-only
use crate::lead_log::{next_amount, stays_drawable, LogIndex, PAGE_LEADS};
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use serin_primitives::lease::LeaseRange;
use sp_runtime::Permill;

const RANGE: LeaseRange = LeaseRange::new(0, 3).unwrap();
const OTHER: LeaseRange = LeaseRange::new(0, 4).unwrap();

proptest! {
    #[test]
    fn the_page_of_a_block_is_found_as_by_reading_all(
        log in prop::collection::btree_set(0..500u32, 0..60),
        page_leads in 1..20usize,
        block in 0..510u32,
    ) {
        let entries: Vec<u32> = log.into_iter().collect();
        let mut index = LogIndex::default();
        for start in entries.iter().step_by(page_leads).skip(1) {
            prop_assert!(index.open_page(RANGE, *start).is_some());
        }
        let last = entries.iter().rposition(|since| *since <= block).unwrap_or(0);
        prop_assert_eq!(usize::from(index.page_of(RANGE, block)), last / page_leads);
        prop_assert_eq!(usize::from(index.last_page(RANGE)), entries.len().saturating_sub(1) / page_leads);
        prop_assert_eq!(index.last_page(OTHER), 0);
    }

    #[test]
    fn a_lead_is_drawable_if_some_block_of_the_ending_period_ends_with_it(
        since in 0..20u32,
        start in 0..20u32,
        later in 0..20u32,
    ) {
        let now = since + later;
        let ends_with_it = (start..40).any(|candle| since <= candle && candle < now);
        prop_assert_eq!(stays_drawable(since, start, now), ends_with_it);
    }

    #[test]
    fn the_next_amount_is_a_raise_by_the_share_and_by_one(
        leading in 0..1u128 << 100,
        percent in 0..100u32,
        minimum in 0..1_000u128,
    ) {
        let next = next_amount(Some(leading), minimum, Permill::from_percent(percent));
        prop_assert!(next > leading && next >= minimum);
        prop_assert!((next - leading) * 100 >= leading * u128::from(percent));
        prop_assert!(next == minimum || (next - leading - 1) * 100 < leading.max(1) * u128::from(percent).max(1));
    }
}

#[test]
fn the_longest_log_that_a_raise_of_one_percent_allows_has_room() {
    let mut index = LogIndex::default();
    let pages = 1 + (0..u32::MAX).take_while(|start| index.open_page(RANGE, *start).is_some()).count();
    assert_eq!(usize::from(index.last_page(RANGE)), pages - 1);
    assert!(pages * usize::try_from(PAGE_LEADS).unwrap() >= 1_620);
    // The log of one range takes no room from the others'.
    assert_eq!(index.open_page(OTHER, 0), Some(1));
}

#[test]
fn a_raise_of_one_percent_bounds_the_log() {
    let raise = Permill::from_percent(1);
    // From a thousand plancks, where rounding up no longer matters much, to ten million times as much.
    let amounts = std::iter::successors(Some(1_000u128), |leading| Some(next_amount(Some(*leading), 0, raise)));
    assert!(amounts.take_while(|amount| *amount <= 10_000_000_000).count() <= 1_621);
}
