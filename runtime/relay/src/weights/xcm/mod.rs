// SPDX-License-Identifier: GPL-3.0-only
//! What each XCM instruction costs.
//!
//! Where an instruction names assets its weight is multiplied by their number; where it carries a message or a call,
//! their bytes are added. The weight of a call that `Transact` runs, and of the instructions in a handler or appendix,
//! is added by `WeightInfoBounds`.

mod fungible;
mod generic;

use super::{data_bytes, declared, nanos_each, CALL_BYTE_NANOS};
use crate::Runtime;
use alloc::vec::Vec;
use codec::Encode;
use core::marker::PhantomData;
use frame_support::weights::Weight;
use fungible::WeightInfo as Fungible;
use generic::WeightInfo as Generic;
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
        for_each_asset(assets, Fungible::<Runtime>::withdraw_asset())
    }

    fn reserve_asset_deposited(assets: &Assets) -> Weight {
        for_each_asset(assets, Fungible::<Runtime>::reserve_asset_deposited())
    }

    fn receive_teleported_asset(assets: &Assets) -> Weight {
        for_each_asset(assets, Fungible::<Runtime>::receive_teleported_asset())
    }

    fn query_response(_: &QueryId, response: &Response, _: &Weight, _: &Option<Location>) -> Weight {
        Generic::<Runtime>::query_response().saturating_add(bytes_of(response))
    }

    fn transfer_asset(assets: &Assets, _: &Location) -> Weight {
        for_each_asset(assets, Fungible::<Runtime>::transfer_asset())
    }

    fn transfer_reserve_asset(assets: &Assets, _: &Location, xcm: &Xcm<()>) -> Weight {
        for_each_asset(assets, Fungible::<Runtime>::transfer_reserve_asset()).saturating_add(bytes_of(xcm))
    }

    fn transact(_: &OriginKind, _: &Option<Weight>, call: &DoubleEncoded<Call>) -> Weight {
        Generic::<Runtime>::transact().saturating_add(nanos_each(CALL_BYTE_NANOS, length(call).into()))
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
        Generic::<Runtime>::clear_origin()
    }

    fn descend_origin(_: &InteriorLocation) -> Weight {
        Generic::<Runtime>::descend_origin()
    }

    fn report_error(_: &QueryResponseInfo) -> Weight {
        Generic::<Runtime>::report_error()
    }

    fn deposit_asset(assets: &AssetFilter, _: &Location) -> Weight {
        for_each_match(assets, Fungible::<Runtime>::deposit_asset())
    }

    fn deposit_reserve_asset(assets: &AssetFilter, _: &Location, xcm: &Xcm<()>) -> Weight {
        for_each_match(assets, Fungible::<Runtime>::deposit_reserve_asset()).saturating_add(bytes_of(xcm))
    }

    fn exchange_asset(give: &AssetFilter, _: &Assets, _: &bool) -> Weight {
        for_each_match(give, unsupported())
    }

    fn initiate_reserve_withdraw(assets: &AssetFilter, _: &Location, xcm: &Xcm<()>) -> Weight {
        for_each_match(assets, Fungible::<Runtime>::initiate_reserve_withdraw()).saturating_add(bytes_of(xcm))
    }

    fn initiate_teleport(assets: &AssetFilter, _: &Location, xcm: &Xcm<()>) -> Weight {
        for_each_match(assets, Fungible::<Runtime>::initiate_teleport()).saturating_add(bytes_of(xcm))
    }

    fn report_holding(_: &QueryResponseInfo, assets: &AssetFilter) -> Weight {
        Generic::<Runtime>::report_holding().saturating_add(bytes_of(assets))
    }

    fn buy_execution(_: &Asset, _: &WeightLimit) -> Weight {
        Generic::<Runtime>::buy_execution()
    }

    fn refund_surplus() -> Weight {
        Generic::<Runtime>::refund_surplus()
    }

    fn set_error_handler(_: &Xcm<Call>) -> Weight {
        Generic::<Runtime>::set_error_handler()
    }

    fn set_appendix(_: &Xcm<Call>) -> Weight {
        Generic::<Runtime>::set_appendix()
    }

    fn clear_error() -> Weight {
        Generic::<Runtime>::clear_error()
    }

    fn claim_asset(assets: &Assets, _: &Location) -> Weight {
        for_each_asset(assets, Generic::<Runtime>::claim_asset())
    }

    fn trap(_: &u64) -> Weight {
        Generic::<Runtime>::trap()
    }

    fn subscribe_version(_: &QueryId, _: &Weight) -> Weight {
        Generic::<Runtime>::subscribe_version()
    }

    fn unsubscribe_version() -> Weight {
        Generic::<Runtime>::unsubscribe_version()
    }

    fn burn_asset(assets: &Assets) -> Weight {
        for_each_asset(assets, Generic::<Runtime>::burn_asset())
    }

    fn expect_asset(assets: &Assets) -> Weight {
        for_each_asset(assets, Generic::<Runtime>::expect_asset())
    }

    fn expect_origin(_: &Option<Location>) -> Weight {
        Generic::<Runtime>::expect_origin()
    }

    fn expect_error(_: &Option<(u32, Error)>) -> Weight {
        Generic::<Runtime>::expect_error()
    }

    fn expect_transact_status(_: &MaybeErrorCode) -> Weight {
        Generic::<Runtime>::expect_transact_status()
    }

    fn query_pallet(module_name: &Vec<u8>, _: &QueryResponseInfo) -> Weight {
        Generic::<Runtime>::query_pallet().saturating_add(bytes_of(module_name))
    }

    fn expect_pallet(_: &u32, name: &Vec<u8>, module_name: &Vec<u8>, _: &u32, _: &u32) -> Weight {
        Generic::<Runtime>::expect_pallet().saturating_add(bytes_of(name)).saturating_add(bytes_of(module_name))
    }

    fn report_transact_status(_: &QueryResponseInfo) -> Weight {
        Generic::<Runtime>::report_transact_status()
    }

    fn clear_transact_status() -> Weight {
        Generic::<Runtime>::clear_transact_status()
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
        Generic::<Runtime>::set_fees_mode()
    }

    fn set_topic(_: &[u8; 32]) -> Weight {
        Generic::<Runtime>::set_topic()
    }

    fn clear_topic() -> Weight {
        Generic::<Runtime>::clear_topic()
    }

    fn alias_origin(_: &Location) -> Weight {
        Generic::<Runtime>::alias_origin()
    }

    fn unpaid_execution(_: &WeightLimit, _: &Option<Location>) -> Weight {
        Generic::<Runtime>::unpaid_execution()
    }

    fn pay_fees(_: &Asset) -> Weight {
        Generic::<Runtime>::pay_fees()
    }

    fn initiate_transfer(
        _: &Location,
        remote_fees: &Option<AssetTransferFilter>,
        _: &bool,
        assets: &BoundedVec<AssetTransferFilter, MaxAssetTransferFilters>,
        remote_xcm: &Xcm<()>,
    ) -> Weight {
        let transfer = Fungible::<Runtime>::initiate_transfer();
        // Without any asset the message is still sent: the plain figure comes on top of those of the filters.
        remote_fees
            .iter()
            .chain(assets.iter())
            .map(|filter| for_each_match(filter.inner(), transfer))
            .fold(transfer, |sum, weight| sum.saturating_add(weight))
            .saturating_add(bytes_of(remote_xcm))
    }

    fn execute_with_origin(_: &Option<InteriorLocation>, xcm: &Xcm<Call>) -> Weight {
        unsupported().saturating_add(bytes_of(xcm))
    }

    fn set_hints(hints: &BoundedVec<Hint, HintNumVariants>) -> Weight {
        times(hints.len(), Generic::<Runtime>::asset_claimer())
    }
}

