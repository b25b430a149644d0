// SPDX-License-Identifier: GPL-3.0-only
//! One file for each concern: the `Config` of its pallets, and the types that they need.

pub mod accounts;
pub mod auctions;
pub mod balances;
pub mod consensus;
pub mod governance;
pub mod leasing;
pub mod messaging;
pub mod parachains;
pub mod staking;
pub mod system;
pub mod validator_count;
pub mod xcm_config;
pub mod xcmp;
