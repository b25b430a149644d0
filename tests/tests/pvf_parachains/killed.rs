// SPDX-License-Identifier: GPL-3.0-only
//! Workers and jobs that die or stall in the middle of an execution, whoever did it: the host says which of the two it was,
//! and replaces them. Such an answer is not yet a vote, for the node asks again.

use super::{
    host::{Host, Limits, LIMIT},
    modules::Pvf,
};
use polkadot_node_core_pvf::{InvalidCandidate, PossiblyInvalidError, ValidationError};
use std::time::{Duration, Instant};

/// In CPU time. The host waits four times as long for a worker that does not answer at all.
const EXECUTION_LIMIT: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread")]
async fn network_a_killed_worker_is_replaced() {
    let host = Host::start().await;
    let limits = Limits::execution(EXECUTION_LIMIT);
    let (answer, running) = host
        .execute_and(&Pvf::endless_loop().encode(), &limits, |running| {
            running.worker.signal(libc::SIGKILL);
            running
        })
        .await;
    answer.fails("worker killed", |error| {
        matches!(error, ValidationError::PossiblyInvalid(PossiblyInvalidError::AmbiguousWorkerDeath))
    });
    host.still_works("a worker's death").await;

    // Nobody is left to end the job but the job itself, which counts its own time.
    let start = Instant::now();
    running.job.gone(LIMIT).await;
    println!("its job ended by itself {} ms later", start.elapsed().as_millis());
    host.still_works("the end of the orphaned job").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn network_a_killed_job_costs_its_worker_alone() {
    let host = Host::start().await;
    let limits = Limits::default();
    let (answer, running) = host
        .execute_and(&Pvf::endless_loop().encode(), &limits, |running| {
            running.job.signal(libc::SIGKILL);
            running
        })
        .await;
    answer.fails("job killed", |error| {
        matches!(error, ValidationError::PossiblyInvalid(PossiblyInvalidError::AmbiguousJobDeath(reason))
            if reason.contains("SIGKILL"))
    });
    host.still_works("a job's death").await;
    running.worker.gone(LIMIT).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn network_a_worker_that_stalls_is_killed() {
    let host = Host::start().await;
    let limits = Limits::execution(EXECUTION_LIMIT);
    let (answer, running) = host
        .execute_and(&Pvf::endless_loop().encode(), &limits, |running| {
            running.worker.signal(libc::SIGSTOP);
            running
        })
        .await;
    answer.fails("worker stopped", |error| matches!(error, ValidationError::Invalid(InvalidCandidate::HardTimeout)));
    host.still_works("a stopped worker").await;
    running.worker.gone(LIMIT).await;
    running.job.gone(LIMIT).await;
}
