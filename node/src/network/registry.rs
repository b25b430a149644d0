// SPDX-License-Identifier: GPL-3.0-only
//! Which local networks of this user are running.
//!
//! One file per network in a directory that only the user may enter. The launcher holds a lock on its file for as long as
//! it lives; the kernel drops the lock with the process, so a file without a lock is a launcher that was killed, whatever
//! process has its id now.

use super::{manifest::Manifest, Error, Result};
use serde::{Deserialize, Serialize};
use std::{
    env,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Held for a moment by whoever reads or changes the list.
const LIST_LOCK: &str = ".lock";
/// Held under a base path by the launcher that uses it.
pub const BASE_PATH_LOCK: &str = "network.lock";
/// How temporary base paths begin: nothing else is ever removed on behalf of a launcher that was killed.
pub const TEMPORARY_PREFIX: &str = "serin-network-";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    pub base_path: PathBuf,
    pub temporary: bool,
}

#[derive(Clone, Debug)]
pub struct Registry {
    directory: PathBuf,
}

/// A network's place in the list. Dropping it takes the network off.
#[derive(Debug)]
pub struct Registration {
    entry: Entry,
    path: PathBuf,
    _lock: File,
}

impl Registration {
    pub fn name(&self) -> &str {
        &self.entry.name
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // A file that is left is removed by the next look at the list.
        let _ = fs::remove_file(&self.path);
    }
}

impl Registry {
    /// The list of this user: under `$XDG_RUNTIME_DIR`, or under the temporary directory where there is none.
    pub fn open() -> Result<Self> {
        // SAFETY: getuid has no preconditions and cannot fail.
        let uid = unsafe { libc::getuid() };
        let runtime =
            env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|path| path.is_absolute() && path.is_dir());
        Self::at(runtime.map_or_else(|| env::temp_dir().join(format!("serin-{uid}")), |path| path.join("serin")))
    }

    /// A list in `directory`, which is created, and refused unless it is the user's alone.
    pub fn at(directory: PathBuf) -> Result<Self> {
        match DirBuilder::new().mode(0o700).create(&directory) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(Error::Io { action: "creating", path: directory, source: error });
            }
            _ => {}
        }
        ensure_private(&directory)?;
        Ok(Self { directory })
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Puts a network on the list: under `name`, or under the first of `serin-1`, `serin-2`, ... that is free.
    pub fn register(&self, name: Option<&str>, base_path: &Path, temporary: bool) -> Result<Registration> {
        let _guard = self.lock()?;
        let running = self.prune()?;
        let is_free = |name: &str| running.iter().all(|entry| entry.name != name);
        let name = match name {
            Some(name) if is_free(name) => name.to_owned(),
            Some(name) => return Err(Error::NameTaken { name: name.to_owned() }),
            None => (1_u32..)
                .map(|number| format!("serin-{number}"))
                .find(|name| is_free(name))
                .ok_or_else(|| Error::NameTaken { name: "serin".to_owned() })?,
        };
        let entry = Entry { name, base_path: base_path.to_owned(), temporary };
        let path = self.directory.join(format!("{}.json", entry.name));
        let mut file = open_private(&path)?;
        file.try_lock().map_err(|_| Error::NameTaken { name: entry.name.clone() })?;
        let text = serde_json::to_vec(&entry).map_err(|source| Error::Malformed {
            what: "an entry of the list of networks",
            path: path.clone(),
            source,
        })?;
        file.set_len(0).and_then(|()| file.write_all(&text)).map_err(Error::io("writing", &path))?;
        Ok(Registration { entry, path, _lock: file })
    }

    /// The networks that are running, by name. Cleans up after launchers that were killed.
    pub fn running(&self) -> Result<Vec<Entry>> {
        let _guard = self.lock()?;
        self.prune()
    }

    /// The running network that is meant: by name, by base path, or the only one.
    pub fn select(&self, wanted: Option<&str>) -> Result<Entry> {
        let running = self.running()?;
        let directory = wanted.map(Path::new).filter(|path| path.join(super::manifest::FILE_NAME).is_file());
        let directory = directory.and_then(|path| path.canonicalize().ok());
        match (directory, wanted) {
            (Some(path), _) => match running.into_iter().find(|entry| entry.base_path == path) {
                Some(entry) => Ok(entry),
                None => {
                    mark_stopped(&path)?;
                    Err(Error::NotRunning { path })
                }
            },
            (None, wanted) => choose(running, wanted),
        }
    }

    fn lock(&self) -> Result<File> {
        let path = self.directory.join(LIST_LOCK);
        let file = open_private(&path)?;
        file.lock().map_err(Error::io("locking", path))?;
        Ok(file)
    }

    /// Removes what dead launchers left; returns the others. The caller holds the list's lock.
    fn prune(&self) -> Result<Vec<Entry>> {
        let files = fs::read_dir(&self.directory).map_err(Error::io("listing", &self.directory))?;
        let mut running = Vec::new();
        for file in files {
            let path = file.map_err(Error::io("listing", &self.directory))?.path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let entry = fs::read(&path).ok().and_then(|text| serde_json::from_slice::<Entry>(&text).ok());
            if is_locked(&path)? {
                running.extend(entry);
            } else {
                if let Some(entry) = entry {
                    clean_up_after(&entry);
                }
                let _ = fs::remove_file(&path);
                let _ = fs::remove_file(path.with_extension("sock"));
            }
        }
        running.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(running)
    }
}

