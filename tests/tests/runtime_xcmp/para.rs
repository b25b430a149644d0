// SPDX-License-Identifier: GPL-3.0-only
//! A parachain that is built on a real relay chain: each block on the last block there, with a proof of its state.

pub mod bundle;

use super::{
    para_support::{genesis_storage, header_after},
    relay::{Candidate, Relay},
};
use codec::Encode;
use cumulus_primitives_core::{
    relay_chain::{HeadData, MAX_POV_SIZE},
    runtime_decl_for_key_to_include_in_relay_proof::KeyToIncludeInRelayProofV1,
    ParaId, PersistedValidationData, RelayStorageKey,
};
use cumulus_primitives_parachain_inherent::{ParachainInherentData, INHERENT_IDENTIFIER};
use pallet_xcmp_channels::{runtime_api::runtime_decl_for_xcmp_api::XcmpApiV1, MessageOrigin, SendFailure};
use polkadot_primitives::CandidateCommitments;
use serin_parachain_runtime::{
    constants::time::SLOT_MILLIS,
    genesis_config_presets::{genesis, Preset},
    signing, Executive, Header, ParachainSystem, Runtime, RuntimeCall, RuntimeEvent, System, UncheckedExtrinsic,
    XcmpChannels,
};
use serin_primitives::xcmp::{delivery::Payload, Delivery};
use sp_block_builder::runtime_decl_for_block_builder::BlockBuilderV6;
use sp_core::H256;
use sp_inherents::InherentData;
use sp_io::TestExternalities;
use sp_runtime::{
    traits::{BlakeTwo256, Hash, Header as HeaderT},
    transaction_validity::{TransactionSource, TransactionValidity},
    ApplyExtrinsicResult, Digest,
};
use xcm::{
    latest::{Instruction, OriginKind, Xcm},
    VersionedXcm,
};

/// The demonstration parachain's runtime.
pub struct Para {
    externalities: TestExternalities,
    pub id: u32,
    head: Header,
    ran: Vec<H256>,
}

/// What validators get to check one of its blocks, before it is compressed.
#[derive(Clone, Copy, Debug)]
pub struct Pov {
    /// The header and all extrinsics.
    pub block_bytes: usize,
    /// In one of the extrinsics: the proof of what the block reads of the relay chain.
    pub relay_proof_bytes: usize,
    /// Beside the block: the proof of what it reads of the parachain's own state.
    pub state_proof_bytes: usize,
}

impl Para {
    /// With an XCMP channel to each of `peers`.
    pub fn new(id: u32, peers: &[u32]) -> Self {
        let peers = peers.iter().map(|peer| ParaId::from(*peer)).collect::<Vec<_>>();
        let storage = genesis_storage(genesis(id.into(), Preset::Local.collators(), &peers)).expect("it is sound");
        let externalities = TestExternalities::new(storage);
        let state_root = *externalities.backend.root();
        let head = Header::new(0, Default::default(), state_root, Default::default(), Digest::default());
        Self { externalities, id, head, ran: Vec::new() }
    }

    /// Another copy of it, as it is after the last block.
    pub fn fork(&self) -> Self {
        let mut externalities = TestExternalities::new_empty();
        externalities.backend = self.externalities.backend.clone();
        Self { externalities, id: self.id, head: self.head.clone(), ran: self.ran.clone() }
    }

    pub fn head(&self) -> Vec<u8> {
        self.head.encode()
    }

    /// The hashes of all messages of siblings that it ever ran, or dropped for being none, in that order.
    pub fn ran(&self) -> &[H256] {
        &self.ran
    }

    /// Looks at the state after the last block.
    pub fn inspect<R>(&mut self, look: impl FnOnce() -> R) -> R {
        self.externalities.execute_with(look)
    }

    /// The bytes of proof that validators need for `change`, which is not kept.
    pub fn proof_bytes(&mut self, change: impl FnOnce()) -> usize {
        let (_, proof) = self.fork().externalities.execute_and_prove(|| {
            change();
            sp_io::storage::root(sp_core::storage::StateVersion::V1)
        });
        codec::Encode::encoded_size(&proof)
    }

