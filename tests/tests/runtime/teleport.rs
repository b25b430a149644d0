// SPDX-License-Identifier: GPL-3.0-only
use super::support::Chain;
use serin_runtime::{genesis_config_presets::Preset, XcmPallet};
use xcm::{
    latest::{Asset, Junction, Location},
    VersionedAsset, VersionedLocation,
};

#[test]
fn ksm_is_teleported_with_system_chains_alone() {
    let ksm = || Asset::from((Location::here(), 1_000_u128));
    for (id, trusted) in [(0, true), (1_000, true), (1_999, true), (2_000, false), (2_087, false), (u32::MAX, false)] {
        assert_eq!(is_trusted(ksm(), child(id)), trusted, "parachain {id}");
    }
    let account = Location::new(0, [Junction::Parachain(1_000), Junction::AccountId32 { network: None, id: [1; 32] }]);
    assert!(!is_trusted(ksm(), account), "an account on a system chain is not the chain");
    assert!(!is_trusted(ksm(), Location::parent()), "a relay chain has no parent");
    assert!(!is_trusted(ksm(), Location::here()));
}

#[test]
fn nothing_but_ksm_is_teleported() {
    let foreign = Asset::from((child(1_000), 1_000_u128));
    assert!(!is_trusted(foreign, child(1_000)));
    let collectible = Asset::from((Location::here(), [1_u8; 4]));
    assert!(!is_trusted(collectible, child(1_000)));
}

fn child(id: u32) -> Location {
    Location::new(0, Junction::Parachain(id))
}

/// What the runtime API answers.
fn is_trusted(asset: Asset, location: Location) -> bool {
    let (asset, location) = (VersionedAsset::from(asset), VersionedLocation::from(location));
    Chain::new(Preset::Local, 1)
        .inspect(|| XcmPallet::is_trusted_teleporter(asset, location))
        .expect("both are of a version that is known")
}
