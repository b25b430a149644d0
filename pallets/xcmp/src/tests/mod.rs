// SPDX-License-Identifier: GPL-3.0-only
mod clean_up;
mod clear;
mod heads;
mod random;
mod try_state;

use crate::{mock::include, Latest};
use codec::Encode;
use serin_primitives::xcmp::{digest, LatestRoot};
use sp_core::H256;
use sp_runtime::{
    generic::{Digest, DigestItem, Header},
    traits::BlakeTwo256,
};

const PARA: u32 = 2_000;

fn root(byte: u8) -> H256 {
    H256::repeat_byte(byte)
}

fn head_with(number: u32, logs: Vec<DigestItem>) -> Vec<u8> {
    let header = Header::<u32, BlakeTwo256> {
        parent_hash: H256::zero(),
        number,
        state_root: H256::zero(),
        extrinsics_root: H256::zero(),
        digest: Digest { logs },
    };
    header.encode()
}

fn head(number: u32, root: H256) -> Vec<u8> {
    head_with(number, vec![digest::item(root)])
}

fn include_root(para: u32, number: u32, byte: u8) {
    include(para, head(number, root(byte)));
}

fn latest(para: u32) -> Option<LatestRoot> {
    Latest::<crate::mock::Test>::get(polkadot_parachain_primitives::primitives::Id::from(para))
}
