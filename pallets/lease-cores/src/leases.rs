// SPDX-License-Identifier: GPL-3.0-only
//! What auctions and swaps do to cores.

use crate::{calendar::Unclaimable, Claim, Config, CoresOf, Error, Event, Pallet, Records};
use alloc::collections::BTreeSet;
use core::ops::RangeInclusive;
use frame_support::{dispatch::DispatchResult, ensure};
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::traits::OnSwap;
use serin_primitives::{
    lease::{LeasePeriod, LeaseWindow},
    traits::{CoreIndex, CoreReservations},
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

    fn occupy(
        core: CoreIndex,
        window: LeaseWindow,
        para: ParaId,
        periods: RangeInclusive<LeasePeriod>,
    ) -> DispatchResult {
        let inside = window.first() <= *periods.start() && *periods.end() <= window.last();
        ensure!(inside, Error::<T>::NotReserved);
        Self::settle_on_core(core, para, periods, Some(Claim::Reserved))
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
    /// Gives `para` the `periods` of `core`, all of which must be `from`.
    pub(crate) fn settle_on_core(
        core: CoreIndex,
        para: ParaId,
        periods: RangeInclusive<LeasePeriod>,
        from: Option<Claim>,
    ) -> DispatchResult {
        // The lease is new: where else the para is expected in these periods, an earlier one is gone.
        let expects = |other: &CoreIndex| {
            Records::<T>::get(other)
                .is_some_and(|record| record.calendar.periods_of(para).any(|period| periods.contains(&period)))
        };
        for other in CoresOf::<T>::get(para).into_iter().filter(|other| *other != core && expects(other)) {
            Self::edit_core(other, |record| {
                record.calendar.withdraw(periods.clone(), para);
                // What fails is on record, and in an event: it does not stand in the way of the new lease.
                let _ = Self::refresh(other, record);
            });
        }
        let (first, last) = (*periods.start(), *periods.end());
        Self::edit_core(core, |record| -> DispatchResult {
            record.calendar.claim(periods, from, Claim::Leased(para)).map_err(Error::<T>::from)?;
            Self::deposit_event(Event::CoreOccupied { core, para, first, last });
            // Likewise: a lease stays valid when its core cannot be told at once.
            let _ = Self::refresh(core, record);
            Ok(())
        })
        .ok_or(Error::<T>::UnknownCore)?
    }
}

impl<T: Config> From<Unclaimable> for Error<T> {
    fn from(_: Unclaimable) -> Self {
        Self::NotReserved
    }
}
