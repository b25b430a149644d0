// SPDX-License-Identifier: GPL-3.0-only
//! Holding and releasing what secures bids. No other file moves money.

use crate::{
    pallet::*,
    types::{AuctionId, Pledge},
};
use frame_support::{
    pallet_prelude::DispatchResult,
    traits::{
        fungible::{InspectHold, MutateHold},
        tokens::Precision,
    },
};
use polkadot_core_primitives::Balance;
use polkadot_parachain_primitives::primitives::Id as ParaId;
use polkadot_runtime_common::traits::Leaser;

impl<T: Config> Pallet<T> {
    /// Secures one more lead, of `amount`.
    pub(crate) fn secure(id: AuctionId, bidder: &T::AccountId, para: ParaId, amount: Balance) -> DispatchResult {
        let mut pledge = Pledges::<T>::get(id, (bidder, para)).unwrap_or_default();
        // A renewal: what is reserved for the present lease serves the next one too.
        let credit = T::Leaser::deposit_held(para, bidder);
        // Saturation: nothing more is needed if the deposit or the pledge covers the amount.
        let top_up = amount.saturating_sub(credit).saturating_sub(pledge.held);
        if top_up > 0 {
            T::Currency::hold(&HoldReason::Bid.into(), bidder, top_up)?;
        }
        // Saturation never happens: the sum is held, and each lead is a storage item.
        pledge.held = pledge.held.saturating_add(top_up);
        pledge.leads = pledge.leads.saturating_add(1);
        pledge.credit = pledge.credit.max(credit);
        Pledges::<T>::insert(id, (bidder, para), pledge);
        Ok(())
    }

    /// Gives up one lead, and the pledge with the last of them.
    pub(crate) fn unsecure(id: AuctionId, bidder: T::AccountId, para: ParaId) -> DispatchResult {
        let mut pledge = Pledges::<T>::take(id, (&bidder, para)).ok_or(Error::<T>::NoSuchPledge)?;
        pledge.leads = pledge.leads.saturating_sub(1);
        if pledge.leads == 0 {
            return Self::release(id, bidder, para, pledge);
        }
        Pledges::<T>::insert(id, (bidder, para), pledge);
        Ok(())
    }

    /// Releases a pledge that has been taken out of storage.
    pub(crate) fn release(id: AuctionId, bidder: T::AccountId, para: ParaId, pledge: Pledge) -> DispatchResult {
        let reason = HoldReason::Bid.into();
        // Whoever slashes a hold leaves less than the pledge says; the rest must not be lost with it.
        let present = T::Currency::balance_on_hold(&reason, &bidder).min(pledge.held);
        let amount = T::Currency::release(&reason, &bidder, present, Precision::Exact)?;
        if let Some(missing) = pledge.held.checked_sub(amount).filter(|missing| *missing > 0) {
            Self::deposit_event(Event::PledgeShort { id, bidder: bidder.clone(), para, missing });
        }
        Self::deposit_event(Event::PledgeReleased { id, bidder, para, amount });
        Ok(())
    }
}
