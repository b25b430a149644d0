// SPDX-License-Identifier: GPL-3.0-only
//! Each shape of forgery, against every history of up to 33 messages and every tree of up to 33 leaves. Where a shape
//! can be made, the honest delivery it was made from passes first; the forged one must not.

use super::world::{hashes, payload, Sender, RECEIVER};
use crate::xcmp::{delivery::Payload, message_hash, tree::TreePath, Acceptance, Delivery, Frontier, Rejection};
use sp_core::H256;

const LIMIT: u64 = 33;

/// The receiver has `from` messages, and gets those up to `to` of all that the sender sent.
struct Case {
    sender: Sender,
    from: u64,
    to: u64,
}

/// A delivery that must not pass, and the frontier it comes to.
struct Forged {
    delivery: Delivery,
    received: Frontier,
}

type Shape = fn(&Case) -> Option<Forged>;

/// The shapes that bend messages, counts and extensions.
const STREAM_SHAPES: &[(&str, Shape)] = &[
    ("a payload changed", |case| case.bend_payloads(|payloads| payloads.first_mut()?.try_push(0).ok())),
    ("a payload cut", |case| case.bend_payloads(|payloads| payloads.last_mut()?.pop().map(drop))),
    ("the first payload left out", |case| {
        // Of one alone nothing would be left, which is no forgery.
        case.bend_payloads(|payloads| (payloads.len() > 1).then(|| drop(payloads.remove(0))))
    }),
    ("a payload in the middle left out", |case| {
        case.bend_payloads(|payloads| (payloads.len() > 2).then(|| drop(payloads.remove(1))))
    }),
    ("a payload twice", |case| {
        case.bend_payloads(|payloads| {
            let first = payloads.first()?.clone();
            payloads.insert(0, first);
            Some(())
        })
    }),
    ("payloads in another order", |case| {
        case.bend_payloads(|payloads| (payloads.len() > 1).then(|| payloads.swap(0, 1)))
    }),
    ("a payload that was never sent", |case| {
        case.bend_payloads(|payloads| {
            payloads.push(payload(9, 0));
            Some(())
        })
    }),
    ("all payloads of another history", |case| {
        let from = case.from;
        case.bend_payloads(|payloads| {
            (0u64..).zip(payloads.iter_mut()).for_each(|(index, bent)| *bent = payload(9, from + index));
            (!payloads.is_empty()).then_some(())
        })
    }),
    ("two hashes of messages as one message", |case| {
        case.bend_payloads(|payloads| {
            let [first, second] = [payloads.first()?, payloads.get(1)?].map(|payload| message_hash(payload));
            payloads.remove(0);
            payloads[0] = [first.as_bytes(), second.as_bytes()].concat().try_into().ok()?;
            Some(())
        })
    }),
    ("the whole preimage of an inner node as one message", |case| {
        case.bend_payloads(|payloads| {
            let [first, second] = [payloads.first()?, payloads.get(1)?].map(|payload| message_hash(payload));
            payloads.remove(0);
            payloads[0] = [&[0x02][..], first.as_bytes(), second.as_bytes()].concat().try_into().ok()?;
            Some(())
        })
    }),
    ("a delivery again", |case| {
        let (delivery, received) = (case.honest(), case.sender.frontier_at(case.to));
        (case.to > case.from).then_some(Forged { delivery, received })
    }),
    ("a delivery that overlaps by one", |case| {
        let received = (case.to > case.from).then(|| case.sender.frontier_at(case.from + 1))?;
        Some(Forged { delivery: case.honest(), received })
    }),
    ("a delivery that begins one too late", |case| {
        let received = case.sender.frontier_at(case.from.checked_sub(1)?);
        // Without messages it says nothing about what came before, and is no forgery.
        (case.to > case.from).then(|| Forged { delivery: case.honest(), received })
    }),
    ("a frontier of another history", |case| {
        let received = (case.from > 0).then(|| Sender::new(9, case.from, 1, 0).frontier_at(case.from))?;
        Some(Forged { delivery: case.honest(), received })
    }),
    ("an extension without its last node", |case| case.bend_extension(|nodes| nodes.pop().map(drop))),
    ("an extension without its first node", |case| {
        case.bend_extension(|nodes| (!nodes.is_empty()).then(|| _ = nodes.remove(0)))
    }),
    ("no extension at all", |case| case.bend_extension(|nodes| (!nodes.is_empty()).then(|| nodes.clear()))),
    ("an extension with a node too many", |case| {
        // Also where none is due: the same count, and the empty frontier.
        case.bend_extension(|nodes| {
            nodes.push(H256::zero());
            Some(())
        })
    }),
    ("an extension with a node twice", |case| {
        case.bend_extension(|nodes| nodes.last().copied().map(|last| nodes.push(last)))
    }),
    ("an extension with a changed node", |case| {
        case.bend_extension(|nodes| nodes.last_mut().map(|node| node.0[31] ^= 1))
    }),
    ("an extension with two nodes swapped", |case| {
        case.bend_extension(|nodes| (nodes.len() > 1 && nodes[0] != nodes[1]).then(|| nodes.swap(0, 1)))
    }),
    ("a frontier with two peaks swapped", |case| {
        let honest = case.sender.frontier_at(case.from);
        let mut peaks = honest.peaks().to_vec();
        (peaks.len() > 1).then(|| peaks.swap(0, 1))?;
        let received = Frontier::new(honest.count(), peaks.try_into().ok()?)?;
        Some(Forged { delivery: case.honest(), received })
    }),
];

