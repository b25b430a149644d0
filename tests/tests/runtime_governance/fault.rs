// SPDX-License-Identifier: GPL-3.0-only
//! The same fault, once into a bare change of the count and once into a plan: of the validators that join, every tenth
//! never writes a block.

use super::{
    candidates::register,
    enactment::enact,
    plans::{active, active_era, enact_count, enact_plan, ensure_invariants, events, finish_era, plan, EraRow, POLICY},
    ramp::GENESIS_VALIDATORS,
    support::Chain,
};
use frame_system::RawOrigin;
use pallet_validator_count::{Event, Flag, PlanState};
use serde_json::json;
use serin_runtime::{genesis_config_presets::Preset, AccountId, OriginCaller, RuntimeCall};
use serin_tests::{tier, Tier};
use std::collections::BTreeSet;

/// How large the set is, how far it is to grow, and how long an era is.
#[derive(Clone, Copy, Debug)]
struct Scale {
    from: u32,
    to: u32,
    epoch_slots: u32,
}

/// Eras watched after the change.
const ERAS: usize = 6;
/// Ten at once: the first of them is offline. On both scales an era is long enough for it to miss more than three slots.
const STEP: u32 = 10;

fn scale() -> Scale {
    match tier() {
        Tier::Test => Scale { from: 20, to: 40, epoch_slots: 100 },
        Tier::Prove | Tier::Soak | Tier::Bench => Scale { from: 100, to: 140, epoch_slots: 400 },
    }
}

#[test]
fn a_plan_stops_where_a_bare_change_goes_on() {
    let scale = scale();
    println!("rounds=1 tier={}, {scale:?}", tier());

    let (mut bare, offline) = chain(scale);
    let call = RuntimeCall::Staking(pallet_staking::Call::set_validator_count { new: scale.to });
    assert_eq!(enact(&mut bare, OriginCaller::system(RawOrigin::Root), call), Ok(()));
    let bare_series = series("bare", &mut bare, &offline);

    let (mut ramped, offline) = chain(scale);
    enact_plan(&mut ramped, scale.to, STEP, POLICY);
    let plan_series = series("plan", &mut ramped, &offline);

    // The bare jump misses slots of every newcomer that is offline, and nothing takes it back.
    assert_eq!(active(&mut bare), scale.to);
    // The plan has made one step, seen it fail, and stands there.
    assert_eq!(active(&mut ramped), scale.from + STEP);
    let stopped = plan(&mut ramped);
    let PlanState::Held { reasons, .. } = stopped.state else { panic!("the plan is not held: {stopped:?}") };
    assert!(reasons.contains(Flag::Missed), "{reasons:?}");
    assert_eq!(stopped.last_good, scale.from, "the step was never found good");
    let holds = events(&ramped).into_iter().filter(|(_, event)| matches!(event, Event::Held { .. })).count();
    assert_eq!(holds, 1, "it is told once");
    let last = |series: &[EraRow]| series.last().expect("eras were watched").missed;
    assert!(last(&plan_series) < last(&bare_series), "the plan has not limited the harm");
}

/// A chain on which `scale.from` validators are active and as many stand by as are to join; and those of them that never
/// write a block.
fn chain(scale: Scale) -> (Chain, BTreeSet<AccountId>) {
    let timing = json!({ "timing": { "parameters": { "epochSlots": scale.epoch_slots } } });
    let mut chain = Chain::with_genesis(Preset::Local, GENESIS_VALIDATORS, timing);
    let candidates = register(&mut chain, 0..scale.to - GENESIS_VALIDATORS);
    let joining = usize::try_from(scale.from - GENESIS_VALIDATORS).expect("few");
    let offline = candidates.iter().skip(joining).step_by(10).map(|candidate| candidate.account()).collect();
    enact_count(&mut chain, scale.from);
    (chain, offline)
}

fn series(name: &str, chain: &mut Chain, offline: &BTreeSet<AccountId>) -> Vec<EraRow> {
    println!("{name}, from era {} on, {} validators offline once they join:", active_era(chain), offline.len());
    (0..ERAS)
        .map(|_| {
            let row = finish_era(chain, offline);
            println!("{name} {row}");
            ensure_invariants(chain);
            row
        })
        .collect()
}
