// SPDX-License-Identifier: GPL-3.0-only
//! `serin collator`: the node of a parachain, which is that of `polkadot_omni_node_lib` with its arguments.
//!
//! The library parses the arguments of the process by itself. So `serin collator ARGUMENTS` starts this executable once
//! more in its own place, under another name and with `ARGUMENTS` alone; under that name it hands over to the library.

mod library;
mod relay_chain;

use crate::{
    command::close_new_files_to_others,
    error::{Error, Result},
    workers::own_executable,
};
use std::{
    ffi::{OsStr, OsString},
    os::unix::process::CommandExt,
    path::Path,
    process::Command,
};

/// The name under which the executable is a collator, as a link to it may be called too.
pub const EXECUTABLE_NAME: &str = "serin-collator";
/// The same as a subcommand. It counts as the first argument only: whatever follows is the library's to parse.
const SUBCOMMAND: &str = "collator";

/// A process that is to be a collator.
#[derive(Debug, PartialEq, Eq)]
pub struct Collator {
    /// Those of `polkadot-omni-node`.
    arguments: Vec<OsString>,
    /// Whether the library would find just these as the process's own.
    is_by_name: bool,
}

impl Collator {
    /// What `argv` asks for; none when it does not ask for a collator.
    pub fn asked(argv: &[OsString]) -> Option<Self> {
        let after = |count| argv.get(count..).unwrap_or_default().to_vec();
        let name = argv.first().and_then(|path| Path::new(path).file_name());
        if name == Some(OsStr::new(EXECUTABLE_NAME)) {
            return Some(Self { arguments: after(1), is_by_name: true });
        }
        let is_subcommand = argv.get(1).is_some_and(|argument| argument == SUBCOMMAND);
        is_subcommand.then(|| Self::from_subcommand(after(2)))
    }

    /// What `serin collator ARGUMENTS` asks for.
    pub fn from_subcommand(arguments: Vec<OsString>) -> Self {
        Self { arguments, is_by_name: false }
    }

    /// Runs it until it fails or is told to stop.
    pub fn run(self) -> Result<()> {
        let resolved = relay_chain::resolve(&self.arguments)?;
        if self.is_by_name && resolved == self.arguments {
            // Keys are among the files that it makes.
            close_new_files_to_others();
            return library::run();
        }
        let executable = own_executable().ok_or_else(|| Error::input("this process does not know its own file"))?;
        // Comes back only when it fails.
        Err(Error::Io(Command::new(executable).arg0(EXECUTABLE_NAME).args(resolved).exec()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(argv: &[&str]) -> Option<(Vec<String>, bool)> {
        let argv = argv.iter().map(OsString::from).collect::<Vec<_>>();
        let text = |argument: OsString| argument.into_string().expect("it was text");
        Collator::asked(&argv).map(|found| (found.arguments.into_iter().map(text).collect(), found.is_by_name))
    }

    #[test]
    fn a_collator_is_asked_for_by_the_first_argument_or_by_name() {
        let arguments = ["--chain", "x.json", "--", "--chain", "local"];
        let expected = arguments.map(str::to_owned).to_vec();
        assert_eq!(asked(&[&["serin", "collator"], &arguments[..]].concat()), Some((expected.clone(), false)));
        assert_eq!(asked(&[&["/usr/bin/serin-collator"], &arguments[..]].concat()), Some((expected, true)));
        assert_eq!(asked(&["serin", "collator"]), Some((Vec::new(), false)));
        // The library has no such subcommand, and says so.
        assert_eq!(asked(&["serin-collator", "collator"]), Some((vec!["collator".to_owned()], true)));
    }

    #[test]
    fn everything_else_is_for_others() {
        for argv in [&[][..], &["serin"], &["serin", "--name", "collator"], &["serin", "network", "add", "collator"]] {
            assert_eq!(asked(argv), None, "{argv:?}");
        }
    }
}
