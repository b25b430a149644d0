// SPDX-License-Identifier: GPL-3.0-only
//! Which relay chain a collator follows: that of `--chain` behind the two dashes.
//!
//! The library looks that name up in a table of its own. It does not know our presets, and takes no name at all for
//! Polkadot. It needs the spec also with `--relay-chain-rpc-urls`, as candidates go to validators over the relay chain's p2p
//! network.

use crate::error::{Error, Result};
use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::Write,
    os::fd::{AsRawFd, IntoRawFd},
};

const SEPARATOR: &str = "--";
const CHAIN: &str = "--chain";
/// Where the system has a process's open files as paths.
const OPEN_FILES: &str = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };

/// With these there is no relay chain: they print something, or run the parachain alone.
const ALONE: [&str; 7] = ["--help", "-h", "--version", "-V", "--dev", "--dev-block-time", "--instant-seal"];

/// The arguments, with the name of a preset replaced by the path of a file with its spec. Fails when a relay chain is
/// needed and none is named.
pub fn resolve(arguments: &[OsString]) -> Result<Vec<OsString>> {
    let separator = arguments.iter().position(|argument| argument == SEPARATOR).unwrap_or(arguments.len());
    let (parachain, relay_chain) = arguments.split_at(separator);
    let mut resolved = arguments.to_vec();
    match Chain::find(relay_chain) {
        Some(chain) => {
            if let Some(path) = chain.name.to_str().map(preset_file).transpose()?.flatten() {
                let place = separator + chain.index;
                resolved[place] = if chain.is_joined { joined(&path) } else { path };
            }
        }
        None if is_alone(parachain) => {}
        None => {
            return Err(Error::input(
                "no relay chain is named: behind `--` pass --chain with serin, local, fast, development or the path of a \
                 chain spec, as in `serin collator --chain para.json -- --chain network.json`",
            ));
        }
    }
    Ok(resolved)
}

/// The name of a chain among arguments.
struct Chain {
    index: usize,
    name: OsString,
    /// In one argument with its flag.
    is_joined: bool,
}

impl Chain {
    /// The last one counts, and an empty one is none.
    fn find(arguments: &[OsString]) -> Option<Self> {
        let flags = arguments.iter().enumerate().rev().find_map(|(index, argument)| {
            if argument == CHAIN {
                let name = arguments.get(index.checked_add(1)?)?.clone();
                return Some(Self { index: index.checked_add(1)?, name, is_joined: false });
            }
            let name = argument.to_str()?.strip_prefix(CHAIN)?.strip_prefix('=')?;
            Some(Self { index, name: name.into(), is_joined: true })
        });
        flags.filter(|chain| !chain.name.is_empty())
    }
}

fn joined(path: &OsStr) -> OsString {
    let mut argument = OsString::from(CHAIN);
    argument.push("=");
    argument.push(path);
    argument
}

fn is_alone(parachain: &[OsString]) -> bool {
    let is_subcommand = parachain.first().is_some_and(|first| !first.to_string_lossy().starts_with('-'));
    let stops = |argument: &OsString| {
        let text = argument.to_string_lossy();
        ALONE.contains(&text.split_once('=').map_or(&*text, |(flag, _)| flag))
    };
    is_subcommand || parachain.iter().any(stops)
}

/// A file with the raw spec of the preset of that name; none when it is no preset's. It has no name and goes away with the
/// process, which keeps it open when it turns to another program.
fn preset_file(name: &str) -> Result<Option<OsString>> {
    let Some(spec) = serin_chain_spec::load_preset(name).map_err(|error| Error::input(error.to_string()))? else {
        return Ok(None);
    };
    let mut file = tempfile::tempfile()?;
    file.write_all(spec.as_bytes())?;
    keep_open(&file)?;
    Ok(Some(format!("{OPEN_FILES}/{}", file.into_raw_fd()).into()))
}

fn keep_open(file: &File) -> Result<()> {
    // SAFETY: the descriptor is open, and its flags are all that changes.
    let outcome = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_SETFD, 0) };
    if outcome == -1 {
        return Err(std::io::Error::last_os_error().into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn resolve_all(line: &str) -> Result<Vec<String>> {
        let arguments = line.split_whitespace().map(OsString::from).collect::<Vec<_>>();
        let text = |argument: OsString| argument.into_string().expect("it was text");
        resolve(&arguments).map(|resolved| resolved.into_iter().map(text).collect())
    }

    fn unchanged(line: &str) {
        let expected = line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(resolve_all(line).unwrap_or_else(|error| panic!("{line}: {error}")), expected);
    }

    #[test]
    fn a_relay_chain_must_be_named() {
        for line in [
            "",
            "--collator",
            "--collator --chain local",
            "--collator --chain x.json --",
            "--chain x.json -- --name y",
            "--chain x.json -- --chain",
            "--chain x.json -- --chain=",
            "--chain x.json --relay-chain-rpc-urls ws://127.0.0.1:9944",
        ] {
            let message = resolve_all(line).expect_err(line).to_string();
            assert!(
                message.contains("no relay chain is named") && message.contains("--chain network.json"),
                "{message}"
            );
        }
    }

    #[test]
    fn files_and_the_librarys_own_names_stay() {
        unchanged("--chain x.json -- --chain network.json");
        unchanged("--chain x.json -- --chain=/net/work.json --name y");
        unchanged("--chain local.json -- --chain kusama");
    }

    #[test]
    fn what_follows_no_relay_chain_names_none() {
        for line in ["--help", "--version", "--chain x.json --dev", "--chain x.json --dev-block-time=500"] {
            unchanged(line);
        }
        unchanged("export-genesis-head --chain x.json");
        unchanged("key generate-node-key");
    }

    #[test]
    fn a_preset_is_replaced_by_a_file_with_its_spec() {
        for (line, prefix) in [
            ("--chain x.json -- --chain local", ""),
            ("--chain x.json -- --name y --chain=dev", "--chain="),
            ("--chain x.json -- --chain x.json --chain fast", ""),
        ] {
            let resolved = resolve_all(line).unwrap_or_else(|error| panic!("{line}: {error}"));
            let path = resolved.last().and_then(|last| last.strip_prefix(prefix)).expect("the chain is the last");
            assert!(path.starts_with(OPEN_FILES), "{path}");
            let spec: serde_json::Value = serde_json::from_slice(&fs::read(path).expect("it is open")).expect("JSON");
            assert!(spec["id"].as_str().is_some_and(|id| id.starts_with("serin_")), "{line}");
        }
    }
}