/// An instruction that always fails here, or does nothing: assets are neither locked nor exchanged, there is no bridge,
/// and notices about channels have no listener. It costs what finding that out does.
fn unsupported() -> Weight {
    declared::<Runtime>(60, 2, 0)
}

fn for_each_asset(assets: &Assets, weight: Weight) -> Weight {
    times(assets.len(), weight)
}

/// The holding register never has more than one asset here, KSM: nothing else can be withdrawn, received or claimed. So
/// a wildcard matches one at most, whatever it asks for.
fn for_each_match(filter: &AssetFilter, weight: Weight) -> Weight {
    match filter {
        AssetFilter::Definite(assets) => for_each_asset(assets, weight),
        AssetFilter::Wild(
            WildAsset::All | WildAsset::AllOf { .. } | WildAsset::AllCounted(_) | WildAsset::AllOfCounted { .. },
        ) => weight,
    }
}

/// An instruction on nothing still costs something.
fn times(count: usize, weight: Weight) -> Weight {
    weight.saturating_mul(u64::try_from(count).unwrap_or(u64::MAX).max(1))
}

fn bytes_of(value: &impl Encode) -> Weight {
    data_bytes(length(value))
}

fn length(value: &impl Encode) -> u32 {
    u32::try_from(value.encoded_size()).unwrap_or(u32::MAX)
}
