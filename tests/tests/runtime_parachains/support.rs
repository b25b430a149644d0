// SPDX-License-Identifier: GPL-3.0-only
//! A parachain of real blocks on a made-up relay chain, and signed transactions for it.

use codec::{Decode, DecodeAll, Encode};
use cumulus_primitives_core::{
    relay_chain::{HeadData, MAX_POV_SIZE},
    AbridgedHostConfiguration, AbridgedHrmpChannel, InboundDownwardMessage, InboundHrmpMessage, ParaId,
    PersistedValidationData, XcmpMessageFormat,
};
use cumulus_primitives_parachain_inherent::{MessageQueueChain, ParachainInherentData, INHERENT_IDENTIFIER};
use cumulus_test_relay_sproof_builder::RelayStateSproofBuilder;
use frame_support::traits::fungibles::Inspect;
use sc_chain_spec::json_patch;
use serde_json::Value;
use serin_parachain_runtime::{
    configs::xcm_config::SovereignAccountOf,
    constants::time::SLOT_MILLIS,
    genesis_config_presets::{genesis, Preset},
    signing::{self, ChainState},
    AccountId, Balance, Balances, BlockNumber, BuildStorage, Executive, ForeignAssets, Header, ParachainSystem,
    Runtime, RuntimeCall, RuntimeEvent, RuntimeGenesisConfig, System, UncheckedExtrinsic, VERSION,
};
use sp_block_builder::runtime_decl_for_block_builder::BlockBuilderV6;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature, Slot};
use sp_core::storage::Storage;
use sp_inherents::InherentData;
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Header as HeaderT, ApplyExtrinsicResult, Digest, DigestItem, DispatchError};
use std::collections::{BTreeMap, BTreeSet};
use xcm::{
    latest::{Instruction, Junction, Location, OriginKind, WeightLimit, Xcm},
    VersionedXcm,
};
use xcm_executor::traits::ConvertLocation;

/// The parachain that most tests run.
pub const PARA: u32 = 2_087;
/// A sibling whose token it knows.
pub const SIBLING: u32 = 2_100;

/// The relay chain's slot in its block 0. Any would do; this one makes timestamps look like today's.
const FIRST_SLOT: u64 = 300_000_000;

/// A chain that grows by one block for each block of the relay chain, as a collator would build it: initialised with an Aura
/// slot, both inherents applied, then what the test adds, then finalized and committed. Each block finds its parent included.
pub struct Chain {
    externalities: TestExternalities,
    id: ParaId,
    head: Header,
    relay: Relay,
    upward: Vec<Xcm<()>>,
    sideways: Vec<(u32, Xcm<()>)>,
    events: Vec<(BlockNumber, RuntimeEvent)>,
}

/// What the relay chain holds for the parachain.
#[derive(Default)]
struct Relay {
    number: u32,
    /// Hash chains over all messages so far, from the relay chain and from each sibling with an open channel.
    downward: MessageQueueChain,
    inbound: BTreeMap<ParaId, MessageQueueChain>,
    outbound: BTreeSet<ParaId>,
    /// What the next block gets.
    waiting_downward: Vec<InboundDownwardMessage>,
    waiting_inbound: BTreeMap<ParaId, Vec<InboundHrmpMessage>>,
}

impl Chain {
    /// The parachain [`PARA`] with two collators, which knows the token of [`SIBLING`].
    pub fn new() -> Self {
        Self::with_id(PARA, &[SIBLING.into()])
    }

    pub fn with_id(id: u32, siblings: &[ParaId]) -> Self {
        let patch = genesis(id.into(), Preset::Local.collators(), siblings);
        let storage = genesis_storage(patch).expect("the genesis is sound");
        let head = Header::new(0, Default::default(), Default::default(), Default::default(), Digest::default());
        Self {
            externalities: TestExternalities::new(storage),
            id: id.into(),
            head,
            relay: Relay::default(),
            upward: Vec::new(),
            sideways: Vec::new(),
            events: Vec::new(),
        }
    }

    /// The number of the last block.
    pub const fn number(&self) -> BlockNumber {
        self.head.number
    }

    /// All events so far, with the numbers of their blocks.
    pub fn events(&self) -> &[(BlockNumber, RuntimeEvent)] {
        &self.events
    }

    /// What the last block sent to the relay chain.
    pub fn upward(&self) -> &[Xcm<()>] {
        &self.upward
    }

    /// What the last block sent to siblings.
    pub fn sideways(&self) -> &[(u32, Xcm<()>)] {
        &self.sideways
    }

    /// Looks at the state after the last block.
    pub fn inspect<R>(&mut self, look: impl FnOnce() -> R) -> R {
        self.externalities.execute_with(look)
    }

