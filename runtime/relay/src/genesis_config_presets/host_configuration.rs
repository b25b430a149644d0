// SPDX-License-Identifier: GPL-3.0-only
//! The parachain host's configuration at genesis. Every field is set: the library's defaults switch approvals, node
//! features and message queues off.
//!
//! What differs between Kusama's figures, which `serin` has, and networks of four validators:
//!
//! | field | `serin` | others | why |
//! | --- | --- | --- | --- |
//! | `needed_approvals` | 30 | 1 | more than there are checkers approves unchecked; 2 of 4 stalls finality when one dies |
//! | `max_validators_per_core` | 5 | 1 | of four, three check what one backs: with one dead, the other two are more than a third |
//! | `minimum_backing_votes` | 2 | 1 | a group has one validator |
//! | `relay_vrf_modulo_samples` | 6 | 2 | each of four checks two candidates: all are checked |
//! | `n_delay_tranches` | 300 | 25 | four checkers need no 300 turns |
//! | `validation_upgrade_cooldown`, `_delay` | a day, an hour | 2 blocks | so that tests see an upgrade |
//! | `code_retention_period` | 12 hours | 1200 blocks | the same, in blocks of a short network |
//! | `minimum_validation_upgrade_delay` | 20 | 5 | as above |
//! | `paras_availability_period` | 10 | 4 | a candidate whose availability fails frees its core sooner |
//! | `hrmp` deposits | 5 KSM | 0 | parachains of a test network have no funds |
//!
//! `serin` is made for Kusama's number of validators. Until a set has `needed_approvals` more validators than a backing group,
//! about 35, the node approves candidates without checking them: a smaller network with parachains lowers the figure.

use super::Preset;
use crate::{
    constants::{
        currency::{QUID, UNITS},
        time::{DAYS, HOURS},
    },
    BlockNumber,
};
use polkadot_primitives::{
    node_features::FeatureIndex, vstaging::SchedulerParams, ApprovalVotingParams, AsyncBackingParams, ExecutorParams,
    NodeFeatures, MAX_CODE_SIZE, MAX_POV_SIZE,
};
use polkadot_runtime_parachains::configuration::HostConfiguration;
use sp_runtime::Perbill;

const KIB: u32 = 1_024;
const MIB: u32 = 1_024 * KIB;

pub(super) fn host_configuration(preset: Preset) -> HostConfiguration<BlockNumber> {
    let common = common();
    match preset {
        Preset::Serin => common,
        Preset::Local | Preset::Fast | Preset::Development => HostConfiguration {
            needed_approvals: 1,
            minimum_backing_votes: 1,
            relay_vrf_modulo_samples: 2,
            n_delay_tranches: 25,
            zeroth_delay_tranche_width: 0,
            validation_upgrade_cooldown: 2,
            validation_upgrade_delay: 2,
            minimum_validation_upgrade_delay: 5,
            code_retention_period: 1_200,
            hrmp_sender_deposit: 0,
            hrmp_recipient_deposit: 0,
            scheduler_params: SchedulerParams {
                max_validators_per_core: Some(1),
                lookahead: 5,
                group_rotation_frequency: 20,
                paras_availability_period: 4,
                ..common.scheduler_params
            },
            ..common
        },
    }
}

/// Kusama's figures.
fn common() -> HostConfiguration<BlockNumber> {
    HostConfiguration {
        max_code_size: MAX_CODE_SIZE,
        max_head_data_size: 32 * KIB,
        max_pov_size: MAX_POV_SIZE,
        code_retention_period: 12 * HOURS,
        executor_params: ExecutorParams::default(),

        // Upward. A message must also fit a page of the message queue, 64 KiB.
        max_upward_queue_count: 174_762,
        max_upward_queue_size: MIB,
        max_upward_message_size: 50 * KIB,
        max_upward_message_num_per_candidate: 16,
        max_downward_message_size: 50 * KIB,

        // Between parachains, through the relay chain.
        hrmp_max_message_num_per_candidate: 10,
        hrmp_max_parachain_outbound_channels: 30,
        hrmp_max_parachain_inbound_channels: 30,
        hrmp_sender_deposit: 5 * UNITS,
        hrmp_recipient_deposit: 5 * UNITS,
        hrmp_channel_max_capacity: 1_000,
        hrmp_channel_max_total_size: 100 * KIB,
        hrmp_channel_max_message_size: 100 * KIB,

        // Upgrades of parachains.
        validation_upgrade_cooldown: DAYS,
        validation_upgrade_delay: HOURS,
        minimum_validation_upgrade_delay: 20,
        pvf_voting_ttl: 2,

        // Backing. The node no longer reads `async_backing_params`, but the runtime API still returns them.
        minimum_backing_votes: 2,
        async_backing_params: AsyncBackingParams { max_candidate_depth: 3, allowed_ancestry_len: 2 },
        max_relay_parent_session_age: 0,
        node_features: node_features(),
        scheduler_params: SchedulerParams {
            group_rotation_frequency: 20,
            paras_availability_period: 10,
            max_validators_per_core: Some(5),
            lookahead: 5,
            // Genesis parachains get a core each on top of these.
            num_cores: 0,
            on_demand_queue_max_size: 500,
            on_demand_target_queue_utilization: Perbill::from_percent(25),
            on_demand_fee_variability: Perbill::from_percent(3),
            on_demand_base_fee: QUID / 10,
        },

        // Approval and disputes.
        max_validators: None,
        needed_approvals: 30,
        relay_vrf_modulo_samples: 6,
        no_show_slots: 2,
        n_delay_tranches: 300,
        zeroth_delay_tranche_width: 0,
        approval_voting_params: ApprovalVotingParams { max_approval_coalesce_count: 6 },
        dispute_period: 6,
        dispute_post_conclusion_acceptance_period: HOURS,
    }
}

/// The features that Kusama's validators run with.
fn node_features() -> NodeFeatures {
    let bits = [FeatureIndex::EnableAssignmentsV2, FeatureIndex::ElasticScalingMVP, FeatureIndex::CandidateReceiptV2]
        .into_iter()
        .fold(0_u8, |bits, feature| bits | 1_u8.checked_shl(feature as u32).unwrap_or(0));
    NodeFeatures::from_element(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_has_a_consistent_configuration() {
        for preset in Preset::ALL {
            host_configuration(preset).panic_if_not_consistent();
        }
    }

    #[test]
    fn node_features_are_kusamas() {
        assert_eq!(node_features().iter_ones().collect::<Vec<_>>(), [0, 1, 3]);
    }
}
