// SPDX-License-Identifier: GPL-3.0-only
//! Bad PVFs at the SDK's PVF host, with the executable under test as its workers: each one ends in a known error, in bounded
//! time and memory, and the same host goes on to run a good one.
//!
//! What a PVF may do as wasm is one half. The other is what is left to it once it has broken out of wasm: the tests put
//! system calls into the registers of a job that runs.

#[cfg(target_os = "linux")]
mod pvf_parachains {
    mod execution;
    mod host;
    mod killed;
    mod modules;
    #[cfg(target_arch = "x86_64")]
    mod native;
    mod preparation;
    mod processes;
    mod sandbox;
}
