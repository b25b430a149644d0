// SPDX-License-Identifier: GPL-3.0-only
//! Signed transactions, as everything that runs natively makes them: commands of the node, and tests.

use crate::{
    AccountId, Address, Balance, Hash, Nonce, Runtime, RuntimeCall, Signature, SignedPayload, TxExtension,
    UncheckedExtrinsic,
};
use codec::Encode;
use sp_core::{sr25519, Pair};
use sp_runtime::generic::Era;

/// What a signature covers beside the call, and what the signer has to ask the chain for.
#[derive(Clone, Copy, Debug)]
pub struct ChainState {
    pub genesis_hash: Hash,
    pub spec_version: u32,
    pub transaction_version: u32,
}

/// The extensions of a transaction that never expires and does not vouch for the metadata. `nonce` is the account's
/// next.
pub fn extension(nonce: Nonce, tip: Balance) -> TxExtension {
    TxExtension::new((
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckMortality::from(Era::Immortal),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::<Runtime>::from(tip),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
    ))
}

/// The transaction that has the signer's account dispatch `call`.
pub fn sign(
    signer: &sr25519::Pair,
    call: RuntimeCall,
    extension: TxExtension,
    chain: &ChainState,
) -> UncheckedExtrinsic {
    let ChainState { genesis_hash, spec_version, transaction_version } = *chain;
    // One value for each extension, in their order. An immortal transaction is bound to genesis.
    let implicit = ((), (), spec_version, transaction_version, genesis_hash, genesis_hash, (), (), (), None);
    let payload = SignedPayload::from_raw(call, extension, implicit);
    let signature = Signature::Sr25519(payload.using_encoded(|bytes| signer.sign(bytes)));
    let (call, extension, _) = payload.deconstruct();
    UncheckedExtrinsic::new_signed(call, Address::Id(AccountId::from(signer.public())), signature, extension)
}
