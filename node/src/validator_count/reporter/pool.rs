// SPDX-License-Identifier: GPL-3.0-only
//! What the reporter needs of its own node's JSON-RPC, without a connection: the builder of the node hands out neither GRANDPA's
//! stream nor the transaction pool.

use crate::network::rpc::Health;
use jsonrpsee::{
    core::server::{MethodsError, Subscription},
    rpc_params,
};
use sc_service::RpcHandlers;
use serin_runtime::Hash;
use sp_core::Bytes;

/// The pool has this very transaction, or another of the same nonce.
const ALREADY_IMPORTED: i32 = 1013;
const TOO_LOW_PRIORITY: i32 = 1014;
/// How the pool says that the fee cannot be paid.
const UNPAYABLE: &str = "Inability to pay some fees";

/// The JSON-RPC of this node.
pub struct Pool {
    rpc: RpcHandlers,
}

/// What became of a transaction that was handed in.
#[derive(Debug, PartialEq, Eq)]
pub enum Submission {
    Taken,
    /// One of the same nonce waits for a block already.
    AnotherWaits,
    /// The signer cannot pay the fee.
    NoFunds,
    Refused(String),
}

impl Pool {
    pub const fn new(rpc: RpcHandlers) -> Self {
        Self { rpc }
    }

    /// The justification of each round from now on.
    pub async fn justifications(&self) -> Result<Justifications, String> {
        let module = self.rpc.handle();
        let subscribed = module.subscribe_unbounded("grandpa_subscribeJustifications", rpc_params![]).await;
        subscribed.map(Justifications).map_err(|error| error.to_string())
    }

    /// Whether the node is catching up with the chain.
    pub async fn node_is_syncing(&self) -> bool {
        let health = self.rpc.handle().call::<_, Health>("system_health", rpc_params![]).await;
        health.is_ok_and(|health| health.is_syncing)
    }

    /// Hands an encoded transaction to the pool.
    pub async fn submit(&self, extrinsic: &[u8]) -> Submission {
        let parameters = rpc_params![Bytes(extrinsic.to_vec())];
        match self.rpc.handle().call::<_, Hash>("author_submitExtrinsic", parameters).await {
            Ok(_) => Submission::Taken,
            Err(MethodsError::JsonRpc(error)) => {
                let reason = error.data().map_or_else(|| error.message().to_owned(), |data| data.get().to_owned());
                refusal(error.code(), reason)
            }
            Err(error) => Submission::Refused(error.to_string()),
        }
    }
}

/// Justifications as they come, encoded.
pub struct Justifications(Subscription);

impl Justifications {
    /// None when the subscription has ended.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        let (justification, _) = self.0.next::<Bytes>().await?.ok()?;
        Some(justification.0)
    }
}

fn refusal(code: i32, reason: String) -> Submission {
    match code {
        ALREADY_IMPORTED | TOO_LOW_PRIORITY => Submission::AnotherWaits,
        _ if reason.contains(UNPAYABLE) => Submission::NoFunds,
        _ => Submission::Refused(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_runtime::transaction_validity::InvalidTransaction;

    #[test]
    fn a_signer_without_funds_is_told_from_other_refusals() {
        let reason: &str = InvalidTransaction::Payment.into();
        assert_eq!(refusal(1010, reason.to_owned()), Submission::NoFunds);
        let reason: &str = InvalidTransaction::Stale.into();
        assert_eq!(refusal(1010, reason.to_owned()), Submission::Refused(reason.to_owned()));
        assert_eq!(refusal(1014, "Priority is too low".to_owned()), Submission::AnotherWaits);
    }
}
