// SPDX-License-Identifier: GPL-3.0-only
//! The tracks of referenda: Kusama's ids and figures, with the periods divided by the chain's governance divisor. One is
//! ours: `validator_count_admin`, with the id that Kusama leaves free between its administrators and its cancellers.
//!
//! Curves are fractions of the decision period, so the divisor leaves them alone. Kusama's whitelisted-caller,
//! wish-for-change and fellowship-admin tracks are left out: this chain has no Fellowship.

use super::origins::pallet_custom_origins::Origin;
use crate::{
    constants::{
        currency::{GRAND, QUID},
        time::{DAYS, HOURS, MINUTES},
    },
    Balance, BlockNumber, OriginCaller, Runtime,
};
use alloc::borrow::Cow;
use frame_support::traits::Get;
use frame_system::RawOrigin;
use pallet_referenda::{Curve, Track, TrackInfo, TracksInfo};
use pallet_timing::GovernancePeriodDivisor;
use sp_arithmetic::FixedI64;
use sp_runtime::str_array;

/// The tracks of this chain.
pub struct Tracks;

impl TracksInfo<Balance, BlockNumber> for Tracks {
    type Id = u16;
    type RuntimeOrigin = OriginCaller;

    fn tracks() -> impl Iterator<Item = Cow<'static, Track<Self::Id, Balance, BlockNumber>>> {
        let divisor = GovernancePeriodDivisor::<Runtime>::get();
        TRACKS.iter().map(move |track| match in_force(&track.info, divisor) {
            Cow::Borrowed(_) => Cow::Borrowed(track),
            Cow::Owned(info) => Cow::Owned(Track { id: track.id, info }),
        })
    }

    fn track_for(origin: &OriginCaller) -> Result<u16, ()> {
        match origin {
            OriginCaller::system(RawOrigin::Root) => Ok(ROOT),
            OriginCaller::Origins(custom) => Ok(track_of(custom)),
            _ => Err(()),
        }
    }

    fn track_ids() -> impl Iterator<Item = Self::Id> {
        TRACKS.iter().map(|track| track.id)
    }

    // The default would scale every track up to the one asked for.
    fn info(id: u16) -> Option<Cow<'static, TrackInfo<Balance, BlockNumber>>> {
        let track = TRACKS.iter().find(|track| track.id == id)?;
        Some(in_force(&track.info, GovernancePeriodDivisor::<Runtime>::get()))
    }
}

/// The track that `origin` comes from. No arm catches the rest: an origin without a track does not compile.
const fn track_of(origin: &Origin) -> u16 {
    match origin {
        Origin::StakingAdmin => STAKING_ADMIN,
        Origin::Treasurer => TREASURER,
        Origin::LeaseAdmin => LEASE_ADMIN,
        Origin::GeneralAdmin => GENERAL_ADMIN,
        Origin::AuctionAdmin => AUCTION_ADMIN,
        Origin::ValidatorCountAdmin => VALIDATOR_COUNT_ADMIN,
        Origin::ReferendumCanceller => REFERENDUM_CANCELLER,
        Origin::ReferendumKiller => REFERENDUM_KILLER,
        Origin::SmallTipper => SMALL_TIPPER,
        Origin::BigTipper => BIG_TIPPER,
        Origin::SmallSpender => SMALL_SPENDER,
        Origin::MediumSpender => MEDIUM_SPENDER,
        Origin::BigSpender => BIG_SPENDER,
    }
}

/// `info` as this chain runs it; without a divisor nothing is copied.
fn in_force(
    info: &'static TrackInfo<Balance, BlockNumber>,
    divisor: BlockNumber,
) -> Cow<'static, TrackInfo<Balance, BlockNumber>> {
    if divisor <= 1 {
        Cow::Borrowed(info)
    } else {
        Cow::Owned(scaled(info, divisor))
    }
}

/// `info` with its periods divided by `divisor`. A period of no block at all would let a referendum pass unseen.
fn scaled(info: &TrackInfo<Balance, BlockNumber>, divisor: BlockNumber) -> TrackInfo<Balance, BlockNumber> {
    let scale = |period: BlockNumber| period.checked_div(divisor).unwrap_or(period).max(1);
    TrackInfo {
        prepare_period: scale(info.prepare_period),
        decision_period: scale(info.decision_period),
        confirm_period: scale(info.confirm_period),
        min_enactment_period: scale(info.min_enactment_period),
        ..info.clone()
    }
}

const ROOT: u16 = 0;
const STAKING_ADMIN: u16 = 10;
const TREASURER: u16 = 11;
const LEASE_ADMIN: u16 = 12;
const GENERAL_ADMIN: u16 = 14;
const AUCTION_ADMIN: u16 = 15;
const VALIDATOR_COUNT_ADMIN: u16 = 16;
const REFERENDUM_CANCELLER: u16 = 20;
const REFERENDUM_KILLER: u16 = 21;
const SMALL_TIPPER: u16 = 30;
const BIG_TIPPER: u16 = 31;
const SMALL_SPENDER: u16 = 32;
const MEDIUM_SPENDER: u16 = 33;
const BIG_SPENDER: u16 = 34;

