// SPDX-License-Identifier: GPL-3.0-only
//! A validator that backs garbage: it is disputed, and loses its stake.

use super::garbage;
use crate::{BLOCKS_ON, FIRST, LIMIT, VALIDATORS, WITH_CORE};
use anyhow::{ensure, Context, Result};
use polkadot_runtime_parachains::disputes::{self, DisputeResult};
use rand::{rngs::StdRng, seq::SliceRandom};
use serin_node::network::{LocalNetwork, Role};
use serin_runtime::{
    genesis_config_presets::{stash, validator_name},
    AccountId, BlockNumber, Runtime, RuntimeEvent,
};
use serin_tests::{binary::beside_the_tests, chain::Chain, process::Running};
use std::{fs, ops::RangeInclusive, process::Command, time::Duration};

type StakingEvent = pallet_staking::Event<Runtime>;
type DisputesEvent = disputes::Event<Runtime>;

/// Each session the validators are dealt to the cores anew: within twenty, the one that backs garbage has had a core to which
/// garbage is offered.
const OFFENCE_LIMIT: Duration = Duration::from_secs(1_200);
/// How many finalized blocks are to follow.
const FINALIZED_ON: BlockNumber = 5;

/// One validator is replaced by one that backs garbage, and each parachain's collator by one that offers it. What it backs is
/// found invalid by the others, which go on; it is slashed and disabled, and nobody else is.
pub async fn is_disputed(network: &LocalNetwork, chain: &Chain, rng: &mut StdRng) -> Result<()> {
    let others = network.nodes().into_iter().filter(|node| node.role == Role::Validator && node.name != FIRST);
    let others = others.map(|node| node.name).collect::<Vec<_>>();
    let adversary = others.choose(rng).context("there are other validators")?;
    let from = chain.finalized().await?.number;
    println!("{adversary} backs garbage, from block {from} on");

    let mut processes = vec![replace(network, adversary).await?];
    for node in network.nodes().into_iter().filter(|node| node.role == Role::Collator) {
        network.kill(&node.name).await?;
    }
    processes.extend(WITH_CORE.map(|para| garbage::start_collator(network, para)));

    let is_slash = |event: &RuntimeEvent| match event {
        RuntimeEvent::Staking(StakingEvent::SlashReported { validator, .. }) => Some(validator.clone()),
        _ => None,
    };
    let (slashed_in, _) = chain.wait_event("slash", from, OFFENCE_LIMIT, is_slash).await?;
    network.wait_finalized_on(FIRST, slashed_in.number + FINALIZED_ON, LIMIT).await.context("after the slash")?;
    let last = chain.finalized().await?.number;
    only_it_was_punished(chain, from..=last, &account_of(adversary)?).await?;
    ensure!(processes.iter_mut().all(|process| !process.has_ended()), "an adversary ended before it was to");

    drop(processes);
    network.restart(adversary).await?;
    for node in network.nodes().into_iter().filter(|node| node.role == Role::Collator) {
        network.restart(&node.name).await?;
    }
    for id in WITH_CORE {
        network.wait_included(id, network.included(id)? + BLOCKS_ON, LIMIT).await.context("with honest nodes back")?;
    }
    Ok(())
}

/// The launcher names nodes after the validators, in small letters.
fn account_of(node: &str) -> Result<AccountId> {
    let name = (0..VALIDATORS).map(validator_name).find(|name| name.to_lowercase() == node);
    Ok(stash(&name.with_context(|| format!("{node} is no genesis validator"))?))
}

/// Starts the adversary with the command line of the node in whose place it comes.
async fn replace(network: &LocalNetwork, name: &str) -> Result<Running> {
    let report = network.status().await.nodes.into_iter().find(|node| node.name == name);
    let pid = report.and_then(|report| report.pid).with_context(|| format!("{name} does not run"))?;
    let line = fs::read_to_string(format!("/proc/{pid}/cmdline")).context("its command line")?;
    network.kill(name).await?;
    let mut command = Command::new(beside_the_tests("adversary"));
    command.arg("validator").args(line.split_terminator('\0').skip(1));
    Ok(Running::start(command))
}

async fn only_it_was_punished(chain: &Chain, blocks: RangeInclusive<BlockNumber>, offender: &AccountId) -> Result<()> {
    let (mut disputes, mut is_disabled) = (0, false);
    for (number, event) in chain.events_of(blocks).await? {
        match event {
            RuntimeEvent::ParasDisputes(DisputesEvent::DisputeConcluded(candidate, result)) => {
                println!("block {number}: the dispute about {candidate:?} ended: {result:?}");
                ensure!(matches!(result, DisputeResult::Invalid), "an honest candidate was disputed");
                disputes += 1;
            }
            RuntimeEvent::Staking(StakingEvent::SlashReported { validator, fraction, .. }) => {
                println!("block {number}: slash of {fraction:?} reported");
                ensure!(validator == *offender, "{validator:?} was slashed, who did nothing");
            }
            RuntimeEvent::Session(pallet_session::Event::ValidatorDisabled { validator }) => {
                println!("block {number}: disabled");
                ensure!(validator == *offender, "{validator:?} was disabled, who did nothing");
                is_disabled = true;
            }
            _ => {}
        }
    }
    ensure!(disputes > 0 && is_disabled, "{disputes} disputes; disabled: {is_disabled}");
    let last = chain.finalized().await?;
    let slashed = chain.count_keys("Staking", "SlashingSpans", last.hash).await?;
    ensure!(slashed == 1, "{slashed} accounts have been slashed");
    Ok(())
}
