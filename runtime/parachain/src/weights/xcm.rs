// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for XCM instructions.
//!
//! There are few prices, named at the end of the file: a register changed, an asset moved, a message sent, an answer sent.
//! Where an instruction names assets the price is multiplied by their number; where it carries a message or a call, their bytes
//! are added. The weight of a call that `Transact` runs, and of the instructions in a handler or appendix, is added by
//! `WeightInfoBounds`.

use super::{declared, nanos_each, xcm_sent, CALL_BYTE_NANOS, DATA_BYTE_NANOS};
use crate::{configs::xcm_config::MaxAssetsIntoHolding, Runtime};
use alloc::vec::Vec;
use codec::Encode;
use core::marker::PhantomData;
use frame_support::weights::Weight;
use sp_runtime::BoundedVec;
use xcm::{
    latest::{
        Asset, AssetFilter, AssetTransferFilter, Assets, Error, Hint, HintNumVariants, InteriorLocation, Junction,
        Location, MaxAssetTransferFilters, MaybeErrorCode, NetworkId, OriginKind, QueryId, QueryResponseInfo, Response,
        WeightLimit, WildAsset, Xcm, XcmWeightInfo,
    },
    DoubleEncoded,
};

/// The weights of XCM instructions, for messages whose calls are `Call`s.
pub struct XcmWeight<Call>(PhantomData<Call>);

impl<Call> XcmWeightInfo<Call> for XcmWeight<Call> {
    fn withdraw_asset(assets: &Assets) -> Weight {
        times(assets.len(), asset_moved())
    }

    fn reserve_asset_deposited(assets: &Assets) -> Weight {
        times(assets.len(), asset_moved())
    }

    /// Refused: nobody is trusted with teleports.
    fn receive_teleported_asset(assets: &Assets) -> Weight {
        times(assets.len(), unsupported())
    }

    /// The answer may run a call of a pallet that asked; that call's weight is limited by the query.
    fn query_response(_: &QueryId, response: &Response, _: &Weight, _: &Option<Location>) -> Weight {
        declared::<Runtime>(50, 4, 3).saturating_add(bytes_of(response))
    }

    fn transfer_asset(assets: &Assets, _: &Location) -> Weight {
        times(assets.len(), asset_moved().saturating_mul(2))
    }

    fn transfer_reserve_asset(assets: &Assets, _: &Location, xcm: &Xcm<()>) -> Weight {
        times(assets.len(), asset_moved().saturating_mul(2)).saturating_add(sent(xcm))
    }

    /// The call's own weight is added; this is converting the origin and dispatching.
    fn transact(_: &OriginKind, _: &Option<Weight>, call: &DoubleEncoded<Call>) -> Weight {
        declared::<Runtime>(30, 1, 0).saturating_add(nanos_each(CALL_BYTE_NANOS, length(call)))
    }

    fn hrmp_new_channel_open_request(_: &u32, _: &u32, _: &u32) -> Weight {
        unsupported()
    }

    fn hrmp_channel_accepted(_: &u32) -> Weight {
        unsupported()
    }

    fn hrmp_channel_closing(_: &u32, _: &u32, _: &u32) -> Weight {
        unsupported()
    }

    fn clear_origin() -> Weight {
        register_changed()
    }

    fn descend_origin(_: &InteriorLocation) -> Weight {
        register_changed()
    }

    fn report_error(_: &QueryResponseInfo) -> Weight {
        answered()
    }

    fn deposit_asset(assets: &AssetFilter, _: &Location) -> Weight {
        for_each_match(assets, asset_moved())
    }

    fn deposit_reserve_asset(assets: &AssetFilter, _: &Location, xcm: &Xcm<()>) -> Weight {
        for_each_match(assets, asset_moved()).saturating_add(sent(xcm))
    }

    fn exchange_asset(give: &AssetFilter, _: &Assets, _: &bool) -> Weight {
        for_each_match(give, unsupported())
    }

    fn initiate_reserve_withdraw(assets: &AssetFilter, _: &Location, xcm: &Xcm<()>) -> Weight {
        for_each_match(assets, asset_moved()).saturating_add(sent(xcm))
    }

    fn initiate_teleport(assets: &AssetFilter, _: &Location, xcm: &Xcm<()>) -> Weight {
        for_each_match(assets, asset_moved()).saturating_add(sent(xcm))
    }

    fn report_holding(_: &QueryResponseInfo, assets: &AssetFilter) -> Weight {
        answered().saturating_add(bytes_of(assets))
    }

    /// What is paid goes to the author.
    fn buy_execution(_: &Asset, _: &WeightLimit) -> Weight {
        asset_moved()
    }

    fn refund_surplus() -> Weight {
        declared::<Runtime>(20, 1, 0)
    }

    fn set_error_handler(_: &Xcm<Call>) -> Weight {
        register_changed()
    }

    fn set_appendix(_: &Xcm<Call>) -> Weight {
        register_changed()
    }

    fn clear_error() -> Weight {
        register_changed()
    }

    fn claim_asset(assets: &Assets, _: &Location) -> Weight {
        times(assets.len(), asset_moved())
    }

    fn trap(_: &u64) -> Weight {
        register_changed()
    }

    fn subscribe_version(_: &QueryId, _: &Weight) -> Weight {
        declared::<Runtime>(40, 3, 3).saturating_add(xcm_sent::<Runtime>())
    }

    fn unsubscribe_version() -> Weight {
        declared::<Runtime>(15, 1, 1)
    }

