// SPDX-License-Identifier: GPL-3.0-only
//! Which files of a network belong into a snapshot of it.

use crate::network::{
    addresses,
    arguments::NODE_KEY_FILE,
    chains,
    manifest::{Manifest, LOG_FILE},
    Error, Result,
};
use std::{
    ffi::OsStr,
    fs::{self, DirEntry},
    os::unix::fs::FileTypeExt,
    path::{Path, PathBuf},
};

/// The SDK's place for compiled PVFs. They are compiled again, as after each start.
const PVF_CACHE: &str = "pvf-artifacts";

/// Files that are made anew at each start. The node key follows from names, and the addresses are those of old ports.
const MADE_ANEW: [&str; 2] = [NODE_KEY_FILE, addresses::CACHE_FILE];
/// RocksDB's lock and log for people, and ParityDB's lock. What is not in their tables yet is in RocksDB's `NUMBER.log`
/// and in ParityDB's `logNUMBER`: those belong to the database.
const OF_DATABASES: [&str; 3] = ["LOCK", "LOG", "lock"];
const OLD_LOGS: &str = "LOG.old.";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub files: Vec<Item>,
}

/// A file, below the base path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub path: PathBuf,
    pub bytes: u64,
}

impl Content {
    /// The specs of the network's chains, and what its nodes keep.
    pub fn of(network: &Manifest) -> Result<Self> {
        let base_path = &network.base_path;
        let specs = std::iter::once(chains::relay_chain_spec(base_path))
            .chain(network.parachains.iter().map(|parachain| chains::parachain_spec(base_path, parachain.id)));
        let mut content = Self { files: Vec::new() };
        for spec in specs {
            let bytes = fs::metadata(&spec).map_err(Error::io("reading", &spec))?.len();
            content.add(base_path, &spec, bytes);
        }
        for node in &network.nodes {
            content.add_directory(base_path, base_path.join(&node.name))?;
        }
        Ok(content)
    }

    pub fn bytes(&self) -> u64 {
        self.files.iter().fold(0, |sum, item| sum.saturating_add(item.bytes))
    }

    fn add(&mut self, base_path: &Path, path: &Path, bytes: u64) {
        let path = path.strip_prefix(base_path).unwrap_or(path).to_owned();
        self.files.push(Item { path, bytes });
    }

    fn add_directory(&mut self, base_path: &Path, directory: PathBuf) -> Result<()> {
        let mut waiting = vec![directory];
        while let Some(directory) = waiting.pop() {
            let listed = fs::read_dir(&directory).and_then(Iterator::collect::<std::io::Result<Vec<DirEntry>>>);
            let mut entries = listed.map_err(Error::io("listing", &directory))?;
            entries.sort_by_key(DirEntry::file_name);
            for entry in entries.into_iter().filter(|entry| belongs(&entry.file_name())) {
                let path = entry.path();
                // Of a symbolic link this is the link's own.
                let metadata = entry.metadata().map_err(Error::io("reading", &path))?;
                let kind = metadata.file_type();
                if kind.is_dir() {
                    waiting.push(path);
                } else if kind.is_file() {
                    self.add(base_path, &path, metadata.len());
                } else if !kind.is_socket() && !kind.is_fifo() {
                    return Err(Error::OddFile { path });
                }
            }
        }
        Ok(())
    }
}

fn belongs(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let left_out = [PVF_CACHE, LOG_FILE].into_iter().chain(MADE_ANEW).chain(OF_DATABASES);
    !name.starts_with(OLD_LOGS) && left_out.into_iter().all(|other| other != name)
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::network::manifest::tests::{collator_record, manifest, node_record, parachain_record};
    use std::os::unix::{fs::symlink, net::UnixListener};

    /// Files with what each kind of node keeps, and with what it can do without.
    pub fn network(base_path: &Path) -> Manifest {
        let kept = KEPT.map(|path| (path, format!("content of {path}")));
        let left_out = LEFT_OUT.map(|path| (path, "not wanted".to_owned()));
        for (path, content) in kept.into_iter().chain(left_out) {
            let path = base_path.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let mut network = manifest(base_path);
        network.finalized = 7;
        network.nodes = vec![node_record("alice"), collator_record("picasso-1", 2_087)];
        network.parachains = vec![parachain_record(2_087, "picasso")];
        network
    }

    pub const KEPT: [&str; 7] = [
        "chain-spec.json",
        "chain-spec-2087.json",
        "alice/chains/serin_local/db/full/000007.log",
        "alice/chains/serin_local/db/full/CURRENT",
        "alice/chains/serin_local/keystore/6261",
        "picasso-1/chains/picasso/paritydb/full/log0",
        "picasso-1/polkadot/chains/serin_local/db/full/000008.sst",
    ];

    pub const LEFT_OUT: [&str; 12] = [
        "network.json",
        "network.lock",
        "notes.txt",
        "alice/node.log",
        "alice/node-key",
        "alice/chains/serin_local/db/full/LOCK",
        "alice/chains/serin_local/db/full/LOG",
        "alice/chains/serin_local/db/full/LOG.old.1700000000",
        "alice/chains/serin_local/db/pvf-artifacts/one.pvf",
        "alice/chains/serin_local/network/authority_discovery_addr_cache.json",
        "picasso-1/chains/picasso/paritydb/full/lock",
        "picasso-2/chains/picasso/db/full/CURRENT",
    ];

    #[test]
    fn a_snapshot_has_the_databases_keys_and_specs_and_nothing_else() {
        let directory = tempfile::tempdir().unwrap();
        let content = Content::of(&network(directory.path())).unwrap();
        let mut found = content.files.iter().map(|item| item.path.to_str().unwrap()).collect::<Vec<_>>();
        let mut expected = KEPT.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(content.bytes(), KEPT.iter().map(|path| format!("content of {path}").len() as u64).sum::<u64>());
    }

    #[test]
    fn sockets_are_left_out_and_links_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let network = network(directory.path());
        let _socket = UnixListener::bind(directory.path().join("alice/some.sock")).unwrap();
        assert_eq!(Content::of(&network).unwrap().files.len(), KEPT.len());
        symlink("/etc", directory.path().join("alice/link")).unwrap();
        let message = Content::of(&network).unwrap_err().to_string();
        assert!(message.contains("alice/link"), "{message}");
    }

    #[test]
    fn a_node_without_files_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let network = network(directory.path());
        fs::remove_dir_all(directory.path().join("alice")).unwrap();
        let message = Content::of(&network).unwrap_err().to_string();
        assert!(message.contains("alice"), "{message}");
    }
}
