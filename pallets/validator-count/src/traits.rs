// SPDX-License-Identifier: GPL-3.0-only
//! What the pallet asks of the chain that it is part of.

use crate::{Limits, Supply};
use bp_header_chain::AuthoritySet;
use frame_support::dispatch::DispatchResult;
use sp_staking::EraIndex;

/// What the chain tells of itself. Answers are for this block, and cost a storage access each.
pub trait ChainSignals {
    /// Slots between the parent block and this one. Zero in block one, whose parent has no slot. Asked for in the
    /// pallet's `on_initialize`.
    fn missed_slots() -> u32;
    /// Slots of a session. A block that comes later than a whole session counts as one session missed.
    fn session_slots() -> u32;
    /// Candidates backed in this block. Asked for in the pallet's `on_finalize`.
    fn candidates_backed() -> u32;
    /// Validators of the active set that are disabled.
    fn disabled_validators() -> u32;
    /// Validators in the active set.
    fn active_validators() -> u32;
    /// The era that pays; zero before the first.
    fn active_era() -> EraIndex;
    fn supply() -> Supply;
    fn limits() -> Limits;
}

/// The count that the next election chooses.
pub trait CountStore {
    fn count() -> u32;
    /// Writes it, with the checks of whoever owns it.
    fn set_count(count: u32) -> DispatchResult;
}

/// Who finalizes blocks now.
pub trait FinalityAuthorities {
    fn authority_set() -> AuthoritySet;
}

/// Brings the chain into the states that the benchmarks need.
#[cfg(feature = "runtime-benchmarks")]
pub trait BenchmarkHelper {
    /// The count is the active set's size, and a plan for one validator more may be set: there are candidates, room for them,
    /// and an era before this one.
    fn prepare_plan();
    /// `authority_set` finalizes blocks.
    fn set_finalizers(authority_set: AuthoritySet);
}
