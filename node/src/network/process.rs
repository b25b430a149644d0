// SPDX-License-Identifier: GPL-3.0-only
//! One node's operating-system process, and the promise that it does not outlive this one.

use super::lock;
use std::{
    io, mem,
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitStatus},
    sync::{mpsc, Arc, Mutex, OnceLock},
    thread,
    time::{Duration, Instant},
};
use tokio::sync::watch;

/// A running or ended process. Dropping it kills the process and all it started.
#[derive(Debug)]
pub struct Process {
    pid: libc::pid_t,
    /// True once the process id may belong to another process.
    reaped: Arc<Mutex<bool>>,
    exit: watch::Receiver<Option<ExitStatus>>,
}

impl Process {
    /// Starts `command` in a process group of its own: a terminal's Ctrl-C reaches only the launcher, and the node's PVF
    /// workers can be ended with it.
    pub fn spawn(mut command: Command) -> io::Result<Self> {
        command.process_group(0);
        #[cfg(target_os = "linux")]
        die_with_launcher(&mut command);
        let child = spawn_from_lasting_thread(command)?;
        let pid = libc::pid_t::try_from(child.id()).map_err(io::Error::other)?;

        let reaped = Arc::new(Mutex::new(false));
        let (exit_sender, exit) = watch::channel(None);
        let process = Self { pid, reaped: reaped.clone(), exit };
        // On failure `process` is dropped, and the child with it.
        thread::Builder::new().name(format!("reap-{pid}")).spawn(move || reap(child, pid, &reaped, &exit_sender))?;
        Ok(process)
    }

    pub fn pid(&self) -> u32 {
        self.pid.unsigned_abs()
    }

    pub fn is_running(&self) -> bool {
        self.exit.borrow().is_none()
    }

    /// Asks the node to shut down. Its workers follow it.
    pub fn terminate(&self) {
        self.signal(self.pid, libc::SIGTERM);
    }

    /// Kills the node and its workers.
    pub fn kill(&self) {
        self.signal(-self.pid, libc::SIGKILL);
    }

    /// Waits until the process has ended.
    pub async fn wait(&self) -> ExitStatus {
        let mut exit = self.exit.clone();
        let status = exit.wait_for(Option::is_some).await.map(|status| *status);
        status.ok().flatten().unwrap_or_else(unknown_status)
    }

    /// For `Drop`, where nothing can be awaited. Whether the process has ended by `deadline`.
    pub fn wait_blocking(&self, deadline: Instant) -> bool {
        while self.is_running() {
            if Instant::now() >= deadline {
                return false;
            }
            thread::sleep(Duration::from_millis(2));
        }
        true
    }

