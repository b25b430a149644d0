// SPDX-License-Identifier: GPL-3.0-only
//! The parachains of a genesis: registered and managed, with cores in session 0, and channels between them.

use super::support::{apply, Chain};
use polkadot_primitives::{CoreIndex, HeadData, HrmpChannelId, Id as ParaId, ValidationCode};
use polkadot_runtime_common::{
    paras_registrar::{self, ParaInfo},
    traits::Registrar as _,
};
use polkadot_runtime_parachains::{configuration, dmp, hrmp, paras, runtime_api_impl::v13};
use serin_runtime::{
    genesis_config_presets::{GenesisParachain, ParachainKind, Preset, Transport},
    Registrar, Runtime, RuntimeCall,
};
use sp_keyring::Sr25519Keyring;
use sp_runtime::DispatchError;

const PICASSO: u32 = 2_087;
const SUBSOCIAL: u32 = 2_100;
const KILT: u32 = 2_086;
const MANAGER: Sr25519Keyring = Sr25519Keyring::Alice;
const STRANGER: Sr25519Keyring = Sr25519Keyring::Bob;

fn parachain(id: u32, kind: ParachainKind) -> GenesisParachain {
    GenesisParachain {
        id: id.into(),
        head: HeadData(id.to_le_bytes().to_vec()),
        // The beginning of any module. It is never run.
        code: ValidationCode(b"\0asm\x01\0\0\0".to_vec()),
        manager: MANAGER.to_account_id(),
        kind,
    }
}

/// Two with a core and one without, which is not the last.
fn demonstration() -> Vec<GenesisParachain> {
    vec![
        parachain(PICASSO, ParachainKind::WithCore),
        parachain(KILT, ParachainKind::OnDemand),
        parachain(SUBSOCIAL, ParachainKind::WithCore),
    ]
}

fn chain(parachains: &[GenesisParachain]) -> Chain {
    Chain::with_genesis(Preset::Local, 4, Preset::Local.genesis_with_parachains(4, parachains, Transport::Hrmp))
}

#[test]
fn each_is_registered_with_its_head_its_code_and_its_manager() {
    chain(&demonstration()).inspect(|| {
        for para in demonstration() {
            let id = para.id;
            assert_eq!(paras::Heads::<Runtime>::get(id), Some(para.head));
            assert_eq!(paras::CurrentCodeHash::<Runtime>::get(id), Some(para.code.hash()));
            assert_eq!(Registrar::is_parachain(id), para.kind == ParachainKind::WithCore, "{id:?}");
            assert_eq!(Registrar::is_parathread(id), para.kind == ParachainKind::OnDemand, "{id:?}");
            let expected = ParaInfo { manager: MANAGER.to_account_id(), deposit: 0, locked: None };
            assert_eq!(paras_registrar::Paras::<Runtime>::get(id), Some(expected));
        }
    });
}

#[test]
fn those_with_a_core_have_it_from_session_zero_on() {
    let mut chain = chain(&demonstration());
    for block in [0, 1, 10, 11, 21] {
        chain.advance_to(block);
        let claims = chain.inspect(v13::claim_queue::<Runtime>);
        let claimant = |core| claims.get(&CoreIndex(core)).and_then(|claims| claims.front()).copied();
        assert_eq!(claimant(0), Some(ParaId::from(PICASSO)), "block {block}");
        assert_eq!(claimant(1), Some(ParaId::from(SUBSOCIAL)), "block {block}");
        let has_kilt = claims.values().flatten().any(|id| *id == ParaId::from(KILT));
        assert!(!has_kilt, "block {block}");
    }
    let cores = chain.inspect(|| configuration::ActiveConfig::<Runtime>::get().scheduler_params.num_cores);
    assert_eq!(cores, 2);
}

#[test]
fn channels_are_open_both_ways_between_those_with_a_core() {
    chain(&demonstration()).inspect(|| {
        let host = configuration::ActiveConfig::<Runtime>::get();
        let ids = [PICASSO, SUBSOCIAL, KILT].map(ParaId::from);
        for (sender, recipient) in ids.into_iter().flat_map(|sender| ids.map(|recipient| (sender, recipient))) {
            let channel = hrmp::HrmpChannels::<Runtime>::get(HrmpChannelId { sender, recipient });
            let is_expected = sender != recipient && ![sender, recipient].contains(&ParaId::from(KILT));
            assert_eq!(channel.is_some(), is_expected, "{sender:?} to {recipient:?}");
            if let Some(channel) = channel {
                assert_eq!(channel.max_capacity, host.hrmp_channel_max_capacity);
                assert_eq!(channel.max_message_size, host.hrmp_channel_max_message_size);
                assert_eq!((channel.sender_deposit, channel.recipient_deposit), (0, 0));
            }
        }
        // A collator would leave out what was sent in block 0, and its parachain would refuse the block.
        assert_eq!(dmp::DownwardMessageQueuePages::<Runtime>::iter().count(), 0);
    });
}

#[test]
fn the_next_id_is_above_all_of_genesis_and_can_be_reserved() {
    for (ids, next) in [(&[PICASSO, SUBSOCIAL][..], 2_101), (&[3_000, PICASSO], 3_001), (&[], 2_101)] {
        let parachains = ids.iter().map(|id| parachain(*id, ParachainKind::WithCore)).collect::<Vec<_>>();
        let mut chain = chain(&parachains);
        let reserve = RuntimeCall::Registrar(paras_registrar::Call::reserve {});
        assert_eq!(chain.transact(|| apply(STRANGER, reserve)), Ok(()), "{ids:?}");
        let owner = chain.inspect(|| Registrar::manager_of(next.into()));
        assert_eq!(owner, Some(STRANGER.to_account_id()), "{ids:?}");
    }
}

#[test]
fn the_manager_and_nobody_else_manages() {
    let mut chain = chain(&demonstration());
    let add_lock = |id: u32| RuntimeCall::Registrar(paras_registrar::Call::add_lock { para: id.into() });
    assert_eq!(chain.transact(|| apply(STRANGER, add_lock(PICASSO))), Err(DispatchError::BadOrigin));
    assert_eq!(chain.transact(|| apply(MANAGER, add_lock(PICASSO))), Ok(()));
    // What is locked is the parachain's own.
    let deregister = |id: u32| RuntimeCall::Registrar(paras_registrar::Call::deregister { id: id.into() });
    let locked = chain.transact(|| apply(MANAGER, deregister(PICASSO)));
    assert_eq!(locked, Err(DispatchError::from(paras_registrar::Error::<Runtime>::ParaLocked)));
    assert_eq!(chain.transact(|| apply(MANAGER, deregister(KILT))), Ok(()));
}

/// A preset whose channels cost a deposit has nobody who paid it.
#[test]
#[should_panic(expected = "failed to initialize the genesis storage")]
fn channels_that_cost_a_deposit_are_refused() {
    Chain::with_genesis(Preset::Serin, 4, Preset::Serin.genesis_with_parachains(4, &demonstration(), Transport::Hrmp));
}
