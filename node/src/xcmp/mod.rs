// SPDX-License-Identifier: GPL-3.0-only
//! Off-chain XCMP as an operator sees it: `serin xcmp relay` carries messages from parachain to parachain, `serin xcmp trace`
//! tells which way they took. What is believed, and what is refused, is the runtimes': `docs/xcmp.md`.
//!
//! Reading order: [`parachain`] is the client of one parachain, [`extrinsic`] how a delivery becomes a transaction of its
//! runtime; [`relay`] is the relayer, a `lane` of it one direction between two parachains; [`trace`] finds a
//! message's way again.

pub mod cli;
pub mod command;
mod error;
pub mod extrinsic;
pub mod parachain;
pub mod relay;
pub mod trace;

pub use error::{Error, Result};
