// SPDX-License-Identifier: GPL-3.0-only
//! What a client has to know of a runtime, and how our two answer: the relay chain's and the demonstration parachain's.

use codec::{Decode, Encode};
use frame_support::Parameter;
use frame_system::RawOrigin;
use pallet_transaction_payment::Event::TransactionFeePaid;
use polkadot_primitives::HeadData;
use polkadot_runtime_parachains::inclusion;
use serin_parachain_runtime as parachain;
use serin_runtime as relay;
use sp_core::sr25519;
use sp_runtime::{traits::Member, DispatchError};
use xcm::latest::Location;

pub use serin_runtime::{AccountId, Balance, BlockNumber, Hash, Nonce};

/// A runtime whose types a client decodes with.
pub trait Runtime: Send + Sync + 'static {
    type Config: frame_system::Config<AccountId = AccountId>
        + pallet_balances::Config<Balance = Balance>
        + pallet_xcm::Config;
    type Call: Encode + From<pallet_xcm::Call<Self::Config>> + From<pallet_balances::Call<Self::Config>>;
    type Event: Parameter + Member;

    /// The encoded transaction that has the signer's account dispatch `call`.
    fn sign(signer: &sr25519::Pair, call: Self::Call, terms: &Terms) -> Vec<u8>;

    /// The encoded origin of a call that this account signs.
    fn signed_origin(account: &AccountId) -> Vec<u8>;

    /// The error as a name, like `System(Unauthorized)`.
    fn error_name(error: DispatchError) -> String;

    /// What the event says, if it is one that both runtimes know.
    fn note(event: &Self::Event) -> Option<Note>;

    /// Under which key the state has an account's holding of a foreign asset, which begins with the balance.
    fn foreign_key(asset: &Location, account: &AccountId) -> Option<Vec<u8>>;
}

/// What a signature covers beside the call.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub nonce: Nonce,
    pub genesis_hash: Hash,
    pub spec_version: u32,
    pub transaction_version: u32,
}

/// An event in the words that both runtimes share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The transaction did what it was for.
    Succeeded,
    /// It did not, and why.
    Failed(String),
    /// What the transaction itself cost, without what it moved.
    FeePaid(Balance),
    /// A message left, with this id.
    Sent(Hash),
    /// A message was run. One that was not run to its end is no success.
    Processed { id: Hash, success: bool },
    /// Why a message was not run to its end.
    NotProcessed { id: Hash, reason: String },
    /// The relay chain included the parachain block of that hash.
    Included(Hash),
    /// The account put a remark on the chain.
    Remarked(AccountId),
}

/// The relay chain's runtime.
#[derive(Debug)]
pub struct Relay;

/// The demonstration parachain's runtime.
#[derive(Debug)]
pub struct Parachain;

impl Runtime for Relay {
    type Config = relay::Runtime;
    type Call = relay::RuntimeCall;
    type Event = relay::RuntimeEvent;

    fn sign(signer: &sr25519::Pair, call: Self::Call, terms: &Terms) -> Vec<u8> {
        let Terms { nonce, genesis_hash, spec_version, transaction_version } = *terms;
        let chain = relay::signing::ChainState { genesis_hash, spec_version, transaction_version };
        relay::signing::sign(signer, call, relay::signing::extension(nonce, 0), &chain).encode()
    }

    fn signed_origin(account: &AccountId) -> Vec<u8> {
        relay::OriginCaller::system(RawOrigin::Signed(account.clone())).encode()
    }

    fn error_name(error: DispatchError) -> String {
        let named = relay::RuntimeError::from_dispatch_error(error);
        named.map_or_else(|| format!("{error:?}"), |error| format!("{error:?}"))
    }

    fn note(event: &Self::Event) -> Option<Note> {
        use relay::RuntimeEvent;
        match event {
            RuntimeEvent::System(event) => system_note::<Self>(event),
            RuntimeEvent::XcmPallet(event) => xcm_note(event),
            RuntimeEvent::MessageQueue(event) => queue_note(event),
            RuntimeEvent::TransactionPayment(TransactionFeePaid { actual_fee, .. }) => Some(Note::FeePaid(*actual_fee)),
            RuntimeEvent::ParaInclusion(inclusion::Event::CandidateIncluded(_, HeadData(head), ..)) => {
                // A head is the header of the block, whose hash is that of its bytes.
                Some(Note::Included(sp_crypto_hashing::blake2_256(head).into()))
            }
            _ => None,
        }
    }

