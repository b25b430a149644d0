// SPDX-License-Identifier: GPL-3.0-only
//! A relay chain that backs and includes candidates: signed by the validators that are due, checked by the runtime.

use super::relay_support::{Chain, ParachainsWord};
use codec::Encode;
use polkadot_primitives::{
    well_known_keys, AvailabilityBitfield, BackedCandidate, CandidateCommitments, CandidateDescriptorV2,
    CommittedCandidateReceiptV2, CompactStatement, CoreIndex, HeadData, Id as ParaId, InboundDownwardMessage,
    InboundHrmpMessage, PersistedValidationData, SigningContext, UncheckedSigned, ValidationCode, ValidatorId,
    ValidatorIndex, ValidityAttestation,
};
use polkadot_runtime_parachains::{configuration, hrmp, paras, runtime_api_impl::v13, shared};
use sc_chain_spec::json_patch;
use serde_json::{json, Value};
use serin_primitives::xcmp::MAX_MESSAGE_BYTES;
use serin_runtime::{
    genesis_config_presets::{validator_name, GenesisParachain, ParachainKind, Preset, Transport},
    Hash, Runtime, System,
};
use sp_core::{sr25519, Pair, H256};
use sp_keyring::Sr25519Keyring;
use sp_state_machine::{prove_read_on_trie_backend, Backend, IterArgs, StorageProof};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// Of each parachain. Never run, and as short as a registration lets it be.
pub const CODE: &[u8] = b"\0asm\x01\0\0\0\0";
/// The capacity of Kusama's channels.
const MOST_MESSAGES: u32 = 1_000;

/// A relay chain with one validator and one core for each of its parachains. The keys of many validators take longer to
/// derive than blocks to build, so whoever needs the same one again clones it.
#[derive(Clone)]
pub struct Relay {
    pub chain: Chain,
    paras: Vec<ParaId>,
    keys: BTreeMap<ValidatorId, sr25519::Pair>,
    /// As it was after the last measured block: reading all of it takes longer than a block.
    last_state: Option<(u32, State)>,
}

type State = BTreeMap<Vec<u8>, Vec<u8>>;

/// A block of a parachain, as its collator hands it to validators.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub para: u32,
    pub commitments: CandidateCommitments,
}

impl Candidate {
    /// One that does nothing but have this head.
    pub fn with_head(para: u32, head: Vec<u8>) -> Self {
        Self { para, commitments: CandidateCommitments { head_data: HeadData(head), ..Default::default() } }
    }
}

/// What a block of the relay chain cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Of its extrinsics, and what the runtime counts for its header.
    pub block_bytes: usize,
    /// Keys and values that are others after it.
    pub written_bytes: usize,
    /// All keys and values after it.
    pub state_bytes: usize,
    pub weight_micros: u64,
    pub time: Duration,
}

impl Relay {
    /// With parachains of these heads, and epochs of so many slots. HRMP channels go from the first of them to each other one
    /// and back.
    pub fn new(heads: &[(u32, Vec<u8>)], transport: Transport, epoch_slots: u32) -> Self {
        let parachain = |(id, head): &(u32, Vec<u8>)| GenesisParachain {
            id: (*id).into(),
            head: HeadData(head.clone()),
            code: ValidationCode(CODE.to_vec()),
            manager: Sr25519Keyring::Alice.to_account_id(),
            kind: ParachainKind::WithCore,
        };
        let parachains = heads.iter().map(parachain).collect::<Vec<_>>();
        let validators = u32::try_from(heads.len()).expect("few parachains");
        let mut patch: Value = Preset::Local.genesis_with_parachains(validators, &parachains, transport);
        json_patch::merge(&mut patch, json!({ "timing": { "parameters": { "epochSlots": epoch_slots } } }));
        if transport == Transport::Hrmp {
            let first = parachains[0].id;
            let each_way = |other: &GenesisParachain| [(first, other.id), (other.id, first)];
            let channels = parachains[1..].iter().flat_map(each_way);
            let channels = channels.map(|(from, to)| (from, to, MOST_MESSAGES, MAX_MESSAGE_BYTES)).collect::<Vec<_>>();
            patch["hrmp"] = json!({ "preopenHrmpChannels": channels });
        }
        let pair = |index| {
            let seed = format!("//{}", validator_name(index));
            let pair = sr25519::Pair::from_string(&seed, None).expect("a development name");
            (ValidatorId::from(pair.public()), pair)
        };
        let mut chain = Chain::with_genesis(Preset::Local, validators, patch);
        chain.block(|| ());
        Self {
            chain,
            paras: parachains.iter().map(|para| para.id).collect(),
            keys: (0..validators).map(pair).collect(),
            last_state: None,
        }
    }

