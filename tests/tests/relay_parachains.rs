// SPDX-License-Identifier: GPL-3.0-only
//! What the relay runtime does with parachains' messages and channels, run natively in externalities: real genesis state,
//! real blocks, the real queue and executor. No network, no wasm, no parachain behind the messages.

mod relay_parachains {
    mod barrier;
    mod calls;
    mod hrmp;
    mod issuance;
    mod limits;
    mod messages;
    #[expect(dead_code, reason = "shared with the tests of the relay runtime, which need more of it")]
    #[path = "../runtime/support.rs"]
    mod support;
}
