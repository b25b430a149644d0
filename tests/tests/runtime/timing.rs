// SPDX-License-Identifier: GPL-3.0-only
use super::{metadata::Constants, support::Chain};
use pallet_referenda::TracksInfo;
use rand::Rng;
use serin_runtime::{genesis_config_presets::Preset, Balance, BlockNumber, Runtime, Session};
use serin_tests::{rounds, seeded_rng};

/// One preset's durations, written out once more: what wallets must read.
struct Expected {
    preset: Preset,
    slot_millis: u64,
    epoch_slots: u64,
    sessions_per_era: u32,
    bonding_eras: u32,
    slash_defer_eras: u32,
    lease_period_blocks: u32,
    governance_divisor: u32,
}

const LOCAL: Expected = Expected {
    preset: Preset::Local,
    slot_millis: 6_000,
    epoch_slots: 10,
    sessions_per_era: 2,
    bonding_eras: 3,
    slash_defer_eras: 0,
    lease_period_blocks: 20,
    governance_divisor: 7_200,
};

const EXPECTED: [Expected; 4] = [
    Expected {
        preset: Preset::Serin,
        slot_millis: 6_000,
        epoch_slots: 600,
        sessions_per_era: 6,
        bonding_eras: 28,
        slash_defer_eras: 27,
        // Six weeks of 14,400 blocks a day.
        lease_period_blocks: 604_800,
        governance_divisor: 1,
    },
    LOCAL,
    Expected { preset: Preset::Fast, slot_millis: 4_000, ..LOCAL },
    Expected { preset: Preset::Development, slot_millis: 4_000, ..LOCAL },
];

#[test]
fn the_metadata_of_every_preset_tells_its_own_durations() {
    for expected in EXPECTED {
        let preset = expected.preset;
        let scaled = |blocks: u32| (blocks / expected.governance_divisor).max(1);
        let bonding_sessions = u64::from(expected.bonding_eras * expected.sessions_per_era);
        Chain::new(preset, preset.default_validators()).inspect(|| {
            let constants = Constants::read();
            assert_eq!(constants.get::<u64>("Babe", "EpochDuration"), expected.epoch_slots, "{preset:?}");
            assert_eq!(constants.get::<u64>("Babe", "ExpectedBlockTime"), expected.slot_millis, "{preset:?}");
            assert_eq!(constants.get::<u64>("Timestamp", "MinimumPeriod"), expected.slot_millis / 2, "{preset:?}");
            assert_eq!(constants.get::<u64>("Grandpa", "MaxSetIdSessionEntries"), bonding_sessions, "{preset:?}");
            for (pallet, name, value) in [
                ("Staking", "SessionsPerEra", expected.sessions_per_era),
                ("Staking", "BondingDuration", expected.bonding_eras),
                ("Staking", "SlashDeferDuration", expected.slash_defer_eras),
                ("Slots", "LeasePeriod", expected.lease_period_blocks),
                ("Slots", "LeaseOffset", 0),
                ("Referenda", "UndecidingTimeout", scaled(201_600)),
                ("ConvictionVoting", "VoteLockingPeriod", scaled(100_800)),
                ("Treasury", "SpendPeriod", scaled(86_400)),
                ("Treasury", "PayoutPeriod", scaled(1_296_000)),
                ("Identity", "PendingUsernameExpiration", scaled(100_800)),
                ("Identity", "UsernameGracePeriod", scaled(432_000)),
            ] {
                assert_eq!(constants.get::<u32>(pallet, name), value, "{pallet}.{name} of {preset:?}");
            }
        });
    }
}

#[test]
fn every_preset_has_the_same_address_prefix() {
    for preset in Preset::ALL {
        let constants = Chain::new(preset, 1).inspect(Constants::read);
        assert_eq!(constants.get::<u16>("System", "SS58Prefix"), 42, "{preset:?}");
    }
}

#[test]
fn sessions_and_eras_change_at_the_slots_of_every_preset() {
    for expected in EXPECTED {
        let mut chain = Chain::new(expected.preset, expected.preset.default_validators());
        chain.block(|| ());
        let first = chain.slot();
        for session in 1..=2 * expected.sessions_per_era {
            let start = first + u64::from(session) * expected.epoch_slots;
            chain.block_at(start - 1, || ());
            assert_eq!(session_and_era(&mut chain), (session - 1, (session - 1) / expected.sessions_per_era));
            chain.block_at(start, || ());
            assert_eq!(session_and_era(&mut chain), (session, session / expected.sessions_per_era));
        }
    }
}

#[test]
fn a_local_session_lasts_ten_blocks_and_an_era_twenty() {
    let mut chain = Chain::new(Preset::Local, 4);
    for number in 1..=42 {
        chain.block(|| ());
        assert_eq!(session_and_era(&mut chain), ((number - 1) / 10, (number - 1) / 20), "block {number}");
    }
}

/// Sessions end by slots, so a block that comes late ends one session, however many epochs have passed.
#[test]
fn missed_slots_neither_stop_the_chain_nor_end_sessions_twice() {
    let mut random = seeded_rng();
    for _ in 0..rounds(3, 100) {
        let mut chain = Chain::new(Preset::Local, 4);
        chain.block(|| ());
        let first = chain.slot();
        let (mut session, mut epoch) = (0, 0);
        for _ in 0..60 {
            let slot = chain.slot() + random.gen_range(1..=25_u64);
            chain.block_at(slot, || ());
            let now = (slot - first) / LOCAL.epoch_slots;
            if now > epoch {
                epoch = now;
                session += 1;
            }
            assert_eq!(session_and_era(&mut chain), (session, session / LOCAL.sessions_per_era), "slot {slot}");
            assert_eq!(chain.inspect(pallet_babe::EpochIndex::<Runtime>::get), epoch, "slot {slot}");
        }
    }
}

#[test]
fn the_governance_divisor_divides_every_period_of_every_track() {
    type Tracks = <Runtime as pallet_referenda::Config>::Tracks;
    let periods = || {
        let of = |track: &pallet_referenda::TrackInfo<Balance, BlockNumber>| {
            [track.prepare_period, track.decision_period, track.confirm_period, track.min_enactment_period]
        };
        <Tracks as TracksInfo<Balance, BlockNumber>>::tracks()
            .map(|track| (track.id, of(&track.info)))
            .collect::<Vec<_>>()
    };
    let kusamas = Chain::new(Preset::Serin, 4).inspect(periods);
    // Two hours, two weeks, a day, a day.
    assert_eq!(kusamas.first(), Some(&(0, [1_200, 201_600, 14_400, 14_400])));

    for expected in EXPECTED {
        let divided = kusamas
            .iter()
            .map(|(id, periods)| (*id, periods.map(|period| (period / expected.governance_divisor).max(1))))
            .collect::<Vec<_>>();
        let mut chain = Chain::new(expected.preset, 1);
        assert_eq!(chain.inspect(periods), divided, "{:?}", expected.preset);
        chain.inspect(|| {
            for (id, periods) in divided {
                let info = <Tracks as TracksInfo<Balance, BlockNumber>>::info(id).expect("the track exists");
                assert_eq!(info.decision_period, periods[1], "track {id} of {:?}", expected.preset);
            }
        });
    }
}

fn session_and_era(chain: &mut Chain) -> (u32, u32) {
    chain.inspect(|| {
        let era = pallet_staking::ActiveEra::<Runtime>::get().expect("an era is active");
        (Session::current_index(), era.index)
    })
}
