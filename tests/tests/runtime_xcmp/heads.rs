// SPDX-License-Identifier: GPL-3.0-only
//! What the relay chain makes of heads, of those that are hostile as well, and of parachains that leave.

use super::{
    accesses::{counted, Accesses},
    relay::{Candidate, Relay},
};
use codec::Encode;
use frame_support::{
    storage::{with_transaction, TransactionOutcome},
    traits::OnInitialize,
    weights::Weight,
};
use pallet_xcmp::{CleanUp, Event, HeadFault, Latest, PendingCleanUp, WeightInfo};
use polkadot_primitives::{HeadData, Id as ParaId};
use polkadot_runtime_parachains::{configuration, inclusion, inclusion::WeightInfo as _, paras::OnNewHead};
use serin_primitives::xcmp::{digest, latest_root_key, LatestRoot, ENGINE_ID};
use serin_runtime::{
    genesis_config_presets::Transport, weights::polkadot_runtime_parachains_inclusion as unwrapped, Runtime,
    RuntimeEvent, RuntimeOrigin, System, Xcmp,
};
use sp_core::H256;
use sp_runtime::{
    generic::{Digest, DigestItem, Header},
    traits::BlakeTwo256,
    DispatchError,
};

const PARA: u32 = 2_087;
const OTHER: u32 = 2_100;
/// The longest head that the host's configuration allows.
const MAX_HEAD_BYTES: usize = 32 * 1024;

type Weights = <Runtime as pallet_xcmp::Config>::WeightInfo;

#[test]
fn hostile_heads_freeze_their_chain_and_nothing_else() {
    let mut relay = relay(600);
    let good = digest::item(H256::repeat_byte(1));
    relay.include(&[Candidate::with_head(PARA, header(1, vec![good.clone()]))]);
    let before = root(&mut relay, PARA).expect("it was noted");

    let message = |bytes: Vec<u8>| DigestItem::Consensus(ENGINE_ID, bytes);
    let version_2 = [&[2_u8][..], &[9; 32]].concat();
    let longest = vec![DigestItem::RuntimeEnvironmentUpdated; MAX_HEAD_BYTES - 200];
    let cases: [(&str, Vec<u8>, HeadFault); 11] = [
        ("no bytes", vec![], HeadFault::NotAHeader),
        ("a byte", vec![255], HeadFault::NotAHeader),
        ("as many bytes as allowed", vec![255; MAX_HEAD_BYTES], HeadFault::NotAHeader),
        ("a byte too many", [header(2, vec![good.clone()]), vec![0]].concat(), HeadFault::NotAHeader),
        ("a length of four billion items", [vec![0; 97], vec![3, 255, 255, 255, 255]].concat(), HeadFault::NotAHeader),
        ("no item", header(2, vec![]), HeadFault::NoItem),
        ("as many other items as fit", header(2, longest), HeadFault::NoItem),
        ("an item of the collator", header(2, vec![DigestItem::PreRuntime(ENGINE_ID, vec![1; 33])]), HeadFault::NoItem),
        ("two items", header(2, vec![good.clone(), good]), HeadFault::SeveralItems),
        ("a byte less", header(2, vec![message(vec![1; 32])]), HeadFault::WrongLength),
        ("another version", header(2, vec![message(version_2)]), HeadFault::UnknownVersion),
    ];
    for (what, head, fault) in cases {
        relay.include(&[Candidate::with_head(PARA, head)]);
        assert_eq!(root(&mut relay, PARA), Some(before), "{what}");
        let frozen = RuntimeEvent::Xcmp(Event::RootFrozen { para: PARA.into(), fault });
        assert!(
            relay.chain.events().iter().any(|(at, event)| *at == relay.chain.number() && *event == frozen),
            "{what}"
        );
    }

    relay.include(&[Candidate::with_head(PARA, header(3, vec![digest::item(H256::repeat_byte(2))]))]);
    let after = root(&mut relay, PARA).expect("it was noted");
    assert_eq!((after.root, after.number, after.generation), (H256::repeat_byte(2), 3, before.generation));
}

#[test]
fn a_root_lies_under_the_key_that_parachains_prove() {
    let mut relay = relay(600);
    relay.include(&[Candidate::with_head(PARA, header(1, vec![digest::item(H256::repeat_byte(1))]))]);
    let stored = relay.chain.inspect(|| sp_io::storage::get(&latest_root_key(PARA.into()))).expect("it is there");
    assert_eq!(stored.len(), 44);
    assert_eq!(stored.to_vec(), root(&mut relay, PARA).encode()[1..]);
}

