// SPDX-License-Identifier: GPL-3.0-only
use crate::{Call, CleanUp, Config, Latest, NextGeneration, Pallet, PendingCleanUp};
use alloc::{vec, vec::Vec};
use codec::Encode;
use frame_benchmarking::v2::*;
use frame_support::traits::{EnsureOrigin, Get};
use polkadot_parachain_primitives::primitives::{HeadData, Id as ParaId};
use polkadot_runtime_parachains::paras::OnNewHead;
use serin_primitives::xcmp::{digest, LatestRoot};
use sp_core::H256;
use sp_runtime::{
    generic::{Digest, DigestItem, Header},
    traits::BlakeTwo256,
    SaturatedConversion,
};

const PARA: u32 = 2_000;
/// What a host configuration allows for heads.
const MAX_HEAD_BYTES: u32 = 32 * 1024;

/// The dearest head of about this length: the shortest items there are, and only the last one is ours.
fn head(bytes: u32) -> HeadData {
    let item = digest::item(H256::repeat_byte(1));
    let mut header = Header::<u32, BlakeTwo256> {
        parent_hash: H256::zero(),
        number: 7,
        state_root: H256::zero(),
        extrinsics_root: H256::zero(),
        digest: Digest { logs: vec![item.clone()] },
    };
    let left = bytes.saturated_into::<usize>().saturating_sub(header.encoded_size());
    header.digest.logs = vec![DigestItem::RuntimeEnvironmentUpdated; left];
    header.digest.logs.push(item);
    HeadData(header.encode())
}

fn latest() -> LatestRoot {
    LatestRoot { root: H256::repeat_byte(2), number: 6, relay_block: 0, generation: 0 }
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn note_head(b: Linear<0, MAX_HEAD_BYTES>) {
        let head = head(b);
        // The first root after a clearing reads once more than any other.
        NextGeneration::<T>::insert(ParaId::from(PARA), 1);
        #[block]
        {
            <Pallet<T> as OnNewHead>::on_new_head(PARA.into(), &head);
        }
        assert_eq!(Latest::<T>::get(ParaId::from(PARA)).map(|latest| latest.generation), Some(1));
    }

    #[benchmark]
    fn no_clean_up() {
        // The genesis leaves a mark.
        PendingCleanUp::<T>::kill();
        #[block]
        {
            Pallet::<T>::continue_clean_up();
        }
    }

    #[benchmark]
    fn clean_up(e: Linear<0, { T::CleanUpEntriesPerBlock::get() }>) {
        // Ids that no chain has registered: each entry is looked at and removed.
        let paras: Vec<ParaId> = (0..e).map(|index| ParaId::from(u32::MAX.saturating_sub(index))).collect();
        for para in &paras {
            Latest::<T>::insert(para, latest());
        }
        #[block]
        {
            PendingCleanUp::<T>::put(CleanUp::Start);
            // Finding a key is a read as well, which is not counted by itself.
            paras.iter().for_each(|para| assert!(Latest::<T>::get(para).is_some()));
            Pallet::<T>::continue_clean_up();
        }
        assert!(paras.iter().all(|para| !Latest::<T>::contains_key(para)));
    }

    #[benchmark]
    fn clear() -> Result<(), BenchmarkError> {
        let origin = T::ClearOrigin::try_successful_origin().map_err(|()| BenchmarkError::Weightless)?;
        Latest::<T>::insert(ParaId::from(PARA), latest());
        #[extrinsic_call]
        _(origin as T::RuntimeOrigin, PARA.into());
        assert!(!Latest::<T>::contains_key(ParaId::from(PARA)));
        Ok(())
    }

    impl_benchmark_test_suite!(Pallet, crate::mock::externalities(), crate::mock::Test);
}
