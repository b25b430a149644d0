// SPDX-License-Identifier: GPL-3.0-only
//! What the calls and the hook weigh. The runtime has the figures.

use frame_support::weights::Weight;

pub trait WeightInfo {
    fn new_auction() -> Weight;
    fn bid() -> Weight;
    fn settle() -> Weight;
    fn refund() -> Weight;
    fn cancel() -> Weight;
    /// Removing `n` items.
    fn prune(n: u32) -> Weight;
    fn set_bidders() -> Weight;
    fn clear_bidders() -> Weight;
    fn on_initialize_idle() -> Weight;
    fn on_initialize_awaiting_seed() -> Weight;
    fn on_initialize_settle() -> Weight;
}
