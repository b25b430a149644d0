// SPDX-License-Identifier: GPL-3.0-only
//! One worst case for each call and each phase of the hooks.

use crate::{
    pallet::Call, AuthoritySet, AvailabilityVotes, Baseline, BenchmarkHelper, ChainSignals, Config, CountStore,
    CurrentPlan, Flags, Health, Pallet, Plan, PlanState, Policy, Record, Running, SessionHealth, HISTORY_SESSIONS,
};
use alloc::vec::Vec;
use bp_header_chain::justification::GrandpaJustification;
use codec::Encode;
use finality_grandpa::{Commit, Message, Precommit, SignedPrecommit};
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use frame_system::{
    pallet_prelude::{BlockNumberFor, HeaderFor},
    BlockHash, RawOrigin,
};
use sp_consensus_grandpa::{localized_payload, AuthorityId};
use sp_runtime::{
    traits::{Hash, One},
    BoundedVec, RuntimeAppPublic,
};
use sp_staking::EraIndex;

/// The largest set of authorities: each of them is decoded and sorted, however few have voted.
const AUTHORITIES: u32 = 1_200;
/// So many of them have to vote if all weigh the same.
const MAX_PRECOMMITS: u32 = 801;
/// The weight of an authority that votes. What all others weigh together is more than their number.
const VOTER_WEIGHT: u64 = 10_000;
const ROUND: u64 = 1;
const SET_ID: u64 = 1;

/// Nothing but the limits of the chain is in a plan's way.
const POLICY: Policy = Policy {
    min_eras_between: 2,
    max_missed_permille: 1_000,
    min_availability_permille: 0,
    max_disputes: u32::MAX,
    max_disabled: u32::MAX,
    max_finality_lag: u32::MAX,
    proofs_per_era: 0,
    max_inherent_weight_percent: 100,
    supply_margin: 0,
    max_hold_eras: 1,
};

/// As many sessions as the record holds, all of `era`.
fn fill_record<T: Config>(era: EraIndex) {
    let health = Health { blocks: 590, missed: 10, finality_lag: Some(3), ..Health::default() };
    let session = |session| SessionHealth { session, era, validators: 1_000, health, flags: Flags::NONE };
    Record::<T>::put(BoundedVec::truncate_from((0..HISTORY_SESSIONS).map(session).collect()));
}

/// A plan from the present count to the next, which has been set long ago.
fn plan<T: Config>() -> Plan {
    let count = T::Count::count();
    let baseline = Baseline { sessions: 24, slots: 14_400, missed: 240 };
    Plan::new(count, count.saturating_add(1), 1, POLICY, baseline, count, Some(0))
}

fn admin<T: Config>() -> Result<T::RuntimeOrigin, BenchmarkError> {
    T::AdminOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)
}

/// A justification of block one by `precommits`, none of which could be left out, and the authority set.
fn justification<T: Config>(precommits: u32) -> (GrandpaJustification<HeaderFor<T>>, AuthoritySet) {
    let ids: Vec<_> = (0..AUTHORITIES).map(|_| AuthorityId::generate_pair(None)).collect();
    let weights = weights(precommits);
    let (target_hash, target_number) = (T::Hashing::hash(b"block one"), BlockNumberFor::<T>::one());
    BlockHash::<T>::insert(target_number, target_hash);

    let precommit = Precommit { target_hash, target_number };
    let payload = localized_payload(ROUND, SET_ID, &Message::Precommit(precommit.clone()));
    let precommits = ids
        .iter()
        .take(usize::try_from(precommits).unwrap_or(usize::MAX))
        .filter_map(|id| {
            let signature = id.sign(&payload)?;
            Some(SignedPrecommit { precommit: precommit.clone(), signature, id: id.clone() })
        })
        .collect();
    let commit = Commit { target_hash, target_number, precommits };
    let authorities = ids.into_iter().zip(weights).collect();
    (
        GrandpaJustification { round: ROUND, commit, votes_ancestries: Vec::new() },
        AuthoritySet { authorities, set_id: SET_ID },
    )
}

