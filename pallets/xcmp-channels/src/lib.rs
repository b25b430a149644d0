// SPDX-License-Identifier: GPL-3.0-only
#![cfg_attr(not(feature = "std"), no_std)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::as_conversions,
        clippy::arithmetic_side_effects,
        clippy::panic
    )
)]
#![doc = include_str!("../README.md")]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod calls;
mod delivery;
mod hooks;
#[cfg(test)]
mod mock;
mod origin;
mod roots;
mod router;
pub mod runtime_api;
mod send;
#[cfg(test)]
mod tests;
#[cfg(any(test, feature = "try-runtime"))]
mod try_state;
mod types;
mod weights;

pub use origin::{HrmpWaitsForXcmp, MessageOrigin, ParaIdToHrmp, ParaIdToXcmp};
pub use pallet::*;
pub use roots::KNOWN_ROOTS;
pub use send::SendFailure;
pub use types::{Allowance, BlockUse, Channel, MessageRecord, Watch};
pub use weights::WeightInfo;

// Generated code casts the indices of variants, and expects.
#[allow(clippy::as_conversions, clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use super::{BlockUse, Channel, MessageRecord, Watch, WeightInfo};
    use alloc::vec::Vec;
    use core::marker::PhantomData;
    use cumulus_primitives_core::{GetChannelInfo, ParaId};
    use frame_support::{
        pallet_prelude::*,
        traits::{EnqueueMessage, QueueFootprintQuery},
    };
    use frame_system::{
        ensure_authorized,
        pallet_prelude::{BlockNumberFor, OriginFor},
    };
    use polkadot_runtime_common::xcm_sender::PriceForMessageDelivery;
    use serin_primitives::xcmp::{delivery::Payload, Acceptance, Delivery, Frontier, Window, MAX_MESSAGE_BYTES};
    use sp_core::H256;
    use xcm::WrapVersion;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// This parachain.
        type SelfParaId: Get<ParaId>;
        /// Who says from whom messages are taken, and repairs channels.
        type ControllerOrigin: EnsureOrigin<Self::RuntimeOrigin>;
        /// Where messages wait to be run: a queue for each sender, apart from that for its HRMP messages.
        type Queue: EnqueueMessage<ParaId> + QueueFootprintQuery<ParaId>;
        /// The queue for HRMP messages of a sibling.
        type HrmpQueue: QueueFootprintQuery<ParaId>;
        /// The HRMP channels of this parachain.
        type HrmpChannels: GetChannelInfo;
        /// Chooses the version of XCM for a sibling.
        type VersionWrapper: WrapVersion;
        /// What sending costs.
        type PriceForSiblingDelivery: PriceForMessageDelivery<Id = ParaId>;
        /// How many siblings this parachain may have channels with. All of them are asked for in each proof of the
        /// relay chain's state, and hashed in each block.
        #[pallet::constant]
        type MaxPeers: Get<u32>;
        /// How much may be sent to one sibling and not be acknowledged, whatever the sibling would take: so much is in
        /// state.
        #[pallet::constant]
        type MaxUnderWay: Get<Window>;
        /// How much one block takes in.
        #[pallet::constant]
        type BlockBudget: Get<BlockUse>;
        /// With so many pages in a sender's queue nothing more is taken from it.
        #[pallet::constant]
        type MaxQueuePages: Get<u32>;
        /// How many acknowledged messages one delivery removes. What is left waits for the next.
        #[pallet::constant]
        type MaxAcknowledgedPerDelivery: Get<u32>;
        type WeightInfo: WeightInfo;
    }

    /// Both directions of each channel. One record, because the leaf says something of both.
    #[pallet::storage]
    pub type Channels<T> = StorageMap<_, Twox64Concat, ParaId, Channel, OptionQuery>;

    /// The hash of each channel's leaf. The root over them is in every header.
    #[pallet::storage]
    pub type Leaves<T: Config> = StorageValue<_, BoundedBTreeMap<ParaId, H256, T::MaxPeers>, ValueQuery>;

    /// Messages that were sent and not yet acknowledged, by their place in the stream. Relayers fetch them here.
    #[pallet::storage]
    pub type Messages<T> = StorageDoubleMap<_, Twox64Concat, ParaId, Twox64Concat, u64, Payload, OptionQuery>;

    /// Hash and length of the same messages, so that removing one does not read it.
    #[pallet::storage]
    pub type Records<T> = StorageDoubleMap<_, Twox64Concat, ParaId, Twox64Concat, u64, MessageRecord, OptionQuery>;

    /// What was last seen of each sender in the relay chain's state.
    #[pallet::storage]
    pub type Watches<T> = StorageMap<_, Twox64Concat, ParaId, Watch, OptionQuery>;

    /// The last roots of each sender, each in the place that its observation's number has in the ring.
    #[pallet::storage]
    pub type RootRing<T> = StorageDoubleMap<_, Twox64Concat, ParaId, Twox64Concat, u64, H256, OptionQuery>;

    /// The same roots, with the number of the observation. Roots are hashes, so no hasher has to keep them apart.
    #[pallet::storage]
    pub type KnownRoots<T> = StorageDoubleMap<_, Twox64Concat, ParaId, Identity, H256, u64, OptionQuery>;

    /// How much this block took in.
    #[pallet::storage]
    #[pallet::whitelist_storage]
    pub type Used<T> = StorageValue<_, BlockUse, ValueQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// Siblings whose genesis opens the same channels. Each side may have `MaxUnderWay` under way.
        pub peers: Vec<ParaId>,
        #[serde(skip)]
        pub _config: PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            for peer in &self.peers {
                let opened = Pallet::<T>::open_at_genesis(*peer);
                assert!(opened.is_ok(), "each sibling is another parachain, and there are at most MaxPeers");
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// This parachain takes messages of `peer`, or no longer does.
        AcceptanceSet { peer: ParaId, acceptance: Acceptance, window: Window },
        /// A message was appended to the stream to `peer`.
        Sent { peer: ParaId, index: u64, hash: H256 },
        /// Messages of `sender` were put into its queue. `count` is how many there were ever.
        Received { sender: ParaId, messages: u32, count: u64 },
        /// `peer` has all messages before `count`.
        Acknowledged { peer: ParaId, count: u64 },
        /// `peer` says how much it takes.
        AllowanceChanged { peer: ParaId, acceptance: Acceptance, window: Window },
        /// The relay chain says that `sender` has no commitment, or that it began another history. Its roots are
        /// forgotten.
        RootsForgotten { sender: ParaId },
        /// What was received of `sender` was set by hand.
        ReceivedSet { sender: ParaId, count: u64 },
        /// The channel with `peer` is gone, with `messages` that were never acknowledged.
        ChannelRemoved { peer: ParaId, messages: u32 },
    }

    /// The number of an error is also what a refused transaction says: `InvalidTransaction::Custom(number)`.
    #[pallet::error]
    pub enum Error<T> {
        /// There is no channel with this parachain. `set_acceptance` makes one.
        NoChannel,
        /// A parachain has no channel with itself.
        OwnPara,
        /// `MaxPeers` channels exist. Remove one first.
        TooManyPeers,
        /// Messages of this parachain are not taken now. `set_acceptance` changes that.
        NotAccepting,
        /// This block took in what it may. The next one takes more.
        BudgetSpent,
        /// The sender's queue is full. It has to be worked off first.
        QueueFull,
        /// HRMP messages of the sender, which are older, still wait in their queue.
        HrmpFirst,
        /// The root was not seen in the relay chain's state, or too long ago. Build the delivery on a newer block.
        UnknownRoot,
        /// The leaf is for another parachain.
        WrongPeer,
        /// The leaf is not under the root.
        NotCommitted,
        /// The delivery begins too late, or brings what its leaf does not count.
        BeyondCount,
        /// These are not the next messages of the stream: altered, out of order, or delivered before.
        WrongMessages,
        /// The sender acknowledges messages that were never sent.
        AcknowledgedUnsent,
        /// The delivery brings no message and says nothing new.
        NothingNew,
        /// A frontier has one peak for each set bit of its count.
        UnsoundFrontier,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_now: BlockNumberFor<T>) -> Weight {
            Self::begin_block()
        }

        fn on_finalize(_now: BlockNumberFor<T>) {
            Self::end_block();
        }

        fn integrity_test() {
            Self::check_configuration();
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_now: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Says whether, and how much at a time, `peer` may send. Makes the channel if there is none.
        ///
        /// Both sides have to do this: the one that only sends takes nothing, but must listen to the acknowledgements.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::set_acceptance())]
        pub fn set_acceptance(
            origin: OriginFor<T>,
            peer: ParaId,
            acceptance: Acceptance,
            window: Window,
        ) -> DispatchResult {
            T::ControllerOrigin::ensure_origin(origin)?;
            Self::do_set_acceptance(peer, acceptance, window)?;
            Ok(())
        }

        /// Takes in messages of a sibling, its acknowledgements and what it allows. Free, and anybody may send it: what
        /// is not proved never enters a block.
        #[pallet::call_index(1)]
        #[pallet::weight(Pallet::<T>::weight_of_delivery(delivery))]
        #[pallet::weight_of_authorize(Pallet::<T>::weight_of_check(delivery))]
        #[pallet::authorize(Self::authorize_delivery)]
        pub fn deliver(origin: OriginFor<T>, delivery: Delivery) -> DispatchResultWithPostInfo {
            ensure_authorized(origin)?;
            Self::do_deliver(delivery)
        }

        /// Sets what was received of `peer`, without proof: to go on behind a message that cannot be delivered, or with
        /// a new parachain under an old id. A wrong frontier stops the channel and does no other harm, as nothing
        /// continues it.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::set_received())]
        pub fn set_received(origin: OriginFor<T>, peer: ParaId, received: Frontier) -> DispatchResult {
            T::ControllerOrigin::ensure_origin(origin)?;
            Self::do_set_received(peer, received)?;
            Ok(())
        }

        /// Removes the channel with `peer` and all messages to it that were not acknowledged. A new channel begins with
        /// message 0 in both directions, so the peer has to do the same, and before either side makes the channel again:
        /// a new one would take the old messages of the other side once more.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::remove_channel(T::MaxUnderWay::get().messages))]
        pub fn remove_channel(origin: OriginFor<T>, peer: ParaId) -> DispatchResultWithPostInfo {
            T::ControllerOrigin::ensure_origin(origin)?;
            let messages = Self::do_remove_channel(peer)?;
            Ok(Some(T::WeightInfo::remove_channel(messages)).into())
        }
    }

    impl<T: Config> Pallet<T> {
        /// Panics when the runtime's build tests it, never in a block.
        fn check_configuration() {
            let queue_bytes = <T::Queue as EnqueueMessage<ParaId>>::MaxMessageLen::get();
            assert!(queue_bytes >= MAX_MESSAGE_BYTES, "the queue must take the longest message: raise its HeapSize");
            assert!(
                T::MaxPeers::get() <= 1 << serin_primitives::xcmp::MAX_TREE_DEPTH,
                "more peers than paths are deep"
            );
            assert!(T::MaxAcknowledgedPerDelivery::get() > 0, "nothing would ever be removed");
        }
    }
}
