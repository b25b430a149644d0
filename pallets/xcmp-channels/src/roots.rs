// SPDX-License-Identifier: GPL-3.0-only
//! Which roots of which senders are believed: those that the relay chain's state shows.

use crate::{Config, Event, KnownRoots, Leaves, Pallet, RootRing, Watch, Watches, WeightInfo};
use cumulus_pallet_parachain_system::{relay_state_snapshot::Error, OnSystemEvent, RelayChainStateProof};
use cumulus_primitives_core::{ParaId, PersistedValidationData, RelayProofRequest, RelayStorageKey};
use frame_support::weights::Weight;
use serin_primitives::xcmp::{latest_root_key, LatestRoot};
use sp_core::H256;
use sp_runtime::SaturatedConversion;

/// How many roots of a sender are known. A delivery is built on one and comes into a block while newer ones arrive; a
/// root changes at most once in a relay-chain block, so this is at least 32 of those.
pub const KNOWN_ROOTS: u64 = 32;

impl<T: Config> OnSystemEvent for Pallet<T> {
    fn on_validation_data(_: &PersistedValidationData) {}

    fn on_validation_code_applied() {}

    fn on_relay_state_proof(proof: &RelayChainStateProof) -> Weight {
        let leaves = Leaves::<T>::get();
        let observe = |sender: &&ParaId| Self::observe(**sender, proof.read_optional_entry(&latest_root_key(**sender)));
        let forgotten = leaves.keys().filter(observe).count();
        T::WeightInfo::observe_roots(leaves.len().saturated_into(), forgotten.saturated_into())
    }
}

impl<T: Config> Pallet<T> {
    /// What collators put into their proofs of the relay chain's state.
    pub fn keys_to_prove() -> RelayProofRequest {
        let keys = Leaves::<T>::get().keys().map(|peer| RelayStorageKey::Top(latest_root_key(*peer))).collect();
        RelayProofRequest { keys }
    }

    /// Returns whether the sender's ring was emptied.
    pub(crate) fn observe(sender: ParaId, seen: Result<Option<LatestRoot>, Error>) -> bool {
        match seen {
            // The collator left the key out. A later one will not, and nobody's block has to wait for that.
            Err(_) => false,
            Ok(None) => Self::note_absence(sender),
            Ok(Some(latest)) => Self::note_root(sender, latest),
        }
    }

    fn note_absence(sender: ParaId) -> bool {
        let was_seen = Watches::<T>::contains_key(sender);
        if was_seen {
            Self::forget_roots(sender);
        }
        was_seen
    }

    fn note_root(sender: ParaId, latest: LatestRoot) -> bool {
        let watch = Watches::<T>::get(sender);
        let mut next = watch.unwrap_or_default();
        if latest.relay_block < next.relay_block {
            // A block may stand on an older relay-chain block than the one before it. That tells nothing new.
            return false;
        }
        let begins_anew = watch.is_some() && latest.generation != next.generation;
        if begins_anew {
            Self::forget_roots(sender);
        }
        (next.relay_block, next.generation) = (latest.relay_block, latest.generation);
        if KnownRoots::<T>::get(sender, latest.root) != Some(next.observations) {
            // Saturating after 2^64 roots.
            next.observations = next.observations.saturating_add(1);
            Self::remember(sender, latest.root, next);
        }
        if watch != Some(next) {
            Watches::<T>::insert(sender, next);
        }
        begins_anew
    }

    /// Puts a root into the ring, over the oldest one.
    fn remember(sender: ParaId, root: H256, watch: Watch) {
        let place = place_of(watch.observations);
        if let Some(oldest) = RootRing::<T>::get(sender, place) {
            // A root may have come back since: then it is known by a later observation, and stays.
            let observed = watch.observations.checked_sub(KNOWN_ROOTS);
            if KnownRoots::<T>::get(sender, oldest) == observed {
                KnownRoots::<T>::remove(sender, oldest);
            }
        }
        RootRing::<T>::insert(sender, place, root);
        KnownRoots::<T>::insert(sender, root, watch.observations);
    }

    /// Nothing of the sender can be delivered until its next root is seen. What is in the queue stays there: it was
    /// proved when the relay chain still stood by it.
    pub(crate) fn forget_roots(sender: ParaId) {
        let mut is_any_known = false;
        for place in 0..KNOWN_ROOTS {
            let Some(root) = RootRing::<T>::take(sender, place) else { continue };
            KnownRoots::<T>::remove(sender, root);
            is_any_known = true;
        }
        if is_any_known {
            Self::deposit_event(Event::RootsForgotten { sender });
        }
    }
}

/// The remainder by a number that is not zero.
fn place_of(observation: u64) -> u64 {
    observation.checked_rem(KNOWN_ROOTS).unwrap_or_default()
}
