// SPDX-License-Identifier: GPL-3.0-only
use super::{include_root, latest, PARA};
use crate::{
    mock::{end_session, next_block, run, CleanUpEntriesPerBlock, RuntimeOrigin, System, Test, Xcmp},
    Event, Latest, NextGeneration, PendingCleanUp, WeightInfo,
};
use frame_support::{assert_ok, assert_storage_noop};

fn weight_of(entries: u32) -> frame_support::weights::Weight {
    <() as WeightInfo>::clean_up(entries)
}

#[test]
fn i5_paras_that_left_are_removed_after_the_session() {
    run(|| {
        include_root(PARA, 5, 1);
        include_root(PARA + 1, 5, 2);
        end_session(&[PARA]);
        assert!(latest(PARA).is_some());
        assert_eq!(next_block(), weight_of(2));
        assert_eq!(latest(PARA), None);
        assert!(latest(PARA + 1).is_some());
        System::assert_has_event(Event::RootRemoved { para: PARA.into() }.into());
        assert!(!PendingCleanUp::<Test>::exists());
    });
}

#[test]
fn a_clean_up_is_bounded_in_each_block_and_comes_to_its_end() {
    run(|| {
        let paras: Vec<u32> = (PARA..PARA + 4 * CleanUpEntriesPerBlock::get() + 1).collect();
        paras.iter().for_each(|para| include_root(*para, 5, 1));
        let gone: Vec<u32> = paras.iter().copied().step_by(2).collect();
        end_session(&gone);
        for left in (1..=4).rev() {
            assert_eq!(next_block(), weight_of(CleanUpEntriesPerBlock::get()), "{left}");
            assert!(PendingCleanUp::<Test>::exists());
        }
        assert_eq!(next_block(), weight_of(1));
        assert!(!PendingCleanUp::<Test>::exists());
        for para in paras {
            assert_eq!(latest(para).is_none(), gone.contains(&para));
        }
    });
}

#[test]
fn full_shares_only_end_with_an_empty_one() {
    run(|| {
        (PARA..PARA + CleanUpEntriesPerBlock::get()).for_each(|para| include_root(para, 5, 1));
        end_session(&[]);
        assert_eq!(next_block(), weight_of(CleanUpEntriesPerBlock::get()));
        assert_eq!(next_block(), weight_of(0));
        assert_storage_noop!(assert_eq!(Xcmp::continue_clean_up(), <() as WeightInfo>::no_clean_up()));
    });
}

#[test]
fn the_entry_a_clean_up_stopped_at_may_be_gone() {
    run(|| {
        (PARA..PARA + 9).for_each(|para| include_root(para, 5, 1));
        end_session(&[]);
        next_block();
        // All that were looked at, with the last one among them.
        let looked_at: Vec<_> = Latest::<Test>::iter_keys().take(4).collect();
        for para in looked_at {
            assert_ok!(Xcmp::clear(RuntimeOrigin::root(), para));
        }
        assert_eq!(next_block(), weight_of(4));
        assert_eq!(next_block(), weight_of(1));
        assert!(!PendingCleanUp::<Test>::exists());
    });
}

#[test]
fn a_session_that_ends_during_a_clean_up_starts_it_again() {
    run(|| {
        (PARA..PARA + 9).for_each(|para| include_root(para, 5, 1));
        end_session(&[]);
        next_block();
        let first = u32::from(Latest::<Test>::iter_keys().next().unwrap());
        end_session(&[first]);
        for _ in 0..3 {
            next_block();
        }
        assert_eq!(latest(first), None);
        assert!(!PendingCleanUp::<Test>::exists());
    });
}

#[test]
fn a_sleeping_para_keeps_its_root() {
    run(|| {
        include_root(PARA, 5, 1);
        let before = latest(PARA);
        for _ in 0..100 {
            end_session(&[]);
            next_block();
        }
        assert_eq!(latest(PARA), before);
    });
}

#[test]
fn a_cleared_para_that_left_leaves_its_generation_behind() {
    // It has no entry to be found by, and eight bytes. A para that root registers under its id goes on with the next
    // generation.
    run(|| {
        include_root(PARA, 5, 1);
        assert_ok!(Xcmp::clear(RuntimeOrigin::root(), PARA.into()));
        end_session(&[PARA]);
        next_block();
        assert_eq!(NextGeneration::<Test>::iter().count(), 1);
    });
}
