// SPDX-License-Identifier: GPL-3.0-only
//! The marks of `docs/figures.md` that are times and sizes: measured and printed, never asserted.

mod bench {
    mod idle;
    mod import;
    mod start;
    mod start_parachains;
}
mod parachains {
    pub mod session_zero;
}
