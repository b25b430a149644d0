// SPDX-License-Identifier: GPL-3.0-only
//! What a validator costs while nobody uses its chain.

use serin_node::network::LocalNetwork;
use std::{
    fs,
    time::{Duration, Instant},
};

/// Five minutes of the preset `local`.
const BLOCKS: u32 = 50;
const BLOCKS_LIMIT: Duration = Duration::from_secs(900);
const NODE: &str = "alice";

#[tokio::test(flavor = "multi_thread")]
async fn bench_an_idle_validator() {
    let network = LocalNetwork::builder().validators(1).chain("local").start().await.expect("the network starts");
    network.wait_finalized(1, BLOCKS_LIMIT).await.expect("the network finalizes");
    let process = network.node(NODE).expect("it is there").pid.expect("it runs");

    let (started, before) = (Instant::now(), cpu_ticks(process));
    let best = network.best(NODE).await.expect("it answers");
    network.wait_best(best + BLOCKS, BLOCKS_LIMIT).await.expect("the network goes on");
    let ticks = cpu_ticks(process) - before;

    // SAFETY: sysconf has no memory effects.
    let ticks_per_second = u64::try_from(unsafe { libc::sysconf(libc::_SC_CLK_TCK) }).expect("there is a clock");
    let cpu = Duration::from_millis(ticks * 1_000 / ticks_per_second);
    let share = 100.0 * cpu.as_secs_f64() / started.elapsed().as_secs_f64();
    println!(
        "an idle validator over {BLOCKS} blocks: {} KiB resident, {cpu:?} of CPU time, {share:.1} % of one core",
        resident_kib(process)
    );
    network.stop().await.expect("the network stops");
}

/// User and system time of the process, in the kernel's clock ticks.
fn cpu_ticks(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).expect("the process runs");
    // The second field is a name in brackets, which may hold anything; the third is the first after it.
    let (_, fields) = stat.rsplit_once(')').expect("it has a name");
    let fields = fields.split_whitespace().collect::<Vec<_>>();
    [11, 12].iter().map(|&index: &usize| fields[index].parse::<u64>().expect("a number")).sum()
}

fn resident_kib(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it has memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
