// SPDX-License-Identifier: GPL-3.0-only
//! The bodies of the calls.

use crate::{Config, CoresOf, Error, Event, Pallet, Records};
use alloc::collections::BTreeSet;
use core::ops::RangeInclusive;
use frame_support::{dispatch::DispatchResult, traits::Get};
use polkadot_primitives::Id as ParaId;
use serin_primitives::{lease::LeasePeriod, traits::CoreIndex};

impl<T: Config> Pallet<T> {
    pub(crate) fn do_sync(core: CoreIndex) -> DispatchResult {
        Self::edit_core(core, |record| -> DispatchResult {
            let lapsed = record.calendar.drop_lapsed(Self::is_leased);
            if lapsed > 0 {
                Self::deposit_event(Event::ClaimsLapsed { core, periods: lapsed });
            }
            // Before it is told anything: if only that is too late, the raise must not be undone with it.
            let configured = Self::ensure_configured(core, record);
            let changed = Self::refresh(core, record);
            if lapsed > 0 || changed.is_ok_and(|changed| changed > 0) || configured == Ok(true) {
                return Ok(());
            }
            changed?;
            configured?;
            Err(Error::<T>::NothingToSync.into())
        })
        .ok_or(Error::<T>::UnknownCore)?
    }

    pub(crate) fn do_place(para: ParaId) -> DispatchResult {
        let current = Self::periods().0.ok_or(Error::<T>::NoLeasePeriod)?;
        let run = Self::first_run_without_core(para, current).ok_or(Error::<T>::NothingToPlace)?;
        let (core, periods) = Self::core_for_most(run)?;
        Self::settle_on_core(core, &[(para, periods)], None)
    }

    /// The first periods from `current` on that `para` has leased, and no core is set aside for.
    fn first_run_without_core(para: ParaId, current: LeasePeriod) -> Option<RangeInclusive<LeasePeriod>> {
        let records = CoresOf::<T>::get(para).into_iter().filter_map(Records::<T>::get);
        let placed: BTreeSet<_> =
            records.flat_map(|record| record.calendar.periods_of(para).collect::<BTreeSet<_>>()).collect();
        let without_core = |period: &LeasePeriod| !placed.contains(period) && Self::is_leased(para, *period);
        // No core can be set aside for more.
        let ahead = current..current.saturating_add(T::MaxClaims::get());
        let mut run = ahead.skip_while(|period| !without_core(period)).take_while(&without_core);
        let first = run.next()?;
        Some(first..=run.last().unwrap_or(first))
    }
}