/// The shapes that bend the sender's leaf after it was committed to.
const LEAF_SHAPES: &[(&str, Shape)] = &[
    ("one message more in the leaf", |case| {
        case.bend(|delivery| {
            delivery.leaf.sent_count += 1;
            Some(())
        })
    }),
    ("one message less in the leaf", |case| {
        case.bend(|delivery| delivery.leaf.sent_count.checked_sub(1).map(|count| delivery.leaf.sent_count = count))
    }),
    ("a count beyond every stream", |case| {
        case.bend(|delivery| {
            delivery.leaf.sent_count = u64::MAX;
            Some(())
        })
    }),
    ("another root in the leaf", |case| {
        case.bend(|delivery| {
            delivery.leaf.sent_root.0[0] ^= 1;
            Some(())
        })
    }),
    ("the root of a stream that ends with the payloads", |case| {
        // What a relayer would like to say: these are all.
        let end = case.sender.frontier_at(case.to);
        (case.to < case.sender.payloads.len() as u64).then_some(())?;
        case.bend(|delivery| {
            (delivery.leaf.sent_count, delivery.leaf.sent_root) = (end.count(), end.root());
            delivery.extension.clear();
            Some(())
        })
    }),
    ("another acknowledgement", |case| {
        case.bend(|delivery| {
            delivery.leaf.received_count += 1;
            Some(())
        })
    }),
    ("another acceptance", |case| {
        case.bend(|delivery| {
            delivery.leaf.acceptance = Acceptance::Refusing;
            Some(())
        })
    }),
    ("a wider window of messages", |case| {
        case.bend(|delivery| {
            delivery.leaf.window.messages += 1;
            Some(())
        })
    }),
    ("a wider window of bytes", |case| {
        case.bend(|delivery| {
            delivery.leaf.window.bytes += 1;
            Some(())
        })
    }),
    ("a leaf of somebody else, renamed", |case| {
        let other = (case.sender.place + 1) % case.sender.leaves.len() as u32;
        (other != case.sender.place).then_some(())?;
        case.bend(|delivery| {
            delivery.leaf = case.sender.leaves[other as usize].clone();
            delivery.leaf.peer = RECEIVER.into();
            delivery.path = TreePath::new(&case.sender.leaf_hashes(), other)?;
            Some(())
        })
    }),
    ("a committed leaf of somebody else", |case| {
        let other = (case.sender.place + 1) % case.sender.leaves.len() as u32;
        (other != case.sender.place).then_some(())?;
        case.bend(|delivery| {
            delivery.leaf = case.sender.leaves[other as usize].clone();
            delivery.path = TreePath::new(&case.sender.leaf_hashes(), other)?;
            Some(())
        })
    }),
    ("a leaf for somebody else with the receiver's stream", |case| {
        // Everything fits, and the sender says it to another parachain.
        let mut sender =
            Sender::new(1, case.sender.payloads.len() as u64, case.sender.leaves.len() as u32, case.sender.place);
        sender.leaves[case.sender.place as usize].peer = 2_002.into();
        Some(Forged { delivery: sender.delivery(case.from, case.to), received: case.sender.frontier_at(case.from) })
    }),
    ("a leaf of an older block under the newest root", |case| {
        let older = Sender::new(1, case.to, case.sender.leaves.len() as u32, case.sender.place);
        (case.to < case.sender.payloads.len() as u64).then_some(())?;
        case.bend(|delivery| {
            *delivery = Delivery { root: delivery.root, ..older.delivery(case.from, case.to) };
            Some(())
        })
    }),
    ("the newest leaf under the root of an older block", |case| {
        let older = Sender::new(1, case.to, case.sender.leaves.len() as u32, case.sender.place);
        (case.to < case.sender.payloads.len() as u64).then_some(())?;
        case.bend(|delivery| {
            delivery.root = older.root();
            Some(())
        })
    }),
    ("the root of another parachain", |case| {
        let other =
            Sender::new(9, case.sender.payloads.len() as u64, case.sender.leaves.len() as u32, case.sender.place);
        case.bend(|delivery| {
            delivery.root = other.root();
            Some(())
        })
    }),
];

