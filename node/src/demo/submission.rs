// SPDX-License-Identifier: GPL-3.0-only
//! A transaction from its signature to the finalized block that has it.

use super::{
    chain::{BlockId, Chain},
    error::{Error, Result},
    runtimes::{Hash, Note, Runtime},
};
use jsonrpsee::{
    core::client::{Subscription, SubscriptionClientT},
    rpc_params,
};
use serde_json::Value;
use sp_core::{sr25519, Bytes};
use std::time::Duration;
use tokio::time::timeout;

/// Bounds the wait for what a healthy chain does within a few blocks: a transaction in a finalized block.
pub const INCLUSION_LIMIT: Duration = Duration::from_secs(180);

/// A transaction that has succeeded in a finalized block, with the events it left there.
#[derive(Clone, Debug)]
pub struct Finalized<E> {
    pub block: BlockId,
    pub events: Vec<E>,
}

impl<R: Runtime> Chain<R> {
    /// Signs `call`, sends it, and waits until it is in a finalized block. Fails with the name of the error, as in
    /// `System(Unauthorized)`, when its dispatch failed.
    pub async fn submit(&self, signer: &sr25519::Pair, call: R::Call) -> Result<Finalized<R::Event>> {
        let extrinsic = self.sign(signer, call).await?;
        let in_time = timeout(INCLUSION_LIMIT, self.watch(&extrinsic)).await;
        let hash = in_time.map_err(|_| Error::Timeout {
            what: "transaction in a finalized block".to_owned(),
            seconds: INCLUSION_LIMIT.as_secs(),
        })??;
        let block = self.block(self.id(hash).await?).await?;
        let events = block.events_of(&extrinsic);
        let events = events.ok_or_else(|| self.answer("a block", format!("{hash:?} lacks the transaction")))?;
        let events = events.cloned().collect::<Vec<_>>();
        match outcome::<R>(&events) {
            Some(Ok(())) => Ok(Finalized { block: block.id, events }),
            Some(Err(reason)) => Err(self.refused("the transaction in its block", reason)),
            None => Err(self.answer("the events of a transaction", "they tell no outcome")),
        }
    }

    /// Sends the transaction; returns the finalized block that has it.
    async fn watch(&self, extrinsic: &[u8]) -> Result<Hash> {
        let (begin, end) = ("author_submitAndWatchExtrinsic", "author_unwatchExtrinsic");
        let updates = self.client().subscribe(begin, rpc_params![Bytes(extrinsic.to_vec())], end).await;
        let mut updates: Subscription<Value> = updates.map_err(|error| self.refusal(error))?;
        let mut last = Value::Null;
        while let Some(update) = updates.next().await {
            last = update.map_err(|error| self.answer("the state of a transaction", error.to_string()))?;
            if let Some(hash) = last.get("finalized") {
                let hash = serde_json::from_value(hash.clone());
                return hash.map_err(|error| self.answer("a hash", error.to_string()));
            }
            let has_ended = ["usurped", "finalityTimeout"].iter().any(|state| last.get(state).is_some());
            if has_ended || last == "dropped" || last == "invalid" {
                return Err(self.refused("the transaction", format!("it ended as {last}")));
            }
        }
        Err(self.answer("the state of a transaction", format!("nothing followed on {last}")))
    }
}

/// How a transaction with these events ended.
fn outcome<R: Runtime>(events: &[R::Event]) -> Option<Result<(), String>> {
    events.iter().filter_map(R::note).find_map(|note| match note {
        Note::Succeeded => Some(Ok(())),
        Note::Failed(reason) => Some(Err(reason)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::runtimes::Relay;
    use sp_runtime::DispatchError;

    #[test]
    fn a_transaction_without_an_outcome_is_no_success() {
        let failed = frame_system::Event::<serin_runtime::Runtime>::ExtrinsicFailed {
            dispatch_error: DispatchError::BadOrigin,
            dispatch_info: Default::default(),
        };
        assert_eq!(outcome::<Relay>(&[failed.into()]), Some(Err("BadOrigin".to_owned())));
        assert_eq!(outcome::<Relay>(&[]), None);
    }
}
