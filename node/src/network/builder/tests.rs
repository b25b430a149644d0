// SPDX-License-Identifier: GPL-3.0-only
//! What is planned before anything starts.

use super::*;
use crate::network::manifest::tests::{collator_record, manifest, node_record, parachain_record};

fn builder() -> LocalNetworkBuilder {
    LocalNetworkBuilder::new(Instant::now())
}

#[test]
fn a_directory_with_other_files_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("thesis.txt"), "").unwrap();
    assert!(matches!(builder().base_path(directory.path()).open_home(None), Err(Error::BasePathNotEmpty { .. })));
}

#[test]
fn a_network_is_continued_only_as_it_was() {
    let directory = tempfile::tempdir().unwrap();
    manifest(directory.path()).save().unwrap();
    let same = builder().base_path(directory.path()).validators(1).open_home(None).unwrap();
    assert!(same.previous.is_some());
    drop(same);
    let other = builder().base_path(directory.path()).validators(2).open_home(None);
    let Err(error) = other else { panic!("two validators in place of one") };
    assert!(error.to_string().contains("1 validator(s) on 'local'"), "{error}");
}

#[test]
fn each_genesis_validator_gets_a_node_and_pruning_is_remembered() {
    let directory = tempfile::tempdir().unwrap();
    let builder = builder().base_path(directory.path()).validators(7).pruned("bob");
    let home = builder.open_home(None).unwrap();
    let mut ports = PortAllocator::free();
    let nodes = builder.prepare_nodes("serin-1", &home, &mut ports).unwrap();
    assert_eq!(nodes.len(), 7);
    assert_eq!(nodes[6].session_keys.as_deref(), Some("//Validator7"));
    let pruned = nodes.iter().filter(|node| node.state_pruning == StatePruning::Pruned).map(|node| &node.name);
    assert_eq!(pruned.collect::<Vec<_>>(), ["bob"]);
}

#[test]
fn each_parachain_gets_its_collators_and_a_network_is_continued_with_them() {
    let directory = tempfile::tempdir().unwrap();
    let mut builder =
        builder().base_path(directory.path()).validators(1).para(2_087, "picasso").on_demand(2_086, "kilt");
    builder.parachains[0].collators = 2;
    let home = builder.open_home(None).unwrap();
    let mut ports = PortAllocator::free();
    let nodes = builder.prepare_nodes("serin-1", &home, &mut ports).unwrap();
    let names = nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["alice", "picasso-1", "picasso-2", "kilt-1"]);
    assert_eq!((nodes[2].para, nodes[2].session_keys.as_deref()), (Some(2_087), Some("//Bob")));
    let parachains = parachain_records(&home.base_path, &builder.parachains);
    assert!(parachains[1].chain_spec.ends_with("chain-spec-2086.json"));
    drop(home);

    let saved = Manifest { nodes, parachains, ..manifest(directory.path()) };
    saved.save().unwrap();
    assert!(builder.open_home(None).is_ok());
    builder.parachains.pop();
    let Err(error) = builder.open_home(None) else { panic!("one parachain less") };
    assert!(error.to_string().contains("2086:kilt (no core, 1 collator(s))"), "{error}");
}

#[test]
fn a_network_that_was_moved_is_continued_where_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let elsewhere = Manifest { base_path: directory.path().to_owned(), ..manifest(Path::new("/elsewhere")) };
    elsewhere.save().unwrap();
    let home = builder().base_path(directory.path()).validators(1).open_home(None).unwrap();
    let previous = home.previous.unwrap();
    assert_eq!(previous.chain_spec, home.base_path.join("chain-spec.json"));
    assert_eq!(previous.nodes[0].base_path, home.base_path.join("alice"));
}

#[test]
fn a_snapshot_describes_its_network_and_the_caller_adds_to_it() {
    let mut network = manifest(Path::new(""));
    network.chain = "fast".into();
    network.nodes.push(collator_record("picasso-1", 2_087));
    network.nodes.push(NodeRecord { session_keys: None, ..node_record("joiner1") });
    network.parachains.push(ParachainRecord { collators: 3, ..parachain_record(2_087, "picasso") });
    network.options.collator_binary = Some("/there/stock".into());
    network.options.relay_chain_access = RelayChainAccess::Embedded;

    let mut builder = builder().arguments(["--log=y"]).collator_binary("/here/stock").para(2_100, "subsocial");
    builder.describe_as(&network);
    assert_eq!((builder.validators, builder.parachains.len(), builder.parachains[0].collators), (1, 1, 3));
    assert_eq!(builder.extra_arguments, ["--log=x", "--log=y"]);
    assert_eq!(builder.collators.binary.as_deref(), Some(Path::new("/here/stock")));
    assert_eq!(builder.collators.relay_chain, RelayChainAccess::Embedded);
    builder.ensure_same(&network, Path::new("")).unwrap();

    let home = builder.open_home(None).unwrap();
    let home = Home { previous: Some(network.moved_to(&home.base_path)), ..home };
    let nodes = builder.prepare_nodes("other", &home, &mut PortAllocator::free()).unwrap();
    let names = nodes.iter().map(|node| node.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["alice", "picasso-1", "picasso-2", "picasso-3", "joiner1"]);
    let reporters = nodes.iter().filter(|node| node.reports_finality).map(|node| node.name.as_str());
    assert_eq!(reporters.collect::<Vec<_>>(), ["alice"], "also of a network from before there were reporters");
}

#[test]
fn a_snapshots_name_is_kept_when_it_is_free() {
    let list = tempfile::tempdir().unwrap();
    let registry = Registry::at(list.path().join("list")).unwrap();
    let home = || {
        let home = builder().open_home(None).unwrap();
        Home { previous: Some(manifest(&home.base_path)), ..home }
    };
    let (restored, continued) = (builder().snapshot("/x"), builder());
    let first = restored.register(&registry, &home()).unwrap();
    let second = restored.register(&registry, &home()).unwrap();
    assert_eq!((first.name(), second.name()), ("serin-1", "serin-2"));
    assert!(matches!(continued.register(&registry, &home()), Err(Error::NameTaken { .. })));
    let named = builder().snapshot("/x").name("serin-1");
    assert!(matches!(named.register(&registry, &home()), Err(Error::NameTaken { .. })));
}

#[test]
fn a_deep_base_path_moves_the_socket() {
    let directory = tempfile::tempdir().unwrap();
    let registry = Registry::at(directory.path().join("list")).unwrap();
    let deep = PathBuf::from("/").join("d".repeat(120));
    assert!(control_socket(&deep, &registry, "serin-1").starts_with(registry.directory()));
    assert!(control_socket(Path::new("/base"), &registry, "serin-1").starts_with("/base"));
}

#[tokio::test]
async fn bad_descriptions_are_refused_before_anything_starts() {
    let with_binary = || builder().binary(env::current_exe().unwrap());
    assert!(matches!(with_binary().validators(0).start().await, Err(Error::NoValidators)));
    assert!(matches!(with_binary().name("../x").start().await, Err(Error::InvalidName { .. })));
    assert!(matches!(builder().binary("/nonexistent").start().await, Err(Error::NoBinary { .. })));
    let list = tempfile::tempdir().unwrap();
    let with_registry = || with_binary().registry(Registry::at(list.path().join("list")).unwrap());
    let file = with_registry().spec_file("/nonexistent").para(2_087, "picasso").start().await;
    assert!(matches!(file, Err(Error::ParachainsWithFile)));
    let fast = with_registry().chain("fast").para(2_087, "picasso").start().await.unwrap_err();
    assert!(fast.to_string().contains("--chain local"), "{fast}");
}
