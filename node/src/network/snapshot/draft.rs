// SPDX-License-Identifier: GPL-3.0-only
//! A snapshot's file in the making.

use crate::network::{Error, Result};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// Has another name, in the same directory, until it is complete; so nobody takes a part of a snapshot for one. Dropping it
/// removes it. Only its owner may read it: it holds keys.
#[derive(Debug)]
pub struct Draft {
    file: NamedTempFile,
    target: PathBuf,
    replace: bool,
}

impl Draft {
    /// `replace`: whether a file that is there already may be replaced. `base_path`: of the network, which the file must not
    /// lie in.
    pub fn create(target: &Path, replace: bool, base_path: &Path) -> Result<Self> {
        let no_name = || Error::io("writing", target)(io::Error::other("it names no file"));
        let name = target.file_name().ok_or_else(no_name)?;
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let directory = parent.canonicalize().map_err(Error::io("finding the directory", parent))?;
        let base_path = base_path.canonicalize().map_err(Error::io("resolving", base_path))?;
        if directory.starts_with(&base_path) {
            return Err(Error::SnapshotInside { path: target.to_owned(), base_path });
        }
        let target = directory.join(name);
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(Error::io("writing", &target)(io::ErrorKind::IsADirectory.into()));
            }
            Ok(_) if !replace => return Err(Error::SnapshotExists { path: target }),
            _ => {}
        }
        let file = tempfile::Builder::new()
            .prefix(&format!(".{}.", name.to_string_lossy()))
            .suffix(".part")
            .tempfile_in(&directory)
            .map_err(Error::io("creating a file in", &directory))?;
        Ok(Self { file, target, replace })
    }

    pub fn file(&self) -> &File {
        self.file.as_file()
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Gives the file its name.
    pub fn commit(self) -> Result<PathBuf> {
        let Self { file, target, replace } = self;
        let outcome = if replace { file.persist(&target) } else { file.persist_noclobber(&target) };
        match outcome {
            Ok(_) => Ok(target),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Error::SnapshotExists { path: target })
            }
            Err(error) => Err(Error::io("writing", target)(error.error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Write, os::unix::fs::PermissionsExt};

    struct Place {
        directory: tempfile::TempDir,
        base_path: PathBuf,
    }

    impl Place {
        fn new() -> Self {
            let directory = tempfile::tempdir().unwrap();
            let base_path = directory.path().join("base");
            fs::create_dir(&base_path).unwrap();
            Self { directory, base_path }
        }

        fn target(&self) -> PathBuf {
            self.directory.path().join("one.snapshot")
        }

        fn draft(&self, replace: bool) -> Result<Draft> {
            Draft::create(&self.target(), replace, &self.base_path)
        }

        fn entries(&self) -> usize {
            fs::read_dir(self.directory.path()).unwrap().count()
        }
    }

    #[test]
    fn a_complete_file_is_private_and_an_incomplete_one_is_gone() {
        let place = Place::new();
        let draft = place.draft(false).unwrap();
        draft.file().write_all(b"half").unwrap();
        assert_eq!(place.entries(), 2);
        assert!(!place.target().exists());
        drop(draft);
        assert_eq!(place.entries(), 1);

        let draft = place.draft(false).unwrap();
        draft.file().write_all(b"whole").unwrap();
        let written = draft.commit().unwrap();
        assert_eq!(fs::read(&written).unwrap(), b"whole");
        assert_eq!(fs::metadata(written).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(place.entries(), 2);
    }

    #[test]
    fn a_file_is_replaced_by_force_only() {
        let place = Place::new();
        let early = place.draft(false).unwrap();
        fs::write(place.target(), "mine").unwrap();
        // One that appeared meanwhile is kept too.
        for error in [early.commit().unwrap_err(), place.draft(false).unwrap_err()] {
            assert!(error.to_string().contains("--force"), "{error}");
        }
        assert_eq!(fs::read(place.target()).unwrap(), b"mine");
        place.draft(true).unwrap().commit().unwrap();
        assert_eq!(fs::read(place.target()).unwrap(), b"");
    }

    #[test]
    fn a_place_that_cannot_be_is_named() {
        let place = Place::new();
        let at = |path: &Path| Draft::create(path, true, &place.base_path).unwrap_err().to_string();
        assert!(at(&place.base_path.join("x")).contains("own directory"));
        assert!(at(&place.base_path).contains("directory"));
        assert!(at(Path::new("/nonexistent/x")).contains("/nonexistent"));
        assert!(at(Path::new("/")).contains("names no file"));
    }
}
