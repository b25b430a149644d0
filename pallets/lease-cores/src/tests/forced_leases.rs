// SPDX-License-Identifier: GPL-3.0-only
//! Leases that no auction made.

use super::*;
use crate::{Error, Event};
use frame_support::{assert_noop, dispatch::Pays};
use serin_primitives::{lease::LeaseWindow, traits::CoreReservations};

#[test]
fn a_forced_lease_has_a_core_once_it_is_placed() {
    test(|| {
        force_lease(2_000, 0, 2);
        advance_to(20);
        assert!((1..=8).all(|core| claim_queue(core).is_empty()));
        assert_eq!(place(2_000), Ok(Pays::No));
        System::assert_has_event(Event::<Test>::CoreOccupied { core: 1, para: 2_000.into(), first: 0, last: 1 }.into());
        System::assert_has_event(Event::<Test>::CoreAwaited { core: 1, served: 1 }.into());
        // A new core is served in two sessions.
        advance_to(20 + 3 * SESSION_BLOCKS);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
        advance_to(2 * PERIOD_BLOCKS - 4);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
        advance_to(2 * PERIOD_BLOCKS);
        assert!(claim_queue(1).is_empty());
    });
}

#[test]
fn there_must_be_something_to_place() {
    test(|| {
        assert_noop!(place(2_000), Error::<Test>::NothingToPlace);
        force_lease(2_000, 1, 1);
        assert_eq!(place(2_000), Ok(Pays::No));
        assert_noop!(place(2_000), Error::<Test>::NothingToPlace);
        LeaseOffset::set(1_000);
        assert_noop!(place(2_000), Error::<Test>::NoLeasePeriod);
        LeaseOffset::set(0);
    });
}

#[test]
fn each_run_of_periods_is_placed_by_itself() {
    test(|| {
        force_lease(2_000, 1, 2);
        force_lease(2_000, 5, 1);
        assert_eq!(place(2_000), Ok(Pays::No));
        System::assert_has_event(Event::<Test>::CoreOccupied { core: 1, para: 2_000.into(), first: 1, last: 2 }.into());
        assert_eq!(place(2_000), Ok(Pays::No));
        System::assert_has_event(Event::<Test>::CoreOccupied { core: 1, para: 2_000.into(), first: 5, last: 5 }.into());
        assert_noop!(place(2_000), Error::<Test>::NothingToPlace);
    });
}

#[test]
fn a_lease_takes_what_is_free_if_no_core_is_free_for_all_of_it() {
    test(|| {
        MaxCores::set(1);
        assert_eq!(LeaseCores::reserve(LeaseWindow::new(3).unwrap()), Ok(1));
        force_lease(2_000, 1, 4);
        assert_eq!(place(2_000), Ok(Pays::No));
        System::assert_has_event(Event::<Test>::CoreOccupied { core: 1, para: 2_000.into(), first: 1, last: 2 }.into());
        // What an auction sells is not touched.
        assert_noop!(place(2_000), Error::<Test>::NoCoreFree);
        LeaseCores::release(1, LeaseWindow::new(3).unwrap());
        assert_eq!(place(2_000), Ok(Pays::No));
        advance_to(4 * PERIOD_BLOCKS);
        assert_eq!(claim_queue(1), [2_000.into(); 3]);
    });
}

#[test]
fn a_lease_that_was_cleared_and_forced_anew_leaves_its_old_core() {
    test(|| {
        force_lease(2_000, 1, 4);
        place(2_000).unwrap();
        advance_to(PERIOD_BLOCKS + 5);
        Slots::clear_all_leases(RuntimeOrigin::root(), 2_000.into()).unwrap();
        assert_eq!(LeaseCores::reserve(LeaseWindow::new(3).unwrap()), Ok(2));
        // An auction gives the para two of the periods that it had on the other core.
        force_lease(2_000, 3, 2);
        LeaseCores::occupy(2, LeaseWindow::new(3).unwrap(), &[(2_000.into(), 3..=4)]).unwrap();
        advance_to(3 * PERIOD_BLOCKS + 5);
        assert!(claim_queue(1).is_empty());
        assert_eq!(claim_queue(2), [2_000.into(); 3]);
    });
}
