// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `pallet_xcm`. The weight of a message that `execute` runs is added by the pallet.

use super::{data_bytes, declared, each, nanos_each, xcm_sent, CALL_BYTE_NANOS};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> pallet_xcm::WeightInfo for WeightInfo<T> {
    fn send() -> Weight {
        declared::<T>(50, 2, 1).saturating_add(xcm_sent::<T>())
    }

    /// Withdrawn from an account, noted in the checking account, sent.
    fn teleport_assets() -> Weight {
        declared::<T>(200, 8, 6).saturating_add(xcm_sent::<T>())
    }

    /// Moved from an account to the parachain's, noted by a message.
    fn reserve_transfer_assets() -> Weight {
        declared::<T>(200, 8, 6).saturating_add(xcm_sent::<T>())
    }

    /// The kind of transfer is found first; fees may take another way than the assets.
    fn transfer_assets() -> Weight {
        declared::<T>(300, 12, 8).saturating_add(xcm_sent::<T>())
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
        declared::<T>(80, 4, 3).saturating_add(each::<T>(n, 30, 2, 2))
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
        declared::<T>(5, 0, 0).saturating_add(data_bytes(n))
    }
}
