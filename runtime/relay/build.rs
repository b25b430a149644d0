// SPDX-License-Identifier: GPL-3.0-only
//! Compiles the runtime to wasm, beside its native build.

#[cfg(feature = "std")]
fn main() {
    // Every node compiles the blob when it starts, and that takes nearly all of its start: less code starts sooner.
    // The variables reach the wasm build alone, which is a child of this process. See docs/adr/0002.
    std::env::set_var("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s");
    std::env::set_var("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    std::env::set_var("CARGO_PROFILE_RELEASE_LTO", "fat");
    // Whatever the profile outside: the blob is part of genesis, so the builds of one commit must not differ in it.
    std::env::set_var("WASM_BUILD_TYPE", "release");
    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("KSM", 12);
    builder.build();
}

#[cfg(not(feature = "std"))]
fn main() {}
