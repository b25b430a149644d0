// SPDX-License-Identifier: GPL-3.0-only
//! What messages between parachains cost the relay chain, by HRMP and by XCMP.
//!
//! One sender, some receivers, a channel to each of them. In one of its blocks the sender sends as many of the messages as its
//! transport lets it; all blocks until everything has arrived and is acknowledged are measured. What is told is the
//! difference to the same blocks without messages: of everything in the state, and of everything in the blocks.
//!
//! HRMP has Kusama's limits. Its candidates carry pages, filled and laid out as `XcmpQueue` does it; the parachains behind
//! them are not run. XCMP's come from the parachain's runtime.

use super::{
    relay::Figures,
    transports::{ByHrmp, ByXcmp, Load, KIB, ROUNDS},
};
use std::time::Duration;

/// What a change of a root may cost: its key and 44 bytes, and an event.
const ROOT_BYTES: usize = 256;

/// What a run cost in all of its blocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    /// Messages that the sender's block took.
    pub carried: usize,
    block_bytes: usize,
    written_bytes: usize,
    /// After each of them.
    state_bytes: [usize; 2 * ROUNDS],
    weight_micros: u64,
    time: Duration,
}

/// What messages cost beyond the same blocks without any.
#[derive(Clone, Copy, Debug)]
struct Extra {
    carried: usize,
    block_bytes: usize,
    written_bytes: usize,
    /// After the block in which it is most.
    state_bytes: usize,
    weight_micros: u64,
    time: Duration,
}

impl Cost {
    pub fn add(&mut self, round: usize, blocks: [Figures; 2]) {
        for (index, block) in blocks.into_iter().enumerate() {
            self.block_bytes += block.block_bytes;
            self.written_bytes += block.written_bytes;
            self.state_bytes[2 * round + index] = block.state_bytes;
            self.weight_micros += block.weight_micros;
            self.time += block.time;
        }
    }

    fn beyond(self, idle: Self) -> Extra {
        let by_block = self.state_bytes.iter().zip(idle.state_bytes).map(|(state, idle)| state.saturating_sub(idle));
        Extra {
            carried: self.carried,
            block_bytes: self.block_bytes.saturating_sub(idle.block_bytes),
            written_bytes: self.written_bytes.saturating_sub(idle.written_bytes),
            state_bytes: by_block.max().unwrap_or_default(),
            weight_micros: self.weight_micros.saturating_sub(idle.weight_micros),
            time: self.time.saturating_sub(idle.time),
        }
    }
}

impl Extra {
    fn print(&self, transport: &str, load: Load) {
        let Load { messages, bytes, channels } = load;
        println!(
            "| {transport} | {messages} x {bytes} B | {channels} | {} | {} | {} | {} | {} | {:.1} |",
            self.carried,
            self.block_bytes,
            self.written_bytes,
            self.state_bytes,
            self.weight_micros,
            self.time.as_secs_f64() * 1_000.0,
        );
    }
}

#[test]
fn the_relay_chain_pays_for_hrmp_messages_and_not_for_xcmp_messages() {
    matrix(&[1, 100], &[32, KIB], &[1, 3]);
}

#[test]
fn prove_the_cost_is_flat_in_messages_bytes_and_channels() {
    matrix(&[1, 10, 100, 1_000], &[32, KIB, 100 * KIB], &[1, 10, 30]);
}

fn matrix(messages: &[usize], bytes: &[usize], channels: &[u32]) {
    println!("| transport | asked | channels | carried | block bytes | bytes written | state bytes | weight us | native ms |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for channels in channels.iter().copied() {
        let nothing = Load { messages: 0, bytes: KIB, channels };
        let (by_hrmp, by_xcmp) = (ByHrmp::new(channels), ByXcmp::new(channels));
        let (idle_hrmp, idle_xcmp) = (by_hrmp.run(nothing), by_xcmp.run(nothing));
        for bytes in bytes.iter().copied() {
            for messages in messages.iter().copied() {
                let load = Load { messages, bytes, channels };
                let (hrmp, xcmp) = (by_hrmp.run(load).beyond(idle_hrmp), by_xcmp.run(load).beyond(idle_xcmp));
                hrmp.print("HRMP", load);
                xcmp.print("XCMP", load);
                judge(load, hrmp, xcmp);
            }
        }
    }
}

/// The claim: a body is nowhere on the relay chain, and a candidate writes one root at most.
fn judge(load: Load, hrmp: Extra, xcmp: Extra) {
    let most = ROOT_BYTES * ROUNDS * (usize::try_from(load.channels).expect("few") + 1);
    assert_eq!(xcmp.block_bytes, 0, "{load:?}: heads are as long as without messages");
    assert!(xcmp.written_bytes <= most, "{load:?}: {xcmp:?}, more than {most}");
    assert!(xcmp.state_bytes <= most / ROUNDS, "{load:?}: {xcmp:?}");
    assert_eq!(xcmp.weight_micros, 0, "{load:?}: every head is paid for alike");
    assert!(xcmp.carried >= hrmp.carried, "{load:?}: XCMP takes {}, HRMP {}", xcmp.carried, hrmp.carried);

    // The measurement sees bodies where there are any.
    let bodies = hrmp.carried * load.bytes;
    assert!(hrmp.carried > 0 && hrmp.block_bytes >= bodies, "{load:?}: {hrmp:?}");
    assert!(hrmp.written_bytes >= 2 * bodies, "{load:?}: {hrmp:?}");
    assert!(hrmp.state_bytes >= bodies, "{load:?}: {hrmp:?}");
}
