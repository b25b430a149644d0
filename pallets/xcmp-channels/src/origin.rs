// SPDX-License-Identifier: GPL-3.0-only
//! Whose messages a queue holds.
// Derived codecs cast the index of a variant.
#![allow(clippy::as_conversions)]

use crate::Config;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::marker::PhantomData;
use cumulus_primitives_core::{AggregateMessageOrigin, ParaId};
use frame_support::traits::{QueueFootprintQuery, QueuePausedQuery};
use scale_info::TypeInfo;
use sp_runtime::traits::Convert;
use xcm::latest::{Junction, Location};

/// The queues of a parachain with both transports. A sibling has one for each: the HRMP queue tells its sender to pause
/// by HRMP messages, which would be wrong for messages that came otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum MessageOrigin {
    Here,
    Parent,
    /// By HRMP.
    Sibling(ParaId),
    /// By XCMP.
    Xcmp(ParaId),
}

impl From<AggregateMessageOrigin> for MessageOrigin {
    fn from(origin: AggregateMessageOrigin) -> Self {
        match origin {
            AggregateMessageOrigin::Here => Self::Here,
            AggregateMessageOrigin::Parent => Self::Parent,
            AggregateMessageOrigin::Sibling(para) => Self::Sibling(para),
        }
    }
}

/// A sibling is the same place, whichever way its message took.
impl From<MessageOrigin> for Location {
    fn from(origin: MessageOrigin) -> Self {
        match origin {
            MessageOrigin::Here => Location::here(),
            MessageOrigin::Parent => Location::parent(),
            MessageOrigin::Sibling(para) | MessageOrigin::Xcmp(para) => {
                Location::new(1, Junction::Parachain(para.into()))
            }
        }
    }
}

/// Odd numbers for XCMP, so that benchmarks meet both.
#[cfg(feature = "runtime-benchmarks")]
impl From<u32> for MessageOrigin {
    fn from(number: u32) -> Self {
        match number {
            0 => Self::Here,
            1 => Self::Parent,
            para if para.is_multiple_of(2) => Self::Sibling(para.into()),
            para => Self::Xcmp(para.into()),
        }
    }
}

/// For `TransformOrigin`: the queue of this pallet.
pub struct ParaIdToXcmp;

impl Convert<ParaId, MessageOrigin> for ParaIdToXcmp {
    fn convert(para: ParaId) -> MessageOrigin {
        MessageOrigin::Xcmp(para)
    }
}

/// For `TransformOrigin`: the queue of HRMP messages.
pub struct ParaIdToHrmp;

impl Convert<ParaId, MessageOrigin> for ParaIdToHrmp {
    fn convert(para: ParaId) -> MessageOrigin {
        MessageOrigin::Sibling(para)
    }
}

/// Pauses the HRMP queue of a sibling while its XCMP queue has something to run.
///
/// XCMP messages are taken only when the HRMP queue is empty, so while both have messages those by XCMP are the older
/// ones.
pub struct HrmpWaitsForXcmp<T>(PhantomData<T>);

impl<T: Config> QueuePausedQuery<MessageOrigin> for HrmpWaitsForXcmp<T> {
    fn is_paused(origin: &MessageOrigin) -> bool {
        match origin {
            // Messages too heavy to run do not count: they may wait for ever.
            MessageOrigin::Sibling(para) => T::Queue::footprint(*para).ready_pages > 0,
            MessageOrigin::Here | MessageOrigin::Parent | MessageOrigin::Xcmp(_) => false,
        }
    }
}
