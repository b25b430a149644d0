// SPDX-License-Identifier: GPL-3.0-only
use super::{head, head_with, include_root, latest, root, PARA};
use crate::{
    mock::{include, next_block, run, System, Test},
    Event, HeadFault, Latest, WeightInfo,
};
use codec::Encode;
use frame_support::{assert_storage_noop, storage::unhashed};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use serin_primitives::xcmp::{digest, latest_root_key, LatestRoot, ENGINE_ID, VERSION};
use sp_runtime::generic::DigestItem;

#[test]
fn i1_an_included_head_sets_the_root() {
    run(|| {
        include_root(PARA, 5, 1);
        let expected = LatestRoot { root: root(1), number: 5, relay_block: 1, generation: 0 };
        assert_eq!(latest(PARA), Some(expected));
        System::assert_last_event(Event::RootUpdated { para: PARA.into(), root: expected }.into());

        next_block();
        include_root(PARA, 6, 2);
        assert_eq!(latest(PARA), Some(LatestRoot { root: root(2), number: 6, relay_block: 2, generation: 0 }));
        assert_eq!(latest(PARA + 1), None);
    });
}

#[test]
fn an_unchanged_root_writes_nothing() {
    run(|| {
        include_root(PARA, 5, 1);
        next_block();
        assert_storage_noop!(include_root(PARA, 6, 1));
        // Not even when the number falls: there is no other history as long as the root is the same.
        assert_storage_noop!(include_root(PARA, 4, 1));
    });
}

#[test]
fn i1_nothing_but_one_item_of_the_runtime_sets_a_root() {
    let ours = |data: Vec<u8>| DigestItem::Consensus(ENGINE_ID, data);
    let data = || [&[VERSION], root(2).as_bytes()].concat();
    let cases = [
        (vec![], HeadFault::NoItem),
        (vec![DigestItem::PreRuntime(ENGINE_ID, data())], HeadFault::NoItem),
        (vec![DigestItem::Seal(ENGINE_ID, data())], HeadFault::NoItem),
        (vec![DigestItem::Other(data())], HeadFault::NoItem),
        (vec![DigestItem::Consensus(*b"SPMS", data())], HeadFault::NoItem),
        (vec![digest::item(root(2)), digest::item(root(2))], HeadFault::SeveralItems),
        (vec![ours(data()[..32].to_vec())], HeadFault::WrongLength),
        (vec![ours([data(), vec![0]].concat())], HeadFault::WrongLength),
        (vec![ours([&[VERSION + 1], root(2).as_bytes()].concat())], HeadFault::UnknownVersion),
    ];
    run(|| {
        include_root(PARA, 5, 1);
        let before = latest(PARA);
        for (logs, fault) in cases {
            include(PARA, head_with(6, logs));
            assert_eq!(latest(PARA), before);
            System::assert_last_event(Event::RootFrozen { para: PARA.into(), fault }.into());
        }
        include_root(PARA, 7, 2);
        assert_eq!(latest(PARA).unwrap().root, root(2));
    });
}

#[test]
fn i2_garbage_freezes_and_does_not_panic() {
    run(|| {
        include_root(PARA, 5, 1);
        let before = latest(PARA);
        let good = head(6, root(2));
        let mut garbage = vec![vec![], vec![0xff; 1024], vec![0; 32 * 1024], vec![0xff; 1024 * 1024]];
        garbage.extend((0..good.len()).map(|length| good[..length].to_vec()));
        garbage.push([good.as_slice(), &[0]].concat());
        // A list of digest items that claims to be longer than memory.
        garbage.push([&good[..97], &[0b11, 0xff, 0xff, 0xff, 0xff]].concat());
        for head in garbage {
            include(PARA, head);
            assert_eq!(latest(PARA), before);
            let fault = HeadFault::NotAHeader;
            System::assert_last_event(Event::RootFrozen { para: PARA.into(), fault }.into());
        }
    });
}

#[test]
fn who_takes_no_part_leaves_no_trace() {
    run(|| {
        assert_storage_noop!(include(PARA, head_with(5, vec![])));
        assert_storage_noop!(include(PARA, vec![0xff; 1024]));
    });
}

#[test]
fn every_head_is_weighed_by_its_length() {
    run(|| {
        let good = head(5, root(1));
        assert_eq!(include(PARA, good.clone()), <() as WeightInfo>::note_head(good.len() as u32));
        assert_eq!(include(PARA, vec![0xff; 32 * 1024]), <() as WeightInfo>::note_head(32 * 1024));
    });
}

#[test]
fn i3_another_root_without_a_higher_number_is_another_generation() {
    run(|| {
        for (number, byte, generation) in
            [(5, 1, 0), (6, 2, 0), (6, 3, 1), (4, 1, 2), (5, 2, 2), (900, 3, 2), (0, 4, 3)]
        {
            include_root(PARA, number, byte);
            let latest = latest(PARA).unwrap();
            assert_eq!((latest.number, latest.generation), (number, generation));
        }
    });
}

#[test]
fn i6_the_entry_is_44_bytes_under_the_key_that_receivers_prove() {
    run(|| {
        for para in [0, 1, PARA, u32::MAX >> 1] {
            include_root(para, 5, 1);
            let stored = unhashed::get_raw(&latest_root_key(para.into())).unwrap();
            assert_eq!(stored.len(), 44);
            assert_eq!(stored, latest(para).unwrap().encode());
            assert_eq!(Latest::<Test>::hashed_key_for(ParaId::from(para)), latest_root_key(para.into()));
        }
    });
}
