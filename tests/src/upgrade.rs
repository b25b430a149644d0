// SPDX-License-Identifier: GPL-3.0-only
//! The relay chain's next runtime, and how a running network gets it: Root authorizes its hash, and anybody applies it.

use anyhow::{Context, Result};
use serin_runtime::{Hash, Runtime, RuntimeCall, RuntimeEvent};
use std::{env, fs};

type Event = frame_system::Event<Runtime>;

/// Names the runtime that a network is to run next: the same source with a higher `spec_version` and the feature
/// `metadata-hash`.
const NEXT_RUNTIME_VARIABLE: &str = "SERIN_NEXT_RUNTIME_BLOB";

/// Its code, for tests of the tier `prove`: it takes its own build.
pub fn next_runtime() -> Result<Vec<u8>> {
    let path = env::var_os(NEXT_RUNTIME_VARIABLE).with_context(|| {
        format!(
            "set {NEXT_RUNTIME_VARIABLE} to a runtime of the same source with a higher spec_version and the metadata's \
             hash inside; `make prove` does"
        )
    })?;
    fs::read(&path).with_context(|| format!("reading {}", path.display()))
}

pub fn authorize(code_hash: Hash) -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::authorize_upgrade { code_hash })
}

pub fn apply(code: Vec<u8>) -> RuntimeCall {
    RuntimeCall::System(frame_system::Call::apply_authorized_upgrade { code })
}

pub fn authorized(code_hash: Hash) -> RuntimeEvent {
    RuntimeEvent::System(Event::UpgradeAuthorized { code_hash, check_version: true })
}

/// The block has put the code in its place; the next one is the first that runs it.
pub fn updated(code_hash: Hash) -> RuntimeEvent {
    RuntimeEvent::System(Event::CodeUpdated { hash: code_hash })
}
