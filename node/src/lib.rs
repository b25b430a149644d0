// SPDX-License-Identifier: GPL-3.0-only
//! The node of Serin: everything behind the executable `serin`.
//!
//! [`workers`] decides first whether the process is a PVF worker, then [`collator`] whether it is a parachain's node;
//! everything else is one of the commands in [`command`]. The relay node itself is [`service`], a thin layer over
//! `polkadot_service`; [`validator_count`] is its part in the governance of how many validators there are, [`auctions`] what it
//! tells of the sale of cores, [`chain_view`] and [`relay_node`] how both see the chain from inside and from outside; [`xcmp`]
//! carries messages between parachains. [`network`] starts and drives whole networks of nodes, and [`demo`] shows what happens on
//! them.

// Each of our errors wraps one of the SDK's, which are large, and a command fails once.
#![allow(clippy::result_large_err)]

pub mod auctions;
pub mod benchmarking;
pub mod chain_operations;
pub mod chain_view;
pub mod cli;
pub mod collator;
pub mod command;
pub mod demo;
pub mod doctor;
pub mod error;
pub mod logging;
pub mod network;
pub mod relay_node;
pub mod service;
mod start_checks;
pub mod validator_count;
pub mod workers;
pub mod xcmp;
