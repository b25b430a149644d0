// SPDX-License-Identifier: GPL-3.0-only
//! How many validators there are: what `pallet-validator-count` sees of this chain, and what it acts on.
//!
//! It sees blocks by its own hooks, and sessions on their way to staking, in [`SessionManager`]; the parachain host tells
//! it of candidates and disputes through [`SeenInclusion`] and [`SeenDisputes`]. All else it asks [`Signals`] for.

use super::{
    consensus::MAX_AUTHORITIES,
    governance::origins::ValidatorCountAdmin,
    staking::{MAX_ELECTING_VOTERS, MAX_NOMINATIONS, MAX_VALIDATORS},
    system::BlockWeights,
};
use crate::{weights, BlockNumber, Grandpa, Runtime, RuntimeOrigin, Staking, System, ValidatorCount};
use alloc::vec::Vec;
use codec::{Compact, Decode};
use core::marker::PhantomData;
use frame_support::{
    dispatch::DispatchResult, parameter_types, storage_alias, traits::Get, weights::Weight, Blake2_128Concat,
    Twox64Concat,
};
use pallet_session::historical::NoteHistoricalRoot;
use pallet_timing::EpochSlots;
use pallet_validator_count::{
    AuthoritySet, AvailabilityVotes, ChainSignals, CountStore, FinalityAuthorities, Limits, RampedSessions, Supply,
};
use polkadot_primitives::{CandidateHash, DisputeState, SessionIndex, ValidatorIndex};
use polkadot_runtime_parachains::{
    configuration,
    disputes::{self, SlashingHandler},
    inclusion::RewardValidators,
    paras_inherent::{self, WeightInfo as ParasInherentWeight},
    shared,
};
use sp_staking::EraIndex;

/// Elections by staking, with the historical record of their outcome; the plan moves with the sessions that pass.
pub type SessionManager = RampedSessions<Runtime, NoteHistoricalRoot<Runtime, Staking>>;

/// Edges times winners: what an election may take of the block that ends a session, which it has for itself. Twenty
/// million let a thousand validators be elected by as many nominators with their sixteen votes each.
const MAX_ELECTION_STEPS: u64 = 20_000_000;

parameter_types! {
    /// The longest justification, in bytes. That of [`MAX_VALIDATORS`] holds 801 votes of 132 bytes; the rest is for
    /// headers between the block and later ones that were voted for.
    pub const MaxJustificationBytes: u32 = 256 * 1_024;
}

/// Half a session: a proof for each half tells all there is to know, and more of them would be work for nothing.
pub struct HalfSession;

impl Get<BlockNumber> for HalfSession {
    fn get() -> BlockNumber {
        (Signals::session_slots() / 2).max(1)
    }
}

impl pallet_validator_count::Config for Runtime {
    type AdminOrigin = ValidatorCountAdmin;
    type Signals = Signals;
    type Count = StakingCount;
    type Finality = GrandpaAuthorities;
    type ProofSpacing = HalfSession;
    type MaxJustificationBytes = MaxJustificationBytes;
    type WeightInfo = weights::pallet_validator_count::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::ValidatorCountStates;
}

/// This chain, as the pallet asks for it.
pub struct Signals;

impl ChainSignals for Signals {
    fn missed_slots() -> u32 {
        // BABE counts the lateness of block one from slot zero, in 1970.
        if System::block_number() <= 1 {
            return 0;
        }
        pallet_babe::Lateness::<Runtime>::get()
    }

    fn session_slots() -> u32 {
        EpochSlots::<Runtime>::get().try_into().unwrap_or(u32::MAX)
    }

    fn candidates_backed() -> u32 {
        // A host that a dispute has frozen backs nothing, and leaves what it backed last.
        if disputes::Frozen::<Runtime>::get().is_some() {
            return 0;
        }
        // Receipts and votes of every candidate follow: a block's worth of parachains. Its beginning is enough.
        let mut head = [0; size_of::<SessionIndex>() + size_of::<Compact<u32>>() + 1];
        let found = sp_io::storage::read(&paras_inherent::OnChainVotes::<Runtime>::hashed_key(), &mut head, 0);
        let decoded = found.and_then(|_| <(SessionIndex, Compact<u32>)>::decode(&mut head.as_slice()).ok());
        decoded.map_or(0, |(_, Compact(candidates))| candidates)
    }

    fn disabled_validators() -> u32 {
        length(pallet_session::DisabledValidators::<Runtime>::decode_len())
    }

    fn active_validators() -> u32 {
        length(pallet_session::Validators::<Runtime>::decode_len())
    }

    fn active_era() -> EraIndex {
        pallet_staking::ActiveEra::<Runtime>::get().map_or(0, |era| era.index)
    }

