// SPDX-License-Identifier: GPL-3.0-only
//! The sandbox around a PVF that runs: as the kernel shows it from outside, and as native code inside would find it.

use super::{
    host::{BusyWorker, Host, Limits},
    modules::Pvf,
    processes::children_of,
};
use polkadot_node_core_pvf::{InvalidCandidate, SecurityStatus, ValidationError};
use std::time::Duration;

/// In CPU time: enough to look around, and then it has to end by itself.
const EXECUTION_LIMIT: Duration = Duration::from_secs(2);
/// The kernel's number for a process whose system calls pass a filter.
const FILTERED: &str = "2";

#[tokio::test(flavor = "multi_thread")]
async fn network_a_job_is_confined() {
    let host = Host::start().await;
    let security = host.security();
    println!("{security:?}");
    assert!(security.secure_validator_mode && security.can_enable_seccomp, "{security:?}");

    let limits = Limits::execution(EXECUTION_LIMIT);
    let (answer, ()) =
        host.execute_and(&Pvf::endless_loop().encode(), &limits, |running| looks_confined(&running, security)).await;
    answer.fails("endless loop, looked at", timed_out);
    host.still_works("a look at the sandbox").await;
}

fn looks_confined(running: &BusyWorker, security: &SecurityStatus) {
    let BusyWorker { worker, job, .. } = running;
    for process in [worker, job] {
        let threads = process.threads();
        assert!(!threads.is_empty(), "{process:?} has ended");
        for thread in &threads {
            for (field, value) in [("Seccomp", FILTERED), ("NoNewPrivs", "1")] {
                assert_eq!(process.status(Some(thread), field).as_deref(), Some(value), "{field} of {thread:?}");
            }
        }
        let environment = process.environment();
        assert!(
            environment.iter().all(|variable| variable.starts_with("RUST_LOG=")),
            "{process:?} knows of {environment:?}"
        );
    }
    assert_eq!(children_of(worker.id), [*job], "a worker has one job at a time");
    assert!(children_of(job.id).is_empty(), "a job has no processes");

    // The first three are the standard ones, which are the test's own.
    let sockets: Vec<_> = job
        .open_files()
        .into_iter()
        .filter(|(number, file)| *number > 2 && file.to_string_lossy().starts_with("socket:"))
        .collect();
    assert!(sockets.is_empty(), "the job has {sockets:?} open");

    if security.can_unshare_user_namespace_and_change_root {
        assert_eq!(job.root(), ["artifact"], "its own compiled code is all that the job may see");
        for kind in ["user", "mnt"] {
            assert_ne!(job.namespace(kind), test_namespace(kind), "{kind}");
        }
    }
    if security.can_do_secure_clone {
        for kind in ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"] {
            assert_ne!(job.namespace(kind), test_namespace(kind), "{kind}");
        }
    }
}

fn timed_out(error: &ValidationError) -> bool {
    matches!(error, ValidationError::Invalid(InvalidCandidate::HardTimeout))
}

fn test_namespace(kind: &str) -> std::path::PathBuf {
    std::fs::read_link(format!("/proc/self/ns/{kind}")).expect("a process has namespaces")
}

#[cfg(target_arch = "x86_64")]
mod native_code {
    use super::*;
    use crate::pvf_parachains::{
        host::LIMIT,
        native::{Hijacked, Outcome},
    };
    use polkadot_node_core_pvf::PossiblyInvalidError;

    /// The kernel's number for paths from where the process is.
    const HERE: u64 = libc::AT_FDCWD as u64;

