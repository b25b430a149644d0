// SPDX-License-Identifier: GPL-3.0-only
//! How long a local network takes to its first finalized block, and in which step the time goes.

use serin_node::network::{LocalNetwork, Timings};
use serin_tests::{rounds, summary::Summary};
use std::time::Duration;

/// Far above any start that is not stuck.
const START_LIMIT: Duration = Duration::from_secs(240);

pub type Step = (&'static str, fn(&Timings) -> Option<u64>);

pub const STEPS: [Step; 4] = [
    ("processes started", |timings| timings.spawned),
    ("first RPC answer", |timings| timings.first_rpc),
    ("first block", |timings| timings.first_block),
    ("first finalized block", |timings| timings.first_finalized),
];

#[tokio::test(flavor = "multi_thread")]
async fn bench_from_command_to_first_finalized_block() {
    let rounds = rounds(1, 10);
    for preset in ["fast", "local"] {
        let mut starts = Vec::new();
        for _ in 0..rounds {
            starts.push(start_once(preset).await);
        }
        for (step, millis) in STEPS {
            let of_step = starts.iter().map(|timings| millis(timings).expect("the step was reached"));
            println!("{preset}: {step}: {}", Summary::of(of_step.collect(), "ms"));
        }
    }
}

/// Starts four validators on a fresh base path, and stops them when all have finalized a block.
async fn start_once(preset: &str) -> Timings {
    let network = LocalNetwork::builder().validators(4).chain(preset).start().await.expect("the network starts");
    network.wait_finalized(1, START_LIMIT).await.expect("the network finalizes");
    let timings = network.manifest().timings_ms;
    network.stop().await.expect("the network stops");
    timings
}