    /// Backs the candidates in one block and includes them in the next. All of them must pass. Each has read the
    /// messages that came up to its relay parent, which is the last block.
    pub fn include(&mut self, candidates: &[Candidate]) -> [Figures; 2] {
        self.ensure_within_session();
        let mut in_order = candidates.iter().collect::<Vec<_>>();
        in_order.sort_by_key(|candidate| candidate.para);
        let backed = in_order.into_iter().map(|candidate| self.back(candidate)).collect();
        self.chain.word = ParachainsWord { backed_candidates: backed, ..Default::default() };
        let backing = self.measured_block();
        for Candidate { para, .. } in candidates {
            let pending = self.chain.inspect(|| v13::candidates_pending_availability::<Runtime>((*para).into()));
            assert!(!pending.is_empty(), "{para}: its candidate was not backed");
        }

        self.chain.word = ParachainsWord { bitfields: self.bitfields(), ..Default::default() };
        let inclusion = self.measured_block();
        for Candidate { para, commitments } in candidates {
            let head = self.chain.inspect(|| paras::Heads::<Runtime>::get(ParaId::from(*para)));
            assert_eq!(head.as_ref(), Some(&commitments.head_data), "{para}: its candidate was not included");
        }
        [backing, inclusion]
    }

    /// What stock collators prove to a parachain.
    pub fn collators_keys(&mut self, id: ParaId) -> Vec<Vec<u8>> {
        let mut keys = vec![
            well_known_keys::CURRENT_BLOCK_RANDOMNESS.to_vec(),
            well_known_keys::ONE_EPOCH_AGO_RANDOMNESS.to_vec(),
            well_known_keys::TWO_EPOCHS_AGO_RANDOMNESS.to_vec(),
            well_known_keys::CURRENT_SLOT.to_vec(),
            well_known_keys::ACTIVE_CONFIG.to_vec(),
            well_known_keys::dmq_mqc_head(id),
            // Absent until there was a message; then the older key, which is absent as well, says so.
            well_known_keys::relay_dispatch_queue_remaining_capacity(id).key,
            #[expect(deprecated, reason = "parachains fall back to it")]
            well_known_keys::relay_dispatch_queue_size(id),
            well_known_keys::hrmp_ingress_channel_index(id),
            well_known_keys::hrmp_egress_channel_index(id),
            well_known_keys::upgrade_go_ahead_signal(id),
            well_known_keys::upgrade_restriction_signal(id),
            well_known_keys::para_head(id),
        ];
        let channels = self.chain.inspect(|| hrmp::HrmpChannels::<Runtime>::iter_keys().collect::<Vec<_>>());
        let own = channels.into_iter().filter(|channel| channel.sender == id || channel.recipient == id);
        keys.extend(own.map(well_known_keys::hrmp_channels));
        keys
    }

    /// What waits for the parachain. When a channel is opened, the relay chain tells it.
    pub fn downward_messages(&mut self, id: ParaId) -> Vec<InboundDownwardMessage> {
        self.chain.inspect(|| v13::dmq_contents::<Runtime>(id))
    }

    /// The messages of siblings that wait for the parachain.
    pub fn horizontal_messages(&mut self, id: ParaId) -> BTreeMap<ParaId, Vec<InboundHrmpMessage>> {
        self.chain.inspect(|| v13::inbound_hrmp_channels_contents::<Runtime>(id))
    }

    /// The proof of what the last block has under these keys.
    pub fn prove(&self, keys: impl IntoIterator<Item = Vec<u8>>) -> StorageProof {
        prove_read_on_trie_backend(&self.chain.externalities.backend, keys).expect("the state is there")
    }

    /// Everything in its state after the last block.
    fn state(&self) -> State {
        let pairs = self.chain.externalities.backend.pairs(IterArgs::default()).expect("the state is there");
        pairs.collect::<Result<_, _>>().expect("the state is there")
    }