    fn supply() -> Supply {
        // Each candidate votes for itself. A nominator may back as many as its quota lets it: counting its votes would
        // mean to read them.
        let candidates = pallet_staking::Validators::<Runtime>::count();
        let nominators = pallet_staking::Nominators::<Runtime>::count();
        let weighed = nominators.min(MAX_ELECTING_VOTERS.saturating_sub(candidates));
        Supply {
            candidates,
            voters: candidates.saturating_add(nominators),
            edges: candidates.saturating_add(weighed.saturating_mul(MAX_NOMINATIONS)),
        }
    }

    fn limits() -> Limits {
        let host = configuration::ActiveConfig::<Runtime>::get();
        Limits {
            max_validator_set: MAX_VALIDATORS,
            max_winners: MAX_VALIDATORS,
            max_authorities: MAX_AUTHORITIES,
            max_para_validators: host.max_validators.unwrap_or(u32::MAX),
            bitfield_ref_time: bitfield().ref_time(),
            block_ref_time: BlockWeights::get().max_block.ref_time(),
            cores: host.scheduler_params.num_cores,
            min_validators_per_core: host.minimum_backing_votes.max(1),
            max_voters: MAX_ELECTING_VOTERS,
            max_election_steps: MAX_ELECTION_STEPS,
        }
    }
}

fn length(decoded: Option<usize>) -> u32 {
    decoded.and_then(|length| length.try_into().ok()).unwrap_or(0)
}

/// What one validator's bitfield weighs in a block.
fn bitfield() -> Weight {
    type Inherent = weights::polkadot_runtime_parachains_paras_inherent::WeightInfo<Runtime>;

    Inherent::enter_bitfields().saturating_sub(Inherent::enter_empty())
}

/// Staking keeps the count; its own call writes it, so that its checks stay.
pub struct StakingCount;

impl CountStore for StakingCount {
    fn count() -> u32 {
        pallet_staking::ValidatorCount::<Runtime>::get()
    }

    fn set_count(count: u32) -> DispatchResult {
        Staking::set_validator_count(RuntimeOrigin::root(), count)
    }
}

pub struct GrandpaAuthorities;

impl FinalityAuthorities for GrandpaAuthorities {
    fn authority_set() -> AuthoritySet {
        AuthoritySet::new(Grandpa::grandpa_authorities(), pallet_grandpa::CurrentSetId::<Runtime>::get())
    }
}

/// Rewards as `Inner` does, and tells the pallet of each included candidate and of the votes for its availability.
pub struct SeenInclusion<Inner>(PhantomData<Inner>);

impl<Inner: RewardValidators> RewardValidators for SeenInclusion<Inner> {
    fn reward_backing(validators: impl IntoIterator<Item = ValidatorIndex>) {
        Inner::reward_backing(validators);
    }

    // Called once for each candidate that is included. The votes are walked only if the pallet counts them.
    fn reward_bitfields(validators: impl IntoIterator<Item = ValidatorIndex>) {
        let mut unread = Some(validators);
        let mut read = Vec::new();
        ValidatorCount::note_included(|| {
            read.extend(unread.take().into_iter().flatten());
            let possible = length(shared::ActiveValidatorKeys::<Runtime>::decode_len());
            AvailabilityVotes { seen: length(Some(read.len())), possible }
        });
        Inner::reward_bitfields(read.into_iter().chain(unread.into_iter().flatten()));
    }
}

/// The disputes of the last sessions, as the library's pallet stores them for itself.
#[storage_alias(verbatim)]
type Disputes = StorageDoubleMap<
    ParasDisputes,
    Twox64Concat,
    SessionIndex,
    Blake2_128Concat,
    CandidateHash,
    DisputeState<BlockNumber>,
>;

/// Punishes as `Inner` does, and tells the pallet of each dispute that is concluded.
pub struct SeenDisputes<Inner>(PhantomData<Inner>);

impl<Inner: SlashingHandler<BlockNumber>> SlashingHandler<BlockNumber> for SeenDisputes<Inner> {
    fn punish_for_invalid(
        session: SessionIndex,
        candidate: CandidateHash,
        losers: impl IntoIterator<Item = ValidatorIndex>,
        backers: impl IntoIterator<Item = ValidatorIndex>,
    ) {
        let losers = note_conclusion(session, candidate, losers);
        Inner::punish_for_invalid(session, candidate, losers, backers);
    }

    fn punish_against_valid(
        session: SessionIndex,
        candidate: CandidateHash,
        losers: impl IntoIterator<Item = ValidatorIndex>,
        backers: impl IntoIterator<Item = ValidatorIndex>,
    ) {
        let losers = note_conclusion(session, candidate, losers);
        Inner::punish_against_valid(session, candidate, losers, backers);
    }

