// SPDX-License-Identifier: GPL-3.0-only
//! Links what a prebuilt RocksDB needs: `librocksdb-sys` names the C++ runtime only when it compiles RocksDB itself.
//! It stands here because this is the lowest of our crates above RocksDB: whatever links it links this crate too.

fn main() {
    println!("cargo:rustc-link-lib=stdc++");
}
