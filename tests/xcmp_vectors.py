#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-only
"""A second implementation of the XCMP formats in docs/xcmp.md, and of what a receiver checks.

It shares no code with the first one in primitives/src/xcmp. Whatever both agree on is in
primitives/test-vectors/xcmp.json: without an argument this program computes that file anew and compares, with
`--write` it writes it. The tests of the crate serin-primitives read the same file.
"""

import json
import pathlib
import struct
import sys
from hashlib import blake2b

VECTORS = pathlib.Path(__file__).parent.parent / "primitives" / "test-vectors" / "xcmp.json"

VERSION = 1
ENGINE = b"SXMP"
MESSAGE, INNER, PEAK, TREE_LEAF, TREE_INNER, TREE_ROOT = 1, 2, 3, 5, 6, 7
ZERO = bytes(32)


# Hashes


def tagged(tag, *parts):
    return blake2b(bytes([tag]) + b"".join(parts), digest_size=32).digest()


def message_hash(payload):
    return tagged(MESSAGE, bytes([VERSION]), payload)


# Streams: a stream is the list of its message hashes. Mountains are found by splitting it, not by positions.


def mountains(count):
    """The ranges of messages under the peaks, the widest first."""
    ranges, start = [], 0
    for bit in reversed(range(count.bit_length())):
        if count >> bit & 1:
            ranges.append((start, start + (1 << bit)))
            start += 1 << bit
    return ranges


def node(hashes, start, end):
    if end - start == 1:
        return hashes[start]
    middle = (start + end) // 2
    return tagged(INNER, node(hashes, start, middle), node(hashes, middle, end))


def peaks(hashes):
    return [node(hashes, *mountain) for mountain in mountains(len(hashes))]


def bag(tops):
    """The root over peaks, from the right: each step puts the right one first."""
    if not tops:
        return ZERO
    root = tops[-1]
    for top in reversed(tops[:-1]):
        root = tagged(PEAK, root, top)
    return root


def extension_ranges(start, count):
    """Which nodes lead from the peaks of `start` messages to the root of `count`, in the order of a proof.

    Each is a list of ranges of messages: one node, or peaks that are bagged into one.
    """
    if start in (0, count):
        return []
    known = mountains(start)
    singles, untouched = [], []
    for mountain in mountains(count):
        if mountain[0] >= start:
            untouched.append(mountain)
        else:
            singles += missing(mountain, known)
    # In the order of positions: a node stands where its last message would, lower ones first.
    singles.sort(key=lambda single: position(*single))
    return [[single] for single in singles] + ([untouched] if untouched else [])


def position(start, end):
    """Where a node stands among the nodes of a range, counted as they are made."""
    height = (end - start).bit_length() - 1
    last = end - 1
    return 2 * last - bin(last).count("1") + height


def missing(mountain, known):
    """The widest nodes of a mountain that the known peaks do not cover."""
    start, end = mountain
    if mountain in known:
        return []
    if not any(start <= low and high <= end for low, high in known):
        return [mountain]
    middle = (start + end) // 2
    return missing((start, middle), known) + missing((middle, end), known)


def prove_extension(hashes, start):
    return [bag([node(hashes, *one) for one in group]) for group in extension_ranges(start, len(hashes))]


def extends(start, tops, count, root, proof):
    """Whether the stream of `count` messages under `root` begins with the one of `start` messages and these peaks."""
    if count < start or count > 1 << 62:
        return False
    if count == start:
        return not proof and bag(tops) == root
    if start == 0:
        return not proof
    groups = extension_ranges(start, count)
    if len(groups) != len(proof):
        return False
    known = dict(zip(mountains(start), tops))
    known.update({group[0]: given for group, given in zip(groups, proof) if len(group) == 1})
    bagged = [given for group, given in zip(groups, proof) if len(group) > 1]

    def value(low, high):
        if (low, high) in known:
            return known[low, high]
        middle = (low + high) // 2
        return tagged(INNER, value(low, middle), value(middle, high))

    new_tops = [value(*top) for top in mountains(count) if not bagged or top[0] < start]
    return bag(new_tops + bagged) == root


