// SPDX-License-Identifier: GPL-3.0-only
//! The ports of a network's nodes, all on 127.0.0.1.

use super::{Error, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::{hash_map::RandomState, BTreeSet},
    fs,
    hash::BuildHasher,
    io,
    net::{Ipv4Addr, TcpListener},
};

/// How far the nodes of a network with fixed ports lie apart.
const FIXED_STEP: u16 = 10;
/// Below it are the ports of well-known services.
const FIRST_FREE_CANDIDATE: u16 = 10_000;
/// Where Linux begins to take the ports of outgoing connections from, unless told otherwise.
const DEFAULT_EPHEMERAL_START: u16 = 32_768;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NodePorts {
    pub rpc: u16,
    pub p2p: u16,
    pub prometheus: u16,
}

impl NodePorts {
    pub const fn all(self) -> [u16; 3] {
        [self.rpc, self.p2p, self.prometheus]
    }

    /// Fails with the first of the three that cannot be bound now.
    pub fn ensure_free(self, node: &str) -> Result<()> {
        let purposes = [(self.rpc, "the RPC server"), (self.p2p, "the p2p network"), (self.prometheus, "the metrics")];
        for (port, purpose) in purposes {
            probe(port).map_err(|source| Error::PortInUse { port, purpose, node: node.to_owned(), source })?;
        }
        Ok(())
    }
}

/// Hands out ports, node by node.
#[derive(Debug)]
pub struct PortAllocator {
    source: Source,
}

#[derive(Debug)]
enum Source {
    Fixed { base: u16, nodes: u16 },
    Free { candidates: Candidates, taken: BTreeSet<u16> },
}

impl PortAllocator {
    /// Node `i` gets `base + 10 * i` for RPC and the two ports after it for p2p and metrics.
    pub const fn fixed(base: u16) -> Self {
        Self { source: Source::Fixed { base, nodes: 0 } }
    }

    /// Ports that are free now and that are not in `taken`: those of other networks, whose nodes may be down for a moment.
    ///
    /// They lie below the range the kernel takes for outgoing connections: a port from that range could be lost to some
    /// connection while its node is being restarted.
    pub fn free(taken: BTreeSet<u16>) -> Self {
        let last = ephemeral_start().saturating_sub(1);
        // A kernel whose range begins low leaves no room below it; then a port of the range is better than none.
        let last = if last > FIRST_FREE_CANDIDATE { last } else { DEFAULT_EPHEMERAL_START - 1 };
        Self { source: Source::Free { candidates: Candidates::new(FIRST_FREE_CANDIDATE, last, random()), taken } }
    }

    pub fn next(&mut self, node: &str) -> Result<NodePorts> {
        match &mut self.source {
            Source::Fixed { base, nodes } => {
                let exhausted = || Error::PortsExhausted { base: *base, node: node.to_owned() };
                let ports = fixed_ports(*base, *nodes).ok_or_else(exhausted)?;
                *nodes = nodes.saturating_add(1);
                ports.ensure_free(node)?;
                Ok(ports)
            }
            Source::Free { candidates, taken } => {
                let mut one = || {
                    let port = candidates.find(|port| !taken.contains(port) && probe(*port).is_ok());
                    let (first, last) = (candidates.first, candidates.last);
                    port.inspect(|port| {
                        taken.insert(*port);
                    })
                    .ok_or_else(|| Error::NoFreePort { first, last, node: node.to_owned() })
                };
                Ok(NodePorts { rpc: one()?, p2p: one()?, prometheus: one()? })
            }
        }
    }
}

/// The ports from `first` to `last`, once around, beginning somewhere.
#[derive(Debug)]
struct Candidates {
    first: u16,
    last: u16,
    next: u16,
    left: u16,
}

impl Candidates {
    fn new(first: u16, last: u16, seed: u64) -> Self {
        let left = last.saturating_sub(first).saturating_add(1);
        let offset = u16::try_from(seed % u64::from(left)).unwrap_or(0);
        Self { first, last, next: first.saturating_add(offset), left }
    }
}

impl Iterator for Candidates {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        self.left = self.left.checked_sub(1)?;
        let port = self.next;
        self.next = if port == self.last { self.first } else { port.saturating_add(1) };
        Some(port)
    }
}

fn fixed_ports(base: u16, node: u16) -> Option<NodePorts> {
    let rpc = base.checked_add(node.checked_mul(FIXED_STEP)?)?;
    Some(NodePorts { rpc, p2p: rpc.checked_add(1)?, prometheus: rpc.checked_add(2)? })
}

fn probe(port: u16) -> io::Result<()> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map(drop)
}

fn ephemeral_start() -> u16 {
    fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range")
        .ok()
        .and_then(|range| parse_ephemeral_start(&range))
        .unwrap_or(DEFAULT_EPHEMERAL_START)
}

fn parse_ephemeral_start(range: &str) -> Option<u16> {
    range.split_whitespace().next()?.parse().ok()
}

/// A number that differs between processes, so that networks started at one moment look at different ports.
fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_ports_are_three_of_every_ten() {
        assert_eq!(fixed_ports(9944, 0), Some(NodePorts { rpc: 9944, p2p: 9945, prometheus: 9946 }));
        assert_eq!(fixed_ports(9944, 3), Some(NodePorts { rpc: 9974, p2p: 9975, prometheus: 9976 }));
        assert_eq!(fixed_ports(65_530, 1), None);
    }

    #[test]
    fn fixed_ports_beyond_the_last_are_refused_with_the_remedy() {
        let mut ports = PortAllocator::fixed(65_535);
        let message = ports.next("alice").unwrap_err().to_string();
        assert!(message.contains("alice") && message.contains("--ports 65535"), "{message}");
    }

    #[test]
    fn a_port_in_use_is_named_with_its_purpose() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = holder.local_addr().unwrap().port();
        let ports = NodePorts { rpc: port, p2p: port, prometheus: port };
        let message = ports.ensure_free("bob").unwrap_err().to_string();
        assert!(message.contains(&port.to_string()) && message.contains("RPC server of bob"), "{message}");
    }

    #[test]
    fn free_ports_are_distinct_and_avoid_those_taken() {
        let taken = (FIRST_FREE_CANDIDATE..FIRST_FREE_CANDIDATE + 500).collect::<BTreeSet<_>>();
        let mut allocator = PortAllocator::free(taken.clone());
        let mut seen = taken;
        for node in 0..8 {
            for port in allocator.next(&node.to_string()).unwrap().all() {
                assert!(seen.insert(port), "{port}");
            }
        }
    }

    #[test]
    fn candidates_go_once_around() {
        let ports = Candidates::new(10, 14, 8).collect::<Vec<_>>();
        assert_eq!(ports, [13, 14, 10, 11, 12]);
    }

    #[test]
    fn the_kernels_range_is_read() {
        assert_eq!(parse_ephemeral_start("32768\t60999\n"), Some(32_768));
        assert_eq!(parse_ephemeral_start("nonsense"), None);
    }
}
