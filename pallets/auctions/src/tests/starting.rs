// SPDX-License-Identifier: GPL-3.0-only
use crate::mock::*;

#[test]
fn empty() {
    on_chain(|| {});
}
