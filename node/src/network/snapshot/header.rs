// SPDX-License-Identifier: GPL-3.0-only
//! What a snapshot says of itself, as JSON in its first entry.

use super::content::Content;
use crate::network::{keys::ensure_name, manifest::Manifest, Error, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The entry's name.
pub const ENTRY: &str = "snapshot.json";
/// Tells snapshots from other archives.
const FORMAT: &str = "serin-network-snapshot";
/// Rises with each change that older executables would not understand.
const VERSION: u32 = 1;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    #[serde(flatten)]
    kind: Kind,
    /// How many files follow, and their bytes.
    pub files: u64,
    pub bytes: u64,
    /// The network, at no place: its paths are relative.
    pub network: Manifest,
}

/// What every version of the format has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kind {
    format: String,
    version: u32,
    /// The version and the commit of the executable that made the snapshot.
    serin: String,
}

impl Header {
    pub fn new(network: Manifest, content: &Content) -> Self {
        let serin = env!("SUBSTRATE_CLI_IMPL_VERSION").to_owned();
        Self {
            kind: Kind { format: FORMAT.to_owned(), version: VERSION, serin },
            files: u64::try_from(content.files.len()).unwrap_or(u64::MAX),
            bytes: content.bytes(),
            network: network.stopped().moved_to(Path::new("")),
        }
    }

    /// `file`: the snapshot, for errors.
    pub fn parse(file: &Path, text: &[u8]) -> Result<Self> {
        let path = || file.to_owned();
        let kind = serde_json::from_slice::<Kind>(text).map_err(|_| Error::NoSnapshot { path: path() })?;
        if kind.format != FORMAT {
            return Err(Error::NoSnapshot { path: path() });
        }
        if kind.version != VERSION {
            let Kind { version: found, serin, .. } = kind;
            return Err(Error::SnapshotVersion { path: path(), found, serin, known: VERSION });
        }
        let damaged = |reason: String| Error::SnapshotDamaged { path: path(), reason };
        let header = serde_json::from_slice::<Self>(text).map_err(|error| damaged(error.to_string()))?;
        header.ensure_names().map_err(|error| damaged(error.to_string()))?;
        Ok(header)
    }

    /// Names become paths and arguments.
    fn ensure_names(&self) -> Result<()> {
        let network = &self.network;
        ensure_name("network", &network.name)?;
        network.parachains.iter().try_for_each(|parachain| ensure_name("parachain", &parachain.name))?;
        network.nodes.iter().try_for_each(|node| ensure_name("node", &node.name))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::network::manifest::tests::manifest;
    use serde_json::{json, Value};

    fn header() -> Header {
        Header::new(manifest(Path::new("/base")), &Content { files: Vec::new() })
    }

    fn parse(change: impl FnOnce(&mut Value)) -> Result<Header> {
        let mut value = serde_json::to_value(header()).unwrap();
        change(&mut value);
        Header::parse(Path::new("/x.snapshot"), value.to_string().as_bytes())
    }

    /// A header as a later executable may write it.
    pub fn of_version(version: u32) -> Vec<u8> {
        json!({ "format": FORMAT, "version": version, "serin": "9.9.9", "parts": [] }).to_string().into_bytes()
    }

    #[test]
    fn a_header_is_read_as_it_was_written_and_names_no_place() {
        let header = header();
        assert_eq!(parse(|_| {}).unwrap(), header);
        let text = serde_json::to_string(&header).unwrap();
        assert!(!text.contains("/base"), "{text}");
        assert!(text.contains(r#""format":"serin-network-snapshot","version":1,"serin":"0."#), "{text}");
        assert_eq!((header.network.launcher_pid, header.network.nodes[0].pid), (None, None));
    }

    #[test]
    fn another_version_names_both_and_who_can_read_it() {
        let message = Header::parse(Path::new("/x.snapshot"), &of_version(2)).unwrap_err().to_string();
        for part in ["/x.snapshot", "format 2", "serin 9.9.9", "format 1"] {
            assert!(message.contains(part), "{part} in {message}");
        }
    }

    #[test]
    fn what_is_no_snapshot_is_told_from_what_is_broken() {
        let other = parse(|value| value["format"] = "another".into());
        assert!(matches!(other, Err(Error::NoSnapshot { .. })));
        assert!(matches!(Header::parse(Path::new("/x"), b"{}"), Err(Error::NoSnapshot { .. })));
        let broken = parse(|value| value["network"]["nodes"] = Value::Null);
        assert!(matches!(broken, Err(Error::SnapshotDamaged { .. })));
    }

    #[test]
    fn names_that_would_be_other_paths_are_refused() {
        for name in ["../../x", "/etc", "", "--help"] {
            let node = parse(|value| value["network"]["nodes"][0]["name"] = name.into());
            assert!(matches!(node, Err(Error::SnapshotDamaged { .. })), "{name}");
            let network = parse(|value| value["network"]["name"] = name.into());
            assert!(matches!(network, Err(Error::SnapshotDamaged { .. })), "{name}");
        }
    }
}
