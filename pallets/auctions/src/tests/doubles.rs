// SPDX-License-Identifier: GPL-3.0-only
//! What stands for the registrar, for the owner of the cores, and for BABE.

use super::{AccountId, Cores, NextSeed};
use crate::{candle::CandleSeed, types::Seed};
use frame_support::{ensure, storage_alias, Twox64Concat};
use polkadot_core_primitives::BlockNumber;
use polkadot_parachain_primitives::primitives::{HeadData, Id as ParaId, ValidationCode};
use polkadot_runtime_common::traits::Registrar;
use serin_primitives::{
    lease::{LeasePeriod, LeaseWindow},
    traits::{CoreIndex, CoreReservations, ParaPeriods},
};
use sp_runtime::{DispatchError, DispatchResult};

pub struct TestSeed;
impl CandleSeed for TestSeed {
    fn seed(_subject: &[u8], bids_closed_at: BlockNumber) -> Option<Seed> {
        let (seed, unknown_until) = NextSeed::get()?;
        (unknown_until >= bids_closed_at).then_some(seed)
    }
}

/// Registered paras, each with its manager.
#[storage_alias]
pub type Managers = StorageMap<Mock, Twox64Concat, ParaId, AccountId>;

pub struct Paras;
impl Registrar for Paras {
    type AccountId = AccountId;

    fn manager_of(id: ParaId) -> Option<AccountId> {
        Managers::get(id)
    }
    fn parachains() -> Vec<ParaId> {
        Vec::new()
    }
    fn is_parathread(id: ParaId) -> bool {
        Managers::contains_key(id)
    }
    fn apply_lock(_: ParaId) {}
    fn remove_lock(_: ParaId) {}
    fn register(manager: AccountId, id: ParaId, _: HeadData, _: ValidationCode) -> DispatchResult {
        Managers::insert(id, manager);
        Ok(())
    }
    fn deregister(id: ParaId) -> DispatchResult {
        Managers::remove(id);
        Ok(())
    }
    fn make_parachain(_: ParaId) -> DispatchResult {
        Ok(())
    }
    fn make_parathread(_: ParaId) -> DispatchResult {
        Ok(())
    }
}

/// Reservations that are held, and who occupies which periods of them.
#[storage_alias]
pub type Reservations = StorageMap<Mock, Twox64Concat, CoreIndex, LeaseWindow>;
#[storage_alias]
pub type Occupied = StorageMap<Mock, Twox64Concat, (CoreIndex, LeasePeriod), ParaId>;

/// Gives each auction a core of its own.
pub struct ReservedCores;
impl CoreReservations for ReservedCores {
    fn reserve(window: LeaseWindow) -> Result<CoreIndex, DispatchError> {
        let free = (0..Cores::get()).find(|core| !Reservations::contains_key(core));
        let core = free.ok_or(DispatchError::Other("no core is free"))?;
        Reservations::insert(core, window);
        Ok(core)
    }
    fn occupy(core: CoreIndex, _: LeaseWindow, leases: &[ParaPeriods]) -> DispatchResult {
        ensure!(Reservations::contains_key(core), DispatchError::Unavailable);
        for (para, periods) in leases {
            periods.clone().for_each(|period| Occupied::insert((core, period), para));
        }
        Ok(())
    }
    fn release(core: CoreIndex, _: LeaseWindow) {
        Reservations::remove(core);
    }
}
