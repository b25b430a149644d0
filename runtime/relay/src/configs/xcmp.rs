// SPDX-License-Identifier: GPL-3.0-only
//! Off-chain XCMP: of each parachain the commitment to all that it ever sent. `docs/xcmp.md` has the protocol.

use crate::{weights, AccountId, Paras, Runtime};
use core::marker::PhantomData;
use frame_support::{
    traits::{ConstU32, Contains},
    weights::Weight,
};
use frame_system::EnsureRoot;
use pallet_xcmp::WeightInfo as _;
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_parachains::{configuration, inclusion};

/// The paras that are registered, whether they are about to come, here, or about to go.
pub struct RegisteredParas;

impl Contains<ParaId> for RegisteredParas {
    fn contains(para: &ParaId) -> bool {
        Paras::lifecycle(*para).is_some()
    }
}

impl pallet_xcmp::Config for Runtime {
    // In the batch that sets a parachain back.
    type ClearOrigin = EnsureRoot<AccountId>;
    type KnownParas = RegisteredParas;
    // A few milliseconds, and two hundred parachains in seven blocks.
    type CleanUpEntriesPerBlock = ConstU32<32>;
    type WeightInfo = weights::pallet_xcmp::WeightInfo<Runtime>;
}

/// Adds to an included candidate what `Xcmp` does with its head. `paras` drops the weight that its hook returns, and the
/// library's benchmark has a head in which there is nothing to find.
pub struct WithNotedHead<Inner>(PhantomData<Inner>);

impl<Inner: inclusion::WeightInfo> inclusion::WeightInfo for WithNotedHead<Inner> {
    fn enact_candidate(u: u32, h: u32, c: u32) -> Weight {
        // As long as a head may be.
        let head_bytes = configuration::ActiveConfig::<Runtime>::get().max_head_data_size;
        Inner::enact_candidate(u, h, c)
            .saturating_add(<Runtime as pallet_xcmp::Config>::WeightInfo::note_head(head_bytes))
    }
}
