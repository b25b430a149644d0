// SPDX-License-Identifier: GPL-3.0-only
use super::{include_root, latest, root, PARA};
use crate::{
    mock::{run, RuntimeOrigin, System, Test, Xcmp},
    Error, Event, NextGeneration,
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::DispatchError;

#[test]
fn i3_a_cleared_root_comes_back_as_a_new_generation() {
    run(|| {
        include_root(PARA, 5, 1);
        include_root(PARA, 5, 2);
        assert_ok!(Xcmp::clear(RuntimeOrigin::root(), PARA.into()));
        assert_eq!(latest(PARA), None);
        System::assert_last_event(Event::RootCleared { para: PARA.into() }.into());

        // The same head again counts as news: the receivers were told to forget.
        include_root(PARA, 5, 2);
        let again = latest(PARA).unwrap();
        assert_eq!((again.root, again.generation), (root(2), 2));
        assert_eq!(NextGeneration::<Test>::iter().count(), 0);
    });
}

#[test]
fn only_the_origin_of_clearing_clears() {
    run(|| {
        include_root(PARA, 5, 1);
        assert_noop!(Xcmp::clear(RuntimeOrigin::signed(1), PARA.into()), DispatchError::BadOrigin);
        assert_noop!(Xcmp::clear(RuntimeOrigin::none(), PARA.into()), DispatchError::BadOrigin);
    });
}

#[test]
fn what_has_no_root_cannot_be_cleared() {
    run(|| {
        assert_noop!(Xcmp::clear(RuntimeOrigin::root(), PARA.into()), Error::<Test>::NoRoot);
        include_root(PARA, 5, 1);
        assert_ok!(Xcmp::clear(RuntimeOrigin::root(), PARA.into()));
        assert_noop!(Xcmp::clear(RuntimeOrigin::root(), PARA.into()), Error::<Test>::NoRoot);
    });
}

#[test]
fn a_dispute_that_came_too_late_is_undone() {
    // The candidate was finalized although it was bad: its root goes, and no older one returns by itself.
    run(|| {
        include_root(PARA, 5, 1);
        include_root(PARA, 6, 9);
        assert_ok!(Xcmp::clear(RuntimeOrigin::root(), PARA.into()));
        assert_eq!(latest(PARA), None);
        include_root(PARA, 6, 2);
        assert_eq!(latest(PARA).unwrap().root, root(2));
    });
}