    /// Opens a channel each way with `sibling`.
    pub fn open_channels(&mut self, sibling: u32) {
        self.relay.inbound.entry(sibling.into()).or_default();
        self.relay.outbound.insert(sibling.into());
    }

    /// Has the relay chain send `message`; the next block takes it in.
    pub fn send_down(&mut self, message: Xcm<()>) {
        let message =
            InboundDownwardMessage { sent_at: self.relay.number + 1, msg: VersionedXcm::from(message).encode() };
        self.relay.downward.extend_downward(&message);
        self.relay.waiting_downward.push(message);
    }

    /// Has `sibling` send `message` through its open channel; the next block takes it in.
    pub fn send_from(&mut self, sibling: u32, message: Xcm<()>) {
        let page = (XcmpMessageFormat::ConcatenatedVersionedXcm, VersionedXcm::from(message)).encode();
        let message = InboundHrmpMessage { sent_at: self.relay.number + 1, data: page };
        let channel = self.relay.inbound.get_mut(&sibling.into()).expect("the channel is open");
        channel.extend_hrmp(&message);
        self.relay.waiting_inbound.entry(sibling.into()).or_default().push(message);
    }

    /// Builds empty blocks until `number` is the last one.
    pub fn advance_to(&mut self, number: BlockNumber) {
        assert!(number >= self.number(), "the chain is already at block {}", self.number());
        while self.number() < number {
            self.block(|| ());
        }
    }

    /// Builds the next block, with `body` run after the inherents.
    pub fn block<R>(&mut self, body: impl FnOnce() -> R) -> R {
        self.relay.number += 1;
        let slot = FIRST_SLOT + u64::from(self.relay.number);
        let inherents = self.inherent_data(slot);
        let header = header_after(&self.head, slot);

        let (head, output, collation, events) = self.externalities.execute_with(|| {
            Executive::initialize_block(&header);
            for inherent in Runtime::inherent_extrinsics(inherents) {
                assert_eq!(Executive::apply_extrinsic(inherent), Ok(Ok(())), "an inherent in slot {slot}");
            }
            let output = body();
            let head = Executive::finalize_block();
            let collation = ParachainSystem::collect_collation_info(&head);
            (head, output, collation, System::events())
        });
        self.externalities.commit_all().expect("nothing is left open");

        self.head = head;
        self.events.extend(events.into_iter().map(|record| (self.head.number, record.event)));
        self.upward = collation.upward_messages.iter().map(|message| decode(message)).collect();
        self.sideways = collation
            .horizontal_messages
            .iter()
            .flat_map(|page| decode_page(&page.data).into_iter().map(|message| (page.recipient.into(), message)))
            .collect();
        output
    }

    /// What the collator hands to the block: the time, and the relay chain's state with a proof.
    fn inherent_data(&mut self, slot: u64) -> InherentData {
        let (root, proof) = self.relay.state(self.id, &self.head, slot).into_state_root_and_proof();
        let parachain = ParachainInherentData {
            validation_data: PersistedValidationData {
                parent_head: HeadData(self.head.encode()),
                relay_parent_number: self.relay.number,
                relay_parent_storage_root: root,
                max_pov_size: MAX_POV_SIZE,
            },
            relay_chain_state: proof,
            downward_messages: std::mem::take(&mut self.relay.waiting_downward),
            horizontal_messages: std::mem::take(&mut self.relay.waiting_inbound),
            relay_parent_descendants: Vec::new(),
            collator_peer_id: None,
        };
        let mut data = InherentData::new();
        data.put_data(sp_timestamp::INHERENT_IDENTIFIER, &(slot * SLOT_MILLIS)).expect("it is the only one");
        data.put_data(INHERENT_IDENTIFIER, &parachain).expect("it is the only one");
        data
    }
}

impl Relay {
    fn state(&self, id: ParaId, included: &Header, slot: u64) -> RelayStateSproofBuilder {
        let mut state = RelayStateSproofBuilder {
            para_id: id,
            host_config: AbridgedHostConfiguration {
                max_upward_queue_count: 1_000,
                max_upward_queue_size: 1024 * 1024,
                max_upward_message_size: 50 * 1024,
                max_upward_message_num_per_candidate: 16,
                hrmp_max_message_num_per_candidate: 10,
                ..RelayStateSproofBuilder::default().host_config
            },
            dmq_mqc_head: Some(self.downward.head()),
            current_slot: slot.into(),
            included_para_head: Some(HeadData(included.encode())),
            ..Default::default()
        };
        for (sender, chain) in &self.inbound {
            *state.upsert_inbound_channel(*sender) = channel(Some(chain));
        }
        for recipient in &self.outbound {
            *state.upsert_outbound_channel(*recipient) = channel(None);
        }
        state
    }
}

