// SPDX-License-Identifier: GPL-3.0-only
//! One file for each concern: the `Config` of its pallets, and the types that they need.

pub mod balances;
pub mod collators;
pub mod messaging;
pub mod parachain;
pub mod system;
pub mod xcm_config;
pub mod xcmp;
