// SPDX-License-Identifier: GPL-3.0-only
//! What the SDK would not tell, told before the node starts: it takes a random RPC port for one in use, shares a p2p port,
//! names no path for a read-only disk, and runs on the database of another chain.

use crate::error::{Error, Result};
use polkadot_cli::RunCmd;
use polkadot_service::{Backend, Block, Configuration, Hash, HeaderBackend};
use sc_service::config::DatabaseSource;
use sp_core::storage::StateVersion;
use sp_runtime::traits::{BlakeTwo256, Block as _, Hash as _};
use std::{
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
    path::Path,
};

/// Checks what the user named and what is on the disk.
pub fn check(config: &Configuration, run: &RunCmd) -> Result<()> {
    check_ports(run)?;
    check_writable(config.base_path.path())?;
    check_genesis(config)
}

fn check_ports(run: &RunCmd) -> Result<()> {
    let run = &run.base;
    let prometheus = &run.prometheus_params;
    let local = |external: bool| if external { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
    let rpc_address = local(run.rpc_params.rpc_external || run.rpc_params.unsafe_rpc_external);
    let prometheus_port = prometheus.prometheus_port.filter(|_| !prometheus.no_prometheus);
    let ports = [
        (run.rpc_params.rpc_port, rpc_address, "JSON-RPC", "--rpc-port"),
        (run.network_params.port, Ipv4Addr::UNSPECIFIED, "peer-to-peer", "--port"),
        (prometheus_port, local(prometheus.prometheus_external), "Prometheus", "--prometheus-port"),
    ];
    for (port, address, purpose, flag) in ports {
        let Some(port) = port else { continue };
        let Err(error) = TcpListener::bind((address, port)) else { continue };
        let state = if error.kind() == ErrorKind::AddrInUse { "is in use" } else { "cannot be listened on" };
        return Err(Error::input(format!(
            "port {port} ({purpose}) {state}: {error}; stop what holds it, or pass another {flag}"
        )));
    }
    Ok(())
}

fn check_writable(directory: &Path) -> Result<()> {
    std::fs::create_dir_all(directory).and_then(|()| tempfile::tempfile_in(directory)).map(drop).map_err(|error| {
        let path = directory.display();
        Error::input(format!("{path} cannot be written: {error}; mount it writable, or choose another --base-path"))
    })
}

fn check_genesis(config: &Configuration) -> Result<()> {
    let exists = match &config.database {
        DatabaseSource::Auto { paritydb_path, rocksdb_path, .. } => paritydb_path.exists() || rocksdb_path.exists(),
        source => source.path().is_some_and(Path::exists),
    };
    if !exists {
        return Ok(());
    }
    let mut settings = config.db_config();
    settings.metrics_registry = None;
    // Dropped, and the database closed, before the node opens it.
    let backend = sc_service::new_db_backend::<Block>(settings).map_err(sc_service::Error::from)?;
    let found = backend.blockchain().info().genesis_hash;
    if found == Hash::default() {
        return Ok(());
    }
    let storage = config.chain_spec.as_storage_builder().build_storage().map_err(Error::input)?;
    if !storage.children_default.is_empty() {
        // Their roots are part of the state's; no chain of ours has any at genesis.
        return Ok(());
    }
    let top: Vec<_> = storage.top.into_iter().collect();
    let genesis = |version| {
        let root = BlakeTwo256::trie_root(top.clone(), version);
        sc_service::construct_genesis_block::<Block>(root, version).header().hash()
    };
    if [StateVersion::V1, StateVersion::V0].into_iter().any(|version| genesis(version) == found) {
        return Ok(());
    }
    Err(Error::input(format!(
        "the database has genesis {found:?}, this chain spec another; pass the spec the database was made with, \
         or another --base-path, or delete the database with `serin purge-chain`"
    )))
}
