// SPDX-License-Identifier: GPL-3.0-only
//! The executable under test.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The `serin` that `SERIN_BINARY` names, else the one built together with the running test.
pub fn serin_binary() -> PathBuf {
    let path = env::var_os("SERIN_BINARY").map_or_else(|| beside_the_tests("serin"), PathBuf::from);
    assert!(
        path.is_file(),
        "no executable at {}: build it with `make build`, or name another by SERIN_BINARY",
        path.display()
    );
    path
}

/// The executable of that name that was built together with the running test. Cargo puts tests into `deps/` below the
/// directory of the executables.
pub fn beside_the_tests(name: &str) -> PathBuf {
    let test = env::current_exe().expect("a running test has a path");
    test.parent().and_then(Path::parent).expect("tests are two levels below a directory").join(name)
}
