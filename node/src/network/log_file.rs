// SPDX-License-Identifier: GPL-3.0-only
//! Nodes' log files: their end, for messages, and the whole, for `serin network logs`.

use super::{Error, Result};
use std::{
    fs::File,
    io::{self, ErrorKind, Read, Seek, SeekFrom, Write},
    path::Path,
    thread,
    time::Duration,
};

/// What is read from a log's end to find its last lines.
const TAIL_BYTES: u64 = 16 * 1024;
/// How often a followed log is looked at.
const FOLLOW_INTERVAL: Duration = Duration::from_millis(200);

/// The last `lines` lines; a word in their place when there are none.
pub fn tail(log: &Path, lines: usize) -> String {
    let text = match read_end(log) {
        Ok(text) => text,
        Err(error) => return format!("(not readable: {error})"),
    };
    let all = text.lines().collect::<Vec<_>>();
    if all.is_empty() {
        return "(empty)".to_owned();
    }
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// Copies the log to `output`, and goes on with what is added to it when `follow` is set. Ends when the reader has
/// gone.
pub fn copy(log: &Path, follow: bool, output: &mut impl Write) -> Result<()> {
    let mut file = File::open(log).map_err(Error::io("opening", log))?;
    loop {
        match io::copy(&mut file, output).and_then(|_| output.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            Err(source) => return Err(Error::Io { action: "copying", path: log.to_owned(), source }),
            Ok(()) if !follow || !log.exists() => return Ok(()),
            Ok(()) => thread::sleep(FOLLOW_INTERVAL),
        }
    }
}

fn read_end(log: &Path) -> io::Result<String> {
    let mut file = File::open(log)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_tail_is_the_last_lines() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("node.log");
        assert!(tail(&log, 2).contains("not readable"));
        fs::write(&log, "").unwrap();
        assert_eq!(tail(&log, 2), "(empty)");
        fs::write(&log, "one\ntwo\nthree\n").unwrap();
        assert_eq!(tail(&log, 2), "two\nthree");
        assert_eq!(tail(&log, 9), "one\ntwo\nthree");
    }

    #[test]
    fn a_log_is_copied_whole() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("node.log");
        fs::write(&log, "one\ntwo\n").unwrap();
        let mut output = Vec::new();
        copy(&log, false, &mut output).unwrap();
        assert_eq!(output, b"one\ntwo\n");
    }
}
