// SPDX-License-Identifier: GPL-3.0-only
//! The format of heads goes on to the next version, in the relay chain's runtime and in those of all parachains.

use super::PARAS;
use codec::{DecodeAll, Encode};
use rand::{rngs::StdRng, Rng};
use serin_primitives::xcmp::{ENGINE_ID, VERSION};
use sp_runtime::{
    generic::{DigestItem, Header},
    traits::BlakeTwo256,
};
use std::{collections::BTreeMap, ops::Range};

/// In which rounds what is upgraded.
pub(super) struct Upgrade {
    relay_chain: u32,
    /// From its first round on a parachain writes the next version. As long as this lasts its blocks have room for
    /// inherents only, as while a migration takes several blocks.
    migrations: BTreeMap<u32, Range<u32>>,
}

impl Upgrade {
    /// Those who read heads are upgraded in the first third of all rounds and those who write them in the second, or the
    /// reverse.
    pub(super) fn new(random: &mut StdRng, readers_first: bool, rounds: u32) -> Self {
        let thirds = [1..rounds / 3, rounds / 3..rounds / 3 * 2];
        let [early, late] = thirds;
        let (reading, writing) = if readers_first { (early, late) } else { (late, early) };
        let relay_chain = random.gen_range(reading);
        let migrations = PARAS.into_iter().map(|id| {
            let begin = random.gen_range(writing.clone());
            (id, begin..begin + random.gen_range(1..6))
        });
        Self { relay_chain, migrations: migrations.collect() }
    }

    pub(super) fn is_migrating(&self, id: u32, round: u32) -> bool {
        self.migrations[&id].contains(&round)
    }

    /// The head as the relay chain's runtime has it. There is only one version: one that is upgraded reads the next as
    /// this one, so to it such a head is as if it were of this version.
    pub(super) fn head_as_read(&self, id: u32, round: u32, head: &[u8]) -> Vec<u8> {
        let is_of_next_version = round >= self.migrations[&id].start;
        if is_of_next_version && round < self.relay_chain {
            of_next_version(head)
        } else {
            head.to_vec()
        }
    }
}

/// The head that a runtime of the next version writes.
pub(in crate::tests) fn of_next_version(head: &[u8]) -> Vec<u8> {
    let mut header = Header::<u32, BlakeTwo256>::decode_all(&mut &*head).unwrap();
    for item in &mut header.digest.logs {
        if let DigestItem::Consensus(ENGINE_ID, data) = item {
            data[0] = VERSION + 1;
        }
    }
    header.encode()
}
