// SPDX-License-Identifier: GPL-3.0-only
// Derived codecs cast the index of a variant.
#![allow(clippy::as_conversions)]

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use scale_info::TypeInfo;
use serin_primitives::xcmp::digest::Fault;

/// How far a clean-up came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub enum CleanUp {
    /// No entry was looked at.
    Start,
    /// The entries up to that of this para were.
    After(ParaId),
}

/// Why a head has no root, in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum HeadFault {
    NotAHeader,
    NoItem,
    SeveralItems,
    WrongLength,
    UnknownVersion,
}

impl From<Fault> for HeadFault {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotAHeader => Self::NotAHeader,
            Fault::NoItem => Self::NoItem,
            Fault::SeveralItems => Self::SeveralItems,
            Fault::WrongLength => Self::WrongLength,
            Fault::UnknownVersion => Self::UnknownVersion,
        }
    }
}
