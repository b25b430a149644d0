// SPDX-License-Identifier: GPL-3.0-only
//! Proves to the chain that blocks are final: takes the justification of a round from GRANDPA as it ends, reduces it to what
//! the runtime wants, and submits it as a signed `validator_count.note_finality`.
//!
//! It does so as often in an era as the plan asks for it, and once without a plan, if the proof would count; one transaction is
//! on its way at most. A proof that counts is free; the account pays its fee first and gets it back.

mod demand;
mod key;
mod pool;
mod proof;

pub use key::{ReporterKey, KEY_TYPE};

use crate::{chain_view::ChainView, demo::runtimes::Terms};
use demand::Demand;
use pool::{Pool, Submission};
use proof::Proof;
use sc_service::RpcHandlers;
use serin_runtime::{BlockNumber, Hash, Nonce};
use std::time::Duration;
use tokio::time::sleep;

/// A subscription that cannot keep up is ended by the server; nothing is lost by a pause, as the next round tells more.
const RESUBSCRIBE_AFTER: Duration = Duration::from_secs(10);
/// After so many blocks a transaction that is in none of them is sent again, with a newer proof.
const PATIENCE: BlockNumber = 16;

/// Submits justifications as long as the node runs.
pub struct Reporter {
    chain: ChainView,
    key: ReporterKey,
    pool: Pool,
    on_its_way: Option<OnItsWay>,
    /// What was told last: the same trouble is told once.
    trouble: Option<String>,
}

/// A transaction that was sent.
#[derive(Clone, Copy, Debug)]
struct OnItsWay {
    nonce: Nonce,
    /// The best block when it was sent.
    since: BlockNumber,
}

impl OnItsWay {
    /// Whether it may still come into a block. `nonce`: that of the account's next transaction.
    const fn may_still_come(self, nonce: Nonce, best: BlockNumber) -> bool {
        nonce <= self.nonce && best < self.since.saturating_add(PATIENCE)
    }
}

impl Reporter {
    pub fn new(chain: ChainView, key: ReporterKey, rpc: RpcHandlers) -> Self {
        Self { chain, key, pool: Pool::new(rpc), on_its_way: None, trouble: None }
    }

    pub async fn run(mut self) {
        log::info!("finality is reported by {}", self.key.account());
        // Told at the start, and not eras later when the first proof is due.
        if let Err(trouble) = self.key.pair() {
            self.tell(&trouble);
        }
        loop {
            match self.pool.justifications().await {
                Ok(mut justifications) => {
                    while let Some(justification) = justifications.next().await {
                        if let Err(trouble) = self.consider(&justification).await {
                            self.tell(&trouble);
                        }
                    }
                }
                Err(error) => self.tell(&format!("GRANDPA's justifications cannot be followed: {error}")),
            }
            sleep(RESUBSCRIBE_AFTER).await;
        }
    }

    /// Submits the justification if that is of use now. The error is for the operator.
    async fn consider(&mut self, justification: &[u8]) -> Result<(), String> {
        let Some(proof) = Proof::decode(justification) else {
            return Err("GRANDPA's justification is of an unknown form; update this executable".to_owned());
        };
        let (best, at) = self.chain.best();
        let status = match self.chain.status(at) {
            Ok(status) => status,
            // A runtime without the pallet, which asks for nothing.
            Err(error) => {
                log::debug!("no proof of finality is asked for: {error}");
                return Ok(());
            }
        };
        let timing = self.chain.timing(at).map_err(|error| error.to_string())?;
        if !(Demand { status: &status, timing: &timing, best }).wants(proof.block()) {
            return Ok(());
        }
        let nonce = self.chain.nonce(at, self.key.account()).map_err(|error| error.to_string())?;
        if self.on_its_way.is_some_and(|sent| sent.may_still_come(nonce, best)) || self.pool.node_is_syncing().await {
            return Ok(());
        }
        self.submit(proof, best, at, nonce).await
    }

    async fn submit(&mut self, proof: Proof, best: BlockNumber, at: Hash, nonce: Nonce) -> Result<(), String> {
        let set = self.chain.authority_set(at).map_err(|error| error.to_string())?;
        let block = proof.block();
        let Some(call) = proof.into_call(set) else {
            // Of the authorities before a change, which the runtime does not know any more. The next one will do.
            log::debug!("block {block} was made final by an authority set that is gone");
            return Ok(());
        };
        let (spec_version, transaction_version) = self.chain.versions(at).map_err(|error| error.to_string())?;
        let terms = Terms { nonce, genesis_hash: self.chain.genesis_hash(), spec_version, transaction_version };
        let extrinsic = self.key.sign(call, &terms)?;
        let account = self.key.account();
        match self.pool.submit(&extrinsic).await {
            Submission::Taken => log::info!("sent the proof that block {block} is final"),
            // From before a restart of this node, or from another one with the same account.
            Submission::AnotherWaits => log::debug!("another transaction of {account} waits for a block"),
            Submission::NoFunds => {
                return Err(format!(
                    "{account} cannot pay the fee; send it some of the token, what counts is paid back"
                ))
            }
            Submission::Refused(reason) => return Err(format!("the proof was refused: {reason}")),
        }
        self.on_its_way = Some(OnItsWay { nonce, since: best });
        self.trouble = None;
        Ok(())
    }

    fn tell(&mut self, trouble: &str) {
        if self.trouble.as_deref() != Some(trouble) {
            log::warn!("finality is not reported: {trouble}");
            self.trouble = Some(trouble.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_is_waited_for_until_it_is_in_a_block_or_takes_too_long() {
        let sent = OnItsWay { nonce: 3, since: 100 };
        assert!(sent.may_still_come(3, 100 + PATIENCE - 1));
        assert!(!sent.may_still_come(3, 100 + PATIENCE));
        assert!(!sent.may_still_come(4, 101), "it is in a block");
    }
}
