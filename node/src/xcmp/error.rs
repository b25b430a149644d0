// SPDX-License-Identifier: GPL-3.0-only
//! Why a message could not be carried, or its way not be told.

use crate::{demo, network};
use jsonrpsee::core::client::Error as RpcError;
use std::io;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a message could not be carried, or its way not be told.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Network(#[from] network::Error),

    #[error(transparent)]
    Chain(#[from] demo::Error),

    #[error(
        "no local network is running; start one with `serin network up --para 2087:picasso --para 2100:subsocial`, or name \
         nodes with --from ws://HOST:PORT and --to ws://HOST:PORT"
    )]
    NoNetwork,

    #[error("no node answers at {url}: {source}; start it, or correct the address (ws://HOST:PORT)")]
    NoNode { url: String, source: RpcError },

    #[error(
        "{url} is a node of the chain '{chain}', whose runtime has no XCMP channels; name a node of a parachain that has the \
         pallet xcmp-channels (docs/xcmp.md tells how it gets there)"
    )]
    NoXcmp { url: String, chain: String },

    #[error("the metadata of {url}: {reason}; relay with an executable that knows this runtime")]
    Metadata { url: String, reason: String },

    #[error("RPC of {url}: {source}")]
    Rpc { url: String, source: RpcError },

    #[error("{url} ended its reports of blocks")]
    HeadsEnded { url: String },

    #[error("all nodes named are of parachain {para}, and messages go from one to another; name a node of the other with --to")]
    OneParachain { para: u32 },

    #[error(
        "there is no channel between the parachains {from} and {to}; both have to call `xcmp_channels.set_acceptance`"
    )]
    NoChannel { from: u32, to: u32 },

    #[error("metrics on 127.0.0.1:{port}: {reason}; choose another --metrics-port")]
    Metrics { port: u16, reason: String },

    #[error("this process: {0}")]
    Io(#[from] io::Error),
}
