// SPDX-License-Identifier: GPL-3.0-only
//! The session manager that sees sessions and eras pass, on their way to the one that does the work.

use crate::{ChainSignals, Config, Pallet};
use alloc::vec::Vec;
use core::marker::PhantomData;
use frame_support::dispatch::DispatchClass;
use pallet_session::SessionManager;
use sp_staking::SessionIndex;

/// Forwards everything to `Inner`; closes the health record of each session that ends, and moves the plan when an era
/// has begun.
///
/// A step is taken in the first block of an era, and the election of that era comes in its last session at the latest, so
/// it already elects the new count. Sessions rotate without an account of weight, hence the pallet registers its own.
pub struct RampedSessions<T, Inner>(PhantomData<(T, Inner)>);

impl<T: Config, ValidatorId, Inner: SessionManager<ValidatorId>> SessionManager<ValidatorId>
    for RampedSessions<T, Inner>
{
    fn new_session(new_index: SessionIndex) -> Option<Vec<ValidatorId>> {
        Inner::new_session(new_index)
    }

    fn new_session_genesis(new_index: SessionIndex) -> Option<Vec<ValidatorId>> {
        Inner::new_session_genesis(new_index)
    }

    fn end_session(end_index: SessionIndex) {
        let weight = Pallet::<T>::session_ended(end_index);
        frame_system::Pallet::<T>::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
        Inner::end_session(end_index);
    }

    fn start_session(start_index: SessionIndex) {
        let ended = T::Signals::active_era();
        Inner::start_session(start_index);
        let begun = T::Signals::active_era();
        if begun != ended {
            let weight = Pallet::<T>::era_ended(ended, begun);
            frame_system::Pallet::<T>::register_extra_weight_unchecked(weight, DispatchClass::Mandatory);
        }
    }
}