# The commitment tree: a node without a neighbour goes up unchanged.


def levels(leaves):
    rows = [leaves]
    while len(rows[-1]) > 1:
        row = rows[-1]
        pairs = [row[place : place + 2] for place in range(0, len(row), 2)]
        rows.append([tagged(TREE_INNER, *pair) if len(pair) == 2 else pair[0] for pair in pairs])
    return rows


def tree_top(leaves):
    return levels(leaves)[-1][0] if leaves else ZERO


def tree_root(width, top):
    return tagged(TREE_ROOT, bytes([VERSION]), struct.pack(">I", width), top)


def tree_path(leaves, index):
    siblings, place = [], index
    for row in levels(leaves)[:-1]:
        if place ^ 1 < len(row):
            siblings.append(row[place ^ 1])
        place //= 2
    return {"index": index, "width": len(leaves), "siblings": siblings, "top": tree_top(leaves)}


def leads_to(path, root, leaf):
    index, width, left = path["index"], path["width"], list(path["siblings"])
    if index >= width or tree_root(width, path["top"]) != root:
        return False
    value = leaf
    while width > 1:
        if index ^ 1 < width:
            if not left:
                return False
            sibling = left.pop(0)
            value = tagged(TREE_INNER, *([sibling, value] if index & 1 else [value, sibling]))
        index, width = index // 2, (width + 1) // 2
    return not left and value == path["top"]


def leaf_preimage(leaf):
    return (
        bytes([TREE_LEAF, VERSION])
        + struct.pack(">IQ", leaf["peer"], leaf["sent_count"])
        + leaf["sent_root"]
        + struct.pack(">QB", leaf["received_count"], leaf["accepting"])
        + struct.pack(">II", leaf["window_messages"], leaf["window_bytes"])
    )


def leaf_hash(leaf):
    return blake2b(leaf_preimage(leaf), digest_size=32).digest()


# What a receiver checks


def verdict(delivery, receiver, start, tops):
    """`accepted`, or the name of the first check that fails."""
    leaf = delivery["leaf"]
    if leaf["peer"] != receiver:
        return "WrongPeer"
    if not leads_to(delivery["path"], delivery["root"], leaf_hash(leaf)):
        return "NotCommitted"
    if start + len(delivery["payloads"]) > leaf["sent_count"]:
        return "BeyondCount"
    for payload in delivery["payloads"]:
        start, tops = append(start, tops, message_hash(payload))
    if not extends(start, tops, leaf["sent_count"], leaf["sent_root"], delivery["extension"]):
        return "WrongMessages"
    return "accepted"


def append(count, tops, message):
    tops, top, bit = list(tops), message, 1
    while count & bit:
        top = tagged(INNER, tops.pop(), top)
        bit <<= 1
    return count + 1, tops + [top]


# SCALE


def compact(number):
    if number < 1 << 6:
        return bytes([number << 2])
    if number < 1 << 14:
        return struct.pack("<H", number << 2 | 1)
    return struct.pack("<I", number << 2 | 2)


def scale_list(items):
    return compact(len(items)) + b"".join(items)


def scale_bytes(data):
    return compact(len(data)) + data


def scale_leaf(leaf):
    return (
        struct.pack("<IQ", leaf["peer"], leaf["sent_count"])
        + leaf["sent_root"]
        + struct.pack("<QB", leaf["received_count"], leaf["accepting"])
        + struct.pack("<II", leaf["window_messages"], leaf["window_bytes"])
    )


def scale_path(path):
    return struct.pack("<II", path["index"], path["width"]) + scale_list(path["siblings"]) + path["top"]


def scale_delivery(delivery):
    return (
        struct.pack("<I", delivery["sender"])
        + delivery["root"]
        + scale_leaf(delivery["leaf"])
        + scale_path(delivery["path"])
        + scale_list([scale_bytes(payload) for payload in delivery["payloads"]])
        + scale_list(delivery["extension"])
    )


