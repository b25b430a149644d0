// SPDX-License-Identifier: GPL-3.0-only
//! The nodes of one parachain, of which one at a time is asked.

use crate::xcmp::{parachain::Parachain, Result};
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Mutex;

pub struct Endpoint {
    first: String,
    /// What to turn to when the first does not answer.
    others: RwLock<Vec<String>>,
    current: Mutex<Option<Arc<Parachain>>>,
}

impl Endpoint {
    pub fn new(url: &str) -> Self {
        Self { first: url.to_owned(), others: RwLock::default(), current: Mutex::default() }
    }

    /// Another node of the same parachain.
    pub fn add(&self, url: &str) {
        self.others.write().unwrap_or_else(PoisonError::into_inner).push(url.to_owned());
    }

    /// The connection, made anew if there is none. The error is that of the first node.
    pub async fn connect(&self) -> Result<Arc<Parachain>> {
        let mut current = self.current.lock().await;
        if let Some(parachain) = current.as_ref().filter(|parachain| parachain.is_connected()) {
            return Ok(parachain.clone());
        }
        let parachain = Arc::new(self.connect_to_any().await?);
        *current = Some(parachain.clone());
        Ok(parachain)
    }

    /// Gives the connection up: the next one sees the runtime as it is by then.
    pub async fn forget(&self) {
        self.current.lock().await.take();
    }

    async fn connect_to_any(&self) -> Result<Parachain> {
        let first = Parachain::connect(&self.first).await;
        if first.is_ok() {
            return first;
        }
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner).clone();
        for url in others {
            if let Ok(parachain) = Parachain::connect(&url).await {
                return Ok(parachain);
            }
        }
        first
    }
}
