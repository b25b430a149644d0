// SPDX-License-Identifier: GPL-3.0-only
mod auctions_to_cores;
mod forced_leases;
mod random_operations;
mod schedule;
mod swaps_and_clearances;
mod too_few_cores;

use crate::mock::*;

/// Runs `test` in block 1; the invariants are checked after it.
fn test(test: impl FnOnce()) {
    new_test_ext().execute_with(|| {
        test();
        LeaseCores::do_try_state().unwrap();
    });
}
