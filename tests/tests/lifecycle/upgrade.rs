// SPDX-License-Identifier: GPL-3.0-only
//! The upgrade of a parachain's runtime: authorized by the relay chain's Root, checked by its validators, and switched to
//! at its word.

use super::{on_relay::OnRelay, ANYONE, LIMIT};
use anyhow::{ensure, Context, Result};
use codec::Encode;
use polkadot_primitives::{well_known_keys, Id as ParaId, UpgradeGoAhead, ValidationCode};
use serin_node::demo::runtimes::Parachain;
use serin_parachain_runtime::{
    Runtime as ParachainRuntime, RuntimeCall as ParachainCall, RuntimeEvent as ParachainEvent,
};
use serin_runtime::{BlockNumber, RuntimeCall};
use serin_tests::{chain::Chain, referendum::enact_as_root};
use sp_runtime::traits::{BlakeTwo256, Hash};
use std::{env, fs, ops::RangeInclusive};
use xcm::{
    latest::{Instruction, Junction, Location, OriginKind, WeightLimit, Xcm},
    VersionedXcm,
};

type SystemCall = frame_system::Call<ParachainRuntime>;
type SystemEvent = frame_system::Event<ParachainRuntime>;
type ParachainSystemEvent = cumulus_pallet_parachain_system::Event<ParachainRuntime>;

/// Names the demonstration parachain's runtime with a higher `spec_version`.
const NEXT_RUNTIME_VARIABLE: &str = "SERIN_NEXT_PARACHAIN_BLOB";
/// How many blocks are to follow an upgrade.
pub const BLOCKS_ON: u32 = 4;

/// Blocks of a parachain.
pub struct Upgrade {
    /// The one that told the relay chain of the new code.
    pub announced: u32,
    /// The last one of the old code.
    pub switched: u32,
}

pub fn next_runtime() -> Result<Vec<u8>> {
    let path = env::var_os(NEXT_RUNTIME_VARIABLE).with_context(|| {
        format!(
            "set {NEXT_RUNTIME_VARIABLE} to the demonstration parachain's runtime with a higher spec_version; `make prove` \
             does"
        )
    })?;
    fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

pub async fn upgrade(para: &OnRelay<'_>, parachain: &Chain<Parachain>, code: Vec<u8>) -> Result<Upgrade> {
    let chain = para.chain;
    let before = parachain.runtime_version().await?.0;
    let from = parachain.finalized().await?.number;
    let code_hash = BlakeTwo256::hash(&code);

    let message = as_root(SystemCall::authorize_upgrade { code_hash });
    enact_as_root(chain, send_down(para.id, message)).await.context("the referendum on the upgrade")?;
    let authorized: ParachainEvent = SystemEvent::UpgradeAuthorized { code_hash, check_version: true }.into();
    let is_authorization = |event: &ParachainEvent| (*event == authorized).then_some(());
    parachain.wait_event("authorization of the upgrade by the parachain", from, LIMIT, is_authorization).await?;

    let checked_from = chain.finalized().await?.number;
    let validation_code = ValidationCode(code.clone()).hash();
    let apply = ParachainCall::System(SystemCall::apply_authorized_upgrade { code });
    let applied = parachain.submit(&ANYONE.pair(), apply).await.context("applying the upgrade")?;
    let stored: ParachainEvent = ParachainSystemEvent::ValidationFunctionStored.into();
    ensure!(applied.events.contains(&stored), "the upgrade was not announced: {:?}", applied.events);

    let accepted = para.wait_accepted(validation_code, checked_from).await?;
    let switch = |event: &ParachainEvent| match event {
        ParachainEvent::ParachainSystem(ParachainSystemEvent::ValidationFunctionApplied { .. }) => Some(()),
        _ => None,
    };
    let announced = applied.block.number;
    let (switched, ()) = parachain.wait_event("the parachain's new code", announced, LIMIT, switch).await?;
    let included = para.wait_included(switched.number).await?;
    ensure_go_ahead(para, accepted.number..=included.number).await?;
    let current = para.code_hash(included.hash).await?;
    ensure!(current == Some(validation_code), "the relay chain has {current:?} as its code");

    // These are checked by the new code.
    para.wait_included(switched.number + BLOCKS_ON).await.context("after the upgrade")?;
    let after = parachain.runtime_version().await?.0;
    ensure!(after == before + 1, "the parachain is at {after} after {before}");
    println!(
        "spec_version {before} -> {after}: announced in block {announced} of the parachain, in force after block {}, of \
         which the relay chain knows since its block {}",
        switched.number, included.number
    );
    Ok(Upgrade { announced, switched: switched.number })
}

/// The relay chain has said go, and takes it back once the parachain has gone.
async fn ensure_go_ahead(para: &OnRelay<'_>, blocks: RangeInclusive<BlockNumber>) -> Result<()> {
    let key = well_known_keys::upgrade_go_ahead_signal(para.id);
    let mut signals = Vec::new();
    for number in blocks {
        let block = para.chain.block_at(number).await?;
        signals.push(para.chain.read::<UpgradeGoAhead>(&key, block.hash).await?);
    }
    let has_gone = signals.contains(&Some(UpgradeGoAhead::GoAhead)) && signals.last() == Some(&None);
    ensure!(has_gone, "the relay chain's signals were {signals:?}");
    Ok(())
}

fn as_root(call: SystemCall) -> Xcm<()> {
    let call = ParachainCall::System(call).encode();
    Xcm(vec![
        Instruction::UnpaidExecution { weight_limit: WeightLimit::Unlimited, check_origin: None },
        Instruction::Transact { origin_kind: OriginKind::Superuser, fallback_max_weight: None, call: call.into() },
    ])
}

fn send_down(id: ParaId, message: Xcm<()>) -> RuntimeCall {
    let dest = Location::new(0, Junction::Parachain(id.into()));
    RuntimeCall::XcmPallet(pallet_xcm::Call::send {
        dest: Box::new(dest.into()),
        message: Box::new(VersionedXcm::from(message)),
    })
}
