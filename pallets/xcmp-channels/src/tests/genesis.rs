// SPDX-License-Identifier: GPL-3.0-only
//! Channels that are open from the first block on.

use super::{Net, A, B, C};
use crate::{
    mock::{MaxPeers, MaxUnderWay, Para, Relay, Test, XcmpChannels},
    Allowance, Channel, Channels, GenesisConfig, Leaves,
};
use cumulus_primitives_core::ParaId;
use frame_support::traits::BuildGenesisConfig;
use serin_primitives::xcmp::Acceptance;

/// Builds the genesis state of `id`. A parachain knows its own id before this pallet's turn, as `ParachainInfo` comes first.
fn para(id: u32, peers: &[u32]) -> Para {
    let mut para = Para::new(id);
    let config =
        GenesisConfig::<Test> { peers: peers.iter().map(|peer| (*peer).into()).collect(), ..Default::default() };
    para.run(|| config.build());
    para
}

#[test]
fn both_sides_may_send_from_the_first_block_on() {
    let paras = [(A, para(A, &[B])), (B, para(B, &[A]))];
    let mut net = Net { relay: Relay::new(), paras: paras.into_iter().collect() };
    net.send(A, B, &[b"1"]);
    net.send(B, A, &[b"2"]);
    net.relay_messages(A, B);
    net.relay_messages(B, A);
    net.block(A, || ());
    net.block(B, || ());
    assert_eq!(net.executed_from(B, A), [b"1"]);
    assert_eq!(net.executed_from(A, B), [b"2"]);
}

#[test]
fn each_peer_has_a_channel_with_the_widest_window() {
    para(A, &[B, C]).read(|| {
        let widest = Allowance { acceptance: Acceptance::Accepting, window: MaxUnderWay::get() };
        let expected =
            Channel { allowance: widest, acceptance: widest.acceptance, window: widest.window, ..Default::default() };
        for peer in [B, C].map(ParaId::from) {
            assert_eq!(Channels::<Test>::get(peer), Some(expected.clone()));
        }
        assert_eq!(Leaves::<Test>::get().len(), 2);
        XcmpChannels::do_try_state().unwrap();
    });
}

#[test]
fn without_peers_there_is_no_channel() {
    para(A, &[]).read(|| assert_eq!(Channels::<Test>::iter().count(), 0));
}

#[test]
fn there_may_be_as_many_peers_as_the_bound() {
    let peers: Vec<_> = (0..MaxPeers::get()).collect();
    para(A, &peers).read(|| assert_eq!(Channels::<Test>::iter().count(), peers.len()));
}

#[test]
#[should_panic(expected = "at most MaxPeers")]
fn more_peers_than_the_bound_are_no_genesis() {
    para(A, &(0..=MaxPeers::get()).collect::<Vec<_>>());
}

#[test]
#[should_panic(expected = "each sibling is another parachain")]
fn a_channel_with_oneself_is_no_genesis() {
    para(A, &[B, A]);
}
