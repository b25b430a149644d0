// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_xcm`. The weight of a message that `execute` runs is added by the pallet.

use super::{declared, each, nanos_each, xcm_sent, CALL_BYTE_NANOS, DATA_BYTE_NANOS};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_xcm::WeightInfo for WeightInfo<T> {
    fn send() -> Weight {
        declared::<T>(50, 2, 1).saturating_add(xcm_sent::<T>())
    }

    /// Always refused, after a look at asset and destination.
    fn teleport_assets() -> Weight {
        transfer::<T>()
    }

    fn reserve_transfer_assets() -> Weight {
        transfer::<T>()
    }

    fn transfer_assets() -> Weight {
        transfer::<T>()
    }

    /// Weighing and hashing the message, before it runs.
    fn execute() -> Weight {
        declared::<T>(100, 2, 1)
    }

    fn force_xcm_version() -> Weight {
        declared::<T>(20, 1, 1)
    }

    fn force_default_xcm_version() -> Weight {
        declared::<T>(10, 0, 1)
    }

    fn force_subscribe_version_notify() -> Weight {
        declared::<T>(60, 5, 4).saturating_add(xcm_sent::<T>())
    }

    fn force_unsubscribe_version_notify() -> Weight {
        declared::<T>(60, 5, 4).saturating_add(xcm_sent::<T>())
    }

    fn force_suspension() -> Weight {
        declared::<T>(10, 0, 1)
    }

    /// One entry, found behind those of up to four older XCM versions and moved; so are the next ones.
    fn migrate_supported_version() -> Weight {
        declared::<T>(40, 8, 3)
    }

    fn migrate_version_notifiers() -> Weight {
        declared::<T>(40, 8, 3)
    }

    fn already_notified_target() -> Weight {
        declared::<T>(40, 8, 1)
    }

    fn notify_current_targets() -> Weight {
        declared::<T>(40, 8, 2).saturating_add(xcm_sent::<T>())
    }

    fn notify_target_migration_fail() -> Weight {
        declared::<T>(40, 8, 1)
    }

    fn migrate_version_notify_targets() -> Weight {
        declared::<T>(40, 8, 3)
    }

    fn migrate_and_notify_old_targets() -> Weight {
        declared::<T>(60, 10, 3).saturating_add(xcm_sent::<T>())
    }

    fn new_query() -> Weight {
        declared::<T>(15, 1, 2)
    }

    fn take_response() -> Weight {
        declared::<T>(50, 2, 2)
    }

    /// The trap that holds the assets, then each of them deposited.
    fn claim_assets(n: u32) -> Weight {
        declared::<T>(80, 4, 3).saturating_add(each::<T>(n, 60, 4, 4))
    }

    fn add_authorized_alias() -> Weight {
        declared::<T>(60, 4, 3)
    }

    fn remove_authorized_alias() -> Weight {
        declared::<T>(60, 4, 3)
    }

    /// All of the message may be a call, which is decoded and weighed too.
    fn weigh_message(n: u32) -> Weight {
        declared::<T>(5, 0, 0).saturating_add(nanos_each(CALL_BYTE_NANOS, n.into()))
    }

    fn decode_xcm(n: u32) -> Weight {
        declared::<T>(5, 0, 0).saturating_add(nanos_each(DATA_BYTE_NANOS, n.into()))
    }
}

/// The kind of transfer is found first; then two assets at most are withdrawn and moved or burnt, as fees may be another than
/// what is sent, and a message tells of it.
fn transfer<T: frame_system::Config>() -> Weight {
    declared::<T>(400, 18, 14).saturating_add(xcm_sent::<T>())
}
