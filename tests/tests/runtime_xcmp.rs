// SPDX-License-Identifier: GPL-3.0-only
//! Off-chain XCMP between the demonstration parachain's runtime and the relay runtime, both run natively in externalities:
//! real blocks of both, candidates that are really backed and included, the real state of the one proved to the other.
//! No network, no wasm but for the check of a bundle, and in place of a relayer the two calls that one makes.

mod runtime_xcmp {
    #[path = "../runtime_governance/accesses.rs"]
    mod accesses;
    mod bundles;
    mod cost;
    mod delivery;
    mod endings;
    mod governance;
    mod heads;
    mod para;
    mod proof_size;
    mod relay;
    mod transports;
    mod world;

    #[expect(dead_code, reason = "shared with the tests of the parachain's runtime, which need more of it")]
    #[path = "../runtime_parachains/support.rs"]
    mod para_support;
    #[expect(dead_code, reason = "shared with the tests of the relay runtime, which need more of it")]
    #[path = "../runtime/support.rs"]
    mod relay_support;
}
