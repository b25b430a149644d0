// SPDX-License-Identifier: GPL-3.0-only
use crate::xcmp::{
    digest::{item, root_of_head, Fault},
    ENGINE_ID, VERSION,
};
use codec::Encode;
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
use sp_core::H256;
use sp_runtime::{
    generic::{Digest, DigestItem, Header},
    traits::BlakeTwo256,
};

const ROOT: H256 = H256::repeat_byte(0xab);

fn header<Number>(number: Number, logs: Vec<DigestItem>) -> Vec<u8>
where
    Header<Number, BlakeTwo256>: Encode,
    Number: Copy + Into<sp_core::U256> + TryFrom<sp_core::U256> + Encode + codec::HasCompact,
{
    Header::<Number, BlakeTwo256> {
        parent_hash: H256::repeat_byte(1),
        number,
        state_root: H256::repeat_byte(2),
        extrinsics_root: H256::repeat_byte(3),
        digest: Digest { logs },
    }
    .encode()
}

/// The fault of a head with these items around.
fn read(logs: Vec<DigestItem>) -> Result<H256, Fault> {
    root_of_head(&header(7u32, logs)).map(|(_, root)| root)
}

fn ours(data: Vec<u8>) -> DigestItem {
    DigestItem::Consensus(ENGINE_ID, data)
}

fn others() -> Vec<DigestItem> {
    vec![
        DigestItem::PreRuntime(*b"aura", vec![1; 8]),
        DigestItem::Consensus(*b"SPMS", item_data(ROOT)),
        DigestItem::Other(item_data(ROOT)),
        DigestItem::RuntimeEnvironmentUpdated,
        DigestItem::Seal(*b"aura", vec![2; 64]),
    ]
}

fn item_data(root: H256) -> Vec<u8> {
    [&[VERSION], root.as_bytes()].concat()
}

#[test]
fn a_root_is_found_among_other_items() {
    let logs = [others(), vec![item(ROOT)], others()].concat();
    assert_eq!(root_of_head(&header(9u32, logs)), Ok((9, ROOT)));
}

#[test]
fn items_of_a_collator_do_not_count() {
    assert_eq!(read(vec![]), Err(Fault::NoItem));
    for item in [
        DigestItem::PreRuntime(ENGINE_ID, item_data(ROOT)),
        DigestItem::Seal(ENGINE_ID, item_data(ROOT)),
        DigestItem::Other([&ENGINE_ID[..], &item_data(ROOT)].concat()),
    ] {
        assert_eq!(read(vec![item.clone()]), Err(Fault::NoItem));
        assert_eq!(read(vec![item, ours(item_data(ROOT))]), Ok(ROOT));
    }
}

#[test]
fn of_two_items_none_counts() {
    assert_eq!(read(vec![item(ROOT), item(ROOT)]), Err(Fault::SeveralItems));
    assert_eq!(read(vec![item(ROOT), ours(vec![])]), Err(Fault::SeveralItems));
    assert_eq!(read(vec![ours(vec![9]), item(ROOT)]), Err(Fault::SeveralItems));
}

#[test]
fn an_item_has_one_length() {
    for length in (0..100).filter(|length| *length != 33) {
        let mut data = vec![VERSION; length];
        if let Some(first) = data.first_mut() {
            *first = VERSION;
        }
        assert_eq!(read(vec![ours(data)]), Err(Fault::WrongLength), "{length}");
    }
}

#[test]
fn an_unknown_version_is_no_root() {
    for version in (0..=u8::MAX).filter(|version| *version != VERSION) {
        let data = [&[version], ROOT.as_bytes()].concat();
        assert_eq!(read(vec![ours(data)]), Err(Fault::UnknownVersion));
    }
}

#[test]
fn a_head_is_a_header_to_the_last_byte() {
    let head = header(7u32, vec![item(ROOT)]);
    assert_eq!(root_of_head(&head), Ok((7, ROOT)));
    for length in 0..head.len() {
        assert_eq!(root_of_head(&head[..length]), Err(Fault::NotAHeader), "{length}");
    }
    assert_eq!(root_of_head(&[head.as_slice(), &[0]].concat()), Err(Fault::NotAHeader));
    assert_eq!(root_of_head(&vec![0xff; 32 * 1024]), Err(Fault::NotAHeader));
    assert_eq!(root_of_head(&header(u64::from(u32::MAX) + 1, vec![item(ROOT)])), Err(Fault::NotAHeader));
}

proptest! {
    #[test]
    fn arbitrary_heads_do_not_panic(head in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(root_of_head(&head).is_err());
    }

    #[test]
    fn a_flipped_bit_never_gives_the_same_root_twice(byte in 0usize..200, bit in 0u32..8) {
        let head = header(7u32, vec![item(ROOT)]);
        let mut flipped = head.clone();
        let byte = byte % head.len();
        flipped[byte] ^= 1 << bit;
        // The item is the end of the head: a flip before it leaves the root alone, one in the root changes it.
        if let Ok((_, root)) = root_of_head(&flipped) {
            prop_assert_eq!(root == ROOT, byte < head.len() - 32);
        }
    }
}
