// SPDX-License-Identifier: GPL-3.0-only
//! The parachains of a genesis. Their code and heads are known to the node alone, so a preset by itself has none.
//!
//! | state | what it becomes |
//! | --- | --- |
//! | `paras` | all of them, in their order; those with a core get the cores 0, 1, ... |
//! | `hrmp` | [`Transport::Hrmp`]: a channel each way between any two with a core, as wide as the host's configuration allows |
//! | `registrar` | the next free id, above all of theirs: the counter never passes an id that is taken |
//! | `sessionZero` | their managers, which the registrar's own genesis has no place for |

use super::Preset;
use crate::{genesis_config_presets::host_configuration::host_configuration, AccountId};
use alloc::vec::Vec;
use polkadot_primitives::{HeadData, Id as ParaId, ValidationCode};
use polkadot_runtime_parachains::paras::{ParaGenesisArgs, ParaKind};
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};

/// A parachain that is there from genesis on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenesisParachain {
    pub id: ParaId,
    /// Its genesis header, encoded.
    pub head: HeadData,
    pub code: ValidationCode,
    /// The account that counts as the one which registered it, though it has no deposit there.
    pub manager: AccountId,
    pub kind: ParachainKind,
}

/// How a parachain comes to a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ParachainKind {
    /// It has one of its own.
    WithCore,
    /// It buys a core one block at a time.
    OnDemand,
}

/// How the parachains of a genesis send messages to each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// By channels in their own state, which their genesis opens. The relay chain has none.
    #[default]
    Xcmp,
    /// By channels of the relay chain. While they are open the parachains use no others.
    Hrmp,
}

impl Preset {
    /// The genesis of this preset with `validators` validators and these parachains, as a patch of the default genesis.
    ///
    /// Building it panics, as genesis does, when an id is there twice, or when the preset demands deposits for channels:
    /// nobody could have paid them.
    pub fn genesis_with_parachains(
        self,
        validators: u32,
        parachains: &[GenesisParachain],
        transport: Transport,
    ) -> Value {
        let mut genesis = self.genesis(validators);
        if !parachains.is_empty() {
            genesis["paras"] = json!({ "paras": paras(parachains) });
            if transport == Transport::Hrmp {
                genesis["hrmp"] = json!({ "preopenHrmpChannels": self.channels(parachains) });
            }
            genesis["registrar"]["nextFreeParaId"] = json!(self.next_free_para_after(parachains));
            genesis["sessionZero"] = json!({ "managers": managers(parachains) });
        }
        genesis
    }

    /// Sender, recipient, messages at a time, bytes of a message.
    fn channels(self, parachains: &[GenesisParachain]) -> Vec<(ParaId, ParaId, u32, u32)> {
        let host = host_configuration(self);
        let (capacity, message_size) = (host.hrmp_channel_max_capacity, host.hrmp_channel_max_message_size);
        let with_core = || parachains.iter().filter(|para| para.kind == ParachainKind::WithCore).map(|para| para.id);
        with_core()
            .flat_map(|sender| with_core().map(move |recipient| (sender, recipient)))
            .filter(|(sender, recipient)| sender != recipient)
            .map(|(sender, recipient)| (sender, recipient, capacity, message_size))
            .collect()
    }

    fn next_free_para_after(self, parachains: &[GenesisParachain]) -> ParaId {
        let free = self.next_free_para();
        parachains.iter().map(|para| u32::from(para.id).saturating_add(1).into()).fold(free, ParaId::max)
    }
}

fn paras(parachains: &[GenesisParachain]) -> Vec<(ParaId, ParaGenesisArgs)> {
    let arguments = |para: &GenesisParachain| ParaGenesisArgs {
        genesis_head: para.head.clone(),
        validation_code: para.code.clone(),
        para_kind: match para.kind {
            ParachainKind::WithCore => ParaKind::Parachain,
            ParachainKind::OnDemand => ParaKind::Parathread,
        },
    };
    parachains.iter().map(|para| (para.id, arguments(para))).collect()
}

fn managers(parachains: &[GenesisParachain]) -> Vec<(ParaId, AccountId)> {
    parachains.iter().map(|para| (para.id, para.manager.clone())).collect()
}
