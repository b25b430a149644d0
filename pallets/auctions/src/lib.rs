// SPDX-License-Identifier: GPL-3.0-only
#![cfg_attr(not(feature = "std"), no_std)]
#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(test),
    deny(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)
)]

extern crate alloc;

mod auctioneer;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
pub mod candle;
mod hooks;
pub mod lead_log;
mod log_end;
#[cfg(test)]
mod mock;
mod outcome;
mod pledges;
pub mod runtime_api;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
pub mod types;
pub mod weights;
pub mod winners;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use candle::{CandleSeed, EpochSeed};
pub use pallet::*;
pub use types::{AuctionId, BidderPolicy, Series};
pub use weights::WeightInfo;

#[frame_support::pallet]
pub mod pallet {
    use crate::{
        candle::CandleSeed,
        lead_log::{LogIndex, LogPage, PageNumber},
        types::{Auction, AuctionId, BidderPolicy, LeaseFailure, LiveAuction, Pledge, Seed, Series, Winners},
        weights::WeightInfo,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::{fungible, ReservableCurrency},
    };
    use frame_system::pallet_prelude::*;
    use polkadot_core_primitives::{Balance, BlockNumber};
    use polkadot_parachain_primitives::primitives::Id as ParaId;
    use polkadot_runtime_common::traits::{Leaser, Registrar};
    use serin_primitives::{
        lease::{LeasePeriod, LeaseRange},
        traits::{CoreIndex, CoreReservations},
    };
    use sp_runtime::{
        traits::{Header, HeaderProvider},
        Permill,
    };

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<
        RuntimeEvent: From<Event<Self>>,
        Block: HeaderProvider<HeaderT: Header<Number = BlockNumber>>,
    >
    {
        type RuntimeHoldReason: From<HoldReason>;

        /// What is bid. Leases are secured by a reserve of the same currency.
        type Currency: fungible::MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason, Balance = Balance>
            + ReservableCurrency<Self::AccountId, Balance = Balance>;

        /// Who gives leases to winners.
        type Leaser: Leaser<
            BlockNumber,
            AccountId = Self::AccountId,
            LeasePeriod = LeasePeriod,
            Currency = Self::Currency,
        >;

        /// Who knows the paras and their managers.
        type Registrar: Registrar<AccountId = Self::AccountId>;

        /// Who has the cores that are sold.
        type Cores: CoreReservations;

        /// Where the candle block is drawn from.
        type CandleSeed: CandleSeed;

        /// Who may create and cancel auctions.
        type AdminOrigin: EnsureOrigin<Self::RuntimeOrigin>;

        /// The smallest bid for a range that nobody leads; at least the existential deposit, so that an account with
        /// nothing else can be given its pledge back.
        #[pallet::constant]
        type MinimumBid: Get<Balance>;

        /// The share of the leading amount by which a bid must exceed it; never less than one planck. It bounds the
        /// log: at 1 % and amounts up to ten million times the smallest, a range has at most 1,620 entries.
        #[pallet::constant]
        type MinimumRaise: Get<Permill>;

        /// How many auctions may be live at once.
        #[pallet::constant]
        type MaxLive: Get<u32>;

        /// The ending period, in blocks, of auctions that are created through the `Auctioneer` trait.
        #[pallet::constant]
        type EndingBlocks: Get<BlockNumber>;

        /// For how many blocks the log of a finished auction is kept at least.
        #[pallet::constant]
        type HistoryBlocks: Get<BlockNumber>;

        type WeightInfo: WeightInfo;

        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper<Self::AccountId>;
    }

    /// The id of the last auction that was created; 0 before the first.
    #[pallet::storage]
    pub type LastAuction<T> = StorageValue<_, AuctionId, ValueQuery>;

    /// The auctions that are neither settled nor cancelled, in the order in which they are settled: the earliest to
    /// close first, the older one of two.
    #[pallet::storage]
    pub type Live<T: Config> = StorageValue<_, BoundedVec<LiveAuction, T::MaxLive>, ValueQuery>;

    /// Every auction that has not been pruned. Ids are counted, nobody can choose them.
    #[pallet::storage]
    pub type Records<T> = StorageMap<_, Twox64Concat, AuctionId, Auction>;

    /// The log of leads by auction, and in it by range and page.
    #[pallet::storage]
    pub type Leads<T: Config> = StorageDoubleMap<
        _,
        Twox64Concat,
        AuctionId,
        Twox64Concat,
        (LeaseRange, PageNumber),
        LogPage<T::AccountId>,
        ValueQuery,
    >;

    /// Which page of the log has the lead of a block, by auction. Written only when a page after the first is begun.
    #[pallet::storage]
    pub type LogIndices<T> = StorageMap<_, Twox64Concat, AuctionId, LogIndex, ValueQuery>;

