// SPDX-License-Identifier: GPL-3.0-only
//! The vectors that `tests/xcmp_vectors.py`, which shares no code with this crate, computes as well.

use crate::xcmp::{
    digest::{root_of_head, Fault},
    latest_root_key, message_hash, tree,
    tree::TreePath,
    Acceptance, Delivery, Frontier, LatestRoot, PeerLeaf, Window,
};
use codec::{DecodeAll, Encode};
use serde_json::Value;
use sp_core::H256;

/// Vectors by their place in the file.
struct Vector(Value);

impl Vector {
    fn file() -> Self {
        Self(serde_json::from_str(include_str!("../../../test-vectors/xcmp.json")).expect("vectors are JSON"))
    }

    fn get(&self, key: &str) -> Self {
        Self(self.0.get(key).unwrap_or_else(|| panic!("no {key} in {}", self.0)).clone())
    }

    fn list(&self, key: &str) -> Vec<Self> {
        self.get(key).0.as_array().expect("a list").iter().cloned().map(Self).collect()
    }

    fn number(&self, key: &str) -> u64 {
        self.get(key).0.as_u64().expect("a number")
    }

    fn short(&self, key: &str) -> u32 {
        self.number(key).try_into().expect("32 bits")
    }

    fn bytes(&self, key: &str) -> Vec<u8> {
        self.get(key).as_bytes()
    }

    fn hash(&self, key: &str) -> H256 {
        H256::from_slice(&self.bytes(key))
    }

    fn hashes(&self, key: &str) -> Vec<H256> {
        self.list(key).iter().map(|hash| H256::from_slice(&hash.as_bytes())).collect()
    }

    fn as_bytes(&self) -> Vec<u8> {
        array_bytes::hex2bytes(self.0.as_str().expect("a string")).expect("hex")
    }

    fn leaf(&self) -> PeerLeaf {
        PeerLeaf {
            peer: self.short("peer").into(),
            sent_count: self.number("sent_count"),
            sent_root: self.hash("sent_root"),
            received_count: self.number("received_count"),
            acceptance: match self.number("accepting") {
                0 => Acceptance::Refusing,
                _ => Acceptance::Accepting,
            },
            window: Window { messages: self.short("window_messages"), bytes: self.short("window_bytes") },
        }
    }

    fn path(&self) -> TreePath {
        TreePath {
            index: self.short("index"),
            width: self.short("width"),
            siblings: self.hashes("siblings").try_into().expect("not too deep"),
            top: self.hash("top"),
        }
    }
}

fn message_hashes(file: &Vector) -> Vec<H256> {
    file.list("messages").iter().map(|message| message.hash("hash")).collect()
}

fn stream(messages: &[H256], count: u64) -> Frontier {
    Frontier::default().append(&messages[..count as usize]).unwrap()
}

#[test]
fn messages_and_streams() {
    let file = Vector::file();
    for message in file.list("messages") {
        assert_eq!(message_hash(&message.bytes("payload")), message.hash("hash"));
    }
    let messages = message_hashes(&file);
    for vector in file.list("streams") {
        let frontier = stream(&messages, vector.number("count"));
        assert_eq!(frontier.peaks(), vector.hashes("peaks"));
        assert_eq!(frontier.root(), vector.hash("root"));
    }
}

#[test]
fn extensions() {
    let file = Vector::file();
    let messages = message_hashes(&file);
    for vector in file.list("extensions") {
        let (from, count) = (vector.number("from"), vector.number("count"));
        let nodes = vector.hashes("nodes");
        let proof = Frontier::default().prove_extension(&messages[..count as usize], from).unwrap();
        assert_eq!(proof.to_vec(), nodes, "{from} to {count}");
        let root = stream(&messages, count).root();
        assert_eq!(stream(&messages, from).ensure_extends_to(count, root, &nodes), Ok(()));
    }
}

#[test]
fn leaves_and_trees() {
    let file = Vector::file();
    let mut hashes = Vec::new();
    for vector in file.list("leaves") {
        assert_eq!(vector.leaf().preimage().to_vec(), vector.bytes("preimage"));
        assert_eq!(vector.leaf().hash(), vector.hash("hash"));
        hashes.push(vector.hash("hash"));
    }
    for vector in file.list("trees") {
        let leaves = &hashes[..vector.number("width") as usize];
        assert_eq!(tree::root(leaves), Some(vector.hash("root")));
        for (index, path) in (0u32..).zip(vector.list("paths")) {
            assert_eq!(TreePath::new(leaves, index), Some(path.path()));
            assert!(path.path().leads_to(vector.hash("root"), leaves[index as usize]));
        }
    }
}

#[test]
fn heads() {
    for vector in Vector::file().list("heads") {
        let outcome = vector.get("outcome");
        let expected = match outcome.0.as_str().expect("a string") {
            "NotAHeader" => Err(Fault::NotAHeader),
            "NoItem" => Err(Fault::NoItem),
            "SeveralItems" => Err(Fault::SeveralItems),
            "WrongLength" => Err(Fault::WrongLength),
            "UnknownVersion" => Err(Fault::UnknownVersion),
            _ => Ok((vector.short("number"), H256::from_slice(&outcome.as_bytes()))),
        };
        assert_eq!(root_of_head(&vector.bytes("head")), expected);
    }
}

#[test]
fn the_record_of_the_relay_chain() {
    let vector = Vector::file().get("latest");
    let latest = LatestRoot {
        root: vector.hash("root"),
        number: vector.short("number"),
        relay_block: vector.short("relay_block"),
        generation: vector.short("generation"),
    };
    assert_eq!(latest.encode(), vector.bytes("encoded"));
    assert_eq!(latest.encode().len(), 44);
    assert_eq!(latest_root_key(vector.short("para").into()), vector.bytes("key"));
}

#[test]
fn deliveries() {
    for vector in Vector::file().list("deliveries") {
        let encoded = vector.bytes("delivery");
        let delivery = Delivery::decode_all(&mut &encoded[..]).expect("a delivery");
        assert_eq!(delivery.encode(), encoded);
        let peaks = vector.hashes("received_peaks").try_into().expect("not too many");
        let received = Frontier::new(vector.number("received_count"), peaks).expect("a sound frontier");
        let verdict = delivery.verify(vector.short("receiver").into(), &received);
        let name = verdict.map_or_else(|rejection| format!("{rejection:?}"), |_| "accepted".into());
        assert_eq!(name, vector.get("verdict").0.as_str().expect("a string"));
    }
}

#[test]
fn a_delivery_ends_with_its_last_byte() {
    for vector in Vector::file().list("deliveries") {
        let encoded = vector.bytes("delivery");
        for length in 0..encoded.len() {
            assert!(Delivery::decode_all(&mut &encoded[..length]).is_err(), "{length}");
        }
        assert!(Delivery::decode_all(&mut &[encoded.as_slice(), &[0]].concat()[..]).is_err());
    }
}

#[test]
fn a_length_has_one_encoding() {
    // No payloads and no extension: both lengths are one zero byte at the end. Four bytes for a zero are refused.
    let vector = Vector::file().list("deliveries").into_iter().find(|vector| {
        let encoded = vector.bytes("delivery");
        let delivery = Delivery::decode_all(&mut &encoded[..]).expect("a delivery");
        delivery.payloads.is_empty() && delivery.extension.is_empty()
    });
    let mut encoded = vector.expect("such a delivery").bytes("delivery");
    encoded.truncate(encoded.len() - 1);
    encoded.extend([0b10, 0, 0, 0]);
    assert!(Delivery::decode_all(&mut &encoded[..]).is_err());
}
