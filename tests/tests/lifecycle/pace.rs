// SPDX-License-Identifier: GPL-3.0-only
//! What a number of relay blocks brought: the blocks of each parachain, and what each validator did for them.

use super::LIMIT;
use anyhow::{bail, ensure, Context, Result};
use polkadot_primitives::CandidateReceiptV2;
use polkadot_runtime_parachains::inclusion;
use serin_node::network::{LocalNetwork, Role};
use serin_runtime::{BlockNumber, Hash, Runtime, RuntimeEvent};
use serin_tests::{
    chain::{BlockId, Chain},
    metrics,
};
use std::{collections::BTreeMap, time::Duration};
use tokio::task::block_in_place;

/// Bounds the wait for one relay block: many times a slot.
const BLOCK_LIMIT: Duration = Duration::from_secs(30);
/// One block in so many slots is the least: without asynchronous backing a parachain has one in two.
const SLOTS_PER_BLOCK: u64 = 3;
/// What a validator that checks candidates counts, and what it may not have any of.
const ASSIGNMENTS: Counter = Counter("polkadot_parachain_assignments_produced_count", "");
const APPROVALS: Counter = Counter("polkadot_parachain_approvals_produced_total", "status=\"success\"");
const NO_SHOWS: Counter = Counter("polkadot_parachain_approvals_no_shows_total", "");
const INVALID: Counter = Counter("polkadot_parachain_approvals_produced_total", "status=\"invalid\"");
const DISPUTES: Counter = Counter("polkadot_parachain_candidate_disputes_total", "");
const COUNTERS: [Counter; 5] = [ASSIGNMENTS, APPROVALS, NO_SHOWS, INVALID, DISPUTES];

/// A metric, and the label that its samples must have.
#[derive(Clone, Copy)]
struct Counter(&'static str, &'static str);

/// One parachain's candidates in the watched blocks.
#[derive(Default)]
struct Pace {
    backed: u32,
    timed_out: u32,
    /// The relay chain's slots in whose blocks its own were included.
    included: Vec<u64>,
}

/// The slots from the block before the first to the last.
struct Slots {
    begin: u64,
    end: u64,
}

/// Watches the next `blocks` relay blocks. `slot_millis`: the length of their slots. Fails when a parachain falls behind,
/// something is disputed, or a validator approves nothing.
pub async fn watch(network: &LocalNetwork, chain: &Chain, blocks: u32, slot_millis: u32) -> Result<()> {
    let names = network.parachains().into_iter().map(|record| (record.id, record.name)).collect::<BTreeMap<_, _>>();
    let before = validators_counts(network)?;
    let observed = network.nodes().into_iter().next().context("there are nodes")?.name;
    // Candidates of later blocks are approved after the counts above.
    let parent = network.best(&observed).await?;
    let last = parent + blocks;
    network.wait_finalized(last, LIMIT + blocks * BLOCK_LIMIT).await.context("the watched blocks")?;
    let after = validators_counts(network)?;

    let slots = Slots {
        begin: slot(chain, chain.block_at(parent).await?).await?,
        end: slot(chain, chain.block_at(last).await?).await?,
    };
    let paces = paces(chain, parent + 1..=last).await?;
    let paces = names.iter().map(|(id, name)| (name.as_str(), paces.get(id))).collect::<Vec<_>>();
    print_paces(&paces, &slots, blocks, slot_millis);
    let counts = differences(&before, &after)?;
    print_counts(&counts);

    nothing_is_stored_of_disputes(chain).await?;
    let mut candidates = 0;
    for (name, pace) in paces {
        let pace = pace.with_context(|| format!("{name} has no block"))?;
        let included = u64::try_from(pace.included.len())?;
        ensure!(included * SLOTS_PER_BLOCK >= slots.count(), "{name} has {included} blocks in {} slots", slots.count());
        candidates += u32::try_from(included)?;
    }
    ensure_approved(&counts, candidates)
}

impl Slots {
    const fn count(&self) -> u64 {
        self.end - self.begin
    }
}

impl Pace {
    /// The most slots that passed from one block to the next.
    fn longest_wait(&self, slots: &Slots) -> u64 {
        let ends = self.included.iter().copied().chain([slots.end]);
        let begins = std::iter::once(slots.begin).chain(self.included.iter().copied());
        ends.zip(begins).map(|(end, begin)| end - begin).max().unwrap_or_default()
    }
}

/// By id. Fails at the first word of a dispute or an offence.
async fn paces(chain: &Chain, blocks: std::ops::RangeInclusive<BlockNumber>) -> Result<BTreeMap<u32, Pace>> {
    let mut paces = BTreeMap::<u32, Pace>::new();
    for number in blocks {
        let block = chain.content(number).await?;
        let slot = slot(chain, block.id).await?;
        for record in &block.events {
            match &record.event {
                RuntimeEvent::ParaInclusion(inclusion::Event::CandidateBacked(receipt, ..)) => {
                    paces.entry(para(receipt)).or_default().backed += 1;
                }
                RuntimeEvent::ParaInclusion(inclusion::Event::CandidateIncluded(receipt, ..)) => {
                    paces.entry(para(receipt)).or_default().included.push(slot);
                }
                RuntimeEvent::ParaInclusion(inclusion::Event::CandidateTimedOut(receipt, ..)) => {
                    paces.entry(para(receipt)).or_default().timed_out += 1;
                }
                event @ (RuntimeEvent::ParasDisputes(_) | RuntimeEvent::Offences(_)) => {
                    bail!("block {number}: {event:?}")
                }
                _ => {}
            }
        }
    }
    Ok(paces)
}

