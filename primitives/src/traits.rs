// SPDX-License-Identifier: GPL-3.0-only
//! Traits by which pallets meet that do not know each other.

use crate::lease::{LeasePeriod, LeaseWindow};
use core::ops::RangeInclusive;
use polkadot_parachain_primitives::primitives::Id as ParaId;
use sp_runtime::{DispatchError, DispatchResult};

/// The number of a core, as coretime counts them.
pub type CoreIndex = u16;

/// A para, and periods that it has leased.
pub type ParaPeriods = (ParaId, RangeInclusive<LeasePeriod>);

/// Who hands out the cores that auctions sell: an auction reserves one before the first bid, so that whoever wins a
/// lease has a core to use it on.
///
/// A core and a window name a reservation; none is made twice while it is held.
pub trait CoreReservations {
    /// Reserves a core for all periods of `window`.
    ///
    /// Fails, and changes nothing, if no core is free for all of them: then nothing may be sold.
    fn reserve(window: LeaseWindow) -> Result<CoreIndex, DispatchError>;

    /// Each of the paras has leased these periods: put it on the core then.
    ///
    /// Fails only if some of them do not lie in `window`, were given to somebody before, or the reservation is not held.
    /// Called in a storage transaction, which a failure undoes; the leases stay.
    fn occupy(core: CoreIndex, window: LeaseWindow, leases: &[ParaPeriods]) -> DispatchResult;

    /// The auction is over, settled or cancelled: the periods of `window` that nobody occupies may be given to
    /// others.
    ///
    /// Cannot fail, and does nothing for a reservation that is not held.
    fn release(core: CoreIndex, window: LeaseWindow);
}
