// SPDX-License-Identifier: GPL-3.0-only
//! Pure types and arithmetic that pallets share, and the traits by which they meet. Depends on none of our crates.
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

extern crate alloc;

pub mod lease;
pub mod traits;
pub mod xcmp;