    /// What secures the bids of an account for a para, by auction. The amount is held under [`HoldReason::Bid`] until
    /// its last lead can no longer be drawn, or it is leased, or after the auction is over `refund` or `prune`
    /// releases it.
    #[pallet::storage]
    pub type Pledges<T: Config> =
        StorageDoubleMap<_, Twox64Concat, AuctionId, Blake2_128Concat, (T::AccountId, ParaId), Pledge>;

    /// The winners of settled auctions.
    #[pallet::storage]
    pub type Results<T: Config> = StorageMap<_, Twox64Concat, AuctionId, Winners<T::AccountId>>;

    /// Who may bid for a para, where that is more than its manager and its own account.
    #[pallet::storage]
    pub type Bidders<T: Config> = StorageMap<_, Twox64Concat, ParaId, BidderPolicy<T::AccountId>>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An auction takes bids. Its candle goes out at one of `ending_blocks` blocks from `ending_start` on.
        AuctionCreated {
            id: AuctionId,
            core: CoreIndex,
            first_period: LeasePeriod,
            ending_start: BlockNumber,
            ending_blocks: BlockNumber,
            series: Series,
        },
        /// A bid leads its range.
        BidPlaced {
            id: AuctionId,
            bidder: T::AccountId,
            para: ParaId,
            first_period: LeasePeriod,
            last_period: LeasePeriod,
            amount: Balance,
        },
        /// A pledge was given back: its leads can no longer be drawn, or the auction is over.
        PledgeReleased { id: AuctionId, bidder: T::AccountId, para: ParaId, amount: Balance },
        /// Somebody else took from a hold: less was there to release than had been held.
        PledgeShort { id: AuctionId, bidder: T::AccountId, para: ParaId, missing: Balance },
        /// An auction is over. The leads of `candle_block` won, which anybody can draw again from the seed.
        Settled { id: AuctionId, candle_block: BlockNumber, seed: Seed },
        /// A winner has a lease.
        Leased {
            id: AuctionId,
            bidder: T::AccountId,
            para: ParaId,
            first_period: LeasePeriod,
            last_period: LeasePeriod,
            amount: Balance,
        },
        /// A lead could get no lease, and the lead before it in the same range stands in its place.
        LeadPassedOver { id: AuctionId, range: LeaseRange, bidder: T::AccountId, para: ParaId, reason: LeaseFailure },
        /// A winner could get no lease. The periods stay unsold, and the pledge can be refunded.
        LeaseFailed { id: AuctionId, range: LeaseRange, bidder: T::AccountId, para: ParaId, reason: LeaseFailure },
        /// The winners' leases have no core: the one that was sold is not reserved for the auction any more. Whoever hands out
        /// cores can give them others.
        CoreNotOccupied { id: AuctionId, core: CoreIndex, reason: DispatchError },
        /// An auction is over, and nobody has won. All pledges can be refunded.
        Cancelled { id: AuctionId },
        /// Nothing is left of an auction.
        Pruned { id: AuctionId },
        /// It was decided who may bid for a para.
        BiddersSet { para: ParaId, policy: BidderPolicy<T::AccountId> },
        /// Only its manager and its own account may bid for a para.
        BiddersCleared { para: ParaId },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No auction has this id, or it is pruned. `CandleApi::live` lists those that take bids.
        NoSuchAuction,
        /// As many auctions are live as may be. Wait until one is settled.
        TooManyLive,
        /// The auction has no block that the candle could go out at. Give it an ending period.
        NoEndingPeriod,
        /// Block or period numbers overflow. Choose earlier ones.
        TooFarInFuture,
        /// The first lease period would be over when bids close. Sell a later one.
        LeasePeriodInPast,
        /// Another auction for crowdloans ends at the same time. Choose another time, or the series `Direct`.
        EndingPeriodsOverlap,
        /// Bids are closed: the auction is over, or waits for its seed.
        BidsClosed,
        /// Bids are still open: wait for the end of the ending period.
        BidsOpen,
        /// The para is not registered.
        ParaNotRegistered,
        /// The account may not bid for the para: its manager can allow it with `set_bidders`.
        BidderNotAllowed,
        /// The range is empty, or the auction does not sell all its periods.
        NotOnSale,
        /// The para has a lease for some of the periods already.
        AlreadyLeased,
        /// The bid does not lead its range. `CandleApi::minimum_bid` says what would.
        BidTooLow,
        /// The log of the range is full. It has room for raises of one percent to some hundred million times the first bid.
        LogFull,
        /// Another auction closed earlier and is settled first.
        NotNextToSettle,
        /// The seed is not known yet: the epochs that it depends on have not passed.
        SeedNotKnown,
        /// The auction is over.
        AlreadyFinished,
        /// The auction is not over: its pledges and its log are still needed.
        NotFinished,
        /// Nothing is held from the account for this para in this auction.
        NoSuchPledge,
        /// The log of the auction may still be asked for. Wait until `HistoryBlocks` have passed since it was over.
        HistoryKept,
        /// Nothing was to be removed: the limit is zero.
        NothingToPrune,
        /// Only the manager and the sovereign account of a para decide who may bid for it.
        NotParaOwner,
        /// There is no list of bidders to remove.
        NoBidderPolicy,
    }

    #[pallet::composite_enum]
    pub enum HoldReason {
        /// Secures bids in an auction.
        Bid,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(now: BlockNumber) -> Weight {
            Self::settle_next(now)
        }

        fn integrity_test() {
            let existential_deposit = <T::Currency as fungible::Inspect<T::AccountId>>::minimum_balance();
            assert!(T::MinimumBid::get() >= existential_deposit, "a pledge could be too small to be released");
            assert!(T::MaxLive::get() > 0, "no auction could be created");
            assert!(T::EndingBlocks::get() > 0, "auctions created through `Auctioneer` would never end");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumber) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Sells a core for eight lease periods from `first_period` on. Bids are open for `starting_blocks`, and then
        /// for
        /// `ending_blocks`, any of which may turn out to have been the last.
        #[pallet::call_index(0)]
        #[pallet::weight((T::WeightInfo::new_auction(), DispatchClass::Operational))]
        pub fn new_auction(
            origin: OriginFor<T>,
            #[pallet::compact] starting_blocks: BlockNumber,
            #[pallet::compact] ending_blocks: BlockNumber,
            #[pallet::compact] first_period: LeasePeriod,
            series: Series,
        ) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_new_auction(starting_blocks, ending_blocks, first_period, series)
        }

        /// Offers `amount` for each of the periods from `first_period` to `last_period`. It is held while the bid can
        /// still win, less what is reserved already for a lease of the same para by the same account.
        ///
        /// An account that bids more than once for the same para needs the largest of the amounts, not their sum.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::bid())]
        pub fn bid(
            origin: OriginFor<T>,
            #[pallet::compact] id: AuctionId,
            #[pallet::compact] para: ParaId,
            #[pallet::compact] first_period: LeasePeriod,
            #[pallet::compact] last_period: LeasePeriod,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let bidder = ensure_signed(origin)?;
            Self::ensure_may_bid(para, &bidder)?;
            Self::do_bid(id, bidder, para, first_period, last_period, amount)
        }

        /// Draws the candle block and gives the winners their leases. Each block does this for one auction by itself;
        /// the call is for those that do not want to wait. Free if it succeeds.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::settle())]
        pub fn settle(origin: OriginFor<T>, #[pallet::compact] id: AuctionId) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::do_settle(id)?;
            Ok(Pays::No.into())
        }

        /// Gives back what `bidder` has pledged for `para` in an auction that is over. Anybody may do it; free if it
        /// succeeds.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::refund())]
        pub fn refund(
            origin: OriginFor<T>,
            #[pallet::compact] id: AuctionId,
            bidder: T::AccountId,
            #[pallet::compact] para: ParaId,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            Self::do_refund(id, bidder, para)?;
            Ok(Pays::No.into())
        }

        /// Ends an auction without winners. All pledges can be refunded, its core is free.
        #[pallet::call_index(4)]
        #[pallet::weight((T::WeightInfo::cancel(), DispatchClass::Operational))]
        pub fn cancel(origin: OriginFor<T>, #[pallet::compact] id: AuctionId) -> DispatchResult {
            T::AdminOrigin::ensure_origin(origin)?;
            Self::do_cancel(id)
        }

        /// Removes up to `limit` items of an auction that has been over for `HistoryBlocks`: pledges, which it
        /// refunds, then the pages of the log, and last the auction itself. Free if it succeeds.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::prune(*limit))]
        pub fn prune(
            origin: OriginFor<T>,
            #[pallet::compact] id: AuctionId,
            #[pallet::compact] limit: u32,
        ) -> DispatchResultWithPostInfo {
            ensure_signed(origin)?;
            let removed = Self::do_prune(id, limit)?;
            Ok((Some(T::WeightInfo::prune(removed)), Pays::No).into())
        }

        /// Decides who may bid for `para`, besides its manager and its sovereign account, which alone may call this.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_bidders())]
        pub fn set_bidders(
            origin: OriginFor<T>,
            #[pallet::compact] para: ParaId,
            policy: BidderPolicy<T::AccountId>,
        ) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            Self::do_set_bidders(para, caller, policy)
        }

        /// Takes back `set_bidders`. For a para that is not registered any more everybody may do it.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::clear_bidders())]
        pub fn clear_bidders(origin: OriginFor<T>, #[pallet::compact] para: ParaId) -> DispatchResult {
            let caller = ensure_signed(origin)?;
            Self::do_clear_bidders(para, caller)
        }
    }
}