/// An open channel in which nothing waits, with the relay chain's limits.
fn channel(messages: Option<&MessageQueueChain>) -> AbridgedHrmpChannel {
    AbridgedHrmpChannel {
        max_capacity: 1_000,
        max_total_size: 102_400,
        max_message_size: 102_400,
        msg_count: 0,
        total_size: 0,
        mqc_head: messages.map(MessageQueueChain::head),
    }
}

/// A header that asks for the block after `parent`, to be written in `slot`.
pub fn header_after(parent: &Header, slot: u64) -> Header {
    let claim = <DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(Slot::from(slot));
    Header::new(parent.number + 1, Default::default(), Default::default(), parent.hash(), Digest { logs: vec![claim] })
}

fn decode(message: &[u8]) -> Xcm<()> {
    let versioned = VersionedXcm::<()>::decode_all(&mut &message[..]).expect("it is a message");
    versioned.try_into().expect("its version is known")
}

fn decode_page(mut page: &[u8]) -> Vec<Xcm<()>> {
    let format = XcmpMessageFormat::decode(&mut page).expect("a page begins with its format");
    let mut messages = Vec::new();
    while !page.is_empty() {
        match format {
            XcmpMessageFormat::ConcatenatedVersionedXcm => {
                let message = VersionedXcm::<()>::decode(&mut page).expect("it is a message");
                messages.push(message.try_into().expect("its version is known"));
            }
            XcmpMessageFormat::ConcatenatedOpaqueVersionedXcm => {
                messages.push(decode(&Vec::<u8>::decode(&mut page).expect("it is a message")));
            }
            // No message, but a word about the channel itself.
            XcmpMessageFormat::Signals | XcmpMessageFormat::ConcatenatedEncodedBlob => break,
        }
    }
    messages
}

/// The genesis state that `patch` makes of the default one.
pub fn genesis_storage(patch: Value) -> Result<Storage, String> {
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).map_err(|error| error.to_string())?;
    json_patch::merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).map_err(|error| error.to_string())?;
    config.build_storage()
}

/// The relay chain, as the parachain sees it. KSM has this name too.
pub fn relay() -> Location {
    Location::parent()
}

/// A sibling, as the parachain sees it. Its token has this name too.
pub fn sibling(id: u32) -> Location {
    Location::new(1, Junction::Parachain(id))
}

/// The account that belongs to `location`.
pub fn sovereign(location: &Location) -> AccountId {
    SovereignAccountOf::convert_location(location).unwrap_or_else(|| panic!("{location:?} has no account"))
}

/// What `account` has of the own token.
pub fn own(account: &AccountId) -> Balance {
    Balances::free_balance(account)
}

/// What `account` has of a foreign token.
pub fn foreign(token: &Location, account: &AccountId) -> Balance {
    <ForeignAssets as Inspect<AccountId>>::balance(token.clone(), account)
}

/// How much of a foreign token there is here.
pub fn issued(token: &Location) -> Balance {
    <ForeignAssets as Inspect<AccountId>>::total_issuance(token.clone())
}

/// `call`, signed by `signer` with its next nonce.
pub fn signed(signer: Sr25519Keyring, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
    let chain = ChainState {
        genesis_hash: System::block_hash(0),
        spec_version: VERSION.spec_version,
        transaction_version: VERSION.transaction_version,
    };
    let extension = signing::extension(System::account_nonce(signer.to_account_id()), tip);
    signing::sign(&signer.pair(), call, extension, &chain)
}

/// Signs `call` and applies it to the block under construction: what its dispatch returned. It must be a valid transaction.
pub fn apply(signer: Sr25519Keyring, call: RuntimeCall) -> Result<(), DispatchError> {
    apply_extrinsic(signed(signer, call, 0))
        .unwrap_or_else(|error| panic!("{signer:?} sent what is invalid: {error:?}"))
}

/// Applies `extrinsic` to the block under construction.
pub fn apply_extrinsic(extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
    Executive::apply_extrinsic(extrinsic)
}

/// The message with which the relay chain has the parachain dispatch `call` as Root.
pub fn as_root(call: RuntimeCall) -> Xcm<()> {
    Xcm(vec![
        Instruction::UnpaidExecution { weight_limit: WeightLimit::Unlimited, check_origin: None },
        Instruction::Transact {
            origin_kind: OriginKind::Superuser,
            fallback_max_weight: None,
            call: call.encode().into(),
        },
    ])
}
