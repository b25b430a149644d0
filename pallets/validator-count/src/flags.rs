// SPDX-License-Identifier: GPL-3.0-only
//! Sets of flags.

use crate::{Flag, Flags};
use core::fmt;

impl Flag {
    /// All of them, in the order of their bits.
    pub const ALL: [Self; 8] = [
        Self::Missed,
        Self::Availability,
        Self::Dispute,
        Self::Disabled,
        Self::FinalityLag,
        Self::FinalityUnknown,
        Self::Supply,
        Self::Weight,
    ];

    const fn bit(self) -> u8 {
        match self {
            Self::Missed => 1 << 0,
            Self::Availability => 1 << 1,
            Self::Dispute => 1 << 2,
            Self::Disabled => 1 << 3,
            Self::FinalityLag => 1 << 4,
            Self::FinalityUnknown => 1 << 5,
            Self::Supply => 1 << 6,
            Self::Weight => 1 << 7,
        }
    }
}

impl Flags {
    pub const NONE: Self = Self(0);

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn contains(self, flag: Flag) -> bool {
        self.0 & flag.bit() != 0
    }

    pub const fn with(self, flag: Flag) -> Self {
        Self(self.0 | flag.bit())
    }

    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// `flag` is added if `condition` holds.
    pub const fn with_if(self, condition: bool, flag: Flag) -> Self {
        if condition {
            self.with(flag)
        } else {
            self
        }
    }

    pub fn iter(self) -> impl Iterator<Item = Flag> {
        Flag::ALL.into_iter().filter(move |flag| self.contains(*flag))
    }

    /// Whether the chain itself was sick: a session of such an era says nothing about what is normal. Unknown finality,
    /// and too little room for a next step, are no sickness.
    pub fn is_sick(self) -> bool {
        self.iter().any(|flag| !matches!(flag, Flag::FinalityUnknown | Flag::Supply | Flag::Weight))
    }

    /// Whether finality lagged, proven, while the chain itself showed harm: what a plan is rolled back for.
    pub const fn is_broken(self) -> bool {
        self.contains(Flag::FinalityLag) && (self.contains(Flag::Missed) || self.contains(Flag::Dispute))
    }
}

impl FromIterator<Flag> for Flags {
    fn from_iter<I: IntoIterator<Item = Flag>>(flags: I) -> Self {
        flags.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}
