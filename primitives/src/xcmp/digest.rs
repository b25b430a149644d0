// SPDX-License-Identifier: GPL-3.0-only
//! The root of the commitment tree in a header.

use super::{ENGINE_ID, VERSION};
use codec::DecodeAll;
use sp_core::H256;
use sp_runtime::{
    generic::{Digest, DigestItem, Header},
    traits::BlakeTwo256,
};

/// The item that a sender deposits, exactly once in each block.
pub fn item(root: H256) -> DigestItem {
    DigestItem::Consensus(ENGINE_ID, [&[VERSION], root.as_bytes()].concat())
}

/// Reads the root out of a head, as the relay chain stores heads. Also returns the block's number.
///
/// A head is bytes of strangers. Whatever is not exactly as it must be is a fault, and never guessed around.
pub fn root_of_head(head: &[u8]) -> Result<(u32, H256), Fault> {
    let header = Header::<u32, BlakeTwo256>::decode_all(&mut &*head).map_err(|_| Fault::NotAHeader)?;
    Ok((header.number, root_of_digest(&header.digest)?))
}

/// Reads the root out of a digest.
///
/// `PreRuntime` and `Seal` items come from a collator and not from the runtime, so only `Consensus` counts.
pub fn root_of_digest(digest: &Digest) -> Result<H256, Fault> {
    let mut ours = digest.logs.iter().filter_map(|item| match item {
        DigestItem::Consensus(ENGINE_ID, data) => Some(data.as_slice()),
        _ => None,
    });
    let data = ours.next().ok_or(Fault::NoItem)?;
    if ours.next().is_some() {
        return Err(Fault::SeveralItems);
    }
    let (&version, root) = data.split_first().ok_or(Fault::WrongLength)?;
    let root = <[u8; 32]>::try_from(root).map_err(|_| Fault::WrongLength)?;
    if version != VERSION {
        return Err(Fault::UnknownVersion);
    }
    Ok(H256(root))
}

/// Why a head has no root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The bytes are no header with a block number of 32 bits.
    NotAHeader,
    /// The parachain does not take part.
    NoItem,
    /// More than one item: which of them is meant cannot be known.
    SeveralItems,
    /// The item is not one byte and one hash long.
    WrongLength,
    /// A format that is newer than this code.
    UnknownVersion,
}
