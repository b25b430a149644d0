// SPDX-License-Identifier: GPL-3.0-only
//! Records the commit for `--version`.

fn main() {
    substrate_build_script_utils::generate_cargo_keys();
}