    fn measured_block(&mut self) -> Figures {
        let before = match self.last_state.take() {
            Some((number, state)) if number == self.chain.number() => state,
            _ => self.state(),
        };
        let began = Instant::now();
        let (weight, length) = self.chain.block(|| (System::block_weight().total(), System::block_size()));
        let time = began.elapsed();
        let after = self.state();
        let size = |(key, value): (&Vec<u8>, &Vec<u8>)| key.len() + value.len();
        let written = after.iter().filter(|(key, value)| before.get(*key) != Some(value)).map(size).sum::<usize>();
        let removed = before.keys().filter(|key| !after.contains_key(*key)).map(Vec::len).sum::<usize>();
        let figures = Figures {
            block_bytes: usize::try_from(length).expect("a length"),
            written_bytes: written + removed,
            state_bytes: after.iter().map(size).sum(),
            weight_micros: weight.ref_time() / 1_000_000,
            time,
        };
        self.last_state = Some((self.chain.number(), after));
        figures
    }

    /// A block that ends a session backs nothing, and drops what waits for inclusion.
    pub fn ensure_within_session(&mut self) {
        while [1, 2].into_iter().any(|ahead| self.chain.ends_session(self.chain.slot() + ahead)) {
            self.chain.block(|| ());
        }
    }

    /// The candidate on the last block as its relay parent, with the vote of its group.
    fn back(&mut self, candidate: &Candidate) -> BackedCandidate {
        let head = self.chain.head.clone();
        let relay_parent = head.hash();
        let id = ParaId::from(candidate.para);
        let core = self.paras.iter().position(|para| *para == id).expect("it has a core");
        let core = CoreIndex(u32::try_from(core).expect("few cores"));
        let (descriptor, context, validator) = self.chain.inspect(|| {
            let session_index = shared::CurrentSessionIndex::<Runtime>::get();
            let data = PersistedValidationData {
                parent_head: paras::Heads::<Runtime>::get(id).expect("it is a parachain"),
                relay_parent_number: head.number,
                relay_parent_storage_root: head.state_root,
                max_pov_size: configuration::ActiveConfig::<Runtime>::get().max_pov_size,
            };
            let descriptor = CandidateDescriptorV2::new(
                id,
                relay_parent,
                core,
                session_index,
                data.hash(),
                H256::zero(),
                H256::zero(),
                candidate.commitments.head_data.hash(),
                ValidationCode(CODE.to_vec()).hash(),
            );
            let (groups, rotation) = v13::validator_groups::<Runtime>();
            let group = rotation.group_for_core(core, groups.len());
            let members = &groups[usize::try_from(group.0).expect("an index")];
            let [validator] = members[..] else { panic!("{members:?} is not one validator") };
            (descriptor, SigningContext { session_index, parent_hash: relay_parent }, validator)
        });
        let commitments = CandidateCommitments {
            hrmp_watermark: head.number,
            processed_downward_messages: u32::try_from(self.downward_messages(id).len()).expect("few messages"),
            ..candidate.commitments.clone()
        };
        let receipt = CommittedCandidateReceiptV2 { descriptor, commitments };
        let statement = (CompactStatement::Valid(receipt.hash()), &context).encode();
        let vote = ValidityAttestation::Explicit(self.pair_of(validator).sign(&statement).into());
        BackedCandidate::new(receipt, vec![vote], bitvec::bitvec![u8, bitvec::order::Lsb0; 1], core)
    }

    /// Every validator has its piece of every candidate.
    fn bitfields(&mut self) -> Vec<UncheckedSigned<AvailabilityBitfield>> {
        let parent_hash: Hash = self.chain.head.hash();
        let session_index = self.chain.inspect(shared::CurrentSessionIndex::<Runtime>::get);
        let context = SigningContext { session_index, parent_hash };
        let bits = bitvec::bitvec![u8, bitvec::order::Lsb0; 1; self.paras.len()];
        let validators = u32::try_from(self.keys.len()).expect("few validators");
        (0..validators)
            .map(|index| {
                let field = AvailabilityBitfield(bits.clone());
                let signature = self.pair_of(ValidatorIndex(index)).sign(&(&field, &context).encode());
                UncheckedSigned::new(field, ValidatorIndex(index), signature.into())
            })
            .collect()
    }

    fn pair_of(&mut self, validator: ValidatorIndex) -> &sr25519::Pair {
        let id = self.chain.inspect(|| {
            let index = usize::try_from(validator.0).expect("an index");
            shared::ActiveValidatorKeys::<Runtime>::get().get(index).cloned().expect("there are as many")
        });
        &self.keys[&id]
    }
}
