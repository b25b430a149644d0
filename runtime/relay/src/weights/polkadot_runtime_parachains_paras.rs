// SPDX-License-Identifier: GPL-3.0-only
//! Declared bounds for `polkadot_runtime_parachains::paras`.

use super::{code_bytes, data_bytes, declared, each, SIGNATURE_MICROS};
use core::marker::PhantomData;
use frame_support::weights::Weight;
use polkadot_runtime_parachains::paras::WeightInfo as ParasWeight;

pub struct WeightInfo<T>(PhantomData<T>);

impl<T: frame_system::Config> ParasWeight for WeightInfo<T> {
    fn force_set_current_code(c: u32) -> Weight {
        declared::<T>(100, 8, 9).saturating_add(code_bytes(c))
    }

    fn force_set_current_head(s: u32) -> Weight {
        declared::<T>(30, 1, 2).saturating_add(data_bytes(s))
    }

    fn force_set_most_recent_context() -> Weight {
        declared::<T>(15, 0, 1)
    }

    fn force_schedule_code_upgrade(c: u32) -> Weight {
        declared::<T>(100, 16, 12).saturating_add(code_bytes(c))
    }

    /// A pending upgrade may be applied with the new head, and the registrar locks the para.
    fn force_note_new_head(s: u32) -> Weight {
        declared::<T>(100, 10, 12).saturating_add(data_bytes(s))
    }

    fn force_queue_action() -> Weight {
        declared::<T>(60, 3, 2)
    }

    /// If votes on that code are still being collected they end here.
    fn add_trusted_validation_code(c: u32) -> Weight {
        vote_finalized::<T>().saturating_add(code_bytes(c))
    }

    fn poke_unused_validation_code() -> Weight {
        declared::<T>(30, 2, 2)
    }

    fn remove_upgrade_cooldown() -> Weight {
        declared::<T>(100, 4, 4)
    }

    fn include_pvf_check_statement_finalize_upgrade_accept() -> Weight {
        Self::include_pvf_check_statement().saturating_add(vote_finalized::<T>())
    }

    fn include_pvf_check_statement_finalize_upgrade_reject() -> Weight {
        Self::include_pvf_check_statement().saturating_add(vote_finalized::<T>())
    }

    fn include_pvf_check_statement_finalize_onboarding_accept() -> Weight {
        Self::include_pvf_check_statement().saturating_add(vote_finalized::<T>())
    }

    fn include_pvf_check_statement_finalize_onboarding_reject() -> Weight {
        Self::include_pvf_check_statement().saturating_add(vote_finalized::<T>())
    }

    /// One signature; the keys of all validators and the votes so far are decoded.
    fn include_pvf_check_statement() -> Weight {
        const MICROS: u64 = 200 + SIGNATURE_MICROS;

        declared::<T>(MICROS, 4, 2)
    }

    fn authorize_force_set_current_code_hash() -> Weight {
        declared::<T>(40, 3, 2)
    }

    fn apply_authorized_force_set_current_code(c: u32) -> Weight {
        declared::<T>(40, 2, 2).saturating_add(Self::force_set_current_code(c))
    }
}

/// Votes on one code may have been asked for by many paras; each of them goes on, or is told that it cannot.
fn vote_finalized<T: frame_system::Config>() -> Weight {
    const PARAS_WITH_THE_SAME_CODE: u32 = 100;

    declared::<T>(150, 6, 4).saturating_add(each::<T>(PARAS_WITH_THE_SAME_CODE, 20, 3, 4))
}
