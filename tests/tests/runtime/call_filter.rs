// SPDX-License-Identifier: GPL-3.0-only
use super::{
    metadata::calls,
    support::{apply, Chain},
};
use codec::Decode;
use frame_support::traits::Contains;
use polkadot_primitives::Id as ParaId;
use polkadot_runtime_common::crowdloan;
use serin_runtime::{call_filter::BaseCallFilter, genesis_config_presets::Preset, Runtime, RuntimeCall, RuntimeEvent};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::DispatchError;
use std::collections::BTreeMap;

/// Pallets whose calls the chain does not take.
const CLOSED: [&str; 1] = ["Crowdloan"];

#[test]
fn the_filter_refuses_crowdloans_and_nothing_else() {
    let mut tried = BTreeMap::new();
    for (pallet, index, call) in Chain::new(Preset::Local, 1).inspect(calls) {
        let closed = CLOSED.contains(&pallet.as_str());
        let samples = samples(index, call.index);
        assert!(!closed || !samples.is_empty(), "no sample of {pallet}.{} decodes", call.name);
        for sample in &samples {
            assert_eq!(BaseCallFilter::contains(sample), !closed, "{pallet}.{}", call.name);
        }
        *tried.entry(pallet).or_insert(0) += samples.len();
    }
    let untried = tried.iter().filter(|(_, count)| **count == 0).collect::<Vec<_>>();
    assert!(untried.is_empty(), "no call of these pallets could be tried: {untried:?}");
    for pallet in CLOSED {
        assert!(tried.contains_key(pallet), "{pallet} is not in the runtime");
    }
}

#[test]
fn a_filtered_call_fails_as_such_alone_and_in_a_batch() {
    let filtered: DispatchError = frame_system::Error::<Runtime>::CallFiltered.into();
    let poke = || RuntimeCall::Crowdloan(crowdloan::Call::poke { index: ParaId::from(2_100_u32) });
    let mut chain = Chain::new(Preset::Local, 4);
    chain.transact(|| {
        assert_eq!(apply(Alice, poke()), Err(filtered));
        let batch = pallet_utility::Call::<Runtime>::batch { calls: vec![poke()] };
        assert_eq!(apply(Alice, RuntimeCall::Utility(batch)), Ok(()));
    });
    let interrupted = RuntimeEvent::Utility(pallet_utility::Event::BatchInterrupted { index: 0, error: filtered });
    assert!(chain.events().contains(&(1, interrupted)), "{:?}", chain.events());
}

/// Calls of that index, made from bytes: the first argument starts with a small number, which may be the variant of an
/// enum, and all that follows is zero. What does not decode is left out.
fn samples(pallet: u8, call: u8) -> Vec<RuntimeCall> {
    (0..=8_u8)
        .filter_map(|first| {
            let mut bytes = vec![pallet, call, first];
            bytes.resize(4_096, 0);
            RuntimeCall::decode(&mut bytes.as_slice()).ok()
        })
        .collect()
}
