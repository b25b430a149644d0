// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_common::crowdloan`.

use super::{declared, each, SIGNATURE_MICROS};
use core::marker::PhantomData;
use frame_support::weights::Weight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> polkadot_runtime_common::crowdloan::WeightInfo for WeightInfo<T> {
    /// The fund, its index, its account and the depositor's; the para's manager and lifecycle; the timing of leases.
    fn create() -> Weight {
        declared::<T>(120, 10, 6)
    }

    /// A verifier's signature may have to be checked; two accounts, the contributor's entry in the fund's own trie, the
    /// inactive issuance, the fund and the list of funds that will bid.
    fn contribute() -> Weight {
        const MICROS: u64 = 200 + SIGNATURE_MICROS;

        declared::<T>(MICROS, 14, 8)
    }

    fn withdraw() -> Weight {
        declared::<T>(180, 9, 7)
    }

    /// For each of `k` contributors two accounts, an entry in the fund's trie, the inactive issuance.
    fn refund(k: u32) -> Weight {
        declared::<T>(120, 8, 4).saturating_add(each::<T>(k, 60, 4, 4))
    }

    fn dissolve() -> Weight {
        declared::<T>(120, 6, 5)
    }

    fn edit() -> Weight {
        declared::<T>(60, 2, 2)
    }

    fn add_memo() -> Weight {
        declared::<T>(70, 4, 2)
    }

    fn poke() -> Weight {
        declared::<T>(60, 4, 2)
    }

    /// A bid for each of `n` funds: the fund, the auctions that are live, and what a bid takes.
    fn on_initialize(n: u32) -> Weight {
        declared::<T>(40, 6, 4).saturating_add(each::<T>(n, 150, 18, 11))
    }
}