/// Sorted by id, as the pallet demands: id, name, referenda decided at once, decision deposit, periods, curves.
static TRACKS: [Track<u16, Balance, BlockNumber>; 14] = [
    track(ROOT, "root", 1, 100 * GRAND, periods(2 * HOURS, 14 * DAYS, 24 * HOURS, 24 * HOURS), FULL_CONTROL),
    track(STAKING_ADMIN, "staking_admin", 10, 5 * GRAND, ADMIN_PERIODS, NARROW_CONTROL),
    track(TREASURER, "treasurer", 10, GRAND, periods(2 * HOURS, 14 * DAYS, 48 * HOURS, 24 * HOURS), FULL_CONTROL),
    track(LEASE_ADMIN, "lease_admin", 10, 5 * GRAND, ADMIN_PERIODS, NARROW_CONTROL),
    track(GENERAL_ADMIN, "general_admin", 10, 5 * GRAND, ADMIN_PERIODS, WIDE_CONTROL),
    track(AUCTION_ADMIN, "auction_admin", 10, 5 * GRAND, ADMIN_PERIODS, WIDE_CONTROL),
    track(VALIDATOR_COUNT_ADMIN, "validator_count_admin", 1, 20 * GRAND, VALIDATOR_COUNT_PERIODS, WIDE_CONTROL),
    track(REFERENDUM_CANCELLER, "referendum_canceller", 1_000, 10 * GRAND, CANCELLER_PERIODS, NARROW_CONTROL),
    track(REFERENDUM_KILLER, "referendum_killer", 1_000, 50 * GRAND, ADMIN_PERIODS, NARROW_CONTROL),
    track(SMALL_TIPPER, "small_tipper", 200, QUID, periods(MINUTES, 7 * DAYS, 10 * MINUTES, MINUTES), SMALL_TIP),
    track(BIG_TIPPER, "big_tipper", 100, 10 * QUID, periods(10 * MINUTES, 7 * DAYS, HOURS, 10 * MINUTES), BIG_TIP),
    track(SMALL_SPENDER, "small_spender", 50, 100 * QUID, spender_periods(12 * HOURS), NARROW_CONTROL),
    track(MEDIUM_SPENDER, "medium_spender", 50, 200 * QUID, spender_periods(24 * HOURS), MEDIUM_SPEND),
    track(BIG_SPENDER, "big_spender", 50, 400 * QUID, spender_periods(48 * HOURS), BIG_SPEND),
];

const ADMIN_PERIODS: Periods = periods(2 * HOURS, 14 * DAYS, 3 * HOURS, 10 * MINUTES);
/// Root's: operators have days to see a change of the validator set coming, and there is one plan at a time.
const VALIDATOR_COUNT_PERIODS: Periods = periods(2 * HOURS, 14 * DAYS, 24 * HOURS, 24 * HOURS);
/// Half of what others take to decide: whoever cancels must overtake the referendum in question.
const CANCELLER_PERIODS: Periods = periods(2 * HOURS, 7 * DAYS, 3 * HOURS, 10 * MINUTES);

const FULL_CONTROL: Curves = Curves { approval: SLOW_APPROVAL, support: LINEAR_SUPPORT };
const WIDE_CONTROL: Curves = Curves { approval: SLOW_APPROVAL, support: support(7, percent(10)) };
const NARROW_CONTROL: Curves = Curves { approval: linear_approval(17), support: support(12, percent(1)) };
const SMALL_TIP: Curves = Curves { approval: linear_approval(10), support: support(1, percent(4)) };
const BIG_TIP: Curves = Curves { approval: linear_approval(10), support: support(8, percent(1)) };
const MEDIUM_SPEND: Curves = Curves { approval: linear_approval(23), support: support(16, percent(1)) };
const BIG_SPEND: Curves = Curves { approval: linear_approval(28), support: support(20, percent(1)) };

/// From all votes to 80 % after 4 of 28 days, then ever more slowly to half.
const SLOW_APPROVAL: Curve = Curve::make_reciprocal(4, CURVE_DAYS, percent(80), HALF, ALL);
/// From half the issuance straight to nothing.
const LINEAR_SUPPORT: Curve = Curve::make_linear(CURVE_DAYS, CURVE_DAYS, ZERO, HALF);

/// Curves count in days of 28, whatever the track's decision period is: only the ratio matters.
const CURVE_DAYS: u128 = 28;

const ZERO: FixedI64 = percent(0);
const HALF: FixedI64 = percent(50);
const ALL: FixedI64 = percent(100);

/// In blocks, before division.
#[derive(Clone, Copy)]
struct Periods {
    prepare: BlockNumber,
    decision: BlockNumber,
    confirm: BlockNumber,
    min_enactment: BlockNumber,
}

