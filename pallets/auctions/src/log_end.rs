// SPDX-License-Identifier: GPL-3.0-only
//! The end of a range's log, where bids are compared and written.

use crate::{
    lead_log::{self, LogIndex, LogPage, PageNumber},
    pallet::*,
    types::{AuctionId, Lead},
};
use core::mem;
use polkadot_core_primitives::BlockNumber;
use serin_primitives::lease::LeaseRange;

/// The last page of the log, and what is needed to write it or the next.
pub(crate) struct LogEnd<T: Config> {
    id: AuctionId,
    range: LeaseRange,
    index: LogIndex,
    number: PageNumber,
    page: LogPage<T::AccountId>,
}

impl<T: Config> LogEnd<T> {
    pub(crate) fn read(id: AuctionId, range: LeaseRange) -> Self {
        let index = LogIndices::<T>::get(id);
        let number = index.last_page(range);
        Self { id, range, index, number, page: Leads::<T>::get(id, (range, number)) }
    }

    /// The last lead of the log.
    pub(crate) fn leading(&self) -> Option<&Lead<T::AccountId>> {
        self.page.last()
    }

    /// Writes a lead behind the last one, or in its place if that cannot be drawn any more: then returns it.
    pub(crate) fn write(
        mut self,
        lead: Lead<T::AccountId>,
        ending_start: BlockNumber,
    ) -> Result<Option<Lead<T::AccountId>>, Error<T>> {
        let leads = self.page.iter_mut().last();
        let gone = leads.filter(|last| !lead_log::stays_drawable(last.since, ending_start, lead.since));
        // The first block of a page never changes with it: before the ending period there is one page, and later only
        // leads of the same block are overwritten.
        let gone = match gone {
            Some(last) => Some(mem::replace(last, lead)),
            None => {
                self.append(lead)?;
                None
            }
        };
        Leads::<T>::insert(self.id, (self.range, self.number), self.page);
        Ok(gone)
    }

    fn append(&mut self, lead: Lead<T::AccountId>) -> Result<(), Error<T>> {
        let since = lead.since;
        let Err(lead) = self.page.try_push(lead) else { return Ok(()) };
        self.number = self.index.open_page(self.range, since).ok_or(Error::<T>::LogFull)?;
        self.page = LogPage::truncate_from([lead].into());
        LogIndices::<T>::insert(self.id, &self.index);
        Ok(())
    }
}
