// SPDX-License-Identifier: GPL-3.0-only
//! Parachains and a relay chain, each with its own state, and real proofs between them.

use crate::{roots::KNOWN_ROOTS, BlockUse, HrmpWaitsForXcmp, MessageOrigin, ParaIdToHrmp, ParaIdToXcmp};
use codec::Encode;
use cumulus_pallet_parachain_system::{OnSystemEvent, RelayChainStateProof};
use cumulus_primitives_core::{relay_chain::HeadData, ChannelInfo, ChannelStatus, GetChannelInfo, ParaId};
use frame_support::{
    derive_impl, parameter_types,
    traits::{OnFinalize, OnInitialize, ProcessMessage, ProcessMessageError, TransformOrigin},
    weights::{Weight, WeightMeter},
};
use frame_system::EnsureRoot;
use polkadot_runtime_parachains::paras::OnNewHead;
use serin_primitives::xcmp::{latest_root_key, Window};
use sp_core::{Blake2Hasher, H256};
use sp_runtime::BuildStorage;
use sp_state_machine::{prove_read, InMemoryBackend};
use xcm::{latest::Location, VersionedXcm, WrapVersion};

/// Enough for the queue to run all that a test puts into it.
pub const PLENTY: Weight = Weight::from_parts(1_000_000_000_000, 1_000_000_000);

pub type State = InMemoryBackend<Blake2Hasher>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        MessageQueue: pallet_message_queue,
        XcmpChannels: crate,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = frame_system::mocking::MockBlockU32<Test>;
}

parameter_types! {
    pub const HeapSize: u32 = 103 * 1024;
    pub const MaxStale: u32 = 8;
    pub storage ServiceWeight: Option<Weight> = Some(PLENTY);
    pub storage SelfParaId: ParaId = ParaId::from(0);
    pub storage OpenHrmpChannels: Vec<ParaId> = Vec::new();
    /// What was run, in its order.
    pub storage Executed: Vec<(MessageOrigin, Vec<u8>)> = Vec::new();
    pub const MaxPeers: u32 = 8;
    pub const MaxUnderWay: Window = Window { messages: 64, bytes: 300_000 };
    pub const BlockBudget: BlockUse = BlockUse { messages: 20, bytes: 200_000 };
    pub const MaxQueuePages: u32 = 4;
    pub const MaxAcknowledgedPerDelivery: u32 = 16;
}

/// Writes down what it is given.
pub struct Recorder;

impl ProcessMessage for Recorder {
    type Origin = MessageOrigin;

    fn process_message(
        message: &[u8],
        origin: MessageOrigin,
        _: &mut WeightMeter,
        _: &mut [u8; 32],
    ) -> Result<bool, ProcessMessageError> {
        let mut executed = Executed::get();
        executed.push((origin, message.to_vec()));
        Executed::set(&executed);
        Ok(true)
    }
}

impl pallet_message_queue::Config for Test {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MessageProcessor = Recorder;
    type Size = u32;
    type QueueChangeHandler = ();
    type QueuePausedQuery = HrmpWaitsForXcmp<Test>;
    type HeapSize = HeapSize;
    type MaxStale = MaxStale;
    type ServiceWeight = ServiceWeight;
    type IdleMaxServiceWeight = ();
}

pub struct HrmpChannels;

impl GetChannelInfo for HrmpChannels {
    fn get_channel_status(para: ParaId) -> ChannelStatus {
        if OpenHrmpChannels::get().contains(&para) {
            ChannelStatus::Full
        } else {
            ChannelStatus::Closed
        }
    }

    fn get_channel_info(_: ParaId) -> Option<ChannelInfo> {
        None
    }
}

/// The newest version of XCM for everybody.
pub struct Newest;

impl WrapVersion for Newest {
    fn wrap_version<Call: codec::Decode + frame_support::dispatch::GetDispatchInfo>(
        _: &Location,
        message: impl Into<VersionedXcm<Call>>,
    ) -> Result<VersionedXcm<Call>, ()> {
        Ok(message.into())
    }
}

/// Sending is free.
pub struct Free;

impl polkadot_runtime_common::xcm_sender::PriceForMessageDelivery for Free {
    type Id = ParaId;

    fn price_for_delivery(_: ParaId, _: &xcm::latest::Xcm<()>) -> xcm::latest::Assets {
        Default::default()
    }
}

impl crate::Config for Test {
    type SelfParaId = SelfParaId;
    type ControllerOrigin = EnsureRoot<u64>;
    type Queue = TransformOrigin<MessageQueue, MessageOrigin, ParaId, ParaIdToXcmp>;
    type HrmpQueue = TransformOrigin<MessageQueue, MessageOrigin, ParaId, ParaIdToHrmp>;
    type HrmpChannels = HrmpChannels;
    type VersionWrapper = Newest;
    type PriceForSiblingDelivery = Free;
    type MaxPeers = MaxPeers;
    type MaxUnderWay = MaxUnderWay;
    type BlockBudget = BlockBudget;
    type MaxQueuePages = MaxQueuePages;
    type MaxAcknowledgedPerDelivery = MaxAcknowledgedPerDelivery;
    type WeightInfo = ();
}

/// A parachain: its state after its last block, and that block's head.
#[derive(Clone)]
pub struct Para {
    pub id: u32,
    pub state: State,
    pub number: u32,
    pub head: Vec<u8>,
}

