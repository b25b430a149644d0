// SPDX-License-Identifier: GPL-3.0-only
//! The disk under the base path.

use super::Finding;
use std::{ffi::CString, io, os::unix::ffi::OsStrExt, path::Path};

const DISK: &str = "disk";

const MIB: u64 = 1 << 20;
/// A node stops itself below this (`--db-storage-threshold`).
const STOPS_BELOW_MIB: u64 = 1_024;
/// Room for some weeks of a validator's database and artifacts.
const COMFORTABLE_MIB: u64 = 20 * 1_024;

pub fn check(base_path: &Path) -> Vec<Finding> {
    // The node creates what is missing, on the disk of the nearest directory that exists.
    let directory = base_path.ancestors().find(|path| path.is_dir()).unwrap_or(Path::new("."));
    vec![match Disk::under(directory) {
        Ok(disk) => disk.judge(directory),
        Err(error) => Finding::failed(
            DISK,
            format!("{} cannot be looked at: {error}", directory.display()),
            "let the node's user read the base path, or choose another with --base-path",
        ),
    }]
}

/// What there is to know of the disk that holds a directory.
struct Disk {
    free_mib: u64,
    read_only: bool,
}

impl Disk {
    // The widths of the fields differ between platforms.
    #[allow(clippy::unnecessary_cast)]
    fn under(directory: &Path) -> io::Result<Self> {
        let path = CString::new(directory.as_os_str().as_bytes())?;
        // SAFETY: `statvfs` is a plain C structure, for which all zeros is a value.
        let mut stat: libc::statvfs = unsafe { std::mem::zeroed() };
        // SAFETY: both pointers are to live values, and the path ends with a zero byte.
        if unsafe { libc::statvfs(path.as_ptr(), &mut stat) } != 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Self {
            free_mib: (stat.f_bavail as u64).saturating_mul(stat.f_frsize as u64) / MIB,
            read_only: stat.f_flag & libc::ST_RDONLY != 0,
        })
    }

    fn judge(self, directory: &Path) -> Finding {
        let Self { free_mib, read_only } = self;
        let directory = directory.display();
        if read_only {
            let fix = "mount it writable, or choose another directory with --base-path";
            return Finding::failed(DISK, format!("{directory} is on a read-only file system"), fix);
        }
        let message = format!("{free_mib} MiB free at {directory}");
        let fix = "make room, or choose a larger disk with --base-path";
        match free_mib {
            0..STOPS_BELOW_MIB => Finding::failed(DISK, format!("{message}; a node stops below 1024 MiB"), fix),
            STOPS_BELOW_MIB..COMFORTABLE_MIB => Finding::warning(DISK, message, fix),
            COMFORTABLE_MIB.. => Finding::ok(DISK, message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Level, *};

    #[test]
    fn levels_follow_free_space() {
        let level = |free_mib, read_only| Disk { free_mib, read_only }.judge(Path::new("/data")).level;
        assert_eq!(level(1_023, false), Level::Failed);
        assert_eq!(level(1_024, false), Level::Warning);
        assert_eq!(level(20_480, false), Level::Ok);
        assert_eq!(level(20_480, true), Level::Failed);
    }

    #[test]
    fn missing_base_path_is_judged_by_its_parent() {
        let parent = tempfile::tempdir().expect("a directory");
        let findings = check(&parent.path().join("not/yet/there"));
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert!(finding.message.contains(&parent.path().display().to_string()), "{finding:?}");
    }
}