    fn burn_asset(assets: &Assets) -> Weight {
        times(assets.len(), asset_moved())
    }

    fn expect_asset(assets: &Assets) -> Weight {
        times(assets.len(), register_changed())
    }

    fn expect_origin(_: &Option<Location>) -> Weight {
        register_changed()
    }

    fn expect_error(_: &Option<(u32, Error)>) -> Weight {
        register_changed()
    }

    fn expect_transact_status(_: &MaybeErrorCode) -> Weight {
        register_changed()
    }

    fn query_pallet(module_name: &Vec<u8>, _: &QueryResponseInfo) -> Weight {
        pallets_searched().saturating_add(answered()).saturating_add(bytes_of(module_name))
    }

    fn expect_pallet(_: &u32, name: &Vec<u8>, module_name: &Vec<u8>, _: &u32, _: &u32) -> Weight {
        pallets_searched().saturating_add(bytes_of(name)).saturating_add(bytes_of(module_name))
    }

    fn report_transact_status(_: &QueryResponseInfo) -> Weight {
        answered()
    }

    fn clear_transact_status() -> Weight {
        register_changed()
    }

    fn universal_origin(_: &Junction) -> Weight {
        unsupported()
    }

    fn export_message(_: &NetworkId, _: &InteriorLocation, xcm: &Xcm<()>) -> Weight {
        unsupported().saturating_add(bytes_of(xcm))
    }

    fn lock_asset(_: &Asset, _: &Location) -> Weight {
        unsupported()
    }

    fn unlock_asset(_: &Asset, _: &Location) -> Weight {
        unsupported()
    }

    fn note_unlockable(_: &Asset, _: &Location) -> Weight {
        unsupported()
    }

    fn request_unlock(_: &Asset, _: &Location) -> Weight {
        unsupported()
    }

    fn set_fees_mode(_: &bool) -> Weight {
        register_changed()
    }

    fn set_topic(_: &[u8; 32]) -> Weight {
        register_changed()
    }

    fn clear_topic() -> Weight {
        register_changed()
    }

    fn alias_origin(_: &Location) -> Weight {
        register_changed()
    }

    fn unpaid_execution(_: &WeightLimit, _: &Option<Location>) -> Weight {
        register_changed()
    }

    fn pay_fees(_: &Asset) -> Weight {
        asset_moved()
    }

    fn initiate_transfer(
        _: &Location,
        remote_fees: &Option<AssetTransferFilter>,
        _: &bool,
        assets: &BoundedVec<AssetTransferFilter, MaxAssetTransferFilters>,
        remote_xcm: &Xcm<()>,
    ) -> Weight {
        remote_fees
            .iter()
            .chain(assets.iter())
            .map(|filter| for_each_match(filter.inner(), asset_moved()))
            .fold(sent(remote_xcm), |sum, weight| sum.saturating_add(weight))
    }

    fn execute_with_origin(_: &Option<InteriorLocation>, xcm: &Xcm<Call>) -> Weight {
        unsupported().saturating_add(bytes_of(xcm))
    }

    fn set_hints(hints: &BoundedVec<Hint, HintNumVariants>) -> Weight {
        times(hints.len(), register_changed())
    }
}

/// A register of the executor read or set: no storage. The base price of an instruction.
fn register_changed() -> Weight {
    declared::<Runtime>(5, 0, 0)
}

/// An asset taken from an account or put into one, minted or burnt: the asset, the account's balance of it, and the account.
fn asset_moved() -> Weight {
    declared::<Runtime>(80, 4, 4)
}

/// A message sent with what it moves, and its bytes once more.
fn sent(xcm: &Xcm<()>) -> Weight {
    declared::<Runtime>(40, 1, 0).saturating_add(xcm_sent::<Runtime>()).saturating_add(bytes_of(xcm))
}

/// A response sent to whoever asked, with the fee for its delivery.
fn answered() -> Weight {
    declared::<Runtime>(60, 1, 1).saturating_add(xcm_sent::<Runtime>())
}

fn pallets_searched() -> Weight {
    declared::<Runtime>(30, 0, 0)
}

/// An instruction that always fails here, or does nothing: assets are neither teleported nor locked nor exchanged, there is no
/// bridge, the executor does not know `ExecuteWithOrigin`, and notices about channels have no listener. It costs what finding that out does.
fn unsupported() -> Weight {
    declared::<Runtime>(60, 2, 0)
}

/// A wildcard matches what is held, at most; and the executor holds twice the limit at most.
fn for_each_match(filter: &AssetFilter, weight: Weight) -> Weight {
    let held = usize::try_from(MaxAssetsIntoHolding::get()).unwrap_or(usize::MAX).saturating_mul(2);
    let count = match filter {
        AssetFilter::Definite(assets) => assets.len(),
        AssetFilter::Wild(WildAsset::All | WildAsset::AllOf { .. }) => held,
        AssetFilter::Wild(WildAsset::AllCounted(count) | WildAsset::AllOfCounted { count, .. }) => {
            usize::try_from(*count).unwrap_or(usize::MAX).min(held)
        }
    };
    times(count, weight)
}

/// An instruction on nothing still costs something.
fn times(count: usize, weight: Weight) -> Weight {
    weight.saturating_mul(u64::try_from(count).unwrap_or(u64::MAX).max(1))
}

fn bytes_of(value: &impl Encode) -> Weight {
    nanos_each(DATA_BYTE_NANOS, length(value))
}

fn length(value: &impl Encode) -> u64 {
    u64::try_from(value.encoded_size()).unwrap_or(u64::MAX)
}
