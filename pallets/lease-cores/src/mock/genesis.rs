// SPDX-License-Identifier: GPL-3.0-only
//! The chain that tests begin with.

use super::{
    host::{SessionKeys, ValidatorCount},
    *,
};
use polkadot_primitives::{HeadData, ValidationCode, ValidatorId};
use polkadot_runtime_parachains::paras::{ParaGenesisArgs, ParaKind};
use sp_core::crypto::UncheckedFrom;
use sp_runtime::BuildStorage;

/// Has core 0 from genesis on, and no lease.
pub const GENESIS_CORE_PARA: u32 = 1_000;
/// Are registered, and have no core.
pub const PARAS: core::ops::Range<u32> = 2_000..2_008;

/// Block 1 of a chain with one parachain that has a core, and eight registered paras that have none.
pub fn new_test_ext() -> sp_io::TestExternalities {
    ValidatorCount::set(20);
    MaxCores::set(8);
    LeaseOffset::set(0);
    let mut config =
        configuration::HostConfiguration::<BlockNumber> { max_head_data_size: 1_024, ..Default::default() };
    config.scheduler_params.lookahead = LOOKAHEAD;
    config.scheduler_params.group_rotation_frequency = 10;
    config.scheduler_params.paras_availability_period = 1;
    let args = |kind| ParaGenesisArgs {
        genesis_head: HeadData(vec![1]),
        validation_code: ValidationCode(vec![1]),
        para_kind: kind,
    };
    let core_para = (GENESIS_CORE_PARA.into(), args(ParaKind::Parachain));
    let paras = PARAS.map(|id| (id.into(), args(ParaKind::Parathread)));
    let keys = |id| SessionKeys { para_validator: ValidatorId::unchecked_from([id as u8; 32]) };
    let genesis = RuntimeGenesisConfig {
        configuration: configuration::GenesisConfig { config },
        paras: paras::GenesisConfig { paras: paras.chain([core_para]).collect(), ..Default::default() },
        session: pallet_session::GenesisConfig {
            keys: (1..=40).map(|id| (id, id, keys(id))).collect(),
            ..Default::default()
        },
        balances: pallet_balances::GenesisConfig { balances: vec![(1, 1_000_000_000_000)], ..Default::default() },
        ..Default::default()
    };
    let mut externalities = sp_io::TestExternalities::new(genesis.build_storage().unwrap());
    externalities.execute_with(|| advance_to(1));
    externalities
}
