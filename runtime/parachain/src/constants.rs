// SPDX-License-Identifier: GPL-3.0-only
//! Numbers with their unit and reason. A chain that starts from this one chooses its own.

/// Amounts of the chain's own token, in its smallest unit.
pub mod currency {
    use polkadot_core_primitives::Balance;

    /// What a chain spec's properties have to say, and what `build.rs` puts into the metadata hash.
    pub const TOKEN_SYMBOL: &str = "UNIT";
    pub const TOKEN_DECIMALS: u8 = 12;

    pub const UNIT: Balance = 1_000_000_000_000;
    pub const MILLI_UNIT: Balance = UNIT / 1_000;
    pub const MICRO_UNIT: Balance = MILLI_UNIT / 1_000;

    /// Below this an account is removed: enough to make littering the state cost something.
    pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_UNIT;

    /// The price of keeping `items` storage items of `bytes` bytes in all. It never comes near the largest balance.
    pub fn deposit(items: u32, bytes: u32) -> Balance {
        let for_items = Balance::from(items).saturating_mul(100 * MILLI_UNIT);
        let for_bytes = Balance::from(bytes).saturating_mul(100 * MICRO_UNIT);
        for_items.saturating_add(for_bytes)
    }
}

/// Durations.
pub mod time {
    use polkadot_core_primitives::{BlockNumber, Moment};

    /// A block in each of the relay chain's slots. Collators, validators and `ConsensusHook` all count on six seconds.
    pub const SLOT_MILLIS: Moment = 6_000;
    /// In blocks of six seconds.
    pub const MINUTES: BlockNumber = 10;
}

/// What weight costs.
pub mod fee {
    use super::currency::MICRO_UNIT;
    use frame_support::weights::{Weight, WeightToFee as WeightToFeeT};
    use polkadot_core_primitives::Balance;

    /// Price of a byte of a transaction or a message.
    pub const FEE_PER_BYTE: Balance = MICRO_UNIT;
    /// Price of a picosecond. A block of two seconds costs two tokens.
    const FEE_PER_PICOSECOND: Balance = 1;
    /// Price of a byte of a block's proof. The ten MiB of a proof cost two tokens, like the two seconds.
    const FEE_PER_PROOF_BYTE: Balance = 190_735;

    /// A parachain's block ends when its time or its proof is used up. Each has a price, and the dearer one is paid.
    pub struct WeightToFee;

    impl WeightToFeeT for WeightToFee {
        type Balance = Balance;

        fn weight_to_fee(weight: &Weight) -> Balance {
            let time = Balance::from(weight.ref_time()).saturating_mul(FEE_PER_PICOSECOND);
            let proof = Balance::from(weight.proof_size()).saturating_mul(FEE_PER_PROOF_BYTE);
            time.max(proof)
        }
    }
}
