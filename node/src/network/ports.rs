// SPDX-License-Identifier: GPL-3.0-only
//! The ports of a network's nodes, all on 127.0.0.1.

use super::{Error, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::hash_map::RandomState,
    fs,
    hash::BuildHasher,
    io,
    net::{Ipv4Addr, TcpListener},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixDatagram},
    },
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
    /// Fails with the first of the three that cannot be bound now.
    pub fn ensure_free(self, node: &str) -> Result<()> {
        for (port, purpose) in self.purposes() {
            probe(port).map_err(|source| Error::PortInUse { port, purpose, node: node.to_owned(), source })?;
        }
        Ok(())
    }

    const fn purposes(self) -> [(u16, &'static str); 3] {
        [(self.rpc, "the RPC server"), (self.p2p, "the p2p network"), (self.prometheus, "the metrics")]
    }
}

/// Hands out ports, node by node.
///
/// A port is reserved when it is handed out, before its node listens on it and also while its node is down. So two launchers
/// never hand out the same one, whoever's they are and however close together they start.
#[derive(Debug)]
pub struct PortAllocator {
    source: Source,
    reservations: Vec<Reservation>,
}

#[derive(Debug)]
enum Source {
    Fixed { base: u16, nodes: u16 },
    Free(Candidates),
}

impl PortAllocator {
    /// Node `i` gets `base + 10 * i` for RPC and the two ports after it for p2p and metrics.
    pub const fn fixed(base: u16) -> Self {
        Self { source: Source::Fixed { base, nodes: 0 }, reservations: Vec::new() }
    }

    /// Ports that are free now.
    ///
    /// They lie below the range the kernel takes for outgoing connections: a port from that range could be lost to some
    /// connection while its node is being restarted.
    pub fn free() -> Self {
        let last = ephemeral_start().saturating_sub(1);
        // A kernel whose range begins low leaves no room below it; then a port of the range is better than none.
        let last = if last > FIRST_FREE_CANDIDATE { last } else { DEFAULT_EPHEMERAL_START - 1 };
        Self::among(Candidates::new(FIRST_FREE_CANDIDATE, last, random()))
    }

    const fn among(candidates: Candidates) -> Self {
        Self { source: Source::Free(candidates), reservations: Vec::new() }
    }

    pub fn next(&mut self, node: &str) -> Result<NodePorts> {
        match &mut self.source {
            Source::Fixed { base, nodes } => {
                let exhausted = || Error::PortsExhausted { base: *base, node: node.to_owned() };
                let ports = fixed_ports(*base, *nodes).ok_or_else(exhausted)?;
                *nodes = nodes.saturating_add(1);
                for (port, purpose) in ports.purposes() {
                    let taken = || Error::PortReserved { port, purpose, node: node.to_owned() };
                    self.reservations.push(Reservation::take(port)?.ok_or_else(taken)?);
                }
                ports.ensure_free(node)?;
                Ok(ports)
            }
            Source::Free(candidates) => {
                let mut one = || {
                    for port in candidates.by_ref() {
                        let Some(reservation) = Reservation::take(port)? else { continue };
                        if probe(port).is_ok() {
                            self.reservations.push(reservation);
                            return Ok(port);
                        }
                    }
                    let (first, last) = (candidates.first, candidates.last);
                    Err(Error::NoFreePort { first, last, node: node.to_owned() })
                };
                Ok(NodePorts { rpc: one()?, p2p: one()?, prometheus: one()? })
            }
        }
    }

    /// Gives all ports back.
    pub fn release(&mut self) {
        self.reservations.clear();
    }
}

/// Keeps other launchers from handing out a port, until it is dropped or the process ends, however that ends.
///
/// It is a name in Linux's abstract socket namespace: there is one for all users of a machine, or of a network namespace,
/// as there is one set of ports; and a name there goes away with its holder. The socket itself serves nothing.
#[derive(Debug)]
struct Reservation {
    _socket: UnixDatagram,
}

impl Reservation {
    /// None when the port is reserved already.
    fn take(port: u16) -> Result<Option<Self>> {
        let name = SocketAddr::from_abstract_name(format!("serin-local-network/port/{port}"));
        match name.and_then(|name| UnixDatagram::bind_addr(&name)) {
            Ok(socket) => Ok(Some(Self { _socket: socket })),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(None),
            Err(error) => Err(Error::io("reserving a port of", "127.0.0.1")(error)),
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
    use std::collections::BTreeSet;

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
    fn two_launchers_never_hand_out_the_same_port() {
        // They look at the same candidates, in the same order, and no node listens yet.
        let at_one_moment = || PortAllocator::among(Candidates::new(FIRST_FREE_CANDIDATE, 20_000, 7));
        let (mut one, mut other) = (at_one_moment(), at_one_moment());
        let mut seen = BTreeSet::new();
        for node in 0..8 {
            for allocator in [&mut one, &mut other] {
                for (port, _) in allocator.next(&node.to_string()).unwrap().purposes() {
                    assert!(seen.insert(port), "{port}");
                }
            }
        }
    }

    #[test]
    fn a_fixed_port_that_another_launcher_has_reserved_is_named_and_comes_back() {
        let mut first = PortAllocator::free();
        let base = first.next("alice").unwrap().p2p;
        let message = PortAllocator::fixed(base).next("bob").unwrap_err().to_string();
        for part in [base.to_string().as_str(), "RPC server of bob", "another local network", "--ports"] {
            assert!(message.contains(part), "{part} in {message}");
        }
        first.release();
        assert!(Reservation::take(base).unwrap().is_some());
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