/// What a referendum needs to pass, falling over the decision period.
struct Curves {
    /// Ayes among all votes, weighed by conviction.
    approval: Curve,
    /// Ayes among the whole issuance, without conviction.
    support: Curve,
}

const fn track(
    id: u16,
    name: &str,
    max_deciding: u32,
    decision_deposit: Balance,
    periods: Periods,
    curves: Curves,
) -> Track<u16, Balance, BlockNumber> {
    Track {
        id,
        info: TrackInfo {
            name: str_array(name),
            max_deciding,
            decision_deposit,
            prepare_period: periods.prepare,
            decision_period: periods.decision,
            confirm_period: periods.confirm,
            min_enactment_period: periods.min_enactment,
            min_approval: curves.approval,
            min_support: curves.support,
        },
    }
}

const fn periods(
    prepare: BlockNumber,
    decision: BlockNumber,
    confirm: BlockNumber,
    min_enactment: BlockNumber,
) -> Periods {
    Periods { prepare, decision, confirm, min_enactment }
}

/// Spenders differ only in how long the outcome must hold: the more money, the longer.
const fn spender_periods(confirm: BlockNumber) -> Periods {
    periods(4 * HOURS, 14 * DAYS, confirm, 24 * HOURS)
}

/// From all votes straight to half after `days` of 28.
const fn linear_approval(days: u128) -> Curve {
    Curve::make_linear(days, CURVE_DAYS, HALF, ALL)
}

/// From half the issuance to `level` after `days` of 28, then ever more slowly to nothing.
const fn support(days: u128, level: FixedI64) -> Curve {
    Curve::make_reciprocal(days, CURVE_DAYS, level, ZERO, HALF)
}

const fn percent(x: u128) -> FixedI64 {
    FixedI64::from_rational(x, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(track: &Track<u16, Balance, BlockNumber>) -> &str {
        core::str::from_utf8(&track.info.name).expect("names are ASCII").trim_end_matches('\0')
    }

    #[test]
    fn ids_and_names_are_kusamas_and_ours_sorted_by_id() {
        let tracks: Vec<_> = TRACKS.iter().map(|track| (track.id, name(track))).collect();
        let expected = [
            (0, "root"),
            (10, "staking_admin"),
            (11, "treasurer"),
            (12, "lease_admin"),
            (14, "general_admin"),
            (15, "auction_admin"),
            (16, "validator_count_admin"),
            (20, "referendum_canceller"),
            (21, "referendum_killer"),
            (30, "small_tipper"),
            (31, "big_tipper"),
            (32, "small_spender"),
            (33, "medium_spender"),
            (34, "big_spender"),
        ];
        assert_eq!(tracks, expected);
        assert!(tracks.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn no_divisor_makes_a_period_zero() {
        for track in &TRACKS {
            for divisor in [0, 1, 2, 600, 14 * DAYS, BlockNumber::MAX] {
                let info = scaled(&track.info, divisor);
                let periods =
                    [info.prepare_period, info.decision_period, info.confirm_period, info.min_enactment_period];
                assert!(periods.iter().all(|period| *period >= 1), "{} divided by {divisor}", name(track));
            }
        }
    }

    #[test]
    fn the_divisor_touches_nothing_but_periods() {
        for track in &TRACKS {
            let info = scaled(&track.info, 600);
            assert_eq!(info.decision_period, track.info.decision_period / 600);
            let restored = TrackInfo {
                prepare_period: track.info.prepare_period,
                decision_period: track.info.decision_period,
                confirm_period: track.info.confirm_period,
                min_enactment_period: track.info.min_enactment_period,
                ..info
            };
            assert_eq!(restored, track.info);
        }
    }

    #[test]
    fn without_a_divisor_nothing_is_copied() {
        for track in &TRACKS {
            assert!(matches!(in_force(&track.info, 1), Cow::Borrowed(_)));
            assert!(matches!(in_force(&track.info, 2), Cow::Owned(_)));
        }
    }

    #[test]
    fn every_origin_has_its_own_track() {
        let origins = [
            Origin::StakingAdmin,
            Origin::Treasurer,
            Origin::LeaseAdmin,
            Origin::GeneralAdmin,
            Origin::AuctionAdmin,
            Origin::ValidatorCountAdmin,
            Origin::ReferendumCanceller,
            Origin::ReferendumKiller,
            Origin::SmallTipper,
            Origin::BigTipper,
            Origin::SmallSpender,
            Origin::MediumSpender,
            Origin::BigSpender,
        ];
        let root = OriginCaller::system(RawOrigin::Root);
        let callers = core::iter::once(root).chain(origins.map(OriginCaller::Origins));
        let ids: Vec<_> = callers.map(|caller| Tracks::track_for(&caller)).collect();
        let expected: Vec<_> = Tracks::track_ids().map(Ok).collect();
        assert_eq!(ids, expected);
    }

    #[test]
    fn an_origin_without_a_track_is_refused() {
        assert_eq!(Tracks::track_for(&OriginCaller::system(RawOrigin::None)), Err(()));
    }
}
