// SPDX-License-Identifier: GPL-3.0-only
//! Proofs of finality. GRANDPA leaves nothing on chain, so whoever watches it submits justifications.

use crate::{Config, Error, Event, FinalityAuthorities, Pallet, ProvenBlock, Running, WeightInfo};
use bp_header_chain::{
    justification::{verify_justification, GrandpaJustification, JustificationVerificationContext},
    AuthoritySet,
};
use codec::DecodeAll;
use frame_support::{
    dispatch::{DispatchResultWithPostInfo, Pays, PostDispatchInfo},
    ensure,
    traits::Get,
};
use frame_system::pallet_prelude::{BlockNumberFor, HeaderFor};
use sp_runtime::{traits::Saturating, SaturatedConversion};

/// Encoded length of a signed precommit: a block's hash and number, a signature, a key.
const PRECOMMIT_BYTES: usize = 32 + 4 + 64 + 32;

impl<T: Config> Pallet<T> {
    /// How many precommits fit into a justification of this length. The headers that one may have beside them weigh
    /// less than as many bytes of precommits.
    pub fn precommits_at_most(justification: &[u8]) -> u32 {
        justification.len().div_ceil(PRECOMMIT_BYTES).saturated_into()
    }

    pub(crate) fn do_note_finality(encoded: &[u8]) -> DispatchResultWithPostInfo {
        let justification = GrandpaJustification::<HeaderFor<T>>::decode_all(&mut &*encoded)
            .map_err(|_| Error::<T>::JustificationMalformed)?;
        let block = justification.commit.target_number;
        let lag = Self::lag_of(block, justification.commit.target_hash)?;
        let proven = ProvenBlock::<T>::get().unwrap_or_default();
        ensure!(block > proven, Error::<T>::BlockNotNewer);
        let authority_set = T::Finality::authority_set();
        let set_id = authority_set.set_id;
        Self::ensure_final(&justification, authority_set)?;

        // A proof that advances little is true as well, but neither counts nor moves what the next is measured by: else
        // anybody could keep that so close to the head that no honest proof would ever count.
        let counts = block.saturating_sub(proven) >= T::ProofSpacing::get();
        if counts {
            ProvenBlock::<T>::put(block);
        }
        Running::<T>::mutate(|health| health.note_finality_proof(lag, counts));
        Self::deposit_event(Event::FinalityProved { block, lag, set_id });

        let precommits = justification.commit.precommits.len().saturated_into();
        let pays_fee = if counts { Pays::No } else { Pays::Yes };
        Ok(PostDispatchInfo { actual_weight: Some(T::WeightInfo::note_finality(precommits)), pays_fee })
    }

    /// How many blocks ago `block` was, if `hash` is the one that the chain has on record for it.
    fn lag_of(block: BlockNumberFor<T>, hash: T::Hash) -> Result<u32, Error<T>> {
        let now = frame_system::Pallet::<T>::block_number();
        // A block whose hash is not known, or no longer, has the default on record.
        ensure!(block < now && hash != T::Hash::default(), Error::<T>::BlockUnknown);
        ensure!(frame_system::Pallet::<T>::block_hash(block) == hash, Error::<T>::BlockUnknown);
        Ok(now.saturating_sub(block).saturated_into())
    }

    fn ensure_final(
        justification: &GrandpaJustification<HeaderFor<T>>,
        authority_set: AuthoritySet,
    ) -> Result<(), Error<T>> {
        let target = (justification.commit.target_hash, justification.commit.target_number);
        JustificationVerificationContext::try_from(authority_set)
            .and_then(|context| verify_justification(target, &context, justification))
            .map_err(|_| Error::<T>::JustificationInvalid)
    }
}
