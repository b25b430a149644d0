// SPDX-License-Identifier: GPL-3.0-only
//! Which calls the chain takes at all.

use crate::RuntimeCall;
use frame_support::traits::Contains;

/// Every call but those whose effect this chain could not stand behind.
pub struct BaseCallFilter;

impl Contains<RuntimeCall> for BaseCallFilter {
    fn contains(call: &RuntimeCall) -> bool {
        // A crowdloan raises money for an auction, and the chain holds none yet.
        !matches!(call, RuntimeCall::Crowdloan(_))
    }
}
