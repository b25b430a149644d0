// SPDX-License-Identifier: GPL-3.0-only
//! The declared bounds leave room for what has to fit into a block.

use super::{
    pallet_auctions, pallet_lease_cores, pallet_validator_count, polkadot_runtime_common_crowdloan,
    polkadot_runtime_common_paras_registrar, polkadot_runtime_parachains_inclusion, polkadot_runtime_parachains_paras,
    polkadot_runtime_parachains_paras_inherent, xcm::XcmWeight,
};
use crate::{
    configs::{system::BlockWeights, validator_count::MaxJustificationBytes},
    Runtime, RuntimeCall, ValidatorCount as ValidatorCountPallet,
};
use ::frame_election_provider_support::{weights::SubstrateWeight, WeightInfo as ElectionWeight};
use ::pallet_auctions::WeightInfo as AuctionsWeight;
use ::pallet_lease_cores::{Config as LeaseCoresConfig, WeightInfo as LeaseCoresWeight};
use ::pallet_validator_count::WeightInfo as ValidatorCountWeight;
use ::xcm::latest::{AssetFilter, Assets, Location, WildAsset, XcmWeightInfo};
use frame_support::{dispatch::DispatchClass, traits::Get, weights::Weight};
use polkadot_runtime_common::{
    crowdloan::WeightInfo as CrowdloanWeight, paras_registrar::WeightInfo as RegistrarWeight,
};
use polkadot_runtime_parachains::{
    inclusion::WeightInfo as InclusionWeight, paras::WeightInfo as ParasWeight,
    paras_inherent::WeightInfo as ParasInherentWeight,
};

type Inherent = polkadot_runtime_parachains_paras_inherent::WeightInfo<Runtime>;
type Inclusion = polkadot_runtime_parachains_inclusion::WeightInfo<Runtime>;
type Registrar = polkadot_runtime_common_paras_registrar::WeightInfo<Runtime>;
type Paras = polkadot_runtime_parachains_paras::WeightInfo<Runtime>;
type Crowdloan = polkadot_runtime_common_crowdloan::WeightInfo<Runtime>;
type Auctions = pallet_auctions::WeightInfo<Runtime>;
type LeaseCores = pallet_lease_cores::WeightInfo<Runtime>;
type ValidatorCount = pallet_validator_count::WeightInfo<Runtime>;
type Election = super::frame_election_provider_support::WeightInfo<Runtime>;
type Instructions = XcmWeight<RuntimeCall>;

fn block_ref_time() -> u64 {
    BlockWeights::get().max_block.ref_time()
}

fn without_empty(weight: Weight) -> Weight {
    weight.saturating_sub(Inherent::enter_empty())
}

#[test]
fn six_cores_with_everything_at_once_fit_into_a_block() {
    const CORES: u64 = 6;

    let all = Inherent::enter_empty()
        .saturating_add(without_empty(Inherent::enter_bitfields()).saturating_mul(CORES))
        .saturating_add(without_empty(Inherent::enter_backed_candidate_code_upgrade()).saturating_mul(CORES))
        .saturating_add(Inclusion::enact_candidate(16, 10, 1).saturating_mul(CORES));
    assert!(all.ref_time() < block_ref_time(), "{all:?}");
}

#[test]
fn a_thousand_bitfields_leave_room_for_two_hundred_candidates() {
    let all = Inherent::enter_empty()
        .saturating_add(without_empty(Inherent::enter_bitfields()).saturating_mul(1_000))
        .saturating_add(without_empty(Inherent::enter_backed_candidates_variable(5)).saturating_mul(200));
    assert!(all.ref_time() < block_ref_time(), "{all:?}");
}

#[test]
fn a_dispute_with_a_thousand_statements_fits_into_a_tenth_of_a_block() {
    assert!(without_empty(Inherent::enter_variable_disputes(1_000)).ref_time() < block_ref_time() / 10);
}

#[test]
fn heavy_calls_of_users_can_be_dispatched() {
    let longest_justification = vec![0; MaxJustificationBytes::get().try_into().expect("an index fits")];
    let limit = BlockWeights::get().get(DispatchClass::Normal).max_extrinsic.expect("set for this class");
    let calls = [
        Auctions::new_auction(),
        Auctions::bid(),
        Auctions::settle(),
        Auctions::prune(1_000),
        LeaseCores::sync(),
        LeaseCores::place(),
        Registrar::register(),
        Registrar::schedule_code_upgrade(polkadot_primitives::MAX_CODE_SIZE),
        Paras::include_pvf_check_statement_finalize_upgrade_accept(),
        Paras::add_trusted_validation_code(polkadot_primitives::MAX_CODE_SIZE),
        ValidatorCount::note_finality(ValidatorCountPallet::precommits_at_most(&longest_justification)),
    ];
    for call in calls {
        assert!(limit.all_gte(call), "{call:?} exceeds {limit:?}");
    }
}

#[test]
fn what_auctions_do_by_themselves_takes_less_than_a_hundredth_of_a_block() {
    let cores_at_once = <Runtime as LeaseCoresConfig>::CoresPerBlock::get();
    for hook in [Auctions::on_initialize_settle(), LeaseCores::schedule_ahead(cores_at_once)] {
        assert!(hook.ref_time() < block_ref_time() / 100, "{hook:?}");
    }
    for hook in [Auctions::on_initialize_idle(), LeaseCores::schedule_idle()] {
        assert!(hook.ref_time() < block_ref_time() / 20_000, "{hook:?}");
    }
}

#[test]
fn refunding_a_thousand_contributors_takes_less_than_half_a_block() {
    assert!(Crowdloan::refund(1_000).ref_time() < block_ref_time() / 2);
}

#[test]
fn an_election_costs_more_with_more_winners() {
    sp_io::TestExternalities::default().execute_with(|| {
        let benchmarked = SubstrateWeight::<Runtime>::phragmen(100, 100, 16);
        assert_eq!(Election::phragmen(100, 100, 16), benchmarked);
        for (winners, rounds) in [(1_u32, 1_u64), (16, 1), (17, 2), (1_200, 75)] {
            pallet_staking::ValidatorCount::<Runtime>::put(winners);
            assert_eq!(Election::phragmen(100, 100, 16), benchmarked.saturating_mul(rounds));
        }
    });
}

#[test]
fn a_wildcard_is_one_asset_and_nothing_is_free() {
    let all = Instructions::deposit_asset(&AssetFilter::Wild(WildAsset::All), &Location::here());
    let counted = Instructions::deposit_asset(&AssetFilter::Wild(WildAsset::AllCounted(u32::MAX)), &Location::here());
    assert_eq!(counted, all);
    assert_eq!(Instructions::deposit_asset(&AssetFilter::Definite(Assets::new()), &Location::here()), all);
    assert!(Instructions::clear_origin().ref_time() > 0);
}
