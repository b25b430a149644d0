// SPDX-License-Identifier: GPL-3.0-only
//! What calls and hook phases weigh. The runtime has the figures.

use frame_support::weights::Weight;

pub trait WeightInfo {
    fn set_plan() -> Weight;
    fn stop() -> Weight;
    fn resume() -> Weight;
    fn force_set() -> Weight;
    /// A justification with so many `precommits`, and as many authorities at least.
    fn note_finality(precommits: u32) -> Weight;
    /// Both hooks of one block, and what the parachain host notes in between.
    fn block() -> Weight;
    /// A session is closed and put on record.
    fn session_ended() -> Weight;
    /// An era has ended: it is judged on the whole record, and the plan moves.
    fn era_ended() -> Weight;
}
