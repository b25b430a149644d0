// SPDX-License-Identifier: GPL-3.0-only
//! What the runtime API answers.

use crate::{
    mock::{
        authority_set, block, healthy_era, healthy_eras, prove, set_plan, Finalizers, System, TestExt, ValidatorCount,
        POLICY,
    },
    NotJudged, Policy, ProjectedStep,
};
use codec::{Decode, Encode};
use frame_support::assert_ok;

#[test]
fn it_tells_counts_plan_and_when_it_moves_next() {
    TestExt::default().execute(|| {
        healthy_era();
        let status = ValidatorCount::status();
        assert_eq!((status.count, status.active, status.active_era), (10, 10, 1));
        assert_eq!((status.plan, status.next_step_era, status.done_era), (None, None, None));
        assert_eq!(ValidatorCount::projection(), []);

        assert_ok!(set_plan(18, 5, POLICY));
        let status = ValidatorCount::status();
        assert_eq!((status.next_step_era, status.done_era), (Some(2), Some(6)));
        assert_eq!(
            ValidatorCount::projection(),
            [ProjectedStep { era: 2, active_from: 3, count: 15 }, ProjectedStep { era: 4, active_from: 5, count: 18 },]
        );
        healthy_era();
        assert_eq!((ValidatorCount::status().count, ValidatorCount::status().active), (15, 10));
    });
}

#[test]
fn it_tells_what_nobody_judges() {
    TestExt::default().execute(|| {
        healthy_era();
        let never = [NotJudged::ApprovalNoShows, NotJudged::GossipLoad, NotJudged::ValidatorLoad];
        assert_eq!(ValidatorCount::status().not_judged, never);
        assert_ok!(set_plan(18, 5, Policy { proofs_per_era: 1, ..POLICY }));
        assert_eq!(ValidatorCount::status().not_judged, never);
        assert_ok!(set_plan(18, 5, POLICY));
        assert_eq!(ValidatorCount::status().not_judged, [&never[..], &[NotJudged::FinalityUnknown]].concat());
    });
}

#[test]
fn it_tells_the_health_so_far_and_of_the_newest_sessions() {
    TestExt::default().execute(|| {
        Finalizers::set(authority_set(0, 4, 1));
        healthy_eras(2);
        assert_eq!(ValidatorCount::status().finality_lag, None);
        assert_ok!(prove(35));
        (0..14).for_each(|_| block(0, || ()));
        block(2, || ());
        let status = ValidatorCount::status();
        // The block that began the era, and fifteen more, in two sessions.
        assert_eq!((status.era_so_far.blocks, status.era_so_far.missed), (16, 2));
        assert_eq!(status.finality_lag, Some((System::block_number() - 35) as u32));

        let newest: Vec<_> = ValidatorCount::health(2).iter().map(|session| session.session).collect();
        assert_eq!(newest, [3, 4]);
        assert_eq!(ValidatorCount::health(1_000).len(), 5);
        assert_eq!(ValidatorCount::health(0), []);
    });
}

#[test]
fn a_policy_is_read_from_json_with_every_field_and_no_other() {
    let json = r#"{"minErasBetween":2,"maxMissedPermille":200,"minAvailabilityPermille":800,"maxDisputes":0,
        "maxDisabled":0,"maxFinalityLag":10,"proofsPerEra":0,"maxInherentWeightPercent":30,"supplyMargin":0,
        "maxHoldEras":4}"#;
    assert_eq!(serde_json::from_str::<Policy>(json).unwrap(), POLICY);
    assert!(serde_json::from_str::<Policy>(&json.replace("maxHoldEras", "holdEras")).is_err());
    assert_eq!(Policy::decode(&mut &POLICY.encode()[..]).unwrap(), POLICY);
}
