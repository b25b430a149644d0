// SPDX-License-Identifier: GPL-3.0-only
//! Compiles the runtime to wasm, beside its native build.

#[cfg(feature = "std")]
fn main() {
    // Validators compile this blob as a PVF and collators when they start: less code is ready sooner. The variables reach the
    // wasm build alone, which is a child of this process.
    std::env::set_var("CARGO_PROFILE_RELEASE_OPT_LEVEL", "s");
    std::env::set_var("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
    std::env::set_var("CARGO_PROFILE_RELEASE_LTO", "fat");
    // Whatever the profile outside: a blob with debug information fits neither a PVF nor a preimage.
    std::env::set_var("WASM_BUILD_TYPE", "release");
    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
    // Must be `TOKEN_SYMBOL` and `TOKEN_DECIMALS` of `src/constants.rs`, as a build script cannot read them.
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("UNIT", 12);
    builder.build();
}

#[cfg(not(feature = "std"))]
fn main() {}
