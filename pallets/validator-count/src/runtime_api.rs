// SPDX-License-Identifier: GPL-3.0-only
//! What a node, a bot or a voter may ask. The runtime delegates each line to the function of the same name in
//! `status.rs`.

use crate::{Policy, ProjectedStep, SessionHealth, Status, Violation};
use alloc::vec::Vec;

sp_api::decl_runtime_apis! {
    /// The plan for the validator count, and what it is judged by.
    pub trait ValidatorCountApi {
        /// Where the plan stands.
        fn status() -> Status;
        /// Every rule that a plan breaks now. Empty: a vote that is enacted now passes.
        fn dry_run(target: u32, step: u32, policy: Policy) -> Vec<Violation>;
        /// The newest sessions of the record, at most `sessions`, oldest first.
        fn health(sessions: u32) -> Vec<SessionHealth>;
        /// The steps that are left, if nothing holds the plan.
        fn projection() -> Vec<ProjectedStep>;
    }
}
