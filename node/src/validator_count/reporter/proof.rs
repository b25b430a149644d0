// SPDX-License-Identifier: GPL-3.0-only
//! A justification on its way from GRANDPA to the runtime.

use bp_header_chain::justification::{verify_and_optimize_justification, GrandpaJustification};
use codec::{Decode, Encode};
use pallet_validator_count::AuthoritySet;
use serin_runtime::{BlockNumber, Header, RuntimeCall};

/// The proof that a block is final.
pub struct Proof {
    justification: GrandpaJustification<Header>,
}

impl Proof {
    /// From the bytes that GRANDPA reports.
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        GrandpaJustification::decode(&mut bytes).ok().map(|justification| Self { justification })
    }

    /// The block that it proves to be final.
    pub const fn block(&self) -> BlockNumber {
        self.justification.commit.target_number
    }

    /// The call that submits it, without a vote or header that the runtime does not need and so would refuse. None if it is not
    /// of this authority set, or too long.
    pub fn into_call(mut self, set: AuthoritySet) -> Option<RuntimeCall> {
        let commit = &self.justification.commit;
        let target = (commit.target_hash, commit.target_number);
        let context = set.try_into().ok()?;
        verify_and_optimize_justification(target, &context, &mut self.justification).ok()?;
        let justification = self.justification.encode().try_into().ok()?;
        Some(RuntimeCall::ValidatorCount(pallet_validator_count::Call::note_finality { justification }))
    }
}
