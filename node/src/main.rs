// SPDX-License-Identifier: GPL-3.0-only
//! The executable `serin`.

use serin_node::{collator::Collator, command, workers};
use std::{ffi::OsString, process::ExitCode};

// The prepare worker sets the global allocator, for Rust code only. This crate's feature `unprefixed_malloc` gives the
// same jemalloc to RocksDB and the other C code; unused, it would not be linked.
use tikv_jemallocator as _;

fn main() -> ExitCode {
    // A PVF worker must find one thread and an empty environment, so this comes before anything else.
    let argv: Vec<OsString> = std::env::args_os().collect();
    if let Some(exit_code) = workers::run_if_asked(&argv) {
        return exit_code;
    }
    match Collator::asked(&argv).map_or_else(command::run, Collator::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Error: {}", error.describe());
            ExitCode::FAILURE
        }
    }
}
