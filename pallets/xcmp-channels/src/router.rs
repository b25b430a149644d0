// SPDX-License-Identifier: GPL-3.0-only
//! XCM for siblings. Goes before `XcmpQueue` in the router's tuple.

use crate::{Config, Messages, Pallet, SendFailure};
use alloc::{collections::BTreeMap, vec::Vec};
use codec::Encode;
use cumulus_primitives_core::ParaId;
use polkadot_runtime_common::xcm_sender::PriceForMessageDelivery;
use serin_primitives::xcmp::delivery::Payload;
use sp_runtime::SaturatedConversion;
use xcm::{
    latest::{Junction, Location, SendError, SendResult, SendXcm, Xcm, XcmHash},
    VersionedLocation, VersionedXcm, WrapVersion,
};
use xcm_builder::InspectMessageQueues;

impl<T: Config> SendXcm for Pallet<T> {
    type Ticket = (ParaId, Payload);

    /// Takes its arguments only if the message goes this way, as the next router needs them otherwise.
    fn validate(destination: &mut Option<Location>, message: &mut Option<Xcm<()>>) -> SendResult<Self::Ticket> {
        let location = destination.as_ref().ok_or(SendError::MissingArgument)?;
        let (1, [Junction::Parachain(id)]) = location.unpack() else { return Err(SendError::NotApplicable) };
        let peer = ParaId::from(*id);
        // The length is checked again below. An empty message finds out whether there is a way at all.
        Self::check_send(peer, 0).map_err(SendError::from)?;

        let xcm = message.as_ref().ok_or(SendError::MissingArgument)?;
        let price = T::PriceForSiblingDelivery::price_for_delivery(peer, xcm);
        let versioned =
            T::VersionWrapper::wrap_version(location, xcm.clone()).map_err(|()| SendError::DestinationUnsupported)?;
        versioned.check_is_decodable().map_err(|()| SendError::ExceedsMaxMessageSize)?;
        let encoded: Vec<u8> = versioned.encode();
        let payload = Payload::try_from(encoded).map_err(|_| SendError::ExceedsMaxMessageSize)?;
        Self::check_send(peer, payload.len().saturated_into()).map_err(SendError::from)?;

        (*destination, *message) = (None, None);
        Ok(((peer, payload), price))
    }

    fn deliver((peer, payload): Self::Ticket) -> Result<XcmHash, SendError> {
        let hash = sp_io::hashing::blake2_256(&payload);
        Self::send(peer, payload)?;
        Ok(hash)
    }
}

/// For dry runs, whose state is thrown away: what they sent is what is there afterwards.
impl<T: Config> InspectMessageQueues for Pallet<T> {
    fn clear_messages() {
        // No more than `MaxUnderWay` for each of `MaxPeers`.
        let _ = Messages::<T>::clear(u32::MAX, None);
    }

    fn get_messages() -> Vec<(VersionedLocation, Vec<VersionedXcm<()>>)> {
        let sent: BTreeMap<_, _> =
            Messages::<T>::iter().map(|(peer, index, payload)| ((peer, index), payload)).collect();
        let mut messages = BTreeMap::<ParaId, Vec<VersionedXcm<()>>>::new();
        for ((peer, _), payload) in sent {
            let decoded = VersionedXcm::decode_all_with_mem_and_depth_limit(&mut payload.as_slice());
            // The router sends nothing else; another pallet may.
            messages.entry(peer).or_default().extend(decoded.ok());
        }
        let location = |peer: ParaId| VersionedLocation::from(Location::new(1, Junction::Parachain(peer.into())));
        messages.into_iter().map(|(peer, xcms)| (location(peer), xcms)).collect()
    }
}

/// Only what another transport may do better is passed on. Whoever is told that a window is full must not be passed on
/// to HRMP: its message would overtake those that are under way.
impl From<SendFailure> for SendError {
    fn from(failure: SendFailure) -> Self {
        match failure {
            SendFailure::NotAccepted | SendFailure::HrmpFirst => Self::NotApplicable,
            SendFailure::Draining => Self::Transport("XCMP messages before this one have not arrived"),
            SendFailure::WindowFull => Self::Transport("XCMP window is full"),
            SendFailure::StreamFull => Self::Transport("XCMP stream has ended"),
        }
    }
}
