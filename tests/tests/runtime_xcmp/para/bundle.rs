// SPDX-License-Identifier: GPL-3.0-only
//! Several blocks of a parachain in one candidate: built as a collator builds them that has the time of a whole core, and
//! checked by the parachain's own validation function, as validators run it but for their sandbox.

use super::{inherent_data, Para};
use crate::runtime_xcmp::{
    para_support::{header_after, signed},
    relay::{Candidate, Relay},
};
use codec::{DecodeAll, Encode};
use cumulus_primitives_core::{BlockBundleInfo, ParachainBlockData, PersistedValidationData};
use polkadot_node_core_pvf_common::executor_interface::{execute_artifact, prepare, prevalidate};
use polkadot_parachain_primitives::primitives::{BlockData, ValidationParams, ValidationResult};
use polkadot_primitives::{CandidateCommitments, ExecutorParams, MAX_CODE_SIZE};
use serin_parachain_runtime::{
    genesis_config_presets::Preset, Block, Executive, Hash, Header, Runtime, RuntimeCall, WASM_BINARY,
};
use serin_primitives::xcmp::digest::{self, root_of_digest};
use sp_block_builder::runtime_decl_for_block_builder::BlockBuilderV6;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
use sp_core::{Blake2Hasher, Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Block as _, DigestItem};
use sp_state_machine::StorageProof;
use sp_trie::{
    proof_size_extension::ProofSizeExt,
    recorder::{IgnoredNodes, Recorder},
};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// What code may unpack to.
const CODE_LIMIT: usize = MAX_CODE_SIZE as usize * 10;

/// The parachain's code, compiled as validators do before they run it.
static ARTIFACT: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let blob = WASM_BINARY.expect("the runtime was built to wasm");
    let code = sp_maybe_compressed_blob::decompress(blob, CODE_LIMIT).expect("it unpacks");
    let blob = prevalidate(&code).expect("it is a runtime");
    prepare(blob, &ExecutorParams::default()).expect("it compiles")
});

/// Blocks on each other, and what they read together of the state before the first of them.
#[derive(Clone)]
pub struct Bundle {
    para: u32,
    blocks: Vec<Block>,
    proof: StorageProof,
    parent: Header,
    validation_data: PersistedValidationData,
    /// Who writes in this slot.
    author: Sr25519Keyring,
}

impl Para {
    /// Builds a block for each of these calls of Alice, all of them on the relay chain's last one.
    pub fn bundle(&mut self, relay: &mut Relay, calls: &[RuntimeCall]) -> Bundle {
        relay.ensure_within_session();
        let slot = relay.chain.slot();
        let word = self.word_of_relay_chain(relay);
        let author = self.author(slot);
        let parent = self.head.clone();
        let (mut blocks, mut proofs) = (Vec::new(), Vec::new());
        // Validators have these already: a block after another adds to the proof only what is new.
        let mut known = IgnoredNodes::default();
        for (index, call) in calls.iter().enumerate() {
            let place = BlockBundleInfo { index: index.try_into().expect("few"), is_last: index + 1 == calls.len() };
            let mut header = header_after(&self.head, slot);
            header.digest.push(place.to_digest_item());
            let mut extrinsics = self.inspect(|| Runtime::inherent_extrinsics(inherent_data(&word, slot)));
            extrinsics.push(self.inspect(|| signed(Sr25519Keyring::Alice, call.clone(), 0)));

            let recorder = Recorder::<Blake2Hasher>::with_ignored_nodes(known.clone());
            // Transactions are charged for what the proof grows by.
            self.externalities.register_extension(ProofSizeExt::new(recorder.clone()));
            let head = self.externalities.execute_with_recorder(recorder.clone(), || {
                Executive::initialize_block(&header);
                for extrinsic in &extrinsics {
                    assert_eq!(Executive::apply_extrinsic(extrinsic.clone()), Ok(Ok(())), "an extrinsic of {place:?}");
                }
                Executive::finalize_block()
            });
            let proof = recorder.to_storage_proof();
            known.extend(IgnoredNodes::from_storage_proof::<Blake2Hasher>(&proof));
            known.extend(IgnoredNodes::from_storage_proof::<Blake2Hasher>(&self.commit()));
            proofs.push(proof);
            self.head = sealed(head, author);
            blocks.push(Block::new(self.head.clone(), extrinsics));
        }
        let proof = StorageProof::merge(proofs);
        Bundle { para: self.id, blocks, proof, parent, validation_data: word.validation_data, author }
    }

