// SPDX-License-Identifier: GPL-3.0-only
//! Waiting for what chains do, without silence and not for ever.

use super::{
    error::{Error, Result},
    Narrator,
};
use crate::network::rpc;
use futures::{stream::SelectAll, StreamExt};
use jsonrpsee::core::client::{Error as RpcError, Subscription};
use std::time::Duration;
use tokio::time::{timeout_at, Instant};

/// How long to say nothing.
const SILENCE: Duration = Duration::from_secs(20);

/// The heads of some chains as they come.
pub type Heads = SelectAll<Subscription<rpc::Header>>;

/// The rhythm of a wait: it goes on with each new head of any of the chains, says now and then what for, and ends.
pub struct Pulse<'a> {
    heads: Heads,
    narrator: &'a Narrator,
    timeout: Duration,
    deadline: Instant,
    word: Instant,
}

impl<'a> Pulse<'a> {
    /// `timeout`: how long to wait for any one thing.
    pub fn new(heads: Heads, narrator: &'a Narrator, timeout: Duration) -> Self {
        let now = Instant::now();
        Self { heads, narrator, timeout, deadline: now + timeout, word: now + SILENCE }
    }

    /// Something came of the wait; the next one has all its time.
    pub fn renew(&mut self) {
        let now = Instant::now();
        (self.deadline, self.word) = (now + self.timeout, now + SILENCE);
    }

    /// Returns when a chain has a new head. `what` is waited for.
    pub async fn beat(&mut self, what: &str) -> Result<()> {
        loop {
            match timeout_at(self.deadline.min(self.word), self.heads.next()).await {
                Ok(Some(Ok(_))) => return Ok(()),
                Ok(Some(Err(error))) => return Err(closed(RpcError::ParseError(error))),
                Ok(None) => return Err(closed(RpcError::Custom("the nodes ended their reports of blocks".to_owned()))),
                Err(_) if Instant::now() >= self.deadline => {
                    return Err(Error::Timeout { what: what.to_owned(), seconds: self.timeout.as_secs() });
                }
                Err(_) => {
                    self.narrator.tell(&format!("waiting for the {what}"));
                    self.word = Instant::now() + SILENCE;
                }
            }
        }
    }
}

fn closed(source: RpcError) -> Error {
    Error::Rpc { chain: "the network".to_owned(), source }
}
