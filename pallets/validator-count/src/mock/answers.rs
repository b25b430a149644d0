// SPDX-License-Identifier: GPL-3.0-only
//! What the chain of the mock tells of itself, as the test has set it.

use super::{AccountId, RuntimeOrigin, Session, Staking, Test};
use crate::{AuthoritySet, Bounds, ChainSignals, CountStore, FinalityAuthorities, Limits, Policy, Supply, WeightInfo};
use frame_support::{dispatch::RawOrigin, parameter_types, traits::EnsureOrigin, weights::Weight};
use pallet_session::ShouldEndSession;
use sp_runtime::DispatchResult;
use sp_staking::EraIndex;

/// Whose signature is a referendum's decision.
pub const REFERENDUM: AccountId = 1_000_000;
pub const BOUNDS: Bounds = Bounds { floor: 4, ceiling: 1_200, max_step: 25 };
pub const POLICY: Policy = Policy {
    min_eras_between: 2,
    max_missed_permille: 200,
    min_availability_permille: 800,
    max_disputes: 0,
    max_disabled: 0,
    max_finality_lag: 10,
    proofs_per_era: 0,
    max_inherent_weight_percent: 30,
    supply_margin: 0,
    max_hold_eras: 4,
};

pub const LIMITS: Limits = Limits {
    max_validator_set: 1_200,
    max_winners: 1_200,
    max_authorities: 100_000,
    max_para_validators: 500,
    bitfield_ref_time: 400_000_000,
    block_ref_time: 2_000_000_000_000,
    cores: 2,
    min_validators_per_core: 2,
    max_voters: 2_500,
    max_election_steps: 20_000_000,
};

parameter_types! {
    /// The slot of the block in execution, and the slots that were missed before it.
    pub static Slot: u64 = 0;
    pub static Missed: u32 = 0;
    pub static SlotsPerSession: u32 = 10;
    pub static SessionBegun: u64 = 0;
    pub static Backed: u32 = 0;
    pub static Disabled: u32 = 0;
    pub static Finalizers: AuthoritySet = AuthoritySet::default();
    pub static LimitsNow: Limits = LIMITS;
}

/// BABE's rule: the first block of a later session rotates, once, however many sessions were missed.
pub struct Clock;

impl ShouldEndSession<u64> for Clock {
    fn should_end_session(_now: u64) -> bool {
        let session = Slot::get() / u64::from(SlotsPerSession::get());
        let is_later = session > SessionBegun::get();
        SessionBegun::set(session);
        is_later
    }
}

pub struct Referendum;

impl EnsureOrigin<RuntimeOrigin> for Referendum {
    type Success = Bounds;

    fn try_origin(origin: RuntimeOrigin) -> Result<Bounds, RuntimeOrigin> {
        match origin.clone().into() {
            Ok(RawOrigin::Signed(REFERENDUM)) => Ok(BOUNDS),
            _ => Err(origin),
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(RuntimeOrigin::signed(REFERENDUM))
    }
}

pub struct Chain;

impl ChainSignals for Chain {
    fn missed_slots() -> u32 {
        Missed::get()
    }
    fn session_slots() -> u32 {
        SlotsPerSession::get()
    }
    fn candidates_backed() -> u32 {
        Backed::get()
    }
    fn disabled_validators() -> u32 {
        Disabled::get()
    }
    fn active_validators() -> u32 {
        Session::validators().len() as u32
    }
    fn active_era() -> EraIndex {
        pallet_staking::ActiveEra::<Test>::get().map_or(0, |era| era.index)
    }
    fn supply() -> Supply {
        let candidates = pallet_staking::Validators::<Test>::count();
        Supply { candidates, voters: candidates, edges: candidates }
    }
    fn limits() -> Limits {
        LimitsNow::get()
    }
}

impl CountStore for Chain {
    fn count() -> u32 {
        pallet_staking::ValidatorCount::<Test>::get()
    }
    fn set_count(count: u32) -> DispatchResult {
        Staking::set_validator_count(RuntimeOrigin::root(), count)
    }
}

impl FinalityAuthorities for Chain {
    fn authority_set() -> AuthoritySet {
        Finalizers::get()
    }
}

#[cfg(feature = "runtime-benchmarks")]
impl crate::BenchmarkHelper for Chain {
    // The mock's genesis has more candidates than validators.
    fn prepare_plan() {}
    fn set_finalizers(authority_set: AuthoritySet) {
        Finalizers::set(authority_set);
    }
}

/// Each phase weighs something else, so that a test can tell which one was charged.
pub struct MockWeight;

impl WeightInfo for MockWeight {
    fn set_plan() -> Weight {
        Weight::from_parts(1_000, 0)
    }
    fn stop() -> Weight {
        Weight::from_parts(2_000, 0)
    }
    fn resume() -> Weight {
        Weight::from_parts(3_000, 0)
    }
    fn force_set() -> Weight {
        Weight::from_parts(4_000, 0)
    }
    fn note_finality(precommits: u32) -> Weight {
        Weight::from_parts(5_000, 0).saturating_mul(precommits.into())
    }
    fn block() -> Weight {
        Weight::from_parts(7, 0)
    }
    fn session_ended() -> Weight {
        Weight::from_parts(11, 0)
    }
    fn era_ended() -> Weight {
        Weight::from_parts(13, 0)
    }
}
