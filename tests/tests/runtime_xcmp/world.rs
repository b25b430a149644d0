// SPDX-License-Identifier: GPL-3.0-only
//! Two parachains with a channel between them, and their relay chain.

use super::{para::Para, relay::Relay};
use cumulus_primitives_core::ParaId;
use pallet_xcmp_channels::Channel;
use serin_parachain_runtime::{Runtime, XcmpChannels};
use serin_primitives::xcmp::Delivery;
use serin_runtime::genesis_config_presets::Transport;
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionValidityError};

pub const A: u32 = 2_087;
pub const B: u32 = 2_100;
/// Longer than most tests.
const EPOCH_SLOTS: u32 = 600;

pub struct World {
    pub relay: Relay,
    pub a: Para,
    pub b: Para,
}

impl World {
    pub fn new(transport: Transport) -> Self {
        Self::with_epochs(transport, EPOCH_SLOTS)
    }

    pub fn with_epochs(transport: Transport, epoch_slots: u32) -> Self {
        let (a, b) = (Para::new(A, &[B]), Para::new(B, &[A]));
        let relay = Relay::new(&[(A, a.head()), (B, b.head())], transport, epoch_slots);
        Self { relay, a, b }
    }

    /// A block of each, both included.
    pub fn step<R, S>(&mut self, in_a: impl FnOnce() -> R, in_b: impl FnOnce() -> S) -> (R, S) {
        let (of_a, output_a) = self.a.block(&mut self.relay, in_a);
        let (of_b, output_b) = self.b.block(&mut self.relay, in_b);
        self.relay.include(&[of_a, of_b]);
        (output_a, output_b)
    }

    /// A block of A alone.
    pub fn step_a<R>(&mut self, in_a: impl FnOnce() -> R) -> R {
        self.a.included_block(&mut self.relay, in_a)
    }

    /// A block of B alone.
    pub fn step_b<R>(&mut self, in_b: impl FnOnce() -> R) -> R {
        self.b.included_block(&mut self.relay, in_b)
    }

    /// What a relayer would take from A to B now.
    pub fn leaving_a(&mut self) -> Delivery {
        self.a.delivery_for(&mut self.b)
    }

    pub fn leaving_b(&mut self) -> Delivery {
        self.b.delivery_for(&mut self.a)
    }
}

pub fn channel(para: &mut Para, peer: u32) -> Channel {
    para.inspect(|| XcmpChannels::channel(ParaId::from(peer))).expect("it is open")
}

/// What a transaction says that is refused for this.
pub fn refused(error: pallet_xcmp_channels::Error<Runtime>) -> TransactionValidityError {
    let number = codec::Encode::using_encoded(&error, |code| code[0]);
    TransactionValidityError::Invalid(InvalidTransaction::Custom(number))
}
