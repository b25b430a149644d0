// SPDX-License-Identifier: GPL-3.0-only
//! What a runtime upgrade does to the state that it finds.

/// The migrations since the last release, in the order in which they run. None: this is the first.
pub type Unreleased = ();
