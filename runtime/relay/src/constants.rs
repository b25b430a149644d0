// SPDX-License-Identifier: GPL-3.0-only
//! Numbers with their unit and reason. All are Kusama's where Kusama has one: its economy is what the chain is modelled
//! on, and its figures have been lived with for years.

/// Amounts of KSM, in planck.
pub mod currency {
    use polkadot_core_primitives::Balance;

    /// One KSM: 12 decimals.
    pub const UNITS: Balance = 1_000_000_000_000;
    /// The unit of Kusama's prices.
    pub const QUID: Balance = UNITS / 30;
    pub const CENTS: Balance = QUID / 100;
    pub const GRAND: Balance = QUID * 1_000;
    pub const MILLICENTS: Balance = CENTS / 1_000;

    /// Below this an account is removed: enough to make littering the state cost something.
    pub const EXISTENTIAL_DEPOSIT: Balance = CENTS;

    /// The price of keeping `items` storage items of `bytes` bytes in all.
    pub const fn deposit(items: u32, bytes: u32) -> Balance {
        // Widening casts in a const fn, where `From` cannot be called.
        items as Balance * 2_000 * CENTS + bytes as Balance * 100 * MILLICENTS
    }
}

/// Durations in blocks of six seconds. What a chain really uses is divided by its governance divisor (`pallet_timing`).
/// With a shorter slot the same number of blocks takes less time still.
pub mod time {
    use polkadot_core_primitives::{BlockNumber, Moment};

    pub const MILLISECS_PER_BLOCK: Moment = 6_000;
    pub const MINUTES: BlockNumber = 10;
    pub const HOURS: BlockNumber = 60 * MINUTES;
    pub const DAYS: BlockNumber = 24 * HOURS;
}

/// What weight costs.
pub mod fee {
    use super::currency::CENTS;
    use frame_support::weights::constants::ExtrinsicBaseWeight;
    use polkadot_core_primitives::Balance;
    use smallvec::smallvec;
    use sp_runtime::Perbill;
    use sp_weights::{WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial};

    /// Fee of the lightest transaction, before its length: a tenth of a cent.
    const BASE_EXTRINSIC_FEE: Balance = CENTS / 10;

    /// Linear in the reference time: the base weight of a transaction costs `BASE_EXTRINSIC_FEE`.
    pub struct WeightToFee;

    impl WeightToFeePolynomial for WeightToFee {
        type Balance = Balance;

        fn polynomial() -> WeightToFeeCoefficients<Self::Balance> {
            let base_weight = Balance::from(ExtrinsicBaseWeight::get().ref_time());
            smallvec![WeightToFeeCoefficient {
                degree: 1,
                negative: false,
                coeff_frac: Perbill::from_rational(BASE_EXTRINSIC_FEE % base_weight, base_weight),
                coeff_integer: BASE_EXTRINSIC_FEE / base_weight,
            }]
        }
    }
}
