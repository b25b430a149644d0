// SPDX-License-Identifier: GPL-3.0-only
//! `serin benchmark`. The SDK measures; this gives it our client and our extrinsics.

use crate::{
    cli::Cli,
    error::{Error, Result},
};
use frame_benchmarking_cli::{
    BenchmarkCmd, ExtrinsicBuilder, ExtrinsicCmd, ExtrinsicFactory, OverheadCmd, StorageCmd, SubstrateRemarkBuilder,
    SUBSTRATE_REFERENCE_HARDWARE,
};
use polkadot_service::{
    benchmarking::benchmark_inherent_data, new_chain_ops, Block, Configuration, CoreApi, FullClient, HeaderBackend,
    ProvideRuntimeApi,
};
use sc_cli::SubstrateCli;
use serin_runtime::{
    constants::currency::EXISTENTIAL_DEPOSIT,
    signing::{self, ChainState},
    RuntimeCall,
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::HashingFor, OpaqueExtrinsic};

pub fn run(cli: &Cli, command: &BenchmarkCmd) -> Result<()> {
    let runner = cli.create_runner(command)?;
    match command {
        BenchmarkCmd::Pallet(cmd) => runner
            .sync_run(|config| cmd.run_with_spec::<HashingFor<Block>, ()>(Some(config.chain_spec)).map_err(Error::Cli)),
        BenchmarkCmd::Storage(cmd) => runner.sync_run(|config| storage(cmd, config)),
        BenchmarkCmd::Overhead(cmd) => runner.sync_run(|config| overhead(cmd, config)),
        BenchmarkCmd::Block(cmd) => runner.sync_run(|mut config| {
            let (client, _, _, _task_manager) = new_chain_ops(&mut config)?;
            cmd.run(client).map_err(Error::Cli)
        }),
        BenchmarkCmd::Machine(cmd) => {
            runner.sync_run(|config| cmd.run(&config, SUBSTRATE_REFERENCE_HARDWARE.clone()).map_err(Error::Cli))
        }
        BenchmarkCmd::Extrinsic(cmd) => runner.sync_run(|config| extrinsic(cmd, config)),
    }
}

#[cfg(feature = "runtime-benchmarks")]
fn storage(cmd: &StorageCmd, mut config: Configuration) -> Result<()> {
    let (client, backend, _, _task_manager) = new_chain_ops(&mut config)?;
    let (database, storage) = (backend.expose_db(), backend.expose_storage());
    cmd.run(config, client, database, storage, backend.expose_shared_trie_cache()).map_err(Error::Cli)
}

#[cfg(not(feature = "runtime-benchmarks"))]
fn storage(_: &StorageCmd, _: Configuration) -> Result<()> {
    Err(Error::input("`benchmark storage` needs a build with --features runtime-benchmarks"))
}

fn overhead(cmd: &OverheadCmd, config: Configuration) -> Result<()> {
    if cmd.params.runtime.is_some() {
        return Err(Error::input("`benchmark overhead` takes --chain here; use frame-omni-bencher for --runtime"));
    }
    cmd.run_with_default_builder_and_spec::<Block, ()>(Some(config.chain_spec)).map_err(Error::Cli)
}

fn extrinsic(cmd: &ExtrinsicCmd, mut config: Configuration) -> Result<()> {
    let (client, _, _, _task_manager) = new_chain_ops(&mut config)?;
    let genesis = client
        .header(client.info().genesis_hash)
        .map_err(sc_cli::Error::Client)?
        .ok_or_else(|| Error::input("the database has no genesis block; remove it with `serin purge-chain`"))?;
    let inherent_data = benchmark_inherent_data(genesis)
        .map_err(|error| Error::input(format!("the inherents cannot be made: {error:?}")))?;
    let remark = SubstrateRemarkBuilder::new_from_client(client.clone())?;
    let transfer = TransferKeepAliveBuilder::new(&client)?;
    let factory = ExtrinsicFactory(vec![Box::new(remark), Box::new(transfer)]);
    cmd.run(client, inherent_data, Vec::new(), &factory).map_err(Error::Cli)
}

/// Builds transfers from Bob to Alice, which the development and local presets endow.
struct TransferKeepAliveBuilder {
    chain: ChainState,
}

impl TransferKeepAliveBuilder {
    fn new(client: &FullClient) -> Result<Self> {
        let genesis_hash = client.info().genesis_hash;
        let version = client
            .runtime_api()
            .version(genesis_hash)
            .map_err(|error| Error::input(format!("the chain's runtime does not tell its version: {error}")))?;
        let (spec_version, transaction_version) = (version.spec_version, version.transaction_version);
        Ok(Self { chain: ChainState { genesis_hash, spec_version, transaction_version } })
    }
}

impl ExtrinsicBuilder for TransferKeepAliveBuilder {
    fn pallet(&self) -> &str {
        "balances"
    }

    fn extrinsic(&self) -> &str {
        "transfer_keep_alive"
    }

    fn build(&self, nonce: u32) -> std::result::Result<OpaqueExtrinsic, &'static str> {
        let call = RuntimeCall::Balances(pallet_balances::Call::transfer_keep_alive {
            dest: Sr25519Keyring::Alice.to_account_id().into(),
            value: EXISTENTIAL_DEPOSIT,
        });
        Ok(signing::sign(&Sr25519Keyring::Bob.pair(), call, signing::extension(nonce, 0), &self.chain).into())
    }
}
