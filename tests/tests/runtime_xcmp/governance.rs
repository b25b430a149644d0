// SPDX-License-Identifier: GPL-3.0-only
//! What the relay chain's Root decides, for the relay chain and for its parachains.

use super::{
    para_support::as_root,
    world::{World, A, B},
};
use serin_parachain_runtime::{configs::xcmp::MaxUnderWay, RuntimeCall as ParaCall, XcmpChannels};
use serin_primitives::xcmp::{Acceptance, Frontier};
use serin_runtime::{RuntimeCall, RuntimeOrigin};
use sp_runtime::traits::Dispatchable;
use xcm::{
    latest::{Junction, Location},
    VersionedXcm,
};

impl World {
    /// All of it in the relay chain's next block, or nothing.
    pub fn enact(&mut self, calls: Vec<RuntimeCall>) {
        let batch = RuntimeCall::Utility(pallet_utility::Call::batch_all { calls });
        let outcome = self.relay.chain.transact(|| batch.dispatch(RuntimeOrigin::root()));
        assert_eq!(outcome.map(drop).map_err(|failure| failure.error), Ok(()));
    }

    /// In the order that `docs/xcmp.md` asks for: nothing is accepted before the relay chain shows of both sides that they
    /// removed their channel.
    pub fn begin_channel_again(&mut self) {
        self.enact(vec![clear(A), clear(B), command(A, remove_channel(B)), command(B, remove_channel(A))]);
        self.step(|| (), || ());
        for (para, peer) in [(&mut self.a, B), (&mut self.b, A)] {
            assert_eq!(para.inspect(|| XcmpChannels::channel(peer.into())), None);
        }
        self.enact(vec![command(A, accept(B)), command(B, accept(A))]);
        self.step(|| (), || ());
    }
}

/// Forgets the root of a parachain.
pub fn clear(para: u32) -> RuntimeCall {
    RuntimeCall::Xcmp(pallet_xcmp::Call::clear { para: para.into() })
}

/// Has a parachain dispatch `call` as its Root.
pub fn command(para: u32, call: ParaCall) -> RuntimeCall {
    RuntimeCall::XcmPallet(pallet_xcm::Call::send {
        dest: Box::new(Location::new(0, Junction::Parachain(para)).into()),
        message: Box::new(VersionedXcm::from(as_root(call))),
    })
}

pub fn set_received(peer: u32, received: Frontier) -> ParaCall {
    ParaCall::XcmpChannels(pallet_xcmp_channels::Call::set_received { peer: peer.into(), received })
}

pub fn remove_channel(peer: u32) -> ParaCall {
    ParaCall::XcmpChannels(pallet_xcmp_channels::Call::remove_channel { peer: peer.into() })
}

fn accept(peer: u32) -> ParaCall {
    ParaCall::XcmpChannels(pallet_xcmp_channels::Call::set_acceptance {
        peer: peer.into(),
        acceptance: Acceptance::Accepting,
        window: MaxUnderWay::get(),
    })
}
