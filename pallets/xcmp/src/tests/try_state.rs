// SPDX-License-Identifier: GPL-3.0-only
//! That each broken invariant is found.

use super::{include_root, PARA};
use crate::{
    mock::{end_session, externalities, next_block, Test, Xcmp},
    Latest, NextGeneration, PendingCleanUp,
};
use polkadot_parachain_primitives::primitives::Id as ParaId;
use sp_runtime::TryRuntimeError;

/// What is found in a sound state after `damage`.
fn finding(damage: impl FnOnce()) -> TryRuntimeError {
    externalities().execute_with(|| {
        include_root(PARA, 5, 1);
        Xcmp::do_try_state().unwrap();
        damage();
        Xcmp::do_try_state().unwrap_err()
    })
}

#[test]
fn each_broken_invariant_is_found() {
    let para = ParaId::from(PARA);
    assert_eq!(
        finding(|| NextGeneration::<Test>::insert(para, 1)),
        "I3: a stored root and a generation that waits for one".into()
    );
    assert_eq!(
        finding(|| Latest::<Test>::mutate(para, |latest| latest.as_mut().unwrap().relay_block = 9)),
        "I4: a root from a later block".into()
    );
    let gone = finding(|| {
        end_session(&[PARA + 1]);
        next_block();
        include_root(PARA + 1, 5, 1);
    });
    assert_eq!(gone, "I5: a root of a para that is gone".into());
}

#[test]
fn a_para_that_is_gone_may_have_a_root_until_it_is_cleaned_up() {
    externalities().execute_with(|| {
        include_root(PARA + 2, 5, 1);
        end_session(&[PARA + 2]);
        Xcmp::do_try_state().unwrap();
        PendingCleanUp::<Test>::kill();
        assert!(Xcmp::do_try_state().is_err());
    });
}
