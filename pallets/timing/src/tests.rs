// SPDX-License-Identifier: GPL-3.0-only
use super::*;
use frame_support::{
    derive_impl,
    traits::{ConstU32, Get},
};
use proptest::prelude::{any, prop_assert, proptest};
use sp_runtime::BuildStorage;

type Block = frame_system::mocking::MockBlock<Test>;

frame_support::construct_runtime!(
    pub enum Test {
        System: frame_system,
        Timing: crate,
    }
);

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type Block = Block;
}

impl Config for Test {}

fn fast() -> TimingParameters {
    TimingParameters {
        slot_millis: 2_000,
        epoch_slots: 10,
        sessions_per_era: 2,
        bonding_eras: 3,
        slash_defer_eras: 1,
        lease_period_blocks: 20,
        lease_offset_blocks: 5,
        governance_period_divisor: 600,
    }
}

/// A chain whose genesis holds `parameters`; I1 is checked after the test.
fn with(parameters: Option<TimingParameters>, test: impl FnOnce()) {
    let config =
        RuntimeGenesisConfig { timing: GenesisConfig { parameters, ..Default::default() }, ..Default::default() };
    let mut externalities = sp_io::TestExternalities::new(config.build_storage().unwrap());
    externalities.execute_with(|| {
        test();
        Timing::do_try_state().unwrap();
    });
}

#[test]
fn i1_genesis_refuses_every_broken_rule() {
    type Break = fn(&mut TimingParameters);
    let broken: [(Break, InvalidTiming); 8] = [
        (|p| p.slot_millis = 998, InvalidTiming::SlotTooShort),
        (|p| p.slot_millis = 2_001, InvalidTiming::SlotOdd),
        (|p| p.epoch_slots = 9, InvalidTiming::EpochTooShort),
        (|p| p.sessions_per_era = 0, InvalidTiming::NoSessionsPerEra),
        (|p| p.bonding_eras = 85, InvalidTiming::BondingTooLong),
        (|p| p.slash_defer_eras = 3, InvalidTiming::SlashDeferNotBelowBonding),
        (|p| p.lease_period_blocks = 0, InvalidTiming::NoLeasePeriod),
        (|p| p.governance_period_divisor = 0, InvalidTiming::NoGovernanceDivisor),
    ];
    for (break_rule, expected) in broken {
        let mut parameters = fast();
        break_rule(&mut parameters);
        assert_eq!(parameters.ensure_valid(), Err(expected));
        assert!(std::panic::catch_unwind(|| with(Some(parameters), || ())).is_err(), "{expected} reached the state");
    }
    assert_eq!(fast().ensure_valid(), Ok(()));
    assert_eq!(TimingParameters::SERIN.ensure_valid(), Ok(()));
}

#[test]
fn i2_no_record_and_no_externalities_mean_serin() {
    let check = || {
        assert_eq!(SlotMillis::<Test>::get(), 6_000);
        assert_eq!(EpochSlots::<Test>::get(), 600);
        assert_eq!(Scaled::<Test, ConstU32<100>>::get(), 100);
    };
    check();
    with(None, check);
}

#[test]
fn adapters_read_the_record() {
    with(Some(fast()), || {
        assert_eq!(SlotMillis::<Test>::get(), 2_000);
        assert_eq!(HalfSlotMillis::<Test>::get(), 1_000);
        assert_eq!(EpochSlots::<Test>::get(), 10);
        assert_eq!(SessionsPerEra::<Test>::get(), 2);
        assert_eq!(BondingEras::<Test>::get(), 3);
        assert_eq!(SlashDeferEras::<Test>::get(), 1);
        assert_eq!(BondingSessions::<Test>::get(), 6);
        assert_eq!(BondingSlots::<Test>::get(), 60);
        assert_eq!(LeasePeriodBlocks::<Test>::get(), 20);
        assert_eq!(LeaseOffsetBlocks::<Test>::get(), 5);
        assert_eq!(Scaled::<Test, ConstU32<1_200>>::get(), 2);
    });
}

#[test]
fn genesis_json_names_fields_in_camel_case_and_refuses_unknown_ones() {
    let json = r#"{"slotMillis":2000,"epochSlots":10,"sessionsPerEra":2,"bondingEras":3,"slashDeferEras":1,
        "leasePeriodBlocks":20,"leaseOffsetBlocks":5,"governancePeriodDivisor":600}"#;
    assert_eq!(serde_json::from_str::<TimingParameters>(json).unwrap(), fast());
    assert!(serde_json::from_str::<TimingParameters>(&json.replace("slotMillis", "slotLength")).is_err());
}

proptest! {
    #[test]
    fn i3_scaling_never_yields_zero(divisor in 1_u32.., blocks in any::<u32>()) {
        struct Blocks;
        std::thread_local!(static BLOCKS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) });
        impl Get<u32> for Blocks {
            fn get() -> u32 { BLOCKS.get() }
        }
        BLOCKS.set(blocks);
        let parameters = TimingParameters { governance_period_divisor: divisor, ..fast() };
        let mut scaled = 0;
        with(Some(parameters), || scaled = Scaled::<Test, Blocks>::get());
        prop_assert!(scaled >= 1);
        prop_assert!(scaled <= blocks.max(1));
    }
}
