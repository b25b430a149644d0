// SPDX-License-Identifier: GPL-3.0-only
//! What auctions and swaps do to cores.

use crate::{calendar::Unclaimable, Claim, Config, CoreRecord, CoresOf, Error, Event, Pallet, Records};
use alloc::collections::BTreeSet;
use core::ops::RangeInclusive;
use frame_support::{dispatch::DispatchResult, ensure};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::traits::OnSwap;
use serin_primitives::{
    lease::LeaseWindow,
    traits::{CoreIndex, CoreReservations, ParaPeriods},
};
use sp_runtime::DispatchError;

impl<T: Config> CoreReservations for Pallet<T> {
    fn reserve(window: LeaseWindow) -> Result<CoreIndex, DispatchError> {
        let (first, last) = (window.first(), window.last());
        let core = Self::core_for_all(first..=last)?;
        Self::edit_core(core, |record| {
            record.calendar.claim(first..=last, None, Claim::Reserved).map_err(Error::<T>::from)
        })
        .ok_or(Error::<T>::UnknownCore)??;
        Self::deposit_event(Event::CoreReserved { core, first, last });
        Ok(core)
    }

    fn occupy(core: CoreIndex, window: LeaseWindow, leases: &[ParaPeriods]) -> DispatchResult {
        let is_inside =
            |periods: &RangeInclusive<_>| window.first() <= *periods.start() && *periods.end() <= window.last();
        ensure!(leases.iter().all(|(_, periods)| is_inside(periods)), Error::<T>::NotReserved);
        Self::settle_on_core(core, leases, Some(Claim::Reserved))
    }

    fn release(core: CoreIndex, window: LeaseWindow) {
        let (first, last) = (window.first(), window.last());
        if Self::edit_core(core, |record| record.calendar.release(first..=last)) == Some(true) {
            Self::deposit_event(Event::CoreReleased { core, first, last });
        }
    }
}

impl<T: Config> OnSwap for Pallet<T> {
    /// Runs after the leases have been swapped.
    fn on_swap(one: ParaId, other: ParaId) {
        let cores = CoresOf::<T>::get(one).into_iter().chain(CoresOf::<T>::get(other));
        for core in cores.collect::<BTreeSet<_>>() {
            Self::edit_core(core, |record| {
                record.calendar.swap(one, other);
                // What fails is on record, and in an event: a swap that is agreed on cannot be refused for it.
                let _ = Self::refresh(core, record);
            });
        }
    }
}

impl<T: Config> Pallet<T> {
    /// Gives each of the paras its periods of `core`, all of which must be `from`. What fails is to be undone by the caller.
    pub(crate) fn settle_on_core(core: CoreIndex, leases: &[ParaPeriods], from: Option<Claim>) -> DispatchResult {
        Self::withdraw_elsewhere(core, leases);
        Self::edit_core(core, |record| -> DispatchResult {
            for (para, periods) in leases.iter().cloned() {
                let (first, last) = (*periods.start(), *periods.end());
                record.calendar.claim(periods, from, Claim::Leased(para)).map_err(Error::<T>::from)?;
                Self::deposit_event(Event::CoreOccupied { core, para, first, last });
            }
            // What fails is on record, and in an event: a lease stays valid when its core cannot be told at once.
            let _ = Self::refresh(core, record);
            Ok(())
        })
        .ok_or(Error::<T>::UnknownCore)?
    }

    /// Leases are new: where else a para is expected in its periods, an earlier one is gone.
    fn withdraw_elsewhere(core: CoreIndex, leases: &[ParaPeriods]) {
        let named: BTreeSet<_> = leases.iter().flat_map(|(para, _)| CoresOf::<T>::get(para)).collect();
        for other in named.into_iter().filter(|other| *other != core) {
            let Some(CoreRecord { calendar, .. }) = Records::<T>::get(other) else { continue };
            let is_expected =
                |(para, periods): &ParaPeriods| calendar.periods_of(*para).any(|period| periods.contains(&period));
            if !leases.iter().any(is_expected) {
                continue;
            }
            Self::edit_core(other, |record| {
                leases.iter().cloned().for_each(|(para, periods)| record.calendar.withdraw(periods, para));
                // Likewise: it does not stand in the way of the new leases.
                let _ = Self::refresh(other, record);
            });
        }
    }
}

impl<T: Config> From<Unclaimable> for Error<T> {
    fn from(_: Unclaimable) -> Self {
        Self::NotReserved
    }
}
