// SPDX-License-Identifier: GPL-3.0-only
//! What it costs to import full blocks, with the PVF workers and their allocator in the executable and without.

use anyhow::{ensure, Result};
use codec::Encode;
use jsonrpsee::{
    core::{client::ClientT, params::BatchRequestBuilder},
    rpc_params,
};
use serin_node::network::LocalNetwork;
use serin_runtime::{
    constants::currency::EXISTENTIAL_DEPOSIT,
    signing::{self, ChainState},
    AccountId, Balance, Hash, Nonce, Runtime, RuntimeCall, RuntimeEvent,
};
use serin_tests::{
    binary::beside_the_tests,
    chain::Chain,
    process::{run_serin, text, Running},
    rounds,
    summary::Summary,
};
use sp_core::Bytes;
use sp_keyring::Sr25519Keyring;
use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tempfile::TempDir;

/// Nearly as many transfers as the weight of one block allows, and how many such blocks. A block's worth is sent at a
/// time: more from one account the pool accepts, and then forgets some.
const TRANSFERS_PER_BLOCK: u32 = 1_900;
const FULL_BLOCKS: u32 = 5;
const TRANSFERS: u32 = TRANSFERS_PER_BLOCK * FULL_BLOCKS;
const LIMIT: Duration = Duration::from_secs(900);

/// The executables that are compared; the one under test is named first.
const EXECUTABLES: [&str; 2] = ["serin", "serin-without-workers"];

/// A chain in a file.
struct Blocks {
    spec: PathBuf,
    full: PathBuf,
    /// The first block alone: what it costs to import anything at all.
    first: PathBuf,
    _directory: TempDir,
}

#[tokio::test(flavor = "multi_thread")]
async fn bench_import_of_full_blocks_with_and_without_workers() {
    let blocks = make_blocks().await.unwrap_or_else(|error| panic!("{error:?}"));
    let mut costs = EXECUTABLES.map(|executable| Costs { executable, full: Vec::new(), first: Vec::new() });
    for _ in 0..rounds(1, 5) {
        // In turn, so that a change of the machine's speed meets both.
        for Costs { executable, full, first } in &mut costs {
            first.push(import(executable, &blocks.spec, &blocks.first));
            full.push(import(executable, &blocks.spec, &blocks.full));
        }
    }
    for Costs { executable, full, first } in costs {
        let (full, first) = (Summary::of(full, "ms"), Summary::of(first, "ms"));
        println!("{executable}: CPU time to import the first block: {first}; all: {full}");
        let difference = full.median.saturating_sub(first.median);
        println!("{executable}: CPU time of {FULL_BLOCKS} full blocks, {TRANSFERS} transfers: {difference} ms");
    }
}

/// Milliseconds of CPU time of each import.
struct Costs {
    executable: &'static str,
    full: Vec<u64>,
    first: Vec<u64>,
}

/// Milliseconds of CPU time that it takes to import the file into a new database.
fn import(executable: &str, spec: &Path, blocks: &Path) -> u64 {
    let base = tempfile::tempdir().expect("a directory");
    let mut command = Command::new(beside_the_tests(executable));
    // The second has no other command.
    if executable == EXECUTABLES[0] {
        command.arg("import-blocks");
    }
    command.args(["--binary", "--chain", text(spec), "--base-path", text(base.path()), text(blocks)]);
    let before = cpu_millis_of_children();
    Running::start(command).wait(LIMIT).expect_success();
    cpu_millis_of_children() - before
}

/// User and system time of all children that have ended. Each test is a process of its own, so all are its own.
fn cpu_millis_of_children() -> u64 {
    // SAFETY: rusage is plain numbers, for which zero is a value, and getrusage only writes to it.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(libc::RUSAGE_CHILDREN, &mut usage), 0);
        usage
    };
    let millis = |time: libc::timeval| {
        let millis = time.tv_sec * 1_000 + time.tv_usec / 1_000;
        u64::try_from(millis).expect("time is not negative")
    };
    millis(usage.ru_utime) + millis(usage.ru_stime)
}

async fn make_blocks() -> Result<Blocks> {
    let directory = tempfile::tempdir()?;
    let home = directory.path().join("network");
    let builder = LocalNetwork::builder().validators(1).chain("local").base_path(&home);
    let network = builder.start().await?;
    let node = network.nodes().remove(0);
    fill_blocks(&Chain::connect(&node.rpc_url).await?).await?;
    let spec = network.chain_spec().to_owned();
    network.stop().await?;

    let export = |name: &str, more: &[&str]| {
        let file = directory.path().join(name);
        let on_database = ["export-blocks", "--binary", "--chain", text(&spec), "--base-path", text(&node.base_path)];
        run_serin([&on_database[..], more, &[text(&file)]].concat()).expect_success();
        file
    };
    let (full, first) = (export("full", &[]), export("first", &["--to", "1"]));
    Ok(Blocks { spec, full, first, _directory: directory })
}

type AccountInfo = frame_system::AccountInfo<Nonce, pallet_balances::AccountData<Balance>>;

/// Sends transfers, and waits until all are in finalized blocks.
async fn fill_blocks(chain: &Chain) -> Result<()> {
    let (sender, receiver) = (Sr25519Keyring::Alice, Sr25519Keyring::Bob.to_account_id());
    let (spec_version, transaction_version) = chain.runtime_version().await?;
    let state = ChainState { genesis_hash: chain.genesis_hash(), spec_version, transaction_version };
    let transfer = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
        dest: receiver.into(),
        value: EXISTENTIAL_DEPOSIT,
    });
    let account = frame_system::Account::<Runtime>::hashed_key_for(sender.to_account_id());
    let mut last = 0;
    for full in 1..=FULL_BLOCKS {
        let sent = full * TRANSFERS_PER_BLOCK;
        let mut batch = BatchRequestBuilder::new();
        for nonce in sent - TRANSFERS_PER_BLOCK..sent {
            let extension = signing::extension(nonce, 0);
            let extrinsic = signing::sign(&sender.pair(), transfer.clone(), extension, &state);
            batch.insert("author_submitExtrinsic", rpc_params![Bytes(extrinsic.encode())])?;
        }
        let answers = chain.client().batch_request::<Hash>(batch).await?;
        ensure!(answers.num_failed_calls() == 0, "the node refused some: {answers:?}");
        let is_done = |info: &AccountInfo| info.nonce == sent;
        last = chain.wait_value("all transfers in finalized blocks", &account, LIMIT, is_done).await?.0.number;
    }
    print_fill(chain, last, &sender.to_account_id()).await
}

/// How many transfers each block holds.
async fn print_fill(chain: &Chain, last: u32, sender: &AccountId) -> Result<()> {
    let is_transfer = |event: &RuntimeEvent| matches!(event, RuntimeEvent::Balances(pallet_balances::Event::Transfer { from, .. }) if from == sender);
    let mut counts = Vec::new();
    for number in 1..=last {
        let events = chain.events_of(number..=number).await?;
        counts.push(events.iter().filter(|(_, event)| is_transfer(event)).count());
    }
    counts.retain(|count| *count > 0);
    println!("transfers in blocks: {counts:?}");
    Ok(())
}
