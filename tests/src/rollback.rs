// SPDX-License-Identifier: GPL-3.0-only
//! What would happen, without it happening.

use frame_support::storage::{with_transaction, TransactionOutcome};
use sp_runtime::DispatchError;

/// Does `work` in the externalities at hand, and takes back its effects.
pub fn rolled_back<R>(work: impl FnOnce() -> R) -> R {
    with_transaction(|| TransactionOutcome::Rollback(Ok::<_, DispatchError>(work()))).expect("it is always Ok")
}