/// Takes a base path for this process, until the returned file is dropped.
pub fn lock_base_path(base_path: &Path) -> Result<File> {
    let path = base_path.join(BASE_PATH_LOCK);
    let file = open_private(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::BasePathInUse { path: base_path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(Error::Io { action: "locking", path, source }),
    }
}

fn choose(running: Vec<Entry>, wanted: Option<&str>) -> Result<Entry> {
    let names = || running.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(", ");
    match (wanted, running.as_slice()) {
        (None, [only]) => Ok(only.clone()),
        (None, []) => Err(Error::NoNetwork),
        (None, _) => Err(Error::SeveralNetworks { names: names() }),
        (Some(wanted), _) => {
            let found = running.iter().find(|entry| entry.name == wanted).cloned();
            let running = if running.is_empty() { "none".to_owned() } else { names() };
            found.ok_or_else(|| Error::UnknownNetwork { wanted: wanted.to_owned(), running })
        }
    }
}

/// The nodes of a killed launcher died with it; what remains is files.
fn clean_up_after(entry: &Entry) {
    let is_ours = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(TEMPORARY_PREFIX);
    if entry.temporary && entry.base_path.file_name().is_some_and(is_ours) {
        let _ = fs::remove_dir_all(&entry.base_path);
    } else {
        // A base path that has gone, or is in use again, needs nothing.
        let _ = mark_stopped(&entry.base_path);
    }
}

/// Makes the manifest of a network that is not running say so.
fn mark_stopped(base_path: &Path) -> Result<()> {
    let Some(manifest) = Manifest::load(base_path)? else { return Ok(()) };
    let _lock = lock_base_path(base_path)?;
    // A socket without a listener would only mislead.
    let _ = fs::remove_file(&manifest.control_socket);
    manifest.stopped().save()
}

fn is_locked(path: &Path) -> Result<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        // Its launcher ended between the listing and now.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(Error::Io { action: "reading", path: path.to_owned(), source }),
    };
    match file.try_lock() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(source)) => Err(Error::Io { action: "locking", path: path.to_owned(), source }),
    }
}

fn open_private(path: &Path) -> Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .map_err(Error::io("opening", path))
}

