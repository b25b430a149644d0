// SPDX-License-Identifier: GPL-3.0-only
//! Why nothing could be said of the validator count.

use crate::{chain_view, demo, relay_node};
use std::io;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why nothing could be said of the validator count.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Node(#[from] relay_node::Error),

    #[error(transparent)]
    Chain(#[from] demo::Error),

    #[error(transparent)]
    Runtime(#[from] chain_view::Error),

    #[error("this process: {0}")]
    Io(#[from] io::Error),
}