CONSENSUS, SEAL, PRE_RUNTIME = 4, 5, 6


def scale_item(kind, engine, data):
    return bytes([kind]) + engine + scale_bytes(data)


def scale_head(number, items):
    return bytes([1] * 32) + compact(number) + bytes([2] * 32) + bytes([3] * 32) + scale_list(items)


# Keys of the relay chain's state


def xxhash64(data, seed):
    """XXH64 for inputs below 32 bytes, which is all that keys need."""
    p1, p2, p3, p4, p5 = (
        0x9E3779B185EBCA87,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0x85EBCA77C2B2AE63,
        0x27D4EB2F165667C5,
    )
    mask = (1 << 64) - 1

    def rotate(value, bits):
        return (value << bits | value >> (64 - bits)) & mask

    assert len(data) < 32
    value = (seed + p5 + len(data)) & mask
    while len(data) >= 8:
        lane = rotate(int.from_bytes(data[:8], "little") * p2 & mask, 31) * p1 & mask
        value = (rotate(value ^ lane, 27) * p1 + p4) & mask
        data = data[8:]
    if len(data) >= 4:
        value = (rotate(value ^ (int.from_bytes(data[:4], "little") * p1 & mask), 23) * p2 + p3) & mask
        data = data[4:]
    for byte in data:
        value = rotate(value ^ (byte * p5 & mask), 11) * p1 & mask
    value = (value ^ value >> 33) * p2 & mask
    value = (value ^ value >> 29) * p3 & mask
    return value ^ value >> 32


def twox(data, words):
    return b"".join(struct.pack("<Q", xxhash64(data, seed)) for seed in range(words))


def latest_root_key(para):
    encoded = struct.pack("<I", para)
    return twox(b"Xcmp", 2) + twox(b"Latest", 2) + twox(encoded, 1) + encoded


# The vectors


def vector_payload(index):
    """Message `index`: its index as one byte, repeated (index * 7) % 40 times."""
    return bytes([index]) * (index * 7 % 40)


def vector_leaf(peer, hashes):
    return {
        "peer": peer,
        "sent_count": len(hashes),
        "sent_root": bag(peaks(hashes)),
        "received_count": peer + 1,
        "accepting": peer % 2,
        "window_messages": 16 * peer,
        "window_bytes": 4096 * peer,
    }


def vector_deliveries():
    """Deliveries with the receiver's frontier before them and the verdict, honest ones and others."""
    receiver, sender = 2001, 2000
    payloads = [vector_payload(index) for index in range(13)]
    hashes = [message_hash(payload) for payload in payloads]
    leaves = [vector_leaf(peer, hashes[: peer % 14] if peer != receiver else hashes) for peer in range(1998, 2005)]
    place = receiver - 1998
    leaf_hashes = [leaf_hash(leaf) for leaf in leaves]

    def honest(start, end):
        return {
            "sender": sender,
            "root": tree_root(len(leaves), tree_top(leaf_hashes)),
            "leaf": dict(leaves[place]),
            "path": tree_path(leaf_hashes, place),
            "payloads": payloads[start:end],
            "extension": prove_extension(hashes, end),
        }

    cases = [(start, honest(start, end)) for start, end in [(0, 13), (0, 1), (3, 7), (7, 7), (12, 13), (13, 13), (0, 0)]]
    cases.append((3, honest(3, 7) | {"leaf": leaves[0]}))
    cases.append((3, honest(3, 7) | {"leaf": leaves[place] | {"received_count": 0}}))
    cases.append((3, honest(3, 7) | {"path": tree_path(leaf_hashes, place + 1)}))
    cases.append((13, honest(12, 13)))
    cases.append((3, honest(3, 7) | {"payloads": payloads[4:8]}))
    cases.append((3, honest(3, 7) | {"extension": []}))
    cases.append((4, honest(3, 7)))
    for start, delivery in cases:
        tops = peaks(hashes[:start])
        yield {
            "receiver": receiver,
            "received_count": start,
            "received_peaks": tops,
            "delivery": scale_delivery(delivery),
            "verdict": verdict(delivery, receiver, start, tops),
        }