impl Para {
    pub fn new(id: u32) -> Self {
        let storage = frame_system::GenesisConfig::<Test>::default().build_storage().unwrap();
        let mut para = Self { id, state: sp_io::TestExternalities::new(storage).as_backend(), number: 0, head: vec![] };
        para.run(|| SelfParaId::set(&id.into()));
        para
    }

    pub fn externalities(&self) -> sp_io::TestExternalities {
        let mut externalities = sp_io::TestExternalities::new_empty();
        externalities.backend = self.state.clone();
        externalities
    }

    /// Changes the state outside of a block.
    pub fn run<R>(&mut self, change: impl FnOnce() -> R) -> R {
        let mut externalities = self.externalities();
        let result = externalities.execute_with(change);
        self.state = externalities.as_backend();
        result
    }

    /// Looks at the state.
    pub fn read<R>(&self, look: impl FnOnce() -> R) -> R {
        self.externalities().execute_with(look)
    }

    /// Makes a block on the relay chain's present state, of which the proof leaves out the keys of the senders in
    /// `omitted`.
    pub fn block<R>(&mut self, relay: &Relay, omitted: &[u32], transactions: impl FnOnce() -> R) -> R {
        self.number += 1;
        let (number, id) = (self.number, self.id);
        let (result, head) = self.run(|| {
            System::initialize(&number, &H256::zero(), &Default::default());
            AllPalletsWithSystem::on_initialize(number);
            let keys = relay_keys(XcmpChannels::keys_to_prove(), omitted);
            XcmpChannels::on_relay_state_proof(&relay.prove(id, keys));
            let result = transactions();
            AllPalletsWithSystem::on_finalize(number);
            let header = System::finalize();
            XcmpChannels::do_try_state().unwrap();
            (result, header.encode())
        });
        self.head = head;
        result
    }
}

fn relay_keys(request: cumulus_primitives_core::RelayProofRequest, omitted: &[u32]) -> Vec<Vec<u8>> {
    let omitted: Vec<_> = omitted.iter().map(|para| latest_root_key((*para).into())).collect();
    let keys = request.keys.into_iter().map(|key| match key {
        cumulus_primitives_core::RelayStorageKey::Top(key) => key,
        other => panic!("not asked for: {other:?}"),
    });
    keys.filter(|key| !omitted.contains(key)).collect()
}

/// The relay chain, with nothing on it but the pallet that notes roots.
#[derive(Clone)]
pub struct Relay {
    pub state: State,
    pub number: u32,
}

mod relay_runtime {
    use frame_support::{
        derive_impl,
        traits::{ConstU32, Everything},
    };

    frame_support::construct_runtime!(
        pub enum Relay {
            System: frame_system,
            Xcmp: pallet_xcmp,
        }
    );

    #[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
    impl frame_system::Config for Relay {
        type Block = frame_system::mocking::MockBlockU32<Relay>;
    }

    impl pallet_xcmp::Config for Relay {
        type ClearOrigin = frame_system::EnsureRoot<u64>;
        type KnownParas = Everything;
        type CleanUpEntriesPerBlock = ConstU32<8>;
        type WeightInfo = NoWeight;
    }

    pub struct NoWeight;

    impl pallet_xcmp::WeightInfo for NoWeight {
        fn note_head(_: u32) -> frame_support::weights::Weight {
            Default::default()
        }
        fn no_clean_up() -> frame_support::weights::Weight {
            Default::default()
        }
        fn clean_up(_: u32) -> frame_support::weights::Weight {
            Default::default()
        }
        fn clear() -> frame_support::weights::Weight {
            Default::default()
        }
    }
}

impl Relay {
    pub fn new() -> Self {
        let storage = frame_system::GenesisConfig::<relay_runtime::Relay>::default().build_storage().unwrap();
        Self { state: sp_io::TestExternalities::new(storage).as_backend(), number: 0 }
    }

    /// The next block, in which these heads are included.
    pub fn include(&mut self, heads: &[(u32, Vec<u8>)]) {
        self.number += 1;
        let number = self.number;
        self.run(|| {
            relay_runtime::System::set_block_number(number);
            for (para, head) in heads {
                <relay_runtime::Xcmp as OnNewHead>::on_new_head((*para).into(), &HeadData(head.clone()));
            }
        });
    }

    pub fn clear(&mut self, para: u32) {
        self.run(|| relay_runtime::Xcmp::clear(relay_runtime::RuntimeOrigin::root(), para.into()).unwrap());
    }

    pub fn has_root(&self, para: u32) -> bool {
        self.externalities().execute_with(|| relay_runtime::Xcmp::latest_root(para.into()).is_some())
    }

    fn externalities(&self) -> sp_io::TestExternalities {
        let mut externalities = sp_io::TestExternalities::new_empty();
        externalities.backend = self.state.clone();
        externalities
    }

    fn run(&mut self, change: impl FnOnce()) {
        let mut externalities = self.externalities();
        externalities.execute_with(change);
        self.state = externalities.as_backend();
    }

    /// The proof that a collator of `para` puts into its block.
    fn prove(&self, para: u32, keys: Vec<Vec<u8>>) -> RelayChainStateProof {
        // Collators always prove something, so that the root at least is there.
        let keys = keys.into_iter().chain([b":code".to_vec()]);
        let proof = prove_read(self.state.clone(), keys).unwrap();
        RelayChainStateProof::new(para.into(), *self.state.root(), proof).unwrap()
    }
}

/// Long enough for every root to be forgotten.
pub const FORGETTING_BLOCKS: u64 = KNOWN_ROOTS + 1;