    /// Builds a block on the relay chain's last one, with `body` run after the inherents. The result is what validators
    /// are to include.
    pub fn block<R>(&mut self, relay: &mut Relay, body: impl FnOnce() -> R) -> (Candidate, R) {
        relay.ensure_within_session();
        let slot = relay.chain.slot();
        let inherents = inherent_data(&self.word_of_relay_chain(relay), slot);
        let header = header_after(&self.head, slot);
        let (head, output, collation, ran) = self.externalities.execute_with(|| {
            Executive::initialize_block(&header);
            for inherent in Runtime::inherent_extrinsics(inherents) {
                assert_eq!(Executive::apply_extrinsic(inherent), Ok(Ok(())), "an inherent in slot {slot}");
            }
            let output = body();
            let head = Executive::finalize_block();
            let collation = ParachainSystem::collect_collation_info(&head);
            let ran = System::events().into_iter().filter_map(|record| message_run(record.event));
            (head, output, collation, ran.collect::<Vec<_>>())
        });
        self.externalities.commit_all().expect("nothing is left open");
        self.head = head;
        self.ran.extend(ran);
        let commitments = CandidateCommitments {
            upward_messages: collation.upward_messages.try_into().expect("as many as allowed"),
            horizontal_messages: collation.horizontal_messages.try_into().expect("as many as allowed"),
            new_validation_code: None,
            head_data: collation.head_data,
            processed_downward_messages: collation.processed_downward_messages,
            hrmp_watermark: collation.hrmp_watermark,
        };
        (Candidate { para: self.id, commitments }, output)
    }

    /// Builds a block and has it included.
    pub fn included_block<R>(&mut self, relay: &mut Relay, body: impl FnOnce() -> R) -> R {
        let (candidate, output) = self.block(relay, body);
        relay.include(&[candidate]);
        output
    }

    /// What a relayer fetches for `peer`: as much as one delivery may hold.
    pub fn delivery_for(&mut self, peer: &mut Self) -> Delivery {
        let sender = ParaId::from(self.id);
        let channel = peer.inspect(|| Runtime::channel(sender)).expect("the channel is open");
        let delivery = self.inspect(|| Runtime::delivery(peer.id.into(), channel.received.count(), u32::MAX, 2 << 20));
        delivery.expect("the messages are there")
    }

    /// The same, if `peer` can take it now and learns something from it.
    pub fn news_for(&mut self, peer: &mut Self) -> Option<Delivery> {
        let delivery = self.delivery_for(peer);
        let sender = delivery.sender;
        let is_known = peer.inspect(|| XcmpChannels::knows_root(sender, delivery.root));
        let channel = peer.inspect(|| XcmpChannels::channel(sender)).expect("it is open");
        let has_news = !delivery.payloads.is_empty() || delivery.leaf.received_count > channel.acknowledged.count();
        (is_known && has_news).then_some(delivery)
    }

    /// What validators get to check a block with these transactions, which is built and thrown away.
    pub fn pov(&self, relay: &mut Relay, transactions: &[UncheckedExtrinsic]) -> Pov {
        let mut copy = self.fork();
        relay.ensure_within_session();
        let slot = relay.chain.slot();
        let word = copy.word_of_relay_chain(relay);
        let relay_proof_bytes = word.relay_chain_state.encoded_size();
        let inherents = inherent_data(&word, slot);
        let header = header_after(&copy.head, slot);
        let root = *copy.externalities.backend.root();
        let (block, proof) = copy.externalities.execute_and_prove(|| {
            Executive::initialize_block(&header);
            let inherents = Runtime::inherent_extrinsics(inherents);
            let extrinsics = inherents.iter().chain(transactions).cloned().collect::<Vec<_>>();
            for extrinsic in &extrinsics {
                assert_eq!(Executive::apply_extrinsic(extrinsic.clone()), Ok(Ok(())), "an extrinsic in slot {slot}");
            }
            (Executive::finalize_block(), extrinsics)
        });
        let state_proof_bytes = proof.encoded_compact_size::<BlakeTwo256>(root).expect("it is a proof of this state");
        Pov { block_bytes: block.encoded_size(), relay_proof_bytes, state_proof_bytes }
    }

