// SPDX-License-Identifier: GPL-3.0-only
//! Auctions, crowdloans, leases and cores in the relay runtime, run natively in externalities: real genesis state, real
//! blocks with their hooks and inherents, real signatures, real seeds. No network, no wasm.

mod runtime_auctions {
    #[expect(dead_code, reason = "shared with the tests of the validator count, which need more of it")]
    #[path = "../runtime_governance/accesses.rs"]
    mod accesses;
    mod bidding;
    mod cores;
    mod crowdloans;
    #[path = "../runtime_governance/enactment.rs"]
    mod enactment;
    mod lapses;
    mod market;
    mod origins;
    #[path = "../runtime/referenda.rs"]
    mod referenda;
    mod scale;
    #[expect(dead_code, reason = "shared with the tests of the relay runtime, which need more of it")]
    #[path = "../runtime/support.rs"]
    mod support;
    mod whole;
}
