// SPDX-License-Identifier: GPL-3.0-only
//! Who authored a block: from its BABE pre-digest and the authorities of its epoch.

use super::{
    rpc::{self, Header},
    Error, Result,
};
use codec::Decode;
use jsonrpsee::ws_client::WsClient;
use sp_runtime::DigestItem;

/// BABE's consensus engine id.
const BABE: [u8; 4] = *b"BABE";
/// The variants of BABE's pre-digest (primary, secondary plain, secondary VRF); in each the author's index comes first.
const PRE_DIGEST_VARIANTS: [u8; 3] = [1, 2, 3];

/// The first fields of BABE's `Epoch`.
#[derive(Decode)]
struct EpochHead {
    _index: u64,
    _start_slot: u64,
    _duration: u64,
    authorities: Vec<([u8; 32], u64)>,
}

/// The BABE key that authored block `number` of the chain `node` follows.
pub async fn block_author(client: &WsClient, node: &str, number: u32) -> Result<[u8; 32]> {
    let no_block = || Error::NoBlock { node: node.to_owned(), number };
    let hash = rpc::block_hash(client, number).await.map_err(Error::rpc(node))?.ok_or_else(no_block)?;
    let header = rpc::header(client, Some(&hash)).await.map_err(Error::rpc(node))?.ok_or_else(no_block)?;
    let index = author_index(&header).ok_or(Error::NoAuthor { number, reason: "its header has no BABE pre-digest" })?;

    // The block's own state is asked: the first block of an epoch is authored by that epoch's authorities.
    let epoch = rpc::state_call::<EpochHead>(client, "BabeApi_current_epoch", &[], Some(&hash)).await;
    let authorities = epoch.map_err(Error::rpc(node))?.authorities;
    let author = usize::try_from(index).ok().and_then(|index| authorities.get(index));
    author.map(|(key, _)| *key).ok_or(Error::NoAuthor { number, reason: "its epoch has no authority of that index" })
}

fn author_index(header: &Header) -> Option<u32> {
    header.digest.logs.iter().find_map(|log| match DigestItem::decode(&mut rpc::from_hex(log)?.as_slice()).ok()? {
        DigestItem::PreRuntime(BABE, data) => {
            let (variant, rest) = data.split_first()?;
            PRE_DIGEST_VARIANTS.contains(variant).then(|| u32::decode(&mut &*rest).ok()).flatten()
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::rpc::Digest;
    use codec::Encode;

    fn header(items: &[DigestItem]) -> Header {
        let logs = items.iter().map(|item| format!("0x{}", hex::encode(item.encode()))).collect();
        Header { number: 1, digest: Digest { logs } }
    }

    #[test]
    fn the_author_is_read_from_each_kind_of_pre_digest() {
        for variant in PRE_DIGEST_VARIANTS {
            let data = [vec![variant], 3_u32.encode(), 77_u64.encode()].concat();
            let seal = DigestItem::Seal(BABE, vec![0]);
            assert_eq!(author_index(&header(&[DigestItem::PreRuntime(BABE, data), seal])), Some(3));
        }
    }

    #[test]
    fn other_digests_name_no_author() {
        assert_eq!(author_index(&header(&[DigestItem::PreRuntime(*b"aura", vec![1, 3, 0, 0, 0])])), None);
        assert_eq!(author_index(&header(&[DigestItem::PreRuntime(BABE, vec![9, 3, 0, 0, 0])])), None);
        assert_eq!(author_index(&header(&[])), None);
    }
}
