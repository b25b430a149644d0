// SPDX-License-Identifier: GPL-3.0-only
//! The record, and the rules that a sound one keeps.

use codec::{Decode, Encode, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Every duration of a chain.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimingParameters {
    /// Length of a BABE slot, in milliseconds. Even, because BABE reads twice the half.
    pub slot_millis: u64,
    /// Length of an epoch, which is a session, in slots.
    pub epoch_slots: u32,
    /// Length of an era, in sessions.
    pub sessions_per_era: u32,
    /// How long unbonded stake stays slashable, in eras.
    pub bonding_eras: u32,
    /// How long a slash can still be cancelled, in eras; zero applies it at once.
    pub slash_defer_eras: u32,
    /// Length of a lease period, in blocks.
    pub lease_period_blocks: u32,
    /// First block of lease period zero.
    pub lease_offset_blocks: u32,
    /// What the periods of governance, treasury and identity are divided by; one leaves Kusama's.
    pub governance_period_divisor: u32,
}

impl TimingParameters {
    /// The production values: Kusama's figures.
    pub const SERIN: Self = Self {
        slot_millis: 6_000,
        epoch_slots: 600,
        sessions_per_era: 6,
        bonding_eras: 28,
        slash_defer_eras: 27,
        lease_period_blocks: 6 * 7 * 24 * 600,
        lease_offset_blocks: 0,
        governance_period_divisor: 1,
    };

    /// The shortest epoch with room for BABE's and the parachain host's work at its end.
    pub const MIN_EPOCH_SLOTS: u32 = 10;
    /// Staking keeps who backed whom for this many eras; a later offence would find nobody to slash.
    pub const MAX_BONDING_ERAS: u32 = 84;
    /// The shortest slot whose blocks still reach the next author.
    pub const MIN_SLOT_MILLIS: u64 = 1_000;

    /// Names the first rule that the record breaks.
    pub fn ensure_valid(&self) -> Result<(), InvalidTiming> {
        if self.slot_millis < Self::MIN_SLOT_MILLIS {
            return Err(InvalidTiming::SlotTooShort);
        }
        if !self.slot_millis.is_multiple_of(2) {
            return Err(InvalidTiming::SlotOdd);
        }
        if self.epoch_slots < Self::MIN_EPOCH_SLOTS {
            return Err(InvalidTiming::EpochTooShort);
        }
        if self.sessions_per_era == 0 {
            return Err(InvalidTiming::NoSessionsPerEra);
        }
        if self.bonding_eras > Self::MAX_BONDING_ERAS {
            return Err(InvalidTiming::BondingTooLong);
        }
        if self.slash_defer_eras >= self.bonding_eras {
            return Err(InvalidTiming::SlashDeferNotBelowBonding);
        }
        if self.lease_period_blocks == 0 {
            return Err(InvalidTiming::NoLeasePeriod);
        }
        if self.governance_period_divisor == 0 {
            return Err(InvalidTiming::NoGovernanceDivisor);
        }
        Ok(())
    }
}

/// Why a record is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidTiming {
    SlotTooShort,
    SlotOdd,
    EpochTooShort,
    NoSessionsPerEra,
    BondingTooLong,
    SlashDeferNotBelowBonding,
    NoLeasePeriod,
    NoGovernanceDivisor,
}

impl fmt::Display for InvalidTiming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SlotTooShort => "slotMillis must be at least 1000",
            Self::SlotOdd => "slotMillis must be even",
            Self::EpochTooShort => "epochSlots must be at least 10",
            Self::NoSessionsPerEra => "sessionsPerEra must be at least 1",
            Self::BondingTooLong => "bondingEras must be at most 84",
            Self::SlashDeferNotBelowBonding => "slashDeferEras must be less than bondingEras",
            Self::NoLeasePeriod => "leasePeriodBlocks must be at least 1",
            Self::NoGovernanceDivisor => "governancePeriodDivisor must be at least 1",
        })
    }
}
