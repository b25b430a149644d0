#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-only
"""Takes out each line by which XCMP verifies something, one at a time, and sees whether the tests notice.

docs/xcmp.md lists these lines by number, each with the tests that hold it. Every one has its mutant here. A mutant is
caught when the crate still compiles, at least one of its tests fails, and each test that the document names is among
those. The checkout is not touched: the mutants are made in a copy of it, in $SERIN_TARGET/mutants.

    tests/xcmp_mutants.py [NUMBER...]   tries these mutants, or all of them
    tests/xcmp_mutants.py --check       compiles nothing: whether lines, mutants and the document still fit together
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import time

CHECKOUT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = CHECKOUT / "docs" / "xcmp.md"

PRIMITIVES, CHANNELS, RELAY = "primitives", "pallets/xcmp-channels", "pallets/xcmp"
CRATES = (PRIMITIVES, CHANNELS, RELAY)
# A test that hangs is ended by the runner after two minutes. This is for what hangs otherwise.
LIMIT_SECONDS = 900
TESTS_FAILED = 100

# Number in the document, crate, file below its src, what stands there once, what stands there in the mutant.
MUTANTS = [
    (1, CHANNELS, "delivery.rs",
     "Channels::<T>::get(sender).ok_or(Error::NoChannel)?", "Channels::<T>::get(sender).unwrap_or_default()"),
    (2, CHANNELS, "delivery.rs", "ensure!(channel.acceptance == Acceptance::Accepting, Error::NotAccepting);", ""),
    (3, CHANNELS, "delivery.rs", "ensure!(used.fits(T::BlockBudget::get()), Error::BudgetSpent);", ""),
    (4, CHANNELS, "delivery.rs",
     "ensure!(T::Queue::footprint(delivery.sender).pages < T::MaxQueuePages::get(), Error::QueueFull);", ""),
    (5, CHANNELS, "delivery.rs",
     "ensure!(T::HrmpQueue::footprint(delivery.sender).ready_pages == 0, Error::HrmpFirst);", ""),
    (6, CHANNELS, "delivery.rs",
     "KnownRoots::<T>::get(sender, delivery.root).ok_or(Error::UnknownRoot)?",
     "KnownRoots::<T>::get(sender, delivery.root).unwrap_or_default()"),
    (7, CHANNELS, "delivery.rs",
     "ensure!(delivery.leaf.received_count <= channel.sent.count(), Error::AcknowledgedUnsent);", ""),
    (8, CHANNELS, "delivery.rs",
     "ensure!(!delivery.payloads.is_empty() || says_news(&channel, &delivery.leaf, observed), Error::NothingNew);", ""),
    (9, PRIMITIVES, "xcmp/delivery.rs", "if self.leaf.peer != receiver {", "if false {"),
    (10, PRIMITIVES, "xcmp/tree.rs", "self.siblings.len() == path_length(self.index, self.width)", "true"),
    (11, PRIMITIVES, "xcmp/tree.rs", "&& tree_root_hash(self.width, self.top) == root", ""),
    (12, PRIMITIVES, "xcmp/tree.rs", "&& verify_proof::<TreeInner, _, _>(", "&& true | verify_proof::<TreeInner, _, _>("),
    (13, PRIMITIVES, "xcmp/delivery.rs", "if count > self.leaf.sent_count {", "if false {"),
    (14, PRIMITIVES, "xcmp/frontier.rs",
     "return ensure(proof.is_empty() && self.root() == root);", "return ensure(self.root() == root);"),
    (15, PRIMITIVES, "xcmp/frontier.rs",
     "return ensure(proof.is_empty() && self.root() == root);", "return ensure(proof.is_empty());"),
    (16, PRIMITIVES, "xcmp/frontier.rs", "return ensure(proof.is_empty());", "return Ok(());"),
    (17, PRIMITIVES, "xcmp/frontier.rs", "ensure(positions.len() == proof.len())?;", ""),
    (18, PRIMITIVES, "xcmp/frontier.rs", "ensure(calculated == Ok(root))", "Ok(())"),
    (19, PRIMITIVES, "xcmp/frontier.rs", "if count > MAX_COUNT {", "if false {"),
    (20, PRIMITIVES, "xcmp/digest.rs",
     "Header::<u32, BlakeTwo256>::decode_all(&mut &*head)",
     "<Header<u32, BlakeTwo256> as codec::Decode>::decode(&mut &*head)"),
    (21, PRIMITIVES, "xcmp/digest.rs",
     "DigestItem::Consensus(ENGINE_ID, data) => Some(",
     "DigestItem::PreRuntime(ENGINE_ID, data) | DigestItem::Seal(ENGINE_ID, data)\n"
     "        | DigestItem::Consensus(ENGINE_ID, data) => Some("),
    (22, PRIMITIVES, "xcmp/digest.rs",
     "DigestItem::Consensus(ENGINE_ID, data) => Some(", "DigestItem::Consensus(_, data) => Some("),
    (23, PRIMITIVES, "xcmp/digest.rs", "if ours.next().is_some() {", "if false {"),
    (24, PRIMITIVES, "xcmp/digest.rs",
     "<[u8; 32]>::try_from(root)", "<[u8; 32]>::try_from(root.get(..32).unwrap_or(&[0; 32]))"),
    (25, PRIMITIVES, "xcmp/digest.rs", "if version != VERSION {", "if false {"),
    (26, RELAY, "heads.rs",
     "Some(previous) if number <= previous.number => previous.generation.saturating_add(1),", ""),
    (27, RELAY, "heads.rs", "NextGeneration::<T>::take(para).unwrap_or_default()", "0"),
    (28, CHANNELS, "roots.rs", "if latest.relay_block < next.relay_block {", "if false {"),
    (29, CHANNELS, "roots.rs", "if begins_anew {", "if false {"),
    (30, CHANNELS, "roots.rs", "if was_seen {", "if false {"),
    (31, CHANNELS, "roots.rs", "KnownRoots::<T>::remove(sender, oldest);", ""),
    (32, CHANNELS, "lib.rs", "ensure_authorized(origin)?;", ""),
    (33, CHANNELS, "delivery.rs", "if observed < channel.heard_at {", "if false {"),
    (34, CHANNELS, "delivery.rs", "let is_current = observed >= channel.heard_at;", "let is_current = true;"),
    (35, CHANNELS, "calls.rs", "ensure!(received.is_sound(), Error::UnsoundFrontier);", ""),
    (36, PRIMITIVES, "xcmp/frontier.rs", "&& u32::try_from(self.peaks.len()) == Ok(self.count.count_ones())", ""),
    (37, PRIMITIVES, "xcmp/frontier.rs", "self.count <= MAX_COUNT && u32::try_from(", "u32::try_from("),
]


# The document


def documented():
    """Of each number in the document what the line checks, and the names of the tests that hold it."""
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \| [^|]+ \| ([^|]+) \|$", DOCUMENT.read_text(), re.MULTILINE)
    return {int(number): (what, re.findall(r"`([^`]+)`", tests)) for number, what, tests in rows}


def misfits(rows):
    numbers = [number for number, *_ in MUTANTS]
    for number in sorted(set(rows) ^ set(numbers)):
        there, missing = ("docs/xcmp.md", "a mutant here") if number in rows else ("a mutant", "its row in docs/xcmp.md")
        yield f"number {number} has {there}, and not {missing}: add it"
    for number in sorted(number for number in rows if not rows[number][1]):
        yield f"number {number} names no test in docs/xcmp.md: name one that fails without the line"
    for number, crate, file, line, _ in MUTANTS:
        times = (CHECKOUT / crate / "src" / file).read_text().count(line)
        if times != 1:
            yield f"{crate}/src/{file}: mutant {number} needs this once, and it is there {times} times: {line}"


# The copy


def copy_of_checkout(to):
    """Copies the checkout, with the crates under test at another place in it, and each of them as a test by name.

    Cargo tells crates of a workspace apart by their place in it. So the mutants leave alone what was compiled of the
    checkout, and as the workspace is otherwise the same one, all dependencies are there already.
    """
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(CHECKOUT, to, symlinks=True, ignore=shutil.ignore_patterns(".git", "target", "dist", "node_modules"))
    workspace = to / "Cargo.toml"
    for crate in CRATES:
        moved = place_of(to, crate)
        moved.parent.mkdir(parents=True, exist_ok=True)
        (to / crate).rename(moved)
        workspace.write_text(workspace.read_text().replace(f'"{crate}"', f'"{moved.relative_to(to)}"'))
        manifest = moved / "Cargo.toml"
        as_test = f'\n[[test]]\nname = "{test_of(crate)}"\npath = "src/lib.rs"\n'
        manifest.write_text(manifest.read_text() + as_test)
        if crate == CHANNELS:
            # No crate under test needs it as a library.
            manifest.write_text(manifest.read_text().replace("[package]", "[package]\nautolib = false", 1))
        # What was compiled last may have been a mutant, which is younger than the files of the checkout.
        for source in moved.rglob("*.rs"):
            source.touch()


def place_of(copy, crate):
    return copy / "mutated" / crate


def test_of(crate):
    return "mutants_" + re.sub(r"\W", "_", crate)


# The tests


class Broken(Exception):
    """The mutant could not be tried."""


def run_tests(copy, crates):
    """Returns which tests of the crates failed, by name and with how they did, and which forgeries were accepted."""
    targets = [argument for crate in crates for argument in ("--test", test_of(crate))]
    command = ["timeout", "--foreground", "--kill-after=10", str(LIMIT_SECONDS), "cargo", "nextest", "run", "--release",
               "--locked", "--offline", "--workspace", "--color=never", "--profile=mutants", *targets]
    environment = {**os.environ, "CARGO_INCREMENTAL": "1", "SERIN_TIER": "test"}
    done = subprocess.run(command, cwd=copy, env=environment, text=True, errors="replace",
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode not in (0, TESTS_FAILED):
        raise Broken(f"it does not compile, or its tests cannot be run:\n{done.stdout}")
    lines = re.findall(r"^ *([A-Z]+) \[[^]]*\] *(?:\([^)]*\))? *\S+ (\S+)$", done.stdout, re.MULTILINE)
    red = {path.rpartition("::")[2]: status for status, path in lines if status != "PASS"}
    if (done.returncode == TESTS_FAILED) != bool(red):
        raise Broken(f"what the runner says was not understood:\n{done.stdout}")
    return red, set(re.findall(r"^ *accepted: (.+), \d+\.\.\d+ of \d+$", done.stdout, re.MULTILINE))


def list_of(red, forgeries):
    tests = ", ".join(test if status == "FAIL" else f"{test} ({status})" for test, status in sorted(red.items()))
    return tests + ("; accepted: " + ", ".join(sorted(forgeries)) if forgeries else "")


def try_mutant(copy, mutant, held_by):
    """Returns whether the mutant was caught as documented, and what is to be said of it."""
    number, crate, file, line, other = mutant
    path = place_of(copy, crate) / "src" / file
    original = path.read_text()
    path.write_text(original.replace(line, other))
    try:
        red, forgeries = run_tests(copy, [crate])
    except Broken as broken:
        return False, f"was not tried: {broken}"
    finally:
        path.write_text(original)
    if not red:
        return False, "SURVIVED: no test fails without this line. Add one, or take the line out"
    missing = [name for name in held_by if not any(is_named(name, it) for it in [*red, *forgeries])]
    if missing:
        return False, f"still passes: {', '.join(missing)}, which docs/xcmp.md names. Fail: {list_of(red, forgeries)}"
    return True, f"{len(red)} fail: {list_of(red, forgeries)}"


def is_named(name, test):
    return test.startswith(name[:-1]) if name.endswith("…") else test == name


def main(arguments):
    rows = documented()
    findings = list(misfits(rows))
    if findings:
        sys.exit("\n".join(f"xcmp_mutants: {finding}" for finding in findings))
    if arguments == ["--check"]:
        return
    chosen = [mutant for mutant in MUTANTS if not arguments or str(mutant[0]) in arguments]
    if len(chosen) < len(arguments):
        sys.exit(f"xcmp_mutants: {' '.join(arguments)}: give numbers from 1 to {len(MUTANTS)}")

    if "SERIN_TARGET" not in os.environ:
        sys.exit("xcmp_mutants: the Makefile says where to compile: run `make mutants`")
    copy = pathlib.Path(os.environ["SERIN_TARGET"]) / "mutants"
    began = time.monotonic()
    copy_of_checkout(copy)
    try:
        red, forgeries = run_tests(copy, [crate for crate in CRATES if any(crate == mutant[1] for mutant in chosen)])
    except Broken as broken:
        sys.exit(f"xcmp_mutants: without a mutant, {broken}")
    if red:
        sys.exit(f"xcmp_mutants: these tests fail without a mutant: {list_of(red, forgeries)}. Repair them first")
    print(f"without a mutant every test passes ({time.monotonic() - began:.0f} s)", flush=True)

    caught = 0
    for mutant in chosen:
        what, held_by = rows[mutant[0]]
        start = time.monotonic()
        is_caught, words = try_mutant(copy, mutant, held_by)
        caught += is_caught
        verdict = "caught" if is_caught else "FAILED"
        print(f"{verdict} {mutant[0]:>2} ({time.monotonic() - start:.0f} s) {what}: {words}", flush=True)
    print(f"{caught} of {len(chosen)} mutants caught, {(time.monotonic() - began) / 60:.0f} min")
    sys.exit(caught < len(chosen))


if __name__ == "__main__":
    main(sys.argv[1:])
