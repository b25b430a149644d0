// SPDX-License-Identifier: GPL-3.0-only
//! How the holders of the token change the number of validators, in the relay runtime, run natively in externalities: real
//! genesis state, real blocks with their hooks and inherents, real signatures, real elections. No network, no wasm.

mod runtime_governance {
    mod accesses;
    mod candidates;
    mod cost;
    mod enactment;
    mod fault;
    mod finality;
    mod plans;
    mod ramp;
    #[path = "../runtime/referenda.rs"]
    mod referenda;
    mod rules;
    mod steadiness;
    #[expect(dead_code, reason = "shared with the tests of the relay runtime, which need more of it")]
    #[path = "../runtime/support.rs"]
    mod support;
}
