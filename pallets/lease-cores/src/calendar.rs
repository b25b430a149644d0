// SPDX-License-Identifier: GPL-3.0-only
//! What the lease periods of one core are set aside for.

use alloc::collections::BTreeSet;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::RangeInclusive;
use frame_support::{traits::Get, BoundedBTreeMap, CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound};
use polkadot_primitives::Id as ParaId;
use scale_info::TypeInfo;
use serin_primitives::lease::LeasePeriod;

/// What a lease period of a core is set aside for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Claim {
    /// An auction sells it.
    Reserved,
    /// A para has leased it. Whether it still does, its lease says.
    Leased(ParaId),
}

/// Some of the periods are not in the state that was expected, or the calendar has no room for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unclaimable;

/// The periods of one core that are set aside. All others are free.
#[derive(CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(MaxClaims))]
pub struct Calendar<MaxClaims: Get<u32>>(BoundedBTreeMap<LeasePeriod, Claim, MaxClaims>);

impl<MaxClaims: Get<u32>> Calendar<MaxClaims> {
    pub fn at(&self, period: LeasePeriod) -> Option<Claim> {
        self.0.get(&period).copied()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All paras that are named.
    pub fn paras(&self) -> BTreeSet<ParaId> {
        self.0.values().filter_map(|claim| claim.para()).collect()
    }

    /// The periods that `para` has leased.
    pub fn periods_of(&self, para: ParaId) -> impl Iterator<Item = LeasePeriod> + '_ {
        self.0.iter().filter(move |(_, claim)| claim.para() == Some(para)).map(|(period, _)| *period)
    }

    /// How many of `periods`, from the first on, are free and have room.
    pub(crate) fn free_count(&self, periods: RangeInclusive<LeasePeriod>) -> u32 {
        // Saturation never happens: the bound is above the length.
        let room = BoundedBTreeMap::<LeasePeriod, Claim, MaxClaims>::bound().saturating_sub(self.0.len());
        let free = periods.take_while(|period| !self.0.contains_key(period)).take(room).count();
        // The bound is a `u32`, so the count fits.
        free.try_into().unwrap_or(u32::MAX)
    }

    /// Turns all of `periods`, each of which must be `from`, into `to`; or changes nothing.
    pub(crate) fn claim(
        &mut self,
        periods: RangeInclusive<LeasePeriod>,
        from: Option<Claim>,
        to: Claim,
    ) -> Result<(), Unclaimable> {
        if periods.clone().any(|period| self.at(period) != from) {
            return Err(Unclaimable);
        }
        let mut claims = self.0.clone();
        for period in periods {
            claims.try_insert(period, to).map_err(|_| Unclaimable)?;
        }
        self.0 = claims;
        Ok(())
    }

    /// Frees what is reserved of `periods`, and tells whether anything was.
    pub(crate) fn release(&mut self, periods: RangeInclusive<LeasePeriod>) -> bool {
        let before = self.0.len();
        self.0.retain(|period, claim| *claim != Claim::Reserved || !periods.contains(period));
        self.0.len() != before
    }

    /// Frees what `para` has of `periods`.
    pub(crate) fn withdraw(&mut self, periods: RangeInclusive<LeasePeriod>, para: ParaId) {
        self.0.retain(|period, claim| claim.para() != Some(para) || !periods.contains(period));
    }

    /// Frees the leased periods that `holds` denies, and counts them.
    pub(crate) fn drop_lapsed(&mut self, holds: impl Fn(ParaId, LeasePeriod) -> bool) -> u32 {
        let mut lapsed = 0u32;
        self.0.retain(|period, claim| {
            let keep = claim.para().is_none_or(|para| holds(para, *period));
            // Bounded by the number of claims.
            lapsed = lapsed.saturating_add(u32::from(!keep));
            keep
        });
        lapsed
    }

    /// Each of the two gets what the other has.
    pub(crate) fn swap(&mut self, one: ParaId, other: ParaId) {
        for (_, claim) in self.0.iter_mut() {
            match claim {
                Claim::Leased(para) if *para == one => *para = other,
                Claim::Leased(para) if *para == other => *para = one,
                _ => (),
            }
        }
    }

    /// Drops the periods before `period`.
    pub(crate) fn forget_before(&mut self, period: LeasePeriod) {
        self.0.retain(|past, _| *past >= period);
    }
}

impl Claim {
    pub fn para(self) -> Option<ParaId> {
        match self {
            Self::Reserved => None,
            Self::Leased(para) => Some(para),
        }
    }
}