    /// KSM is the only asset here.
    fn foreign_key(_: &Location, _: &AccountId) -> Option<Vec<u8>> {
        None
    }
}

impl Runtime for Parachain {
    type Config = parachain::Runtime;
    type Call = parachain::RuntimeCall;
    type Event = parachain::RuntimeEvent;

    fn sign(signer: &sr25519::Pair, call: Self::Call, terms: &Terms) -> Vec<u8> {
        let Terms { nonce, genesis_hash, spec_version, transaction_version } = *terms;
        let chain = parachain::signing::ChainState { genesis_hash, spec_version, transaction_version };
        parachain::signing::sign(signer, call, parachain::signing::extension(nonce, 0), &chain).encode()
    }

    fn signed_origin(account: &AccountId) -> Vec<u8> {
        parachain::OriginCaller::system(RawOrigin::Signed(account.clone())).encode()
    }

    fn error_name(error: DispatchError) -> String {
        let named = parachain::RuntimeError::from_dispatch_error(error);
        named.map_or_else(|| format!("{error:?}"), |error| format!("{error:?}"))
    }

    fn note(event: &Self::Event) -> Option<Note> {
        use parachain::RuntimeEvent;
        match event {
            RuntimeEvent::System(event) => system_note::<Self>(event),
            RuntimeEvent::PolkadotXcm(event) => xcm_note(event),
            RuntimeEvent::MessageQueue(event) => queue_note(event),
            RuntimeEvent::TransactionPayment(TransactionFeePaid { actual_fee, .. }) => Some(Note::FeePaid(*actual_fee)),
            _ => None,
        }
    }

    fn foreign_key(asset: &Location, account: &AccountId) -> Option<Vec<u8>> {
        Some(pallet_assets::Account::<parachain::Runtime>::hashed_key_for(asset, account))
    }
}

fn system_note<R: Runtime>(event: &frame_system::Event<R::Config>) -> Option<Note> {
    match event {
        frame_system::Event::ExtrinsicSuccess { .. } => Some(Note::Succeeded),
        frame_system::Event::ExtrinsicFailed { dispatch_error, .. } => {
            Some(Note::Failed(R::error_name(*dispatch_error)))
        }
        frame_system::Event::Remarked { sender, .. } => Some(Note::Remarked(sender.clone())),
        _ => None,
    }
}

fn xcm_note<T: pallet_xcm::Config>(event: &pallet_xcm::Event<T>) -> Option<Note> {
    match event {
        pallet_xcm::Event::Sent { message_id, .. } => Some(Note::Sent(message_id.into())),
        pallet_xcm::Event::ProcessXcmError { error, message_id, .. } => {
            Some(Note::NotProcessed { id: message_id.into(), reason: format!("{error:?}") })
        }
        _ => None,
    }
}

fn queue_note<T: pallet_message_queue::Config>(event: &pallet_message_queue::Event<T>) -> Option<Note> {
    match event {
        pallet_message_queue::Event::Processed { id, success, .. } => {
            Some(Note::Processed { id: *id, success: *success })
        }
        // It is taken off the queue all the same.
        pallet_message_queue::Event::ProcessingFailed { id, .. } => Some(Note::Processed { id: *id, success: false }),
        _ => None,
    }
}

/// The bytes as a value of the runtime's types.
pub fn decode<T: Decode>(mut bytes: &[u8]) -> Result<T, codec::Error> {
    T::decode(&mut bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_names_pallet_and_error() {
        let error = frame_system::Error::<relay::Runtime>::Unauthorized.into();
        assert_eq!(Relay::error_name(error), "System(Unauthorized)");
        let error = frame_system::Error::<parachain::Runtime>::Unauthorized.into();
        assert_eq!(Parachain::error_name(error), "System(Unauthorized)");
        assert_eq!(Relay::error_name(DispatchError::BadOrigin), "BadOrigin");
    }

    #[test]
    fn both_runtimes_tell_the_same_of_a_message() {
        let id = [7; 32];
        let (origin, destination) = (Location::here(), Location::parent());
        let sent = pallet_xcm::Event::<relay::Runtime>::Sent {
            origin: origin.clone(),
            destination: destination.clone(),
            message: Default::default(),
            message_id: id,
        };
        assert_eq!(Relay::note(&sent.into()), Some(Note::Sent(id.into())));
        let sent = pallet_xcm::Event::<parachain::Runtime>::Sent {
            origin,
            destination,
            message: Default::default(),
            message_id: id,
        };
        assert_eq!(Parachain::note(&sent.into()), Some(Note::Sent(id.into())));
    }
}