    /// What a collator tells the parachain of the relay chain.
    fn word_of_relay_chain(&mut self, relay: &mut Relay) -> ParachainInherentData {
        let id = ParaId::from(self.id);
        let additional = self.inspect(|| Runtime::keys_to_prove().keys).into_iter().map(|key| match key {
            RelayStorageKey::Top(key) => key,
            other => panic!("not asked for: {other:?}"),
        });
        let keys = relay.collators_keys(id).into_iter().chain(additional);
        let proof = relay.prove(keys);
        ParachainInherentData {
            validation_data: PersistedValidationData {
                parent_head: HeadData(self.head.encode()),
                relay_parent_number: relay.chain.head.number,
                relay_parent_storage_root: relay.chain.head.state_root,
                max_pov_size: MAX_POV_SIZE,
            },
            relay_chain_state: proof,
            downward_messages: relay.downward_messages(id),
            horizontal_messages: relay.horizontal_messages(id),
            relay_parent_descendants: Vec::new(),
            collator_peer_id: None,
        }
    }
}

fn inherent_data(word: &ParachainInherentData, slot: u64) -> InherentData {
    let mut data = InherentData::new();
    data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &(slot * SLOT_MILLIS)).expect("it is the only one");
    data.put_data(INHERENT_IDENTIFIER, word).expect("it is the only one");
    data
}

/// The hash of the message of a sibling that left its queue in this event.
fn message_run(event: RuntimeEvent) -> Option<H256> {
    use pallet_message_queue::Event::{Processed, ProcessingFailed};
    match event {
        RuntimeEvent::MessageQueue(
            Processed { id, origin: MessageOrigin::Xcmp(_) | MessageOrigin::Sibling(_), .. }
            | ProcessingFailed { id, origin: MessageOrigin::Xcmp(_) | MessageOrigin::Sibling(_), .. },
        ) => Some(id),
        _ => None,
    }
}

/// The transaction of a relayer: no signature, no fee.
pub fn transaction(delivery: Delivery) -> UncheckedExtrinsic {
    let call = RuntimeCall::XcmpChannels(pallet_xcmp_channels::Call::deliver { delivery });
    UncheckedExtrinsic::new_transaction(call, signing::extension(0, 0))
}

/// What the pool says of it.
pub fn validate(delivery: Delivery) -> TransactionValidity {
    Executive::validate_transaction(TransactionSource::External, transaction(delivery), System::parent_hash())
}

/// Applies it to the block under construction.
pub fn apply(delivery: Delivery) -> ApplyExtrinsicResult {
    Executive::apply_extrinsic(transaction(delivery))
}

/// An XCM of so many bytes, which no barrier lets run.
pub fn message(bytes: usize) -> Vec<u8> {
    let of_call = |length: usize| {
        let (origin_kind, fallback_max_weight, call) = (OriginKind::Native, None, vec![255; length].into());
        VersionedXcm::<()>::from(Xcm(vec![Instruction::Transact { origin_kind, fallback_max_weight, call }])).encode()
    };
    // The length of the call is told in one to four bytes.
    (bytes.saturating_sub(16)..bytes).map(of_call).find(|message| message.len() == bytes).expect("there is one")
}

/// Appends a message of so many bytes, which is no XCM, to the stream to `peer`; returns whether there was room.
pub fn send(peer: u32, bytes: usize) -> bool {
    send_payload(peer, vec![255; bytes]).is_ok()
}

/// Appends a message to the stream to `peer`; returns the hash by which the peer's queue tells of it.
pub fn send_payload(peer: u32, bytes: Vec<u8>) -> Result<H256, SendFailure> {
    let hash = BlakeTwo256::hash(&bytes);
    let payload = Payload::try_from(bytes).expect("no longer than a message may be");
    XcmpChannels::send(peer.into(), payload).map(|_| hash)
}
