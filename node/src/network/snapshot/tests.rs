// SPDX-License-Identifier: GPL-3.0-only
//! From files to a snapshot and back; and what is refused.

use super::{
    content::tests::{network, KEPT, LEFT_OUT},
    header, unpack,
    work::tests::{meter, patient},
    *,
};
use std::{
    fs,
    io::Write,
    os::unix::fs::PermissionsExt,
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc,
    },
};
use tempfile::TempDir;

/// A network's files, a snapshot of them, and a directory to restore into.
struct Place {
    directory: TempDir,
}

impl Place {
    async fn with_snapshot() -> (Self, SnapshotReport) {
        let place = Self { directory: tempfile::tempdir().unwrap() };
        fs::create_dir(place.base_path()).unwrap();
        fs::create_dir(place.target()).unwrap();
        let network = network(&place.base_path());
        let draft = Draft::create(&place.file(), false, &place.base_path()).unwrap();
        let report = write(network, draft, patient()).await.unwrap();
        (place, report)
    }

    fn base_path(&self) -> PathBuf {
        self.directory.path().join("base")
    }

    fn file(&self) -> PathBuf {
        self.directory.path().join("network.snapshot")
    }

    fn target(&self) -> PathBuf {
        self.directory.path().join("restored")
    }

    /// As when the launcher holds the directory.
    async fn restore(&self) -> Result<Manifest> {
        let _lock = lock_base_path(&self.target())?;
        Snapshot::open(&self.file())?.unpack(&self.target(), patient()).await?;
        Ok(Manifest::load(&self.target())?.expect("a manifest"))
    }

    /// Fails unless all that is kept was restored.
    fn expect_same(&self) {
        for path in KEPT {
            let (before, after) = (self.base_path().join(path), self.target().join(path));
            assert_eq!(fs::read(after).unwrap(), fs::read(before).unwrap(), "{path}");
        }
    }

    /// Fails unless restoring fails, with a message that has all of `parts`, and leaves nothing.
    async fn expect_refused(&self, parts: &[&str]) {
        let message = self.restore().await.expect_err("it is refused").to_string();
        for part in parts {
            assert!(message.contains(part), "no {part:?} in: {message}");
        }
        let left = fs::read_dir(self.target()).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(left.collect::<Vec<_>>(), ["network.lock"]);
    }

    /// Replaces the snapshot by one with these entries behind its header, which is made to fit.
    fn forge(&self, entries: &[(&str, tar::EntryType, &str)]) {
        let mut header = Snapshot::open(&self.file()).unwrap().header;
        header.files = entries.len() as u64;
        header.bytes = entries.iter().map(|(_, _, content)| content.len() as u64).sum();
        let text = serde_json::to_string(&header).unwrap();
        let header = [(header::ENTRY, tar::EntryType::Regular, text.as_str())];
        self.write_archive(&[&header[..], entries].concat());
    }

