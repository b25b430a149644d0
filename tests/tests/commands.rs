// SPDX-License-Identifier: GPL-3.0-only
//! The executable's commands that run no node: each with what the user sees, above all when it fails.

mod commands {
    mod auctions;
    mod chain_specs;
    mod collator;
    mod demo;
    mod doctor;
    mod keys;
    mod validators;
    mod workers;
    mod xcmp;
}
