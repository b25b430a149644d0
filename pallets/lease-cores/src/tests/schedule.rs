// SPDX-License-Identifier: GPL-3.0-only
//! The pure parts, against brute force.

use crate::{
    calendar::{Calendar, Claim},
    schedule::{due_block, servable_blocks},
};
use frame_support::traits::ConstU32;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest, Just, Strategy};
use serin_primitives::lease::LeaseClock;
use std::collections::BTreeMap;

const MAX_CLAIMS: u32 = 12;
type TestCalendar = Calendar<ConstU32<MAX_CLAIMS>>;

proptest! {
    #[test]
    fn the_last_core_is_told_in_time_and_not_earlier(
        length in 1..500u32, offset in 0..500u32, period in 0..50u32, notice in 1..20u32, cores in 0..200u32, per_block in 1..20u32,
    ) {
        let clock = LeaseClock { length_blocks: length, offset_blocks: offset };
        let begin = clock.first_block(period).unwrap();
        let due = due_block(clock, period, notice, cores, per_block);
        let last_told = due + cores.saturating_sub(1) / per_block;
        // At the start of the chain there may be no time.
        prop_assert!(due == 0 || last_told + notice == begin);
        prop_assert!(due > 0 || last_told + notice >= begin);
    }

    #[test]
    fn work_is_for_the_rest_of_its_period(
        length in 1..500u32, offset in 0..500u32, period in 0..50u32, earliest in 0..30_000u32,
    ) {
        let clock = LeaseClock { length_blocks: length, offset_blocks: offset };
        let in_time = |block: &u32| *block >= earliest && clock.period_at(*block) == Some(period);
        let expected: Vec<u32> = (offset..offset + 51 * length).filter(in_time).collect();
        let blocks = servable_blocks(clock, period, earliest);
        prop_assert_eq!(blocks.map(Iterator::collect::<Vec<_>>).unwrap_or_default(), expected);
    }

    #[test]
    fn a_calendar_is_a_bounded_map_of_periods(operations in prop::collection::vec(operation(), 1..60)) {
        let mut calendar = TestCalendar::default();
        let mut model = BTreeMap::<u32, Claim>::new();
        for operation in operations {
            operation.apply(&mut calendar, &mut model);
            for period in 0..30 {
                prop_assert_eq!(calendar.at(period), model.get(&period).copied());
                let mut free = (period..30).take_while(|period| !model.contains_key(period)).count();
                free = free.min(MAX_CLAIMS as usize - model.len());
                prop_assert_eq!(calendar.free_count(period..=29), free as u32);
            }
            for para in 0..3 {
                let periods: Vec<u32> = calendar.periods_of(para.into()).collect();
                let expected = model.iter().filter(|(_, claim)| claim.para() == Some(para.into()));
                prop_assert_eq!(&periods, &expected.map(|(period, _)| *period).collect::<Vec<_>>());
                prop_assert_eq!(calendar.paras().contains(&para.into()), !periods.is_empty());
            }
            prop_assert_eq!(calendar.is_empty(), model.is_empty());
        }
    }
}

#[derive(Clone, Debug)]
enum Operation {
    Claim { first: u32, last: u32, from: Option<Claim>, to: Claim },
    Release { first: u32, last: u32 },
    Withdraw { first: u32, last: u32, para: u32 },
    Lapse { para: u32, from: u32 },
    Swap { one: u32, other: u32 },
    ForgetBefore(u32),
}

fn operation() -> impl Strategy<Value = Operation> {
    let claim = || prop_oneof![Just(Claim::Reserved), (0..3u32).prop_map(|para| Claim::Leased(para.into()))];
    let run = || (0..24u32, 0..8u32).prop_map(|(first, more)| (first, (first + more).min(29)));
    prop_oneof![
        4 => (run(), any::<bool>(), claim(), claim()).prop_map(|((first, last), free, from, to)| {
            Operation::Claim { first, last, from: (!free).then_some(from), to }
        }),
        1 => run().prop_map(|(first, last)| Operation::Release { first, last }),
        1 => (run(), 0..3u32).prop_map(|((first, last), para)| Operation::Withdraw { first, last, para }),
        1 => (0..3u32, 0..30u32).prop_map(|(para, from)| Operation::Lapse { para, from }),
        1 => (0..3u32, 0..3u32).prop_map(|(one, other)| Operation::Swap { one, other }),
        1 => (0..10u32).prop_map(Operation::ForgetBefore),
    ]
}

impl Operation {
    fn apply(self, calendar: &mut TestCalendar, model: &mut BTreeMap<u32, Claim>) {
        match self {
            Self::Claim { first, last, from, to } => {
                let mut claimed = model.clone();
                claimed.extend((first..=last).map(|period| (period, to)));
                let as_expected = (first..=last).all(|period| model.get(&period).copied() == from);
                let possible = as_expected && claimed.len() <= MAX_CLAIMS as usize;
                assert_eq!(calendar.claim(first..=last, from, to).is_ok(), possible);
                if possible {
                    *model = claimed;
                }
            }
            Self::Release { first, last } => {
                let before = model.len();
                model.retain(|period, claim| *claim != Claim::Reserved || *period < first || *period > last);
                assert_eq!(calendar.release(first..=last), model.len() < before);
            }
            Self::Withdraw { first, last, para } => {
                calendar.withdraw(first..=last, para.into());
                model.retain(|period, claim| *claim != Claim::Leased(para.into()) || *period < first || *period > last);
            }
            Self::Lapse { para, from } => {
                let before = model.len();
                model.retain(|period, claim| *claim != Claim::Leased(para.into()) || *period < from);
                let lapsed = calendar.drop_lapsed(|leaser, period| leaser != para.into() || period < from);
                assert_eq!(lapsed as usize, before - model.len());
            }
            Self::Swap { one, other } => {
                calendar.swap(one.into(), other.into());
                for claim in model.values_mut() {
                    if claim.para() == Some(one.into()) {
                        *claim = Claim::Leased(other.into());
                    } else if claim.para() == Some(other.into()) {
                        *claim = Claim::Leased(one.into());
                    }
                }
            }
            Self::ForgetBefore(period) => {
                calendar.forget_before(period);
                model.retain(|past, _| *past >= period);
            }
        }
    }
}
