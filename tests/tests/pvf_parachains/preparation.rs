// SPDX-License-Identifier: GPL-3.0-only
//! What validators vote against before it ever runs: code that cannot be compiled, or not within the limits.

use super::{
    host::{Host, Limits, BOMB_LIMIT},
    modules::Pvf,
};
use polkadot_node_core_pvf::{PrepareError, ValidationError};
use polkadot_primitives::executor_params::PRECHECK_MEM_MAX_LO;
use sp_maybe_compressed_blob::compress_weakly;
use std::time::Duration;

/// The most that wasm can address, in its pages.
const WASM_PAGES: u64 = 1 << 16;

#[tokio::test(flavor = "multi_thread")]
async fn network_bad_code_is_refused_in_preparation() {
    let host = Host::start().await;
    let good = Pvf::good().encode();
    let packed = compress(&good);
    let limits = Limits::default();

    let not_wasm = b"#!/bin/sh\nexec true\n";
    for (case, code) in
        [("not wasm", &not_wasm[..]), ("nothing", &[]), ("the first half of a good one", &good[..good.len() / 2])]
    {
        let answer = host.prepare(code, &limits).await;
        answer.fails(case, |error| matches!(error, PrepareError::Prevalidation(_)));
        host.still_works(case).await;
        // As for a candidate of a parachain that has such code all the same.
        let answer = host.execute(code, &limits).await;
        answer.fails("  and a candidate of it", |error| matches!(error, ValidationError::Preparation(_)));
    }

    let bomb = compress(&vec![0; bytes(BOMB_LIMIT) * 4]);
    println!("{} bytes unpack to four times the limit of {BOMB_LIMIT}", bomb.len());
    for (case, code) in [("zip bomb", &bomb[..]), ("the first half of a packed one", &packed[..packed.len() / 2])] {
        let answer = host.prepare(code, &limits).await;
        answer.fails(case, |error| matches!(error, PrepareError::CouldNotDecompressCodeBlob(_)));
        host.still_works(case).await;
    }
    host.prepare(&packed, &limits).await.succeeds("a good one, packed");

    let answer = host.prepare(&Pvf::with_memory(WASM_PAGES + 1).encode(), &limits).await;
    answer.fails("one page more than wasm can address", |error| matches!(error, PrepareError::Preparation(_)));
    host.still_works("too large a memory").await;

    let answer = host.prepare(&Pvf::calling("wasi_snapshot_preview1", "sock_open").encode(), &limits).await;
    answer.fails("import from another system", |error| matches!(error, PrepareError::RuntimeConstruction(_)));
    host.still_works("an import from another system").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn network_preparation_ends_at_its_limits() {
    let host = Host::start().await;

    let limit = Duration::from_millis(500);
    let slow = Pvf::slow_to_compile(80).encode();
    println!("{} bytes to compile within {limit:?}", slow.len());
    let answer = host.prepare(&slow, &Limits::preparation(limit)).await;
    answer.fails("slow to compile", |error| matches!(error, PrepareError::TimedOut));
    host.still_works("slow code").await;

    // The lowest value that the relay chain's configuration accepts.
    let limits = Limits::preparation_memory(PRECHECK_MEM_MAX_LO);
    let large = compress(&Pvf::large_in_memory(200).encode());
    println!("{} bytes to compile within {PRECHECK_MEM_MAX_LO} bytes of memory", large.len());
    let answer = host.prepare(&large, &limits).await;
    answer.fails("large in the compiler's memory", |error| matches!(error, PrepareError::OutOfMemory));
    host.still_works("large code").await;
    // What ends is this preparation and not each one under that limit. Another one than the good PVF, which is prepared.
    host.prepare(&Pvf::slow_to_compile(1).encode(), &limits).await.succeeds("another within that memory");
}

fn compress(code: &[u8]) -> Vec<u8> {
    compress_weakly(code, code.len()).expect("it is not longer than it may be")
}

fn bytes(number: u32) -> usize {
    usize::try_from(number).expect("an address has at least 32 bits")
}
