// SPDX-License-Identifier: GPL-3.0-only
//! The ports that a node takes by default.

use super::Finding;
use std::{
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
};

const PORTS: &str = "ports";

/// Number, use, and the flag that moves it.
const DEFAULTS: [(u16, &str, &str); 3] =
    [(30333, "peer-to-peer", "--port"), (9944, "JSON-RPC", "--rpc-port"), (9615, "Prometheus", "--prometheus-port")];

pub fn check() -> Vec<Finding> {
    DEFAULTS.into_iter().map(|(port, purpose, flag)| check_port(port, purpose, flag)).collect()
}

/// A warning at most: what holds the port may be the node that is being looked after.
fn check_port(port: u16, purpose: &str, flag: &str) -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Finding::ok(PORTS, format!("{port} ({purpose}) is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Finding::warning(
            PORTS,
            format!("{port} ({purpose}) is in use"),
            format!("nothing if it is this node that runs; else stop the other process or pass {flag}"),
        ),
        Err(error) => Finding::warning(
            PORTS,
            format!("{port} ({purpose}) cannot be listened on: {error}"),
            format!("let the node's user listen on it, or pass {flag}"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Level, *};

    #[test]
    fn port_in_use_is_told_with_its_flag() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let taken = check_port(port, "JSON-RPC", "--rpc-port");
        assert_eq!(taken.level, Level::Warning);
        assert!(taken.fix.is_some_and(|fix| fix.contains("--rpc-port")));
        drop(listener);
        assert_eq!(check_port(port, "JSON-RPC", "--rpc-port").level, Level::Ok);
    }
}
