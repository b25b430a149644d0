// SPDX-License-Identifier: GPL-3.0-only
//! Reads a snapshot. Nothing in it is trusted: every file lands below the directory that was asked for, as a plain file of
//! its owner.

use super::{
    header::{self, Header},
    work::Meter,
    FILES,
};
use crate::network::{registry::BASE_PATH_LOCK, Error, Result};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, BufReader, Read, Seek, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Component, Path, PathBuf},
};

/// How zstd's files begin.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// No header is longer: it has a kilobyte for each node.
const MAX_HEADER_BYTES: u64 = 16 * 1024 * 1024;
const BUFFER_BYTES: usize = 128 * 1024;

type Archive = tar::Archive<zstd::Decoder<'static, BufReader<File>>>;

/// The header of the snapshot in `file`.
pub fn read_header(file: &Path) -> Result<Header> {
    let mut archive = open(file)?;
    let mut entries = archive.entries().map_err(damaged(file))?;
    let entry = entries.next().transpose().map_err(damaged(file))?;
    let mut entry = entry.ok_or_else(|| Error::NoSnapshot { path: file.to_owned() })?;
    let is_header = entry.path().is_ok_and(|path| path == Path::new(header::ENTRY));
    if !is_header {
        return Err(Error::NoSnapshot { path: file.to_owned() });
    }
    let mut text = Vec::new();
    (&mut entry).take(MAX_HEADER_BYTES).read_to_end(&mut text).map_err(damaged(file))?;
    Header::parse(file, &text)
}

/// Puts the files of the snapshot in `file`, whose header is `header`, into an empty directory. When that fails the
/// directory is empty again.
pub fn unpack(file: &Path, header: &Header, directory: &Path, meter: &mut Meter) -> Result<()> {
    let outcome = unpack_entries(file, header, directory, meter);
    if outcome.is_err() {
        clear(directory);
    }
    outcome
}

fn unpack_entries(file: &Path, header: &Header, directory: &Path, meter: &mut Meter) -> Result<()> {
    let mut archive = open(file)?;
    meter.begin(header.bytes);
    let (mut files, mut bytes) = (0_u64, 0_u64);
    // The first is the header.
    for entry in archive.entries().map_err(damaged(file))?.skip(1) {
        let mut entry = entry.map_err(damaged(file))?;
        let target = directory.join(safe_path(&entry).map_err(damaged(file))?);
        files = files.saturating_add(1);
        bytes = bytes.saturating_add(entry.size());
        if files > header.files || bytes > header.bytes {
            return Err(damaged(file)(io::Error::other("it holds more than it says")));
        }
        let size = entry.size();
        unpack_file(file, &mut entry, size, &target, meter)?;
    }
    if (files, bytes) != (header.files, header.bytes) {
        return Err(damaged(file)(io::Error::other("it holds less than it says")));
    }
    // The checksum is behind the archive's end.
    io::copy(&mut archive.into_inner(), &mut io::sink()).map_err(damaged(file)).map(drop)
}

fn open(file: &Path) -> Result<Archive> {
    let mut source = File::open(file).map_err(Error::io("opening", file))?;
    let mut magic = [0; MAGIC.len()];
    let is_compressed = source.read_exact(&mut magic).is_ok() && magic == MAGIC;
    if !is_compressed {
        return Err(Error::NoSnapshot { path: file.to_owned() });
    }
    source.rewind().map_err(Error::io("reading", file))?;
    Ok(tar::Archive::new(zstd::Decoder::new(source).map_err(damaged(file))?))
}

/// Where the entry's file belongs, below the directory.
fn safe_path(entry: &tar::Entry<'_, impl Read>) -> io::Result<PathBuf> {
    let path = entry.path()?;
    let refused = |reason: &str| io::Error::other(format!("its entry '{}' {reason}", path.display()));
    if !entry.header().entry_type().is_file() {
        return Err(refused("is no file"));
    }
    let below = path.strip_prefix(FILES).map_err(|_| refused("is in no known place"))?;
    let is_plain = below.components().all(|component| matches!(component, Component::Normal(_)));
    if !is_plain || below.as_os_str().is_empty() {
        return Err(refused("leads out of the directory"));
    }
    Ok(below.to_owned())
}

/// `size`: how much the archive says that there is.
fn unpack_file(file: &Path, entry: &mut impl Read, size: u64, target: &Path, meter: &mut Meter) -> Result<()> {
    if let Some(parent) = target.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(parent).map_err(Error::io("creating", parent))?;
    }
    let mut output = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(target)
        .map_err(Error::io("creating", target))?;
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut left = size;
    loop {
        let count = match entry.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(damaged(file)(error)),
        };
        let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
        output.write_all(part).map_err(Error::io("writing", target))?;
        let bytes = u64::try_from(count).unwrap_or(u64::MAX);
        left = left.saturating_sub(bytes);
        meter.add(bytes)?;
    }
    if left > 0 {
        return Err(damaged(file)(io::ErrorKind::UnexpectedEof.into()));
    }
    meter.check()
}

/// Removes all but the lock by which this process holds the directory.
fn clear(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name() != BASE_PATH_LOCK) {
        let path = entry.path();
        // What stays is refused by the next restore, with its name.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

/// For `map_err`: what is wrong with the snapshot.
fn damaged(file: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = file.to_owned();
    move |error| Error::SnapshotDamaged { path, reason: error.to_string() }
}