    fn write_archive(&self, entries: &[(&str, tar::EntryType, &str)]) {
        let mut archive = tar::Builder::new(zstd::Encoder::new(Vec::new(), 1).unwrap());
        for (name, kind, content) in entries {
            let mut header = tar::Header::new_gnu();
            // Not by `set_path`, which refuses what an attacker would write.
            let field = &mut header.as_old_mut().name;
            field[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(content.len() as u64);
            header.set_cksum();
            archive.append(&header, content.as_bytes()).unwrap();
        }
        fs::write(self.file(), archive.into_inner().unwrap().finish().unwrap()).unwrap();
    }
}

#[tokio::test]
async fn a_network_comes_back_as_it_was_at_another_place() {
    let (place, report) = Place::with_snapshot().await;
    assert_eq!((report.files, report.finalized, report.network.as_str()), (KEPT.len() as u64, 7, "serin-1"));
    assert_eq!(report.file_bytes, fs::metadata(place.file()).unwrap().len());

    let restored = place.restore().await.unwrap();
    place.expect_same();
    let mode = fs::metadata(place.target().join(KEPT[2])).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    for path in LEFT_OUT.iter().filter(|path| !path.starts_with("network.")) {
        assert!(!place.target().join(path).exists(), "{path}");
    }
    assert_eq!(restored, network(&place.base_path()).stopped().moved_to(&place.target()));
    assert_eq!(restored.parachains[0].chain_spec, place.target().join("chain-spec-2087.json"));
    assert_eq!(restored.nodes[0].log, place.target().join("alice/node.log"));
}

#[tokio::test]
async fn a_network_that_is_not_running_is_taken_from_its_directory() {
    let (place, _) = Place::with_snapshot().await;
    network(&place.base_path()).save().unwrap();
    let again = write_stopped(&place.base_path(), &place.file(), false, patient()).await.unwrap_err();
    assert!(matches!(again, Error::SnapshotExists { .. }));
    let report = write_stopped(&place.base_path(), &place.file(), true, patient()).await.unwrap();
    assert_eq!(report.files, KEPT.len() as u64);
    place.restore().await.unwrap();

    let _lock = lock_base_path(&place.base_path()).unwrap();
    let used = write_stopped(&place.base_path(), &place.file(), true, patient()).await.unwrap_err();
    assert!(matches!(used, Error::BasePathInUse { .. }));
}

#[tokio::test]
async fn any_damage_and_any_missing_end_is_noticed() {
    let (place, _) = Place::with_snapshot().await;
    let whole = fs::read(place.file()).unwrap();
    for length in [0, 3, 4, whole.len() / 2, whole.len() - 1] {
        fs::write(place.file(), &whole[..length]).unwrap();
        place.expect_refused(&["network.snapshot"]).await;
    }
    let (mut changes, mut noticed) = (0, 0);
    for index in (0..whole.len()).step_by(7) {
        let mut changed = whole.clone();
        changed[index] ^= 0x10;
        fs::write(place.file(), changed).unwrap();
        changes += 1;
        if place.restore().await.is_err() {
            noticed += 1;
        } else {
            // A few bits of the format carry nothing.
            place.expect_same();
        }
        fs::remove_dir_all(place.target()).unwrap();
        fs::create_dir(place.target()).unwrap();
    }
    println!("{noticed} of {changes} changes noticed");
    assert!(noticed * 10 > changes * 9);
    fs::write(place.file(), [whole.as_slice(), b"more"].concat()).unwrap();
    place.expect_refused(&["is damaged"]).await;
    fs::write(place.file(), whole).unwrap();
    place.restore().await.unwrap();
}

#[tokio::test]
async fn other_files_and_other_versions_are_refused() {
    let (place, _) = Place::with_snapshot().await;
    fs::write(place.file(), "{}").unwrap();
    place.expect_refused(&["is no snapshot", "serin network snapshot"]).await;
    place.write_archive(&[("readme.txt", tar::EntryType::Regular, "hello")]);
    place.expect_refused(&["is no snapshot"]).await;
    place.write_archive(&[]);
    place.expect_refused(&["is no snapshot"]).await;
    let later = String::from_utf8(header::tests::of_version(2)).unwrap();
    place.write_archive(&[(header::ENTRY, tar::EntryType::Regular, &later)]);
    place.expect_refused(&["format 2", "9.9.9"]).await;
}

#[tokio::test]
async fn no_entry_leads_out_of_the_directory() {
    let (place, _) = Place::with_snapshot().await;
    let regular = tar::EntryType::Regular;
    for name in
        ["files/../../escaped", "files/alice/../../escaped", "/escaped", "escaped", "../escaped", "files", "files/"]
    {
        place.forge(&[(name, regular, "x")]);
        place.expect_refused(&["its entry"]).await;
        assert!(!place.directory.path().join("escaped").exists(), "{name}");
    }
    for kind in [tar::EntryType::Symlink, tar::EntryType::Link, tar::EntryType::Fifo, tar::EntryType::Directory] {
        place.forge(&[("files/alice/x", kind, "")]);
        place.expect_refused(&["'files/alice/x' is no file"]).await;
    }
    place.forge(&[("files/alice/x", regular, "1"), ("files/alice/x", regular, "2")]);
    place.expect_refused(&["alice/x"]).await;
}

#[tokio::test]
async fn a_header_that_does_not_fit_is_noticed() {
    let (place, _) = Place::with_snapshot().await;
    place.forge(&[("files/one", tar::EntryType::Regular, "1")]);
    let mut header = Snapshot::open(&place.file()).unwrap().header;
    for (files, bytes, word) in [(2, 1, "less"), (1, 2, "less"), (0, 1, "more"), (1, 0, "more")] {
        (header.files, header.bytes) = (files, bytes);
        let outcome = unpack::unpack(&place.file(), &header, &place.target(), &mut meter());
        let message = outcome.unwrap_err().to_string();
        assert!(message.contains(word), "{files} {bytes}: {message}");
        assert_eq!(fs::read_dir(place.target()).unwrap().count(), 0);
    }
}

#[tokio::test]
async fn what_is_given_up_leaves_nothing() {
    let (place, _) = Place::with_snapshot().await;
    let is_asked = Arc::new(AtomicBool::new(false));
    let flag = is_asked.clone();
    let unwilling: Watcher = Arc::new(move |_| {
        flag.store(true, Ordering::SeqCst);
        false
    });
    let before = fs::read(place.file()).unwrap();
    let draft = Draft::create(&place.file(), true, &place.base_path()).unwrap();
    let outcome = write(network(&place.base_path()), draft, unwilling.clone()).await;
    assert!(matches!(outcome, Err(Error::GivenUp)) && is_asked.load(Ordering::SeqCst));
    assert_eq!(fs::read(place.file()).unwrap(), before);
    assert_eq!(fs::read_dir(place.directory.path()).unwrap().count(), 3);

    let outcome = Snapshot::open(&place.file()).unwrap().unpack(&place.target(), unwilling).await;
    assert!(matches!(outcome, Err(Error::GivenUp)));
    assert_eq!(fs::read_dir(place.target()).unwrap().count(), 0);
}

#[tokio::test]
async fn large_files_with_long_names_are_whole() {
    let place = Place { directory: tempfile::tempdir().unwrap() };
    fs::create_dir(place.target()).unwrap();
    let network = network(&place.base_path());
    let long = format!("alice/{}/{}", "d".repeat(120), "f".repeat(200));
    let path = place.base_path().join(&long);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut file = fs::File::create(&path).unwrap();
    // Not compressible to nothing, and longer than any buffer.
    for number in 0_u64..100_000 {
        file.write_all(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()).unwrap();
    }
    drop(file);
    let draft = Draft::create(&place.file(), false, &place.base_path()).unwrap();
    write(network, draft, patient()).await.unwrap();
    place.restore().await.unwrap();
    assert_eq!(fs::read(place.target().join(long)).unwrap(), fs::read(path).unwrap());
}
