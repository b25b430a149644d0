// SPDX-License-Identifier: GPL-3.0-only
//! Snapshots: a network as one file, from which it is started again elsewhere and goes on where it was.
//!
//! The file is a tar archive, compressed by zstd with a checksum. Its first entry is `snapshot.json`, the header; then come
//! the files of the base path below `files/`: the chains' specs, and each node's databases and keys. What a start makes
//! anew is left out: compiled PVFs, logs, locks, sockets, node keys, addresses.
//!
//! A database can be copied only while nobody writes it, so a running network is shut down for as long as the copy takes.

mod content;
mod draft;
mod header;
mod pack;
mod unpack;
mod work;

pub use draft::Draft;
pub use work::{Megabytes, Progress, Watcher};

use super::{manifest::Manifest, registry::lock_base_path, Error, Result};
use header::Header;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use work::Work;

/// The place of the network's files in the archive.
const FILES: &str = "files";

/// A snapshot that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotReport {
    pub file: PathBuf,
    /// The network's name.
    pub network: String,
    /// Hex. None when no validator has ever answered.
    pub genesis_hash: Option<String>,
    /// The highest block of the relay chain that was known to be final.
    pub finalized: u32,
    /// What it holds.
    pub files: u64,
    pub bytes: u64,
    /// What it takes.
    pub file_bytes: u64,
}

/// Writes `network`, whose nodes are down, to `draft`, which becomes the snapshot when the work is done.
pub async fn write(network: Manifest, draft: Draft, watcher: Watcher) -> Result<SnapshotReport> {
    let work = Work::start(watcher, move |mut meter| {
        let header = pack::pack(network, &draft, &mut meter)?;
        let file_bytes = draft.file().metadata().map_err(Error::io("reading", draft.target()))?.len();
        Ok((draft, header, file_bytes))
    })?;
    // The name is given here: who drops this has no snapshot.
    let (draft, Header { files, bytes, network, .. }, file_bytes) = work.finish().await?;
    let file = draft.commit()?;
    let Manifest { name: network, genesis_hash, finalized, .. } = network;
    Ok(SnapshotReport { file, network, genesis_hash, finalized, files, bytes, file_bytes })
}

/// The same for a network that is not running, found under its base path.
pub async fn write_stopped(base_path: &Path, file: &Path, replace: bool, watcher: Watcher) -> Result<SnapshotReport> {
    let _lock = lock_base_path(base_path)?;
    let network = Manifest::load(base_path)?.ok_or_else(|| Error::NotRunning { path: base_path.to_owned() })?;
    let draft = Draft::create(file, replace, base_path)?;
    write(network.moved_to(base_path), draft, watcher).await
}

/// A snapshot that is there to be restored.
#[derive(Clone, Debug)]
pub struct Snapshot {
    file: PathBuf,
    header: Header,
}

impl Snapshot {
    /// Reads what the snapshot says of itself.
    pub fn open(file: &Path) -> Result<Self> {
        Ok(Self { file: file.to_owned(), header: unpack::read_header(file)? })
    }

    /// The network, at no place: its paths are relative.
    pub fn network(&self) -> &Manifest {
        &self.header.network
    }

    /// Puts the network's files into an empty directory. When that fails, or is dropped half-way, nothing is left there.
    pub async fn unpack(&self, directory: &Path, watcher: Watcher) -> Result<()> {
        let (snapshot, directory) = (self.clone(), directory.to_owned());
        let unpack = move |mut meter: work::Meter| {
            unpack::unpack(&snapshot.file, &snapshot.header, &directory, &mut meter)?;
            snapshot.header.network.moved_to(&directory).save()
        };
        Work::start(watcher, unpack)?.finish().await
    }
}

#[cfg(test)]
mod tests;
