// SPDX-License-Identifier: GPL-3.0-only
//! What all tests of Serin share: the tier, which says how often a property is tried, and random numbers that can be
//! drawn again.

pub mod binary;
pub mod chain;
pub mod metrics;
pub mod process;
pub mod referendum;
pub mod rollback;
pub mod upgrade;
pub mod validators;

use rand::{rngs::StdRng, SeedableRng};
use std::{env, fmt, str::FromStr};

/// How much a run of the tests is to show. The code is the same on every tier, only the counts differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// What every change has to pass: minutes.
    Test,
    /// What an issue has to pass before it is resolved: hours.
    Prove,
    /// Traffic and faults for a whole night.
    Soak,
    /// The marks of `docs/figures.md`.
    Bench,
}

impl FromStr for Tier {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "test" => Ok(Self::Test),
            "prove" => Ok(Self::Prove),
            "soak" => Ok(Self::Soak),
            "bench" => Ok(Self::Bench),
            other => Err(format!(
                "SERIN_TIER is `{other}`: set it to test, prove, soak or bench, or leave it unset for test"
            )),
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Test => "test",
            Self::Prove => "prove",
            Self::Soak => "soak",
            Self::Bench => "bench",
        })
    }
}

/// The tier that `SERIN_TIER` names; `test` where it is unset.
pub fn tier() -> Tier {
    env::var("SERIN_TIER").map_or(Ok(Tier::Test), |name| name.parse()).unwrap_or_else(|error| panic!("{error}"))
}

/// How often to try a property: `test` times on the tier of that name, `prove` times above it. Prints what it says.
pub fn rounds(test: u32, prove: u32) -> u32 {
    let tier = tier();
    let rounds = rounds_on(tier, test, prove);
    println!("rounds={rounds} tier={tier}");
    rounds
}

/// Random numbers from the seed that `SERIN_SEED` names, or from a fresh one. Prints the seed, so that a run can be
/// repeated.
pub fn seeded_rng() -> StdRng {
    let seed = env::var("SERIN_SEED").map_or_else(
        |_| rand::random(),
        |text| text.parse().unwrap_or_else(|_| panic!("SERIN_SEED is `{text}`: set it to a number below 2^64")),
    );
    println!("seed={seed} (SERIN_SEED={seed} repeats this run)");
    StdRng::seed_from_u64(seed)
}

const fn rounds_on(tier: Tier, test: u32, prove: u32) -> u32 {
    match tier {
        Tier::Test => test,
        Tier::Prove | Tier::Soak | Tier::Bench => prove,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_read_back_their_names_and_refuse_others() {
        for tier in [Tier::Test, Tier::Prove, Tier::Soak, Tier::Bench] {
            assert_eq!(tier.to_string().parse(), Ok(tier));
        }
        assert!("Test".parse::<Tier>().unwrap_err().contains("test, prove, soak or bench"));
    }

    #[test]
    fn only_the_count_differs_between_tiers() {
        assert_eq!(rounds_on(Tier::Test, 3, 20), 3);
        assert_eq!(rounds_on(Tier::Prove, 3, 20), 20);
        assert_eq!(rounds_on(Tier::Soak, 3, 20), 20);
    }
}
