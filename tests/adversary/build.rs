// SPDX-License-Identifier: GPL-3.0-only
//! Links what a prebuilt RocksDB needs, as `chain-spec/build.rs` does for whatever is made of our crates.

fn main() {
    println!("cargo:rustc-link-arg-bins=-lstdc++");
}
