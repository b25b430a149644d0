// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for all other instructions.

use crate::weights::{declared, xcm_sent};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub(super) struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> WeightInfo<T> {
    /// The answer may run a call of a pallet that asked; that call's weight is limited by the query.
    pub(super) fn query_response() -> Weight {
        declared::<T>(50, 4, 3)
    }

    /// The call's own weight is added; this is converting the origin and dispatching.
    pub(super) fn transact() -> Weight {
        declared::<T>(30, 1, 0)
    }

    pub(super) fn report_holding() -> Weight {
        answered::<T>()
    }

    pub(super) fn report_error() -> Weight {
        answered::<T>()
    }

    pub(super) fn report_transact_status() -> Weight {
        answered::<T>()
    }

    /// All pallets are looked through, and those that match are named in the answer.
    pub(super) fn query_pallet() -> Weight {
        pallets_searched::<T>().saturating_add(answered::<T>())
    }

    pub(super) fn expect_pallet() -> Weight {
        pallets_searched::<T>()
    }

    pub(super) fn subscribe_version() -> Weight {
        declared::<T>(40, 3, 3).saturating_add(xcm_sent::<T>())
    }

    pub(super) fn unsubscribe_version() -> Weight {
        declared::<T>(15, 1, 1)
    }

    /// The author is paid what the block's fees come to.
    pub(super) fn buy_execution() -> Weight {
        declared::<T>(30, 1, 1)
    }

    pub(super) fn pay_fees() -> Weight {
        declared::<T>(30, 1, 1)
    }

    pub(super) fn refund_surplus() -> Weight {
        declared::<T>(20, 0, 0)
    }

    pub(super) fn claim_asset() -> Weight {
        declared::<T>(40, 2, 1)
    }

    pub(super) fn burn_asset() -> Weight {
        declared::<T>(15, 0, 0)
    }

    pub(super) fn set_error_handler() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn set_appendix() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn clear_error() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn asset_claimer() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn clear_origin() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn descend_origin() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn alias_origin() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn set_fees_mode() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn set_topic() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn clear_topic() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn clear_transact_status() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn unpaid_execution() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn trap() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn expect_asset() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn expect_origin() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn expect_error() -> Weight {
        register_changed::<T>()
    }

    pub(super) fn expect_transact_status() -> Weight {
        register_changed::<T>()
    }
}

/// A register of the executor read or set: no storage. The base price of an instruction.
fn register_changed<T: frame_system::Config>() -> Weight {
    declared::<T>(5, 0, 0)
}

fn pallets_searched<T: frame_system::Config>() -> Weight {
    declared::<T>(30, 0, 0)
}

/// A response sent to whoever asked, with the fee for its delivery.
fn answered<T: frame_system::Config>() -> Weight {
    declared::<T>(60, 1, 1).saturating_add(xcm_sent::<T>())
}
