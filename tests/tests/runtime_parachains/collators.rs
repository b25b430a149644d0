// SPDX-License-Identifier: GPL-3.0-only
use super::{
    root::processed,
    support::{foreign, relay, Chain},
    transfers::reserve_deposit,
};
use serin_parachain_runtime::{
    configs::collators::SessionBlocks, constants::currency::UNIT, AccountId, Authorship, Session,
};
use sp_keyring::Sr25519Keyring::{Alice, Bob, One};

#[test]
fn two_collators_take_turns() {
    let mut chain = Chain::new();
    let authors = (0..6).map(|_| chain.block(author)).collect::<Vec<_>>();
    let expected = [Alice, Bob].map(|key| key.to_account_id());
    assert!(authors.windows(2).all(|pair| pair[0] != pair[1]), "{authors:?}");
    assert!(authors.iter().all(|author| expected.contains(author)), "{authors:?}");
}

/// The block that ends a session counts as full. Messages are taken in all the same: were they not, the relay chain would
/// refuse the block, and each that is tried instead.
#[test]
fn the_block_that_ends_a_session_takes_messages_in() {
    let mut chain = Chain::new();
    chain.advance_to(SessionBlocks::get() - 1);
    assert_eq!(chain.inspect(Session::current_index), 0);
    chain.send_down(reserve_deposit(relay(), 10 * UNIT, &One.to_account_id()));
    chain.block(|| ());
    assert_eq!(chain.inspect(Session::current_index), 1);
    chain.block(|| ());
    assert_eq!(processed(&chain), [true]);
    assert!(chain.inspect(|| foreign(&relay(), &One.to_account_id())) > 9 * UNIT);
}

fn author() -> AccountId {
    Authorship::author().expect("the block has an author")
}
