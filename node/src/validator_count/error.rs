// SPDX-License-Identifier: GPL-3.0-only
//! Why nothing could be said of the validator count.

use crate::{demo, network};
use std::io;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why nothing could be said of the validator count.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Network(#[from] network::Error),

    #[error(transparent)]
    Chain(#[from] demo::Error),

    #[error(
        "no local network is running; start one with `serin network up`, or name a node with --url ws://HOST:PORT"
    )]
    NoNetwork,

    #[error("no node answers at {url}: {reason}; start it, or correct --url (ws://HOST:PORT)")]
    NoNode { url: String, reason: String },

    #[error("{url} is a node of the chain '{found}', and validators are those of a relay chain 'serin'; ask one of its nodes")]
    WrongChain { url: String, found: String },

    #[error(
        "the runtime of {url} (spec_version {spec_version}) has no ValidatorCountApi; upgrade it by a referendum on the track \
         root, or ask a node of a chain that has it"
    )]
    NoApi { url: String, spec_version: u32 },

    #[error("{function} of the runtime: {reason}")]
    Runtime { function: &'static str, reason: String },

    #[error("this process: {0}")]
    Io(#[from] io::Error),
}
