// SPDX-License-Identifier: GPL-3.0-only
use super::support::Chain;
use codec::Decode;
use frame_metadata::{v14::RuntimeMetadataV14, RuntimeMetadata, RuntimeMetadataPrefixed};
use serin_parachain_runtime::Runtime;

/// Names and indices on which tools and other chains rely: a collator looks for `System`, `ParachainSystem` and `Aura`, the
/// project's own tools for `XcmpQueue`, an XCM names a pallet by its index.
#[test]
fn pallets_keep_their_names_and_indices() {
    let expected = [
        (0, "System"),
        (1, "ParachainSystem"),
        (2, "Timestamp"),
        (3, "ParachainInfo"),
        (4, "WeightReclaim"),
        (10, "Balances"),
        (11, "TransactionPayment"),
        (12, "ForeignAssets"),
        (20, "Authorship"),
        (21, "CollatorSelection"),
        (22, "Session"),
        (23, "Aura"),
        (24, "AuraExt"),
        (30, "XcmpQueue"),
        (31, "PolkadotXcm"),
        (33, "MessageQueue"),
        (40, "XcmpChannels"),
    ];
    let metadata = metadata();
    let mut pallets = metadata.pallets.iter().map(|pallet| (pallet.index, pallet.name.as_str())).collect::<Vec<_>>();
    pallets.sort_unstable();
    assert_eq!(pallets, expected);
}

/// Whoever changes this changes what is signed, and must raise `transaction_version`.
#[test]
fn transaction_extensions_keep_their_order() {
    let expected = [
        "AuthorizeCall",
        "CheckNonZeroSender",
        "CheckSpecVersion",
        "CheckTxVersion",
        "CheckGenesis",
        "CheckMortality",
        "CheckNonce",
        "CheckWeight",
        "ChargeTransactionPayment",
        "CheckMetadataHash",
        // It stands around all others and adds nothing to what is signed.
        "StorageWeightReclaim",
    ];
    let metadata = metadata();
    let extensions = metadata.extrinsic.signed_extensions.iter();
    assert_eq!(extensions.map(|extension| extension.identifier.as_str()).collect::<Vec<_>>(), expected);
}

#[test]
fn addresses_have_the_generic_prefix() {
    let metadata = metadata();
    let system = metadata.pallets.iter().find(|pallet| pallet.name == "System").expect("it is there");
    let prefix = system.constants.iter().find(|constant| constant.name == "SS58Prefix").expect("it is there");
    assert_eq!(u16::decode(&mut prefix.value.as_slice()), Ok(42));
}

/// The constants in it are computed from state, so it is read on a chain.
fn metadata() -> RuntimeMetadataV14 {
    match Chain::new().inspect(Runtime::metadata) {
        RuntimeMetadataPrefixed(_, RuntimeMetadata::V14(metadata)) => metadata,
        _ => panic!("the metadata is not of version 14"),
    }
}
