// SPDX-License-Identifier: GPL-3.0-only
//! Disks that are full or read-only: a tmpfs in a mount namespace of the node's own, because root may write anything
//! anywhere else.

use super::dev_node::{dev_command, DevNode};
use serin_tests::process::{text, Running, COMMAND_LIMIT};
use std::{
    ffi::{CStr, CString},
    fs::File,
    io::{self, Write},
    os::unix::{ffi::OsStrExt, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
    ptr,
};

const MIB: u64 = 1 << 20;
const DISK_MIB: u64 = 512;
/// RocksDB allocates its log ahead, in proportion to this; the default would take the whole disk.
const SMALL_CACHE: [&str; 2] = ["--db-cache", "64"];
/// Where the node stops in the test that fills its disk.
const THRESHOLD_MIB: u64 = 64;

#[test]
fn network_disk_too_small_is_refused_at_the_start() {
    let base = tempfile::tempdir().expect("a directory");
    let mut command = dev_command(base.path(), &SMALL_CACHE);
    mount_tmpfs(&mut command, base.path(), Access::ReadWrite);
    // Below the default threshold from the beginning.
    let finished = start(command).wait(COMMAND_LIMIT);
    finished.expect_error(&["Out of storage space", "required 1024MiB", text(base.path())]);
}

#[test]
fn network_disk_that_fills_up_stops_the_node() {
    let base = tempfile::tempdir().expect("a directory");
    let threshold = THRESHOLD_MIB.to_string();
    let mut command = dev_command(base.path(), &SMALL_CACHE);
    command.args(["--db-storage-threshold", &threshold, "--db-storage-polling-period", "1"]);
    mount_tmpfs(&mut command, base.path(), Access::ReadWrite);
    let node = DevNode::from_process(start(command));
    node.wait_for_best(1);

    fill(&inside(&node, base.path()), THRESHOLD_MIB / 4);
    node.wait().expect_error(&["dropped below threshold: 64MiB", text(base.path())]);
}

#[test]
fn network_read_only_disk_is_refused() {
    let base = tempfile::tempdir().expect("a directory");
    let mut command = dev_command(base.path(), &SMALL_CACHE);
    mount_tmpfs(&mut command, base.path(), Access::ReadOnly);
    start(command).wait(COMMAND_LIMIT).expect_error(&["Read-only file system", text(base.path())]);
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    ReadWrite,
    ReadOnly,
}

fn start(command: Command) -> Running {
    Running::try_start(command).unwrap_or_else(|error| {
        panic!(
            "no mount namespace or no tmpfs in it: {error}. Run the tests as root with CAP_SYS_ADMIN, or allow \
             unprivileged user namespaces: user.max_user_namespaces above 0, kernel.unprivileged_userns_clone = 1, \
             kernel.apparmor_restrict_unprivileged_userns = 0"
        )
    })
}

/// A path as the node sees it, from outside of its namespace.
fn inside(node: &DevNode, path: &Path) -> PathBuf {
    let relative = path.strip_prefix("/").expect("temporary directories have absolute paths");
    Path::new("/proc").join(node.process_id().to_string()).join("root").join(relative)
}

/// Leaves `left_mib` on the disk of `directory`.
fn fill(directory: &Path, left_mib: u64) {
    let mut file = File::create(directory.join("filler")).expect("the disk is writable");
    let chunk = vec![0; usize::try_from(MIB).expect("small")];
    while free_mib(directory) > left_mib {
        file.write_all(&chunk).expect("there is room");
    }
}

// The widths of the fields differ between platforms.
#[allow(clippy::unnecessary_cast)]
fn free_mib(directory: &Path) -> u64 {
    let path = c_path(directory);
    // SAFETY: `statvfs` is a plain C structure, for which all zeros is a value.
    let mut stat: libc::statvfs = unsafe { std::mem::zeroed() };
    // SAFETY: both pointers are to live values, and the path ends with a zero byte.
    let outcome = unsafe { libc::statvfs(path.as_ptr(), &mut stat) };
    assert_eq!(outcome, 0, "{}: {}", directory.display(), io::Error::last_os_error());
    stat.f_bavail as u64 * stat.f_frsize as u64 / MIB
}

/// Has the process start in a mount namespace of its own, with an empty disk over `directory`.
fn mount_tmpfs(command: &mut Command, directory: &Path, access: Access) {
    // SAFETY: neither call has a precondition.
    let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
    // Everything that allocates happens here: between fork and exec only system calls are allowed.
    let target = c_path(directory);
    let options = CString::new(format!("size={DISK_MIB}m,mode=700")).expect("no zero byte");
    let flags = if access == Access::ReadOnly { libc::MS_RDONLY } else { 0 };
    let (user_map, group_map) = (format!("{user} {user} 1"), format!("{group} {group} 1"));
    let prepare = move || {
        if user == 0 {
            // SAFETY: unshare has no memory effects.
            check(unsafe { libc::unshare(libc::CLONE_NEWNS) })?;
        } else {
            // SAFETY: as above.
            check(unsafe { libc::unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNS) })?;
            write_once(c"/proc/self/setgroups", b"deny")?;
            write_once(c"/proc/self/uid_map", user_map.as_bytes())?;
            write_once(c"/proc/self/gid_map", group_map.as_bytes())?;
        }
        // What is mounted from here on must not show outside.
        let private = libc::MS_REC | libc::MS_PRIVATE;
        // SAFETY: the paths are C strings that live on, and mount takes null for what it does not use.
        check(unsafe { libc::mount(ptr::null(), c"/".as_ptr(), ptr::null(), private, ptr::null()) })?;
        let tmpfs = c"tmpfs".as_ptr();
        // SAFETY: as above; the data of a tmpfs is its options, a C string.
        check(unsafe { libc::mount(tmpfs, target.as_ptr(), tmpfs, flags, options.as_ptr().cast()) })
    };
    // SAFETY: the closure makes system calls only; an error built from a number allocates nothing.
    unsafe { command.pre_exec(prepare) };
}

fn write_once(path: &CStr, content: &[u8]) -> io::Result<()> {
    // SAFETY: the path is a C string, and the buffer is as long as it is said to be.
    unsafe {
        let file = libc::open(path.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        check(file)?;
        let written = libc::write(file, content.as_ptr().cast(), content.len());
        let outcome = if written < 0 { Err(io::Error::last_os_error()) } else { Ok(()) };
        libc::close(file);
        outcome
    }
}

fn check(outcome: libc::c_int) -> io::Result<()> {
    if outcome < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(())
    }
}

fn c_path(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).expect("paths have no zero byte")
}
