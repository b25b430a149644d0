// SPDX-License-Identifier: GPL-3.0-only
//! What can go wrong with a local network, each with its remedy.

use jsonrpsee::core::client::Error as RpcError;
use std::{io, path::PathBuf};

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("chain spec of '{chain}': {reason}")]
    ChainSpec { chain: String, reason: String },

    #[error("{action} {path}: {source}")]
    Io { action: &'static str, path: PathBuf, source: io::Error },

    #[error("{path} is not readable as {what}: {source}; remove it, or start the network on another --base-path")]
    Malformed { what: &'static str, path: PathBuf, source: serde_json::Error },

    #[error("port {port} cannot be bound for {purpose} of {node}: {source}; stop what uses it, or choose another --ports BASE")]
    PortInUse { port: u16, purpose: &'static str, node: String, source: io::Error },

    #[error("--ports {base} leaves no ports for {node}: each node takes ten from BASE up, and 65535 is the last; choose a lower BASE")]
    PortsExhausted { base: u16, node: String },

    #[error("port {port}, for {purpose} of {node}, belongs to another local network; stop that, or choose another --ports BASE")]
    PortReserved { port: u16, purpose: &'static str, node: String },

    #[error(
        "no free port between {first} and {last} on 127.0.0.1 for {node}; stop other programs or choose --ports BASE"
    )]
    NoFreePort { first: u16, last: u16, node: String },

    #[error("'{name}' is no name for a {what}: use 1 to 32 of a-z, 0-9 and '-', beginning with a letter")]
    InvalidName { what: &'static str, name: String },

    #[error("a network needs at least one validator: pass --validators with 1 or more")]
    NoValidators,

    #[error("a network named '{name}' is running already; stop it with `serin network stop --network {name}`, or choose another --name")]
    NameTaken { name: String },

    #[error("{path} belongs to a network that is running; stop it first, or choose another --base-path")]
    BasePathInUse { path: PathBuf },

    #[error("{path} is not empty and holds no network; choose an empty or new directory for --base-path")]
    BasePathNotEmpty { path: PathBuf },

    #[error("{path} holds a network of {found}, not of {wanted}; repeat the options it was made with, or remove it")]
    BasePathMismatch { path: PathBuf, found: String, wanted: String },

    #[error("{path} cannot hold the list of running networks: {reason}; correct it, or set XDG_RUNTIME_DIR to a directory of your own")]
    RuntimeDirectory { path: PathBuf, reason: String },

    #[error("no local network is running; start one with `serin network up`")]
    NoNetwork,

    #[error("several local networks are running ({names}); name one with --network NAME")]
    SeveralNetworks { names: String },

    #[error("no local network '{wanted}' is running (running: {running}); start it with `serin network up`")]
    UnknownNetwork { wanted: String, running: String },

    #[error("the network at {path} is not running; start it again with `serin network up --base-path {path}`")]
    NotRunning { path: PathBuf },

    #[error("network '{name}' has been stopped; start it again with `serin network up`")]
    Stopped { name: String },

    #[error("there is no node '{node}' in this network; its nodes are {known}")]
    UnknownNode { node: String, known: String },

    #[error("there is no parachain {id} in this network (it has: {known}); start one with --para {id}")]
    UnknownParachain { id: u32, known: String },

    #[error("parachains are part of a preset's genesis, which a spec file has of its own; leave out the parachains or the file")]
    ParachainsWithFile,

    #[error("there is a node '{node}' in this network already; choose another name")]
    NodeExists { node: String },

    #[error("{node} is not running; start it with `serin network restart {node}`")]
    NodeNotRunning { node: String },

    #[error("{node} does not answer on {url}; see `serin network logs {node}`")]
    NoAnswer { node: String, url: String },

    #[error("starting {node} from {binary}: {source}")]
    Spawn { node: String, binary: PathBuf, source: io::Error },

    #[error("no `serin` executable beside {beside}; build it with `make build`, and name it by SERIN_BINARY or LocalNetworkBuilder::binary")]
    NoBinary { beside: PathBuf },

    #[error("{node} ended by itself ({status}); the end of {log}:\n{tail}")]
    NodeExited { node: String, status: String, log: PathBuf, tail: String },

    #[error("{node}'s RPC port is held by another program: {detail}; stop that program, or choose other ports with --ports BASE")]
    WrongNode { node: String, detail: String },

    #[error("no {what} within {seconds} s; {lagging}; the end of {log}:\n{tail}")]
    Timeout { what: String, seconds: u64, lagging: String, log: PathBuf, tail: String },

    #[error("RPC of {node}: {source}")]
    Rpc { node: String, source: RpcError },

    #[error("block {number} of {node} does not exist yet")]
    NoBlock { node: String, number: u32 },

    #[error("block {number} names no BABE author: {reason}")]
    NoAuthor { number: u32, reason: &'static str },

    #[error("'{text}' is no condition: use rpc, best=N, finalized=N or para:ID=N, with N a block number")]
    InvalidCondition { text: String },

    #[error("the launcher of the network does not answer on {path}: {source}; if it hangs, end the process named in network.json")]
    Control { path: PathBuf, source: io::Error },

    #[error("network '{name}' is still starting; try again when it is ready")]
    StillStarting { name: String },

    #[error("{path} exists; choose another file, or pass --force to replace it")]
    SnapshotExists { path: PathBuf },

    #[error("{path} would lie in the network's own directory {base_path}; choose a file elsewhere")]
    SnapshotInside { path: PathBuf, base_path: PathBuf },

    #[error("{path} is neither a file nor a directory, and a snapshot holds nothing else; remove it, or put a copy in its place")]
    OddFile { path: PathBuf },

    #[error("{path} is no snapshot of a network; take one with `serin network snapshot FILE`")]
    NoSnapshot { path: PathBuf },

    #[error("{path} is a snapshot of format {found}, taken by serin {serin}, and this executable reads format {known}; restore it with that version")]
    SnapshotVersion { path: PathBuf, found: u32, serin: String, known: u32 },

    #[error("{path} is damaged: {reason}; nothing of it was kept, use another copy")]
    SnapshotDamaged { path: PathBuf, reason: String },

    #[error(
        "{path} is not empty, and a snapshot is restored into a new or empty directory; choose another --base-path"
    )]
    RestoreNotEmpty { path: PathBuf },

    #[error("given up half-way; nothing was kept")]
    GivenUp,

    #[error("{file} is complete, but the network did not come back: {reason}")]
    NotResumed { file: PathBuf, reason: String },

    #[error("{0}")]
    Refused(String),

    #[error("stopped by {0} before the network was ready; every node has been ended")]
    Interrupted(&'static str),
}

impl Error {
    /// For `map_err`: what was being done to which file.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// For `map_err`: which node was asked.
    pub(crate) fn rpc(node: &str) -> impl FnOnce(RpcError) -> Self {
        let node = node.to_owned();
        move |source| Self::Rpc { node, source }
    }
}