def vector_heads():
    root = bytes(range(32))
    item = scale_item(CONSENSUS, ENGINE, bytes([VERSION]) + root)
    seal = scale_item(SEAL, b"aura", bytes(64))
    for number, items, outcome in [
        (1, [item], root),
        (70_000, [scale_item(PRE_RUNTIME, b"aura", bytes(8)), item, seal], root),
        (1, [seal], "NoItem"),
        (1, [scale_item(PRE_RUNTIME, ENGINE, bytes([VERSION]) + root)], "NoItem"),
        (1, [item, item], "SeveralItems"),
        (1, [scale_item(CONSENSUS, ENGINE, bytes([VERSION]) + root[:-1])], "WrongLength"),
        (1, [scale_item(CONSENSUS, ENGINE, bytes([VERSION + 1]) + root)], "UnknownVersion"),
    ]:
        yield {"head": scale_head(number, items), "number": number, "outcome": outcome}
    yield {"head": scale_head(1, [item]) + b"\0", "number": 1, "outcome": "NotAHeader"}


def vectors():
    hashes = [message_hash(vector_payload(index)) for index in range(33)]
    leaves = [vector_leaf(peer, hashes[:peer]) for peer in range(1, 10)]
    leaf_hashes = [leaf_hash(leaf) for leaf in leaves]
    latest = {"root": bytes(range(32)), "number": 1, "relay_block": 0x01020304, "generation": 5}
    encoded_latest = latest["root"] + struct.pack("<III", 1, 0x01020304, 5)
    return {
        "messages": [{"payload": vector_payload(index), "hash": hashes[index]} for index in range(33)],
        "streams": [
            {"count": count, "peaks": peaks(hashes[:count]), "root": bag(peaks(hashes[:count]))} for count in range(34)
        ],
        "extensions": [
            {"from": start, "count": count, "nodes": prove_extension(hashes[:count], start)}
            for count in (1, 2, 3, 7, 8, 11, 19, 33)
            for start in range(1, count + 1)
        ],
        "leaves": [leaf | {"preimage": leaf_preimage(leaf), "hash": leaf_hash(leaf)} for leaf in leaves],
        "trees": [
            {
                "width": width,
                "root": tree_root(width, tree_top(leaf_hashes[:width])),
                "paths": [tree_path(leaf_hashes[:width], index) for index in range(width)],
            }
            for width in range(10)
        ],
        "heads": list(vector_heads()),
        "latest": latest | {"encoded": encoded_latest, "para": 2000, "key": latest_root_key(2000)},
        "deliveries": list(vector_deliveries()),
    }


def check_extensions():
    """Each extension passes, and not with a node more."""
    hashes = [message_hash(vector_payload(index)) for index in range(33)]
    for count in range(34):
        root = bag(peaks(hashes[:count]))
        for start in range(count + 1):
            proof = prove_extension(hashes[:count], start)
            assert extends(start, peaks(hashes[:start]), count, root, proof), (start, count)
            assert not extends(start, peaks(hashes[:start]), count, root, proof + [ZERO]), (start, count)


def main():
    check_extensions()
    text = json.dumps(vectors(), indent=1, default=lambda data: "0x" + data.hex()) + "\n"
    if sys.argv[1:] == ["--write"]:
        VECTORS.write_text(text)
    elif sys.argv[1:]:
        sys.exit(f"usage: {sys.argv[0]} [--write]")
    elif VECTORS.read_text() != text:
        sys.exit(f"{VECTORS} differs from what this program computes: see which of them docs/xcmp.md agrees with")
    verdicts = [delivery["verdict"] for delivery in vectors()["deliveries"]]
    print(f"xcmp vectors: deliveries={len(verdicts)} accepted={verdicts.count('accepted')}")


if __name__ == "__main__":
    main()
