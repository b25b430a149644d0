// SPDX-License-Identifier: GPL-3.0-only
use super::support::Chain;
use codec::Decode;
use frame_metadata::{v14, v16, RuntimeMetadata, RuntimeMetadataPrefixed};
use frame_support::traits::PalletsInfoAccess;
use scale_info::{form::PortableForm, TypeDef, Variant};
use serin_runtime::{genesis_config_presets::Preset, AllPalletsWithSystem, Runtime, RuntimeCall, VERSION};
use std::{env, fmt::Write, fs};

/// Kept in the repository: whoever changes an interface that clients depend on sees it in the diff.
const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/metadata.snapshot.txt");

#[test]
fn metadata_is_what_the_snapshot_says() {
    let current = Chain::new(Preset::Serin, 4).inspect(describe);
    if env::var("SERIN_UPDATE_SNAPSHOT").is_ok_and(|value| value == "1") {
        fs::write(SNAPSHOT, &current).unwrap_or_else(|error| panic!("cannot write {SNAPSHOT}: {error}"));
        return;
    }

    const REMEDY: &str = "If this is meant, run this test with SERIN_UPDATE_SNAPSHOT=1 and commit the file.";
    let stored = fs::read_to_string(SNAPSHOT).unwrap_or_else(|error| panic!("{SNAPSHOT}: {error}. {REMEDY}"));
    let gone = stored.lines().filter(|line| !current.lines().any(|other| other == *line)).collect::<Vec<_>>();
    let new = current.lines().filter(|line| !stored.lines().any(|other| other == *line)).collect::<Vec<_>>();
    assert!(stored == current, "gone: {gone:#?}\nnew: {new:#?}\n(or lines have moved)\n{REMEDY}");
}

#[test]
fn hooks_run_in_the_order_that_the_pallets_need() {
    let order = AllPalletsWithSystem::infos().into_iter().map(|pallet| pallet.name).collect::<Vec<_>>();
    let place = |name: &str| {
        order.iter().position(|other| *other == name).unwrap_or_else(|| panic!("{name} is not in the runtime"))
    };
    assert_eq!(place("System"), 0);
    assert_eq!(place("Timing"), 1, "before everything that reads a duration");
    let consensus = ["Babe", "Timestamp", "Authorship", "Staking", "Session", "Grandpa"];
    assert!(consensus.is_sorted_by_key(|name| place(name)), "{order:?}");
    let host = ["Session", "Configuration", "Paras", "Hrmp", "Registrar", "MessageQueue"];
    assert!(host.is_sorted_by_key(|name| place(name)), "{order:?}");
    let leasing = ["Babe", "Slots", "Auctions", "Crowdloan", "Coretime", "LeaseCores"];
    assert!(leasing.is_sorted_by_key(|name| place(name)), "{order:?}");
    assert_eq!(place("SessionZero") + 1, order.len(), "after the genesis of all others");
}

#[test]
fn the_runtime_names_itself_serin() {
    assert_eq!(VERSION.spec_name, "serin");
    assert_eq!(VERSION.impl_name, "serin");
    assert_eq!(VERSION.system_version, 1, "the state trie keeps long values outside of its nodes");
}

#[test]
fn a_call_fits_into_256_bytes() {
    let size = core::mem::size_of::<RuntimeCall>();
    assert!(size < 256, "a call takes {size} bytes: box the arguments of the largest");
}

/// The constants of all pallets, as a client reads them from the metadata of the state at hand.
pub struct Constants(v14::RuntimeMetadataV14);

impl Constants {
    pub fn read() -> Self {
        Self(metadata_v14())
    }

    pub fn get<T: Decode>(&self, pallet: &str, name: &str) -> T {
        let entry = self.0.pallets.iter().find(|entry| entry.name == pallet);
        let constant = entry.and_then(|entry| entry.constants.iter().find(|constant| constant.name == name));
        let value = &constant.unwrap_or_else(|| panic!("there is no constant {pallet}.{name}")).value;
        T::decode(&mut value.as_slice()).unwrap_or_else(|error| panic!("{pallet}.{name}: {error}"))
    }
}

fn calls_of(
    metadata: &v14::RuntimeMetadataV14,
    pallet: &v14::PalletMetadata<PortableForm>,
) -> Vec<Variant<PortableForm>> {
    let Some(calls) = &pallet.calls else { return Vec::new() };
    let definition = &metadata.types.resolve(calls.ty.id).expect("the type is registered").type_def;
    match definition {
        TypeDef::Variant(variants) => variants.variants.clone(),
        other => panic!("the calls of {} are no enum but {other:?}", pallet.name),
    }
}

fn metadata_v14() -> v14::RuntimeMetadataV14 {
    match Runtime::metadata() {
        RuntimeMetadataPrefixed(_, RuntimeMetadata::V14(metadata)) => metadata,
        _ => panic!("the metadata is not of version 14"),
    }
}

fn metadata_v16() -> v16::RuntimeMetadataV16 {
    let opaque = Runtime::metadata_at_version(16).expect("version 16 is supported");
    match RuntimeMetadataPrefixed::decode(&mut opaque.as_slice()) {
        Ok(RuntimeMetadataPrefixed(_, RuntimeMetadata::V16(metadata))) => metadata,
        _ => panic!("the metadata is not of version 16"),
    }
}

/// What clients depend on, line by line.
fn describe() -> String {
    let mut lines = String::new();
    let metadata = metadata_v14();
    let mut line = |text: String| writeln!(lines, "{text}").expect("a string takes every line");

    let order = AllPalletsWithSystem::infos().into_iter().map(|pallet| pallet.name).collect::<Vec<_>>();
    line(format!("hook order: {}", order.join(" ")));
    for extension in &metadata.extrinsic.signed_extensions {
        line(format!("extension {}", extension.identifier));
    }
    let mut apis = metadata_v16().apis;
    apis.sort_by(|left, right| left.name.cmp(&right.name));
    for api in apis {
        let methods = api.methods.iter().map(|method| method.name.as_str()).collect::<Vec<_>>();
        line(format!("api {} {}: {}", api.name, api.version.0, methods.join(" ")));
    }
    for pallet in &metadata.pallets {
        line(format!("pallet {} {}", pallet.index, pallet.name));
        if let Some(storage) = &pallet.storage {
            let entries = storage.entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>();
            line(format!("  storage {}: {}", storage.prefix, entries.join(" ")));
        }
        for call in calls_of(&metadata, pallet) {
            line(format!("  call {}.{} {}({})", pallet.index, call.index, call.name, arguments(&call)));
        }
        let constants = pallet.constants.iter().map(|constant| constant.name.as_str()).collect::<Vec<_>>();
        if !constants.is_empty() {
            line(format!("  constants: {}", constants.join(" ")));
        }
    }
    lines
}

fn arguments(call: &Variant<PortableForm>) -> String {
    let argument = |name: &Option<String>, ty: &Option<String>| {
        format!("{}: {}", name.as_deref().unwrap_or("_"), ty.as_deref().unwrap_or("_").replace('\n', ""))
    };
    call.fields.iter().map(|field| argument(&field.name, &field.type_name)).collect::<Vec<_>>().join(", ")
}
