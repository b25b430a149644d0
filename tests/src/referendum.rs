// SPDX-License-Identifier: GPL-3.0-only
//! A referendum on a running network that must take its whole way.

use crate::chain::Chain;
use anyhow::{ensure, Result};
use frame_system::RawOrigin;
use pallet_referenda::ReferendumIndex;
use serin_node::demo::{
    referendum::{self, Enactment, Proposal, Stage, VOTE, VOTERS},
    Narrator, Voice,
};
use serin_runtime::{Balance, OriginCaller, Runtime, RuntimeCall, RuntimeEvent};
use sp_keyring::Sr25519Keyring;
use std::time::Duration;

/// Bounds the wait for a stage, many times what the periods of local networks add up to.
const STAGE_LIMIT: Duration = Duration::from_secs(900);

/// The stages of a referendum that passes.
const PATH: [Stage; 5] =
    [Stage::Submitted, Stage::DecisionStarted, Stage::ConfirmationStarted, Stage::Confirmed, Stage::Enacted(Ok(()))];

/// Has root dispatch `call`. Returns all events from its submission to its dispatch, read from finalized blocks.
pub async fn enact_as_root(chain: &Chain, call: RuntimeCall) -> Result<Vec<RuntimeEvent>> {
    let proposal = Proposal { origin: OriginCaller::system(RawOrigin::Root), call };
    Ok(enact(chain, proposal).await?.events)
}

/// Has the holders decide for the proposal, none of whom has a majority.
pub async fn enact(chain: &Chain, proposal: Proposal) -> Result<Enactment> {
    ensure_no_majority(chain).await?;
    let narrator = Narrator::new(Voice::Stdout);
    let enactment = referendum::enact(chain.library(), proposal, &narrator, STAGE_LIMIT).await?;
    ensure_path(&enactment.events, enactment.index)?;
    Ok(enactment)
}

async fn ensure_no_majority(chain: &Chain) -> Result<()> {
    let key = pallet_balances::TotalIssuance::<Runtime>::hashed_key();
    let issuance = chain.read::<Balance>(&key, chain.finalized().await?.hash).await?.unwrap_or_default();
    ensure!(2 * VOTE < issuance, "{VOTE} is a majority of {issuance}: the test would show nothing");
    Ok(())
}

/// Fails unless the referendum took its whole way, and exactly the voters voted.
pub fn ensure_path(events: &[RuntimeEvent], index: ReferendumIndex) -> Result<()> {
    let path = events.iter().filter_map(|event| referendum::stage(event, index)).collect::<Vec<_>>();
    ensure!(path == PATH, "referendum {index} went this way: {path:?}");

    let mut voters = events.iter().filter_map(|event| referendum::voter(event, index)).collect::<Vec<_>>();
    let mut expected = VOTERS.map(Sr25519Keyring::to_account_id).to_vec();
    voters.sort();
    expected.sort();
    ensure!(voters == expected, "referendum {index} was voted on by {voters:?}");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_without_votes_is_refused() {
        let confirmed = RuntimeEvent::Referenda(pallet_referenda::Event::ConfirmStarted { index: 0 });
        let told = ensure_path(&[confirmed], 0).unwrap_err().to_string();
        assert!(told.contains("[ConfirmationStarted]"), "{told}");
    }
}