    fn signal(&self, target: libc::pid_t, signal: libc::c_int) {
        let reaped = lock(&self.reaped);
        if !*reaped {
            // SAFETY: kill has no memory effects. The process is not reaped while the lock is held, so its id and its
            // group's id are still its own.
            unsafe { libc::kill(target, signal) };
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Has the kernel kill the child when the thread that spawned it ends, which here is when this process ends.
#[cfg(target_os = "linux")]
fn die_with_launcher(command: &mut Command) {
    let launcher = std::process::id();
    let set_signal = move || {
        // SAFETY: prctl and getppid are system calls, allowed between fork and exec; neither touches memory.
        let (set, parent) = unsafe {
            (libc::prctl(libc::PR_SET_PDEATHSIG, libc::c_ulong::from(libc::SIGKILL.unsigned_abs())), libc::getppid())
        };
        if set == -1 {
            Err(io::Error::last_os_error())
        } else if parent.unsigned_abs() == launcher {
            Ok(())
        } else {
            // The launcher died before the signal was set; it will never come.
            Err(io::Error::from_raw_os_error(libc::ESRCH))
        }
    };
    // SAFETY: the closure makes system calls only; an error built from a number allocates nothing.
    unsafe { command.pre_exec(set_signal) };
}

/// The parent-death signal comes when the *thread* that forked ends. Threads of a runtime and of a test harness end long
/// before the process does, so all children are forked by one thread that never ends.
fn spawn_from_lasting_thread(command: Command) -> io::Result<Child> {
    type Job = (Command, mpsc::Sender<io::Result<Child>>);
    static SPAWNER: OnceLock<mpsc::Sender<Job>> = OnceLock::new();

    let spawner = SPAWNER.get_or_init(|| {
        let (sender, jobs) = mpsc::channel::<Job>();
        let serve = move || {
            for (mut command, reply) in jobs {
                // A caller that has gone drops the child's handle; it has not learnt of the process and never will.
                let _ = reply.send(command.spawn());
            }
        };
        // Without the thread the channel is closed, and the error below is what the caller sees.
        let _ = thread::Builder::new().name("spawner".to_owned()).spawn(serve);
        sender
    });
    let gone = || io::Error::other("the thread that starts processes could not be started");
    let (reply, answer) = mpsc::channel();
    spawner.send((command, reply)).map_err(|_| gone())?;
    answer.recv().map_err(|_| gone())?
}

/// Waits for the end of the process, ends what it left in its group, and frees its id, in this order.
fn reap(mut child: Child, pid: libc::pid_t, reaped: &Mutex<bool>, exit: &watch::Sender<Option<ExitStatus>>) {
    wait_without_reaping(pid);
    let status = {
        let mut reaped = lock(reaped);
        // SAFETY: kill has no memory effects; the process is a zombie, so its group's id is still its own.
        unsafe { libc::kill(-pid, libc::SIGKILL) };
        let status = child.wait().unwrap_or_else(|_| unknown_status());
        *reaped = true;
        status
    };
    exit.send_replace(Some(status));
}

fn wait_without_reaping(pid: libc::pid_t) {
    loop {
        // SAFETY: a siginfo_t of zeroes is valid, and waitid writes nothing else.
        let outcome = unsafe {
            let mut info: libc::siginfo_t = mem::zeroed();
            libc::waitid(libc::P_PID, pid.unsigned_abs(), &mut info, libc::WEXITED | libc::WNOWAIT)
        };
        let is_interrupted = outcome == -1 && io::Error::last_os_error().kind() == io::ErrorKind::Interrupted;
        if !is_interrupted {
            return;
        }
    }
}

/// What is reported when the status was taken by someone else.
fn unknown_status() -> ExitStatus {
    ExitStatus::from_raw(libc::SIGKILL)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Stdio;

    fn shell(script: &str) -> Process {
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Process::spawn(command).unwrap()
    }

    fn is_alive(pid: i32) -> bool {
        // SAFETY: signal 0 only asks.
        unsafe { libc::kill(pid, 0) == 0 }
    }

    #[tokio::test]
    async fn the_exit_status_is_reported() {
        assert_eq!(shell("exit 3").wait().await.code(), Some(3));
    }

    #[tokio::test]
    async fn terminate_lets_the_process_end_itself() {
        let directory = tempfile::tempdir().unwrap();
        let ready = directory.path().join("ready");
        let script = format!("trap 'exit 7' TERM; echo ready > {}; while :; do sleep 0.01; done", ready.display());
        let process = shell(&script);
        // Until the trap is set, the signal would end the shell by itself.
        content(&ready).await;
        process.terminate();
        assert_eq!(process.wait().await.code(), Some(7));
    }

    #[tokio::test]
    async fn killing_ends_the_children_too() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("pid");
        let process = shell(&format!("sleep 1000 & echo $! > {}; wait", file.display()));
        let child = content(&file).await.parse::<i32>().unwrap();
        assert!(is_alive(child));
        process.kill();
        assert_eq!(process.wait().await.signal(), Some(libc::SIGKILL));
        // The orphan is reaped by init, a moment later.
        let deadline = Instant::now() + Duration::from_secs(10);
        while is_alive(child) && !is_zombie(child) {
            assert!(Instant::now() < deadline, "{child} outlived its parent");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    #[test]
    fn dropping_kills() {
        let process = shell("sleep 1000");
        let (pid, exit) = (process.pid, process.exit.clone());
        drop(process);
        let deadline = Instant::now() + Duration::from_secs(10);
        while exit.borrow().is_none() {
            assert!(Instant::now() < deadline, "{pid} is still there");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// The first line of a file, once it is there.
    async fn content(file: &std::path::Path) -> String {
        loop {
            match std::fs::read_to_string(file) {
                Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
                _ => tokio::time::sleep(Duration::from_millis(5)).await,
            }
        }
    }

    fn is_zombie(pid: i32) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z'))
    }
}
