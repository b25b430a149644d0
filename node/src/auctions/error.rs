// SPDX-License-Identifier: GPL-3.0-only
//! Why nothing could be said of an auction.

use crate::{demo, relay_node};
use std::io;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why nothing could be said of an auction.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Node(#[from] relay_node::Error),

    #[error(transparent)]
    Chain(#[from] demo::Error),

    #[error(
        "no auction is live; a referendum on the track auction_admin opens one, as `serin demo auction` does, and --id shows one \
         that is over"
    )]
    NoneLive,

    #[error(
        "there is no auction {id}: none was opened with this number, or it is pruned; leave --id out to see a live one"
    )]
    Unknown { id: u32 },

    #[error("this process: {0}")]
    Io(#[from] io::Error),
}
