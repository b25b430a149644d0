// SPDX-License-Identifier: GPL-3.0-only
//! Processes as `/proc` shows them.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

const POLL: Duration = Duration::from_millis(10);

/// A process that was there once. The time it started tells it from a later one with its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    pub id: libc::pid_t,
    started_ticks: u64,
}

/// A thread that was there once.
#[derive(Clone, Copy, Debug)]
pub struct Thread {
    pub id: libc::pid_t,
    user_ticks: u64,
}

/// The processes whose parent has this id.
pub fn children_of(parent: libc::pid_t) -> Vec<Process> {
    numbers_in(Path::new("/proc"))
        .into_iter()
        .filter_map(|id| Stat::read(&Path::new("/proc").join(id.to_string())).map(|stat| (id, stat)))
        .filter(|(_, stat)| stat.parent == parent)
        .map(|(id, stat)| Process { id, started_ticks: stat.started_ticks })
        .collect()
}

/// Polls until `condition` gives something, and fails if that takes longer than `limit`.
pub async fn wait_for<T>(what: &str, limit: Duration, mut condition: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = condition() {
            return found;
        }
        assert!(Instant::now() < deadline, "no {what} in {limit:?}");
        tokio::time::sleep(POLL).await;
    }
}

impl Process {
    /// False for one that has ended, even if nobody has asked for its exit code yet.
    pub fn is_alive(&self) -> bool {
        Stat::read(&self.path(""))
            .is_some_and(|stat| stat.started_ticks == self.started_ticks && !matches!(stat.state, 'Z' | 'X'))
    }

    pub fn signal(&self, signal: libc::c_int) {
        assert!(self.is_alive(), "{self:?} has ended");
        // SAFETY: kill has no memory effects.
        let outcome = unsafe { libc::kill(self.id, signal) };
        assert_eq!(outcome, 0, "signal {signal} to {self:?}: {}", io::Error::last_os_error());
    }

    /// Waits until it has ended.
    pub async fn gone(&self, limit: Duration) {
        wait_for(&format!("end of {self:?}"), limit, || (!self.is_alive()).then_some(())).await;
    }

    /// Its arguments, separated by spaces; nothing if it has ended.
    pub fn command(&self) -> String {
        self.strings("cmdline").join(" ")
    }

    /// Its environment when it was started, as `NAME=value`.
    pub fn environment(&self) -> Vec<String> {
        self.strings("environ")
    }

    pub fn threads(&self) -> Vec<Thread> {
        let tasks = self.path("task");
        numbers_in(&tasks)
            .into_iter()
            .filter_map(|id| {
                Stat::read(&tasks.join(id.to_string())).map(|stat| Thread { id, user_ticks: stat.user_ticks })
            })
            .collect()
    }

    /// The thread of that name. The kernel keeps 15 letters of one.
    pub fn thread(&self, name: &str) -> Option<Thread> {
        self.threads().into_iter().find(|thread| {
            fs::read_to_string(self.path("task").join(thread.id.to_string()).join("comm"))
                .is_ok_and(|found| found.trim_end() == name)
        })
    }

    /// A field of `status`, of the process or of one of its threads; `None` if it has ended.
    pub fn status(&self, thread: Option<&Thread>, field: &str) -> Option<String> {
        let path = thread.map_or_else(|| self.path(""), |thread| self.path("task").join(thread.id.to_string()));
        let status = fs::read_to_string(path.join("status")).ok()?;
        let value = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))?;
        Some(value.trim().to_owned())
    }

    /// Memory in use that is not a part of some file, in bytes; `None` if it has ended.
    pub fn anonymous_memory(&self) -> Option<u64> {
        let kib = self.status(None, "RssAnon")?;
        let kib: u64 = kib.trim_end_matches(" kB").parse().expect("the kernel counts in KiB");
        Some(kib * 1024)
    }

    /// The names in its root directory.
    pub fn root(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.path("root/"))
            .unwrap_or_else(|error| panic!("the root directory of {self:?}: {error}"))
            .map(|entry| entry.expect("its entries can be read").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// Which namespace of that kind it is in.
    pub fn namespace(&self, kind: &str) -> PathBuf {
        let path = self.path("ns").join(kind);
        fs::read_link(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// What it has open, by number.
    pub fn open_files(&self) -> Vec<(libc::pid_t, PathBuf)> {
        let directory = self.path("fd");
        numbers_in(&directory)
            .into_iter()
            .filter_map(|number| Some((number, fs::read_link(directory.join(number.to_string())).ok()?)))
            .collect()
    }

    fn strings(&self, file: &str) -> Vec<String> {
        let bytes = fs::read(self.path(file)).unwrap_or_default();
        bytes.split(|byte| *byte == 0).filter(|part| !part.is_empty()).map(lossy).collect()
    }

    fn path(&self, inside: &str) -> PathBuf {
        Path::new("/proc").join(self.id.to_string()).join(inside)
    }
}

impl Thread {
    /// What it had spent outside of the kernel.
    pub fn cpu_time(&self) -> Duration {
        // SAFETY: sysconf has no memory effects.
        let per_second = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
        let per_second = u64::try_from(per_second).expect("the kernel has a clock");
        Duration::from_millis(self.user_ticks * 1_000 / per_second)
    }
}

/// The parts of a `stat` file that are asked for.
struct Stat {
    state: char,
    parent: libc::pid_t,
    user_ticks: u64,
    started_ticks: u64,
}

impl Stat {
    /// `None` if there is no such process, or no longer.
    fn read(directory: &Path) -> Option<Self> {
        let line = fs::read(directory.join("stat")).map(|bytes| lossy(&bytes)).ok()?;
        // The name before may have anything in it. The man page counts from 1, and the state is its third field.
        let (_, fields) = line.rsplit_once(')')?;
        let fields: Vec<_> = fields.split_whitespace().collect();
        let field = |number: usize| fields.get(number - 3).copied();
        Some(Self {
            state: field(3)?.chars().next()?,
            parent: field(4)?.parse().ok()?,
            user_ticks: field(14)?.parse().ok()?,
            started_ticks: field(22)?.parse().ok()?,
        })
    }
}

/// The entries of a directory whose names are numbers; none if there is no such directory.
fn numbers_in(directory: &Path) -> Vec<libc::pid_t> {
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