    fn author(&mut self, slot: u64) -> Sr25519Keyring {
        let authorities = self.inspect(pallet_aura::Authorities::<Runtime>::get);
        let turn = slot % u64::try_from(authorities.len()).expect("few");
        let key = authorities[usize::try_from(turn).expect("few")].encode();
        let collators = Preset::Local.collators().iter().copied();
        collators.into_iter().find(|collator| collator.public().0[..] == key).expect("all of them are known")
    }

    /// Makes the last block's changes its state, and returns the nodes that are new.
    fn commit(&mut self) -> StorageProof {
        let nodes = |para: &Self| para.externalities.backend.backend_storage().clone().drain();
        let before = nodes(self).into_keys().collect::<HashSet<_>>();
        self.externalities.commit_all().expect("nothing is left open");
        let after: HashMap<_, _> = nodes(self);
        StorageProof::new(after.into_iter().filter(|(key, _)| !before.contains(key)).map(|(_, (node, _))| node))
    }
}

impl Bundle {
    /// What the header of each block commits to.
    pub fn roots(&self) -> Vec<Hash> {
        let root = |block: &Block| root_of_digest(&block.header.digest).expect("each has a root");
        self.blocks.iter().map(root).collect()
    }

    /// The same with another root in the last header, sealed again by its author.
    pub fn with_root(mut self, root: Hash) -> Self {
        let header = &mut self.blocks.last_mut().expect("it has blocks").header;
        header.digest.pop();
        for item in &mut header.digest.logs {
            if matches!(item, DigestItem::Consensus(engine, _) if *engine == serin_primitives::xcmp::ENGINE_ID) {
                *item = digest::item(root);
            }
        }
        *header = sealed(header.clone(), self.author);
        self
    }

    /// What the relay chain gets of it, if the validation function finds nothing wrong.
    pub fn validate(&self) -> Result<Candidate, String> {
        let proof = self.proof.clone().into_compact_proof::<Blake2Hasher>(self.parent.state_root);
        let block_data =
            ParachainBlockData::new(self.blocks.clone(), proof.expect("it is a proof of this state"), None);
        let parameters = ValidationParams {
            parent_head: self.validation_data.parent_head.clone(),
            block_data: BlockData(block_data.encode()),
            relay_parent_number: self.validation_data.relay_parent_number,
            relay_parent_storage_root: self.validation_data.relay_parent_storage_root,
        };
        // SAFETY: the artifact comes from `prepare`, and nobody had it in his hands since.
        let output = unsafe { execute_artifact(&ARTIFACT, &ExecutorParams::default(), &parameters.encode()) };
        let output = output.map_err(|error| format!("{error:?}"))?;
        let result = ValidationResult::decode_all(&mut output.as_slice()).map_err(|error| error.to_string())?;
        let commitments = CandidateCommitments {
            upward_messages: result.upward_messages,
            horizontal_messages: result.horizontal_messages,
            new_validation_code: result.new_validation_code,
            head_data: result.head_data,
            processed_downward_messages: result.processed_downward_messages,
            hrmp_watermark: result.hrmp_watermark,
        };
        Ok(Candidate { para: self.para, commitments })
    }
}

/// The header with its author's signature, as it goes around.
fn sealed(mut header: Header, author: Sr25519Keyring) -> Header {
    let signature = AuthoritySignature::from(author.pair().sign(header.hash().as_bytes()));
    header.digest.push(<DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_seal(signature));
    header
}
