// SPDX-License-Identifier: GPL-3.0-only
//! The PVF workers and their sandbox, asked in the way in which the PVF host asks.

use super::Finding;
use crate::workers::{own_executable, Probe, VERSION_LINE};
use std::{
    ffi::OsStr,
    path::Path,
    process::{Command, Output},
};

const WORKERS: &str = "workers";
const SANDBOX: &str = "sandbox";

pub fn check() -> Vec<Finding> {
    let Some(executable) = own_executable() else {
        return vec![Finding::failed(
            WORKERS,
            "the path of this executable is unknown",
            "start it by its full path, or pass the node --workers-path",
        )];
    };
    let mut findings = vec![check_version(&executable)];
    findings.extend(check_sandbox(&executable));
    findings
}

fn check_version(executable: &Path) -> Finding {
    match run(executable, &[OsStr::new("--version")]) {
        Ok(output) if String::from_utf8_lossy(&output.stdout).trim() == VERSION_LINE => {
            Finding::ok(WORKERS, format!("answer as {VERSION_LINE}"))
        }
        Ok(output) => Finding::failed(
            WORKERS,
            format!("answer as {:?}, not as {VERSION_LINE:?}", String::from_utf8_lossy(&output.stdout).trim()),
            "install the executable anew",
        ),
        Err(error) => Finding::failed(
            WORKERS,
            format!("do not start: {error}"),
            "mount /proc, and let the node's user execute this file",
        ),
    }
}

fn check_sandbox(executable: &Path) -> Vec<Finding> {
    let directory = match tempfile::tempdir() {
        Ok(directory) => directory,
        Err(error) => {
            return vec![Finding::failed(
                SANDBOX,
                format!("no temporary directory for the probes: {error}"),
                "make the directory for temporary files writable, or set TMPDIR",
            )]
        }
    };
    judge(Sandbox {
        landlock: probe(executable, &Probe::Landlock),
        seccomp: probe(executable, &Probe::Seccomp),
        change_root: probe(executable, &Probe::ChangeRoot(directory.path().into())),
        secure_clone: probe(executable, &Probe::SecureClone),
    })
}

/// What each probe said: nothing, or why the part is not available.
struct Sandbox {
    landlock: Result<(), String>,
    seccomp: Result<(), String>,
    change_root: Result<(), String>,
    secure_clone: Result<(), String>,
}

/// Secure Validator Mode needs seccomp and one of the two ways to shut a worker off from the files.
fn judge(sandbox: Sandbox) -> Vec<Finding> {
    let no_files = sandbox.landlock.is_ok() || sandbox.change_root.is_ok();
    vec![
        finding("landlock", sandbox.landlock, no_files, "use Linux 5.13 or later with landlock among its `lsm=`"),
        finding("seccomp", sandbox.seccomp, false, "use an x86-64 Linux with CONFIG_SECCOMP_FILTER"),
        finding(
            "change of root",
            sandbox.change_root,
            no_files,
            "allow unprivileged user namespaces (kernel.unprivileged_userns_clone, \
             kernel.apparmor_restrict_unprivileged_userns, or the container's seccomp profile)",
        ),
        finding("secure clone", sandbox.secure_clone, true, "allow unprivileged user namespaces"),
    ]
}

fn finding(part: &str, probe: Result<(), String>, optional: bool, fix: &str) -> Finding {
    match probe {
        Ok(()) => Finding::ok(SANDBOX, format!("{part} works")),
        Err(reason) if optional => Finding::warning(SANDBOX, format!("no {part} (not required): {reason}"), fix),
        Err(reason) => Finding::failed(SANDBOX, format!("no {part}: {reason}"), fix),
    }
}

fn probe(executable: &Path, probe: &Probe) -> Result<(), String> {
    let mut arguments = vec![OsStr::new(probe.flag())];
    if let Probe::ChangeRoot(directory) = probe {
        arguments.push(directory.as_os_str());
    }
    let output = run(executable, &arguments).map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let reason = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(if reason.is_empty() { output.status.to_string() } else { reason })
}

fn run(executable: &Path, arguments: &[&OsStr]) -> std::io::Result<Output> {
    Command::new(executable).args(arguments).env_clear().output()
}

#[cfg(test)]
mod tests {
    use super::{super::Level, *};

    fn levels(landlock: bool, seccomp: bool, change_root: bool, secure_clone: bool) -> Vec<Level> {
        let probe = |works: bool| if works { Ok(()) } else { Err("refused".to_owned()) };
        let sandbox = Sandbox {
            landlock: probe(landlock),
            seccomp: probe(seccomp),
            change_root: probe(change_root),
            secure_clone: probe(secure_clone),
        };
        judge(sandbox).into_iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn either_way_to_shut_off_the_files_will_do() {
        use Level::{Failed, Ok, Warning};
        assert_eq!(levels(true, true, true, true), [Ok, Ok, Ok, Ok]);
        assert_eq!(levels(false, true, true, true), [Warning, Ok, Ok, Ok]);
        assert_eq!(levels(true, true, false, false), [Ok, Ok, Warning, Warning]);
        assert_eq!(levels(false, true, false, true), [Failed, Ok, Failed, Ok]);
        assert_eq!(levels(true, false, true, true), [Ok, Failed, Ok, Ok]);
    }
}
