// SPDX-License-Identifier: GPL-3.0-only
//! A chain of real blocks, and signed transactions for it.

use frame_support::{traits::Get, weights::Weight};
use polkadot_primitives::{
    BackedCandidate, DisputeStatementSet, InherentData as ParachainsInherentData, MultiDisputeStatementSet,
    UncheckedSignedAvailabilityBitfields,
};
use polkadot_runtime_parachains::paras_inherent;
use sc_chain_spec::json_patch;
use serde_json::{json, Value};
use serin_runtime::{
    genesis_config_presets::Preset,
    signing::{self, ChainState},
    AccountId, Babe, Balance, BlockNumber, BuildStorage, Executive, Header, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeGenesisConfig, Session, System, UncheckedExtrinsic, VERSION,
};
use sp_consensus_babe::digests::{CompatibleDigestItem, PreDigest, SecondaryPlainPreDigest};
use sp_core::{sr25519, storage::Storage, Pair};
use sp_io::TestExternalities;
use sp_keyring::Sr25519Keyring;
use sp_runtime::{traits::Header as HeaderT, ApplyExtrinsicResult, Digest, DigestItem, DispatchError};

/// The slot of block 1. Any would do; this one makes timestamps look like today's.
const FIRST_SLOT: u64 = 300_000_000;

/// A chain that grows by one block at a time, as a node would build it: initialised with a BABE slot, both inherents
/// applied, then what the test adds, then finalized and committed.
pub struct Chain {
    pub(super) externalities: TestExternalities,
    pub(super) head: Header,
    slot: u64,
    hook_weight: Weight,
    events: Vec<(BlockNumber, RuntimeEvent)>,
    pub(super) word: ParachainsWord,
}

/// What the author of a block says of parachains.
#[derive(Clone, Default)]
pub struct ParachainsWord {
    pub bitfields: UncheckedSignedAvailabilityBitfields,
    pub backed_candidates: Vec<BackedCandidate>,
    pub disputes: MultiDisputeStatementSet,
}

impl Chain {
    pub fn new(preset: Preset, validators: u32) -> Self {
        Self::with_genesis(preset, validators, json!({}))
    }

    /// A chain whose genesis is that of `preset`, changed by `patch`.
    pub fn with_genesis(preset: Preset, validators: u32, patch: Value) -> Self {
        let storage = genesis_storage(preset, validators, patch).expect("the genesis is sound");
        let head = Header::new(0, Default::default(), Default::default(), Default::default(), Digest::default());
        Self {
            externalities: TestExternalities::new(storage),
            head,
            slot: FIRST_SLOT - 1,
            hook_weight: Weight::zero(),
            events: Vec::new(),
            word: ParachainsWord::default(),
        }
    }

    /// The number of the last block.
    pub const fn number(&self) -> BlockNumber {
        self.head.number
    }

    /// The slot of the last block.
    pub const fn slot(&self) -> u64 {
        self.slot
    }

    /// What block and `on_initialize` hooks registered in the last block, before its extrinsics.
    pub const fn hook_weight(&self) -> Weight {
        self.hook_weight
    }

    /// All events so far, with the numbers of their blocks.
    pub fn events(&self) -> &[(BlockNumber, RuntimeEvent)] {
        &self.events
    }

    /// Has the next block carry these votes in a dispute about a parachain's candidate.
    pub fn dispute(&mut self, votes: DisputeStatementSet) {
        self.word.disputes.push(votes);
    }

    /// Looks at the state after the last block.
    pub fn inspect<R>(&mut self, look: impl FnOnce() -> R) -> R {
        self.externalities.execute_with(look)
    }

    /// Builds empty blocks until `number` is the last one.
    pub fn advance_to(&mut self, number: BlockNumber) {
        assert!(number >= self.number(), "the chain is already at block {}", self.number());
        while self.number() < number {
            self.block(|| ());
        }
    }

    /// Builds the block of the next slot, with `body` run after the inherents.
    pub fn block<R>(&mut self, body: impl FnOnce() -> R) -> R {
        self.block_at(self.slot + 1, body)
    }

    /// Builds the next block that takes transactions: one that ends a session is full from the start.
    pub fn transact<R>(&mut self, body: impl FnOnce() -> R) -> R {
        let next = self.slot + 1;
        if self.ends_session(next) {
            self.block(|| ());
        }
        self.block(body)
    }

    /// Builds a block at `slot`; the slots before it stay empty.
    pub fn block_at<R>(&mut self, slot: u64, body: impl FnOnce() -> R) -> R {
        assert!(slot > self.slot, "slot {slot} is not after the last one");
        let parent = self.head.clone();
        let word = core::mem::take(&mut self.word);
        let (head, hook_weight, output, events) = self.externalities.execute_with(|| {
            let header = header_after(&parent, slot, author_index(slot));
            Executive::initialize_block(&header);
            let hook_weight = System::block_weight().total();
            for inherent in inherents(parent, slot, word) {
                assert_eq!(Executive::apply_extrinsic(inherent), Ok(Ok(())), "an inherent at slot {slot}");
            }
            let output = body();
            (Executive::finalize_block(), hook_weight, output, System::events())
        });
        self.externalities.commit_all().expect("nothing is left open");

        self.slot = slot;
        self.hook_weight = hook_weight;
        self.events.extend(events.into_iter().map(|record| (head.number, record.event)));
        self.head = head;
        output
    }

