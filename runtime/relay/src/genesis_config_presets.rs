// SPDX-License-Identifier: GPL-3.0-only
//! The genesis presets: the only source of genesis state.
//!
//! | preset | slot | epoch | era | lease period | purpose |
//! | --- | --- | --- | --- | --- | --- |
//! | `serin` | 6 s | 600 slots | 6 sessions | 6 weeks | production-like, Kusama's figures |
//! | `local` | 6 s | 10 slots | 2 sessions | 2 sessions | local networks, with or without parachains |
//! | `fast` | 4 s | 10 slots | 2 sessions | 2 sessions | local networks of validators only |
//! | `development` | 4 s | 10 slots | 2 sessions | 2 sessions | one validator |
//!
//! The keys of every preset are derived from public development names: a network that is to be trusted exports the spec of
//! `serin`, and puts its own keys, stakes and balances in.

mod host_configuration;
mod parachains;

pub use parachains::{GenesisParachain, ParachainKind, Transport};

use crate::{
    constants::currency::{EXISTENTIAL_DEPOSIT, UNITS},
    AccountId, Balance, BalancesConfig, ConfigurationConfig, RegistrarConfig, RuntimeGenesisConfig, SessionConfig,
    SessionKeys, StakingConfig, TimingConfig, XcmPallet,
};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use frame_support::build_struct_json_patch;
use host_configuration::host_configuration;
use pallet_staking::StakerStatus;
use pallet_timing::TimingParameters;
use polkadot_primitives::{AssignmentId, Id as ParaId, ValidatorId, LOWEST_PUBLIC_ID};
use sp_authority_discovery::AuthorityId as AuthorityDiscoveryId;
use sp_consensus_babe::AuthorityId as BabeId;
use sp_consensus_grandpa::AuthorityId as GrandpaId;
use sp_core::{crypto::get_public_from_string_or_panic, sr25519};
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring;
use sp_runtime::Perbill;

use crate::configs::staking::MAX_VALIDATORS;

/// What each development account starts with.
const ENDOWMENT: Balance = 1_000_000 * UNITS;
/// What each genesis validator has at stake.
const STAKE: Balance = 10_000 * UNITS;
/// The first parachain id that local networks leave free: those below belong to demonstration parachains.
const FIRST_FREE_LOCAL_PARA: u32 = 2_101;
/// The validators that have a name of their own.
const VALIDATOR_NAMES: [&str; 6] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie"];

/// One preset: a name, its timing, and how many validators its genesis has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    Serin,
    Local,
    Fast,
    Development,
}

impl Preset {
    pub const ALL: [Self; 4] = [Self::Serin, Self::Local, Self::Fast, Self::Development];

    /// The preset of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Serin => "serin",
            Self::Local => "local",
            Self::Fast => "fast",
            Self::Development => "development",
        }
    }

    /// How many validators the preset's own genesis has.
    pub const fn default_validators(self) -> u32 {
        match self {
            Self::Serin | Self::Local | Self::Fast => 4,
            Self::Development => 1,
        }
    }

    pub const fn timing(self) -> TimingParameters {
        const LOCAL: TimingParameters = TimingParameters {
            slot_millis: 6_000,
            epoch_slots: 10,
            sessions_per_era: 2,
            bonding_eras: 3,
            slash_defer_eras: 0,
            lease_period_blocks: 20,
            lease_offset_blocks: 0,
            // The root track decides within 28 blocks, and enacts two blocks after.
            governance_period_divisor: 7_200,
        };
        match self {
            Self::Serin => TimingParameters::SERIN,
            Self::Local => LOCAL,
            // The shortest slot that gets past genesis: the first author waits 2.5 s for the parachain host's inherent, and a
            // proposal gets two thirds of a slot. With 3 s no node ever wrote block 1.
            Self::Fast | Self::Development => TimingParameters { slot_millis: 4_000, ..LOCAL },
        }
    }

    /// The genesis of this preset with `validators` validators and no parachain, as a patch of the default genesis.
    pub fn genesis(self, validators: u32) -> serde_json::Value {
        let names = (0..validators).map(validator_name).collect::<Vec<_>>();
        let stashes = names.iter().map(|name| stash(name)).collect::<Vec<_>>();

        build_struct_json_patch!(RuntimeGenesisConfig {
            timing: TimingConfig { parameters: Some(self.timing()) },
            balances: BalancesConfig { balances: balances(&stashes) },
            session: SessionConfig {
                keys: names
                    .iter()
                    .zip(&stashes)
                    .map(|(name, stash)| (stash.clone(), stash.clone(), session_keys(name)))
                    .collect::<Vec<_>>(),
            },
            staking: StakingConfig {
                validator_count: validators,
                minimum_validator_count: 1,
                max_validator_count: Some(MAX_VALIDATORS),
                slash_reward_fraction: Perbill::from_percent(10),
                stakers: stashes
                    .iter()
                    .map(|stash| (stash.clone(), stash.clone(), STAKE, StakerStatus::Validator))
                    .collect::<Vec<_>>(),
            },
            configuration: ConfigurationConfig { config: host_configuration(self) },
            registrar: RegistrarConfig { next_free_para_id: self.next_free_para() },
        })
    }

    fn next_free_para(self) -> ParaId {
        match self {
            Self::Serin => LOWEST_PUBLIC_ID,
            Self::Local | Self::Fast | Self::Development => ParaId::new(FIRST_FREE_LOCAL_PARA),
        }
    }
}

/// The development name of the validator at `index`: its secrets are `//Name` for the session and `//Name//stash`.
pub fn validator_name(index: u32) -> String {
    let named = usize::try_from(index).ok().and_then(|index| VALIDATOR_NAMES.get(index));
    named.map_or_else(|| format!("Validator{}", index.saturating_add(1)), |name| (*name).to_string())
}

/// The stash of the validator of that development name.
pub fn stash(name: &str) -> AccountId {
    get_public_from_string_or_panic::<sr25519::Public>(&format!("{name}//stash")).into()
}

/// The session keys of the validator of that development name.
pub fn session_keys(name: &str) -> SessionKeys {
    SessionKeys {
        grandpa: get_public_from_string_or_panic::<GrandpaId>(name),
        babe: get_public_from_string_or_panic::<BabeId>(name),
        para_validator: get_public_from_string_or_panic::<ValidatorId>(name),
        para_assignment: get_public_from_string_or_panic::<AssignmentId>(name),
        authority_discovery: get_public_from_string_or_panic::<AuthorityDiscoveryId>(name),
    }
}

/// The development accounts, every stash that is not among them, and the account that counts teleported KSM.
fn balances(stashes: &[AccountId]) -> Vec<(AccountId, Balance)> {
    let development = Sr25519Keyring::well_known().map(|key| key.to_account_id()).collect::<Vec<_>>();
    let others = stashes.iter().filter(|stash| !development.contains(stash)).cloned().collect::<Vec<_>>();
    development
        .into_iter()
        .chain(others)
        .map(|account| (account, ENDOWMENT))
        .chain(core::iter::once((XcmPallet::check_account(), EXISTENTIAL_DEPOSIT)))
        .collect()
}

/// The JSON of the preset `id`.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let preset = Preset::from_name(id.as_ref())?;
    Some(preset.genesis(preset.default_validators()).to_string().into_bytes())
}

/// The names of all presets.
pub fn preset_names() -> Vec<PresetId> {
    Preset::ALL.into_iter().map(|preset| PresetId::from(preset.name())).collect()
}
