// SPDX-License-Identifier: GPL-3.0-only
//! The origins that referenda speak with, one for each track but Root's, and the checks that let them pass.

use crate::{
    configs::staking::MAX_VALIDATORS,
    constants::currency::{GRAND, QUID},
    Balance, OriginCaller, RuntimeOrigin,
};
use frame_support::traits::{EnsureOrigin, OriginTrait};
use pallet_custom_origins::Origin;
use pallet_validator_count::Bounds;

/// Lets exactly the origin of the same name pass.
macro_rules! ensure_one {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        $(
            $(#[$doc])*
            pub struct $name;

            impl EnsureOrigin<RuntimeOrigin> for $name {
                type Success = ();

                fn try_origin(origin: RuntimeOrigin) -> Result<(), RuntimeOrigin> {
                    if matches!(origin.caller(), OriginCaller::Origins(Origin::$name)) {
                        Ok(())
                    } else {
                        Err(origin)
                    }
                }

                #[cfg(feature = "runtime-benchmarks")]
                fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
                    Ok(Origin::$name.into())
                }
            }
        )*
    };
}

ensure_one! {
    /// Cancels slashes and sets the staking system's parameters.
    StakingAdmin;
    /// Spends from the treasury and rejects what others approved.
    Treasurer;
    /// Manages HRMP channels and identity registrars.
    GeneralAdmin;
    /// Starts auctions.
    AuctionAdmin;
    /// Gives out and clears leases.
    LeaseAdmin;
    /// Ends a referendum, deposits returned.
    ReferendumCanceller;
    /// Ends a referendum, deposits slashed.
    ReferendumKiller;
}

/// Lets every origin pass that spends from the treasury, and says how much one spend of its may be.
pub struct Spender;

impl EnsureOrigin<RuntimeOrigin> for Spender {
    type Success = Balance;

    fn try_origin(origin: RuntimeOrigin) -> Result<Balance, RuntimeOrigin> {
        let limit = match origin.caller() {
            OriginCaller::Origins(custom) => spending_limit(custom),
            _ => None,
        };
        limit.ok_or(origin)
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        // The widest limit, so that no benchmark's amount exceeds it.
        Ok(Origin::Treasurer.into())
    }
}

/// Sets plans for the validator count, within bounds that no vote on its track can leave.
pub struct ValidatorCountAdmin;

/// Four validators finalize with one of them gone; above the ceiling there is no election. Steps are small, so that what
/// a newcomer breaks is seen while the rest of the set can still carry it.
pub const VALIDATOR_COUNT_BOUNDS: Bounds = Bounds { floor: 4, ceiling: MAX_VALIDATORS, max_step: 25 };

impl EnsureOrigin<RuntimeOrigin> for ValidatorCountAdmin {
    type Success = Bounds;

    fn try_origin(origin: RuntimeOrigin) -> Result<Bounds, RuntimeOrigin> {
        if matches!(origin.caller(), OriginCaller::Origins(Origin::ValidatorCountAdmin)) {
            Ok(VALIDATOR_COUNT_BOUNDS)
        } else {
            Err(origin)
        }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn try_successful_origin() -> Result<RuntimeOrigin, ()> {
        Ok(Origin::ValidatorCountAdmin.into())
    }
}

/// The most that `origin` may spend at once, in planck: Kusama's limits. No arm catches the rest, so that whoever adds
/// an origin decides.
const fn spending_limit(origin: &Origin) -> Option<Balance> {
    match origin {
        Origin::SmallTipper => Some(250 * QUID),
        Origin::BigTipper => Some(GRAND),
        Origin::SmallSpender => Some(10 * GRAND),
        Origin::MediumSpender => Some(100 * GRAND),
        Origin::BigSpender => Some(1_000 * GRAND),
        Origin::Treasurer => Some(10_000 * GRAND),
        Origin::StakingAdmin
        | Origin::GeneralAdmin
        | Origin::AuctionAdmin
        | Origin::LeaseAdmin
        | Origin::ValidatorCountAdmin
        | Origin::ReferendumCanceller
        | Origin::ReferendumKiller => None,
    }
}

#[frame_support::pallet]
pub mod pallet_custom_origins {
    use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
    use scale_info::TypeInfo;

    #[pallet::config]
    pub trait Config: frame_system::Config {}

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    // The indices are Kusama's, so that a proposal's origin encodes alike. 2 and 13 to 27 belong there to fellows,
    // whitelisted calls and signals, which this chain does not have.
    #[pallet::origin]
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
    pub enum Origin {
        #[codec(index = 0)]
        StakingAdmin,
        #[codec(index = 1)]
        Treasurer,
        #[codec(index = 3)]
        GeneralAdmin,
        #[codec(index = 4)]
        AuctionAdmin,
        #[codec(index = 5)]
        LeaseAdmin,
        #[codec(index = 6)]
        ReferendumCanceller,
        #[codec(index = 7)]
        ReferendumKiller,
        #[codec(index = 8)]
        SmallTipper,
        #[codec(index = 9)]
        BigTipper,
        #[codec(index = 10)]
        SmallSpender,
        #[codec(index = 11)]
        MediumSpender,
        #[codec(index = 12)]
        BigSpender,
        // Ours. Far from Kusama's, which may still grow.
        #[codec(index = 100)]
        ValidatorCountAdmin,
    }
}
