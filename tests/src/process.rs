// SPDX-License-Identifier: GPL-3.0-only
//! Processes with captured output and an end: what runs longer than it may is killed and fails the test with its output.

use crate::binary::serin_binary;
use serde_json::Value;
use std::{
    ffi::OsStr,
    fs, io,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};
use tempfile::NamedTempFile;

/// For one command that does not run a node: an order of magnitude above what the slowest takes on two busy cores.
pub const COMMAND_LIMIT: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(10);

/// `serin` with these arguments, not started yet.
pub fn serin(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Command {
    let mut command = Command::new(serin_binary());
    command.args(arguments);
    command
}

/// Runs `serin` with these arguments until it ends by itself.
pub fn run_serin(arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Finished {
    Running::start(serin(arguments)).wait(COMMAND_LIMIT)
}

/// A path as an argument between others.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("temporary directories have names in UTF-8")
}

/// A text with one space between words, however its lines were broken.
pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where a node of that log answers, from the line `Running JSON-RPC server: addr=127.0.0.1:9944,[::1]:9944`.
pub fn rpc_address(log: &str) -> Option<String> {
    let (_, addresses) = log.split_once("Running JSON-RPC server: addr=")?;
    // Without the comma the line is not written to its end.
    addresses.split_once(',').map(|(first, _)| first.to_owned())
}

/// A process that was started. Dropping it kills it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    description: String,
    // Files and not pipes: nobody has to read them for the process to go on.
    stdout: NamedTempFile,
    stderr: NamedTempFile,
}

impl Running {
    /// Fails the test if the process does not start.
    pub fn start(command: Command) -> Self {
        let description = format!("{command:?}");
        Self::try_start(command).unwrap_or_else(|error| panic!("{description} did not start: {error}"))
    }

    pub fn try_start(mut command: Command) -> io::Result<Self> {
        let description = format!("{command:?}");
        let (stdout, stderr) = (NamedTempFile::new()?, NamedTempFile::new()?);
        command.stdin(Stdio::null()).stdout(stdout.reopen()?).stderr(stderr.reopen()?);
        Ok(Self { child: command.spawn()?, description, stdout, stderr })
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it wrote to its standard error up to now; a node writes its log there.
    pub fn stderr(&self) -> String {
        content(&self.stderr)
    }

    /// What it wrote to its standard output up to now.
    pub fn stdout(&self) -> String {
        content(&self.stdout)
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("the process is a child of this one").is_some()
    }

    /// Does nothing to a process that has ended.
    pub fn signal(&mut self, signal: libc::c_int) {
        if self.has_ended() {
            return;
        }
        let id = libc::pid_t::try_from(self.id()).expect("process ids are positive");
        // SAFETY: kill has no memory effects. The process is not reaped, so the id is still its own.
        let outcome = unsafe { libc::kill(id, signal) };
        assert_eq!(outcome, 0, "signal {signal} to {}: {}", self.description, io::Error::last_os_error());
    }

    /// Polls `condition` until it gives something. Fails if the process ends before or if it takes longer than `limit`.
    pub fn wait_for<T>(&mut self, what: &str, limit: Duration, mut condition: impl FnMut(&Self) -> Option<T>) -> T {
        let deadline = Instant::now() + limit;
        loop {
            // Asked for first, so that the last words of a process are still looked at.
            let ended = self.has_ended();
            if let Some(found) = condition(self) {
                return found;
            }
            assert!(!ended, "{} ended before {what}:\n{}", self.description, self.stderr());
            assert!(Instant::now() < deadline, "{}: no {what} in {limit:?}:\n{}", self.description, self.stderr());
            thread::sleep(POLL);
        }
    }

    /// Waits until the process ends, and fails if that takes longer than `limit`.
    pub fn wait(mut self, limit: Duration) -> Finished {
        let deadline = Instant::now() + limit;
        loop {
            if let Some(status) = self.child.try_wait().expect("the process is a child of this one") {
                let (stdout, stderr) = (content(&self.stdout), content(&self.stderr));
                return Finished { status, stdout, stderr, description: self.description.clone() };
            }
            assert!(Instant::now() < deadline, "{} still runs after {limit:?}:\n{}", self.description, self.stderr());
            thread::sleep(POLL);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only for a process that has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process that has ended, and what it printed.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
    description: String,
}

impl Finished {
    /// Fails the test unless the exit code is 0.
    #[track_caller]
    pub fn expect_success(self) -> Self {
        assert!(self.status.success(), "{self}");
        self
    }

    /// Fails the test unless the process failed, by itself and not by a crash, with a message that has all of `parts`.
    #[track_caller]
    pub fn expect_error(self, parts: &[&str]) -> Self {
        // A panic exits with 101 and a signal with no code at all.
        assert_eq!(self.status.code(), Some(1), "{self}");
        for part in parts {
            assert!(self.stderr.contains(part), "no {part:?} in: {self}");
        }
        self
    }

    /// The standard output, which must be one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self}"))
    }
}

impl std::fmt::Display for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { status, stdout, stderr, description } = self;
        write!(f, "{description}: {status}\n--- stdout\n{}\n--- stderr\n{stderr}", shortened(stdout))
    }
}

fn content(file: &NamedTempFile) -> String {
    // Lossy, because the process may be in the middle of a character.
    String::from_utf8_lossy(&fs::read(file.path()).expect("the file is kept")).into_owned()
}

/// A chain spec has megabytes.
fn shortened(text: &str) -> &str {
    const SHOWN: usize = 4_000;
    text.char_indices().nth(SHOWN).map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    fn shell(script: &str) -> Running {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Running::start(command)
    }

    #[test]
    fn output_and_exit_code_are_captured() {
        let finished = shell("echo out; echo err >&2; exit 1").wait(COMMAND_LIMIT).expect_error(&["err"]);
        assert_eq!(finished.stdout, "out\n");
    }

    #[test]
    fn signals_reach_the_process() {
        let mut process = shell("echo ready >&2; exec sleep 1000");
        process.wait_for("ready", COMMAND_LIMIT, |process| process.stderr().contains("ready").then_some(()));
        process.signal(libc::SIGTERM);
        assert_eq!(process.wait(COMMAND_LIMIT).status.signal(), Some(libc::SIGTERM));
    }

    #[test]
    #[should_panic(expected = "still runs after")]
    fn what_does_not_end_fails() {
        shell("exec sleep 1000").wait(POLL);
    }
}
