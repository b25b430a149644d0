// SPDX-License-Identifier: GPL-3.0-only
//! A collator of garbage.

use crate::{garbage, node};
use polkadot_node_primitives::CollationGenerationConfig;
use polkadot_node_subsystem_types::messages::{CollationGenerationMessage, CollatorProtocolMessage};
use polkadot_primitives::{CollatorPair, Id};
use polkadot_service::{build_full, CollatorOverseerGen, Configuration, Error, IsParachainNode, TaskManager};
use sp_core::Pair;

const ORIGIN: &str = "adversary";

/// Starts the node, and tells it to collate.
pub async fn start(config: Configuration, para_id: Id) -> Result<TaskManager, Error> {
    let (key, _) = CollatorPair::generate();
    let parameters = node::parameters(IsParachainNode::Collator(key.clone()), CollatorOverseerGen);
    let node = build_full(config, parameters)?;
    let overseer = node.overseer_handle;
    let mut overseer = overseer.ok_or_else(|| sc_service::Error::Other("the node has no overseer".into()))?;
    let config = CollationGenerationConfig { key, collator: Some(garbage::collator()), para_id };
    overseer.send_msg(CollationGenerationMessage::Initialize(config), ORIGIN).await;
    overseer.send_msg(CollatorProtocolMessage::CollateOn(para_id), ORIGIN).await;
    Ok(node.task_manager)
}
