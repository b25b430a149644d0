// SPDX-License-Identifier: GPL-3.0-only
//! The node around the collator.

use crate::collator;
use polkadot_node_primitives::CollationGenerationConfig;
use polkadot_node_subsystem_types::messages::{CollationGenerationMessage, CollatorProtocolMessage};
use polkadot_primitives::{CollatorPair, Id};
use polkadot_service::{
    build_full, CollatorOverseerGen, Configuration, Error, IsParachainNode, NewFullParams, TaskManager,
};
use sp_core::Pair;
use std::collections::HashSet;

const ORIGIN: &str = "garbage-collator";

/// Starts the node, and tells it to collate.
pub async fn start(config: Configuration, para_id: Id) -> Result<TaskManager, Error> {
    let (key, _) = CollatorPair::generate();
    let node = build_full(config, parameters(key.clone()))?;
    let mut overseer =
        node.overseer_handle.ok_or_else(|| sc_service::Error::Other("the node has no overseer".into()))?;
    let config = CollationGenerationConfig { key, collator: Some(collator::garbage()), para_id };
    overseer.send_msg(CollationGenerationMessage::Initialize(config), ORIGIN).await;
    overseer.send_msg(CollatorProtocolMessage::CollateOn(para_id), ORIGIN).await;
    Ok(node.task_manager)
}

/// Nothing that concerns validators.
fn parameters(key: CollatorPair) -> NewFullParams<CollatorOverseerGen> {
    NewFullParams {
        is_parachain_node: IsParachainNode::Collator(key),
        enable_beefy: false,
        force_authoring_backoff: false,
        telemetry_worker_handle: None,
        node_version: None,
        secure_validator_mode: false,
        workers_path: None,
        workers_names: None,
        execute_workers_max_num: None,
        prepare_workers_soft_max_num: None,
        prepare_workers_hard_max_num: None,
        keep_finalized_for: None,
        overseer_gen: CollatorOverseerGen,
        overseer_message_channel_capacity_override: None,
        malus_finality_delay: None,
        hwbench: None,
        invulnerable_ah_collators: HashSet::new(),
        collator_protocol_hold_off: None,
        experimental_collator_protocol: false,
        collator_reputation_persist_interval: None,
    }
}
