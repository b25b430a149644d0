// SPDX-License-Identifier: GPL-3.0-only
//! Records the commit for `--version`, and packs the executable's relocations.

fn main() {
    substrate_build_script_utils::generate_cargo_keys();
    // A position-independent executable has one for each pointer in its tables: 11 MB that fit in less than one. Needs
    // glibc 2.36 to run, and an older one says so.
    if std::env::var("TARGET").is_ok_and(|target| target == "x86_64-unknown-linux-gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