/// The shapes that bend the way from the leaf to the root.
const PATH_SHAPES: &[(&str, Shape)] = &[
    ("an index out of range", |case| {
        case.bend(|delivery| {
            delivery.path.index = delivery.path.width;
            Some(())
        })
    }),
    ("the greatest index", |case| {
        case.bend(|delivery| {
            delivery.path.index = u32::MAX;
            Some(())
        })
    }),
    ("the index of the next leaf", |case| {
        case.bend(|delivery| {
            delivery.path.index += 1;
            Some(())
        })
    }),
    ("the index of the leaf before", |case| {
        case.bend(|delivery| delivery.path.index.checked_sub(1).map(|index| delivery.path.index = index))
    }),
    ("a tree with a leaf more", |case| {
        case.bend(|delivery| {
            delivery.path.width += 1;
            Some(())
        })
    }),
    ("a tree with a leaf less", |case| {
        case.bend(|delivery| {
            delivery.path.width -= 1;
            Some(())
        })
    }),
    ("a tree without leaves", |case| {
        case.bend(|delivery| {
            delivery.path.width = 0;
            Some(())
        })
    }),
    ("the widest tree", |case| {
        case.bend(|delivery| {
            delivery.path.width = u32::MAX;
            Some(())
        })
    }),
    ("a path without its lowest node", |case| {
        case.bend(|delivery| (!delivery.path.siblings.is_empty()).then(|| _ = delivery.path.siblings.remove(0)))
    }),
    ("a path without its highest node", |case| case.bend(|delivery| delivery.path.siblings.pop().map(drop))),
    ("no path at all", |case| {
        case.bend(|delivery| (!delivery.path.siblings.is_empty()).then(|| delivery.path.siblings.clear()))
    }),
    ("a path with a node too many", |case| case.bend(|delivery| delivery.path.siblings.try_push(H256::zero()).ok())),
    ("a path with the leaf itself", |case| {
        let leaf = case.sender.leaf().hash();
        case.bend(|delivery| delivery.path.siblings.try_insert(0, leaf).ok())
    }),
    ("a path with a changed node", |case| {
        case.bend(|delivery| delivery.path.siblings.get_mut(0).map(|node| node.0[0] ^= 1))
    }),
    ("a path with two nodes swapped", |case| {
        case.bend(|delivery| (delivery.path.siblings.len() > 1).then(|| delivery.path.siblings.as_mut().swap(0, 1)))
    }),
    ("the path of the node above", |case| {
        case.bend(|delivery| {
            let path = &mut delivery.path;
            (!path.siblings.is_empty()).then(|| path.siblings.remove(0))?;
            (path.index, path.width) = (path.index / 2, path.width.div_ceil(2));
            Some(())
        })
    }),
    ("another top", |case| {
        case.bend(|delivery| {
            delivery.path.top.0[0] ^= 1;
            Some(())
        })
    }),
    ("the top as the root", |case| {
        case.bend(|delivery| {
            delivery.root = delivery.path.top;
            Some(())
        })
    }),
    ("the leaf as the top", |case| {
        let leaf = case.sender.leaf().hash();
        (case.sender.leaves.len() > 1).then_some(())?;
        case.bend(|delivery| {
            delivery.path.top = leaf;
            Some(())
        })
    }),
    ("the leaf as the whole tree", |case| {
        let leaf = case.sender.leaf().hash();
        (case.sender.leaves.len() > 1).then_some(())?;
        case.bend(|delivery| {
            delivery.path = TreePath { index: 0, width: 1, siblings: Default::default(), top: leaf };
            Some(())
        })
    }),
];

impl Case {
    fn honest(&self) -> Delivery {
        self.sender.delivery(self.from, self.to)
    }

    fn bend(&self, bend: impl FnOnce(&mut Delivery) -> Option<()>) -> Option<Forged> {
        let mut delivery = self.honest();
        bend(&mut delivery)?;
        Some(Forged { delivery, received: self.sender.frontier_at(self.from) })
    }

    fn bend_payloads(&self, bend: impl FnOnce(&mut Vec<Payload>) -> Option<()>) -> Option<Forged> {
        self.bend(|delivery| {
            let mut payloads = delivery.payloads.to_vec();
            bend(&mut payloads)?;
            delivery.payloads = payloads.try_into().ok()?;
            Some(())
        })
    }

