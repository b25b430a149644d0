// SPDX-License-Identifier: GPL-3.0-only
//! The genesis presets: the only source of genesis state.
//!
//! | preset | collators | purpose |
//! | --- | --- | --- |
//! | `local` | Alice and Bob | a parachain of a local network |
//! | `development` | Alice | a chain without a relay chain: `--dev`, and the tools that look for this name |
//!
//! Any ParaId will do: a chain spec patches `parachainInfo.parachainId`. Keys are derived from public development names; a
//! chain that is to be trusted puts its own keys and balances in.

use crate::{
    configs::xcm_config::{RelayLocation, SovereignAccountOf},
    constants::currency::{EXISTENTIAL_DEPOSIT, UNIT},
    AccountId, AuraId, Balance, BalancesConfig, CollatorSelectionConfig, ForeignAssetsConfig, ParachainInfoConfig,
    RuntimeGenesisConfig, SessionConfig, SessionKeys, XcmpChannelsConfig,
};
use alloc::{string::ToString, vec::Vec};
use cumulus_primitives_core::ParaId;
use frame_support::build_struct_json_patch;
use sp_genesis_builder::PresetId;
use sp_keyring::Sr25519Keyring;
use xcm::latest::{Junction, Location};
use xcm_executor::traits::ConvertLocation;

/// The id that a preset has before a chain spec patches it: the first that a local network gives to a parachain.
pub const DEFAULT_PARA_ID: u32 = 2_087;

/// What each development account starts with.
const ENDOWMENT: Balance = 1_000_000 * UNIT;
/// What a candidate for collator would have to put up, if Root opened places for candidates.
const CANDIDACY_BOND: Balance = 1_000 * UNIT;

/// One preset: a name, and the collators that its genesis has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    Local,
    Development,
}

impl Preset {
    pub const ALL: [Self; 2] = [Self::Local, Self::Development];

    /// The preset of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Development => sp_genesis_builder::DEV_RUNTIME_PRESET,
        }
    }

    pub const fn collators(self) -> &'static [Sr25519Keyring] {
        match self {
            Self::Local => &[Sr25519Keyring::Alice, Sr25519Keyring::Bob],
            Self::Development => &[Sr25519Keyring::Alice],
        }
    }
}

/// The genesis of the parachain `id`, as a patch of the default genesis. `collators` take turns, so each of them has to run.
/// The tokens of `siblings` can be received besides KSM, and there is an XCMP channel with each: their genesis has to name
/// this one as well.
pub fn genesis(id: ParaId, collators: &[Sr25519Keyring], siblings: &[ParaId]) -> serde_json::Value {
    build_struct_json_patch!(RuntimeGenesisConfig {
        parachain_info: ParachainInfoConfig { parachain_id: id },
        balances: BalancesConfig {
            balances: Sr25519Keyring::well_known().map(|key| (key.to_account_id(), ENDOWMENT)).collect::<Vec<_>>(),
        },
        foreign_assets: ForeignAssetsConfig { assets: foreign_assets(siblings), metadata: foreign_names(siblings) },
        collator_selection: CollatorSelectionConfig {
            invulnerables: collators.iter().map(|key| key.to_account_id()).collect::<Vec<_>>(),
            candidacy_bond: CANDIDACY_BOND,
        },
        session: SessionConfig {
            keys: collators
                .iter()
                .map(|key| (key.to_account_id(), key.to_account_id(), session_keys(*key)))
                .collect::<Vec<_>>(),
        },
        xcmp_channels: XcmpChannelsConfig { peers: siblings.to_vec() },
    })
}

/// Nobody has any of them at genesis: each unit is backed by one that its own chain keeps. All are worth the own token, as
/// their minimum balance is its existential deposit (see `xcm_config`), and can keep an account alive.
fn foreign_assets(siblings: &[ParaId]) -> Vec<(Location, AccountId, bool, Balance)> {
    foreign_tokens(siblings)
        // Each location here has a sovereign account, so none is left out.
        .filter_map(|token| SovereignAccountOf::convert_location(&token).map(|owner| (token, owner)))
        .map(|(token, owner)| (token, owner, true, EXISTENTIAL_DEPOSIT))
        .collect()
}

/// Names for wallets: location, name, symbol, decimals.
fn foreign_names(siblings: &[ParaId]) -> Vec<(Location, Vec<u8>, Vec<u8>, u8)> {
    foreign_tokens(siblings)
        .map(|token| {
            let (name, symbol) = match token.first_interior() {
                Some(Junction::Parachain(id)) => (alloc::format!("Token of {id}"), alloc::format!("UNIT{id}")),
                _ => ("Kusama".to_string(), "KSM".to_string()),
            };
            (token, name.into_bytes(), symbol.into_bytes(), 12)
        })
        .collect()
}

/// A chain's own token is named by where the chain is.
fn foreign_tokens(siblings: &[ParaId]) -> impl Iterator<Item = Location> + '_ {
    let siblings = siblings.iter().map(|id| Location::new(1, Junction::Parachain((*id).into())));
    core::iter::once(RelayLocation::get()).chain(siblings)
}

/// The session keys of the collator of that development name.
fn session_keys(collator: Sr25519Keyring) -> SessionKeys {
    SessionKeys { aura: AuraId::from(collator.public()) }
}

/// The JSON of the preset `id`.
pub fn get_preset(id: &PresetId) -> Option<Vec<u8>> {
    let preset = Preset::from_name(id.as_ref())?;
    Some(genesis(DEFAULT_PARA_ID.into(), preset.collators(), &[]).to_string().into_bytes())
}

/// The names of all presets.
pub fn preset_names() -> Vec<PresetId> {
    Preset::ALL.into_iter().map(|preset| PresetId::from(preset.name())).collect()
}
