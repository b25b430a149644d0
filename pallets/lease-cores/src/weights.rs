// SPDX-License-Identifier: GPL-3.0-only
//! What calls and hook phases weigh. The runtime has the figures.

use frame_support::weights::Weight;

pub trait WeightInfo {
    fn sync() -> Weight;
    fn place() -> Weight;
    /// A block in which no core has to be told anything, as most are.
    fn schedule_idle() -> Weight;
    /// A block that tells so many `cores` their work of the next period.
    fn schedule_ahead(cores: u32) -> Weight;
}
