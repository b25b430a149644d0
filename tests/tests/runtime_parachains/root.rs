// SPDX-License-Identifier: GPL-3.0-only
//! Root of the parachain is the relay chain's Root, by DMP. This is the whole way: queue, barrier, origin, dispatch.

use super::support::{apply, as_root, relay, sibling, sovereign, Chain, SIBLING};
use serin_parachain_runtime::{constants::currency::UNIT, Hash, Runtime, RuntimeCall, RuntimeEvent, System};
use sp_keyring::Sr25519Keyring::Alice;
use sp_runtime::DispatchError;
use xcm::{
    latest::{Instruction, Junction, Junctions, Location, Xcm},
    VersionedXcm,
};

#[test]
fn the_relay_chains_root_authorizes_an_upgrade() {
    let mut chain = Chain::new();
    chain.send_down(as_root(authorize_upgrade()));
    chain.advance_to(2);
    assert!(upgrade_authorized(&mut chain), "{:?}", chain.events());
}

#[test]
fn an_account_on_the_relay_chain_does_not() {
    let account = Junction::AccountId32 { network: None, id: Alice.to_account_id().into() };
    let mut message = as_root(authorize_upgrade());
    message.0.insert(0, Instruction::DescendOrigin(Junctions::from(account)));

    let mut chain = Chain::new();
    chain.send_down(message);
    chain.advance_to(2);
    assert!(!upgrade_authorized(&mut chain));
    assert_eq!(processed(&chain), [false]);
}

#[test]
fn a_sibling_does_not() {
    let mut chain = Chain::new();
    chain.open_channels(SIBLING);
    chain.block(|| ());
    chain.send_from(SIBLING, as_root(authorize_upgrade()));
    chain.advance_to(3);
    assert!(!upgrade_authorized(&mut chain));
    assert_eq!(processed(&chain), [false]);
}

#[test]
fn it_changes_the_collators() {
    let new = vec![Alice.to_account_id()];
    let call = pallet_collator_selection::Call::set_invulnerables { new: new.clone() };
    let mut chain = Chain::new();
    chain.send_down(as_root(RuntimeCall::CollatorSelection(call)));
    chain.advance_to(2);
    chain.inspect(|| {
        let named = pallet_collator_selection::Invulnerables::<Runtime>::get();
        assert_eq!(named.into_inner(), new);
    });
}

#[test]
fn it_lets_a_siblings_token_in_and_sends_to_the_relay_chain() {
    let token = sibling(2_086);
    let create = pallet_assets::Call::force_create {
        id: token.clone(),
        owner: sovereign(&token).into(),
        is_sufficient: true,
        min_balance: 1,
    };
    // As it would open a channel. The relay chain's own test says what becomes of it there.
    let send = pallet_xcm::Call::send {
        dest: Box::new(relay().into()),
        message: Box::new(VersionedXcm::from(Xcm::<()>(vec![Instruction::ClearOrigin]))),
    };
    let mut chain = Chain::new();
    chain.block(|| ());
    chain.send_down(as_root(RuntimeCall::ForeignAssets(create)));
    chain.send_down(as_root(RuntimeCall::PolkadotXcm(send)));
    chain.block(|| ());
    let mut sent = chain.upward().to_vec();
    chain.block(|| ());
    sent.extend_from_slice(chain.upward());

    assert!(chain.inspect(|| pallet_assets::Asset::<Runtime>::contains_key(&token)));
    // Root is the chain itself: no origin stands before the message.
    let first = sent.first().and_then(|message| message.0.first()).cloned();
    assert_eq!(first, Some(Instruction::ClearOrigin), "{sent:?}");
}

#[test]
fn nobody_creates_an_asset_for_a_deposit() {
    let mut chain = Chain::new();
    chain.block(|| {
        let create = pallet_assets::Call::create {
            id: Location::new(1, Junction::Parachain(2_086)),
            admin: Alice.to_account_id().into(),
            min_balance: UNIT,
        };
        let refused = apply(Alice, RuntimeCall::ForeignAssets(create));
        assert_eq!(refused, Err(DispatchError::BadOrigin));
    });
}

fn authorize_upgrade() -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash: Hash::repeat_byte(7) })
}

fn upgrade_authorized(chain: &mut Chain) -> bool {
    let announced = chain.events().iter().any(|(_, event)| {
        let hash = Hash::repeat_byte(7);
        let expected = frame_system::Event::UpgradeAuthorized { code_hash: hash, check_version: true };
        *event == RuntimeEvent::System(expected)
    });
    let noted = chain.inspect(|| System::authorized_upgrade().is_some());
    assert_eq!(announced, noted);
    noted
}

/// Of each message that left the queue, whether it ran to its end.
pub fn processed(chain: &Chain) -> Vec<bool> {
    let events = chain.events().iter();
    events
        .filter_map(|(_, event)| match event {
            RuntimeEvent::MessageQueue(pallet_message_queue::Event::Processed { success, .. }) => Some(*success),
            _ => None,
        })
        .collect()
}
