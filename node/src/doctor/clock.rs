// SPDX-License-Identifier: GPL-3.0-only
//! The clock. A validator authors in slots that it counts from the system time, so a wrong clock costs it its blocks.

use super::Finding;
use std::{
    thread,
    time::{Duration, Instant, SystemTime},
};

const CLOCK: &str = "clock";
const SYNCHRONISE: &str = "run a time service, such as chrony or systemd-timesyncd";

/// By how much the file may come from a machine whose clock is ahead.
const BEHIND_MAX: Duration = Duration::from_secs(60);
/// How long the two clocks are watched.
const WATCHED: Duration = Duration::from_millis(300);
/// How far they may part meanwhile. Time services correct a clock by 0.05 % at most; more is a jump.
const PARTED_MAX: Duration = Duration::from_millis(20);

pub fn check() -> Vec<Finding> {
    vec![check_plausible(), check_steady(), check_synchronised()]
}

/// The executable cannot be younger than the present.
fn check_plausible() -> Finding {
    let built = std::env::current_exe().and_then(std::fs::metadata).and_then(|file| file.modified());
    match built.map(|built| built.duration_since(SystemTime::now())) {
        Ok(Ok(behind)) if behind > BEHIND_MAX => Finding::failed(
            CLOCK,
            format!("the system time is {} s before the one at which this executable was written", behind.as_secs()),
            SYNCHRONISE,
        ),
        _ => Finding::ok(CLOCK, "the system time is plausible"),
    }
}

fn check_steady() -> Finding {
    let (monotonic, system) = (Instant::now(), SystemTime::now());
    thread::sleep(WATCHED);
    let monotonic = monotonic.elapsed();
    // An error here means that the system time went backwards.
    let system = system.elapsed().unwrap_or_default();
    let parted = monotonic.abs_diff(system);
    if parted > PARTED_MAX {
        let message = format!("the system time moved by {} ms against the monotonic clock", parted.as_millis());
        return Finding::warning(CLOCK, message, "let only one service set the time, and let it slew and not step");
    }
    Finding::ok(CLOCK, "the system time runs as the monotonic clock does")
}

#[cfg(target_os = "linux")]
fn check_synchronised() -> Finding {
    // SAFETY: `timex` is a plain C structure, for which all zeros is a value; its mode 0 means to read only.
    let mut timex: libc::timex = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer is to a live structure of the type that the call fills in.
    let state = unsafe { libc::adjtimex(&mut timex) };
    if state == -1 {
        let message = format!("the kernel does not tell about the clock: {}", std::io::Error::last_os_error());
        return Finding::warning(CLOCK, message, "run this check on the host and not in the container");
    }
    if state == libc::TIME_ERROR || timex.status & libc::STA_UNSYNC != 0 {
        return Finding::warning(CLOCK, "no time service has set the clock", SYNCHRONISE);
    }
    Finding::ok(CLOCK, format!("synchronised, off by at most {} ms", timex.maxerror / 1_000))
}

#[cfg(not(target_os = "linux"))]
fn check_synchronised() -> Finding {
    Finding::warning(CLOCK, "synchronisation is checked on Linux only", SYNCHRONISE)
}