    /// Who would write the block of the next slot.
    pub fn next_author(&mut self) -> AccountId {
        self.author_at(self.slot + 1)
    }

    /// Who would write the next block if it were that of `slot`.
    pub fn author_at(&mut self, slot: u64) -> AccountId {
        self.inspect(|| {
            let index = usize::try_from(author_index(slot)).expect("an index fits");
            Session::validators().into_iter().nth(index).expect("the author is a validator")
        })
    }

    /// Whether a block at `slot` would end the session. Block 1 starts the first session, at whatever slot it is.
    pub fn ends_session(&mut self, slot: u64) -> bool {
        let length = || <Runtime as pallet_babe::Config>::EpochDuration::get();
        self.number() > 0 && self.inspect(|| slot.saturating_sub(*Babe::current_epoch_start()) >= length())
    }
}

/// Another chain that goes on from the same block.
impl Clone for Chain {
    fn clone(&self) -> Self {
        let mut externalities = TestExternalities::new_empty();
        externalities.backend = self.externalities.backend.clone();
        Self {
            externalities,
            head: self.head.clone(),
            slot: self.slot,
            hook_weight: self.hook_weight,
            events: self.events.clone(),
            word: self.word.clone(),
        }
    }
}

/// The genesis state of `preset`, changed by `patch`.
pub fn genesis_storage(preset: Preset, validators: u32, patch: Value) -> Result<Storage, String> {
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default()).map_err(|error| error.to_string())?;
    json_patch::merge(&mut config, preset.genesis(validators));
    json_patch::merge(&mut config, patch);
    let config: RuntimeGenesisConfig = serde_json::from_value(config).map_err(|error| error.to_string())?;
    config.build_storage()
}

/// A patch that puts parachains of these ids into genesis. Their code is never run.
pub fn genesis_parachains(ids: &[u32]) -> Value {
    let parachain = json!({ "genesis_head": "0x01", "validation_code": "0x0061736d01000000", "parachain": true });
    let parachains = ids.iter().map(|id| json!([id, parachain])).collect::<Vec<_>>();
    json!({ "paras": { "paras": parachains } })
}

/// `call`, signed by `signer` with its next nonce.
pub fn signed(signer: Sr25519Keyring, call: RuntimeCall) -> UncheckedExtrinsic {
    signed_with_tip(signer, call, 0)
}

pub fn signed_with_tip(signer: Sr25519Keyring, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
    signed_by(&signer.pair(), call, tip)
}

/// `call`, signed with any key by the account that it stands for.
pub fn signed_by(signer: &sr25519::Pair, call: RuntimeCall, tip: Balance) -> UncheckedExtrinsic {
    let account = AccountId::from(signer.public());
    let chain = ChainState {
        genesis_hash: System::block_hash(0),
        spec_version: VERSION.spec_version,
        transaction_version: VERSION.transaction_version,
    };
    let extension = signing::extension(System::account_nonce(&account), tip);
    signing::sign(signer, call, extension, &chain)
}

/// Signs `call` and applies it to the block under construction: what its dispatch returned. It must be a valid
/// transaction.
pub fn apply(signer: Sr25519Keyring, call: RuntimeCall) -> Result<(), DispatchError> {
    apply_extrinsic(signed(signer, call)).unwrap_or_else(|error| panic!("{signer:?} sent what is invalid: {error:?}"))
}

/// Applies `extrinsic` to the block under construction.
pub fn apply_extrinsic(extrinsic: UncheckedExtrinsic) -> ApplyExtrinsicResult {
    Executive::apply_extrinsic(extrinsic)
}

/// A header that asks for the block after `parent`, to be written in `slot`. The slot is a secondary one without a VRF:
/// claims are checked by the node, not by the runtime.
fn header_after(parent: &Header, slot: u64, authority_index: u32) -> Header {
    let claim = PreDigest::SecondaryPlain(SecondaryPlainPreDigest { authority_index, slot: slot.into() });
    let digest = Digest { logs: vec![DigestItem::babe_pre_digest(claim)] };
    Header::new(parent.number + 1, Default::default(), Default::default(), parent.hash(), digest)
}

/// Validators write blocks in turn; disabled ones may not.
fn author_index(slot: u64) -> u32 {
    let disabled = Session::disabled_validators();
    let validators = u32::try_from(Session::validators().len()).expect("a count of validators fits");
    let able = (0..validators).filter(|index| !disabled.contains(index)).collect::<Vec<_>>();
    let turn = slot % u64::try_from(able.len()).expect("a length fits");
    able[usize::try_from(turn).expect("less than a length")]
}

/// What every block has to have: the time, and the word of the parachain host.
fn inherents(parent_header: Header, slot: u64, word: ParachainsWord) -> [UncheckedExtrinsic; 2] {
    let now = slot * Babe::slot_duration();
    let ParachainsWord { bitfields, backed_candidates, disputes } = word;
    let data = ParachainsInherentData { bitfields, backed_candidates, disputes, parent_header };
    [
        RuntimeCall::Timestamp(pallet_timestamp::Call::set { now }),
        RuntimeCall::ParaInherent(paras_inherent::Call::enter { data }),
    ]
    .map(UncheckedExtrinsic::new_bare)
}
