// SPDX-License-Identifier: GPL-3.0-only
//! Several blocks in one candidate, of whose headers the relay chain sees the last.

use super::{
    delivery::transfer,
    para::apply,
    world::{channel, World, A, B},
};
use polkadot_primitives::HeadData;
use serin_parachain_runtime::{constants::currency::UNIT, XcmpChannels};
use serin_primitives::xcmp::digest::root_of_head;
use serin_runtime::genesis_config_presets::Transport;
use sp_core::H256;

#[test]
fn the_last_header_of_a_bundle_proves_the_messages_of_all_its_blocks() {
    let mut world = World::new(Transport::Xcmp);
    world.step(|| (), || ());
    let bundle = world.a.bundle(&mut world.relay, &[transfer(7 * UNIT), transfer(8 * UNIT)]);
    let [first, last] = bundle.roots()[..] else { panic!("it has two blocks") };
    assert_ne!(first, last, "each sent something");

    let candidate = bundle.validate().expect("nothing is wrong with it");
    let HeadData(head) = &candidate.commitments.head_data;
    assert_eq!(*head, world.a.head());
    assert_eq!(root_of_head(head).expect("it has one").1, last);
    world.relay.include(&[candidate]);
    world.step_b(|| ());
    let knows = |world: &mut World, root| world.b.inspect(|| XcmpChannels::knows_root(A.into(), root));
    assert!(knows(&mut world, last) && !knows(&mut world, first));

    let delivery = world.leaving_a();
    assert_eq!(delivery.root, last);
    world.step_b(|| assert_eq!(apply(delivery), Ok(Ok(()))));
    // The second block also asks B for its version of XCM.
    assert_eq!(channel(&mut world.a, B).sent.count(), 3);
    assert_eq!(channel(&mut world.b, A).received.count(), 3);

    assert!(bundle.clone().with_root(last).validate().is_ok(), "sealed again it is as good");
    assert!(bundle.with_root(H256::repeat_byte(7)).validate().is_err(), "the runtime wrote another root");
}
