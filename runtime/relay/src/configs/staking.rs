// SPDX-License-Identifier: GPL-3.0-only
//! Nominated proof of stake: elections, rewards, slashes.

use crate::{
    configs::governance::origins::StakingAdmin, weights, AccountId, Balance, Balances, Runtime, RuntimeEvent,
    RuntimeHoldReason, Session, Staking, Timestamp, VoterList,
};
use frame_election_provider_support::{
    bounds::{ElectionBounds, ElectionBoundsBuilder},
    onchain, SequentialPhragmen, VoteWeight,
};
use frame_support::{
    pallet_prelude::Get,
    parameter_types,
    traits::{tokens::imbalance::ResolveTo, ConstBool, ConstU32, EitherOf, Nothing},
};
use frame_system::EnsureRoot;
use pallet_staking::{FixedNominationsQuota, UseValidatorsMap};
use pallet_timing::{BondingEras, SessionsPerEra, SlashDeferEras};
use pallet_treasury::TreasuryAccountId;
use polkadot_primitives::LOWEST_PUBLIC_ID;
use polkadot_runtime_common::{
    impls::{relay_era_payout, EraPayoutParams},
    slots, CurrencyToVote, StakingBenchmarkingConfig,
};
use sp_runtime::{Perbill, Perquintill};

/// The largest validator set that an election can choose; also the bound on candidates.
pub const MAX_VALIDATORS: u32 = 1_200;
/// How many voters an election looks at. Every candidate votes for itself, so this is above [`MAX_VALIDATORS`].
pub const MAX_ELECTING_VOTERS: u32 = 2_500;
/// How many candidates a nominator may back.
pub const MAX_NOMINATIONS: u32 = 16;
/// How many backers a winner keeps; the smallest are dropped.
pub const MAX_BACKERS_PER_WINNER: u32 = 1_000;

parameter_types! {
    pub ElectionLimits: ElectionBounds = ElectionBoundsBuilder::default()
        .voters_count(MAX_ELECTING_VOTERS.into())
        .targets_count(MAX_VALIDATORS.into())
        .build();
}

/// Sequential Phragmen on chain, for every election: the genesis one has to have the same bounds.
pub struct OnChainElection;

impl onchain::Config for OnChainElection {
    type Sort = ConstBool<true>;
    type System = Runtime;
    type Solver = SequentialPhragmen<AccountId, Perbill>;
    type DataProvider = Staking;
    type WeightInfo = weights::frame_election_provider_support::WeightInfo<Runtime>;
    type MaxWinnersPerPage = ConstU32<MAX_VALIDATORS>;
    type MaxBackersPerWinner = ConstU32<MAX_BACKERS_PER_WINNER>;
    type Bounds = ElectionLimits;
}

/// Kusama's inflation: at most 10 % and at least 2.5 % a year, ideal when 75 % is staked, less what leases lock.
pub struct EraPayout;

impl pallet_staking::EraPayout<Balance> for EraPayout {
    fn era_payout(total_staked: Balance, total_issuance: Balance, era_duration_millis: u64) -> (Balance, Balance) {
        const MILLISECONDS_PER_YEAR: u64 = 1_000 * 3_600 * 24 * 36_525 / 100;

        relay_era_payout(EraPayoutParams {
            total_staked,
            total_stakable: total_issuance,
            ideal_stake: Perquintill::from_percent(75),
            max_annual_inflation: Perquintill::from_percent(10),
            min_annual_inflation: Perquintill::from_rational(25_u64, 1_000_u64),
            falloff: Perquintill::from_percent(5),
            period_fraction: Perquintill::from_rational(era_duration_millis, MILLISECONDS_PER_YEAR),
            legacy_auction_proportion: Some(leased_share()),
        })
    }
}

/// Leased parachains as a share of 200, counted up to 60: at most 30 %, as on Kusama. System chains do not count.
fn leased_share() -> Perquintill {
    const COUNTED_LEASES: usize = 60;
    const FULL_HOUSE_LEASES: u64 = 200;

    // Read once per era, and never more keys than are counted: system chains cannot be leased for.
    let leased =
        slots::Leases::<Runtime>::iter_keys().filter(|para| *para >= LOWEST_PUBLIC_ID).take(COUNTED_LEASES).count();
    Perquintill::from_rational(u64::try_from(leased).unwrap_or_default(), FULL_HOUSE_LEASES)
}

parameter_types! {
    pub const MaxExposurePageSize: u32 = 64;
}

