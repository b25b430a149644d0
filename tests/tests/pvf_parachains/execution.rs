// SPDX-License-Identifier: GPL-3.0-only
//! Code that compiles, and then does not do as a PVF should: its candidate is invalid, and nothing else comes of it.

use super::{
    host::{Host, Limits, LIMIT},
    modules::Pvf,
};
use polkadot_node_core_pvf::{InvalidCandidate, PossiblyInvalidError, ValidationError};
use polkadot_node_primitives::POV_BOMB_LIMIT;
use sp_maybe_compressed_blob::compress_weakly;
use std::{iter, thread::sleep, time::Duration};

/// In CPU time, for what does not end by itself.
const EXECUTION_LIMIT: Duration = Duration::from_secs(1);
/// Twice what the executor allows a PVF by default, 2,080 pages.
const MEMORY_BOUND: u64 = 2 * 2_080 * 65_536;

#[tokio::test(flavor = "multi_thread")]
async fn network_what_does_not_end_is_killed() {
    let host = Host::start().await;
    let limits = Limits::execution(EXECUTION_LIMIT);
    println!("the limit is {EXECUTION_LIMIT:?} of CPU time");
    for (case, pvf) in [("endless loop", Pvf::endless_loop()), ("endless start function", Pvf::endless_start())] {
        let code = pvf.encode();
        host.prepare(&code, &limits).await.succeeds(&format!("preparing: {case}"));
        let (answer, worker) = host.execute_and(&code, &limits, |worker| worker).await;
        answer.fails(case, timed_out);
        host.still_works(case).await;
        worker.job.gone(LIMIT).await;
        worker.worker.gone(LIMIT).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn network_memory_is_bounded() {
    let host = Host::start().await;
    let limits = Limits::execution(EXECUTION_LIMIT);

    let (answer, peak) = host
        .execute_and(&Pvf::endless_growth().encode(), &limits, |worker| {
            let seen = iter::from_fn(|| {
                sleep(Duration::from_millis(5));
                worker.job.anonymous_memory()
            });
            seen.max().expect("a job that runs has memory")
        })
        .await;
    answer.fails("endless memory.grow", timed_out);
    println!("the job had at most {} MiB", peak >> 20);
    assert!(peak > MEMORY_BOUND / 4, "it did not grow: {peak} bytes");
    assert!(peak < MEMORY_BOUND, "the job's memory is not bounded: {peak} bytes");
    host.still_works("endless growth").await;

    for (case, pvf, message) in [
        ("endless allocation", Pvf::endless_allocation(), "Failed to allocate memory"),
        ("touch beyond memory", Pvf::touch_beyond_memory(), "out of bounds memory access"),
        ("endless recursion", Pvf::endless_recursion(), "unreachable"),
    ] {
        host.execute(&pvf.encode(), &Limits::default()).await.fails(case, reported(message));
        host.still_works(case).await;
    }

    let answer = host.execute(&Pvf::with_memory(1 << 16).encode(), &Limits::default()).await;
    answer.fails("a memory of 4 GiB", not_constructed);
    host.still_works("a memory of 4 GiB").await;

    // Of an empty table the kernel has to give addresses alone, so it depends on the kernel's settings whether it does.
    let case = "a table of 2^32 - 1 entries";
    let answer = host.execute(&Pvf::with_table(u32::MAX.into()).encode(), &Limits::default()).await;
    match answer.result {
        Ok(_) => answer.print(case),
        Err(_) => answer.fails(case, not_constructed),
    }
    host.still_works(case).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn network_wrong_answers_are_invalid() {
    let host = Host::start().await;
    let limits = Limits::default();
    for (case, pvf, message) in [
        ("trap", Pvf::trap(), "unreachable"),
        ("an answer outside of its memory", Pvf::answering(-16, 4_096), "exceeds bounds"),
        ("an answer of 4 GiB", Pvf::answering(0, 0xffff_ffff), "exceeds bounds"),
        ("an answer cut off", Pvf::answering(0, 3), "result decoding failed"),
        ("an answer of zeros", Pvf::answering(32_768, 5), "result decoding failed"),
        ("no validate_block", Pvf::without_entry(), "validate_block is not found"),
    ] {
        host.execute(&pvf.encode(), &limits).await.fails(case, reported(message));
        host.still_works(case).await;
    }

    let case = "a block that is a zip bomb";
    let block = vec![0; POV_BOMB_LIMIT + 1];
    let block = compress_weakly(&block, block.len()).expect("it is not longer than it may be");
    let answer = host.execute_block(&Pvf::good().encode(), &limits, block).await;
    answer.fails(case, |error| matches!(error, ValidationError::Invalid(InvalidCandidate::PoVDecompressionFailure)));
    host.still_works(case).await;
}

/// A PVF cannot ask for more than the host functions of a validation. An unknown one in their module is no reason to refuse
/// the code: it is prepared, for what is missing may never be called, and a call of it ends the execution.
#[tokio::test(flavor = "multi_thread")]
async fn network_unknown_host_functions_end_the_execution() {
    let host = Host::start().await;
    let limits = Limits::default();
    for name in ["fork", "socket", "open", "ext_offchain_http_request_start_version_1", "ext_storage_get_version_1"] {
        let case = format!("call of env.{name}");
        let code = Pvf::calling("env", name).encode();
        host.prepare(&code, &limits).await.succeeds(&format!("preparing: {case}"));
        let message = format!("call to a missing function env:{name}");
        host.execute(&code, &limits).await.fails(&case, reported(&message));
        host.still_works(&case).await;
    }
    let answer = host.execute(&Pvf::calling("wasi_snapshot_preview1", "sock_open").encode(), &limits).await;
    answer.fails("call from another system", not_constructed);
    host.still_works("a call from another system").await;
}

fn timed_out(error: &ValidationError) -> bool {
    matches!(error, ValidationError::Invalid(InvalidCandidate::HardTimeout))
}

fn not_constructed(error: &ValidationError) -> bool {
    matches!(error, ValidationError::PossiblyInvalid(PossiblyInvalidError::RuntimeConstruction(_)))
}

/// The worker calls the candidate invalid, with this in its reason.
fn reported(part: &str) -> impl FnOnce(&ValidationError) -> bool + '_ {
    move |error| match error {
        ValidationError::Invalid(InvalidCandidate::WorkerReportedInvalid(reason)) => reason.contains(part),
        _ => false,
    }
}
