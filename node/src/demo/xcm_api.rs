// SPDX-License-Identifier: GPL-3.0-only
//! What a chain says of XCM without doing it: the runtime APIs that try calls and messages, and those that tell prices.

use super::{
    chain::Chain,
    error::Result,
    runtimes::{AccountId, Balance, Runtime},
};
use codec::Encode;
use frame_support::weights::Weight;
use xcm::{
    latest::{AssetId, Assets, Fungibility, Location, Outcome, Xcm},
    VersionedAssetId, VersionedAssets, VersionedLocation, VersionedXcm,
};
use xcm_runtime_apis::{
    conversions::Error as LocationError,
    dry_run::{CallDryRunEffects, Error as DryRunError, XcmDryRunEffects},
    fees::Error as FeeError,
};

/// What the queues of a chain that tries something would hold, by destination.
type Forwarded = Vec<(VersionedLocation, Vec<VersionedXcm<()>>)>;

/// A message that was tried.
#[derive(Debug)]
pub struct Tried {
    /// What running it took.
    pub used: Weight,
    /// What it sends on.
    pub onward: Option<Xcm<()>>,
}

impl<R: Runtime> Chain<R> {
    /// Tries a call that `signer` would sign. Returns the message it would send to `destination`; fails with the error that
    /// the call would fail with.
    pub async fn try_call(&self, signer: &AccountId, call: &R::Call, destination: &Location) -> Result<Xcm<()>> {
        let mut arguments = R::signed_origin(signer);
        call.encode_to(&mut arguments);
        xcm::latest::VERSION.encode_to(&mut arguments);
        let tried = self.call::<Result<CallDryRunEffects<R::Event>, DryRunError>>("DryRunApi_dry_run_call", &arguments);
        let effects = tried.await?.map_err(|error| self.answer("a trial", format!("{error:?}")))?;
        if let Err(failure) = effects.execution_result {
            return Err(self.refused("the call when it tried it", R::error_name(failure.error)));
        }
        message_to(effects.forwarded_xcms, destination).ok_or_else(|| {
            self.refused("the call when it tried it", format!("it would send nothing to {destination:?}"))
        })
    }

    /// Tries a message from `origin`, as this chain sees it. `next`: where it should send something on to.
    pub async fn try_message(&self, origin: &Location, message: &Xcm<()>, next: Option<&Location>) -> Result<Tried> {
        let arguments = (VersionedLocation::from(origin.clone()), VersionedXcm::from(message.clone())).encode();
        let tried = self.call::<Result<XcmDryRunEffects<R::Event>, DryRunError>>("DryRunApi_dry_run_xcm", &arguments);
        let effects = tried.await?.map_err(|error| self.answer("a trial", format!("{error:?}")))?;
        let Outcome::Complete { used } = effects.execution_result else {
            let reason = format!("{:?}", effects.execution_result);
            return Err(self.refused("the message when it tried it", reason));
        };
        let onward = next.and_then(|next| message_to(effects.forwarded_xcms, next));
        if let (Some(next), None) = (next, &onward) {
            return Err(self.refused("the message when it tried it", format!("it would send nothing to {next:?}")));
        }
        Ok(Tried { used, onward })
    }

    /// What that much weight costs in an asset, as this chain names it.
    pub async fn price_of_weight(&self, weight: Weight, asset: &Location) -> Result<Balance> {
        let arguments = (weight, VersionedAssetId::from(AssetId(asset.clone()))).encode();
        let price = self.call::<Result<Balance, FeeError>>("XcmPaymentApi_query_weight_to_asset_fee", &arguments);
        price.await?.map_err(|error| self.answer("the price of weight", format!("{error:?}")))
    }

    /// What handing the message over for `destination` costs, in this chain's own token.
    pub async fn price_of_delivery(&self, destination: &Location, message: &Xcm<()>) -> Result<Balance> {
        let (destination, message) = (destination.clone(), message.clone());
        let asset = VersionedAssetId::from(AssetId(Location::here()));
        let arguments = (VersionedLocation::from(destination), VersionedXcm::from(message), asset).encode();
        let price = self.call::<Result<VersionedAssets, FeeError>>("XcmPaymentApi_query_delivery_fees", &arguments);
        let price = price.await?.map_err(|error| self.answer("the price of delivery", format!("{error:?}")))?;
        let assets = Assets::try_from(price).map_err(|()| self.answer("the price of delivery", "unknown version"))?;
        let amounts = assets.inner().iter().map(|asset| match asset.fun {
            Fungibility::Fungible(amount) => amount,
            Fungibility::NonFungible(_) => 0,
        });
        Ok(amounts.sum())
    }

    /// The account that belongs to a location, as this chain sees it.
    pub async fn account_of(&self, location: &Location) -> Result<AccountId> {
        let arguments = VersionedLocation::from(location.clone()).encode();
        let account =
            self.call::<Result<AccountId, LocationError>>("LocationToAccountApi_convert_location", &arguments);
        account.await?.map_err(|error| self.answer("the account of a location", format!("{location:?}: {error:?}")))
    }
}

/// The last message for `destination`: what was tried came after all that waited already.
fn message_to(forwarded: Forwarded, destination: &Location) -> Option<Xcm<()>> {
    let is_meant = |to: &VersionedLocation| Location::try_from(to.clone()).as_ref() == Ok(destination);
    let messages = forwarded.into_iter().filter(|(to, _)| is_meant(to)).flat_map(|(_, messages)| messages);
    messages.last().and_then(|message| Xcm::try_from(message).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use xcm::latest::Instruction;

    #[test]
    fn a_message_is_found_by_its_destination() {
        let message = |count: usize| VersionedXcm::from(Xcm::<()>(vec![Instruction::ClearOrigin; count]));
        let forwarded = || {
            vec![
                (VersionedLocation::from(Location::parent()), vec![message(1), message(2)]),
                (VersionedLocation::from(Location::here()), Vec::new()),
            ]
        };
        assert_eq!(message_to(forwarded(), &Location::parent()).map(|message| message.len()), Some(2));
        assert_eq!(message_to(forwarded(), &Location::here()), None);
        assert_eq!(message_to(forwarded(), &Location::new(2, [])), None);
    }
}
