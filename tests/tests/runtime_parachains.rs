// SPDX-License-Identifier: GPL-3.0-only
//! The demonstration parachain's runtime, run natively in externalities: real genesis state, real blocks with their hooks and
//! inherents, real signatures. The relay chain is made up: proofs of the state that a parachain reads. No network, no wasm.

mod runtime_parachains {
    mod apis;
    mod barrier;
    mod collators;
    mod fees;
    mod genesis;
    mod metadata;
    mod root;
    mod support;
    mod transfers;
    mod weights;
}