#[test]
fn a_para_that_leaves_takes_its_root_with_it() {
    let mut relay = relay(10);
    let heads = [PARA, OTHER]
        .map(|para| Candidate::with_head(para, header(1, vec![digest::item(H256::from_low_u64_be(para.into()))])));
    relay.include(&heads);
    let leaves = relay.chain.block(|| polkadot_runtime_parachains::schedule_para_cleanup::<Runtime>(PARA.into()));
    assert!(leaves.is_ok());
    assert!(root(&mut relay, PARA).is_some(), "it is here for this session and the next");
    let offboarded = |relay: &mut Relay| relay.chain.inspect(|| serin_runtime::Paras::lifecycle(PARA.into())).is_none();
    while !offboarded(&mut relay) {
        relay.chain.block(|| ());
    }
    relay.chain.block(|| ());
    assert_eq!(root(&mut relay, PARA), None, "the block after its last session removes it");
    assert!(root(&mut relay, OTHER).is_some());
    let removed = RuntimeEvent::Xcmp(Event::RootRemoved { para: PARA.into() });
    assert_eq!(relay.chain.events().iter().filter(|(_, event)| *event == removed).count(), 1);
}

#[test]
fn only_root_clears() {
    let mut relay = relay(600);
    relay.include(&[Candidate::with_head(PARA, header(1, vec![digest::item(H256::repeat_byte(1))]))]);
    let nobody = sp_keyring::Sr25519Keyring::Alice.to_account_id();
    relay.chain.block(|| {
        assert_eq!(Xcmp::clear(RuntimeOrigin::signed(nobody), PARA.into()), Err(DispatchError::BadOrigin));
        assert_eq!(Xcmp::clear(RuntimeOrigin::root(), PARA.into()), Ok(()));
    });
    assert_eq!(root(&mut relay, PARA), None);
}

#[test]
fn an_included_candidate_pays_for_noting_its_head() {
    relay(600).chain.inspect(|| {
        let head_bytes = configuration::ActiveConfig::<Runtime>::get().max_head_data_size;
        let wrapped = <Runtime as inclusion::Config>::WeightInfo::enact_candidate(1, 2, 1);
        let inner = unwrapped::WeightInfo::<Runtime>::enact_candidate(1, 2, 1);
        assert_eq!(wrapped.saturating_sub(inner), Weights::note_head(head_bytes));
        assert!(Weights::note_head(head_bytes).ref_time() > 0);
    });
}

#[test]
fn weights_pay_for_the_storage_accesses() {
    const ENTRIES: u32 = 32;
    relay(600).chain.inspect(|| {
        pallet_xcmp::NextGeneration::<Runtime>::insert(ParaId::from(PARA), 1);
        let head = HeadData(header(1, vec![digest::item(H256::repeat_byte(1))]));
        paid("a head", Weights::note_head(0), || {
            <Xcmp as OnNewHead>::on_new_head(PARA.into(), &head);
        });
        paid("a block", Weights::no_clean_up(), one_block);
        let entry = LatestRoot { root: H256::zero(), number: 1, relay_block: 0, generation: 0 };
        (0..ENTRIES).for_each(|gone| Latest::<Runtime>::insert(ParaId::from(1_000_000 + gone), entry));
        PendingCleanUp::<Runtime>::put(CleanUp::Start);
        paid("a clean-up", Weights::clean_up(ENTRIES), one_block);
        Latest::<Runtime>::insert(ParaId::from(PARA), entry);
        paid("a clearing", Weights::clear(), || Xcmp::clear(RuntimeOrigin::root(), PARA.into()).expect("it is there"));
    });
}

fn one_block() {
    Xcmp::on_initialize(System::block_number() + 1);
}

/// Fails unless `weight` covers what `work` reads and writes beside events, which `System` pays for.
fn paid(what: &str, weight: Weight, work: impl FnOnce()) {
    let accesses: Accesses = with_transaction(|| {
        let (_, accesses) = counted(work);
        TransactionOutcome::Rollback(Ok::<_, DispatchError>(accesses))
    })
    .expect("nothing fails");
    let count = |accesses: usize| u64::try_from(accesses).expect("few accesses");
    let prices = <Runtime as frame_system::Config>::DbWeight::get();
    let of_events = accesses.of_pallet("System");
    let (reads, writes) = (accesses.reads() - of_events.reads(), accesses.writes() - of_events.writes());
    let storage = prices.reads_writes(count(reads), count(writes));
    assert!(weight.ref_time() >= storage.ref_time(), "{what}: {accesses} cost {storage:?}, weight {weight:?}");
}

fn relay(epoch_slots: u32) -> Relay {
    Relay::new(&[(PARA, header(0, vec![])), (OTHER, header(0, vec![]))], Transport::Xcmp, epoch_slots)
}

fn root(relay: &mut Relay, para: u32) -> Option<LatestRoot> {
    relay.chain.inspect(|| Xcmp::latest_root(para.into()))
}

/// A parachain's header with these items, encoded.
fn header(number: u32, logs: Vec<DigestItem>) -> Vec<u8> {
    let (parent_hash, state_root, extrinsics_root) = (H256::zero(), H256::zero(), H256::zero());
    Header::<u32, BlakeTwo256> { parent_hash, number, state_root, extrinsics_root, digest: Digest { logs } }.encode()
}