fn para(receipt: &CandidateReceiptV2<Hash>) -> u32 {
    receipt.descriptor.para_id().into()
}

async fn slot(chain: &Chain, block: BlockId) -> Result<u64> {
    let slot = chain.read::<u64>(&pallet_babe::CurrentSlot::<Runtime>::hashed_key(), block.hash).await?;
    slot.with_context(|| format!("block {} has no slot", block.number))
}

async fn nothing_is_stored_of_disputes(chain: &Chain) -> Result<()> {
    let last = chain.finalized().await?;
    for (pallet, item) in [
        ("ParasDisputes", "Disputes"),
        ("ParasSlashing", "UnappliedSlashes"),
        ("Offences", "Reports"),
        ("Staking", "UnappliedSlashes"),
    ] {
        let count = chain.count_keys(pallet, item, last.hash).await?;
        ensure!(count == 0, "{pallet}.{item} has {count} entries");
    }
    Ok(())
}

/// By validator, in the order of `COUNTERS`.
fn validators_counts(network: &LocalNetwork) -> Result<BTreeMap<String, [f64; COUNTERS.len()]>> {
    let validators = network.nodes().into_iter().filter(|node| node.role == Role::Validator);
    let counts = validators.map(|node| {
        let text = block_in_place(|| metrics::fetch(&node.prometheus_url))?;
        Ok((node.name, COUNTERS.map(|Counter(name, label)| metrics::sum(&text, name, label))))
    });
    counts.collect()
}

fn differences(
    before: &BTreeMap<String, [f64; COUNTERS.len()]>,
    after: &BTreeMap<String, [f64; COUNTERS.len()]>,
) -> Result<BTreeMap<String, [f64; COUNTERS.len()]>> {
    let pairs = after.iter().map(|(name, after)| {
        let before = before.get(name).with_context(|| format!("{name} was not there before"))?;
        let mut counts = *after;
        counts.iter_mut().zip(before).for_each(|(count, before)| *count -= before);
        Ok((name.clone(), counts))
    });
    pairs.collect()
}

/// Every validator has checked candidates, and all of them together each candidate at least once.
fn ensure_approved(counts: &BTreeMap<String, [f64; COUNTERS.len()]>, candidates: u32) -> Result<()> {
    for (name, [assignments, approvals, _, invalid, disputes]) in counts {
        ensure!(*assignments > 0.0 && *approvals > 0.0, "{name} checked no candidate");
        ensure!(
            *invalid == 0.0 && *disputes == 0.0,
            "{name} found {invalid} candidates bad, and saw {disputes} disputes"
        );
    }
    let approvals = counts.values().map(|[_, approvals, ..]| approvals).sum::<f64>();
    ensure!(approvals >= f64::from(candidates), "{approvals} approvals for {candidates} candidates");
    Ok(())
}

fn print_paces(paces: &[(&str, Option<&Pace>)], slots: &Slots, blocks: u32, slot_millis: u32) {
    println!("{blocks} relay blocks in {} slots, {} of them empty", slots.count(), slots.count() - u64::from(blocks));
    println!(
        "{:<12} {:>6} {:>8} {:>7} {:>12} {:>7} {:>9}",
        "parachain", "blocks", "average", "missed", "longest wait", "backed", "timed out"
    );
    for (name, pace) in paces {
        let Some(pace) = pace else { continue };
        let included = u64::try_from(pace.included.len()).unwrap_or(u64::MAX);
        let millis = slots.count() * u64::from(slot_millis);
        let average = millis
            .checked_div(included)
            .map_or_else(|| "none".to_owned(), |each| format!("{}.{:02} s", each / 1_000, each % 1_000 / 10));
        let missed = slots.count().saturating_sub(included);
        println!(
            "{name:<12} {included:>6} {average:>8} {missed:>7} {:>12} {:>7} {:>9}",
            format!("{} slots", pace.longest_wait(slots)),
            pace.backed,
            pace.timed_out
        );
    }
}

fn print_counts(counts: &BTreeMap<String, [f64; COUNTERS.len()]>) {
    println!(
        "{:<12} {:>11} {:>9} {:>8} {:>7} {:>8}",
        "validator", "assignments", "approvals", "no-shows", "invalid", "disputes"
    );
    for (name, [assignments, approvals, no_shows, invalid, disputes]) in counts {
        println!("{name:<12} {assignments:>11} {approvals:>9} {no_shows:>8} {invalid:>7} {disputes:>8}");
    }
}
