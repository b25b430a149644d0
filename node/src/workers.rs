// SPDX-License-Identifier: GPL-3.0-only
//! The PVF workers inside the executable.
//!
//! The PVF host starts its workers as child processes: `EXE prepare-worker ..` and `EXE execute-worker ..`. Before the
//! first one it asks for `EXE --version` and runs four probes of the sandbox, `EXE --check-can-..`. `EXE` is one path
//! for both workers, by default `/proc/self/exe`. With `--workers-path DIR` it is `DIR/serin-prepare-worker` and
//! `DIR/serin-execute-worker`, which may be links to this executable.
//!
//! A worker refuses to run with more than one thread or with environment variables, so [`run_if_asked`] looks at the
//! arguments alone.

use polkadot_node_core_pvf_common::sp_tracing;
use std::{
    ffi::{OsStr, OsString},
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

/// What `serin --version` prints.
///
/// The host compares the whole line with the version that the node was given. So the node is given this line and not
/// the bare number, and `serin --version` can print what people expect of it.
pub const VERSION_LINE: &str = concat!("serin ", env!("SUBSTRATE_CLI_IMPL_VERSION"));

/// The names of the worker executables in a directory given as `--workers-path`.
pub const PREPARE_WORKER_NAME: &str = "serin-prepare-worker";
pub const EXECUTE_WORKER_NAME: &str = "serin-execute-worker";

/// The executable of the running process, to start workers from.
///
/// On Linux this is the link in `/proc` and not the path behind it: it keeps naming the running code when the file is
/// replaced, so node and workers stay of one version until the node restarts.
pub fn own_executable() -> Option<PathBuf> {
    if cfg!(target_os = "linux") {
        Some(PathBuf::from("/proc/self/exe"))
    } else {
        std::env::current_exe().ok()
    }
}

/// Serves the PVF host if that is what `argv` asks for. `None` means that it is a command for the node.
pub fn run_if_asked(argv: &[OsString]) -> Option<ExitCode> {
    let outcome = match Invocation::parse(argv) {
        Ok(Invocation::Node) => return None,
        Ok(Invocation::Version) => print_version(),
        Ok(Invocation::Probe(probe)) => probe.run(),
        Ok(Invocation::Worker(worker, arguments)) => {
            run_worker(worker, arguments);
            Ok(())
        }
        Err(message) => Err(message),
    };
    Some(match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // The host logs what a probe writes here as the reason.
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    })
}

/// What the process was started as.
#[derive(Debug, PartialEq, Eq)]
pub enum Invocation {
    /// The node or one of its subcommands.
    Node,
    /// Print the version.
    Version,
    /// Try out one of the sandbox's parts.
    Probe(Probe),
    /// Prepare or execute PVFs.
    Worker(Worker, WorkerArguments),
}

/// The two workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    Prepare,
    Execute,
}

/// What the host passes to a worker.
#[derive(Debug, PartialEq, Eq)]
pub struct WorkerArguments {
    /// The Unix socket on which the host waits.
    pub socket_path: PathBuf,
    /// The directory that becomes the worker's root.
    pub worker_dir_path: PathBuf,
    /// The version of the node; a worker of another version stops the node. Absent with
    /// `--disable-worker-version-check`.
    pub node_version: Option<String>,
}

/// The parts of the sandbox. A probe runs in a process of its own, because it cannot be undone.
#[derive(Debug, PartialEq, Eq)]
pub enum Probe {
    Landlock,
    Seccomp,
    ChangeRoot(PathBuf),
    SecureClone,
}

impl Invocation {
    /// Reads the arguments of a process. Anything that is not addressed to a worker is for the node to parse.
    pub fn parse(argv: &[OsString]) -> Result<Self, String> {
        let named = argv.first().and_then(|path| Worker::from_executable_name(path));
        let first = argv.get(1).and_then(|argument| argument.to_str());
        match (named, first) {
            (_, Some("--version" | "-V")) => Ok(Self::Version),
            (_, Some(flag)) if flag.starts_with("--check-can-") => Probe::parse(flag, argv.get(2)).map(Self::Probe),
            (named, Some(subcommand)) => match (named, Worker::from_subcommand(subcommand)) {
                (None, None) => Ok(Self::Node),
                (None, Some(worker)) => worker.parse(argv),
                (Some(named), Some(worker)) if named == worker => worker.parse(argv),
                (Some(named), _) => Err(named.usage()),
            },
            (Some(named), None) => Err(named.usage()),
            (None, None) => Ok(Self::Node),
        }
    }
}

impl Worker {
    fn from_executable_name(path: &OsStr) -> Option<Self> {
        match Path::new(path).file_name()?.to_str()? {
            PREPARE_WORKER_NAME => Some(Self::Prepare),
            EXECUTE_WORKER_NAME => Some(Self::Execute),
            _ => None,
        }
    }

