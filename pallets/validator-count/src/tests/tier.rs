// SPDX-License-Identifier: GPL-3.0-only
//! How often a test repeats what it does.

/// `prove` rounds in the tiers above `test`, as `SERIN_TIER` says. Prints them.
pub fn rounds(test: usize, prove: usize) -> usize {
    let tier = std::env::var("SERIN_TIER").unwrap_or_else(|_| "test".into());
    let rounds = if tier == "test" { test } else { prove };
    println!("rounds={rounds} tier={tier}");
    rounds
}
