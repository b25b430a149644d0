// SPDX-License-Identifier: GPL-3.0-only
//! A plan goes on where it was, whatever happens to the chain meanwhile: an upgrade of its runtime, a standstill for eras.

use super::{
    candidates::register,
    plans::{
        active, active_era, enact_count, enact_plan, ensure_invariants, events, finish_era, plan, steps, Step, POLICY,
    },
    ramp::GENESIS_VALIDATORS,
    support::{apply, Chain},
};
use codec::Encode;
use frame_system::{LastRuntimeUpgrade, LastRuntimeUpgradeInfo};
use pallet_validator_count::{Event, Flag, PlanState};
use rand::Rng;
use serin_runtime::{genesis_config_presets::Preset, Hash, Runtime, RuntimeCall, RuntimeEvent, RuntimeOrigin, VERSION};
use serin_tests::{rounds, seeded_rng};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::traits::Dispatchable;
use std::collections::BTreeSet;

const FROM: u32 = 8;
const TO: u32 = 14;
const STEP: u32 = 2;
/// Slots of an era of `local`.
const ERA_SLOTS: u64 = 20;

#[test]
fn an_upgrade_in_the_middle_changes_nothing_for_a_plan() {
    let mut chain = chain_after_the_first_step();
    let before = (plan(&mut chain), chain.inspect(pallet_validator_count::Record::<Runtime>::get));
    upgrade(&mut chain);
    let after = (plan(&mut chain), chain.inspect(pallet_validator_count::Record::<Runtime>::get));
    assert_eq!(after, before);

    finish(&mut chain);
    assert_eq!(active(&mut chain), TO);
    let held = events(&chain).into_iter().any(|(_, event)| matches!(event, Event::Held { .. }));
    assert!(!held, "{:?}", events(&chain));
}

/// No block for eras: of all the slots that were missed the first block tells, and holds the plan for the era it is in.
/// Then the plan goes on, at its old pace.
#[test]
fn a_standstill_for_eras_neither_loses_a_step_nor_doubles_one() {
    let mut random = seeded_rng();
    for _ in 0..rounds(2, 30) {
        let mut chain = chain_after_the_first_step();
        for _ in 0..random.gen_range(0..ERA_SLOTS) {
            chain.block(|| ());
        }
        let missed = random.gen_range(ERA_SLOTS..=10 * ERA_SLOTS);
        let (era, taken) = (active_era(&mut chain), steps(&chain).len());
        let slot = chain.slot() + 1 + missed;
        chain.block_at(slot, || ());
        assert!(active_era(&mut chain) <= era + 1, "the slots were counted as eras");
        assert!(steps(&chain).len() <= taken + 1, "two steps at once: {:?}", steps(&chain));
        println!("{missed} slots without a block, in era {era}");

        finish(&mut chain);
        let told = events(&chain);
        let held = told
            .iter()
            .any(|(_, event)| matches!(event, Event::Held { reasons, .. } if reasons.contains(Flag::Missed)));
        assert!(held, "a standstill is nothing to go on after: {told:?}");
        assert!(told.iter().any(|(_, event)| matches!(event, Event::Released { .. })), "{told:?}");
    }
}

/// A plan in its second era after the first of three steps.
fn chain_after_the_first_step() -> Chain {
    let mut chain = Chain::new(Preset::Local, GENESIS_VALIDATORS);
    register(&mut chain, 0..TO - GENESIS_VALIDATORS);
    enact_count(&mut chain, FROM);
    enact_plan(&mut chain, TO, STEP, POLICY);
    while steps(&chain).is_empty() {
        finish_era(&mut chain, &BTreeSet::new());
    }
    chain
}

/// Follows the plan to its end.
fn finish(chain: &mut Chain) {
    // Three steps of two eras, a hold, and room.
    const ERAS: u32 = 16;

    for _ in 0..ERAS {
        ensure_invariants(chain);
        if matches!(plan(chain).state, PlanState::Done { .. }) {
            break;
        }
        finish_era(chain, &BTreeSet::new());
    }
    assert!(matches!(plan(chain).state, PlanState::Done { .. }), "{:?}", plan(chain));
    let course = steps(chain).into_iter().map(|Step { from, to, .. }| (from, to)).collect::<Vec<_>>();
    assert_eq!(course, [(8, 10), (10, 12), (12, 14)]);
}

/// Replaces the code, and has the next block do all that the first block of a new runtime does. The native runtime stays
/// what it is, so it is told that the state was left by an older one.
fn upgrade(chain: &mut Chain) {
    let code = b"the next runtime".to_vec();
    let code_hash: Hash = sp_crypto_hashing::blake2_256(&code).into();
    let older =
        LastRuntimeUpgradeInfo { spec_version: (VERSION.spec_version - 1).into(), spec_name: VERSION.spec_name };
    let last_upgrade = (LastRuntimeUpgrade::<Runtime>::hashed_key().to_vec(), older.encode());
    chain.transact(|| {
        for call in [
            frame_system::Call::authorize_upgrade_without_checks { code_hash },
            frame_system::Call::set_storage { items: vec![last_upgrade] },
        ] {
            RuntimeCall::System(call).dispatch(RuntimeOrigin::root()).unwrap();
        }
        apply(Alice, RuntimeCall::System(frame_system::Call::apply_authorized_upgrade { code })).unwrap();
    });
    let updated = RuntimeEvent::System(frame_system::Event::CodeUpdated { hash: code_hash });
    assert!(chain.events().contains(&(chain.number(), updated)));

    chain.block(|| ());
    let last = chain.inspect(LastRuntimeUpgrade::<Runtime>::get).expect("it is recorded");
    assert_eq!(last, LastRuntimeUpgradeInfo::from(VERSION), "the hooks of an upgrade have not run");
}
