// SPDX-License-Identifier: GPL-3.0-only
//! The invariants of the README, checked on the whole state.

use crate::{Claim, Config, Cores, CoresOf, Pallet, Records, ScheduleCursor, Work};
use alloc::collections::{BTreeMap, BTreeSet};
use frame_support::ensure;
use polkadot_primitives::Id as ParaId;
use serin_primitives::{lease::LeasePeriod, traits::CoreIndex};
use sp_runtime::TryRuntimeError;

impl<T: Config> Pallet<T> {
    /// Checks I1 to I6.
    pub fn do_try_state() -> Result<(), TryRuntimeError> {
        Self::check_cores()?;
        Self::check_claims()?;
        Self::check_assignments()?;
        Self::check_cursor()
    }

    fn check_cores() -> Result<(), TryRuntimeError> {
        let cores = Cores::<T>::get();
        let ascending = cores.windows(2).all(|pair| matches!(pair, [lower, higher] if lower < higher));
        ensure!(ascending, "I1: the cores are not ascending");
        let recorded: BTreeSet<CoreIndex> = Records::<T>::iter_keys().collect();
        ensure!(recorded == cores.into_iter().collect(), "I1: not exactly the cores have a record");
        Ok(())
    }

    fn check_claims() -> Result<(), TryRuntimeError> {
        let mut places = BTreeSet::<(ParaId, LeasePeriod)>::new();
        let mut cores_of = BTreeMap::<ParaId, BTreeSet<CoreIndex>>::new();
        for (core, record) in Records::<T>::iter() {
            for para in record.calendar.paras() {
                cores_of.entry(para).or_default().insert(core);
                for period in record.calendar.periods_of(para) {
                    ensure!(places.insert((para, period)), "I2: a para has two cores in one period");
                }
            }
        }
        let listed: BTreeMap<_, BTreeSet<_>> =
            CoresOf::<T>::iter().map(|(para, cores)| (para, cores.into_inner())).collect();
        ensure!(listed == cores_of, "I3: the cores of a para are not those whose calendar names it");
        Ok(())
    }

    fn check_assignments() -> Result<(), TryRuntimeError> {
        let (current, next) = Self::periods();
        for record in Records::<T>::iter_values() {
            for (period, work) in record.assignments.iter() {
                ensure!(period <= next, "I4: a core is assigned work beyond the next period");
                let is_over = current.is_some_and(|current| period < current);
                let Work::Task(para) = work else { continue };
                ensure!(
                    is_over || record.failure.is_some() || record.calendar.at(period) == Some(Claim::Leased(para)),
                    "I5: a core was told to serve a para that has not claimed it, and no failure is on record"
                );
            }
        }
        Ok(())
    }

    fn check_cursor() -> Result<(), TryRuntimeError> {
        let count = Cores::<T>::decode_len().unwrap_or_default();
        let cursor = ScheduleCursor::<T>::get();
        ensure!(cursor.is_some() == (count > 0), "I6: there are cores and no cursor, or the reverse");
        let inside =
            cursor.is_none_or(|cursor| usize::try_from(cursor.position).is_ok_and(|position| position <= count));
        ensure!(inside, "I6: more cores are told their work than there are");
        Ok(())
    }
}