fn ensure_private(directory: &Path) -> Result<()> {
    let refused = |reason: String| Error::RuntimeDirectory { path: directory.to_owned(), reason };
    let metadata = fs::symlink_metadata(directory).map_err(|error| refused(error.to_string()))?;
    // SAFETY: getuid has no preconditions and cannot fail.
    let uid = unsafe { libc::getuid() };
    if !metadata.is_dir() {
        Err(refused("it is not a directory".to_owned()))
    } else if metadata.uid() != uid {
        Err(refused(format!("it belongs to user {}, not to {uid}", metadata.uid())))
    } else if metadata.mode() & 0o077 != 0 {
        Err(refused(format!("others may enter it (mode {:o}, wanted 700)", metadata.mode() & 0o777)))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::manifest::tests::manifest;
    use std::os::unix::fs::PermissionsExt;

    fn registry() -> (tempfile::TempDir, Registry) {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::at(directory.path().join("serin")).unwrap();
        (directory, registry)
    }

    #[test]
    fn unnamed_networks_get_the_first_free_number() {
        let (directory, registry) = registry();
        let first = registry.register(None, directory.path(), false).unwrap();
        let second = registry.register(None, directory.path(), false).unwrap();
        assert_eq!((first.name(), second.name()), ("serin-1", "serin-2"));
        drop(first);
        assert_eq!(registry.register(None, directory.path(), false).unwrap().name(), "serin-1");
    }

    #[test]
    fn a_name_in_use_is_refused() {
        let (directory, registry) = registry();
        let _mine = registry.register(Some("mine"), directory.path(), false).unwrap();
        assert!(matches!(registry.register(Some("mine"), directory.path(), false), Err(Error::NameTaken { .. })));
    }

    #[test]
    fn the_only_network_is_meant_and_several_are_ambiguous() {
        let (directory, registry) = registry();
        assert!(matches!(registry.select(None), Err(Error::NoNetwork)));
        let _one = registry.register(Some("one"), directory.path(), false).unwrap();
        assert_eq!(registry.select(None).unwrap().name, "one");
        let _two = registry.register(Some("two"), directory.path(), false).unwrap();
        let message = registry.select(None).unwrap_err().to_string();
        assert!(message.contains("one, two") && message.contains("--network"), "{message}");
        assert_eq!(registry.select(Some("two")).unwrap().name, "two");
        assert!(matches!(registry.select(Some("three")), Err(Error::UnknownNetwork { .. })));
    }

    #[test]
    fn a_network_is_found_by_its_base_path_and_a_stale_manifest_is_corrected() {
        let (directory, registry) = registry();
        let base_path = directory.path().join("base").join("net");
        fs::create_dir_all(&base_path).unwrap();
        let base_path = base_path.canonicalize().unwrap();
        manifest(&base_path).save().unwrap();

        let by_path = base_path.to_str().unwrap();
        let registration = registry.register(Some("one"), &base_path, false).unwrap();
        assert_eq!(registry.select(Some(by_path)).unwrap().name, "one");
        drop(registration);
        assert!(matches!(registry.select(Some(by_path)), Err(Error::NotRunning { .. })));
        assert_eq!(Manifest::load(&base_path).unwrap().unwrap().launcher_pid, None);
    }

    #[test]
    fn what_a_killed_launcher_left_is_cleaned_up() {
        let (directory, registry) = registry();
        let temporary = directory.path().join(format!("{TEMPORARY_PREFIX}x"));
        let kept = directory.path().join("kept");
        for (name, base_path, is_temporary) in [("a", &temporary, true), ("b", &kept, true)] {
            fs::create_dir(base_path).unwrap();
            let entry = Entry { name: name.into(), base_path: base_path.clone(), temporary: is_temporary };
            fs::write(registry.directory().join(format!("{name}.json")), serde_json::to_vec(&entry).unwrap()).unwrap();
        }
        assert!(registry.running().unwrap().is_empty());
        assert!(!temporary.exists());
        assert!(kept.exists(), "only directories this library made are removed");
        assert!(!registry.directory().join("a.json").exists());
    }

    #[test]
    fn a_base_path_serves_one_launcher_at_a_time() {
        let directory = tempfile::tempdir().unwrap();
        let lock = lock_base_path(directory.path()).unwrap();
        assert!(matches!(lock_base_path(directory.path()), Err(Error::BasePathInUse { .. })));
        drop(lock);
        assert!(lock_base_path(directory.path()).is_ok());
    }

    #[test]
    fn a_list_that_others_may_enter_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let open = directory.path().join("open");
        fs::create_dir(&open).unwrap();
        fs::set_permissions(&open, fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(Registry::at(open), Err(Error::RuntimeDirectory { .. })));
    }
}