    fn initializer_initialize(now: BlockNumber) -> Weight {
        Inner::initializer_initialize(now)
    }

    fn initializer_finalize() {
        Inner::initializer_finalize();
    }

    fn initializer_on_new_session(session: SessionIndex) {
        Inner::initializer_on_new_session(session);
    }
}

/// Notes a dispute with these votes if they conclude it. Every new vote on one asks for punishment, but there are losers
/// only once it is concluded; that it was concluded before is still what is stored, since the votes are stored afterwards.
fn note_conclusion(
    session: SessionIndex,
    candidate: CandidateHash,
    losers: impl IntoIterator<Item = ValidatorIndex>,
) -> impl Iterator<Item = ValidatorIndex> {
    let mut losers = losers.into_iter().peekable();
    let was_concluded = || Disputes::get(session, candidate).is_some_and(|state| state.concluded_at.is_some());
    if losers.peek().is_some() && !was_concluded() {
        ValidatorCount::note_dispute();
    }
    losers
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::cell::RefCell;
    use pallet_validator_count::{Running, AVAILABILITY_SAMPLE};
    use polkadot_primitives::{CandidateReceiptV2, ScrapedOnChainVotes};
    use sp_runtime::traits::TrailingZeroInput;

    thread_local! {
        /// For each included candidate, who was said to have voted.
        static REWARDED: RefCell<Vec<Vec<u32>>> = const { RefCell::new(Vec::new()) };
    }

    struct Recorder;

    impl RewardValidators for Recorder {
        fn reward_backing(_: impl IntoIterator<Item = ValidatorIndex>) {}

        fn reward_bitfields(validators: impl IntoIterator<Item = ValidatorIndex>) {
            let voters = validators.into_iter().map(|index| index.0).collect();
            REWARDED.with_borrow_mut(|rewarded| rewarded.push(voters));
        }
    }

    #[test]
    fn votes_are_passed_on_whether_they_are_counted_or_not() {
        let candidates = 2 * AVAILABILITY_SAMPLE + 1;
        sp_io::TestExternalities::default().execute_with(|| {
            shared::ActiveValidatorKeys::<Runtime>::put(validator_ids(4));
            for _ in 0..candidates {
                SeenInclusion::<Recorder>::reward_bitfields([0, 1, 3].map(ValidatorIndex));
            }
            let health = Running::<Runtime>::get();
            assert_eq!(health.candidates_included, candidates);
            assert_eq!((health.availability_seen, health.availability_possible), (9, 12), "one in sixteen is counted");
        });
        let passed_on = REWARDED.with_borrow(Clone::clone);
        assert_eq!(passed_on, vec![vec![0, 1, 3]; candidates.try_into().expect("few")]);
    }

    #[test]
    fn backed_candidates_are_counted_without_reading_them() {
        for candidates in [0, 1, 63, 64, 200] {
            sp_io::TestExternalities::default().execute_with(|| {
                assert_eq!(Signals::candidates_backed(), 0, "no inherent yet");
                let receipt =
                    CandidateReceiptV2::decode(&mut TrailingZeroInput::zeroes()).expect("zeros are a receipt");
                let votes = ScrapedOnChainVotes {
                    session: u32::MAX,
                    backing_validators_per_candidate: vec![(receipt, Vec::new()); candidates],
                    disputes: Vec::new(),
                };
                paras_inherent::OnChainVotes::<Runtime>::put(votes);
                assert_eq!(Signals::candidates_backed(), length(Some(candidates)));
            });
        }
    }

    #[test]
    fn a_nominator_counts_as_many_votes_as_it_may_give() {
        sp_io::TestExternalities::default().execute_with(|| {
            assert_eq!(Signals::supply(), Supply { candidates: 0, voters: 0, edges: 0 });
            for (candidates, nominators, edges) in [(10, 0, 10), (10, 3, 58), (1_200, 5_000, 1_200 + 16 * 1_300)] {
                CounterForValidators::put(candidates);
                CounterForNominators::put(nominators);
                let voters = candidates + nominators;
                assert_eq!(Signals::supply(), Supply { candidates, voters, edges });
            }
        });
    }

    /// Where staking's counted maps keep their counts.
    #[storage_alias(verbatim)]
    type CounterForValidators = StorageValue<Staking, u32>;
    #[storage_alias(verbatim)]
    type CounterForNominators = StorageValue<Staking, u32>;

    fn validator_ids(count: u8) -> Vec<polkadot_primitives::ValidatorId> {
        (0..count).map(|index| sp_core::sr25519::Public::from_raw([index; 32]).into()).collect()
    }
}