impl pallet_staking::Config for Runtime {
    type OldCurrency = Balances;
    type Currency = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type CurrencyBalance = Balance;
    type UnixTime = Timestamp;
    type CurrencyToVote = CurrencyToVote;
    type ElectionProvider = onchain::OnChainExecution<OnChainElection>;
    type GenesisElectionProvider = onchain::OnChainExecution<OnChainElection>;
    type NominationsQuota = FixedNominationsQuota<MAX_NOMINATIONS>;
    type HistoryDepth = ConstU32<84>;
    type RewardRemainder = ResolveTo<TreasuryAccountId<Runtime>, Balances>;
    type RuntimeEvent = RuntimeEvent;
    type Slash = ResolveTo<TreasuryAccountId<Runtime>, Balances>;
    // Rewards are minted.
    type Reward = ();
    type SessionsPerEra = SessionsPerEra<Runtime>;
    type BondingDuration = BondingEras<Runtime>;
    type SlashDeferDuration = SlashDeferEras<Runtime>;
    type AdminOrigin = EitherOf<EnsureRoot<AccountId>, StakingAdmin>;
    type SessionInterface = Self;
    type EraPayout = EraPayout;
    type NextNewSession = Session;
    type MaxExposurePageSize = MaxExposurePageSize;
    type MaxValidatorSet = ConstU32<MAX_VALIDATORS>;
    type VoterList = VoterList;
    type TargetList = UseValidatorsMap<Self>;
    type MaxUnlockingChunks = ConstU32<32>;
    type MaxControllersInDeprecationBatch = ConstU32<5_169>;
    type EventListeners = ();
    type Filter = Nothing;
    type BenchmarkingConfig = StakingBenchmarkingConfig;
    type WeightInfo = pallet_staking::weights::SubstrateWeight<Runtime>;
}

/// Number of bags of the voter list.
const BAGS: usize = 200;

/// Upper ends of the bags: a geometric row from the existential deposit to the largest vote.
static BAG_THRESHOLDS: [VoteWeight; BAGS] = bag_thresholds();

/// Each threshold is 1.13 times the one before: 200 of them span from a third of a milli-KSM to ten million KSM.
const fn bag_thresholds() -> [VoteWeight; BAGS] {
    const NUMERATOR: u128 = 113;
    const DENOMINATOR: u128 = 100;

    let mut thresholds = [VoteWeight::MAX; BAGS];
    let mut threshold = crate::constants::currency::EXISTENTIAL_DEPOSIT;
    let mut index = 0;
    // A const fn has neither iterators nor `From`; the bounds are plain to see. The last bag takes everything above.
    while index < BAGS - 1 {
        thresholds[index] = threshold as VoteWeight;
        threshold = threshold * NUMERATOR / DENOMINATOR;
        index += 1;
    }
    thresholds
}

pub struct BagThresholds;

impl Get<&'static [VoteWeight]> for BagThresholds {
    fn get() -> &'static [VoteWeight] {
        &BAG_THRESHOLDS
    }
}

impl pallet_bags_list::Config<pallet_bags_list::Instance1> for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = pallet_bags_list::weights::SubstrateWeight<Runtime>;
    type ScoreProvider = Staking;
    type BagThresholds = BagThresholds;
    type MaxAutoRebagPerBlock = ConstU32<10>;
    type Score = VoteWeight;
}

#[cfg(test)]
mod tests {
    use super::{leased_share, slots, AccountId, Balance, Perquintill, Runtime, BAG_THRESHOLDS};
    use polkadot_primitives::Id as ParaId;

    #[test]
    fn leases_lower_the_ideal_stake_by_half_a_percent_each_up_to_thirty() {
        for (leases, permill) in [(0_u32, 0_u64), (1, 5), (60, 300), (200, 300)] {
            let lease: Vec<Option<(AccountId, Balance)>> = Vec::new();
            sp_io::TestExternalities::default().execute_with(|| {
                // A system chain, which does not count.
                slots::Leases::<Runtime>::insert(ParaId::new(1_999), &lease);
                for para in 0..leases {
                    slots::Leases::<Runtime>::insert(ParaId::new(2_000 + para), &lease);
                }
                assert_eq!(leased_share(), Perquintill::from_rational(permill, 1_000), "{leases} leases");
            });
        }
    }

    #[test]
    fn bag_thresholds_rise_and_reach_ten_million_ksm() {
        assert!(BAG_THRESHOLDS.windows(2).all(|pair| pair[0] < pair[1]));
        let below_last = BAG_THRESHOLDS[BAG_THRESHOLDS.len() - 2];
        assert!(u128::from(below_last) > 10_000_000 * crate::constants::currency::UNITS);
    }
}
