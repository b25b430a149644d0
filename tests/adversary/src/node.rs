// SPDX-License-Identifier: GPL-3.0-only
//! What all nodes of the relay chain are built from.

use polkadot_service::{IsParachainNode, NewFullParams, OverseerGen};
use std::{collections::HashSet, path::PathBuf};

/// Stands in the place of the PVF workers, which an adversary never starts.
fn workers() -> Option<PathBuf> {
    std::env::current_exe().ok()
}

pub fn parameters<O: OverseerGen>(is_parachain_node: IsParachainNode, overseer_gen: O) -> NewFullParams<O> {
    NewFullParams {
        is_parachain_node,
        enable_beefy: false,
        force_authoring_backoff: false,
        telemetry_worker_handle: None,
        node_version: None,
        secure_validator_mode: false,
        workers_path: workers(),
        workers_names: None,
        execute_workers_max_num: None,
        prepare_workers_soft_max_num: None,
        prepare_workers_hard_max_num: None,
        keep_finalized_for: None,
        overseer_gen,
        overseer_message_channel_capacity_override: None,
        malus_finality_delay: None,
        hwbench: None,
        invulnerable_ah_collators: HashSet::new(),
        collator_protocol_hold_off: None,
        experimental_collator_protocol: false,
        collator_reputation_persist_interval: None,
    }
}