    #[tokio::test(flavor = "multi_thread")]
    async fn network_system_calls_of_the_network_kill_the_job() {
        let host = Host::start().await;
        let code = Pvf::endless_loop().encode();
        let internet = u64::from(libc::AF_INET.unsigned_abs());
        let stream = u64::from(libc::SOCK_STREAM.unsigned_abs());
        for (case, number, arguments) in [
            ("native code calls socket", libc::SYS_socket, [internet, stream, 0]),
            ("native code calls socketpair", libc::SYS_socketpair, [internet, stream, 0]),
            ("native code calls connect", libc::SYS_connect, [0, 0, 0]),
            ("native code calls io_uring_setup", libc::SYS_io_uring_setup, [1, 0, 0]),
        ] {
            let (answer, outcome) = host
                .execute_and(&code, &Limits::default(), |running| {
                    Hijacked::stop(running.thread).call(number, arguments)
                })
                .await;
            assert_eq!(outcome, Outcome::Killed(libc::SIGSYS), "{case}");
            answer.fails(case, |error| {
                matches!(error, ValidationError::PossiblyInvalid(PossiblyInvalidError::AmbiguousJobDeath(reason))
                    if reason.contains("SIGSYS"))
            });
            host.still_works(case).await;
        }
    }

    /// These do not kill: what they would reach is not there.
    #[tokio::test(flavor = "multi_thread")]
    async fn network_system_calls_for_files_and_processes_reach_nothing() {
        let host = Host::start().await;
        let security = host.security();
        let limits = Limits::execution(EXECUTION_LIMIT);

        let (answer, (job, child)) = host
            .execute_and(&Pvf::endless_loop().encode(), &limits, |running| {
                let mut native = Hijacked::stop(running.thread);
                opens_nothing(&mut native, security);
                signals_nobody(&mut native, security);

                // Not forbidden. The child does nothing but stay busy, and would do so for ever.
                let forked = native.call(libc::SYS_fork, [0, 0, 0]);
                println!("fork: {forked:?}");
                assert!(matches!(forked, Outcome::Returned(_)), "the kernel has no process left: {forked:?}");
                let children = children_of(running.job.id);
                let [child] = children[..] else { panic!("a job that forked has one child: {children:?}") };
                (running.job, child)
            })
            .await;
        answer.fails("native code opens, signals, forks", timed_out);
        host.still_works("native code for files and processes").await;
        job.gone(LIMIT).await;
        if security.can_do_secure_clone {
            // The job was the first process of its namespace, and the kernel ends all others with it.
            child.gone(LIMIT).await;
        } else {
            println!("this machine has no secure clone: the fork outlives its job");
            child.signal(libc::SIGKILL);
        }
    }

    fn opens_nothing(native: &mut Hijacked, security: &SecurityStatus) {
        for path in [c"/etc/passwd", c"/proc/self/environ", c"../../../../etc/passwd"] {
            let path_in_job = native.text(path);
            let outcome = native.call(libc::SYS_openat, [HERE, path_in_job, flags(libc::O_RDONLY)]);
            println!("open {path:?}: {outcome:?}");
            assert!(matches!(outcome, Outcome::Refused(libc::ENOENT | libc::EACCES)), "{path:?}: {outcome:?}");
        }
        // Without landlock it could write into its own directory, which is emptied after each job, and to its own compiled
        // code, which the next job would find to have another checksum.
        if security.can_enable_landlock {
            for (path, mode) in [(c"/artifact", libc::O_WRONLY), (c"/new", libc::O_WRONLY | libc::O_CREAT)] {
                let path_in_job = native.text(path);
                let outcome = native.call(libc::SYS_openat, [HERE, path_in_job, flags(mode)]);
                println!("open {path:?} for writing: {outcome:?}");
                assert!(matches!(outcome, Outcome::Refused(libc::EACCES | libc::EROFS)), "{path:?}: {outcome:?}");
            }
        }
    }

    /// Signal 0 does nothing but ask whether one could be sent.
    fn signals_nobody(native: &mut Hijacked, security: &SecurityStatus) {
        let test = u64::from(std::process::id());
        let outcome = native.call(libc::SYS_kill, [test, 0, 0]);
        println!("kill the test: {outcome:?}");
        if security.can_do_secure_clone {
            assert_eq!(outcome, Outcome::Refused(libc::ESRCH), "the job sees processes outside of its namespace");
        }
    }

    fn flags(flags: libc::c_int) -> u64 {
        u64::from(flags.unsigned_abs())
    }
}