/// The weights of all authorities if the first `precommits` of them are just enough.
fn weights(precommits: u32) -> impl Iterator<Item = u64> {
    let in_favour = VOTER_WEIGHT.saturating_mul(precommits.into());
    // Of 3f + 1 in weight 2f + 1 are needed, of 3f + 2 one more.
    let against = in_favour.saturating_sub(1) / 2;
    let ones = AUTHORITIES.saturating_sub(precommits).saturating_sub(1);
    let rest = against.saturating_sub(ones.into());
    let repeated = |weight: u64, count: u32| (0..count).map(move |_| weight);
    repeated(VOTER_WEIGHT, precommits).chain(repeated(1, ones)).chain([rest])
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn set_plan() -> Result<(), BenchmarkError> {
        T::BenchmarkHelper::prepare_plan();
        fill_record::<T>(0);
        CurrentPlan::<T>::put(plan::<T>());
        let origin = admin::<T>()?;
        let target = T::Count::count().saturating_add(1);

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, target, 1, POLICY);

        assert_eq!(CurrentPlan::<T>::get().map(|plan| plan.baseline.sessions), Some(24));
        Ok(())
    }

    #[benchmark]
    fn stop() -> Result<(), BenchmarkError> {
        CurrentPlan::<T>::put(plan::<T>());
        let origin = admin::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin);

        assert!(!CurrentPlan::<T>::exists());
        Ok(())
    }

    #[benchmark]
    fn resume() -> Result<(), BenchmarkError> {
        CurrentPlan::<T>::put(Plan { state: PlanState::Paused { since: 1 }, ..plan::<T>() });
        let origin = admin::<T>()?;

        #[extrinsic_call]
        _(origin as T::RuntimeOrigin);

        assert_eq!(CurrentPlan::<T>::get().map(|plan| plan.state), Some(PlanState::Ramping));
        Ok(())
    }

    #[benchmark]
    fn force_set() {
        CurrentPlan::<T>::put(plan::<T>());
        let count = T::Count::count().saturating_add(1);

        #[extrinsic_call]
        _(RawOrigin::Root, count);

        assert_eq!(T::Count::count(), count);
    }

    #[benchmark]
    fn note_finality(p: Linear<1, MAX_PRECOMMITS>) -> Result<(), BenchmarkError> {
        let (proof, authority_set) = justification::<T>(p);
        T::BenchmarkHelper::set_finalizers(authority_set);
        frame_system::Pallet::<T>::set_block_number(T::ProofSpacing::get() + 100_u32.into());
        let bytes = BoundedVec::try_from(proof.encode()).map_err(|_| BenchmarkError::Stop("longer than the limit"))?;
        let caller: T::AccountId = whitelisted_caller();

        #[extrinsic_call]
        _(RawOrigin::Signed(caller), bytes);

        assert!(Running::<T>::get().finality_lag.is_some());
        Ok(())
    }

    #[benchmark]
    fn block() {
        #[block]
        {
            Pallet::<T>::note_block();
            Pallet::<T>::note_included(|| {
                // As many votes as a candidate can have are gone through.
                let seen = (0..AUTHORITIES).fold(0, |seen, vote| core::hint::black_box(seen).max(vote));
                AvailabilityVotes { seen, possible: T::Signals::active_validators() }
            });
            Pallet::<T>::note_backed();
        }
        assert_eq!(Running::<T>::get().blocks, 1);
    }

    #[benchmark]
    fn session_ended() {
        fill_record::<T>(0);

        #[block]
        {
            Pallet::<T>::session_ended(HISTORY_SESSIONS);
        }
        assert_eq!(Record::<T>::get().last().map(|session| session.session), Some(HISTORY_SESSIONS));
    }

    /// All sessions of the record belong to the era, and a step follows.
    #[benchmark]
    fn era_ended() {
        T::BenchmarkHelper::prepare_plan();
        fill_record::<T>(1);
        CurrentPlan::<T>::put(plan::<T>());
        let target = T::Count::count().saturating_add(1);

        #[block]
        {
            Pallet::<T>::era_ended(1, 2);
        }
        assert_eq!(T::Count::count(), target);
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::benchmark_externalities(), crate::mock::Test);
}
