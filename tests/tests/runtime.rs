// SPDX-License-Identifier: GPL-3.0-only
//! The relay runtime, run natively in externalities: real genesis state, real blocks with their hooks and inherents, real
//! signatures. No network, no wasm.

mod runtime {
    mod disputes;
    mod election;
    mod equivocation;
    mod fees;
    mod genesis;
    mod governance;
    mod hooks;
    mod metadata;
    mod parachains;
    mod referenda;
    mod registrar;
    mod session_zero;
    mod support;
    mod teleport;
    mod timing;
}
