// SPDX-License-Identifier: GPL-3.0-only
//! What is kept in storage, beside the calendar.

use crate::Calendar;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::{
    defensive,
    traits::{ConstU32, Get},
    BoundedBTreeMap, CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound,
};
use polkadot_primitives::{BlockNumber, Id as ParaId};
use scale_info::TypeInfo;
use serin_primitives::lease::LeasePeriod;
use sp_runtime::DispatchError;

/// What a core does in a lease period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Work {
    /// It serves orders on demand: nobody has leased it.
    Pool,
    /// It serves one para.
    Task(ParaId),
}

/// One core: what it is set aside for, and what the scheduler was told of it.
#[derive(CloneNoBound, DebugNoBound, DefaultNoBound, PartialEqNoBound, Encode, Decode, MaxEncodedLen, TypeInfo)]
#[codec(mel_bound())]
#[scale_info(skip_type_params(MaxClaims))]
pub struct CoreRecord<MaxClaims: Get<u32>> {
    pub calendar: Calendar<MaxClaims>,
    pub assignments: Assignments,
    /// The last work that the scheduler could not be told. Kept until work of the same period can be, or the period is over.
    pub failure: Option<Failure>,
}

impl<MaxClaims: Get<u32>> CoreRecord<MaxClaims> {
    /// Drops all that concerns periods before `period`.
    pub(crate) fn forget_before(&mut self, period: LeasePeriod) {
        self.calendar.forget_before(period);
        self.assignments.forget_before(period);
        self.failure = self.failure.filter(|failure| failure.period >= period);
    }

    /// The scheduler was told what the core is to do in `period`.
    pub(crate) fn resolve(&mut self, period: LeasePeriod) {
        self.failure = self.failure.filter(|failure| failure.period != period);
    }
}

/// What the scheduler was told last for the current and for the next period.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Assignments(BoundedBTreeMap<LeasePeriod, Work, ConstU32<2>>);

impl Assignments {
    pub fn get(&self, period: LeasePeriod) -> Option<Work> {
        self.0.get(&period).copied()
    }

    /// All of it, by period.
    pub fn iter(&self) -> impl Iterator<Item = (LeasePeriod, Work)> + '_ {
        self.0.iter().map(|(period, work)| (*period, *work))
    }

    /// Writes down work of the current or the next period; earlier ones must be forgotten.
    pub(crate) fn put(&mut self, period: LeasePeriod, work: Work) {
        if self.0.try_insert(period, work).is_err() {
            defensive!("two periods have work, and both are over or not near");
        }
    }

    fn forget_before(&mut self, period: LeasePeriod) {
        self.0.retain(|past, _| *past >= period);
    }
}

/// Work that the scheduler could not be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Failure {
    pub period: LeasePeriod,
    pub reason: DispatchError,
}

/// Where telling cores their work goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Cursor {
    /// The period that is scheduled.
    pub period: LeasePeriod,
    /// How many cores are told their work of it.
    pub position: u32,
    /// The block before which nothing has to be done.
    pub due: BlockNumber,
}