    fn bend_extension(&self, bend: impl FnOnce(&mut Vec<H256>) -> Option<()>) -> Option<Forged> {
        self.bend(|delivery| {
            let mut nodes = delivery.extension.to_vec();
            bend(&mut nodes)?;
            delivery.extension = nodes.try_into().ok()?;
            Some(())
        })
    }
}

/// Tries each shape on each case: the honest delivery passes, the forged one does not.
fn try_all(shapes: &[(&str, Shape)], cases: impl Iterator<Item = Case>) {
    let mut tried = vec![0u64; shapes.len()];
    let mut accepted = 0;
    for case in cases {
        let honest = case.honest().verify(RECEIVER.into(), &case.sender.frontier_at(case.from));
        assert_eq!(honest, Ok(case.sender.frontier_at(case.to)), "the honest delivery {}..{}", case.from, case.to);
        for (index, (name, shape)) in shapes.iter().enumerate() {
            let Some(forged) = shape(&case) else { continue };
            tried[index] += 1;
            if forged.delivery.verify(RECEIVER.into(), &forged.received).is_ok() {
                accepted += 1;
                println!("accepted: {name}, {}..{} of {}", case.from, case.to, case.sender.payloads.len());
            }
        }
    }
    for ((name, _), tried) in shapes.iter().zip(&tried) {
        println!("{tried:>7} x {name}");
        assert!(*tried > 0, "{name} was never tried");
    }
    println!("shapes={} tried={} accepted={accepted}", shapes.len(), tried.iter().sum::<u64>());
    assert_eq!(accepted, 0);
}

/// Every history of up to [`LIMIT`] messages, every frontier in it, every end of a delivery.
fn streams() -> impl Iterator<Item = Case> {
    (1..=LIMIT).flat_map(|sent| {
        (0..=sent)
            .flat_map(move |from| (from..=sent).map(move |to| Case { sender: Sender::new(1, sent, 2, 0), from, to }))
    })
}

/// Every tree of up to [`LIMIT`] leaves, every place in it.
fn trees() -> impl Iterator<Item = Case> {
    (1..=LIMIT as u32)
        .flat_map(|width| (0..width).map(move |place| Case { sender: Sender::new(1, 5, width, place), from: 1, to: 3 }))
}

#[test]
fn no_forged_stream_is_accepted() {
    try_all(STREAM_SHAPES, streams());
}

#[test]
fn no_forged_leaf_is_accepted() {
    try_all(LEAF_SHAPES, streams().chain(trees()));
}

#[test]
fn no_forged_path_is_accepted() {
    try_all(PATH_SHAPES, trees());
}

#[test]
fn each_check_says_what_is_wrong() {
    let sender = Sender::new(1, 9, 5, 2);
    let verdict = |bend: fn(&mut Delivery)| {
        let mut delivery = sender.delivery(2, 6);
        bend(&mut delivery);
        delivery.verify(RECEIVER.into(), &sender.frontier_at(2)).map(drop)
    };
    assert_eq!(verdict(|_| ()), Ok(()));
    assert_eq!(verdict(|delivery| delivery.leaf.peer = 7.into()), Err(Rejection::WrongPeer));
    assert_eq!(verdict(|delivery| delivery.leaf.received_count += 1), Err(Rejection::NotCommitted));
    assert_eq!(verdict(|delivery| delivery.payloads[0][0] ^= 1), Err(Rejection::WrongMessages));
    let beyond = sender.delivery(2, 9).verify(RECEIVER.into(), &sender.frontier_at(3));
    assert_eq!(beyond, Err(Rejection::BeyondCount));
}

#[test]
fn a_delivery_without_messages_moves_nothing() {
    for sent in 0..=LIMIT {
        let sender = Sender::new(1, sent, 2, 0);
        for from in 0..=sent {
            let received = sender.frontier_at(from);
            assert_eq!(sender.delivery(from, from).verify(RECEIVER.into(), &received), Ok(received));
        }
    }
}

#[test]
fn a_shorter_range_cannot_pass_for_a_longer_one() {
    // Untagged and without the count, three messages under one root read as two, the second of them a node.
    let sender = Sender::new(1, 3, 1, 0);
    let [first, second, third] = hashes(&sender.payloads)[..] else { panic!("three messages") };
    let pair = Frontier::default().append(&[first, second]).unwrap().root();
    let as_two = Frontier::default().append(&[third, pair]).unwrap();
    assert_ne!(as_two.root(), sender.leaf().sent_root);
    assert_ne!(Frontier::default().append(&[pair, third]).unwrap().root(), sender.leaf().sent_root);
}
