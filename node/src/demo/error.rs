// SPDX-License-Identifier: GPL-3.0-only
//! Why a demonstration failed.

use crate::{auctions, network, validator_count, xcmp};
use jsonrpsee::core::client::Error as RpcError;
use std::io;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a demonstration failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Network(#[from] network::Error),

    #[error("no local network is running; start one with `{start}`")]
    NoNetwork { start: &'static str },

    #[error(
        "the network '{network}' has {count} parachains with a core, and this needs two; start one with `{start}`"
    )]
    TooFewParachains { network: String, count: usize, start: &'static str },

    #[error(
        "on the network '{network}' the parachains have HRMP channels, and nothing goes by XCMP while they are open; start one \
         with `{start}`"
    )]
    HrmpOpen { network: String, start: &'static str },

    #[error("on the network '{network}' nobody waits to validate; add a node with `{add} --network {network}`, and repeat this")]
    NobodyWaits { network: String, add: &'static str },

    #[error("a vote on the plan would be refused: {}", rules.join("; "))]
    PlanRefused { rules: Vec<String> },

    #[error(
        "the network '{network}' has no two parachains that are registered and have no core, one of them kilt with the id 2086; \
         start one with `{start}`"
    )]
    NoBidders { network: String, start: &'static str },

    #[error("on the network '{network}' {para} has a lease or a crowdloan already; start another one with `{start}`")]
    Sold { network: String, para: String, start: &'static str },

    #[error(transparent)]
    Auctions(#[from] Box<auctions::Error>),

    #[error(transparent)]
    Xcmp(#[from] Box<xcmp::Error>),

    #[error(transparent)]
    ValidatorCount(#[from] Box<validator_count::Error>),

    // Without the secret itself, which may be one that is nearly right.
    #[error("--sender is no account's secret: use a derivation like //Alice, a phrase, or 32 bytes as 0x...")]
    Secret,

    #[error("{account} has {has} on {chain} and this needs {needs}; send it some, or choose another --sender")]
    Funds { account: String, chain: String, has: String, needs: String },

    #[error("RPC of {chain}: {source}; see `serin network status`")]
    Rpc { chain: String, source: RpcError },

    #[error("{chain} answered {what} that is of no use: {reason}")]
    Answer { chain: String, what: String, reason: String },

    #[error("{chain} refused {what}: {reason}")]
    Refused { chain: String, what: String, reason: String },

    #[error(
        "no {what} within {seconds} s; see `serin network status` and `serin network logs`, or give it more --timeout"
    )]
    Timeout { what: String, seconds: u64 },

    #[error("the chains did not do what they should: {}", missing.join("; "))]
    Missing { missing: Vec<String> },

    #[error("this process: {0}")]
    Io(#[from] io::Error),
}
