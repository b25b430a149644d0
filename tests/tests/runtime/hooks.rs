// SPDX-License-Identifier: GPL-3.0-only
use super::support::{genesis_parachains, Chain};
use serin_runtime::{genesis_config_presets::Preset, Runtime};

/// A block that ends a session reports a whole block for that alone, so that no user's transaction shares it. What the
/// other hooks took in it is what lies above.
#[test]
fn hooks_take_less_than_half_a_block() {
    let max_block = <Runtime as frame_system::Config>::BlockWeights::get().max_block.ref_time();
    let mut chain = Chain::with_genesis(Preset::Local, 4, genesis_parachains(&[2_087, 2_100]));
    let mut session_ends = 0;
    // Two eras, and the block that ends the second.
    for _ in 1..=41 {
        let next = chain.slot() + 1;
        let ends_session = chain.ends_session(next);
        chain.block(|| ());
        let total = chain.hook_weight().ref_time();
        let hooks = if ends_session {
            session_ends += 1;
            total.checked_sub(max_block).expect("the end of a session takes a whole block")
        } else {
            total
        };
        assert!(hooks > 0, "block {} registered nothing", chain.number());
        assert!(hooks < max_block / 2, "hooks took {hooks} of {max_block} ps in block {}", chain.number());
    }
    assert_eq!(session_ends, 4);
}
