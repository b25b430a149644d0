// SPDX-License-Identifier: GPL-3.0-only
//! What `make weights` measures: our own pallet. The others have published weights, or declared ones whose reason
//! `docs/weights.md` names.
//!
//! A pallet's path in this list names the file in `weights/` that its figures go to.

use crate::{AllPalletsWithSystem, XcmpChannels};
use alloc::{string::String, vec::Vec};
use frame_benchmarking::{define_benchmarks, BenchmarkBatch, BenchmarkConfig, BenchmarkList};
use frame_support::traits::{StorageInfo, StorageInfoTrait, WhitelistedStorageKeys};

define_benchmarks!([pallet_xcmp_channels, XcmpChannels]);

/// The benchmarks of each pallet, and the storage that they may touch.
pub fn metadata(extra: bool) -> (Vec<BenchmarkList>, Vec<StorageInfo>) {
    let mut list = Vec::new();
    list_benchmarks!(list, extra);
    (list, AllPalletsWithSystem::storage_info())
}

/// Runs one benchmark. What every block touches in any case is not counted.
pub fn dispatch(config: BenchmarkConfig) -> Result<Vec<BenchmarkBatch>, String> {
    let whitelist = AllPalletsWithSystem::whitelisted_storage_keys();
    let mut batches = Vec::new();
    let params = (&config, &whitelist);
    add_benchmarks!(params, batches);
    Ok(batches)
}