    fn from_subcommand(argument: &str) -> Option<Self> {
        match argument {
            "prepare-worker" => Some(Self::Prepare),
            "execute-worker" => Some(Self::Execute),
            _ => None,
        }
    }

    fn parse(self, argv: &[OsString]) -> Result<Invocation, String> {
        let arguments = argv.get(2..).unwrap_or_default();
        WorkerArguments::parse(arguments)
            .map(|arguments| Invocation::Worker(self, arguments))
            .map_err(|problem| format!("{problem}\n{}", self.usage()))
    }

    fn subcommand(self) -> &'static str {
        match self {
            Self::Prepare => "prepare-worker",
            Self::Execute => "execute-worker",
        }
    }

    fn usage(self) -> String {
        let subcommand = self.subcommand();
        format!(
            "{VERSION_LINE}, PVF worker. A validator starts it by itself, as\n  \
             {subcommand} --socket-path PATH --worker-dir-path PATH [--node-impl-version VERSION]"
        )
    }
}

impl WorkerArguments {
    fn parse(arguments: &[OsString]) -> Result<Self, String> {
        let (mut socket_path, mut worker_dir_path, mut node_version) = (None, None, None);
        let mut rest = arguments.iter();
        while let Some(flag) = rest.next() {
            let value = match flag.to_str() {
                Some("--socket-path") => &mut socket_path,
                Some("--worker-dir-path") => &mut worker_dir_path,
                Some("--node-impl-version") => &mut node_version,
                _ => return Err(format!("unexpected argument {flag:?} for a PVF worker")),
            };
            *value = Some(rest.next().ok_or_else(|| format!("{flag:?} needs a value"))?);
        }
        Ok(Self {
            socket_path: socket_path.ok_or("a PVF worker needs --socket-path")?.into(),
            worker_dir_path: worker_dir_path.ok_or("a PVF worker needs --worker-dir-path")?.into(),
            node_version: node_version.map(|version| version.to_string_lossy().into_owned()),
        })
    }
}

impl Probe {
    /// The flag by which the host asks for this probe.
    pub fn flag(&self) -> &'static str {
        match self {
            Self::Landlock => "--check-can-enable-landlock",
            Self::Seccomp => "--check-can-enable-seccomp",
            Self::ChangeRoot(_) => "--check-can-unshare-user-namespace-and-change-root",
            Self::SecureClone => "--check-can-do-secure-clone",
        }
    }

    fn parse(flag: &str, directory: Option<&OsString>) -> Result<Self, String> {
        match flag {
            "--check-can-enable-landlock" => Ok(Self::Landlock),
            "--check-can-enable-seccomp" => Ok(Self::Seccomp),
            "--check-can-unshare-user-namespace-and-change-root" => {
                directory.map(|path| Self::ChangeRoot(path.into())).ok_or_else(|| format!("{flag} needs a directory"))
            }
            "--check-can-do-secure-clone" => Ok(Self::SecureClone),
            _ => Err(format!("unknown probe {flag}")),
        }
    }

    #[cfg(target_os = "linux")]
    fn run(self) -> Result<(), String> {
        use polkadot_node_core_pvf_common::worker::security::{change_root, clone, landlock};
        match self {
            Self::Landlock => landlock::check_can_fully_enable().map_err(|error| error.to_string()),
            Self::Seccomp => probe_seccomp(),
            Self::ChangeRoot(directory) => {
                change_root::check_can_fully_enable(&directory).map_err(|error| error.to_string())
            }
            // SAFETY: the process has one thread, since nothing ran before this.
            Self::SecureClone => unsafe { clone::check_can_fully_clone() }.map_err(|error| error.to_string()),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn run(self) -> Result<(), String> {
        Err("the sandbox needs Linux".into())
    }
}

#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
fn probe_seccomp() -> Result<(), String> {
    use polkadot_node_core_pvf_common::worker::security::seccomp;
    seccomp::check_can_fully_enable().map_err(|error| error.to_string())
}

#[cfg(all(target_os = "linux", not(target_arch = "x86_64")))]
fn probe_seccomp() -> Result<(), String> {
    Err("the seccomp filter needs an x86-64 processor".into())
}

fn print_version() -> Result<(), String> {
    writeln!(std::io::stdout(), "{VERSION_LINE}").map_err(|error| format!("cannot write the version: {error}"))
}

/// Works until the host closes the socket, then exits the process.
fn run_worker(worker: Worker, arguments: WorkerArguments) {
    sp_tracing::try_init_simple();
    let WorkerArguments { socket_path, worker_dir_path, node_version } = arguments;
    let entrypoint: fn(PathBuf, PathBuf, Option<&str>, Option<&str>) = match worker {
        Worker::Prepare => polkadot_node_core_pvf_prepare_worker::worker_entrypoint,
        Worker::Execute => polkadot_node_core_pvf_execute_worker::worker_entrypoint,
    };
    entrypoint(socket_path, worker_dir_path, node_version.as_deref(), Some(VERSION_LINE));
}

#[cfg(test)]
mod tests;
