// SPDX-License-Identifier: GPL-3.0-only
//! Auctions of cores, and the cores that their winners run on.
//!
//! A winner's lease is with the slots pallet (`leasing`); `pallet-lease-cores` turns it into assignments of the parachain
//! host.

use crate::{
    configs::governance::origins::AuctionAdmin,
    constants::{currency::UNITS, time::DAYS},
    weights, AccountId, Balance, Balances, LeaseCores, Registrar, Runtime, RuntimeHoldReason, Slots,
};
use frame_support::{
    parameter_types,
    traits::{ConstU32, EitherOf, Get},
};
use frame_system::EnsureRoot;
use pallet_auctions::EpochSeed;
use pallet_babe::{RandomnessFromOneEpochAgo, RandomnessFromTwoEpochsAgo};
use pallet_lease_cores::CoretimeScheduler;
use pallet_timing::{LeaseOffsetBlocks, LeasePeriodBlocks, Scaled};
use polkadot_runtime_parachains::configuration::ActiveConfig;
use serin_primitives::lease::{LeaseClock, PERIODS_PER_AUCTION};
use sp_runtime::Permill;

/// The ending period of auctions that no call has given another: Kusama's.
const ENDING_BLOCKS: u32 = 5 * DAYS;

/// How long the log of an auction can be asked for at least: a referendum about its outcome takes up to 15 days.
const HISTORY_BLOCKS: u32 = 28 * DAYS;

parameter_types! {
    /// All there is, some ten million times this, can raise a lead 1,620 times.
    pub const MinimumBid: Balance = UNITS;
    pub const MinimumRaise: Permill = Permill::from_percent(1);
}

impl pallet_auctions::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type Currency = Balances;
    type Leaser = Slots;
    type Registrar = Registrar;
    type Cores = LeaseCores;
    type CandleSeed = EpochSeed<RandomnessFromOneEpochAgo<Runtime>, RandomnessFromTwoEpochsAgo<Runtime>>;
    type AdminOrigin = EitherOf<EnsureRoot<AccountId>, AuctionAdmin>;
    type MinimumBid = MinimumBid;
    type MinimumRaise = MinimumRaise;
    type MaxLive = ConstU32<32>;
    type EndingBlocks = Scaled<Runtime, ConstU32<ENDING_BLOCKS>>;
    type HistoryBlocks = Scaled<Runtime, ConstU32<HISTORY_BLOCKS>>;
    type WeightInfo = weights::pallet_auctions::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::AuctionStates;
}

/// Twice the parachains that Kusama ever had on leased cores at once.
pub const MAX_LEASE_CORES: u32 = 100;

/// Two auctions' periods for each core: the leases that run, and the next ones.
pub const MAX_CLAIMS: u32 = 2 * PERIODS_PER_AUCTION as u32;

impl pallet_lease_cores::Config for Runtime {
    type Leaser = Slots;
    type Clock = Clock;
    type Scheduler = CoretimeScheduler<Runtime>;
    type MaxCores = ConstU32<MAX_LEASE_CORES>;
    type MaxClaims = ConstU32<MAX_CLAIMS>;
    type ValidatorsPerCore = BackingVotes;
    type CoresPerBlock = ConstU32<10>;
    type WeightInfo = weights::pallet_lease_cores::WeightInfo<Runtime>;
}

/// Lease periods as the slots pallet counts them.
pub struct Clock;

impl Get<LeaseClock> for Clock {
    fn get() -> LeaseClock {
        LeaseClock {
            length_blocks: LeasePeriodBlocks::<Runtime>::get(),
            offset_blocks: LeaseOffsetBlocks::<Runtime>::get(),
        }
    }
}

/// With fewer validators no candidate of a core is backed.
pub struct BackingVotes;

impl Get<u32> for BackingVotes {
    fn get() -> u32 {
        ActiveConfig::<Runtime>::get().minimum_backing_votes.max(1)
    }
}
